"""The body of a `status` file in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator
from typing import Literal

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_CLOCK_S, MAX_QN
from vocalmidi.reaper.status import MAX_CHOICES, MAX_SHOWN_NOTES, MIN_LEVEL_DB, Choice, ShownNote, Status
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import Key

STATUS_KIND = "status"
MODES: dict[str, Literal["major", "minor"]] = {"major": "major", "minor": "minor"}
NO_OPTIONS = "-"


def status_lines(status: Status) -> Iterator[str]:
    """Yield the body lines of a status."""
    yield f"written_s {number_text(status.written_s)}"
    yield f"listening {int(status.listening)}"
    yield f"level_db {number_text(status.level_db)}"
    if status.pitch_midi is not None:
        yield f"pitch {number_text(status.pitch_midi)}"
    if status.key is not None:
        yield f"key {status.key.tonic} {status.key.mode} {number_text(status.key.probability)}"
    yield f"choices {len(status.choices)}"
    for choice in status.choices:
        yield f"choice {choice.name} {choice.value} {','.join(choice.options) or NO_OPTIONS}"
    yield f"length_qn {number_text(status.length_qn)}"
    yield f"notes {len(status.notes)}"
    for note in status.notes:
        yield f"n {number_text(note.start_qn)} {number_text(note.length_qn)} {note.pitch_midi}"
    yield f"said {status.said}"


def read_status(reader: LineReader) -> Status:
    """Return the status; raise ReaperError where a line is not as it should be."""
    try:
        return Status(
            owner_id=reader.message_id,
            written_s=Seconds(_number(reader, "written_s", 0.0, MAX_CLOCK_S)),
            listening=bool(reader.integer(reader.fields("listening", 1)[0], 0, 1)),
            level_db=_number(reader, "level_db", MIN_LEVEL_DB, 20.0),
            pitch_midi=_number(reader, "pitch", 0.0, 127.0) if reader.next_is("pitch") else None,
            key=_key(reader) if reader.next_is("key") else None,
            choices=tuple(_choice(reader) for _ in range(_count(reader, "choices", MAX_CHOICES))),
            length_qn=QuarterNotes(_number(reader, "length_qn", 0.0, MAX_QN)),
            notes=tuple(_note(reader) for _ in range(_count(reader, "notes", MAX_SHOWN_NOTES))),
            said=reader.text("said"),
        )
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error


def _number(reader: LineReader, key: str, low: float, high: float) -> float:
    return reader.number(reader.fields(key, 1)[0], low, high)


def _count(reader: LineReader, key: str, most: int) -> int:
    return reader.integer(reader.fields(key, 1)[0], 0, most)


def _key(reader: LineReader) -> Key:
    tonic, mode, probability = reader.fields("key", 3)
    if mode not in MODES:
        reader.refuse(f"mode {mode[:20]!r} is none of {', '.join(MODES)}")
    return Key(reader.integer(tonic, 0, 11), MODES[mode], reader.number(probability, 0.0, 1.0))


def _choice(reader: LineReader) -> Choice:
    name, value, options = reader.fields("choice", 3)
    return Choice(name, value, () if options == NO_OPTIONS else tuple(options.split(",")))


def _note(reader: LineReader) -> ShownNote:
    start_qn, length_qn, pitch_midi = reader.fields("n", 3)
    return ShownNote(
        QuarterNotes(reader.number(start_qn, 0.0, MAX_QN)),
        QuarterNotes(reader.number(length_qn, 0.0, MAX_QN)),
        reader.integer(pitch_midi, 0, 127),
    )
