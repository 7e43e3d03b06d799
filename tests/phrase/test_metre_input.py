"""What the metre network sees is what it is meant to see, and nothing that should not matter."""

from dataclasses import replace

import numpy as np
import pytest

from phrase.sung import TWINKLE, beatbox, sing
from vocalmidi.phrase.metre_input import FEATURES, interval_class, metre_rows
from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.onsets import onsets_of
from vocalmidi.phrase.rhythms import SIMPLE, TICKS

TICKS_SUNG = np.array([12 * at for at, _, _ in TWINKLE])


def rows(events, ticks=TICKS_SUNG):
    return metre_rows(Moments.of(onsets_of(events)), ticks, SIMPLE)


def test_a_row_a_moment():
    seen = rows(sing(TWINKLE))
    assert seen.shape == (len(TWINKLE), FEATURES)
    assert seen.dtype == np.float32


def test_register_tempo_and_when_a_take_began_don_t_matter():
    higher = [(at, length, key + 5) for at, length, key in TWINKLE]
    assert rows(sing(higher, 80, begin_s=3.0)) == pytest.approx(rows(sing(TWINKLE, 80)), abs=0.01)
    sounding = rows(sing(TWINKLE, 160)) - rows(sing(TWINKLE, 80))
    assert np.abs(sounding).max(axis=0).astype(bool).sum() <= 1  # only how much of each note sounds


def test_bars_that_are_counted_a_beat_later_look_the_same():
    assert (rows(sing(TWINKLE), TICKS_SUNG + TICKS) == rows(sing(TWINKLE))).all()


def test_repetition_is_seen_at_its_distance():
    events = beatbox([(n, "kick" if n % 4 == 0 else "snare") for n in range(16)])
    seen = rows(events, TICKS * np.arange(16))
    four_beats, three_beats = ((seen == value).all(axis=0) for value in (1.0, 0.0))
    assert four_beats.any()
    assert three_beats.any()
    changed = beatbox([(n, "kick" if n % 3 == 0 else "snare") for n in range(16)])
    assert (rows(changed, TICKS * np.arange(16)) != seen).any()


def test_intervals_have_a_class_for_direction_and_size():
    classes = interval_class(np.array([0, 1, 2, -2, 3, -4, 7, -7, 12, -12]))
    assert len(set(classes.tolist())) == 9
    assert classes[1] == classes[2]


def test_sounds_of_one_moment_are_one():
    both = replace(sing(TWINKLE), hits=beatbox([(at, "kick") for at, _, _ in TWINKLE[:3]]).hits)
    moments = Moments.of(onsets_of(both))
    assert len(moments.time_s) == len(TWINKLE)
    assert moments.drums[:, 0].tolist() == [1, 1, 1, *[0] * (len(TWINKLE) - 3)]
    assert not moments.is_hit.any()
    assert moments.pitch_midi.tolist() == pytest.approx([key for _, _, key in TWINKLE])
