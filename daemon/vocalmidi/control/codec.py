"""Bytes of a datagram ⇄ the OSC 1.0 packet they mean: pure, without sockets or clocks.

`decode(encode(packet)) == packet` to the last bit of an integer or string, floats to float32. Whatever is not a packet,
or is larger than a control ever needs, is a `ControlError` and nothing else. Not python-osc's reader, which is as quick
but lets `UnicodeDecodeError` escape, follows bundles to any depth and passes over types it doesn't know, so that the
arguments after them change places; it is the oracle of the tests instead.
"""

import math
import struct
from collections.abc import Iterator

from vocalmidi.control.message import Argument, Bundle, Message, Packet, Timetag
from vocalmidi.errors import ControlError

MAX_BYTES = 8192
"""A full state of ours is 2 kB; Ethernet carries 1.5 kB in one piece."""
MAX_DEPTH = 4
"""Bundles in bundles; no controller known to us sends more than one."""
MAX_MESSAGES = 256
"""In one datagram."""
MAX_ARGUMENTS = 64
MAX_ADDRESS = 255
_BUNDLE = b"#bundle\0"
_INT32, _INT64, _UINT64 = struct.Struct(">i"), struct.Struct(">q"), struct.Struct(">Q")
_FLOAT32, _FLOAT64 = struct.Struct(">f"), struct.Struct(">d")
_FIXED = {"i": _INT32, "f": _FLOAT32, "h": _INT64, "d": _FLOAT64, "t": _UINT64}
_PLAIN: dict[str, Argument] = {"T": True, "F": False, "N": None, "I": True}
"""Types without bytes; an impulse is a button that was pressed."""
_INT32_RANGE = range(-(1 << 31), 1 << 31)
_INT64_RANGE = range(-(1 << 63), 1 << 63)
_LARGEST_FLOAT32 = 3.4028235677973366e38
"""What rounds to float32's infinity; struct raises from here on."""


def decode(datagram: bytes) -> Packet:
    """Return the packet that a whole datagram holds; raise ControlError when it holds none."""
    if not 0 < len(datagram) <= MAX_BYTES:
        raise ControlError(f"a packet of {len(datagram)} bytes is refused; 4 to {MAX_BYTES} are read")
    return _Reader(datagram).packet(0, len(datagram), 0)


