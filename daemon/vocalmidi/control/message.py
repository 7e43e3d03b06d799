"""What OSC 1.0 carries, as frozen values: messages, bundles, time tags.

Nothing here knows bytes (`codec`), addresses of ours (`table`) or sockets (`server`).
Source: Wright & Freed, The Open Sound Control 1.0 Specification, 2002 (opensoundcontrol.stanford.edu/spec-1_0.html).
"""

from dataclasses import dataclass
from typing import NewType

Timetag = NewType("Timetag", int)
"""NTP's 64 bits: whole seconds since 1900 above, 2^-32 seconds below."""
IMMEDIATELY = Timetag(1)
"""The time tag that means now."""
Argument = int | float | str | bytes | bool | None | tuple["Argument", ...]
"""Types i h, f d, s S c, b (also r and m: four bytes), T F I, N, arrays; a time tag argument is read as an int."""
NTP_UNIX_S = 2_208_988_800
"""From 1900 to 1970 (RFC 5905)."""
_FRACTION = 1 << 32


@dataclass(frozen=True, slots=True)
class Message:
    """An address, "/" and what follows, and its arguments."""

    address: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What belongs together and holds from one time on; bundles may lie in bundles."""

    timetag: Timetag
    elements: tuple["Message | Bundle", ...]


Packet = Message | Bundle


def timetag_of(unix_s: float) -> Timetag:
    """Return the time tag of a time since 1970; raise ValueError outside what its 64 bits hold (1900 to 2036)."""
    tag = round((unix_s + NTP_UNIX_S) * _FRACTION)
    if not IMMEDIATELY < tag < 1 << 64:
        raise ValueError(f"{unix_s} s is outside 1900 to 2036, which a time tag can tell")
    return Timetag(tag)


def unix_s_of(timetag: Timetag) -> float:
    """Return seconds since 1970; of `IMMEDIATELY` the year 1900, which is late enough."""
    return timetag / _FRACTION - NTP_UNIX_S
