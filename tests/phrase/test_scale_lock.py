from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.phrase import ScaleLock, locked
from vocalmidi.units import Cents, QuarterNotes
from vocalmidi.values import BendPointQn, HitLabel, Key, Meter, Phrase, PhraseHit, PhraseNote, TempoMap

KEYS_BY_NAME = {
    "diatonic": ("C D E F G A B", "C D D# F G G# A#"),
    "harmonic": ("C D E F G G# B", "C D D# F G G# B"),
    "pentatonic": ("C D E G A", "C D# F G A#"),
    "blues": ("C D D# E G A", "C D# F F# G A#"),
    "dorian": ("C D D# F G A A#", "C D D# F G A A#"),
    "mixolydian": ("C D E F G A A#", "C D E F G A A#"),
}
"""The tones on C as a book of scales writes them, in major and in minor."""
NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


def tune(*pitches, tonic=0, mode="major"):
    notes = tuple(
        PhraseNote(
            QuarterNotes(n), QuarterNotes(0.9), QuarterNotes(n + 0.02), QuarterNotes(0.8), pitch, 80, 0.9,
            (BendPointQn(QuarterNotes(0.1), Cents(20.0)),),
        )
        for n, pitch in enumerate(pitches)
    )  # fmt: skip
    hits = (PhraseHit(QuarterNotes(0), QuarterNotes(0), HitLabel.KICK, 100, 0.9),)
    length = QuarterNotes(4.0 * (len(pitches) // 4 + 1))
    return Phrase(notes, hits, Key(tonic, mode, 0.8), Meter(), TempoMap.constant(100.0), length)


def pitches(phrase):
    return [note.pitch_midi for note in phrase.notes]


@given(
    st.lists(st.integers(0, 127), max_size=20), st.sampled_from(list(ScaleLock)), st.integers(0, 11),
    st.sampled_from(["major", "minor"]),
)  # fmt: skip
def test_every_note_is_on_the_nearest_tone_of_the_scale(sung, scale, tonic, mode):
    phrase = tune(*sung, tonic=tonic, mode=mode)
    if scale is ScaleLock.OFF:
        tones = set(range(12))
    else:
        tones = {(NAMES.index(n) + tonic) % 12 for n in KEYS_BY_NAME[scale.value][mode == "minor"].split()}
    for was, now in zip(sung, pitches(locked(phrase, scale)), strict=True):
        assert now % 12 in tones
        assert abs(now - was) == min(abs(p - was) for p in range(128) if p % 12 in tones)


@given(st.lists(st.integers(40, 80), max_size=12), st.sampled_from(list(ScaleLock)))
def test_a_lens_changes_pitches_alone_and_not_twice(sung, scale):
    phrase = tune(*sung)
    through = locked(phrase, scale)
    assert locked(through, scale) == through
    assert replace(through, notes=()) == replace(phrase, notes=())
    for was, now in zip(phrase.notes, through.notes, strict=True):
        assert replace(now, pitch_midi=was.pitch_midi) == was


def test_taken_off_the_lens_leaves_what_was_sung():
    phrase = tune(60, 61, 66, 63)
    locked(phrase, ScaleLock.PENTATONIC)
    assert pitches(phrase) == [60, 61, 66, 63]
    assert locked(phrase, ScaleLock.OFF) is phrase


@pytest.mark.parametrize(
    ("sung", "written"),
    [
        ((60, 61, 62), (60, 60, 62)),  # half-way between two it equals one neighbour anyhow: the tonic is stronger
        ((62, 63, 65), (62, 64, 65)),  # going up it stays above the note before
        ((65, 63, 62), (65, 64, 62)),  # and going down below it
        ((67, 66, 67), (67, 65, 67)),  # a neighbour note below stays one
        ((60, 58, 60), (60, 57, 60)),
    ],
)
def test_a_note_between_two_tones_keeps_the_ups_and_downs(sung, written):
    assert tuple(pitches(locked(tune(*sung), ScaleLock.DIATONIC))) == written


def test_the_blue_note_stays_in_the_blues_and_goes_in_the_pentatonic():
    phrase = tune(57, 63, 64, 57, tonic=9, mode="minor")
    assert pitches(locked(phrase, ScaleLock.BLUES)) == [57, 63, 64, 57]
    assert 63 not in pitches(locked(phrase, ScaleLock.PENTATONIC))
