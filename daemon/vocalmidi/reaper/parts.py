"""What the bridge tells of the arrangement that a button would be about: its parts, and which of them are locked."""

from collections.abc import Iterator
from dataclasses import dataclass

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.lines import LineReader, check_id
from vocalmidi.values import PART_NAMES, PartName

PARTS_KIND = "parts"
LOCKED, FREE = "locked", "free"


@dataclass(frozen=True, slots=True)
class PartsReport:
    """The parts that are there, in track order, and those of them that are locked."""

    owner_id: str
    parts: tuple[PartName, ...]
    locked: frozenset[PartName] = frozenset()

    def __post_init__(self) -> None:
        check_id(self.owner_id)
        if list(self.parts) != [name for name in PART_NAMES if name in self.parts]:
            raise ValueError(f"parts {list(self.parts)} must each come once, in the order of {list(PART_NAMES)}")
        if not self.locked <= set(self.parts):
            raise ValueError("a part that is not there can't be locked")


def parts_lines(report: PartsReport) -> Iterator[str]:
    """Yield the body lines of a report."""
    yield f"parts {len(report.parts)}"
    for part in report.parts:
        yield f"part {part} {LOCKED if part in report.locked else FREE}"


def read_parts(reader: LineReader) -> PartsReport:
    """Return the report; raise ReaperError where a line is not as it should be."""
    count = reader.integer(reader.fields("parts", 1)[0], 0, len(PART_NAMES))
    standing: dict[PartName, str] = {}
    for _ in range(count):
        name, word = reader.fields("part", 2)
        if name not in list(PART_NAMES) or word not in (LOCKED, FREE):
            reader.refuse(f"part {name[:20]!r} {word[:20]!r} is none of ours, {LOCKED} or {FREE}")
        standing[PartName(name)] = word
    try:
        locked = frozenset(name for name, word in standing.items() if word == LOCKED)
        return PartsReport(reader.message_id, tuple(standing), locked)
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; write it again with this version") from error
