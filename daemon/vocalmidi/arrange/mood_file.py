"""The file of moods (TOML) as a value: everything is checked, and all faults are told at once.

In: the text of `moods.toml`. Out: a `MoodFile`: the moods, other words for them, and which sounds may stand for each
other. Nothing has a default but `aliases`, which may be left out.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from vocalmidi.arrange.table import Complaints, Table
from vocalmidi.arrange.wish import PLAIN, Mood
from vocalmidi.errors import ArrangeError

T = TypeVar("T")
AXES = ("energy", "brightness", "tension", "legato")
Ladder = tuple[int, ...]
"""General MIDI programs that may stand for each other, from mellow to sharp."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another word for a mood."""

    word: str
    mood: str


@dataclass(frozen=True, slots=True)
class MoodFile:
    """All moods but the plain one, in the file's order, and the ladders of sounds."""

    moods: tuple[Mood, ...]
    aliases: tuple[Alias, ...]
    instruments: tuple[Ladder, ...]
    kits: tuple[Ladder, ...]

    def instrument(self, program: int, steps: int) -> int:
        """Return the program so many steps sharper (or mellower, below 0), as far as its ladder goes."""
        return _on_ladder(self.instruments, program, steps)

    def kit(self, program: int, steps: int) -> int:
        """Return the drum kit so many steps sharper or mellower."""
        return _on_ladder(self.kits, program, steps)


def _on_ladder(ladders: tuple[Ladder, ...], program: int, steps: int) -> int:
    for ladder in ladders:
        if program in ladder:
            return ladder[max(0, min(len(ladder) - 1, ladder.index(program) + steps))]
    return program


def read_moods(toml: str) -> MoodFile:
    """Return what a file of moods says; raise ArrangeError with every fault it has."""
    try:
        entries = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ArrangeError(f"moods.toml is not TOML: {error}; mend it") from error
    complaints = Complaints()
    table = Table(entries, "", complaints)
    table.only("mood", "sounds")
    moods, sounds = table.table("mood"), table.table("sounds")
    sounds.only("instruments", "kits")
    file = MoodFile(
        tuple(_mood(name, moods.table(name)) for name in moods.entries),
        tuple(Alias(word, name) for name in moods.entries for word in _words(moods.table(name))),
        _ladders(sounds, "instruments"),
        _ladders(sounds, "kits"),
    )
    names = [PLAIN.name, *moods.entries, *(alias.word for alias in file.aliases)]
    for twice in _twice(names):
        complaints.add("mood", f"{twice!r} is the name of more than one")
    if complaints.lines:
        raise ArrangeError(f"moods.toml can't be used: {'; '.join(dict.fromkeys(complaints.lines))}")
    return file


def _mood(name: str, table: Table) -> Mood:
    table.only("title", "aliases", *AXES)
    return Mood(name, table.text("title"), *(table.number(axis, -1.0, 1.0) for axis in AXES))


def _words(table: Table) -> tuple[str, ...]:
    return table.texts("aliases") if "aliases" in table.entries else ()


def _ladders(table: Table, key: str) -> tuple[Ladder, ...]:
    ladders = tuple(_ladder(table, key, text) for text in table.texts(key))
    for twice in _twice(program for ladder in ladders for program in ladder):
        table.complain(key, f"program {twice} stands in it twice, so that its neighbours are not clear")
    return ladders


def _ladder(table: Table, key: str, text: str) -> Ladder:
    words = text.split()
    if len(words) < 2 or not all(word.isdecimal() and int(word) <= 127 for word in words):
        table.complain(key, f"{text!r} must be two programs from 0 to 127 or more, with spaces between")
        return ()
    return tuple(int(word) for word in words)


def _twice(found: Iterable[T]) -> list[T]:
    each = list(found)
    return [one for one in dict.fromkeys(each) if each.count(one) > 1]
