"""Our OSC device among Reaper's control surfaces: the bytes of reaper.ini in, those with it or without it out.

Reaper keeps `csurf_cnt` in its section [REAPER], and for each surface one line, of an OSC device
`csurf_N=OSC "NAME" FLAGS RECEIVE_PORT "SEND_TO" SEND_PORT BYTES PAUSE_MS "PATTERN"`; flags: 1 receive, 2 send
(github.com/justinfrankel/reaper-sdk, reaper_csurf/csurf_osc.cpp: PackCfg, ParseCfg). Every other byte stays as it is.
"""

import re
from dataclasses import dataclass

from vocalmidi.errors import ReaperError

DEVICE_NAME = "Vocal MIDI"
"""By which we know our own line again."""
PATTERN_NAME = "VocalMIDI"
PATTERN_FILE = f"OSC/{PATTERN_NAME}.ReaperOSC"
"""Below the resource folder; where it is missing Reaper takes its Default, which also tells of every fader."""
LOOPBACK = "127.0.0.1"
USUAL_PORT = 9000
"""Reaper's own default for what it sends (osc.h)."""
_PACKET_BYTES, _PAUSE_MS = 1024, 10  # Reaper's defaults (osc.h)
_RECEIVE, _SEND = 1, 2
_SECTION = re.compile(rb"\[REAPER\][ \t]*", re.IGNORECASE)  # Windows reads its settings without regard to case
_ENTRY = re.compile(rb"csurf_(cnt|[0-9]{1,4})[ \t]*=[ \t]*(.*?)[ \t]*", re.IGNORECASE)
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|$)")


@dataclass(frozen=True, slots=True)
class OscDevice:
    """What our device does.

    send_port: the port on this computer to which Reaper tells its transport: the daemon's `osc_port`.
    receive_port: where Reaper listens for commands; it does so on every network, without a password. 0 for not at all.
    """

    send_port: int = USUAL_PORT
    receive_port: int = 0

    def __post_init__(self) -> None:
        if not (1 <= self.send_port <= 65535 and 0 <= self.receive_port <= 65535):
            raise ValueError(
                f"ports {self.send_port} and {self.receive_port} must be within 1–65535, or 0 for no commands"
            )
        if self.send_port == self.receive_port:
            raise ValueError(f"port {self.send_port} can't be used both ways; choose another one to receive at")

    @property
    def line(self) -> str:
        """What stands behind `csurf_N=`."""
        flags = _SEND | (_RECEIVE if self.receive_port else 0)
        ports = f'{self.receive_port} "{LOOPBACK}" {self.send_port}'
        return f'OSC "{DEVICE_NAME}" {flags} {ports} {_PACKET_BYTES} {_PAUSE_MS} "{PATTERN_NAME}"'

    @property
    def patterns(self) -> str:
        """The pattern file: the messages that Reaper sends and obeys, all others are off."""
        told = ["TIME f/time s/time/str", "BEAT s/beat/str", "REPEAT t/repeat"]
        told += ["RECORD t/record", "STOP t/stop", "PLAY t/play", "PAUSE t/pause"]
        if self.receive_port:
            told.append("ACTION i/action s/action/str t/action/@ f/action/@/cc")
        return "# Written by `vocalmidi reaper osc`\n\n" + "".join(f"{line}\n" for line in told)


