"""Notes sung on the beat of a simulated Reaper are written on it, whatever its transport, clocks and computer do."""

import numpy as np
import pytest

from transport.rig import STEADY, clock_of, grid_of, report_of, sing_on_beats
from transport.simulated_reaper import HOST_EPOCH_S, WALL_EPOCH_S, Act, SimulatedReaper, Studio
from vocalmidi.errors import TransportError
from vocalmidi.transport import Began, ProjectClock

BEATS_S = tuple(np.arange(0.0, 200.0, 0.5))
MARKERS = grid_of(*((0.08 * at, 90.0 + at * 7 % 61) for at in range(500)))
CHANGED = grid_of((0.0, 120.0), (10.0, 90.0), (20.0, 140.0), meters=((0.0, 4, 4), (20.0, 3, 4), (35.0, 6, 8)))
PLAY = (1.0, "play")
SCRIPTS = {
    "plays": [PLAY],
    "records": [(1.0, "record")],
    "loops": [(0.5, "loop", (2.0, 6.0)), PLAY],
    "loops one beat": [(0.5, "loop", (2.0, 2.5)), PLAY],
    "is made to loop and let go": [PLAY, (9.0, "loop", (7.0, 11.0)), (21.4, "loop", (7.0, 9.0)), (29.0, "loop", None)],
    "counts in": [(0.5, "loop", (0.0, 2.0)), (1.0, "count_in", 7.0)],
    "changes its play rate": [PLAY, (10.0, "rate", 0.75), (20.3, "rate", 1.25), (25.0, "rate", 1.26)],
    "is sent elsewhere": [PLAY, (10.1, "seek", 4.0), (20.5, "seek", 30.25), (25.0, "leap", 50.7), (30.0, "leap", 30.1)],
    "pauses": [PLAY, (10.0, "pause"), (12.02, "play")],
    "stops and starts": [PLAY, (10.0, "stop"), (15.0, "play"), (20.0, "stop"), (20.1, "seek", 8.0), (23.0, "play")],
    "changes tempo and metre": [PLAY, (15.0, "grid", 1)],
    "has 500 tempo markers": [(0.5, "grid", 2), PLAY],
    "gives way to another project": [PLAY, (15.0, "project", "other"), (15.001, "seek", 3.0)],
    "shows a dialog": [PLAY, (15.0, "dialog", 6.0)],
    "stands still for moments": [PLAY, (10.0, "stall", 0.1), (25.0, "stall", 0.03)],
    "loses input": [PLAY, (15.0, "lose_input", 0.1), (25.0, "lose_input", 0.02)],
}
STUDIOS = {
    "48 kHz": Studio(),
    "44.1 kHz": Studio(sample_rate_hz=44_100, play_block_s=1024 / 44_100),
    "drifting apart": Studio(input_ppm=200.0, output_ppm=-200.0),
    "drifting together": Studio(input_ppm=-200.0, output_ppm=200.0, play_block_s=2048 / 44_100),
    "hiccups": Studio(bridge_hiccup_share=0.1, stamp_hiccup_share=0.03, device_hiccup_share=0.003),
    "latency unsaid": Studio(input_error_s=0.004, output_error_s=0.003),
    "long latency": Studio(output_latency_s=0.18),
    "few reports": Studio(told_s=0.25),
    "wall clock": Studio(stamp="wall"),
    "foreign clock": Studio(stamp="foreign"),
}
ILL = Studio(
    44_100, 200.0, -200.0, 0.003, 0.003,
    play_block_s=1024 / 44_100, bridge_hiccup_share=0.05, stamp_hiccup_share=0.03, device_hiccup_share=0.003,
)  # fmt: skip
"""Everything at once."""


def reaper_of(script, studio, length_s=40.0, seed=1):
    return SimulatedReaper(studio, [Act(*act) for act in script], length_s, seed)


def assert_on_the_beat(reaper, grids=(STEADY, CHANGED, MARKERS)):
    written = sing_on_beats(reaper, clock_of(reaper, grids), BEATS_S)
    assert len(written.errors_s) > 40
    assert written.missing == 0
    assert written.worst_ms <= 10.0


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_whatever_the_transport_does_a_note_on_the_beat_is_written_within_10_ms_of_it(script):
    assert_on_the_beat(reaper_of(script, ILL))


@pytest.mark.parametrize("studio", STUDIOS.values(), ids=STUDIOS)
def test_whatever_the_machine_does_a_note_on_the_beat_is_written_within_10_ms_of_it(studio):
    assert_on_the_beat(reaper_of([(0.5, "loop", (2.0, 6.0)), PLAY, (20.0, "rate", 0.75)], studio))


def test_nothing_seen_is_said():
    clock = ProjectClock(48_000)
    with pytest.raises(TransportError, match="microphone"):
        clock.pieces(0, 48_000)
    clock.heard(0, 5000.0)
    with pytest.raises(TransportError, match="transport stands"):
        clock.pieces(0, 48_000)


def test_a_jump_in_mid_phrase_is_said_with_its_time_and_place():
    reaper = reaper_of([PLAY, (10.1, "seek", 4.0)], Studio())
    clock = clock_of(reaper)
    with pytest.raises(TransportError, match=r"jumped 2\.1 s into the phrase, from 9\.1 s to 4\.0 s of the project"):
        clock.piece(8 * 48_000, 13 * 48_000)
    assert [piece.began for piece in clock.pieces(8 * 48_000, 13 * 48_000)] == [Began.PLAY, Began.SEEK]
    assert clock.piece(11 * 48_000, 13 * 48_000).began is Began.SEEK


def test_where_reaper_fell_silent_nothing_is_claimed():
    reaper = reaper_of([PLAY], Studio())
    clock = clock_of(reaper, until_s=20.0)
    for sample, host_s in reaper.sightings():
        if host_s > 5020.0:
            clock.heard(sample, host_s)
    [piece] = clock.pieces(0, 39 * 48_000)
    assert 20 * 48_000 <= piece.stop <= 23 * 48_000
    with pytest.raises(TransportError, match=r"stopped .* s into the phrase"):
        clock.piece(15 * 48_000, 30 * 48_000)
    assert clock.pieces(30 * 48_000, 35 * 48_000) == ()


@pytest.mark.parametrize("seed", range(2, 8))
def test_neither_luck_nor_its_lack_matters(seed):
    assert_on_the_beat(reaper_of(SCRIPTS["is sent elsewhere"], ILL, seed=seed))
    assert_on_the_beat(reaper_of(SCRIPTS["stands still for moments"], ILL, seed=seed))


def test_what_is_forgotten_is_a_run_and_the_rest_stays_exact():
    reaper = reaper_of([PLAY, (10.0, "stop"), (15.0, "play")], Studio(), length_s=40.0)
    clock = ProjectClock(48_000, keep_s=12.0)
    for sample, host_s in reaper.sightings():
        clock.heard(sample, host_s)
    for saw in reaper.reports():
        clock.reported(report_of(saw), HOST_EPOCH_S + saw.read_s, WALL_EPOCH_S + saw.read_s)
    assert clock.pieces(0, 9 * 48_000) == ()
    [piece] = clock.pieces(30 * 48_000, 38 * 48_000)
    assert piece.project_s(reaper.sample_sung_at(35.0)) == pytest.approx(reaper.heard_s(35.0), abs=0.001)
