"""What a command says of sung notes as their user has left them, in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator

from vocalmidi.reaper.codec_insert import read_part_name, read_source, source_lines
from vocalmidi.reaper.edits import MAX_EDITED, Fate, SeenItem, SeenNote
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_BEFORE_QN, MAX_NOTES, MAX_QN
from vocalmidi.units import QuarterNotes


def seen_lines(items: tuple[SeenItem, ...]) -> Iterator[str]:
    """Yield the lines of items as they are now."""
    yield f"seen {len(items)}"
    for item in items:
        yield f"item {item.guid} {item.part} {number_text(item.strength)} {len(item.notes)}"
        yield from source_lines(item.source)
        for note in item.notes:
            was = f"{note.pitch_midi} {number_text(note.meant_qn)} {number_text(note.played_qn)}"
            yield f"e {was} {note.fate} {number_text(note.now_qn)} {note.now_pitch_midi}"


def read_seen(reader: LineReader) -> tuple[SeenItem, ...]:
    """Return the items as they are now, () where the next line says nothing of any."""
    if not reader.next_is("seen"):
        return ()
    items: list[SeenItem] = []
    for _ in range(reader.integer(reader.fields("seen", 1)[0], 1, MAX_EDITED)):
        items.append(_item(reader, MAX_NOTES - sum(len(item.notes) for item in items)))
    return tuple(items)


def _item(reader: LineReader, notes_left: int) -> SeenItem:
    guid, name, strength, count = reader.fields("item", 4)
    part, at = read_part_name(reader, name), reader.number(strength, 0.0, 1.0)
    number = reader.integer(count, 1, notes_left)
    source = read_source(reader)
    return SeenItem(guid, part, at, source, tuple(_note(reader) for _ in range(number)))


def _note(reader: LineReader) -> SeenNote:
    pitch, meant, played, fate, now, now_pitch = reader.fields("e", 6)
    if fate not in list(Fate):
        reader.refuse(f"fate {fate[:40]!r} is none of {', '.join(Fate)}")
    return SeenNote(
        reader.integer(pitch, 0, 127),
        QuarterNotes(reader.number(meant, 0.0, MAX_QN)),
        QuarterNotes(reader.number(played, -MAX_BEFORE_QN, MAX_QN)),
        Fate(fate),
        QuarterNotes(reader.number(now, -MAX_BEFORE_QN, MAX_QN)),
        reader.integer(now_pitch, 0, 127),
    )
