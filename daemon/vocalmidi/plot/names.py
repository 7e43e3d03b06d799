"""Names that a musician reads: keys, chords, notes, drums.

Comes in: pitch classes, `Chord`, `Key`, MIDI keys. Goes out: text. Spelling is by key signature, flats or sharps for
the whole picture; no double accidentals, no enharmonic choice chord by chord. C4 is middle C, as Reaper shows it.
"""

from vocalmidi.values import Chord, Key

_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_FLATS = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
# Tonics whose key signature has flats on the circle of fifths; a tritone away from C or A minor sharps are taken.
_FLAT_MAJOR = {5, 10, 3, 8, 1}
_FLAT_MINOR = {2, 7, 0, 5, 10, 3}
# Lead-sheet suffixes of the arranger's qualities; the others are written as the arranger calls them.
_SUFFIXES = {
    "maj": "",
    "min": "m",
    "dim": "dim",
    "aug": "+",
    "maj6": "6",
    "min6": "m6",
    "min7": "m7",
    "min9": "m9",
    "hdim7": "m7♭5",
}
# General MIDI 1 percussion map (RP-003), in a drummer's short words.
_DRUMS = (
    "Low kick", "Kick", "Rim", "Snare", "Clap", "E-snare", "Low floor tom", "Hat", "Floor tom", "Pedal hat", "Low tom",
    "Open hat", "Mid tom", "Mid tom 2", "Crash", "High tom", "Ride", "China", "Ride bell", "Tambourine",
    "Splash", "Cowbell", "Crash 2", "Vibraslap", "Ride 2", "High bongo", "Low bongo", "Mute conga", "High conga",
    "Low conga", "Timbale", "Low timbale", "Agogo", "Low agogo", "Cabasa", "Shaker", "Whistle", "Long whistle",
    "Guiro", "Long guiro", "Claves", "Wood block", "Low block", "Mute cuica", "Cuica", "Mute triangle", "Triangle",
)  # fmt: skip
_FIRST_DRUM = 35


def uses_flats(key: Key) -> bool:
    """Return whether the key signature has flats."""
    return key.tonic in (_FLAT_MAJOR if key.mode == "major" else _FLAT_MINOR)


def pitch_class_name(pitch_class: int, *, flats: bool) -> str:
    """Return the name of a pitch class."""
    return (_FLATS if flats else _SHARPS)[pitch_class % 12]


def key_name(key: Key) -> str:
    """Return the name of a key, such as E♭ major."""
    return f"{pitch_class_name(key.tonic, flats=uses_flats(key))} {key.mode}"


def chord_name(chord: Chord, *, flats: bool) -> str:
    """Return a chord's lead-sheet name: C, Am7, D/F♯; a quality without a usual suffix is written as it is called."""
    root = pitch_class_name(chord.root, flats=flats)
    slash = "" if chord.bass == chord.root else f"/{pitch_class_name(chord.bass, flats=flats)}"
    return f"{root}{_SUFFIXES.get(chord.quality, chord.quality)}{slash}"


def note_name(pitch_midi: int, *, flats: bool) -> str:
    """Return a note's name with its octave."""
    return f"{pitch_class_name(pitch_midi, flats=flats)}{pitch_midi // 12 - 1}"


def drum_name(pitch_midi: int) -> str:
    """Return what a drum key sounds like, or its note number where General MIDI has none."""
    row = pitch_midi - _FIRST_DRUM
    return _DRUMS[row] if 0 <= row < len(_DRUMS) else f"Key {pitch_midi}"