class _Reader:
    """Reads one datagram; counts its messages."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._messages = 0

    def packet(self, at: int, end: int, depth: int) -> Packet:
        """Return what lies in [at, end)."""
        if (end - at) % 4:
            raise ControlError(f"{end - at} bytes are no OSC packet; its length is a multiple of 4")
        return self._bundle(at, end, depth) if self._content.startswith(_BUNDLE, at) else self._message(at, end)

    def _bundle(self, at: int, end: int, depth: int) -> Bundle:
        if depth >= MAX_DEPTH:
            raise ControlError(f"bundles lie deeper in bundles than {MAX_DEPTH}; send them flat")
        tag = int(_unpacked(_UINT64, self._content, at + len(_BUNDLE), end))
        at += len(_BUNDLE) + _UINT64.size
        elements: list[Packet] = []
        while at < end:
            size = int(_unpacked(_INT32, self._content, at, end))
            at += _INT32.size
            if not 0 < size <= end - at:
                raise ControlError(f"an element of a bundle says {size} bytes where {end - at} are left")
            elements.append(self.packet(at, at + size, depth + 1))
            at += size
        return Bundle(Timetag(tag), tuple(elements))

    def _message(self, at: int, end: int) -> Message:
        self._messages += 1
        if self._messages > MAX_MESSAGES:
            raise ControlError(f"a packet holds more than {MAX_MESSAGES} messages; send several")
        raw, at = self._string(at, end)
        address = raw.decode("ascii", "replace")
        if not (raw.startswith(b"/") and len(raw) <= MAX_ADDRESS and raw.isascii() and address.isprintable()):
            raise ControlError(f"{raw[:40]!r} is no OSC address; one begins with / and is printable ASCII")
        if at == end:  # senders older than the specification leave the types out where there is no argument
            return Message(address)
        types, at = self._string(at, end)
        if not types.startswith(b",") or len(types) > MAX_ARGUMENTS + 1:
            raise ControlError(f"{address}: the types must be a comma and at most {MAX_ARGUMENTS} letters")
        arguments, at = self._arguments(iter(types[1:].decode("latin-1")), at, end, 0)
        if at != end:
            raise ControlError(f"{address}: {end - at} bytes more than its types say")
        return Message(address, arguments)

    def _arguments(self, types: Iterator[str], at: int, end: int, depth: int) -> tuple[tuple[Argument, ...], int]:
        """Return the arguments up to the end of the types, or of the array that is being read, and where they end."""
        found: list[Argument] = []
        value: Argument
        for letter in types:
            if letter in _FIXED:
                value = _unpacked(_FIXED[letter], self._content, at, end)
                at += _FIXED[letter].size
            elif letter in _PLAIN:
                value = _PLAIN[letter]
            elif letter == "[" and depth < MAX_DEPTH:
                value, at = self._arguments(types, at, end, depth + 1)
            elif letter == "]" and depth:
                return tuple(found), at
            else:
                value, at = self._sized(letter, at, end)
            found.append(value)
        if depth:
            raise ControlError("an array of arguments has no end")
        return tuple(found), at

    def _sized(self, letter: str, at: int, end: int) -> tuple[Argument, int]:
        """Return an argument of another type, and where it ends."""
        if letter in "sS":
            raw, at = self._string(at, end)
            return _text(raw), at
        if letter in "crm" and at + 4 <= end:
            raw = self._content[at : at + 4]
            return (_text(raw[3:]) if letter == "c" else raw), at + 4
        if letter == "b":
            size = int(_unpacked(_INT32, self._content, at, end))
            at += _INT32.size
            if size >= 0 and at + (size + 3) // 4 * 4 <= end:
                return self._content[at : at + size], at + (size + 3) // 4 * 4
        raise ControlError(f"an argument of type {letter!r} is unknown, or ends before it should")

    def _string(self, at: int, end: int) -> tuple[bytes, int]:
        """Return the bytes before the next zero, and where the padding ends."""
        stop = self._content.find(b"\0", at, end)
        after = (stop + 4) // 4 * 4
        if stop < 0 or after > end:
            raise ControlError("a string has no end")
        return self._content[at:stop], after


def _unpacked(form: struct.Struct, content: bytes, at: int, end: int) -> int | float:
    if at + form.size > end:
        raise ControlError(f"the packet ends {at + form.size - end} bytes too early")
    (found,) = form.unpack_from(content, at)
    number: int | float = found
    return number


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ControlError(f"the string {raw[:40]!r} is not UTF-8") from None


def encode(packet: Packet) -> bytes:
    """Return the datagram of a packet; raise ValueError where it can't be one."""
    if isinstance(packet, Message):
        types, content = _encoded(packet.arguments)
        return _padded(packet.address.encode("ascii")) + _padded(f",{types}".encode()) + content
    parts = [_BUNDLE, _UINT64.pack(packet.timetag)]
    for element in packet.elements:
        inner = encode(element)
        parts += [_INT32.pack(len(inner)), inner]
    return b"".join(parts)


def _encoded(arguments: tuple[Argument, ...]) -> tuple[str, bytes]:
    """Return type letters and bytes."""
    types: list[str] = []
    content: list[bytes] = []
    for value in arguments:
        letters, raw = _one(value)
        types.append(letters)
        content.append(raw)
    return "".join(types), b"".join(content)


def _one(value: Argument) -> tuple[str, bytes]:  # noqa: PLR0911 - one line a type
    match value:
        case bool():
            return ("T" if value else "F"), b""
        case int() if value in _INT32_RANGE:
            return "i", _INT32.pack(value)
        case int() if value in _INT64_RANGE:
            return "h", _INT64.pack(value)
        case float() if math.isinf(value) or not abs(value) >= _LARGEST_FLOAT32:
            return "f", _FLOAT32.pack(value)
        case float():
            return "d", _FLOAT64.pack(value)
        case str() if "\0" not in value:
            return "s", _padded(value.encode())
        case bytes():
            return "b", _INT32.pack(len(value)) + value + bytes(-len(value) % 4)
        case None:
            return "N", b""
        case tuple():
            letters, raw = _encoded(value)
            return f"[{letters}]", raw
        case _:
            raise ValueError(f"{value!r:.50} can't be an OSC argument")


def _padded(text: bytes) -> bytes:
    return text + bytes(4 - len(text) % 4)
