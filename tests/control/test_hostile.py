"""Controllers that mean no good, or know no better, at the real door: it stays open, and says what it can't do."""

import socket
import time

import pytest

from control.test_desk import Program, message
from control.test_server import LOOPBACK, Controller
from vocalmidi.control import IMMEDIATELY, Bundle, Desk, Message, Timetag, decode, encode, serving, timetag_of


@pytest.fixture
def desk():
    return Desk(Program())


@pytest.fixture
def controller(desk):
    with serving(desk, LOOPBACK, 0) as server, Controller(server.port) as one:
        one.send(message("subscribe"))
        assert one.hear("genre") == ("pop",)
        yield one


def nested(packet, depth):
    for _ in range(depth):
        packet = Bundle(IMMEDIATELY, (packet,))
    return packet


def test_bundles_in_bundles_are_carried_out_and_too_deep_ones_refused(controller):
    controller.send(nested(message("octave", 1), 4))
    assert controller.hear("octave") == (1,)
    controller.send(nested(message("octave", 2), 5))
    assert "deeper" in controller.hear("error")[0]


@pytest.mark.parametrize("tag", [Timetag(0), IMMEDIATELY, timetag_of(1e9)], ids=["zero", "immediately", "long ago"])
def test_what_is_late_is_done_at_once(controller, tag):
    controller.send(Bundle(tag, (message("octave", 3),)))
    assert controller.hear("octave") == (3,)


def test_a_bundle_for_another_day_is_refused_and_keeps_nobody_waiting(controller):
    controller.send(Bundle(timetag_of(time.time() + 86400), (message("octave", 3),)))
    assert "from now" in controller.hear("error")[0]
    controller.send(message("octave", 1))
    assert controller.hear("octave") == (1,)


def test_a_bundle_as_large_as_a_network_carries_is_answered_change_by_change_in_bundles(controller):
    sent = [message("octave", n % 2 + 1) for n in range(45)]
    packet = encode(Bundle(IMMEDIATELY, tuple(sent)))
    assert 1400 < len(packet) < 1472  # of Ethernet's 1500, IP and UDP take 28
    controller.send(packet)
    told = []
    while len(told) < 45:
        datagram = controller.socket.recv(9000)
        assert len(datagram) <= 1200
        packet = decode(datagram)
        if isinstance(packet, Bundle):
            told += [each for each in packet.elements if each.address.endswith("octave")]
    assert told == sent


def test_who_subscribes_the_program_to_itself_starts_no_storm(desk, controller):
    controller.send(message("subscribe", controller.server[1]))
    for octave in (1, 2, 3):
        controller.send(message("octave", octave))
        assert controller.hear("octave") == (octave,)
    assert controller.hear("heartbeat")
    assert desk.dropped == 0


def test_two_controllers_on_one_computer_each_hear_everything_and_their_own_errors(desk):
    with serving(desk, LOOPBACK, 0) as server, Controller(server.port) as one, Controller(server.port) as other:
        for each in (one, other):
            each.send(message("subscribe"))
            each.hear("octave")
        one.send(message("genre", "jazz"))
        assert (one.hear("genre"), other.hear("genre")) == (("jazz",), ("jazz",))
        other.send(message("genre", "polka"))
        assert "polka" in other.hear("error")[0]
        one.send(message("octave", 2))
        while (packet := decode(one.socket.recv(9000))) != message("octave", 2):
            assert isinstance(packet, Message)
            assert not packet.address.endswith("error")


def test_it_speaks_ipv6(desk):
    try:
        phone = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        phone.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    with phone, serving(desk, "::1", 0) as server:
        phone.settimeout(10)
        phone.sendto(encode(message("subscribe")), ("::1", server.port))
        assert message("genre", "pop") in decode(phone.recv(9000)).elements
