"""Reaper's OSC comes in on loopback; nothing that comes can stop it."""

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from vocalmidi.app.osc_in import LOOPBACK, hear_osc, messages_of
from vocalmidi.errors import TransportError


def message(address, *arguments):
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build()


def test_a_bundle_as_reaper_sends_it_becomes_a_sighting_with_the_time_it_came():
    bundle = OscBundleBuilder(IMMEDIATELY)
    for part in (message("/play", 1.0), message("/time", 12.5), message("/beat/str", "7.2.00")):
        bundle.add_content(part)
    seen, came = [], threading.Event()

    def sighted(sighting, now_s):
        seen.append((sighting, now_s))
        came.set()

    with hear_osc(0, sighted) as port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reaper:
        sent_s = time.perf_counter()
        for datagram in (b"no OSC at all", b"", bundle.build().dgram):
            reaper.sendto(datagram, (LOOPBACK, port))
        assert came.wait(10)
    [(sighting, now_s)] = seen
    assert (sighting.time_s, sighting.is_playing) == (12.5, True)
    assert sent_s <= now_s <= time.perf_counter()


def test_a_port_that_is_taken_is_said():
    with (
        hear_osc(0, lambda *_: None) as port,
        pytest.raises(TransportError, match=f"UDP port {port} .* osc_port"),
        hear_osc(port, lambda *_: None),
    ):
        pass


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"#bundle\0" + bytes(8) + tail))
def test_no_datagram_is_an_error(datagram):
    assert isinstance(messages_of(datagram), list)


@given(st.binary(max_size=40))
def test_no_message_is_an_error(tail):
    assert isinstance(messages_of(b"/time\0\0\0,f\0\0" + tail), list)
