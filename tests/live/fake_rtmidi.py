"""python-rtmidi as far as our room uses it, with the errors it raises; its behaviour was read off 1.5.8."""

from types import SimpleNamespace


class RtMidiError(OSError):
    """What opening a client raises on a machine without a sequencer."""


class Client:
    def __init__(self, library, api, name):
        if api not in library.working:
            raise RtMidiError("error creating ALSA sequencer client object.")
        self._library, self.api, self.name = library, api, name
        self.opened = self.virtual = None
        self.sent, self.waiting, self.deleted = [], [], False
        library.clients.append(self)

    def get_ports(self):
        return list(self._library.ports)

    def open_port(self, number, name):
        self.opened = (number, name)
        return self

    def open_virtual_port(self, name):
        if self._library.is_windows:
            raise NotImplementedError("Virtual ports are not supported by the Windows MultiMedia API.")
        self.virtual = name

    def send_message(self, message):
        if self._library.broken:
            raise RtMidiError("error sending MIDI message")
        self.sent.append(bytes(message))

    def get_message(self):
        return self.waiting.pop(0) if self.waiting else None

    def set_callback(self, *_):
        raise AssertionError("callback mode loses messages")

    def close_port(self):
        self.opened = self.virtual = None

    def delete(self):
        self.deleted = True


def library(ports=(), working=(2,), *, is_windows=False):
    """Return a module with these ports, and these of its interfaces (2 ALSA, 3 JACK) working."""
    made = SimpleNamespace(ports=list(ports), working=working, is_windows=is_windows, broken=False, clients=[])
    made.get_compiled_api = lambda: [2, 3]
    made.get_api_display_name = {2: "ALSA", 3: "JACK"}.get
    made.MidiOut = made.MidiIn = lambda api, name: Client(made, api, name)
    return made
