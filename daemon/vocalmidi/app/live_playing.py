"""The settings of live playing as the player takes them, and what is said as it plays it.

Comes in: settings. Goes out: a `Playing`, or a ConfigError that says what goes with what.
"""

from vocalmidi.app.choices import parse_key, parse_tempo
from vocalmidi.app.live_harmony import ChordSaid
from vocalmidi.app.live_sound import Said
from vocalmidi.config import Settings
from vocalmidi.errors import ConfigError
from vocalmidi.live import ALL_TONES, ChordAt, Playable, Player, Playing, Sent, live_file_bytes
from vocalmidi.live.file import USUAL_TEMPO_QPM
from vocalmidi.phrase import ScaleLock, scale_tones
from vocalmidi.units import SampleIndex
from vocalmidi.values import Key

HELD_KEYS = "keys"


def playing_of(settings: Settings) -> Playing:
    """Return how the settings have live events played."""
    key = parse_key(settings.key)
    if settings.live_chords == "song" and parse_tempo(settings.tempo) is None:
        raise ConfigError('live_chords = "song" needs a tempo: half bars begin by it; set tempo in [music]')
    try:
        return Playing(
            melody=settings.melody_channel - 1,
            chords_on=settings.chords_channel - 1,
            drums=settings.drums_channel - 1,
            mpe=settings.mpe,
            bend=settings.live_bend,
            bend_range=settings.bend_range,
            level=settings.live_level,
            low_db=settings.envelope_low_db,
            high_db=settings.envelope_high_db,
            octave=settings.live_octave,
            transpose=settings.live_transpose,
            tones=_tones(settings, key),
            chords=settings.live_chords,
            voicing=settings.voicing,
            key=key,
        )
    except ValueError as error:
        raise ConfigError(f"[midi]: {error}; see defaults.toml") from error


def _tones(settings: Settings, key: Key | None) -> frozenset[int]:
    if settings.live_scale in ("off", HELD_KEYS):
        return ALL_TONES
    if key is None:
        raise ConfigError(f'live_scale = "{settings.live_scale}" needs a key, such as key = "C minor" in [music]')
    return scale_tones(key, ScaleLock(settings.live_scale))


def playable(said: Said) -> Playable:
    """Return what is said as the player takes it."""
    if not isinstance(said, ChordSaid):
        return said
    chord = said.chord
    return ChordAt(chord.root, chord.quality, chord.key, said.decided)


class MidiTake:
    """The live MIDI of one recording, as it would have gone out."""

    def __init__(self, settings: Settings, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        self._tempo_qpm = parse_tempo(settings.tempo) or USUAL_TEMPO_QPM
        self._player = Player(playing_of(settings), sample_rate_hz)
        self._now = SampleIndex(0)
        self._sent = [Sent(self._now, message) for message in self._player.begin()]

    def play(self, said: Said) -> None:
        """Take the next event."""
        self._now = SampleIndex(max(self._now, said.decided))
        self._sent += [Sent(self._now, message) for message in self._player.play(playable(said))]

    def file_bytes(self) -> bytes:
        """Return it as a .mid file, everything ended."""
        return live_file_bytes(
            [*self._sent, *(Sent(self._now, message) for message in self._player.stop())],
            self._rate_hz,
            self._tempo_qpm,
        )
