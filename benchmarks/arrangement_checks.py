"""What is wrong with an arrangement, in words: the checks that every genre, mood and seed must pass.

In: arrangements. Out: faults, none where all is well; how alike two parts are. Knows nothing of how they were made:
ranges are written down here, from Adler 2016 (The Study of Orchestration) and the makers' pages of electric pianos.
"""

from collections.abc import Iterable

from vocalmidi.values import PART_NAMES, Arrangement, Note, Part, PartName

TINY_QN = 1e-6
TICK_QN = 1 / 960
RANGES = (
    (range(4), 21, 108),  # pianos: 88 keys
    (range(4, 6), 21, 108),  # electric pianos of 88 keys
    (range(8, 11), 48, 108),  # celesta, glockenspiel, music box
    (range(11, 12), 53, 89),  # vibraphone
    (range(12, 13), 45, 96),  # marimba
    (range(24, 32), 40, 88),  # guitars: E2 to E6
    (range(32, 38), 28, 67),  # basses: E1 to G4
    (range(38, 40), 24, 72),  # synth basses: what a bass synthesizer is for
    (range(40, 41), 55, 103),
    (range(41, 42), 48, 93),
    (range(42, 43), 36, 76),
    (range(43, 44), 28, 67),
    (range(44, 52), 28, 103),  # string sections
    (range(56, 64), 28, 86),  # brass
    (range(80, 104), 24, 108),  # synth leads and pads
)
"""Programs, lowest and highest key. The melody is left out: it is in the singer's own octave."""
DRUM_RANGE = (35, 81)
"""The General MIDI percussion map."""
MOST_VOICES = 8
"""Notes of the chords part at once."""
Place = tuple[float, int]


def faults(made: Arrangement) -> list[str]:
    """Return everything that is wrong with an arrangement of four parts."""
    found = [fault for part in made.parts for fault in _part_faults(part, made)]
    if [part.name for part in made.parts] != list(PART_NAMES):
        found.append(f"parts are {', '.join(part.name for part in made.parts)}")
    found += _chord_faults(made)
    return [f"{made.genre}, seed {made.seed}: {fault}" for fault in found]


def _part_faults(part: Part, made: Arrangement) -> Iterable[str]:
    if not part.notes:
        yield f"{part.name} is empty"
        return
    low, high = DRUM_RANGE if part.name is PartName.DRUMS else _range_of(part)
    until = dict[int, float]()
    for note in part.notes:
        stop_qn = note.start_qn + note.length_qn
        if note.start_qn < 0 or stop_qn > made.length_qn + TINY_QN:
            yield f"{part.name} {note.start_qn:g}–{stop_qn:g} lies outside 0–{made.length_qn:g}"
        if note.start_qn < until.get(note.pitch_midi, 0.0) - TINY_QN:
            yield f"{part.name} sounds key {note.pitch_midi} twice at {note.start_qn:g}"
        if not low <= note.pitch_midi <= high:
            yield f"{part.name} (program {part.program}) has no key {note.pitch_midi}"
        if note.length_qn < TICK_QN - TINY_QN:
            yield f"{part.name} has a note shorter than a tick at {note.start_qn:g}"
        until[note.pitch_midi] = stop_qn
    if part.name is not PartName.MELODY and max(until.values()) <= made.length_qn - made.meter.bar_qn:
        yield f"{part.name} is silent in the last bar"
    if part.name is PartName.BASS and _most_at_once(part.notes) > 1:
        yield "bass sounds two notes at once"
    if part.name is PartName.CHORDS and _most_at_once(part.notes) > MOST_VOICES:
        yield f"chords sound {_most_at_once(part.notes)} notes at once"


def _range_of(part: Part) -> tuple[int, int]:
    if part.name is PartName.MELODY:
        return 0, 127
    for programs, low, high in RANGES:
        if part.program in programs:
            return low, high
    return 128, 128  # a sound whose range nobody has written down is a fault of its own


def _most_at_once(notes: tuple[Note, ...]) -> int:
    changes = [(note.start_qn + TINY_QN, 1) for note in notes]
    changes += [(note.start_qn + note.length_qn, -1) for note in notes]
    sounding = most = 0
    for _, change in sorted(changes):
        sounding += change
        most = max(most, sounding)
    return most


def _chord_faults(made: Arrangement) -> Iterable[str]:
    at_qn = 0.0
    for chord in made.chords:
        if abs(chord.start_qn - at_qn) > TINY_QN:
            yield f"chords leave {at_qn:g}–{chord.start_qn:g} open or covered twice"
        at_qn = chord.start_qn + chord.length_qn
    if made.chords and abs(at_qn - made.length_qn) > TINY_QN:
        yield f"chords end at {at_qn:g} of {made.length_qn:g}"


def places(made: Arrangement, name: PartName) -> frozenset[Place]:
    """Return where a part strikes what, in twelfths of a quarter note: played early or late it is the same note."""
    return frozenset(
        (round(note.start_qn * 12) / 12, note.pitch_midi)
        for part in made.parts
        if part.name is name
        for note in part.notes
    )


def likeness(one: frozenset[Place], other: frozenset[Place]) -> float:
    """Return the share of strokes that two parts have in common, of all that either has (Jaccard)."""
    return len(one & other) / max(1, len(one | other))
