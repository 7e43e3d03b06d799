"""Says on the network that the program is here, so that TouchOSC's Browse finds it: DNS-SD, service `_osc._udp`.

Comes in: the address that is bound, and the port. Goes out: multicast DNS by zeroconf, on that interface alone. Without
a network that carries it the program goes on; it is found by typing its address.
Source: RFC 6763; opensoundcontrol.org's registered service type.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

SERVICE = "_osc._udp.local."
CLOSE_S = 5.0
MAX_NAME = 63
"""Bytes of one DNS label (RFC 1035)."""


@contextmanager
def advertised(host: str, port: int, say: Callable[[str], object]) -> Generator[None]:
    """Advertise meanwhile; from a thread of its own, since asking whether a name is free takes a second."""
    ended = threading.Event()
    thread = threading.Thread(target=_advertise, args=(host, port, ended, say), name="mdns", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(CLOSE_S)


def _advertise(host: str, port: int, ended: threading.Event, say: Callable[[str], object]) -> None:
    # It takes a tenth of a second to import; who opts out never needs it.
    from zeroconf import Error, InterfaceChoice, Zeroconf  # noqa: PLC0415

    is_any = ipaddress.ip_address(host).is_unspecified
    try:
        zeroconf = Zeroconf(interfaces=InterfaceChoice.All if is_any else [host])
    except (OSError, RuntimeError) as error:
        say(f"not advertised to TouchOSC's Browse ({error}); type this computer's address there")
        return
    try:
        service = service_info(host, port)
        zeroconf.register_service(service, allow_name_change=True)
        ended.wait()
        _withdraw(zeroconf, service)
    except (Error, OSError) as error:
        say(
            f"not advertised to TouchOSC's Browse ({error or type(error).__name__}); type this computer's address there"
        )
    finally:
        zeroconf.close()


def _withdraw(zeroconf: "Zeroconf", service: "ServiceInfo") -> None:
    with suppress(OSError):
        zeroconf.unregister_service(service)


def service_info(host: str, port: int) -> "ServiceInfo":
    """Return what is advertised: a name with the computer's in it, and where it is."""
    from zeroconf import ServiceInfo  # noqa: PLC0415

    computer = socket.gethostname().partition(".")[0] or "computer"
    name = f"Vocal MIDI on {computer}".encode()[:MAX_NAME].decode(errors="ignore")
    addresses = _own_addresses() if ipaddress.ip_address(host).is_unspecified else [host]
    return ServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        port=port,
        parsed_addresses=addresses,
        properties={"txtvers": "1", "version": "1.0"},
        server=f"vocalmidi-{computer}.local.",
    )


def _own_addresses() -> list[str]:
    """Return this computer's addresses on its networks."""
    import ifaddr  # noqa: PLC0415

    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return [ip for ip in found if not ipaddress.ip_address(ip).is_loopback] or ["127.0.0.1"]
