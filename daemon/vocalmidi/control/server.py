"""The UDP door of the desk: one socket, one thread of its own.

Comes in: datagrams. Goes out: datagrams. Everything about them is the desk's; here are the socket and the clocks. It
holds the interpreter for one datagram at a time, so that it delays no hop of the analysis.
"""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from vocalmidi.control.codec import MAX_BYTES
from vocalmidi.control.desk import Desk, Moment
from vocalmidi.control.subscribers import Peer
from vocalmidi.errors import ControlError
from vocalmidi.gauge import NO_GAUGE, Gauge, Stage

RECEIVE_BYTES = 1 << 20
"""Asked of the system for what waits; it gives as much as it is set to (Linux: 200 kB, some 500 small packets)."""
AT_ONCE = 64
"""Datagrams taken before it is looked whether anything else is due."""
START_S = SHUTDOWN_S = 5.0
NAME = "control"
Hastened = Callable[[str], AbstractContextManager[object]]
"""Lets the calling thread, of that name, come before other programs."""


def _moment() -> Moment:
    return Moment(time.monotonic(), time.time())


class Server:
    """A bound socket and the thread that serves it."""

    gauge: Gauge = NO_GAUGE
    """Told how long each packet takes."""
    hastened: Hastened = nullcontext

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        """Bind; port 0: one that is free.

        Raises:
            ControlError: the port is taken, or the host is no address of this machine.
        """
        self._desk = desk
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
            self._socket.bind((host, port))
            self._socket.setblocking(False)
        except OSError as error:
            self._socket.close()
            raise ControlError(
                f"UDP {host} port {port} can't be listened to ({error.strerror}); choose another port or bind in [osc]"
            ) from error
        self._waits = selectors.DefaultSelector()
        self._waits.register(self._socket, selectors.EVENT_READ)
        self._bell, self._ear = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._waits.register(self._ear, selectors.EVENT_READ)
        self._has_rung = False
        self.port: int = self._socket.getsockname()[1]
        # Who has it subscribed to itself would have it turn back to what was told before, for ever.
        self._own = frozenset(Peer(own, self.port) for own in (host, "127.0.0.1", "::1", "::ffff:127.0.0.1"))
        self._begun, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name=NAME, daemon=True)

    def start(self) -> None:
        """Begin to serve; returns once the thread has what it asks for."""
        self._thread.start()
        self._begun.wait(START_S)

    def close(self) -> None:
        """End the thread, then the socket."""
        self._ended.set()
        self._has_rung = False
        self.wake()
        self._thread.join(SHUTDOWN_S)
        self._waits.close()
        for each in (self._socket, self._bell, self._ear):
            each.close()

    def wake(self) -> None:
        """Have the desk look for news now; from any thread, and quick."""
        if not self._has_rung:
            self._has_rung = True
            with suppress(OSError):  # it is closed, or so full that it wakes anyway
                self._bell.send(b"!")

    def _serve(self) -> None:
        with self.hastened(NAME):
            self._begun.set()
            self._serve_all()

    def _serve_all(self) -> None:
        while not self._ended.is_set():
            wait_s = self._desk.turn(_moment())
            self._post()
            if any(key.fileobj is self._ear for key, _ in self._waits.select(wait_s)):
                self._hush()
            for _ in range(AT_ONCE):
                if not self._take():
                    break

    def _hush(self) -> None:
        """Hear the bell; whoever rings from here on is heard with the turn that follows."""
        with suppress(OSError):
            self._ear.recv(64)
        self._has_rung = False

    def _take(self) -> bool:
        """Take one datagram in and answer it; False where none waits."""
        try:
            datagram, source = self._socket.recvfrom(MAX_BYTES + 1)
        except BlockingIOError:
            return False
        except OSError:
            # Windows: somebody we answered is gone, or a datagram was longer than is read; the next may be good.
            return not self._ended.is_set()
        sender = Peer(source[0], source[1])
        if sender in self._own:
            return True
        began_ns = self.gauge.now()
        self._desk.receive(datagram, sender, _moment())
        self._post()
        self.gauge.ended(Stage.CONTROL, began_ns)
        return True

    def _post(self) -> None:
        for target, datagram in self._desk.outbox:
            # A controller that is gone, or a network that is full: it is told again what changes next.
            with suppress(OSError, OverflowError):
                self._socket.sendto(datagram, target)
        self._desk.outbox.clear()


@contextmanager
def serving(
    desk: Desk, host: str, port: int, gauge: Gauge = NO_GAUGE, hastened: Hastened = nullcontext
) -> Generator[Server]:
    """Serve a desk meanwhile; gauge: told how long each packet takes."""
    server = Server(desk, host, port)
    server.gauge, server.hastened = gauge, hastened
    server.start()
    try:
        yield server
    finally:
        server.close()
