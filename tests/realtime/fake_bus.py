"""A system bus with an rtkit on it, on a socket of its own: enough of D-Bus to be asked three things."""

import threading
from contextlib import contextmanager
from socket import AF_UNIX, socket

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.low_level import Parser

DENIED = "org.freedesktop.DBus.Error.AccessDenied"


class FakeBus:
    """Answers one client after another.

    properties: what rtkit has; asked: what it was asked for; denies: whether it says no; is_mute: or nothing at all.
    """

    def __init__(self, path, properties):
        self.address = f"unix:path={path}"
        self.properties, self.asked, self.denies, self.is_mute = properties, [], False, False
        self._listener = socket(AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                self._answer_all(client, self._welcome(client))

    @staticmethod
    def _welcome(client):
        """The SASL part: whoever says BEGIN is in; return what he said after it."""
        said, end = b"", b"BEGIN\r\n"
        while end not in said and (more := client.recv(1000)):
            said += more
            if b"AUTH" in more:
                client.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
        return said.partition(end)[2]

    def _answer_all(self, client, received):
        parser = Parser()
        while received or (received := client.recv(4096)):
            parser.add_data(received)
            received = b""
            while (message := parser.get_next_message()) is not None:
                if message.header.message_type is MessageType.method_call and not self.is_mute:
                    client.sendall(self._answer(message).serialise(serial=1))

    def _answer(self, message):
        member = message.header.fields[HeaderFields.member]
        if member == "Hello":
            return new_method_return(message, "s", (":1.7",))
        if member == "Get":
            signature, value = self.properties[message.body[1]]
            return new_method_return(message, "v", ((signature, value),))
        if self.denies:
            return new_error(message, DENIED, "s", ("no",))
        self.asked.append((member, message.body))
        return new_method_return(message)


@contextmanager
def fake_bus(path, **properties):
    bus = FakeBus(path, properties)
    try:
        yield bus
    finally:
        bus.close()
