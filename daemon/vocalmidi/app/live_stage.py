"""A player at a port, with the keyboard that says which tones may be sung.

Comes in: what is said, and changes of settings. Goes out: messages to the port. It is used by one thread at a time.
"""

from collections.abc import Callable
from dataclasses import replace

from vocalmidi.app.live_playing import HELD_KEYS, playable, playing_of
from vocalmidi.app.live_sound import Said
from vocalmidi.app.live_told import LiveNews
from vocalmidi.config import Settings
from vocalmidi.live import ALL_TONES, HeardKeys, NoPort, Player, Playing, Port, RtInlet


class Stage:
    """Plays at one port.

    news: what controllers are told of what sounds.
    used: told of all channels that were or will be played on, before another one is.
    is_over: whether all notes were ended for good, and the port took that.
    owed: sent once more before the first note: who has only connected by then did not hear it when it was due.
    """

    def __init__(self, settings: Settings, port: Port, inlet: RtInlet | None, sample_rate_hz: int) -> None:
        self._port, self._inlet = port, inlet
        self._by_keys = settings.live_scale == HELD_KEYS
        self._playing = playing_of(settings)
        self._used = self._playing.channels
        self.used: Callable[[tuple[int, ...]], object] = _unheeded
        self._player = Player(self._playing, sample_rate_hz)
        self._keys = HeardKeys()
        self.news = LiveNews()
        self.owed: list[bytes] = []
        self.is_over = False

    @property
    def has_port(self) -> bool:
        """Whether there is a port on which notes sound."""
        return not isinstance(self._port, NoPort)

    @property
    def is_needed(self) -> bool:
        """Whether anybody would hear, or hear of, what is played."""
        return self.has_port or self.news.is_heard

    @property
    def channels(self) -> tuple[int, ...]:
        """All channels that are played on."""
        return self._playing.channels

    def begin(self) -> None:
        """Set up the channels."""
        self._send(self._player.begin())

    def end(self) -> None:
        """End all notes, for good."""
        self.news.quiet()
        self._send(self._player.stop())
        self.is_over = True

    def panic(self) -> None:
        """End all notes and go on."""
        self._send(self._player.panic())
        self.news.quiet()

    def play(self, said: Said) -> int:
        """Play one event; return how many messages that took."""
        messages = self._player.play(playable(said))
        if messages and self.owed:
            self._send(self.owed)
            self.owed = []
        sent = self._send(messages)
        self.news.hear(said)
        return sent

    def change(self, settings: Settings) -> None:
        """Play by other settings from now on; ConfigError where they contradict themselves."""
        playing = playing_of(settings)
        self._by_keys = settings.live_scale == HELD_KEYS
        self._change_to(self._held(playing))

    def look(self) -> None:
        """Heed what the keyboard has said since the last look."""
        if self._inlet is None:
            return
        for message in self._inlet.read():
            if self._keys.hear(message):
                self.panic()
        self._change_to(self._held(self._playing))

    def _held(self, playing: Playing) -> Playing:
        """Return the playing with the tones that are held, where these count."""
        tones = (self._keys.tones or ALL_TONES) if self._by_keys else playing.tones
        return playing if tones == playing.tones else replace(playing, tones=tones)

    def _change_to(self, playing: Playing) -> None:
        if playing != self._playing:
            channels = tuple(sorted({*self._used, *playing.channels}))
            if channels != self._used:
                # Written down before anything sounds there.
                self.used(channels)
                self._used = channels
            self._playing = playing
            self._send(self._player.change(playing))

    def _send(self, messages: list[bytes]) -> int:
        for message in messages:
            self._port.send(message)
        return len(messages)


def _unheeded(_channels: tuple[int, ...]) -> None:
    """Leave it to the end of `with` to end all notes: no run is killed."""
