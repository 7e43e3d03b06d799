"""The UDP door: real sockets on loopback."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from control.test_desk import Program, message
from vocalmidi.control import Bundle, Desk, decode, encode, serving, timetag_of
from vocalmidi.errors import ControlError
from vocalmidi.gauge import Gauges, Stage

LOOPBACK = "127.0.0.1"


class Controller:
    """A socket that sends to a server and hears its answers."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.settimeout(10)
        self.server = (LOOPBACK, port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, packet):
        self.socket.sendto(packet if isinstance(packet, bytes) else encode(packet), self.server)

    def hear(self, address):
        """Return the arguments of the next message to this address."""
        while True:
            packet = decode(self.socket.recv(9000))
            for each in packet.elements if isinstance(packet, Bundle) else (packet,):
                if each.address == f"/vocalmidi/{address}":
                    return each.arguments


@pytest.fixture
def program():
    return Program()


@pytest.fixture
def controller(program):
    with serving(Desk(program), LOOPBACK, 0) as server, Controller(server.port) as one:
        yield one


def test_what_is_asked_is_echoed_after_whatever_else_came(controller):
    controller.send(message("subscribe"))
    assert controller.hear("genre") == ("pop",)
    for datagram in (b"", b"junk", bytes(60000), b"#bundle\0" + b"\xff" * 64):
        controller.send(datagram)
    controller.send(message("genre", "jazz"))
    assert controller.hear("genre") == ("jazz",)


def test_the_heartbeat_comes_by_itself_and_a_future_bundle_on_time(controller):
    controller.send(message("subscribe"))
    assert controller.hear("heartbeat") == (1,)
    due_s = time.time() + 0.3
    controller.send(Bundle(timetag_of(due_s), (message("octave", 1),)))
    # What else is told meanwhile is read over; the state of the subscription said octave 0.
    while controller.hear("octave") != (1,):
        pass
    assert time.time() >= due_s - 0.002


def test_each_packet_is_timed_whatever_it_holds(program):
    gauges = Gauges()
    gauges.begin()
    with serving(Desk(program), LOOPBACK, 0, gauges) as server, Controller(server.port) as one:
        for packet in (b"junk", message("subscribe"), message("genre", "jazz")):
            one.send(packet)
        while one.hear("genre") != ("jazz",):
            pass
    assert len(gauges.end().histograms[Stage.CONTROL]) == 3


def test_a_port_that_is_taken_is_said(program):
    with (
        serving(Desk(program), LOOPBACK, 0) as server,
        pytest.raises(ControlError, match=rf"port {server.port} .*\[osc\]"),
        serving(Desk(program), LOOPBACK, server.port),
    ):
        pass


def test_the_thread_ends_with_the_server_and_the_port_is_free_again(program):
    with serving(Desk(program), LOOPBACK, 0) as server:
        assert any(thread.name == "control" for thread in threading.enumerate())
    assert not any(thread.name == "control" for thread in threading.enumerate())
    with serving(Desk(program), LOOPBACK, server.port):
        pass


def test_news_are_told_when_the_bell_rings_and_not_only_with_the_next_look(program, monkeypatch):
    monkeypatch.setattr("vocalmidi.control.desk.TURN_S", 60.0)
    with serving(Desk(program), LOOPBACK, 0) as server, Controller(server.port) as one:
        one.send(message("subscribe"))
        one.hear("heartbeat")
        for octave in range(3):
            program.happened.append(message("note", 60 + octave, 100))
            server.wake()
            assert one.hear("note") == (60 + octave, 100)


def test_the_thread_asks_for_haste_before_anything_is_served_and_gives_it_back(program):
    asked = []

    @contextmanager
    def hastened(thread):
        asked.append((thread, threading.current_thread().name))
        yield
        asked.append("done")

    with serving(Desk(program), LOOPBACK, 0, hastened=hastened):
        assert asked == [("control", "control")]
    assert asked[-1] == "done"
