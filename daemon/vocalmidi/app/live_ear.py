"""What live sound is heard with: the models, opened once, and the harmony as the settings have it.

Comes in: settings, and their changes. Goes out: a new `LiveSound` for each stream. Where nothing may ever be played,
the models are opened with the first sound.
"""

from collections.abc import Iterator
from typing import Protocol

from vocalmidi.app.live_harmony import LiveHarmony, open_live_harmony
from vocalmidi.app.live_sound import LiveSound, Said
from vocalmidi.app.simulate import LivePath, open_live_path
from vocalmidi.config import Settings
from vocalmidi.gauge import NO_GAUGE, Gauge
from vocalmidi.profile import VoiceProfile
from vocalmidi.values import AudioBlock


class Sound(Protocol):
    """One stream of live sound."""

    def push(self, block: AudioBlock) -> Iterator[Said]:
        """Take the next block and give what is known with it."""
        ...

    def know(self, profile: VoiceProfile) -> None:
        """Know the sounds of another voice profile from now on."""
        ...


class LiveEar:
    """Begins streams."""

    def __init__(self, settings: Settings, sample_rate_hz: int, gauge: Gauge = NO_GAUGE) -> None:
        self._settings, self._rate_hz, self._gauge = settings, sample_rate_hz, gauge
        self._path: LivePath | None = None
        self._harmony: LiveHarmony | None = None
        self._harmony_of: tuple[str, ...] | None = None

    def open(self) -> LivePath:
        """Return the models, opened now where they are not open yet."""
        if self._path is None:
            self._path = open_live_path(self._settings)
        if self._harmony_of != _of_harmony(self._settings):
            self._harmony, self._harmony_of = open_live_harmony(self._settings), _of_harmony(self._settings)
        return self._path

    def begin(self) -> Sound:
        """Return a new stream."""
        return _OnDemand(self) if self._path is None else self.sound()

    def sound(self) -> LiveSound:
        """Return a new stream, its models open."""
        path = self.open()
        return LiveSound(path, self._rate_hz, self._harmony, self._gauge)

    def change(self, settings: Settings) -> bool:
        """Go by other settings from the next stream on; return whether that one would hear anything else."""
        before, self._settings = self._settings, settings
        return _of_harmony(before) != _of_harmony(settings)


class _OnDemand:
    """A stream that begins with its first sound."""

    def __init__(self, ear: LiveEar) -> None:
        self._ear = ear
        self._sound: LiveSound | None = None
        self._profile: VoiceProfile | None = None

    def push(self, block: AudioBlock) -> Iterator[Said]:
        """Take the next block."""
        if self._sound is None:
            self._sound = self._ear.sound()
            if self._profile is not None:
                self._sound.know(self._profile)
        return self._sound.push(block)

    def know(self, profile: VoiceProfile) -> None:
        """Know the sounds of another voice profile."""
        self._profile = profile
        if self._sound is not None:
            self._sound.know(profile)


def _of_harmony(settings: Settings) -> tuple[str, ...]:
    """Return what live chords go by."""
    return settings.tempo, settings.meter, settings.key
