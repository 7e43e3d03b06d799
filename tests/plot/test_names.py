import pytest

from vocalmidi.plot.names import chord_name, drum_name, key_name, note_name, uses_flats
from vocalmidi.values import Chord, Key


@pytest.mark.parametrize(
    ("root", "quality", "bass", "name"),
    [
        (0, "maj", 0, "C"),
        (9, "min7", 9, "Am7"),
        (2, "maj", 6, "D/F♯"),
        (7, "7", 7, "G7"),
        (5, "maj7", 5, "Fmaj7"),
        (11, "hdim7", 11, "Bm7♭5"),
        (4, "sus4", 4, "Esus4"),
        (0, "add9", 4, "Cadd9/E"),
        (8, "aug", 8, "G♯+"),
        (0, "5", 0, "C5"),
        (2, "min9", 2, "Dm9"),
        (0, "13sus", 0, "C13sus"),
    ],
)
def test_chords_read_as_on_a_lead_sheet(root, quality, bass, name):
    assert chord_name(Chord(0.0, 4.0, root, quality, bass), flats=False) == name


@pytest.mark.parametrize(
    ("tonic", "mode", "name"),
    [(0, "major", "C major"), (3, "major", "E♭ major"), (6, "major", "F♯ major"), (9, "minor", "A minor"),
     (10, "minor", "B♭ minor"), (1, "minor", "C♯ minor"), (8, "minor", "G♯ minor"), (3, "minor", "E♭ minor")],
)  # fmt: skip
def test_keys_are_spelt_as_their_signatures(tonic, mode, name):
    assert key_name(Key(tonic, mode, 1.0)) == name


def test_relative_keys_share_their_accidentals():
    for tonic in range(12):
        if tonic != 6:  # F sharp major has six sharps, E flat minor six flats: both are usual
            relative = Key((tonic + 9) % 12, "minor", 1.0)
            assert uses_flats(Key(tonic, "major", 1.0)) == uses_flats(relative)


def test_notes_count_octaves_from_c():
    assert note_name(60, flats=False) == "C4"
    assert note_name(59, flats=False) == "B3"
    assert note_name(70, flats=True) == "B♭4"
    assert note_name(0, flats=True) == "C-1"


def test_drums_have_their_general_midi_names():
    keys = (34, 35, 36, 38, 42, 46, 49, 51, 56, 64, 70, 75, 81, 82)
    assert [drum_name(key) for key in keys] == [
        "Key 34", "Low kick", "Kick", "Snare", "Hat", "Open hat", "Crash", "Ride", "Cowbell", "Low conga", "Shaker",
        "Claves", "Triangle", "Key 82",
    ]  # fmt: skip
