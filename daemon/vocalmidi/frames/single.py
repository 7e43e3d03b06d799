"""The single sounds of a short recording, as somebody makes them to teach them: each by itself, at every age.

In: the blocks of a recording of seconds, the timbre model, and the ages asked for. Out: `SingleSound`s, whatever the
encoder takes them for. Each keeps what the encoder is shown of it, so that `describe` can show it to another one later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.errors import FramesError
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.patches import AFTER, AHEAD, BEHIND, ROW, patch_of, plain_spectrum
from vocalmidi.frames.resampling import Resampler
from vocalmidi.frames.rises import STEP, room_power
from vocalmidi.frames.strikes import HeardStrike, StrikeStream
from vocalmidi.inference import Model
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Floats

FULL_SCALE = 32767
"""Of 16 bits."""
PIECE = 500 * STEP
"""A second goes through the candidates at a time."""
Sound = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What the encoder says of one sound at each of n ages; the fields are those of `Strike` with n rows."""

    embedding: Floats
    label_share: Floats
    hit_share: Floats
    spectrum: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SingleSound:
    """One sound of a recording.

    onset: its first sample, of the source. level_db: its loudest 4 ms, dB re a full-scale sine.
    sound: (n,) int16 at 16 kHz, its peak at full scale: what the encoder is shown, from well before the onset on.
    """

    onset: SampleIndex
    level_db: float
    sound: Sound
    description: Description


class SoundDescriber:
    """Asks one encoder about sounds, at `ages_s` seconds after their onset."""

    def __init__(self, model: Model, ages_s: Sequence[float]) -> None:
        self.encoder = TimbreEncoder(model)
        self._rows = [round(age_s * RATE_HZ / ROW) for age_s in ages_s]

    def describe(self, sound: Sound) -> Description:
        """Return what the encoder says of a sound; raise FramesError where it is not as long as it is shown one."""
        if len(sound) != BEHIND + AHEAD:
            raise FramesError(f"a sound of {len(sound)} samples was kept, {BEHIND + AHEAD} are needed; teach it anew")
        samples = np.asarray(sound, np.float32) / np.float32(FULL_SCALE)
        patches = [patch_of(samples[: BEHIND + rows * ROW], rows) for rows in self._rows]
        heard = [self.encoder.hear(patch) for patch in patches]
        return Description(
            np.stack([each.embedding for each in heard]),
            np.stack([each.label_share for each in heard]),
            np.array([each.hit_share for each in heard], np.float32),
            np.stack([plain_spectrum(patch) for patch in patches]),
        )


def single_sounds(blocks: Iterable[AudioBlock], describer: SoundDescriber) -> list[SingleSound]:
    """Return the sounds that begin in a recording, in order; none for silence and for no blocks."""
    pieces, rate_hz = list[Floats](), RATE_HZ
    resampler: Resampler | None = None
    for block in blocks:
        resampler, rate_hz = resampler or Resampler(block.sample_rate_hz), block.sample_rate_hz
        pieces.append(resampler.push(block.samples))
    if resampler is None:
        return []
    audio = np.concatenate([*pieces, resampler.finish()])
    padded = np.pad(audio, (BEHIND, AHEAD))
    return [
        _single(struck, padded[struck.onset : struck.onset + BEHIND + AHEAD], rate_hz, describer)
        for struck in _strikes(audio, describer.encoder)
        if struck.onset >= 0
    ]


def _strikes(audio: Floats, encoder: TimbreEncoder) -> list[HeardStrike]:
    stream = StrikeStream(encoder, (AFTER,), room_power(audio))
    whole = len(audio) // STEP * STEP
    found = [
        struck for first in range(0, whole, PIECE) for struck in stream.push(audio[first : min(first + PIECE, whole)])
    ]
    return found + stream.finish(audio[whole:])


def _single(struck: HeardStrike, heard: Floats, rate_hz: int, describer: SoundDescriber) -> SingleSound:
    peak = float(np.abs(heard).max(initial=1e-9))
    sound = np.round(heard / peak * FULL_SCALE).astype(np.int16)
    onset = SampleIndex(round(struck.onset * rate_hz / RATE_HZ))
    return SingleSound(onset, struck.level_db, sound, describer.describe(sound))
