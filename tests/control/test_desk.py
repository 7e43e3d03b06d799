"""The desk: what is asked is obeyed and echoed, who is told and for how long, and that nothing can stop it."""

import pytest

from vocalmidi.control import (
    IMMEDIATELY,
    Action,
    AllowList,
    Bundle,
    Desk,
    Message,
    Moment,
    Order,
    Peer,
    decode,
    encode,
    parse_allow,
    timetag_of,
)
from vocalmidi.errors import ConfigError, ControlError

PHONE, TABLET = Peer("127.0.0.1", 50001), Peer("127.0.0.1", 50002)
UNIX_S = 1_764_000_000.0


class Program:
    """A genre, an octave and what was asked."""

    def __init__(self):
        self.values = {"genre": "pop", "octave": 0}
        self.asked = []
        self.happened = []
        self.shown = ()
        self._state = None

    def obey(self, order):
        if order.action is Action.SET and order.subject in self.values:
            if order.values == ("trap",):
                raise ControlError("no trap today")
            if self.values[order.subject] != order.values[0]:
                self.change(order.subject, order.values[0])
        self.asked.append(order)

    def change(self, name, value):
        self.values[name] = value
        self._state = None

    def state(self):
        if self._state is None:
            self._state = tuple(Message(f"/vocalmidi/{name}", (value,)) for name, value in self.values.items())
        return self._state

    def holds(self, address):
        return next((each for each in self.state() if each.address == address), Message(address, (False,)))

    def attend(self, *, is_heard):
        self.is_heard = is_heard

    def meters(self):
        return self.shown

    def news(self):
        happened, self.happened = self.happened, []
        return happened


class Room:
    """A desk, its program, and a clock."""

    def __init__(self, allowed=None):
        self.program = Program()
        self.desk = Desk(self.program, allowed)
        self.now_s = 100.0

    def at(self):
        return Moment(self.now_s, UNIX_S + self.now_s)

    def send(self, packet, sender=PHONE):
        self.desk.receive(packet if isinstance(packet, bytes) else encode(packet), sender, self.at())
        return self.take()

    def take(self):
        """Return what went out: target and packet."""
        sent = [(parcel.target, decode(parcel.datagram)) for parcel in self.desk.outbox]
        self.desk.outbox.clear()
        return sent

    def subscribe(self, sender=PHONE, *port):
        return self.send(Message("/vocalmidi/subscribe", port), sender)

    def pass_s(self, seconds, step_s=0.02):
        for _ in range(round(seconds / step_s)):
            self.now_s += step_s
            self.desk.turn(self.at())
        return self.take()


def message(name, *arguments):
    return Message(f"/vocalmidi/{name}", arguments)


def told(sent, target=PHONE, heartbeats=False):
    return [
        (each.address.removeprefix("/vocalmidi/"), *each.arguments)
        for to, packet in sent
        if to == target
        for each in (packet.elements if isinstance(packet, Bundle) else (packet,))
        if heartbeats or not each.address.endswith("heartbeat")
    ]


@pytest.fixture
def room():
    return Room()


def test_who_subscribes_is_told_all_state_at_once(room):
    sent = room.subscribe()
    assert told(sent) == [("genre", "pop"), ("octave", 0)]
    assert isinstance(sent[0][1], Bundle)


def test_answers_go_to_the_port_named_on_the_same_host(room):
    assert {to for to, _ in room.subscribe(PHONE, 9011)} == {Peer("127.0.0.1", 9011)}
    assert {to for to, _ in room.send(message("genre", "jazz"))} == {Peer("127.0.0.1", 9011)}
    assert {to for to, _ in room.send(message("genre", "polka"))} == {Peer("127.0.0.1", 9011)}


def test_who_named_a_port_may_send_from_others(room):
    """As liblo's oscsend does, with oscdump listening."""
    target = Peer("127.0.0.1", 9011)
    room.subscribe(PHONE, 9011)
    room.pass_s(29.0, 0.5)
    assert {to for to, _ in room.send(message("genre", "polka"), Peer("127.0.0.1", 50007))} == {target}
    room.pass_s(29.0, 0.5)
    assert room.send(message("genre", "jazz"), Peer("127.0.0.1", 50008)) == [(target, message("genre", "jazz"))]


def test_a_change_is_echoed_on_its_address_to_every_subscriber_and_to_nobody_else(room):
    room.subscribe(PHONE)
    room.subscribe(TABLET)
    sent = room.send(message("octave", "2"), Peer("127.0.0.1", 50003))
    assert sent == [(PHONE, message("octave", 2)), (TABLET, message("octave", 2))]
    assert room.program.asked == [Order(Action.SET, "octave", (2,))]


