"""The channels: how they are set up, which one a note gets, and where their wheels, aftertouch and expression stand.

In: what a note needs. Out: the messages for it, none where a channel stands there already. With MPE each note gets the
member channel that has been free for longest, so that the tail of an earlier one is not bent.
"""

from collections import deque

from vocalmidi.live.messages import (
    CENTRE,
    EXPRESSION,
    NOTES_OFF,
    bend_range,
    control,
    mpe_zone,
    pressure,
    wheel,
)
from vocalmidi.live.playing import MASTER, MEMBERS, MPE_BEND_RANGE, Playing

CENTS_STEP = 1.0
"""The wheel moves when it is so far off: less is not heard, and a MIDI cable carries 1000 messages a second in all."""
LEVEL_STEP = 2
"""Of 127."""
FULL = 127


class Channels:
    """The channels of one way of playing."""

    def __init__(self, playing: Playing) -> None:
        self._playing = playing
        self._free = deque(range(MASTER + 1, MASTER + 1 + MEMBERS))
        self._wheels: dict[int, int] = {}
        self._pressures: dict[int, int] = {}
        self._expressions: dict[int, int] = {}
        self._step = max(1, round(CENTS_STEP / 100.0 / playing.note_bend_range * CENTRE))

    def set_up(self) -> list[bytes]:
        """Return the zone, where there is one, and how far wheels bend."""
        playing = self._playing
        if playing.mpe:
            members = range(MASTER + 1, MASTER + 1 + MEMBERS)
            own = [message for channel in members for message in bend_range(channel, MPE_BEND_RANGE)]
            return [*mpe_zone(MASTER, MEMBERS), *bend_range(MASTER, playing.bend_range), *own]
        return [] if playing.bend == "off" else bend_range(playing.melody, playing.bend_range)

    def give_up(self) -> list[bytes]:
        """Return what ends the zone."""
        return mpe_zone(MASTER, 0) if self._playing.mpe else []

    def take(self, usual: int) -> int:
        """Return the channel for a note that would be on `usual`."""
        return self._free.popleft() if self._playing.mpe else usual

    def give_back(self, channel: int) -> None:
        """Have a channel taken again, when all others were."""
        if self._playing.mpe:
            self._free.append(channel)

    def bend(self, channel: int, position: int, out: list[bytes]) -> None:
        """Turn a wheel, unless it stands there within a cent."""
        now = self._wheels.get(channel, CENTRE)
        if abs(position - now) >= self._step or (position == CENTRE and position != now):
            self._wheels[channel] = position
            out.append(wheel(channel, position))

    def rest(self, channel: int, out: list[bytes]) -> None:
        """Put the wheel of a chord's channel to rest, which only MPE has bent before."""
        if self._playing.mpe:
            self.bend(channel, CENTRE, out)

    def press(self, channel: int, value: int, out: list[bytes]) -> None:
        """Move aftertouch."""
        if _moves(self._pressures.get(channel, 0), value):
            self._pressures[channel] = value
            out.append(pressure(channel, value))

    def express(self, value: int, out: list[bytes]) -> None:
        """Move expression, of the whole zone with MPE."""
        channel = MASTER if self._playing.mpe else self._playing.melody
        if _moves(self._expressions.get(channel, FULL), value):
            self._expressions[channel] = value
            out.append(control(channel, EXPRESSION, value))

    def control(self, note_channel: int | None, controller: int, value: int, out: list[bytes]) -> None:
        """Move a controller: with MPE of one note, or for None of the whole zone."""
        usual = MASTER if self._playing.mpe else self._playing.melody
        out.append(control(usual if note_channel is None else note_channel, controller, value))

    def rest_all(self, out: list[bytes]) -> None:
        """Put everything back and end all notes."""
        out += [wheel(channel, CENTRE) for channel, position in self._wheels.items() if position != CENTRE]
        out += [pressure(channel, 0) for channel, value in self._pressures.items() if value]
        out += [control(channel, EXPRESSION, FULL) for channel, value in self._expressions.items() if value != FULL]
        self._wheels.clear()
        self._pressures.clear()
        self._expressions.clear()
        out += [control(channel, NOTES_OFF, 0) for channel in self._playing.channels]


def _moves(now: int, value: int) -> bool:
    return abs(value - now) >= LEVEL_STEP or (value in (0, FULL) and value != now)
