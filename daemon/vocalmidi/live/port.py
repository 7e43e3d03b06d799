"""Where live MIDI goes: a virtual port, a named one, or a ReaStream; and what a MIDI input has to say.

In: what a user calls a port. Out: `Port`s that take messages and `RtInlet`s that are asked, never called: rtmidi's
callback loses and doubles messages of a burst on JACK, its polling does not (1000 of 1000, measured). The library is
loaded when a port is opened. Errors are in words: a machine without a sequencer, a name that fits none or several.
"""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Protocol

from vocalmidi.errors import MidiError
from vocalmidi.live.reastream_port import ReaStreamPort

CLIENT = "Vocal MIDI"
VIRTUAL = "virtual"
REASTREAM = "reastream:"
MOST_AT_ONCE = 1024
"""Messages taken from an input at one look; the rest waits for the next."""


class Port(Protocol):
    """What takes messages."""

    label: str

    def send(self, message: bytes) -> None:
        """Send one message; raise MidiError where it can't be."""

    def close(self) -> None:
        """Give the port up."""


class NoPort:
    """A port at which nobody listens."""

    label = "none"

    def send(self, message: bytes) -> None:
        """Forget a message."""

    def close(self) -> None:
        """Close nothing."""


class RtPort:
    """A port of the system's MIDI."""

    def __init__(self, out: Any, label: str) -> None:
        self.label = label
        self._out = out
        self._send = out.send_message

    def send(self, message: bytes) -> None:
        """Send one message."""
        try:
            self._send(message)
        except (OSError, ValueError) as error:  # RtMidiError is an OSError
            raise MidiError(f"MIDI port {self.label!r} took no message ({error}); open it again") from error

    def close(self) -> None:
        """Close it; what is left of it is freed at once, so that its name is free again."""
        self._out.close_port()
        self._out.delete()


class RtInlet:
    """A MIDI input that is asked."""

    def __init__(self, source: Any, label: str) -> None:
        self.label = label
        self._source = source

    def read(self) -> list[bytes]:
        """Return what came since the last look, in order."""
        found: list[bytes] = []
        while len(found) < MOST_AT_ONCE and (message := self._source.get_message()) is not None:
            found.append(bytes(message[0]))
        return found

    def close(self) -> None:
        """Close it."""
        self._source.close_port()
        self._source.delete()


def open_port(name: str) -> Port:
    """Return the port called `virtual`, `virtual:NAME`, `reastream:IDENTIFIER[@HOST]`, or by part of its name.

    Raises:
        MidiError: there is none, or more than one.
    """
    if name.startswith(REASTREAM):
        return ReaStreamPort(name.removeprefix(REASTREAM))
    out = _client(outgoing=True)
    if name == VIRTUAL or name.startswith(VIRTUAL + ":"):
        label = name.partition(":")[2] or CLIENT
        _open_virtual(out, label)
        return RtPort(out, label)
    number, label = _found(out, name, "output")
    return RtPort(_opened(out, number, label), label)


def open_inlet(name: str) -> RtInlet:
    """Return the MIDI input called `virtual`, `virtual:NAME` or by part of its name; raise MidiError as `open_port`."""
    source = _client(outgoing=False)
    if name == VIRTUAL or name.startswith(VIRTUAL + ":"):
        label = name.partition(":")[2] or f"{CLIENT} in"
        _open_virtual(source, label)
        return RtInlet(source, label)
    number, label = _found(source, name, "input")
    return RtInlet(_opened(source, number, label), label)


def port_names() -> tuple[str, ...]:
    """Return the MIDI outputs of this machine; raise MidiError where it has no MIDI."""
    out = _client(outgoing=True)
    try:
        return tuple(out.get_ports())
    finally:
        out.delete()


def _client(*, outgoing: bool) -> Any:
    """Return a client of the first of the system's MIDI interfaces that works."""
    try:
        rtmidi: Any = import_module("rtmidi")
    except ImportError as error:
        raise MidiError(f"python-rtmidi can't be loaded ({error}); reinstall vocalmidi, or name a ReaStream") from error
    refused: list[str] = []
    for api in rtmidi.get_compiled_api():
        try:
            with _hushed():
                return (rtmidi.MidiOut if outgoing else rtmidi.MidiIn)(api, name=CLIENT)
        except (OSError, RuntimeError) as error:
            refused.append(f"{rtmidi.get_api_display_name(api)}: {error}")
    raise MidiError(
        f"no MIDI on this machine ({'; '.join(' '.join(each.split()) for each in refused)}); load the kernel's"
        " sequencer (modprobe snd-seq), start JACK, or name a ReaStream as midi_port, such as reastream:vocalmidi"
    )


@contextmanager
def _hushed() -> Generator[None]:
    """Keep the C libraries' own complaints off the screen: what they mean is in the error that is raised."""
    os.environ.setdefault("JACK_NO_START_SERVER", "1")  # to ask for a server must not start one
    try:
        screen = os.dup(2)
    except OSError:  # a service without stderr
        yield
        return
    try:
        with open(os.devnull, "w", encoding="ascii") as nothing:  # noqa: PTH123 -- a number is wanted, not a path
            sys.stderr.flush()
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)


def _open_virtual(client: Any, label: str) -> None:
    try:
        client.open_virtual_port(label)
    except (OSError, NotImplementedError) as error:
        client.delete()
        raise MidiError(
            f"virtual MIDI port {label!r} can't be made ({error}); on Windows install a loop driver such as loopMIDI"
            " and name its port as midi_port, or name a ReaStream"
        ) from error


def _found(client: Any, name: str, kind: str) -> tuple[int, str]:
    names: list[str] = client.get_ports()
    wanted = name.casefold().strip()
    exact = [number for number, each in enumerate(names) if each.casefold() == wanted]
    fitting = exact or [number for number, each in enumerate(names) if wanted and wanted in each.casefold()]
    if len(fitting) == 1:
        return fitting[0], names[fitting[0]]
    client.delete()
    there = ", ".join(map(repr, names)) or "none"
    if fitting:
        raise MidiError(f"several MIDI {kind}s are called {name!r}: {there}; name one of them wholly")
    raise MidiError(f"there is no MIDI {kind} {name!r}; there are: {there}")


def _opened(client: Any, number: int, label: str) -> Any:
    try:
        return client.open_port(number, name=CLIENT)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            client.delete()
        raise MidiError(f"MIDI port {label!r} can't be opened ({error}); close other programs that use it") from error
