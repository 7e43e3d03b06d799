"""The body of a `draft` file in lines, and back, and the line by which a command records; see docs/SPOOL.md."""

from collections.abc import Iterator

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.draft import MAX_DRAFT_NOTES, Draft, DraftNote, DraftPart, Recording, RecordWay
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_NUMBER, MAX_QN
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PART_NAMES, PartName

DRAFT_KIND = "draft"


def recording_line(recording: Recording) -> str:
    """Return the line of a command that begins or ends a recording."""
    return f"record {recording.way} {recording.draft_id}"


def read_recording(reader: LineReader) -> Recording | None:
    """Return what a command says of a recording, None where it says nothing."""
    if not reader.next_is("record"):
        return None
    way, draft_id = reader.fields("record", 2)
    if way not in list(RecordWay):
        reader.refuse(f"{way[:20]!r} is none of {', '.join(RecordWay)}")
    return Recording(RecordWay(way), draft_id)


def draft_lines(draft: Draft) -> Iterator[str]:
    """Yield the body lines of a draft."""
    yield f"number {draft.number}"
    yield f"place {number_text(draft.place_qn)}"
    yield f"length_qn {number_text(draft.length_qn)}"
    yield f"parts {len(draft.parts)}"
    for part in draft.parts:
        yield f"part {part.name} {part.channel} {part.program} {len(part.notes)}"
        for note in part.notes:
            span = f"{number_text(note.start_qn)} {number_text(note.length_qn)}"
            yield f"n {span} {note.pitch_midi} {note.velocity}"


def read_draft(reader: LineReader) -> Draft:
    """Return the draft; raise ReaperError where a line is not as it should be."""
    try:
        return Draft(
            draft_id=reader.message_id,
            number=reader.integer(reader.fields("number", 1)[0], 1, MAX_NUMBER),
            place_qn=_quarters(reader, reader.fields("place", 1)[0]),
            length_qn=_quarters(reader, reader.fields("length_qn", 1)[0]),
            parts=tuple(_part(reader) for _ in range(_count(reader, "parts", len(PART_NAMES)))),
        )
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error


def _part(reader: LineReader) -> DraftPart:
    name, channel, program, count = reader.fields("part", 4)
    if name not in list(PartName):
        reader.refuse(f"part {name[:20]!r} is none of {', '.join(PART_NAMES)}")
    return DraftPart(
        PartName(name),
        reader.integer(channel, 0, 15),
        reader.integer(program, 0, 127),
        tuple(_note(reader) for _ in range(reader.integer(count, 1, MAX_DRAFT_NOTES))),
    )


def _note(reader: LineReader) -> DraftNote:
    start, length, pitch_midi, velocity = reader.fields("n", 4)
    return DraftNote(
        _quarters(reader, start),
        _quarters(reader, length),
        reader.integer(pitch_midi, 0, 127),
        reader.integer(velocity, 1, 127),
    )


def _quarters(reader: LineReader, text: str) -> QuarterNotes:
    return QuarterNotes(reader.number(text, 0.0, MAX_QN))


def _count(reader: LineReader, key: str, most: int) -> int:
    return reader.integer(reader.fields(key, 1)[0], 0, most)
