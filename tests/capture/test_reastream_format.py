"""The codec against packets written byte by byte, and against whatever else comes."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.reastream_sender import RATE, packet
from vocalmidi.capture.reastream_format import LOUDEST, midi_packet, read_datagram, read_midi, sound_packet

SOUND = np.linspace(-1, 1, 100, dtype=np.float32).reshape(2, 50)


def test_a_packet_is_read_and_written_as_published():
    (found,) = read_datagram(packet(SOUND)).packets
    assert (found.identifier, found.sample_rate_hz) == ("voice", RATE)
    np.testing.assert_array_equal(found.samples, SOUND)
    assert sound_packet("voice", RATE, SOUND) == packet(SOUND)


def test_several_blocks_share_a_datagram():
    read = read_datagram(packet(SOUND) + midi_packet("voice", [b"\x90\x3c\x40"]) + packet(SOUND, b"other"))
    assert [each.identifier for each in read.packets] == ["voice", "other"]
    assert read.damaged == 0


@pytest.mark.parametrize(
    "content",
    [
        packet(SOUND)[:-1],
        packet(SOUND, size=46),
        packet(SOUND, size=-1),
        packet(SOUND, size=2**31 - 1),
        packet(SOUND, length=399),
        packet(SOUND, length=0),
        packet(SOUND, channels=0),
        packet(SOUND, channels=65),
        packet(SOUND, channels=3),
        packet(SOUND, rate=0),
        packet(SOUND, rate=-48_000),
        packet(SOUND, rate=10**9),
        packet(SOUND, identifier=b"v" * 32),
        packet(SOUND * np.nan),
        packet(SOUND, magic=b"MRSX"),
        b"M",
    ],
)
def test_what_contradicts_itself_is_counted_and_passed_over(content):
    read = read_datagram(content)
    assert read.packets == ()
    assert read.damaged == 1


def test_nobodys_voice_is_louder_than_twelve_decibels_over_full_scale():
    (found,) = read_datagram(packet(SOUND * 1e30)).packets
    assert np.abs(found.samples).max() == LOUDEST


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(content):
    for each in (content, b"MRSR" + content, b"mRSR" + content):
        read_datagram(each)
        read_midi(each)


def test_a_hundred_thousand_mutated_packets_raise_nothing_and_give_no_more_than_they_hold():
    draw = random.Random(8)
    seeds = [packet(SOUND), packet(SOUND) + packet(SOUND, b"other"), midi_packet("voice", [b"\x90\x3c\x40"] * 3)]
    for _ in range(100_000):
        content = bytearray(draw.choice(seeds))
        for _ in range(draw.randrange(1, 6)):
            content[draw.randrange(min(60, len(content)))] = draw.randrange(256)
        content = bytes(content[: draw.randrange(len(content) + 1)])
        read = read_datagram(content)
        assert sum(each.samples.size * 4 + 47 for each in read.packets) <= len(content)
        assert all(np.isfinite(each.samples).all() for each in read.packets)
        assert len(read_midi(content)) <= len(content) // 32


def test_midi_goes_there_and_back_in_the_layout_of_a_vst_event():
    messages = [b"\x90\x3c\x40", b"\xd0\x20", b"\xe0\x00\x40"]
    sent = midi_packet("voice", messages)
    assert len(sent) == 40 + 3 * 32 == int.from_bytes(sent[4:8], "little")
    event = sent[40:72]
    assert [int.from_bytes(event[at : at + 4], "little") for at in range(0, 24, 4)] == [1, 24, 0, 0, 0, 0]
    assert event[24:28] == b"\x90\x3c\x40\0"
    assert list(read_midi(sent)) == messages
