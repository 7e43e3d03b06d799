"""What the wire between daemon and bridge takes: ranges of numbers, and checks of values against them.

The value types allow more than a spool file does; both decoders refuse what lies beyond. docs/SPOOL.md has the list.
"""

import re

from vocalmidi.reaper.lines import MAX_TEXT, check_range, check_text
from vocalmidi.values import PART_NAMES, Arrangement, Part

MAX_NOTES = 50_000
"""Of one request, all parts together: four parts of 16th notes for more than an hour at 120 BPM."""
MAX_BENDS = 50_000
MAX_LEVELS = 50_000
MAX_CHORDS = 10_000
MAX_TEMPO_POINTS = 10_000
MAX_PROJECT_NOTES = 1_000
"""That go with a command; the bridge sends 400."""
MAX_QN = 1_000_000.0
"""Longest position: more than five days at 120 BPM, and still exact to far below a tick in float64."""
MAX_BEFORE_QN = 64.0
"""How much before the arrangement's beginning a note may have been sung: far more than any upbeat."""
MIN_PLAYED_QN = 1e-9
MIN_AUDIO_S, MAX_AUDIO_S = 0.001, 4000.0
"""The longest history is an hour."""
MAX_TIME_S = 1_000_000.0
MAX_CLOCK_S = 1e11
"""Seconds since 1970, until the year 5138."""
MIN_TEMPO_QPM, MAX_TEMPO_QPM = 0.1, 10_000.0
"""Wider than Reaper's 1–960 BPM, whose beat may be a whole note or a 32nd."""
MAX_BEND_CENTS = 12_800.0
MAX_SEED = 2**63 - 1
"""Lua's integers have 64 bits."""
MAX_NUMBER = 2**53
"""Of observations, projects and maps: they are counted, and a float64 still holds the count."""
MAX_BARS = 1000
"""Half an hour of 4/4 at 120 BPM."""
MAX_PASSES = 64
"""Takes of one item that anybody would look through."""
MAX_GUIDS = 64
"""Items of one receipt; an arrangement has four."""
MAX_SOURCE_LINES = 2_000
"""Of `MAX_TEXT` characters: a phrase of 8,000 notes. It is kept by every item of its arrangement."""
MAX_CHANGE = 200
"""Characters of what the user asks to be changed."""


_GUID = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")


def check_guid(guid: str) -> None:
    """Raise ValueError unless it is a GUID as Reaper writes them."""
    if not _GUID.fullmatch(guid):
        raise ValueError(f"{guid[:40]!r} is not a GUID")


def check_source(source: str) -> None:
    """Raise ValueError unless a source is printable ASCII of a size that items can keep."""
    if not (source.isascii() and source.isprintable() and len(source) <= MAX_SOURCE_LINES * MAX_TEXT):
        raise ValueError(f"a source of {len(source)} characters must be printable ASCII, not a book")


def check_arrangement(arrangement: Arrangement) -> None:
    """Raise ValueError for what the value types allow but the wire does not."""
    check_text(arrangement.genre)
    check_range("seed", arrangement.seed, 0, MAX_SEED)
    check_range("tempo_qpm", arrangement.tempo_qpm, MIN_TEMPO_QPM, MAX_TEMPO_QPM)
    check_range("length_qn", arrangement.length_qn, 0.0, MAX_QN)
    check_range("number of chords", len(arrangement.chords), 0, MAX_CHORDS)
    names = [part.name for part in arrangement.parts]
    if names != [name for name in PART_NAMES if name in names]:
        raise ValueError(f"parts {names} must each come once, in the order of {list(PART_NAMES)}")
    check_range("number of notes", sum(len(part.notes) for part in arrangement.parts), 0, MAX_NOTES)
    bends = sum(len(note.bend) for part in arrangement.parts for note in part.notes)
    check_range("number of bend points", bends, 0, MAX_BENDS)
    check_range("number of level points", _levels(arrangement.parts), 0, MAX_LEVELS)
    for chord in arrangement.chords:
        check_range("start_qn", chord.start_qn, 0.0, MAX_QN)
        check_range("length_qn", chord.length_qn, 0.0, MAX_QN)
        if not re.fullmatch(r"[!-~]{1,16}", chord.quality):
            raise ValueError(f"chord quality {chord.quality!r} must be 1–16 printable ASCII characters without a space")
    for part in arrangement.parts:
        check_notes(part)


def check_passes(passes: tuple[Part, ...], arrangement: Arrangement) -> None:
    """Raise ValueError unless each is of a part that is written."""
    check_range("number of passes", len(passes), 0, MAX_PASSES)
    parts = (*arrangement.parts, *passes)
    check_range("number of notes with passes", sum(len(part.notes) for part in parts), 0, MAX_NOTES)
    bends = sum(len(note.bend) for part in parts for note in part.notes)
    check_range("number of bend points with passes", bends, 0, MAX_BENDS)
    check_range("number of level points with passes", _levels(parts), 0, MAX_LEVELS)
    written = {part.name for part in arrangement.parts if part.notes}
    for part in passes:
        if part.name not in written or not part.notes:
            raise ValueError(f"a pass of {part.name} needs notes, and that part of the arrangement too")
        check_notes(part)


def check_notes(part: Part) -> None:
    """Raise ValueError for a note beyond what the wire takes."""
    for note in part.notes:
        if note.played is not None:
            check_range("played start_qn", note.played.start_qn, -MAX_BEFORE_QN, MAX_QN)
            check_range("played length_qn", note.played.length_qn, MIN_PLAYED_QN, MAX_QN)
        check_range("start_qn", note.start_qn, 0.0, MAX_QN)
        check_range("length_qn", note.length_qn, 0.0, MAX_QN)
        for point in note.bend:
            check_range("after_qn", point.after_qn, 0.0, MAX_QN)
            check_range("bend_cents", point.bend_cents, -MAX_BEND_CENTS, MAX_BEND_CENTS)
        if note.level and not part.expression.has_level:
            raise ValueError(f"notes of {part.name} have a level that nothing carries")
        for level in note.level:
            check_range("after_qn of a level", level.after_qn, 0.0, MAX_QN)
            check_range("value of a level", level.value, 0, 127)


def _levels(parts: tuple[Part, ...]) -> int:
    return sum(len(note.level) for part in parts for note in part.notes)
