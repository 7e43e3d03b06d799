"""Strokes against chords: who is a little early or late at a change plays the one chord or the other, not both."""

from vocalmidi.arrange.strokes import Stroke
from vocalmidi.arrange.timeline import split_at_chords
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord

CHORDS = (
    Chord(QuarterNotes(0), QuarterNotes(4), 0, "maj", 0),
    Chord(QuarterNotes(4), QuarterNotes(4), 7, "maj", 7),
)


def split(*spans):
    strokes = [Stroke(start, stop, "x", 0.25) for start, stop in spans]
    return [(piece.start_qn, piece.stop_qn, index) for piece, index in split_at_chords(strokes, CHORDS)]


def test_a_stroke_held_over_a_change_is_struck_again_on_the_new_chord():
    assert split((3, 6)) == [(3, 4, 0), (4, 6, 1)]


def test_a_stroke_played_a_little_before_a_change_is_on_the_new_chord_alone():
    assert split((3.0, 3.99), (3.99, 5.0)) == [(3.0, 3.99, 0), (3.99, 5.0, 1)]


def test_a_stroke_that_lasts_a_little_past_a_change_is_not_struck_anew():
    assert split((3.0, 4.01), (4.01, 5.0)) == [(3.0, 4.01, 0), (4.01, 5.0, 1)]


def test_the_sixteenth_before_a_change_is_still_on_the_old_chord():
    assert split((3.75, 4.0), (4.0, 5.0)) == [(3.75, 4.0, 0), (4.0, 5.0, 1)]
