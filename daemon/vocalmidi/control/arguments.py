"""What an argument of an address may be, and how what a controller sends is read as it.

Comes in: an OSC argument of whatever type a controller sends for a number, a switch or a word. Goes out: a value in its
range, or a `ControlError` in words. Faders send floats, buttons 0 and 1, text fields strings: where a number is meant,
integers, floats, booleans and numeric strings are all taken.
"""

import math
from dataclasses import dataclass

from vocalmidi.control.message import Argument
from vocalmidi.errors import ControlError

Value = int | float | str | bool
MAX_NUMBER_TEXT = 32
"""Characters; int() and float() of a longer text cost time and mean nothing."""
AUTO = "auto"
ON_WORDS, OFF_WORDS = ("true", "on", "yes"), ("false", "off", "no")


def number_of(given: Argument) -> float | None:
    """Return what an argument says as a number, None where it says none."""
    if isinstance(given, str):
        word = given.strip()
        if not word or len(word) > MAX_NUMBER_TEXT or "_" in word:
            return None
        try:
            given = float(word)
        except ValueError:
            return None
    if isinstance(given, bool | int | float) and math.isfinite(given):
        return float(given)
    return None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`; of a fader's float the nearest."""

    name: str
    low: int
    high: int
    tags = "i"

    def read(self, given: Argument) -> int:
        """Return the number; raise ControlError."""
        return round(_within(self, given))

    @property
    def range_text(self) -> str:
        """The range, for the document and for errors."""
        return f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Real:
    """A number from `low` to `high`."""

    name: str
    low: float
    high: float
    tags = "f"

    def read(self, given: Argument) -> float:
        """Return the number; raise ControlError."""
        return _within(self, given)

    @property
    def range_text(self) -> str:
        """The range, for the document and for errors."""
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off; of a number everything but 0 is on."""

    name: str
    tags = "T/F"
    range_text = "T, F, 0, 1, on, off"

    def read(self, given: Argument) -> bool:
        """Return whether it is on; raise ControlError."""
        if isinstance(given, str) and given.strip().lower() in ON_WORDS + OFF_WORDS:
            return given.strip().lower() in ON_WORDS
        number = number_of(given)
        if number is None:
            raise ControlError(f"{self.name} {_shown(given)} is neither on nor off; send {self.range_text}")
        return number != 0


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words."""

    name: str
    options: tuple[str, ...]
    tags = "s"

    def read(self, given: Argument) -> str:
        """Return the word; raise ControlError."""
        if isinstance(given, str) and given.strip().lower() in self.options:
            return given.strip().lower()
        raise ControlError(f"{self.name} {_shown(given)} is none of {', '.join(self.options)}")

    @property
    def range_text(self) -> str:
        """The range, for the document and for errors."""
        return ", ".join(self.options)


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the user's own, printable, up to `most` characters; `says` what they may be."""

    name: str
    most: int
    says: str
    tags = "s"

    def read(self, given: Argument) -> str:
        """Return the text without spaces around it; raise ControlError."""
        if not isinstance(given, str) or not given.isprintable() or not 0 < len(given.strip()) <= self.most:
            raise ControlError(f"{self.name} {_shown(given)} is not {self.range_text}")
        return given.strip()

    @property
    def range_text(self) -> str:
        """The range, for the document and for errors."""
        return self.says


@dataclass(frozen=True, slots=True)
class AutoOr:
    """`auto`, or a number from `low` to `high`, as the settings have it: in words."""

    name: str
    low: float
    high: float
    tags = "s or f"

    def read(self, given: Argument) -> str:
        """Return the words; raise ControlError."""
        if isinstance(given, str) and given.strip().lower() == AUTO:
            return AUTO
        return f"{_within(self, given):g}"

    @property
    def range_text(self) -> str:
        """The range, for the document and for errors."""
        return f"{AUTO}, or {self.low:g} to {self.high:g}"


Kind = Whole | Real | Switch | Word | Text | AutoOr


def _within(kind: Whole | Real | AutoOr, given: Argument) -> float:
    number = number_of(given)
    if number is None:
        raise ControlError(f"{kind.name} {_shown(given)} is no number; send {kind.range_text}")
    if not kind.low <= number <= kind.high:
        raise ControlError(f"{kind.name} {number:g} is outside {kind.range_text}")
    return number


def _shown(given: Argument) -> str:
    return f"{given!r}"[:50]
