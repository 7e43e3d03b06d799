"""An arrangement that is in the project, made anew: other seeds, other settings, or by other ways told elsewhere.

Comes in: what the bridge says of the arrangement: its source, and how each of its items stands. Goes out: a request for
the items that are to be written, and a remark on it. What is locked or edited stays, and the new parts go by its notes;
what is edited and rolled all the same gets its new notes beside it.
"""

from collections.abc import Mapping
from dataclasses import replace

from vocalmidi.app.around import arranged_around
from vocalmidi.app.choices import next_seed, parse_seeds, seeds_text
from vocalmidi.app.keeping import HARMONIC, Earlier, until_new
from vocalmidi.app.making import by_this_band, made_of, request_of
from vocalmidi.app.rebuilding import Remade, again, rebuilt
from vocalmidi.app.session import pairs, with_word
from vocalmidi.app.source import Source, read_source
from vocalmidi.app.writing import Band
from vocalmidi.arrange import MelodyWish, sung_part
from vocalmidi.config import Settings
from vocalmidi.errors import ConfigError, ReaperError
from vocalmidi.reaper import ArrangedItem, BridgeCommand, InsertRequest, ItemState, Remake, RemakeWay, Replaced
from vocalmidi.values import Arrangement, Part, PartName

CHANGEABLE = ("genre", "mood", "density", "complexity", "chords", "melody", "continue_bars", "seed", "octave")
"""Settings that an arrangement can be given afterwards; the others say how the voice was read."""


def remade(command: BridgeCommand, band: Band) -> Remade:
    """Return the request that a command to make an arrangement anew means.

    Raises:
        ReaperError: its items remember nothing that can be read, or nothing would change.
        ConfigError: it asks for settings that there are not.
        ArrangeError: the parts that stay leave nothing to arrange.
    """
    remake = command.remake
    if remake is None:
        raise ValueError("the command names no arrangement")
    match remake.way:
        case RemakeWay.AGAIN:
            return again(remake, band, command.transport.cursor_qn)
        case RemakeWay.REBUILD:
            return rebuilt(remake, band)
        case RemakeWay.ARRANGE:
            return Remade(arranged_around(remake, command.transport, band))
        case RemakeWay.ROLL | RemakeWay.ALL | RemakeWay.CHANGE:
            return Remade(_rewritten(remake, band))


def _rewritten(remake: Remake, band: Band) -> InsertRequest:
    """Return the request for items that are there; what stays is what their notes go by."""
    sources = {item.part.name: read_source(item.source, band.settings) for item in remake.items if item.source}
    rolled = _rolled(remake, sources)
    names = [item.part.name for item in rolled]
    source = sources[names[0]]
    settings = _settings(remake, source, {name: sources[name] for name in names})
    # A part whose item is gone is not played, so it is not asked for.
    here = ",".join(item.part.name for item in remake.items)
    earlier = Earlier(
        tuple(item.part for item in remake.items if item not in rolled),
        frozenset(item.part.name for item in remake.items if item.state in (ItemState.EDITED, ItemState.ASIDE)),
        next((sources[name].chords for name in HARMONIC if name in sources and name not in names), source.chords),
    )
    chosen = replace(source, settings=replace(settings, parts=here), earlier=earlier)
    before = {item.part.name: item.part for item in rolled} if remake.way is RemakeWay.ROLL else {}
    chosen, music = _rolled_anew(chosen, band, before)
    written = replace(music, parts=tuple(part for part in music.parts if part.name in names))
    source = by_this_band(replace(chosen, chords=music.chords), band)
    request = request_of(source, written, band, remake.place_qn)
    replaces = (Replaced(item.part.name, item.guid, item.state is ItemState.ASIDE) for item in rolled)
    return replace(request, replaces=tuple(replaces))


def _rolled_anew(source: Source, band: Band, before: Mapping[PartName, Part]) -> tuple[Source, Arrangement]:
    """Return a source whose seeds make other notes than before, and these; raise ReaperError where there are none."""

    def seeded(seeds: Mapping[PartName, int]) -> Source:
        return replace(source, settings=replace(source.settings, reseed=seeds_text(seeds)))

    found = until_new(lambda seeds: made_of(seeded(seeds), band), lambda made: made.parts, _seeds(source), before)
    if not found.is_new:
        raise ReaperError(
            f"{', '.join(name.title() for name in before)}: no other seed gives other notes; change density,"
            " complexity or mood"
        )
    return seeded(found.seeds), found.made


def _rolled(remake: Remake, sources: Mapping[PartName, Source]) -> tuple[ArrangedItem, ...]:
    """Return the items to write; what was sung is written as it was sung, whatever the seed."""
    to_write = (ItemState.WRITE, ItemState.ASIDE)
    wanted = [item for item in remake.items if item.state in to_write and item.part.name in sources]
    is_change = remake.way is RemakeWay.CHANGE
    rolled = tuple(item for item in wanted if is_change or not _is_fixed(item.part.name, sources[item.part.name]))
    if not rolled:
        raise ReaperError(
            f"{wanted[0].part.name.title()} is what was sung, which no seed changes; roll another part, or change the"
            " melody to ornament, simplify or answer"
        )
    return rolled


def _is_fixed(name: PartName, source: Source) -> bool:
    """Return whether a part holds what was sung, and nothing else."""
    is_as_sung = source.settings.melody == MelodyWish.SUNG and source.settings.continue_bars == 0
    return is_as_sung and name is sung_part(source.instrument) and name in (PartName.MELODY, PartName.BASS)


def _settings(remake: Remake, source: Source, rolled: Mapping[PartName, Source]) -> Settings:
    """Return the settings of this time; rolled: of the parts that are rolled, how each was made last."""
    settings, seeds = source.settings, _seeds(source)
    match remake.way:
        case RemakeWay.ROLL:
            seeds |= {name: next_seed(_seed_of(name, its)) for name, its in rolled.items()}
            return replace(settings, reseed=seeds_text(seeds))
        case RemakeWay.ALL:
            # After all that were used, so that no part comes back as it was.
            used = [seed for its in rolled.values() for seed in (its.settings.seed, *_seeds(its).values())]
            return replace(settings, seed=next_seed(max(used)), reseed="")
        case RemakeWay.CHANGE:
            return _changed(remake.change, settings)
        case RemakeWay.AGAIN | RemakeWay.REBUILD | RemakeWay.ARRANGE:
            return settings


def _seeds(source: Source) -> dict[PartName, int]:
    return parse_seeds(source.settings.reseed, source.settings.seed)


def _seed_of(name: PartName, source: Source) -> int:
    return _seeds(source).get(name, source.settings.seed)


def _changed(change: str, settings: Settings) -> Settings:
    """Return settings with what the user typed over them."""
    for name, word in pairs(change):
        if name not in CHANGEABLE:
            raise ConfigError(f"{name!r} can't be changed; there are {', '.join(CHANGEABLE)}")
        settings = with_word(settings, name, word)
        if name == "seed":
            settings = replace(settings, reseed="")  # or the part would keep the seed of its own
    return settings
