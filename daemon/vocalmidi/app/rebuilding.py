"""Parts of an arrangement as they were written: in their place, beside what was edited, or again as new items.

Comes in: what the bridge says of the items, each with its own source, for parts may have been rolled one by one. Goes
out: a request, and what is another now than it was then, in words: other networks may make other notes. Nothing needs
to be heard again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vocalmidi.app.making import by_this_band, made_of, request_of
from vocalmidi.app.origin import changed_since, making_of
from vocalmidi.app.source import Source, read_source, source_text
from vocalmidi.app.writing import Band
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import ArrangedItem, InsertRequest, ItemState, Remake, Replaced
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Part, PartName


@dataclass(frozen=True, slots=True)
class Remade:
    """A request, and a remark on it for the user; "" where there is none."""

    request: InsertRequest
    remark: str = ""


def rebuilt(remake: Remake, band: Band) -> Remade:
    """Return the request that makes items what they were; raise ReaperError where they don't remember."""
    items = [item for item in remake.items if item.state in (ItemState.WRITE, ItemState.ASIDE) and item.source]
    made = _as_written(items, band, remake.place_qn)
    replaces = tuple(Replaced(item.part.name, item.guid, item.state is ItemState.ASIDE) for item in items)
    return replace(made, request=replace(made.request, replaces=replaces, rebuild=True))


def again(remake: Remake, band: Band, place_qn: QuarterNotes) -> Remade:
    """Return the request for new items at `place_qn` that are as these were."""
    return _as_written([item for item in remake.items if item.source], band, place_qn)


def _as_written(items: Sequence[ArrangedItem], band: Band, place_qn: QuarterNotes) -> Remade:
    texts = {item.part.name: item.source for item in items}
    sources = {text: read_source(text, band.settings) for text in dict.fromkeys(texts.values())}
    made = {text: made_of(source, band) for text, source in sources.items()}
    parts = tuple(_part(made[text].parts, name) for name, text in texts.items())
    first = next(iter(sources))
    music = replace(made[first], parts=parts, length_qn=max(each.length_qn for each in made.values()))
    request = request_of(sources[first], music, band, place_qn)
    kept = {text: _kept_text(text, source, band) for text, source in sources.items()}
    request = replace(request, sources=tuple(kept[texts[part.name]] for part in parts))
    said = dict.fromkeys(filter(None, (_changed(source, band) for source in sources.values())))
    return Remade(request, f"made with {'; '.join(said)}" if said else "")


def _part(parts: Sequence[Part], name: PartName) -> Part:
    part = next((part for part in parts if part.name is name), None)
    if part is None:
        raise ReaperError(f"what the {name} remembers makes no {name}; write the phrase again")
    return part


def _changed(source: Source, band: Band) -> str:
    return changed_since(source.making, making_of(None, band.ears, band.networks))


def _kept_text(text: str, source: Source, band: Band) -> str:
    """Return what the items remember from now on: the same, unless others made them."""
    return source_text(by_this_band(source, band)) if _changed(source, band) else text
