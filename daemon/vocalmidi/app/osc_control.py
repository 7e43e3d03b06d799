"""Opens the program to controllers: the control room's door in front of this daemon.

Comes in: the daemon's writer, its spool, settings. Goes out: a UDP server and its advertisement, for as long as asked.
"""

import ipaddress
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from vocalmidi.app.controlled import Controlled
from vocalmidi.app.errands import Errands
from vocalmidi.app.lesson import Lessons
from vocalmidi.app.showing import meter_now
from vocalmidi.app.writer import Writer
from vocalmidi.config import Settings
from vocalmidi.control import AllowList, Desk, advertised, parse_allow, serving
from vocalmidi.errors import ConfigError, ControlError
from vocalmidi.realtime import RealTime
from vocalmidi.reaper import Spool


def allow_list(settings: Settings) -> AllowList:
    """Return who may speak; raise ConfigError where a door to the network is open to nobody, or is no address."""
    networks = parse_allow(settings.allow)
    try:
        is_local = ipaddress.ip_address(settings.bind).is_loopback
    except ValueError:
        raise ConfigError(
            f"osc.bind {settings.bind!r} is no address; write 127.0.0.1, or 0.0.0.0 for the network"
        ) from None
    if not is_local and not networks:
        raise ConfigError(
            f"osc.bind {settings.bind} opens a port to the network, but osc.allow names nobody; write for example "
            'allow = "192.168.1.0/24"'
        )
    return AllowList(networks)


@dataclass(frozen=True, slots=True)
class Opened:
    """The door's port, None where it could not be opened, and the program behind it."""

    port: int | None
    program: Controlled


@contextmanager
def controlled_by_osc(
    writer: Writer, spool: Spool, settings: Settings, say: Callable[[str], object], real_time: RealTime | None = None
) -> Generator[Opened]:
    """Let controllers in meanwhile; where the port is taken that is said, and the rest goes on without.

    real_time: what the door's thread asks for haste; it asks by itself where there is none.

    Raises:
        ConfigError: the settings contradict themselves.
    """
    allowed = allow_list(settings)
    lessons = Lessons(writer, settings, lambda: writer.sitting.now.listening)
    errands = Errands(spool, lessons)
    writer.attend(errands)
    program = Controlled(writer.sitting, errands, lambda: meter_now(writer.history), lambda: writer.is_writing)
    with ExitStack() as doors:
        try:
            hastened = (real_time or RealTime(settings.realtime)).hastened
            desk = Desk(program, allowed)
            server = doors.enter_context(serving(desk, settings.bind, settings.port, writer.gauge, hastened))
        except ControlError as error:
            say(str(error))
            yield Opened(None, program)
            return
        program.woken = server.wake
        if writer.play is not None:
            program.play, writer.play.news.to = writer.play, program
        if settings.advertise:
            doors.enter_context(advertised(settings.bind, server.port, say))
        say(f"controllers: OSC on UDP {settings.bind} port {server.port} (docs/OSC.md)")
        yield Opened(server.port, program)
