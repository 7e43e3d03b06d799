"""Realtime by rtkit's leave: a system service that may make threads real-time for who may not.

Comes in: process, thread, priority. Goes out: three messages on D-Bus, no more; the connection is closed at once.
Interface: org.freedesktop.RealtimeKit1, as its README has it.
"""

import contextlib
from typing import Any, Protocol, Self

from vocalmidi.realtime.asking import Refused

PATIENCE_S = 1.0
"""The service is started by the first who asks: some hundred ms."""
NAME, PATH = "org.freedesktop.RealtimeKit1", "/org/freedesktop/RealtimeKit1"


class Bus(Protocol):
    """What is asked of a connection of jeepney."""

    def send_and_get_reply(self, message: Any, *, timeout: float | None = None) -> Any:
        """Send a message and return its answer."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class RealtimeKit:
    """The service, on one connection."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def highest_priority(self) -> int:
        """Return what it gives at most."""
        return int(self._property("MaxRealtimePriority"))

    def most_run_time_us(self) -> int:
        """Return the RLIMIT_RTTIME that it demands of who asks."""
        return int(self._property("RTTimeUSecMax"))

    def make_realtime(self, process: int, thread: int, priority: int) -> None:
        """Make a thread SCHED_RR; raise Refused where it says no."""
        self._call(NAME, "MakeThreadRealtimeWithPID", "ttu", (process, thread, priority))

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._bus.close()

    def _property(self, name: str) -> Any:
        ((_, value),) = self._call("org.freedesktop.DBus.Properties", "Get", "ss", (NAME, name))
        return value

    def _call(self, interface: str, method: str, signature: str, arguments: tuple[object, ...]) -> tuple[Any, ...]:
        from jeepney import DBusAddress, DBusErrorResponse, new_method_call  # noqa: PLC0415 -- see open_system_bus
        from jeepney.wrappers import unwrap_msg  # noqa: PLC0415

        message = new_method_call(DBusAddress(PATH, NAME, interface), method, signature, arguments)
        try:
            return tuple(unwrap_msg(self._bus.send_and_get_reply(message, timeout=PATIENCE_S)))
        except DBusErrorResponse as error:
            raise Refused(f"rtkit says no: {error.name.rpartition('.')[2]}") from None
        except (OSError, EOFError) as error:
            raise Refused(f"rtkit does not answer: {error}") from None


def open_system_bus() -> RealtimeKit:
    """Return the service on this machine; raise Refused where there is no system bus."""
    try:
        # Needed by nobody who has the right himself.
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415
    except ModuleNotFoundError:
        raise Refused("jeepney, which speaks to rtkit, is not installed") from None
    try:
        return RealtimeKit(open_dbus_connection(bus="SYSTEM"))
    except Exception as error:  # noqa: BLE001 -- no file, nobody there, other words than expected: there is no bus
        raise Refused(f"there is no system bus to ask rtkit on ({type(error).__name__})") from None
