"""What of an `insert` file is about an arrangement that is there, in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator, Sequence

from vocalmidi.reaper.changes import Joined, Replaced
from vocalmidi.reaper.lines import LineReader
from vocalmidi.values import PART_NAMES, PartName

REPLACED, ASIDE, JOINED = "r", "a", "j"


def change_lines(replaces: Sequence[Replaced], joins: Sequence[Joined]) -> Iterator[str]:
    """Yield the lines of the items that get new notes, and of those that new parts join."""
    if replaces:
        yield f"replaces {len(replaces)}"
    yield from (f"{ASIDE if each.aside else REPLACED} {each.part} {each.guid}" for each in replaces)
    if joins:
        yield f"joins {len(joins)}"
    yield from (f"{JOINED} {each.part} {each.guid}" for each in joins)


def read_replaces(reader: LineReader) -> tuple[Replaced, ...]:
    """Return the items that get new notes, () where the next line says nothing of them."""
    return tuple(_replaced(reader) for _ in range(_count(reader, "replaces")))


def read_joins(reader: LineReader) -> tuple[Joined, ...]:
    """Return the items that new parts join."""
    return tuple(Joined(*_item(reader, JOINED)) for _ in range(_count(reader, "joins")))


def read_flag(reader: LineReader, key: str) -> bool:
    """Return whether the next line says `key 1`."""
    return reader.next_is(key) and reader.integer(reader.fields(key, 1)[0], 1, 1) == 1


def _count(reader: LineReader, key: str) -> int:
    return reader.integer(reader.fields(key, 1)[0], 1, len(PART_NAMES)) if reader.next_is(key) else 0


def _replaced(reader: LineReader) -> Replaced:
    aside = reader.next_is(ASIDE)
    return Replaced(*_item(reader, ASIDE if aside else REPLACED), aside)


def _item(reader: LineReader, key: str) -> tuple[PartName, str]:
    name, guid = reader.fields(key, 2)
    known = next((part for part in PART_NAMES if part == name), None)
    if known is None:
        reader.refuse(f"part {name[:40]!r} is none of {', '.join(PART_NAMES)}")
    return known, guid
