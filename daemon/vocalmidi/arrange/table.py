"""A TOML table read with a list of complaints instead of an exception at the first one.

Every getter returns a usable value even when it complains, so that one reading finds all faults of a file; whoever
reads must look at `complaints` before using anything.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Complaints:
    """All that is wrong with one file, in the order it was found."""

    lines: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note one fault."""
        self.lines.append(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class Table:
    """A TOML table, its place in the file (`where`), and where to complain."""

    entries: Mapping[str, Any]
    where: str
    complaints: Complaints

    def only(self, *known: str) -> None:
        """Complain about every key that is not known, naming the nearest that is."""
        for key in self.entries:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
                self.complaints.add(self._at(key), f"unknown key; {hint}")

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return a number from `low` to `high`."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self._wrong(key, f"a number from {low:g} to {high:g}")
            return low
        return float(value)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number from `low` to `high`."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._wrong(key, f"a whole number from {low} to {high}")
            return low
        return value

    def span(self, key: str, low: float, high: float) -> tuple[float, float]:
        """Return two numbers from `low` to `high`, the first not above the second."""
        match self.entries.get(key):
            case [int() | float() as first, int() | float() as last] if low <= first <= last <= high:
                return first, last
            case _:
                self._wrong(key, f"[lowest, highest] from {low:g} to {high:g}")
                return low, high

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """Return one of the choices."""
        value = self._get(key, default)
        if value not in choices:
            near = difflib.get_close_matches(str(value), choices, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            self._wrong(key, f"one of {', '.join(choices)}{hint}")
            return choices[0]
        return str(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.entries.get(key)
        if not isinstance(value, bool):
            self._wrong(key, "true or false")
        return value is True

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.entries.get(key)
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, "a text")
            return "?"
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one text or more."""
        value = self.entries.get(key)
        if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
            return tuple(value)
        self._wrong(key, "a list of texts, at least one")
        return ()

    def table(self, key: str) -> "Table":
        """Return a table inside this one, empty if it is missing."""
        value = self.entries.get(key)
        if not isinstance(value, dict) or not value:
            self._wrong(key, "a table")
            value = {}
        return Table(value, self._at(key), self.complaints)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return a list of tables, maybe none."""
        value = self.entries.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self._wrong(key, f"tables, each headed [[{key}]]")
            return ()
        return tuple(Table(entry, f"{self._at(key)}[{n + 1}]", self.complaints) for n, entry in enumerate(value))

    def complain(self, key: str, what: str) -> None:
        """Note a fault of one entry."""
        self.complaints.add(self._at(key), what)

    def _get(self, key: str, default: Any) -> Any:
        return self.entries.get(key, default)

    def _wrong(self, key: str, needed: str) -> None:
        if key in self.entries:
            self.complain(key, f"{self.entries[key]!r} must be {needed}")
        else:
            self.complain(key, f"is missing; it must be {needed}")

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key
