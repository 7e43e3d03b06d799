"""What the voice model is shown of each hop: tones on a musical axis and mel bands; one implementation for all uses.

In: mono sound at 16 kHz. Out: (n_frames, WIDTH) float32 in 0–1, every 10 ms: `TONE_BINS` levels on a log-frequency
axis of 3 bins a semitone (long window) and `MEL_BANDS` mel levels (short window). Training, the considered pass and
the live pass all call this file. It does not stack harmonics: the model does, by looking at the axis in eight places.
Levels are relative, so that a quiet microphone gives the same picture: tones to the frame's own peak, mels to a
reference that is the phrase's level (considered) or the followed peak (live).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.windows import windows
from vocalmidi.values import Floats

RATE_HZ = 16_000
"""Holds all of a voice that matters to pitch, timing and hits."""
HOP = 160
"""10 ms: a tenth of the shortest note sung on purpose."""
BINS_PER_SEMITONE = 3
"""33 cents; a peak is then read off between bins, to a few cents."""
F0_BINS = 150
"""50 semitones, MIDI 36.0–85.7: a low bass's C2 to a child's C6."""
LOWEST_MIDI = 36.0
"""Pitch of the first f0 bin."""
HARMONICS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Where each candidate f0 is looked for; a half tells an octave error apart, as in HCQT (Bittner 2017)."""
HARMONIC_SHIFTS = tuple(round(12 * BINS_PER_SEMITONE * float(np.log2(h))) for h in HARMONICS)
"""The same in bins of the axis."""
TONE_BINS = F0_BINS + HARMONIC_SHIFTS[-1] - HARMONIC_SHIFTS[0]
"""Bins that reach from half the lowest f0 to eight times the highest."""
MEL_BANDS = 40
"""As many as speech recognisers use; they tell vowels, consonants and hits apart."""
WIDTH = TONE_BINS + MEL_BANDS
"""Numbers a frame."""
TONE_RANGE_DB = 60.0
"""Below the frame's peak by more is 0: the side lobes and hiss under a voice."""
MEL_RANGE_DB = 70.0
"""Below the reference by more is 0: a quiet room under a singer."""
MEL_HEADROOM_DB = 12.0
"""A shout over the reference is still told from the reference."""
QUIETEST_PEAK_DB = -50.0
"""A frame's peak counts as at least this, re the reference: silence is not blown up to a picture of noise."""
LOWEST_REFERENCE_DB = -60.0
"""Below this RMS nobody sings at a microphone; noise stays small in the picture."""
REFERENCE_PERCENTILE = 95.0
"""The loud notes of the phrase, not its one loudest click."""
FALL_DB_PER_HOP = 0.02
"""The live reference falls by 2 dB a second: over a breath it stays, a softer verse is followed."""
_TINY = 1e-16
"""-160 dB: below the noise of any converter, above zero."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which sound a frame sees: window lengths in samples, and how far past the frame's centre `HOP * k` they reach."""

    long: int
    short: int
    long_ahead: int
    short_ahead: int


CONSIDERED = Layout(long=2048, short=512, long_ahead=1024, short_ahead=256)
"""Centred windows: frame k is about sample 160 k."""
LIVE = Layout(long=1024, short=256, long_ahead=HOP, short_ahead=HOP)
"""Windows that end at now: frame k is complete when the hop that begins at sample 160 k is."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Levels in dB before normalising: tones (n, TONE_BINS), mels (n, MEL_BANDS), frames (n,) RMS re full scale."""

    tones_db: Floats
    mels_db: Floats
    frames_db: Floats


def tone_midi() -> npt.NDArray[np.float64]:
    """Return the pitch of each bin of the tone axis."""
    return LOWEST_MIDI + (np.arange(TONE_BINS) + HARMONIC_SHIFTS[0]) / BINS_PER_SEMITONE