def test_what_changes_elsewhere_is_told_too(room):
    room.subscribe()
    room.program.change("genre", "rock")
    room.program.happened.append(message("written", "30 notes"))
    assert told(room.pass_s(0.02)) == [("genre", "rock"), ("written", "30 notes")]


@pytest.mark.parametrize("wrong", [("octave", 9), ("octave", "up"), ("genre", 3), ("genre", "polka"), ("genre",)])
def test_a_refusal_is_one_error_changes_nothing_and_says_what_holds(room, wrong):
    room.subscribe()
    room.subscribe(TABLET)
    sent = room.send(message(*wrong))
    assert [each[0] for each in told(sent)] == ["error", wrong[0]]
    assert told(sent)[1][1] == room.program.values[wrong[0]]
    assert told(sent, TABLET) == []
    assert room.program.asked == []
    assert room.program.values == {"genre": "pop", "octave": 0}


def test_who_is_not_subscribed_gets_the_error_alone(room):
    [(to, answer)] = room.send(message("nothing"))
    assert (to, answer.address) == (PHONE, "/vocalmidi/error")
    [(to, answer)] = room.send(b"no OSC")
    assert (to, answer.address) == (PHONE, "/vocalmidi/error")


def test_what_the_program_refuses_is_an_error_too(room):
    assert told(room.send(message("genre", "trap"))) == [("error", "no trap today")]


def test_status_tells_who_asks_and_no_other(room):
    room.subscribe(TABLET)
    sent = room.send(message("status"))
    assert {to for to, _ in sent} == {PHONE}
    assert told(sent) == [("genre", "pop"), ("octave", 0)]


def test_a_lease_lasts_thirty_seconds_and_any_message_renews_it(room):
    room.subscribe()
    room.pass_s(29.0, 0.5)
    room.send(message("heartbeat"))
    assert told(room.pass_s(29.0, 0.5), heartbeats=True)
    room.pass_s(1.5, 0.5)
    assert room.pass_s(5.0, 0.5) == []
    room.program.change("genre", "rock")
    assert room.pass_s(1.0, 0.5) == []


def test_who_unsubscribes_is_told_no_more(room):
    room.subscribe(PHONE, 9011)
    room.subscribe(TABLET)
    room.send(message("unsubscribe"))
    assert {to for to, _ in room.send(message("octave", 1))} == {TABLET}
    room.send(message("unsubscribe", 50002))  # by its port, from the same host
    assert room.send(message("octave", 2)) == []


def test_no_more_than_sixteen_are_subscribed(room):
    for n in range(16):
        assert told(room.subscribe(Peer("127.0.0.1", 2000 + n)), Peer("127.0.0.1", 2000 + n))
    assert told(room.subscribe())[0][0] == "error"
    assert told(room.subscribe(Peer("127.0.0.1", 2003)), Peer("127.0.0.1", 2003))[0][0] == "genre"


def test_an_unchanged_value_is_echoed_but_not_to_who_sends_back_what_he_was_told(room):
    room.subscribe()
    room.pass_s(2.0)
    assert told(room.send(message("genre", "pop"))) == [("genre", "pop")]
    assert told(room.send(message("genre", "pop"))) == []  # reflected
    assert told(room.send(message("genre", "jazz"))) == [("genre", "jazz")]
    assert told(room.send(message("genre", "jazz"))) == []
    room.pass_s(2.0)
    assert told(room.send(message("genre", "jazz"))) == [("genre", "jazz")]


def test_two_desks_that_talk_to_each_other_fall_silent():
    rooms = {PHONE: Room(), TABLET: Room()}
    for here, there in ((PHONE, TABLET), (TABLET, PHONE)):
        rooms[there].subscribe(here)
    waiting = [(PHONE, TABLET, encode(message("genre", "jazz"))), (PHONE, TABLET, encode(message("genre", "polka")))]
    for _ in range(40):
        if not waiting:
            break
        source, target, datagram = waiting.pop(0)
        waiting += [(target, to, encode(packet)) for to, packet in rooms[target].send(datagram, source)]
    assert waiting == []


def test_a_bundle_is_carried_out_together_and_answered_as_one(room):
    room.subscribe()
    sent = room.send(Bundle(IMMEDIATELY, (message("genre", "jazz"), message("octave", -1))))
    assert sent == [(PHONE, Bundle(IMMEDIATELY, (message("genre", "jazz"), message("octave", -1))))]


