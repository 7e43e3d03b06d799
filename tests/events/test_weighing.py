"""Notes and hits of one take against each other."""

from dataclasses import replace

import numpy as np
import pytest

from events.scores import HOP, frames_of, held, melody, pitches, rest
from vocalmidi.events import transcribe
from vocalmidi.values import HitLabel

KICK, SNARE, HAT = HitLabel.KICK, HitLabel.SNARE, HitLabel.HIHAT_CLOSED


def drummed(places_and_labels, frames=500, level_db=-12.0):
    level = np.full(frames, -70.0)
    for place, _ in places_and_labels:
        level[int(place) : int(place) + 8] = level_db
    return replace(frames_of(np.full(frames, np.nan), hits=places_and_labels), level_db=level)


def test_a_beat_is_heard_hit_by_hit():
    pattern = [(50, KICK), (112.5, HAT), (175.25, SNARE), (237, HAT), (300, KICK)]
    events = transcribe(drummed(pattern))
    assert [hit.label for hit in events.hits] == [label for _, label in pattern]
    assert [hit.onset for hit in events.hits] == pytest.approx([place * HOP for place, _ in pattern], abs=32)
    assert events.notes == ()


def test_two_hits_40_ms_apart_are_two_and_nearer_is_one():
    assert len(transcribe(drummed([(100, KICK), (104, SNARE)])).hits) == 2
    assert len(transcribe(drummed([(100, KICK), (102, SNARE)])).hits) == 1


def test_a_burst_before_a_vowel_is_its_consonant():
    tune = melody(rest(0.4), held(60, 0.5), rest(0.3), held(62, 0.5), rest(0.3))
    frames = frames_of(tune, hits=[(31, HAT), (112, SNARE)])
    events = transcribe(frames)
    assert pitches(events) == [60, 62]
    assert events.hits == ()


def test_a_breath_far_below_the_voice_is_no_hit():
    tune = melody(rest(0.4), held(60, 0.5), rest(0.8), held(62, 0.5), rest(0.8))
    level = np.where(np.isfinite(tune), -15.0, -50.0)
    assert transcribe(frames_of(tune, level_db=level, hits=[(115, HAT)])).hits == ()


def test_a_hit_on_a_hum_stands_beside_the_note():
    frames = frames_of(melody(rest(0.2), held(50, 3.0)), hits=[(100, KICK), (200, KICK)], level_db=-15.0)
    events = transcribe(frames)
    assert pitches(events) == [50]
    assert len(events.hits) == 2


def test_the_ring_of_a_drum_is_no_note():
    parts = [part for _ in range(6) for part in (rest(0.3), held(43, 0.1))]
    hits = [(30 + 40 * i, KICK) for i in range(6)]
    events = transcribe(frames_of(melody(*parts, rest(0.3)), hits=hits))
    assert events.notes == ()
    assert len(events.hits) == 6


def test_silence_has_nothing():
    events = transcribe(frames_of(rest(2.0)))
    assert (events.notes, events.hits) == ((), ())
