"""Claps to the click find what the drivers don't say; claps that can't are refused in words."""

import numpy as np
import pytest

from synth import room_noise
from transport.rig import STEADY, clock_of, grid_of, sing_on_beats
from transport.simulated_reaper import Act, SimulatedReaper, Studio
from vocalmidi.errors import TransportError
from vocalmidi.transport import calibrate, find_claps
from vocalmidi.values import AudioBlock

RATE = 48_000
LATE = Studio(input_error_s=0.018, output_error_s=0.025, play_block_s=1024 / 48_000, bridge_hiccup_share=0.05)
BEATS_S = tuple(np.arange(0.0, 100.0, 0.5))


def session(studio=LATE, seed=1, grids=(STEADY,)):
    reaper = SimulatedReaper(studio, [Act(1.0, "play")], 30.0, seed)
    return reaper, clock_of(reaper, grids)


def claps_of(reaper, unsteady_s, seed=1, share=1.0):
    rng = np.random.default_rng(seed)
    moments = [at_s for beat_s in BEATS_S for at_s in reaper.moments(beat_s) if rng.random() < share]
    return [reaper.sample_sung_at(at_s + rng.normal(0.0, unsteady_s)) for at_s in moments]


def pieces_of(reaper, clock):
    return clock.pieces(0, int(29.5 * reaper.studio.sample_rate_hz))


@pytest.mark.parametrize("ppm", [-200.0, 0.0, 200.0])
def test_after_the_loudspeakers_click_was_heard_a_note_on_the_beat_is_written_within_3_ms_of_it(ppm):
    studio = Studio(44_100, ppm, -ppm, 0.018, 0.025, play_block_s=1024 / 44_100, bridge_hiccup_share=0.05)
    reaper, clock = session(studio)
    shift_s = calibrate(claps_of(reaper, 0.0002), pieces_of(reaper, clock)).shift_s
    assert shift_s == pytest.approx(0.043, abs=0.002)
    other = SimulatedReaper(studio, [Act(2.0, "seek", 10.0), Act(3.0, "play"), Act(20.0, "rate", 0.75)], 40.0, 7)
    written = sing_on_beats(other, clock_of(other, shift_s=shift_s), BEATS_S)
    assert len(written.errors_s) > 60
    assert written.worst_ms <= 3.0


def test_claps_find_it_to_their_own_standard_error():
    reaper, clock = session()
    pieces = pieces_of(reaper, clock)
    found = [calibrate(claps_of(reaper, 0.007, seed), pieces) for seed in range(20)]
    errors = np.array([one.shift_s - 0.043 for one in found])
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(np.mean([one.sure_s for one in found]), rel=0.5)
    assert max(abs(errors)) < 0.003
    assert {one.claps for one in found} == {57}


def test_wild_claps_among_many_do_no_harm():
    reaper, clock = session()
    claps = claps_of(reaper, 0.005)
    rng = np.random.default_rng(5)
    wild = [clap + RATE * rng.uniform(-0.2, 0.2) for clap in claps[::6]]
    assert calibrate([*claps, *wild], pieces_of(reaper, clock)).shift_s == pytest.approx(0.043, abs=0.004)


def test_a_calibration_made_over_another_adds_up():
    reaper = SimulatedReaper(LATE, [Act(1.0, "play")], 30.0)
    clock = clock_of(reaper, shift_s=0.04)
    found = calibrate(claps_of(reaper, 0.0002), pieces_of(reaper, clock), applied_s=0.04)
    assert found.shift_s == pytest.approx(0.043, abs=0.002)


def test_every_click_counts_in_six_eight_and_after_a_change_of_tempo():
    grid = grid_of((0.0, 60.0), (10.0, 80.0), meters=((0.0, 6, 8), (12.0, 3, 4)))
    reaper, clock = session(grids=(grid,))
    clicks = [grid.tempo_map.time_at(qn) for qn in [*np.arange(0, 12, 0.5), *np.arange(12, 30, 1.0)]]
    claps = [reaper.sample_sung_at(at_s) for click_s in clicks for at_s in reaper.moments(click_s)]
    found = calibrate(claps, pieces_of(reaper, clock))
    assert found.shift_s == pytest.approx(0.043, abs=0.002)
    assert found.sure_s < 0.0005


@pytest.mark.parametrize(
    ("count", "unsteady_s", "says"),
    [
        (0, 0.01, "0 claps were heard"),
        (5, 0.01, "5 claps were heard while the project played, 8 at least"),
        (50, 0.08, "scatter by .* hold the microphone to the loudspeaker"),
        (9, 0.02, r"9 claps that scatter .* for 3 ms clap [1-9][0-9]+ times"),
    ],
)
def test_claps_that_do_not_tell_are_refused_in_words(count, unsteady_s, says):
    reaper, clock = session()
    with pytest.raises(TransportError, match=says):
        calibrate(claps_of(reaper, unsteady_s)[:count], pieces_of(reaper, clock))


def test_a_transport_that_does_not_play_and_a_click_too_fast_are_refused_in_words():
    reaper, clock = session()
    with pytest.raises(TransportError, match=r"did not play.*metronome on"):
        calibrate(claps_of(reaper, 0.01), [])
    fast, clock = session(grids=(grid_of((0.0, 300.0)),))
    with pytest.raises(TransportError, match=r"every 0\.20 s, which is too fast"):
        calibrate(claps_of(fast, 0.001), pieces_of(fast, clock))


def clap(rng, level, length_s=0.06):
    """A burst of noise that rises at once and dies away like a room."""
    samples = int(length_s * RATE)
    return level * rng.normal(size=samples) * np.exp(-np.arange(samples) / (0.008 * RATE))


def test_claps_are_found_to_half_a_millisecond_whatever_their_loudness():
    rng = np.random.default_rng(3)
    sound = room_noise(20.0, RATE, level_db=-60.0, seed=4).astype(np.float64)
    places = [int(RATE * (0.5 + 0.48 * number + rng.uniform(-0.02, 0.02))) for number in range(40)]
    for place in places:
        burst = clap(rng, rng.uniform(0.05, 0.25))
        sound[place : place + len(burst)] += burst
    found = find_claps(AudioBlock(1000, RATE, sound.astype(np.float32)))
    assert len(found) == len(places)
    assert np.abs(np.array(found) - 1000 - places).max() <= 0.0005 * RATE


def test_a_sung_note_and_silence_are_no_claps():
    at = np.arange(3 * RATE) / RATE
    note = 0.3 * np.sin(2 * np.pi * 220 * at) * np.clip(at / 0.03, 0, 1)
    assert find_claps(AudioBlock(0, RATE, note.astype(np.float32))) == ()
    assert find_claps(AudioBlock(0, RATE, np.zeros(RATE, np.float32))) == ()
    assert find_claps(AudioBlock(0, RATE, np.zeros(10, np.float32))) == ()