@dataclass(slots=True)
class _Surfaces:
    """The lines of reaper.ini with their endings, and where its control surfaces stand among them."""

    lines: list[tuple[bytes, bytes]]
    head: int
    count_at: int | None
    count: int
    places: dict[int, int]  # number of a surface → its line

    def ours(self) -> int | None:
        """Return the number of our device."""
        wanted = f'OSC "{DEVICE_NAME}" '.encode()
        return next((n for n in sorted(self.places) if n < self.count and self.value(n).startswith(wanted)), None)

    def value(self, number: int) -> bytes:
        entry = _ENTRY.fullmatch(self.lines[self.places[number]][0])
        return entry[2] if entry else b""

    def put(self, number: int, value: bytes) -> None:
        at, ending = self.places[number], self.lines[self.places[number]][1]
        self.lines[at] = (b"csurf_%d=%s" % (number, value), ending)

    def set_count(self, count: int) -> None:
        if self.count_at is not None:
            self.lines[self.count_at] = (b"csurf_cnt=%d" % count, self.lines[self.count_at][1])

    def add(self, number: int, value: bytes) -> None:
        """Put a new last surface behind the others, and the count before it where there is none."""
        last = max(self.head, self.count_at or 0, *self.places.values(), 0)
        ending = self.lines[self.head][1] or b"\n"
        self.lines[last] = (self.lines[last][0], ending)
        added = [b"csurf_%d=%s" % (number, value)]
        if self.count_at is None:
            added.insert(0, b"csurf_cnt=%d" % (number + 1))
        self.lines[last + 1 : last + 1] = [(text, ending) for text in added]

    def content(self) -> bytes:
        return b"".join(text + ending for text, ending in self.lines)


def device_line(content: bytes) -> str | None:
    """Return our device as it stands there, None when it does not."""
    surfaces = _read(content)
    number = surfaces.ours()
    return None if number is None else surfaces.value(number).decode(errors="replace")


def with_device(content: bytes, device: OscDevice) -> bytes:
    """Return the file with exactly our one device; raise ReaperError when its surfaces can't be understood."""
    surfaces = _checked(content)
    number = surfaces.ours()
    if number is not None:
        surfaces.put(number, device.line.encode())
        return surfaces.content()
    number = surfaces.count
    surfaces.set_count(number + 1)
    if number in surfaces.places:
        # A line beyond the count, which Reaper does not read.
        surfaces.put(number, device.line.encode())
    else:
        surfaces.add(number, device.line.encode())
    return surfaces.content()


def without_device(content: bytes) -> bytes:
    """Return the file without our device, those behind it one number lower; raise ReaperError as `with_device`."""
    surfaces = _checked(content)
    number = surfaces.ours()
    if number is None:
        return content
    for later in range(number, surfaces.count - 1):
        if later + 1 in surfaces.places and later in surfaces.places:
            surfaces.put(later, surfaces.value(later + 1))
    surfaces.set_count(surfaces.count - 1)
    del surfaces.lines[surfaces.places[surfaces.count - 1]]
    return surfaces.content()


def _checked(content: bytes) -> _Surfaces:
    """Return the surfaces of a file that can be changed; raise ReaperError where it is not as Reaper writes it."""
    surfaces = _read(content)
    if surfaces.head < 0:
        raise ReaperError("reaper.ini has no section [REAPER]; start Reaper once and close it, then run this again")
    missing = [number for number in range(surfaces.count) if number not in surfaces.places]
    if missing:
        raise ReaperError(
            f"reaper.ini counts {surfaces.count} control surfaces, but csurf_{missing[0]} is missing; add or remove "
            "one in Reaper's preferences (Control/OSC/web), close Reaper, then run this again"
        )
    return surfaces


def _read(content: bytes) -> _Surfaces:
    lines = [(found[1], found[2]) for found in _LINE.finditer(content) if found[0]]
    head = next((at for at, (text, _) in enumerate(lines) if _SECTION.fullmatch(text)), -1)
    surfaces = _Surfaces(lines, head, None, 0, {})
    for at in range(head + 1, len(lines) if head >= 0 else 0):
        text = lines[at][0]
        if text.startswith(b"["):
            break
        entry = _ENTRY.fullmatch(text)
        # Of a key that stands there twice Reaper reads the first.
        if entry and entry[1].lower() != b"cnt":
            surfaces.places.setdefault(int(entry[1]), at)
        elif entry and surfaces.count_at is None:
            surfaces.count_at, surfaces.count = at, _count(entry[2])
    return surfaces


def _count(text: bytes) -> int:
    """Return how many surfaces Reaper reads: the digits that the text begins with, as C's atoi has it."""
    digits = re.match(rb"[0-9]{1,4}", text)
    return int(digits[0]) if digits else 0
