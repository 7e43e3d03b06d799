"""The envelope every spool file shares: bytes in, checked lines out, and the other way round.

First line `VOCALMIDI version kind id`, then the body, last line `end COUNT CRC`: the number of lines before it and the
CRC-32 (zlib's) of every byte before it. docs/SPOOL.md is the reference. Nothing here knows what a body means, opens a
file or runs anything it reads; what is not exactly as written there is refused with the number of the line.
"""

import math
import re
import zlib
from collections.abc import Sequence
from typing import NoReturn

from vocalmidi.errors import ReaperError

MAGIC = "VOCALMIDI"
VERSION = 3
"""2: notes say where they come from."""
MAX_BYTES = 8 * 1024 * 1024
"""A full request (50,000 notes, 50,000 bend points, every digit of a float64) is 5 MB; the rest is head room."""
MAX_TEXT = 500
"""Characters of one text field: a long sentence."""

_ID = re.compile(r"[0-9a-f-]{8,64}")
_END = re.compile(r"end ([0-9]{1,7}) ([0-9a-f]{8})")
# What repr() of a Python float and Lua's %.17g write within our ranges; no inf, nan, hex, plus sign or white space.
_NUMBER = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,25})?(e-[0-9]{2,3})?")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_id(message_id: str) -> None:
    """Raise ValueError unless the id is 8–64 of 0-9, a-f and "-": an id also names files, so it is never a path."""
    if not _ID.fullmatch(message_id):
        raise ValueError(f"id {message_id!r} must be 8–64 characters of 0-9, a-f and -")


def check_text(text: str) -> None:
    """Raise ValueError unless the text fits one line of a spool file."""
    if len(text) > MAX_TEXT or _CONTROL.search(text):
        raise ValueError(f"text of {len(text)} characters must be one line of at most {MAX_TEXT}")


def check_range(name: str, number: float, low: float, high: float) -> None:
    """Raise ValueError unless `number` is finite and within [low, high]."""
    if not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{name} {number} is outside {low:g}–{high:g}")


def number_text(number: float) -> str:
    """Return the shortest decimal that reads back as the same float64, in Python and in Lua."""
    return repr(float(number))


def seal(kind: str, message_id: str, body: Sequence[str]) -> bytes:
    """Return the whole file of a message; raise ValueError when it is larger than a reader accepts."""
    lines = [f"{MAGIC} {VERSION} {kind} {message_id}", *body]
    content = "".join(f"{line}\n" for line in lines).encode()
    whole = content + f"end {len(lines)} {zlib.crc32(content):08x}\n".encode()
    if len(whole) > MAX_BYTES:
        raise ValueError(f"the message has {len(whole)} bytes, at most {MAX_BYTES} fit a spool file")
    return whole


class LineReader:
    """The checked lines of one message, read from the first to the last; any surprise is a `ReaperError`."""

    def __init__(self, content: bytes) -> None:
        """Check the envelope of `content`; raise ReaperError when it is not one whole message of our version."""
        self._number = 1
        lines = _lines_of(content)
        self.kind, self.message_id = self._head(lines[0])
        self._check_end(lines[-2], content, len(lines) - 2)
        self._lines = lines[:-2]

    def fields(self, key: str, count: int) -> list[str]:
        """Return the `count` values of the next line, which must be called `key`."""
        line = self._next(key)
        values = line.split(" ")
        if values[0] != key or len(values) != count + 1 or "" in values:
            self.refuse(f"{line[:40]!r} is not {key!r} with {count} values")
        return values[1:]

    def text(self, key: str) -> str:
        """Return the text of the next line, which must be called `key`."""
        line = self._next(key)
        if not line.startswith(f"{key} "):
            self.refuse(f"{line[:40]!r} is not {key!r} with a text")
        text = line[len(key) + 1 :]
        if len(text) > MAX_TEXT or _CONTROL.search(text):
            self.refuse(f"the text of {key!r} must be one line of at most {MAX_TEXT} characters")
        return text

    def number(self, text: str, low: float, high: float) -> float:
        """Return a decimal within [low, high]."""
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not low <= number <= high:
            self.refuse(f"{text[:40]!r} is not a number within {low:g}–{high:g}")
        return number

    def integer(self, text: str, low: int, high: int) -> int:
        """Return a whole number within [low, high]."""
        if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
            self.refuse(f"{text[:40]!r} is not a whole number within {low}–{high}")
        return int(text)

    def next_is(self, key: str) -> bool:
        """Return whether the next line is called `key`."""
        return self._number < len(self._lines) and self._lines[self._number].startswith(f"{key} ")

    def finish(self) -> None:
        """Refuse lines that no field asked for."""
        if self._number < len(self._lines):
            self._number += 1
            self.refuse(f"unknown field {self._lines[self._number - 1][:40]!r}")

    def refuse(self, reason: str) -> NoReturn:
        """Raise the ReaperError that names the current line."""
        raise ReaperError(f"spool message refused, line {self._number}: {reason}; write it again with this version")

    def _next(self, key: str) -> str:
        if self._number >= len(self._lines):
            self.refuse(f"the message ends where {key!r} should follow")
        self._number += 1
        return self._lines[self._number - 1]

    def _head(self, line: str) -> tuple[str, str]:
        words = line.split(" ")
        if words[0] != MAGIC or len(words) != 4:
            self.refuse(f"it does not begin with {MAGIC!r}, a version, a kind and an id")
        if words[1] != str(VERSION):
            self.refuse(f"version {words[1][:20]!r} is not {VERSION}")
        if not _ID.fullmatch(words[3]):
            self.refuse(f"id {words[3][:70]!r} must be 8–64 characters of 0-9, a-f and -")
        return words[2], words[3]

    def _check_end(self, line: str, content: bytes, count: int) -> None:
        self._number = count + 1
        end = _END.fullmatch(line)
        if end is None:
            self.refuse("the end line is missing: cut short, or something follows it")
        if int(end[1]) != count:
            self.refuse(f"{end[1]} lines are announced, {count} are there")
        if int(end[2], 16) != zlib.crc32(content[: -len(line) - 1]):
            self.refuse(f"checksum {end[2]} does not match what is written")
        self._number = 1


def _lines_of(content: bytes) -> list[str]:
    """Return the lines of a message plus the empty text after the last line end."""
    if len(content) > MAX_BYTES:
        raise ReaperError(f"spool message refused: {len(content)} bytes, at most {MAX_BYTES} are read; split it")
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise ReaperError(f"spool message refused at byte {error.start}: not UTF-8 text; write it again") from error
    if len(lines) < 3 or lines[-1]:
        raise ReaperError("spool message refused: the end line is missing, it was cut short; write it again")
    return lines
