"""The desk between controllers and the program: what comes is obeyed, what holds is told. Pure: no socket, no clock.

Comes in: datagrams with their senders, and the time. Goes out: orders to the program, and datagrams in the `outbox`. A
change is echoed on its own address to every subscriber, whoever made it, as a bundle where a bundle asked for it. A
refusal is one `/vocalmidi/error` to who asked, and the state that still holds, so that his fader goes back.
"""

from collections.abc import Sequence
from typing import NamedTuple

from vocalmidi.control.codec import decode, encode
from vocalmidi.control.dispatch import orders_of
from vocalmidi.control.limits import AllowList, Bucket
from vocalmidi.control.message import IMMEDIATELY, Bundle, Message
from vocalmidi.control.order import Action, Order, Program
from vocalmidi.control.schedule import Group, Schedule
from vocalmidi.control.subscribers import Peer, Subscribers
from vocalmidi.control.table import ERROR, HEARTBEAT, Entry, by_address
from vocalmidi.errors import ControlError, VocalMidiError

HEARTBEAT_S = 1.0
METER_S = 1 / 30
"""Between two meters of one address: not more than a screen shows."""
TURN_S = 0.02
"""Between looks at the program while somebody is subscribed: what changes elsewhere is seen within a frame or two."""
REST_S = 0.5
"""While nobody is."""
MAX_WORDS = 500
"""Characters of an error; as the spool's."""
BUNDLE_BYTES = 1200
"""Of one datagram of ours: what every network carries in one piece, so that Wi-Fi loses less of it."""


class Moment(NamedTuple):
    """One moment by both clocks: monotonic seconds, and seconds since 1970, which time tags mean."""

    now_s: float
    unix_s: float


class Parcel(NamedTuple):
    """A datagram to send."""

    target: Peer
    datagram: bytes


