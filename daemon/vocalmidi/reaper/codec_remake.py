"""What a command says of an arrangement that is to be made anew, in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator

from vocalmidi.reaper.codec_insert import note_line, read_note, read_part_name, read_source, source_lines
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.ranges import MAX_NOTES, MAX_QN
from vocalmidi.reaper.remake import ArrangedItem, ItemState, Remake, RemakeWay
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PART_NAMES, Part


def remake_lines(remake: Remake) -> Iterator[str]:
    """Yield the lines of what is to be made anew."""
    yield f"remake {remake.way} {number_text(remake.place_qn)}"
    if remake.change:
        yield f"change {remake.change}"
    yield f"items {len(remake.items)}"
    for item in remake.items:
        part = item.part
        yield f"item {item.guid} {item.state} {part.name} {part.channel} {part.program} {len(part.notes)}"
        yield from source_lines(item.source)
        yield from map(note_line, part.notes)


def read_remake(reader: LineReader) -> Remake | None:
    """Return what is to be made anew, None where the next line says nothing of it."""
    if not reader.next_is("remake"):
        return None
    way, place = reader.fields("remake", 2)
    if way not in list(RemakeWay):
        reader.refuse(f"{way[:40]!r} is none of {', '.join(RemakeWay)}")
    place_qn = QuarterNotes(reader.number(place, 0.0, MAX_QN))
    change = reader.text("change") if reader.next_is("change") else ""
    count = reader.integer(reader.fields("items", 1)[0], 0, len(PART_NAMES))
    items: list[ArrangedItem] = []
    for _ in range(count):
        items.append(_item(reader, MAX_NOTES - sum(len(item.part.notes) for item in items)))
    return Remake(RemakeWay(way), place_qn, tuple(items), change)


def _item(reader: LineReader, notes_left: int) -> ArrangedItem:
    guid, state, name, channel, program, count = reader.fields("item", 6)
    if state not in list(ItemState):
        reader.refuse(f"state {state[:40]!r} is none of {', '.join(ItemState)}")
    place = reader.integer(channel, 0, 15), reader.integer(program, 0, 127)
    known, number = read_part_name(reader, name), reader.integer(count, 0, notes_left)
    source = read_source(reader)
    part = Part(known, *place, tuple(read_note(reader) for _ in range(number)))
    return ArrangedItem(guid, ItemState(state), part, source)
