"""The player: live events in, MIDI out, at once.

In: `Playable`s in the order in which they were decided, and changes of `Playing`. Out: messages. Whatever comes in and
in whatever order, after `stop` every key that went down is up again. It has no clock: a drum's key goes up when what
was decided says that so much time has passed. It opens nothing and sends nothing.
"""

from vocalmidi.live.channels import Channels
from vocalmidi.live.drums import Drums
from vocalmidi.live.keys import Keys
from vocalmidi.live.playing import ChordAt, Playable, Playing, VoiceAt
from vocalmidi.live.singing import Singing
from vocalmidi.values import HitRevision, LiveControl, LiveHit, NoteOff, NoteOn, NoteRevision

BRIGHTNESS = 74
"""The controller that MPE has for each note's own timbre."""


class Player:
    """Plays one stream of live events; silent before `begin` and after `stop`."""

    def __init__(self, playing: Playing, sample_rate_hz: int) -> None:
        self._keys = Keys()
        self._channels = Channels(playing)
        self._drums = Drums(self._keys, sample_rate_hz)
        self._singing = Singing(playing, self._keys, self._channels)
        self._begun = False

    @property
    def down(self) -> frozenset[tuple[int, int]]:
        """Channel and key of all that sounds."""
        return self._keys.down

    def begin(self) -> list[bytes]:
        """Return what sets up the channels."""
        self._begun = True
        return self._channels.set_up()

    def stop(self) -> list[bytes]:
        """Return what ends everything."""
        if not self._begun:
            return []
        self._begun = False
        return [*self._quiet(self._channels), *self._channels.give_up()]

    def panic(self) -> list[bytes]:
        """Return what ends every note; what is sung next sounds again."""
        return self._quiet(self._channels) if self._begun else []

    def change(self, playing: Playing) -> list[bytes]:
        """Play otherwise from now on; where channels or modes change, everything is off first."""
        before, self._singing.playing = self._singing.playing, playing
        if _instrument(before) == _instrument(playing):
            return []
        old, self._channels = self._channels, Channels(playing)
        quiet = self._quiet(old)
        return [*quiet, *old.give_up(), *self._channels.set_up()] if self._begun else []

    def play(self, said: Playable) -> list[bytes]:
        """Return what an event makes sound; nothing before `begin`."""
        out: list[bytes] = []
        if self._begun:
            self._drums.until(said.decided, out)
            self._play(said, out)
        return out

    def _play(self, said: Playable, out: list[bytes]) -> None:
        match said:
            case VoiceAt():
                self._singing.follow(said, out)
            case NoteOn():
                self._singing.begin(said, out)
            case NoteRevision():
                self._singing.revise(said, out)
            case NoteOff():
                self._singing.end(said, out)
            case LiveHit() | HitRevision():
                self._drums.strike(said, self._singing.playing.drums, out)
            case LiveControl():
                own = self._singing.channel if said.controller == BRIGHTNESS else None
                self._channels.control(own, said.controller, said.value, out)
            case ChordAt():
                self._singing.harmonise(said, out)

    def _quiet(self, channels: Channels) -> list[bytes]:
        """End everything on these channels; what follows goes to the player's own."""
        out: list[bytes] = []
        self._singing.forget(self._channels)
        self._drums.forget()
        self._keys.release_all(out)
        channels.rest_all(out)
        return out


def _instrument(playing: Playing) -> tuple[object, ...]:
    """Return what can't change under a sounding note."""
    p = playing
    return (p.melody, p.chords_on, p.drums, p.mpe, p.bend, p.bend_range, p.level, p.chords)
