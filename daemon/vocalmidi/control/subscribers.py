"""Who is told: subscribers with leases, and what each was sent last.

Comes in: times, hosts and ports. Goes out: where a message has to go. It sends nothing and reads no clock.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from vocalmidi.control.message import Argument
from vocalmidi.errors import ControlError

LEASE_S = 30.0
"""As the design has it; a controller that is switched off is told nothing soon after."""
MAX_SUBSCRIBERS = 16
"""Ten connections are TouchOSC's most; every one costs a packet a change."""
REFLECTED_S = 1.0
"""What comes back so soon as it was sent is a controller that sends what it is told, not a hand."""


class Peer(NamedTuple):
    """A host's address and a UDP port, as sockets name them."""

    host: str
    port: int


class _Sent(NamedTuple):
    arguments: tuple[Argument, ...]
    at_s: float


@dataclass(slots=True)
class _Subscriber:
    """Who is told.

    is_named: it named the port, so that it may send from others; many controllers do.
    sent: of each address the arguments sent last, and when, monotonic seconds.
    """

    source: Peer
    is_named: bool
    until_s: float
    sent: dict[str, _Sent] = field(default_factory=dict[str, _Sent])


class Subscribers:
    """The leases that run."""

    def __init__(self) -> None:
        self._by_target: dict[Peer, _Subscriber] = {}

    @property
    def targets(self) -> tuple[Peer, ...]:
        """Where messages have to go, who came first first."""
        return tuple(self._by_target)

    def subscribe(self, source: Peer, port: int | None, now_s: float) -> Peer:
        """Begin or renew a lease; `port`: where the answers go on that host, None: back to where it came from.

        Raises:
            ControlError: there are too many.
        """
        target = Peer(source.host, port or source.port)
        if target not in self._by_target and len(self._by_target) >= MAX_SUBSCRIBERS:
            raise ControlError(f"{MAX_SUBSCRIBERS} controllers are subscribed already; unsubscribe one, or wait 30 s")
        self._by_target[target] = _Subscriber(source, port is not None, now_s + LEASE_S)
        return target

    def unsubscribe(self, source: Peer, port: int | None) -> None:
        """End the leases of who asks: that to the port named, or all that it asked for."""
        target = Peer(source.host, port) if port else None
        gone = [to for to, one in self._by_target.items() if to == target or (target is None and one.source == source)]
        for each in gone:
            del self._by_target[each]

    def renew(self, source: Peer, now_s: float) -> None:
        """Renew the leases of who has sent something."""
        for target, one in self._by_target.items():
            if source in (one.source, target) or (one.is_named and target.host == source.host):
                one.until_s = now_s + LEASE_S

    def expire(self, now_s: float) -> None:
        """Forget those whose leases have run out."""
        for target in [target for target, one in self._by_target.items() if one.until_s <= now_s]:
            del self._by_target[target]

    def target_of(self, source: Peer) -> Peer:
        """Return where an answer to this sender goes: where it, or its host by name, subscribed to last, else back."""
        exact = [target for target, one in self._by_target.items() if source in (one.source, target)]
        named = [target for target, one in self._by_target.items() if one.is_named and target.host == source.host]
        return (exact or named or [source])[-1]

    def is_subscribed(self, target: Peer) -> bool:
        """Return whether this one is told of changes."""
        return target in self._by_target

    def note_sent(self, target: Peer, address: str, arguments: tuple[Argument, ...], now_s: float) -> None:
        """Remember what a subscriber was told."""
        one = self._by_target.get(target)
        if one is not None:
            one.sent[address] = _Sent(arguments, now_s)

    def is_reflection(self, source: Peer, address: str, arguments: tuple[Argument, ...], now_s: float) -> bool:
        """Return whether this sender was told just that just now."""
        one = self._by_target.get(self.target_of(source))
        told = one.sent.get(address) if one is not None else None
        return told is not None and told.arguments == arguments and now_s - told.at_s < REFLECTED_S