def triangles(centres_hz: npt.NDArray[np.float64], window: int) -> Floats:
    """Return (window // 2 + 1, len(centres)) weights: triangles to the neighbours, never narrower than an FFT bin."""
    spacing = RATE_HZ / window
    middle = centres_hz[1:-1]
    below = np.maximum(middle - centres_hz[:-2], spacing)
    above = np.maximum(centres_hz[2:] - middle, spacing)
    away = np.arange(window // 2 + 1)[:, None] * spacing - middle
    weights = np.maximum(0.0, 1.0 - np.where(away < 0.0, -away / below, away / above))
    total = weights.sum(axis=0)
    weights /= np.where(total > 0.0, total, 1.0)
    return weights.astype(np.float32)


def _tone_weights(window: int) -> Floats:
    midi = tone_midi()
    padded = np.concatenate([[midi[0] - 1 / BINS_PER_SEMITONE], midi, [midi[-1] + 1 / BINS_PER_SEMITONE]])
    return triangles(440.0 * 2.0 ** ((padded - 69.0) / 12.0), window)


def _mel_weights(window: int) -> Floats:
    edges = np.linspace(_mel(50.0), _mel(8000.0), MEL_BANDS + 2)
    return triangles(700.0 * (10.0 ** (edges / 2595.0) - 1.0), window)


def _mel(hz: float) -> float:
    return 2595.0 * float(np.log10(1.0 + hz / 700.0))


class FrameSpectra:
    """The weights of one layout, made once: sound in, levels out."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._long = np.hanning(layout.long + 1)[:-1].astype(np.float32)
        self._short = np.hanning(layout.short + 1)[:-1].astype(np.float32)
        self._long /= self._long.sum() / 2.0
        self._short_rms = float(np.sqrt((self._short**2).sum()))
        self._short_peak = float(self._short.sum() / 2.0)
        self._tones = _tone_weights(layout.long)
        self._mels = _mel_weights(layout.short)

    @property
    def behind(self) -> int:
        """Samples before a frame's centre that it sees."""
        return self.layout.long - self.layout.long_ahead

    @property
    def ahead(self) -> int:
        """Samples from a frame's centre on that it sees."""
        return max(self.layout.long_ahead, self.layout.short_ahead)

    def of(self, padded: Floats, frames: int) -> Levels:
        """Return the levels of the frames centred at samples behind, behind + HOP, ... of `padded`."""
        layout = self.layout
        if _is_silent(padded):
            return _silence(frames)
        starts = (0, self.behind + layout.short_ahead - layout.short)
        long = _windows(padded, starts[0], layout.long, frames) * self._long
        short = _windows(padded, starts[1], layout.short, frames) * self._short
        rms = np.sqrt((short**2).sum(axis=1)) / self._short_rms
        mels = _power(short / self._short_peak) @ self._mels
        tones = _power(long) @ self._tones
        return Levels(_db(tones), _db(mels), _db(rms**2))


def _is_silent(sound: Floats) -> bool:
    """Return whether there is nothing at all: not a room, an input without a signal or one that is not listened to."""
    return not sound.any()


def _silence(frames: int) -> Levels:
    """Return the levels of digital silence, as spectra of nothing would give them; they cost nothing."""
    nothing = (np.zeros(shape, np.float32) for shape in ((frames, TONE_BINS), (frames, MEL_BANDS), frames))
    return Levels(*map(_db, nothing))


def _windows(padded: Floats, start: int, length: int, frames: int) -> Floats:
    return windows(padded[start:], length, HOP, frames)


def _power(windows: Floats) -> Floats:
    spectra = np.fft.rfft(windows, axis=1)
    return np.asarray(spectra.real**2 + spectra.imag**2, dtype=np.float32)


def _db(power: Floats) -> Floats:
    return np.asarray(10.0 * np.log10(power + _TINY), dtype=np.float32)


def phrase_levels(audio: Floats, spectra: FrameSpectra, chunk: int = 1000) -> Levels:
    """Return the levels of a whole phrase: one frame per HOP begun, silence assumed outside it."""
    frames = -(-len(audio) // HOP)
    padded = np.zeros(spectra.behind + frames * HOP + spectra.ahead, np.float32)
    padded[spectra.behind : spectra.behind + len(audio)] = audio
    parts = [spectra.of(padded[k * HOP :], min(chunk, frames - k)) for k in range(0, frames, chunk)]
    if not parts:
        return Levels(*(np.zeros(shape, np.float32) for shape in ((0, TONE_BINS), (0, MEL_BANDS), (0,))))
    columns = zip(*((part.tones_db, part.mels_db, part.frames_db) for part in parts), strict=True)
    return Levels(*(np.concatenate(column) for column in columns))


def phrase_reference_db(frames_db: Floats) -> float:
    """Return the level that a phrase is measured against."""
    loud = float(np.percentile(frames_db, REFERENCE_PERCENTILE)) if len(frames_db) else LOWEST_REFERENCE_DB
    return max(loud, LOWEST_REFERENCE_DB)


def followed_reference_db(frames_db: Floats, before_db: float = LOWEST_REFERENCE_DB) -> Floats:
    """Return (n,) the live reference: the loudest so far, falling slowly; `before_db` is the value one hop earlier."""
    fall = FALL_DB_PER_HOP * np.arange(1, len(frames_db) + 1, dtype=np.float64)
    highest = np.maximum.accumulate(np.maximum(frames_db + fall, before_db))
    return np.asarray(np.maximum(highest - fall, LOWEST_REFERENCE_DB), dtype=np.float32)


def picture(levels: Levels, reference_db: Floats | float) -> Floats:
    """Return (n, WIDTH) what the model sees; `reference_db` is one number or (n,)."""
    reference = np.asarray(reference_db, np.float32).reshape(-1, 1)
    peak = np.maximum(levels.tones_db.max(axis=1, keepdims=True), reference + QUIETEST_PEAK_DB)
    tones = 1.0 + (levels.tones_db - peak) / TONE_RANGE_DB
    mels = (levels.mels_db - reference + MEL_RANGE_DB) / (MEL_RANGE_DB + MEL_HEADROOM_DB)
    shown = np.concatenate([tones, mels], axis=1)
    np.maximum(shown, np.float32(0.0), out=shown)
    return np.asarray(np.minimum(shown, np.float32(1.0), out=shown), dtype=np.float32)


def phrase_picture(audio: Floats, spectra: FrameSpectra) -> Floats:
    """Return (n, WIDTH) what the considered model sees of a whole phrase."""
    levels = phrase_levels(audio, spectra)
    return picture(levels, phrase_reference_db(levels.frames_db))


class PictureStream:
    """The live picture of sound that comes in blocks of any size; equal to the picture of the whole at once."""

    def __init__(self, spectra: FrameSpectra) -> None:
        self._spectra = spectra
        self._tail = np.zeros(spectra.behind, np.float32)
        self._reference_db = LOWEST_REFERENCE_DB

    def push(self, block: Floats) -> Floats:
        """Return (n, WIDTH) the frames that this block completes, n may be 0."""
        sound = np.concatenate([self._tail, np.asarray(block, np.float32)])
        spectra = self._spectra
        frames = (len(sound) - spectra.behind - spectra.ahead) // HOP + 1
        if frames <= 0:
            self._tail = sound
            return np.zeros((0, WIDTH), np.float32)
        levels = spectra.of(sound, frames)
        reference = followed_reference_db(levels.frames_db, self._reference_db)
        self._reference_db = float(reference[-1])
        self._tail = sound[frames * HOP :]
        return picture(levels, reference)