def test_of_a_bundle_what_is_right_is_done_and_what_is_wrong_is_told(room):
    room.subscribe()
    sent = told(room.send(Bundle(IMMEDIATELY, (message("genre", "polka"), message("octave", 3)))))
    assert [each[0] for each in sent] == ["error", "genre", "octave"]
    assert room.program.values == {"genre": "pop", "octave": 3}


def test_a_late_bundle_holds_at_once_and_a_future_one_on_time(room):
    room.subscribe()
    room.pass_s(0.1)
    now_s = UNIX_S + room.now_s
    assert told(room.send(Bundle(timetag_of(now_s - 3600), (message("octave", 1),)))) == [("octave", 1)]
    later = Bundle(timetag_of(now_s + 0.5), (message("genre", "jazz"),))
    latest = Bundle(timetag_of(now_s + 0.7), (message("genre", "rock"),))
    assert room.send(Bundle(timetag_of(now_s - 1), (latest, message("octave", 2), later))) == [
        (PHONE, Bundle(IMMEDIATELY, (message("octave", 2),)))
    ]
    wait_s = room.desk.turn(room.at())
    assert wait_s == pytest.approx(0.02)
    assert told(room.pass_s(0.48)) == []
    assert told(room.pass_s(0.04)) == [("genre", "jazz")]
    assert told(room.pass_s(0.2)) == [("genre", "rock")]


def test_the_desk_wakes_when_a_bundle_is_due(room):
    room.send(Bundle(timetag_of(UNIX_S + room.now_s + 0.0301), (message("octave", 1),)))
    wait_s = room.desk.turn(room.at())
    assert wait_s == pytest.approx(0.0301, abs=1e-6)
    room.now_s += wait_s
    room.desk.turn(room.at())
    assert room.program.values["octave"] == 1


def test_what_is_too_far_ahead_or_too_much_is_refused(room):
    far = Bundle(timetag_of(UNIX_S + room.now_s + 61), (message("octave", 1),))
    assert told(room.send(far))[0][0] == "error"
    ahead = Bundle(timetag_of(UNIX_S + room.now_s + 30), (message("octave", 1),) * 200)
    answers = [told(room.send(ahead)) for _ in range(6)]
    assert [bool(each) for each in answers] == [False] * 5 + [True]
    assert answers[-1][0][0] == "error"


def test_meters_come_at_most_thirty_times_a_second_and_only_when_they_moved(room):
    room.subscribe()
    count = 0
    for n in range(500):
        room.program.shown = (message("level", -n / 10), message("pitch", 60.0))
        room.now_s += 0.004
        room.desk.turn(room.at())
        count += len([each for each in told(room.take()) if each[0] == "level"])
    assert 40 <= count <= 61  # in 2 s
    assert len(told(room.pass_s(1.0))) <= 1  # where it came to rest
    assert told(room.pass_s(1.0)) == []


def test_a_heartbeat_comes_once_a_second(room):
    room.subscribe()
    beats = [each for each in told(room.pass_s(5.0), heartbeats=True) if each[0] == "heartbeat"]
    assert [each[1] for each in beats] == list(range(1, len(beats) + 1))
    assert len(beats) in (5, 6)


def test_loopback_alone_may_speak_unless_others_are_allowed():
    stranger = Peer("192.168.1.7", 9011)
    room = Room()
    assert room.send(message("octave", 1), stranger) == []
    assert room.program.asked == []
    assert room.desk.dropped == 1
    room = Room(AllowList(parse_allow("192.168.1.0/24, 10.0.0.7")))
    assert room.send(message("status"), stranger)
    assert room.send(message("status"), Peer("10.0.0.7", 1))
    assert room.send(message("status"), Peer("::1", 1))
    assert room.send(message("status"), Peer("::ffff:192.168.1.9", 1))
    for host in ("192.168.2.7", "10.0.0.8", "fe80::1%eth0", "nonsense"):
        assert room.send(message("status"), Peer(host, 1)) == []
    with pytest.raises(ConfigError, match=r"192\.168\.1\.0/24"):
        parse_allow("my phone")


def test_what_is_too_much_in_a_second_is_passed_over_and_then_heard_again(room):
    for n in range(6000):
        room.send(message("octave", n % 3))
    assert room.desk.dropped == 1000
    room.now_s += 1.0
    room.subscribe()
    assert told(room.send(message("octave", -2))) == [("octave", -2)]


def test_a_full_state_fits_datagrams_that_every_network_carries():
    room = Room()
    room.program.values = {f"setting{n}": "x" * 30 for n in range(60)}
    room.desk.receive(encode(message("subscribe")), PHONE, room.at())
    assert len(room.desk.outbox) > 1
    assert all(len(parcel.datagram) <= 1200 for parcel in room.desk.outbox)
    assert len(told(room.take())) == 60
