"""What an instrument makes of MIDI messages: the pitch and the level of each note while it sounds.

An oracle written from MIDI 1.0 (RPN 0 and 6, pitch bend, channel pressure) and MPE 1.0 (zone, member and manager
channels), not from the code under test. In: (tick, flags, bytes) in order; Reaper's flag 16 lets a controller glide to
its next value, other files hold each value.
"""

from dataclasses import dataclass, field

GLIDES = 16
MPE_MEMBER_RANGE = 48
"""Semitones, from the moment a zone is configured."""


@dataclass
class Line:
    """A controller's values as (tick, value, whether it glides to the next)."""

    points: list = field(default_factory=list)

    def put(self, tick, value, glides):
        self.points.append((tick, value, glides))

    def at(self, tick, before):
        """Return the value at a tick, `before` where nothing was said yet."""
        earlier = [index for index, point in enumerate(self.points) if point[0] <= tick]
        if not earlier:
            return before
        at, value, glides = self.points[earlier[-1]]
        if glides and earlier[-1] + 1 < len(self.points):
            after, following, _ = self.points[earlier[-1] + 1]
            return value + (following - value) * (tick - at) / (after - at)
        return value


@dataclass
class Channel:
    """One channel's state."""

    range: int = 2
    chosen: list = field(default_factory=lambda: [127, 127])
    wheel: Line = field(default_factory=Line)
    pressure: Line = field(default_factory=Line)
    controls: dict = field(default_factory=dict)


@dataclass
class Performed:
    """A note as it sounds."""

    start: int
    stop: int
    channel: int
    pitch: int
    velocity: int
    stage: "Stage"

    def cents_at(self, tick):
        """Return how far it sounds from its key: its own channel's wheel and, in a zone, the manager's."""
        own = self.stage.channels[self.channel]
        cents = own.wheel.at(tick, 0) / 8192 * 100 * own.range
        if self.stage.is_member(self.channel):
            manager = self.stage.channels[0]
            cents += manager.wheel.at(tick, 0) / 8192 * 100 * manager.range
        return cents

    def control_at(self, number, tick):
        """Return a controller's value: of its channel, in a zone of the manager's but for brightness; None unsaid."""
        is_shared = self.stage.is_member(self.channel) and number != 74
        channel = self.stage.channels[0 if is_shared else self.channel]
        return channel.controls.get(number, Line()).at(tick, None)

    def pressure_at(self, tick):
        """Return its aftertouch, None where nothing was said."""
        return self.stage.channels[self.channel].pressure.at(tick, None)


@dataclass
class Stage:
    """All channels, and how many of them are members of a lower zone."""

    channels: list = field(default_factory=lambda: [Channel() for _ in range(16)])
    members: int = 0

    def is_member(self, channel):
        return 1 <= channel <= self.members

    def configure(self, members):
        self.members = members
        for channel in self.channels[1 : members + 1]:
            channel.range = MPE_MEMBER_RANGE


def performed(messages):
    """Return the notes, in order of start, then pitch; a key of a channel must end before it begins again."""
    stage, sounding, notes = Stage(), {}, []
    for tick, flags, octets in messages:
        status, number = octets[0] & 0xF0, octets[0] & 0x0F
        channel, glides = stage.channels[number], bool(flags & GLIDES)
        if status == 0x90 and octets[2]:
            assert (number, octets[1]) not in sounding, f"key {octets[1]} begins at {tick} while it sounds"
            sounding[number, octets[1]] = (tick, octets[2])
        elif status in (0x80, 0x90):
            start, velocity = sounding.pop((number, octets[1]))
            notes.append(Performed(start, tick, number, octets[1], velocity, stage))
        elif status == 0xE0:
            channel.wheel.put(tick, (octets[2] << 7 | octets[1]) - 8192, glides)
        elif status == 0xD0:
            channel.pressure.put(tick, octets[1], glides)
        elif status == 0xB0:
            control(stage, number, (tick, octets[1], octets[2], glides))
    assert not sounding, "a note that never ends"
    return sorted(notes, key=lambda note: (note.start, note.pitch))


def control(stage, number, moved):
    tick, controller, value, glides = moved
    channel = stage.channels[number]
    if controller in (100, 101):
        channel.chosen[101 - controller] = value
    elif controller == 6 and channel.chosen == [0, 0]:
        channel.range = value
    elif controller == 6 and channel.chosen == [0, 6] and number == 0:
        stage.configure(value)
    else:
        channel.controls.setdefault(controller, Line()).put(tick, value, glides)


def assert_no_flood(messages, apart):
    """Assert that no wheel, aftertouch or controller moves twice within so many ticks while a note sounds."""
    last, edges = {}, {tick for tick, _, octets in messages if octets[0] & 0xF0 in (0x80, 0x90)}
    for tick, _, octets in messages:
        if octets[0] & 0xF0 in (0xB0, 0xD0, 0xE0) and tick not in edges:
            key = octets[:2] if octets[0] & 0xF0 == 0xB0 else octets[:1]
            assert tick - last.get(key, -apart) >= apart, (tick, last[key])
            last[key] = tick