class Desk:
    """Everything about control but the socket; for one thread."""

    def __init__(self, program: Program, allowed: AllowList | None = None) -> None:
        """Serve `program` to those who are allowed, loopback alone if nobody is named."""
        self._program = program
        self._allowed = allowed or AllowList()
        self._bucket = Bucket()
        self._subscribers = Subscribers()
        self._schedule = Schedule()
        self._state: tuple[Message, ...] = ()
        self._told: dict[str, Message] = {}
        self._beats = 0
        self._beat_s = self._meter_s = float("-inf")
        self._metered: dict[str, Message] = {}
        self.dropped = 0
        self.outbox: list[Parcel] = []

    def receive(self, datagram: bytes, sender: Peer, at: Moment) -> None:
        """Take in a datagram; nothing that it holds can raise. Strangers and what is too much get no answer."""
        if not self._allowed.allows(sender.host) or not self._bucket.takes(at.now_s):
            self.dropped += 1
            return
        try:
            groups = self._schedule.put(decode(datagram), sender, at.unix_s)
        except ControlError as error:
            self._refuse(sender, error, None, at)
            return
        self._subscribers.renew(sender, at.now_s)
        for group in groups:
            self._carry_out(group, at)

    def turn(self, at: Moment) -> float:
        """Do what is due; return after how many seconds there is something to do again."""
        for group in self._schedule.due(at.unix_s):
            self._carry_out(group, at)
        self._subscribers.expire(at.now_s)
        self._program.attend(is_heard=bool(self._subscribers.targets))
        if self._subscribers.targets:
            self._tell_all(self._changes() + list(self._program.news()), at)
            self._meters(at)
            self._beat(at)
        else:
            self._program.news()  # what nobody hears is gone
        next_s = self._schedule.next_s()
        rest_s = TURN_S if self._subscribers.targets else REST_S
        return rest_s if next_s is None else max(0.0, min(rest_s, next_s - at.unix_s))

    def _carry_out(self, group: Group, at: Moment) -> None:
        """Obey the messages of a group one by one, and echo them together where they came together."""
        echoes: list[Message] = []
        for message in group.messages:
            try:
                for entry, order in orders_of(message):
                    echoes += self._obeyed(entry, order, message, group.sender, at)
            except VocalMidiError as error:
                self._refuse(group.sender, error, message, at)
        if group.is_bundle:
            echoes += self._changes()  # what has changed with it belongs to it
        self._send(self._subscribers.targets, echoes, at, bundled=group.is_bundle)

    def _obeyed(self, entry: Entry, order: Order, message: Message, sender: Peer, at: Moment) -> list[Message]:
        """Carry out an order; return what everybody is to be told of it."""
        match order.action:
            case Action.SUBSCRIBE:
                target = self._subscribers.subscribe(sender, _port(order), at.now_s)
                self._send((target,), self._all(), at, bundled=True)
            case Action.UNSUBSCRIBE:
                self._subscribers.unsubscribe(sender, _port(order))
            case Action.STATUS:
                self._send((self._subscribers.target_of(sender),), self._all(), at, bundled=True)
            case _:
                self._program.obey(order)
                return self._echo(entry.address, message, sender, at) if entry.has_state else []
        return []

    def _echo(self, address: str, message: Message, sender: Peer, at: Moment) -> list[Message]:
        """Return what holds at an address now; what else has changed with it is told with the next turn."""
        holds, told = self._program.holds(address), self._told.get(address)
        if told is not holds and told != holds:
            self._told[address] = holds
            return [holds]
        # An unchanged state is told too; but not to who only sends back what he was told, or it would never end.
        is_back = self._subscribers.is_reflection(sender, address, message.arguments, at.now_s)
        return [] if is_back else [holds]

    def _all(self) -> list[Message]:
        self._changes()
        return list(self._state)

    def _changes(self) -> list[Message]:
        """Return what holds now and did not when it was looked at last."""
        state = self._program.state()
        if state is self._state:
            return []
        told = self._told
        # Most messages are the very same objects as before; to compare those costs nothing.
        changed = [each for each in state if told.get(each.address) is not each and told.get(each.address) != each]
        self._state = state
        told.update((each.address, each) for each in changed)
        return changed

    def _refuse(self, sender: Peer, error: VocalMidiError, message: Message | None, at: Moment) -> None:
        target = self._subscribers.target_of(sender)
        words = " ".join(str(error).split())[:MAX_WORDS]
        answer = [Message(ERROR, (words,))]
        known = by_address().get(message.address) if message is not None else None
        if known is not None and known.has_state and self._subscribers.is_subscribed(target):
            answer.append(self._program.holds(known.address))
        self._send((target,), answer, at, bundled=False)

    def _meters(self, at: Moment) -> None:
        if at.now_s - self._meter_s < METER_S:
            return
        self._meter_s = at.now_s
        moved = [each for each in self._program.meters() if self._metered.get(each.address) != each]
        self._metered |= {each.address: each for each in moved}
        self._tell_all(moved, at)

    def _beat(self, at: Moment) -> None:
        if at.now_s - self._beat_s >= HEARTBEAT_S:
            self._beat_s = at.now_s
            self._beats += 1
            self._tell_all([Message(HEARTBEAT, (self._beats,))], at)

    def _tell_all(self, messages: Sequence[Message], at: Moment) -> None:
        self._send(self._subscribers.targets, messages, at, bundled=False)

    def _send(self, targets: Sequence[Peer], messages: Sequence[Message], at: Moment, *, bundled: bool) -> None:
        """Put messages into the outbox, one datagram each, or as bundles."""
        if not (targets and messages):
            return
        datagrams = _bundles(messages) if bundled else [encode(message) for message in messages]
        for target in targets:
            for message in messages:
                self._subscribers.note_sent(target, message.address, message.arguments, at.now_s)
            self.outbox += [Parcel(target, each) for each in datagrams]


def _port(order: Order) -> int | None:
    return int(order.values[0]) if order.values else None


def _bundles(messages: Sequence[Message]) -> list[bytes]:
    """Return messages in as many bundles as a network wants."""
    bundles: list[list[Message]] = []
    size = BUNDLE_BYTES
    for message in messages:
        length = len(encode(message)) + 4
        if size + length > BUNDLE_BYTES:
            bundles.append([])
            size = 16
        bundles[-1].append(message)
        size += length
    return [encode(Bundle(IMMEDIATELY, tuple(each))) for each in bundles]
