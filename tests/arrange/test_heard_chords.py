"""What a user writes into the chords is heard as the chord that it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange import chords_heard
from vocalmidi.values import Chord, Note

# Spelled out by hand, not taken from the table under test.
TONES = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "dim": (0, 3, 6),
    "sus4": (0, 5, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "hdim7": (0, 3, 6, 10),
}
BEFORE = Chord(0.0, 4.0, 1, "maj", 1)


def struck(root, quality, start=0.0, length=4.0):
    return [Note(start, length, 48 + root + interval, 80) for interval in TONES[quality]]


@given(root=st.integers(0, 11), quality=st.sampled_from(sorted(TONES)))
def test_a_chord_in_root_position_is_heard_as_itself(root, quality):
    (heard,) = chords_heard(struck(root, quality), (BEFORE,))
    assert (heard.root, heard.bass) == (root, root)
    assert heard.quality == quality


def test_each_span_is_heard_by_itself_and_a_bass_note_makes_an_inversion():
    chords = (Chord(0.0, 4.0, 0, "maj", 0), Chord(4.0, 4.0, 7, "maj", 7))
    notes = [*struck(9, "min", 0.0), Note(0.0, 4.0, 36, 80), *struck(7, "maj", 4.0)]
    heard = chords_heard(notes, chords)
    assert (heard[0].root, heard[0].quality, heard[0].bass) == (9, "min", 0)
    assert heard[1] == chords[1]


@pytest.mark.parametrize("notes", [[], [Note(0.0, 4.0, 61, 80)], [Note(9.0, 1.0, 60, 80)]])
def test_a_span_in_which_little_or_nothing_sounds_keeps_its_chord(notes):
    assert chords_heard(notes, (BEFORE,)) == (BEFORE,)


def test_a_cluster_is_no_chord():
    notes = [Note(0.0, 4.0, pitch, 80) for pitch in range(60, 72)]
    assert chords_heard(notes, (BEFORE,)) == (BEFORE,)
