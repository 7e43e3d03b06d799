"""What our .mid files say of themselves in text events, so that they can be gone on from; any other program skips it.

In the conductor track: `vocalmidi music {JSON}`, the settings that made it, which this room does not understand; and
`vocalmidi chord A:min7/E` (or `N`) where each chord begins (Harte et al. 2005). In each part's track: `vocalmidi part
CRC ORIGINS`: a checksum of its notes, by which an edit is known, and runs of where they come from, such as
`sung*3,rules*8`, in the order of start, then pitch. `vocalmidi curves mpe cc11` says what carries the curves of its
notes, where that is not the wheel alone. Pure: values in, text out, and back.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from vocalmidi.units import QuarterNotes
from vocalmidi.values import PLAIN_EXPRESSION, Chord, Expression, Origin

MUSIC, CHORD, PART, CURVES = "vocalmidi music ", "vocalmidi chord ", "vocalmidi part ", "vocalmidi curves "
NO_CHORD = "N"
_ROOTS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_CHORD = re.compile(r"([A-G]b?):([!-.0-~]+)/([A-G]b?)")
_PART = re.compile(r"([0-9a-f]{8})(?: (\S+))?")
_RUN = re.compile(r"([a-z]+)\*([0-9]{1,6})")


class TickNote(NamedTuple):
    """A note of a file: ticks of ours, whatever the file counts in."""

    start: int
    pitch_midi: int
    stop: int
    velocity: int


def part_remark(notes: Sequence[tuple[TickNote, Origin]]) -> str:
    """Return what a track says of its notes."""
    ordered = sorted(notes, key=lambda each: each[0])
    runs = [f"{origin}*{len(list(run))}" for origin, run in groupby(origin for _, origin in ordered)]
    return f"{PART}{digest(note for note, _ in ordered):08x}" + (f" {','.join(runs)}" if runs else "")


def read_part_remark(text: str, notes: Sequence[TickNote]) -> tuple[Origin, ...] | None:
    """Return where the notes of a track come from, in order; None where they are not as they were written."""
    found = _PART.fullmatch(text.removeprefix(PART))
    if found is None or int(found[1], 16) != digest(sorted(notes)):
        return None
    known = {origin.value: origin for origin in Origin}
    origins: list[Origin] = []
    for run in found[2].split(",") if found[2] else ():
        read = _RUN.fullmatch(run)
        if read is None or read[1] not in known or len(origins) + int(read[2]) > len(notes):
            return None
        origins += [known[read[1]]] * int(read[2])
    return tuple(origins) if len(origins) == len(notes) else None


def curves_remark(expression: Expression) -> str:
    """Return what a track says of what carries its curves."""
    return f"{CURVES}{expression.bend_as} {expression.level_as}"


def read_curves_remark(text: str) -> Expression:
    """Return what carries the curves of a track; the wheel where the remark names nothing that could."""
    words = text.removeprefix(CURVES).split(" ")
    try:
        return Expression(*words) if len(words) == 2 else PLAIN_EXPRESSION
    except ValueError:
        return PLAIN_EXPRESSION


def digest(notes: Iterable[TickNote]) -> int:
    """Return a checksum of notes in order."""
    return zlib.crc32("\n".join(" ".join(map(str, note)) for note in notes).encode())


def chord_remark(chord: Chord | None) -> str:
    """Return what is said where a chord begins, or where none is any more."""
    if chord is None:
        return CHORD + NO_CHORD
    return f"{CHORD}{_ROOTS[chord.root]}:{chord.quality}/{_ROOTS[chord.bass]}"


def read_chord_remark(text: str, start_qn: QuarterNotes, length_qn: QuarterNotes) -> Chord | None:
    """Return the chord of a remark; None where it names none."""
    found = _CHORD.fullmatch(text.removeprefix(CHORD))
    if found is None or not {found[1], found[3]} <= set(_ROOTS):
        return None
    return Chord(start_qn, length_qn, _ROOTS.index(found[1]), found[2], _ROOTS.index(found[3]))
