"""Takes that stand alone: tempo, metre and bar line are held against what was written."""

import numpy as np
import pytest

from phrase.sung import JINGLE, RATE_HZ, TWINKLE, beatbox, sing
from vocalmidi.phrase import free_timing, onsets_of
from vocalmidi.units import SampleIndex
from vocalmidi.values import Events, Meter

FOUR, THREE, SIX = Meter(4, 4), Meter(3, 4), Meter(6, 8)

# Old tunes, public domain, as (place, length, key) from a bar line.
AMERICA = [  # 3/4
    *((0, 1, 65), (1, 1, 65), (2, 1, 67), (3, 1.5, 64), (4.5, 0.5, 65), (5, 1, 67)),
    *((6, 1, 69), (7, 1, 69), (8, 1, 70), (9, 1.5, 69), (10.5, 0.5, 67), (11, 1, 65)),
    *((12, 1, 67), (13, 1, 65), (14, 1, 64), (15, 3, 65)),
    *((18, 1, 72), (19, 1, 72), (20, 1, 72), (21, 1.5, 72), (22.5, 0.5, 70), (23, 1, 69)),
]
JIG = (  # the Irish Washerwoman, 6/8 in quavers
    *(71, 67, 67, 62, 67, 67, 71, 67, 71, 74, 72, 71, 72, 69, 69, 64, 69, 69, 72, 69, 72, 76, 74, 72),
    *(71, 67, 67, 62, 67, 67, 71, 67, 71, 74, 72, 71, 72, 71, 72, 69, 74, 72, 71, 67, 67),
)
IRISH = [*((n / 2, 0.5, key) for n, key in enumerate(JIG)), (22.5, 1.5, 67)]
ROCK = [
    (0, "kick"),
    (0.5, "hihat_closed"),
    (1, "snare"),
    (1.5, "hihat_closed"),
    (2, "kick"),
    (2.5, "kick"),
    (3, "snare"),
]


def groove(bars, begin_qn=0.0):
    return [(4 * bar + at, label) for bar in range(bars) for at, label in ROCK if 4 * bar + at >= begin_qn]


def human(count, spread_s=0.02, seed=3):
    return np.random.default_rng(seed).normal(0, spread_s, count).tolist()


def bars_at(timing, time_s):
    return timing.tempo_map.qn_at(time_s) / timing.meter.bar_qn


@pytest.mark.parametrize(("tune", "meter"), [(AMERICA, THREE), (JINGLE, FOUR), (IRISH, SIX)])
@pytest.mark.parametrize("tempo_qpm", [92, 112])
def test_tempo_metre_and_bar_line_of_a_tune_are_found(tune, meter, tempo_qpm):
    tempo_qpm *= 1.5 if meter == SIX else 1.0
    timing = free_timing(onsets_of(sing(tune, tempo_qpm, late_s=human(len(tune)))), None)
    assert timing.meter == meter
    assert timing.alternatives[0].tempo_qpm == pytest.approx(tempo_qpm, rel=0.02)
    assert bars_at(timing, 0.5) == pytest.approx(0, abs=0.03)  # where the tune's first bar began
    assert timing.alternatives[0].probability > 0.5


def test_a_metre_that_is_given_is_kept_and_its_bar_line_found():
    timing = free_timing(onsets_of(sing(AMERICA, 96, late_s=human(len(AMERICA)))), THREE)
    assert timing.meter == THREE
    assert {each.meter for each in timing.alternatives} == {THREE}
    assert bars_at(timing, 0.5) % 1 == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("begin_qn", [0, 1, 3])
def test_a_groove_begins_on_its_bar_line_wherever_the_take_does(begin_qn):
    timing = free_timing(onsets_of(beatbox(groove(6, begin_qn), 96)), None)
    assert timing.meter == FOUR
    line_s = 0.5 + 4 * 60 / 96  # the second bar's kick
    assert (bars_at(timing, line_s) + 0.5) % 1 - 0.5 == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("tempo_qpm", [70, 100, 140])
def test_half_and_double_are_always_offered(tempo_qpm):
    offered = [each.tempo_qpm for each in free_timing(onsets_of(sing(JINGLE, tempo_qpm)), FOUR).alternatives]
    for octave in (0.5, 2):
        assert any(each == pytest.approx(offered[0] * octave, rel=0.04) for each in offered)


def test_the_user_s_tempo_overrides_what_is_heard():
    onsets = onsets_of(sing(JINGLE, 100))
    for wanted in (50, 200):
        timing = free_timing(onsets, FOUR, wanted)
        assert [point.tempo_qpm for point in timing.tempo_map.points] == [pytest.approx(wanted)]
        assert timing.alternatives == ()
        played = [timing.tempo_map.qn_at(time_s) for time_s in onsets.time_s]
        assert np.diff(played) == pytest.approx(np.diff([at for at, _, _ in JINGLE]) * wanted / 100, abs=0.01)


def test_a_metre_beyond_those_told_apart_is_counted_from_its_accents():
    bar = ((0, 1, 67), (1, 0.5, 64), (1.5, 0.5, 65), (2, 1, 67), (3, 1, 72), (4, 1, 71))
    take_five = [(5 * number + at, length, key) for number in range(6) for at, length, key in bar]
    timing = free_timing(onsets_of(sing(take_five, 120)), Meter(5, 4))
    assert timing.meter == Meter(5, 4)
    assert any(each.tempo_qpm == pytest.approx(120, rel=0.02) for each in timing.alternatives)


def test_two_two_is_heard_as_four_four():
    tune = sing(JINGLE, 100, late_s=human(len(JINGLE)))
    cut, common = free_timing(onsets_of(tune), Meter(2, 2)), free_timing(onsets_of(tune), FOUR)
    assert cut.meter == Meter(2, 2)
    assert cut.tempo_map == common.tempo_map


def test_what_is_sung_after_the_first_bars_follows_them():
    tune = [(16 * part + at, length, key) for part in range(12) for at, length, key in TWINKLE]
    timing = free_timing(onsets_of(sing(tune, 100, late_s=human(len(tune)))), FOUR)
    ratio = timing.alternatives[0].tempo_qpm / 100
    assert timing.tempo_map.qn_at(0.5 + 160 * 0.6) - timing.tempo_map.qn_at(0.5) == pytest.approx(160 * ratio, abs=0.1)


def test_one_sound_and_three_are_timed_too():
    for labels in (["kick"], ["kick", "snare", "kick"]):
        events = beatbox([(n, label) for n, label in enumerate(labels)], 100)
        timing = free_timing(onsets_of(events), None)
        assert timing.meter == FOUR
        assert timing.tempo_map.qn_at(0.5) == pytest.approx(0, abs=0.1)


def test_notes_and_hits_of_one_take_make_one_time():
    sung, struck = sing(JINGLE, 104), beatbox(groove(8), 104)
    both = Events(SampleIndex(0), SampleIndex(30 * RATE_HZ), RATE_HZ, sung.notes, struck.hits)
    timing = free_timing(onsets_of(both), None)
    assert timing.meter == FOUR
    assert timing.alternatives[0].tempo_qpm == pytest.approx(104, rel=0.01)
    assert bars_at(timing, 0.5) == pytest.approx(0, abs=0.02)
