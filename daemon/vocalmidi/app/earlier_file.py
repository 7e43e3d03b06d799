"""An earlier result to go on from: what of it stays, and the settings it was made with.

Comes in: a .mid or .vocalmidi that we wrote, and what the user says now. Goes out: the settings of this time, which are
those of that time but for what is said now, and `Earlier`. What somebody edited in the file stays unless its part is
named to be rolled again, and so does what is locked; all other parts stay too where nothing but seeds is said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocalmidi.app.choices import next_seed, parse_parts, parse_seeds, seeds_text
from vocalmidi.app.expressing import UNSAID
from vocalmidi.app.keeping import Earlier
from vocalmidi.config import Settings, music_of, with_music
from vocalmidi.errors import ConfigError, ReaperError, SmfError
from vocalmidi.reaper import InsertRequest, decode
from vocalmidi.smf import WrittenFile, read_written
from vocalmidi.values import Part, PartName

REAPER_MAGIC = b"VOCALMIDI"
OF_SEEDS = {"reseed", "parts"}
"""Options that ask for nothing new in the parts that are not named."""


@dataclass(frozen=True, slots=True)
class Rework:
    """What is made of an earlier result: the settings of this time, and what stays.

    before: the parts that are rolled again without a seed being named: other notes than these are wished for.
    """

    settings: Settings
    earlier: Earlier
    before: Mapping[PartName, Part]


def rework(path: Path, settings: Settings, said: Mapping[str, Any], locked: str = "") -> Rework:
    """Return what is made of the result at `path`; `said` are the settings of [music] that the user names now.

    Raises:
        SmfError, ReaperError: the file can't be read.
        ConfigError: what is said contradicts itself or the file.
    """
    file = _read(path)
    chosen = _with_recipe(settings, file.music, path)
    seeds = {} if "seed" in said else parse_seeds(chosen.reseed, chosen.seed)
    first = said.get("seed", chosen.seed)
    rolled = _rolled(said.get("reseed", ""), seeds, first)
    chosen = with_music(chosen, {**said, "reseed": seeds_text(seeds | rolled)})
    kept = _kept(file, parse_parts(locked) if locked else (), frozenset(rolled), is_new=bool(set(said) - OF_SEEDS))
    parts = tuple(part for part in file.parts if part.name in kept)
    before = {part.name: part for part in file.parts if part.name in set(rolled) - _numbered(said.get("reseed", ""))}
    return Rework(chosen, Earlier(parts, file.edited & kept, file.chords), before)


def recipe(settings: Settings) -> str:
    """Return the settings as a file keeps them."""
    return json.dumps(music_of(settings))


def _read(path: Path) -> WrittenFile:
    try:
        with path.open("rb") as file:
            is_for_reaper = file.read(len(REAPER_MAGIC)) == REAPER_MAGIC
        return _of_request(path) if is_for_reaper else read_written(path)
    except OSError as error:
        raise SmfError(f"{path}: can't be read ({error.strerror}); name another file for --from") from error


def _of_request(path: Path) -> WrittenFile:
    request = decode(path.read_bytes())
    if not isinstance(request, InsertRequest):
        raise ReaperError(f"{path}: holds no arrangement; name another file for --from")
    music = ""
    if request.sources:
        table = _json(request.sources[0], path)
        music = json.dumps(table.get("music"))
    return WrittenFile(request.arrangement.parts, frozenset(), request.arrangement.chords, music)


def _json(text: str, path: Path) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: the settings it was made with can't be read ({error})") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: the settings it was made with can't be read (no table)")
    return table  # pyright: ignore[reportUnknownVariableType] - whatever JSON holds; `with_music` checks it


def _with_recipe(settings: Settings, music: str, path: Path) -> Settings:
    if not music:
        return settings
    try:
        return with_music(settings, UNSAID | _json(music, path))
    except ConfigError as error:
        raise ConfigError(f"{path}: was made with settings that are not known here: {error}") from error


def _rolled(text: str, seeds: Mapping[PartName, int], seed: int) -> dict[PartName, int]:
    """Return the seeds of the parts named now; a part without a number gets the one after its last."""
    named, numbered = parse_seeds(text, seed), _numbered(text)
    return {part: its if part in numbered else next_seed(seeds.get(part, seed)) for part, its in named.items()}


def _numbered(text: str) -> set[PartName]:
    return set(parse_seeds(",".join(word for word in text.split(",") if "=" in word), 0))


def _kept(
    file: WrittenFile, locked: tuple[PartName, ...], rolled: frozenset[PartName], *, is_new: bool
) -> frozenset[PartName]:
    here = frozenset(part.name for part in file.parts)
    if both := [name for name in locked if name in rolled]:
        raise ConfigError(f"{both[0]} can't be both locked and rolled again; name it in --lock or in --reseed")
    if missing := [name for name in locked if name not in here]:
        raise ConfigError(f"{missing[0]} is not in the file to go on from, so it can't be locked")
    return (frozenset(locked) | file.edited if is_new else here) - rolled
