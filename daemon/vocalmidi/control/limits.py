"""Who may speak, and how much: a list of networks, and a bucket that fills with time.

Comes in: hosts' addresses, times. Goes out: yes or no. Loopback is always allowed, names are never looked up.
"""

import ipaddress
from functools import lru_cache

from vocalmidi.errors import ConfigError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_A_SECOND = 5000
"""Packets, from all together; 2,000 are more than any surface sends, and cost a sixth of a core."""


class AllowList:
    """Loopback, and the networks named."""

    def __init__(self, networks: tuple[Network, ...] = ()) -> None:
        """Allow these networks besides."""
        self._networks = networks
        self._known = lru_cache(maxsize=256)(self._is_allowed)

    def allows(self, host: str) -> bool:
        """Return whether somebody at this address may speak."""
        return self._known(host)

    def _is_allowed(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return address.is_loopback or any(address in network for network in self._networks)


def parse_allow(text: str) -> tuple[Network, ...]:
    """Return the networks of a list such as `192.168.1.0/24, 10.0.0.7`; raise ConfigError where one is none."""
    networks: list[Network] = []
    for word in filter(None, (each.strip() for each in text.split(","))):
        try:
            networks.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            raise ConfigError(f"osc.allow {word!r} is no address or network; write it as 192.168.1.0/24") from None
    return tuple(networks)


class Bucket:
    """Lets `a_second` pass each second, and as many at once."""

    def __init__(self, a_second: float = MOST_A_SECOND) -> None:
        """Begin full."""
        self._a_second = self._left = a_second
        self._at_s: float | None = None

    def takes(self, now_s: float) -> bool:
        """Return whether one more may pass."""
        passed_s = 0.0 if self._at_s is None else max(0.0, now_s - self._at_s)
        self._at_s = now_s
        self._left = min(self._a_second, self._left + passed_s * self._a_second)
        if self._left < 1:
            return False
        self._left -= 1
        return True
