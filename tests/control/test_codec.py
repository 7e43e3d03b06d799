"""The OSC codec: what goes out comes back, python-osc agrees, and whatever is malformed is one ControlError."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from vocalmidi.control import IMMEDIATELY, MAX_BYTES, Bundle, Message, Timetag, decode, encode, timetag_of, unix_s_of
from vocalmidi.errors import ControlError

ADDRESSES = st.from_regex(r"(/[a-z0-9_]{1,12}){1,4}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
PLAIN = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(width=32, allow_nan=False)
    | TEXTS
    | st.binary(max_size=40)
    | st.none()
)
ARGUMENTS = st.lists(PLAIN | st.lists(PLAIN, max_size=3).map(tuple), max_size=6).map(tuple)
MESSAGES = st.builds(Message, ADDRESSES, ARGUMENTS)
TAGS = st.integers(1, 2**64 - 1).map(Timetag)
BUNDLES = st.recursive(
    st.builds(Bundle, TAGS, st.lists(MESSAGES, max_size=4).map(tuple)),
    lambda inner: st.builds(Bundle, TAGS, st.lists(inner | MESSAGES, max_size=3).map(tuple)),
    max_leaves=2,
)
PACKETS = MESSAGES | BUNDLES


def built(address, *arguments):
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build()


@given(PACKETS.filter(lambda packet: depth(packet) <= 4))
def test_what_goes_out_comes_back(packet):
    datagram = encode(packet)
    assert len(datagram) % 4 == 0
    found = decode(datagram)
    assert found == packet
    assert [type(value) for value in values(found)] == [type(value) for value in values(packet)]


def depth(packet):
    return 1 + max(map(depth, packet.elements), default=0) if isinstance(packet, Bundle) else 0


def values(packet):
    if isinstance(packet, Message):
        return list(packet.arguments)
    return [value for element in packet.elements for value in values(element)]


@given(
    ADDRESSES,
    st.lists(
        st.booleans() | st.integers(1 - 2**31, 2**31 - 1) | TEXTS | st.binary(min_size=1, max_size=20), max_size=5
    ),
)
def test_python_osc_writes_the_same_bytes_and_reads_ours(address, arguments):
    theirs = built(address, *arguments).dgram
    ours = encode(Message(address, tuple(arguments)))
    assert ours == theirs
    assert decode(theirs) == Message(address, tuple(arguments))
    [timed] = OscPacket(ours).messages
    assert (timed.message.address, list(timed.message.params)) == (address, arguments)


@given(ADDRESSES, st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_floats_are_python_osc_s_floats(address, number):
    assert decode(built(address, number).dgram).arguments == (number,)


def test_a_bundle_of_python_osc_is_read_with_its_time_and_its_inner_bundle():
    inner, outer = OscBundleBuilder(1_764_000_001.5), OscBundleBuilder(1_764_000_000.25)
    inner.add_content(built("/b", "two"))
    outer.add_content(built("/a", 1))
    outer.add_content(inner.build())
    found = decode(outer.build().dgram)
    assert unix_s_of(found.timetag) == pytest.approx(1_764_000_000.25, abs=1e-6)
    assert found.elements[0] == Message("/a", (1,))
    assert unix_s_of(found.elements[1].timetag) == pytest.approx(1_764_000_001.5, abs=1e-6)
    assert found.elements[1].elements == (Message("/b", ("two",)),)


def test_a_time_tag_tells_the_time_to_a_microsecond():
    assert timetag_of(0.0) == 2_208_988_800 << 32  # RFC 5905: 1970 in NTP's era
    assert unix_s_of(timetag_of(1_764_000_000.123456)) == pytest.approx(1_764_000_000.123456, abs=1e-6)
    with pytest.raises(ValueError, match="1900 to 2036"):
        timetag_of(3e9)


def test_every_type_of_the_table_and_of_the_specification_s_list_is_read():
    types = b",ifsbhtdScrmTFNI[i[s]]"
    body = b"/x\0\0" + types + bytes(4 - len(types) % 4)
    body += struct.pack(">if", -5, 0.5) + b"ab\0\0" + struct.pack(">i", 3) + b"xyz\0"
    body += struct.pack(">qQd", 2**40, 1, math.pi) + b"sym\0" + b"\0\0\0q" + b"RGBA" + b"\0\x90\x40\x7f"
    body += struct.pack(">i", 7) + b"in\0\0"
    assert decode(body).arguments == (
        *(-5, 0.5, "ab", b"xyz", 2**40, 1, math.pi, "sym", "q", b"RGBA", b"\0\x90\x40\x7f"),
        *(True, False, None, True, (7, ("in",))),
    )


def test_a_message_without_types_has_no_arguments():
    assert decode(b"/vocalmidi/write\0\0\0\0") == Message("/vocalmidi/write")


def nested(depth):
    packet = Message("/x")
    for _ in range(depth):
        packet = Bundle(IMMEDIATELY, (packet,))
    return encode(packet)


MALFORMED = {
    "nothing": b"",
    "three bytes": b"/a\0",
    "no slash": b"abc\0,\0\0\0",
    "no end of the address": b"/abc",
    "not ASCII": b"/\xff\0\0,\0\0\0",
    "a line feed": b"/\n\0\0,\0\0\0",
    "no comma": b"/a\0\0i\0\0\0\0\0\0\1",
    "an unknown type": b"/a\0\0,z\0\0",
    "a number cut short": b"/a\0\0,h\0\0\0\0\0\1",
    "a string without end": b"/a\0\0,s\0\0abcd",
    "no UTF-8": b"/a\0\0,s\0\0\xff\xfe\0\0",
    "a blob longer than the packet": b"/a\0\0,b\0\0\0\0\0\x09abcd",
    "a negative blob": b"/a\0\0,b\0\0\xff\xff\xff\xffabcd",
    "bytes left over": b"/a\0\0,\0\0\0abcd",
    "an array without end": b"/a\0\0,[i\0\0\0\0\1",
    "an end without array": b"/a\0\0,]\0\0",
    "arrays too deep": b"/a\0\0," + b"[" * 9 + b"]" * 9 + b"\0",
    "too many arguments": b"/a\0\0," + b"T" * 67,
    "a bundle cut short": b"#bundle\0\0\0\0\0",
    "an element that is too long": b"#bundle\0\0\0\0\0\0\0\0\1\0\0\0\x10/a\0\0",
    "an element of no length": b"#bundle\0\0\0\0\0\0\0\0\1\0\0\0\0",
    "an element of odd length": b"#bundle\0\0\0\0\0\0\0\0\1\0\0\0\3/a\0\0",
    "bundles too deep": nested(5),
    "too long": encode(Message("/a", (bytes(MAX_BYTES),))),
    "too many messages": encode(Bundle(IMMEDIATELY, (Message("/a"),) * 257)),
}


@pytest.mark.parametrize("datagram", MALFORMED.values(), ids=list(MALFORMED))
def test_what_is_malformed_is_one_error_in_words(datagram):
    with pytest.raises(ControlError, match=r"\w"):
        decode(datagram)


def test_bundles_as_deep_as_allowed_are_read():
    assert decode(nested(4)).elements


@given(st.binary(max_size=300) | st.binary(max_size=120).map(lambda tail: b"#bundle\0" + bytes(7) + b"\1" + tail))
def test_no_datagram_is_another_error(datagram):
    try:
        decode(datagram)
    except ControlError:
        return


@pytest.mark.parametrize("value", ["a\0b", object(), 2**70])
def test_what_can_t_be_sent_is_refused_here(value):
    with pytest.raises(ValueError, match="can't be an OSC argument"):
        encode(Message("/a", (value,)))
