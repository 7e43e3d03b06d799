"""ReaStream's datagrams: sound, and MIDI, of a Reaper track.

In: bytes, whatever they are. Out: packets; what is cut off, contradicts itself or holds what is no sound is counted and
passed over. Nothing raises for what came from outside. The way back makes packets of sound (for tests) and of MIDI.
Source: the format as published by its author, 1014.org/shiz/reastream.txt: all little endian, no sequence number, no
time stamp. MIDI events are as VST 2's `VstMidiEvent`, of which 24 bytes follow its first two numbers.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.capture.rates import MAX_SAMPLE_RATE_HZ, MIN_SAMPLE_RATE_HZ
from vocalmidi.values import Floats

PORT = 58710
MOST_CHANNELS, MOST_BLOCK_BYTES = 64, 1200
MOST_BYTES = 65_536
"""Of a UDP datagram."""
LOUDEST = 4.0
"""Full scale and 12 dB; what is louder is no microphone's, and is cut there."""
_SOUND = struct.Struct("<4si32sBiH")
_MIDI = struct.Struct("<4si32s")
_EVENT = struct.Struct("<6i4s4x")
_AUDIO_MAGIC, _MIDI_MAGIC = b"MRSR", b"mRSR"
_MIDI_TYPE, _EVENT_BYTES = 1, 24
_NAME_BYTES = 31
"""The last of the 32 is always 0."""
_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
"""Bytes of the channel messages by their status."""


@dataclass(frozen=True, slots=True, eq=False)
class SoundPacket:
    """Sound of one sender: the identifier, its rate, and (channels, n) samples."""

    identifier: str
    sample_rate_hz: int
    samples: Floats


@dataclass(frozen=True, slots=True)
class Datagram:
    """What one datagram held: packets of sound in order, and how many were damaged."""

    packets: tuple[SoundPacket, ...]
    damaged: int = 0


def read_datagram(content: bytes) -> Datagram:
    """Return the sound in a datagram; what follows a packet whose length can't be believed is passed over with it."""
    packets: list[SoundPacket] = []
    at = damaged = 0
    while at < len(content):
        size = _size_at(content, at)
        if size is None:
            damaged += 1
            break
        if content[at : at + 4] == _AUDIO_MAGIC:
            packet = _sound(content[at : at + size])
            if packet is None:
                damaged += 1
            else:
                packets.append(packet)
        at += size
    return Datagram(tuple(packets), damaged)


def sound_packet(identifier: str, sample_rate_hz: int, samples: Floats) -> bytes:
    """Return (channels, n) samples as a packet."""
    block = np.ascontiguousarray(samples, "<f4").tobytes()
    if not 1 <= len(samples) <= MOST_CHANNELS or len(block) > MOST_BLOCK_BYTES:
        raise ValueError(
            f"a block of {len(samples)} channels and {len(block)} bytes: 1–64 and at most 1200 are possible"
        )
    head = _SOUND.pack(
        _AUDIO_MAGIC, _SOUND.size + len(block), name_bytes(identifier), len(samples), sample_rate_hz, len(block)
    )
    return head + block


def midi_packet(identifier: str, messages: Sequence[bytes]) -> bytes:
    """Return channel messages as a packet of events, all of them for now."""
    events = b"".join(_EVENT.pack(_MIDI_TYPE, _EVENT_BYTES, 0, 0, 0, 0, message[:3]) for message in messages)
    return _MIDI.pack(_MIDI_MAGIC, _MIDI.size + len(events), name_bytes(identifier)) + events


def read_midi(content: bytes) -> tuple[bytes, ...]:
    """Return the channel messages of a packet, () where it is none."""
    size = _size_at(content, 0)
    if size is None or content[:4] != _MIDI_MAGIC:
        return ()
    events = range(_MIDI.size, size - _EVENT.size + 1, _EVENT.size)
    found = (_EVENT.unpack_from(content, at) for at in events)
    return tuple(event[6][: _LENGTHS[event[6][0] & 0xF0]] for event in found if _is_channel_message(event))


def name_bytes(identifier: str) -> bytes:
    """Return an identifier as it is sent; raise ValueError where it is too long or no text."""
    name = identifier.encode()
    if len(name) > _NAME_BYTES or b"\0" in name:
        raise ValueError(f"ReaStream identifier {identifier!r} must be at most {_NAME_BYTES} bytes of text")
    return name


def _is_channel_message(event: tuple[int, int, int, int, int, int, bytes]) -> bool:
    return event[0] == _MIDI_TYPE and event[6][0] & 0xF0 in _LENGTHS


def _size_at(content: bytes, at: int) -> int | None:
    """Return the length of the packet there, None where it is none or is not all there."""
    if len(content) - at < _MIDI.size:
        return None
    magic, size, _ = _MIDI.unpack_from(content, at)
    least = {_AUDIO_MAGIC: _SOUND.size, _MIDI_MAGIC: _MIDI.size}.get(magic)
    return size if least is not None and least <= size <= len(content) - at else None


def _sound(packet: bytes) -> SoundPacket | None:
    """Return the sound of a whole packet, None where it contradicts itself."""
    _, size, name, channels, rate_hz, block_bytes = _SOUND.unpack_from(packet)
    if size != _SOUND.size + block_bytes or not 0 < block_bytes <= MOST_BLOCK_BYTES or name[-1]:
        return None
    if not 1 <= channels <= MOST_CHANNELS or block_bytes % (4 * channels):
        return None
    if not MIN_SAMPLE_RATE_HZ <= rate_hz <= MAX_SAMPLE_RATE_HZ:
        return None
    samples = np.frombuffer(packet, "<f4", offset=_SOUND.size).reshape(channels, -1).astype(np.float32)
    if not np.isfinite(samples).all():
        return None
    return SoundPacket(_name(name), rate_hz, np.clip(samples, -LOUDEST, LOUDEST))


def _name(padded: bytes) -> str:
    return padded.partition(b"\0")[0].decode("utf-8", "replace")
