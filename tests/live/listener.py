"""A synthesiser's ear for the tests: reads bytes by the specification, knows nothing of the code that made them."""


class Listener:
    """Holds what a receiver would: keys down, wheels, bend ranges; and complains of what no player should send."""

    def __init__(self):
        self.down = {}
        self.wheels, self.pressures, self.controls = {}, {}, {}
        self.ranges, self.zones = {}, {}
        self.notes = []
        self._parameter = {}

    def hear(self, messages):
        for message in messages:
            assert isinstance(message, bytes)
            assert all(value < 128 for value in message[1:]), message.hex()
            kind, channel = message[0] & 0xF0, message[0] & 0x0F
            getattr(self, f"_{kind:02x}")(channel, *message[1:])
        return self

    def _80(self, channel, key, _velocity):
        assert (channel, key) in self.down, f"off without on: channel {channel} key {key}"
        del self.down[channel, key]

    def _90(self, channel, key, velocity):
        assert velocity > 0
        assert (channel, key) not in self.down, f"doubled: channel {channel} key {key}"
        self.down[channel, key] = velocity
        self.notes.append((channel, key, self.pitch_of(channel, key)))

    def _b0(self, channel, number, value):
        self.controls[channel, number] = value
        if number in (100, 101):
            self._parameter[channel, number] = value
        elif number == 6:
            which = (self._parameter.get((channel, 101)), self._parameter.get((channel, 100)))
            {(0, 0): self.ranges, (0, 6): self.zones}.get(which, {})[channel] = value

    def _d0(self, channel, value):
        self.pressures[channel] = value

    def _e0(self, channel, low, high):
        self.wheels[channel] = low + 128 * high

    def pitch_of(self, channel, key):
        """Return what the key sounds like, a float MIDI number; a synthesiser bends by 2 until told."""
        return key + (self.wheels.get(channel, 8192) - 8192) / 8192 * self.ranges.get(channel, 2)
