"""Source and filter: glottal pulses along a pitch contour, then the vocal tract frame by frame.

In: an f0 contour; per frame a response and a gain. Out: sound. It knows nothing of notes.
Wavetables read by a phase accumulator, and short-time Fourier overlap-add: cost and memory are linear in length.
"""

import numpy as np
import numpy.typing as npt

from synth.shapes import LEVELS_PER_OCTAVE, TABLE_SIZE, glottal_tables

_BATCH = 256  # frames filtered at a time, so that working memory does not grow with the song


def glottal_source(
    f0_hz: npt.NDArray[np.float64], sample_rate_hz: int, breath_db: float, seed: int
) -> npt.NDArray[np.float64]:
    """Return band-limited glottal pulses at the contour's pitch, plus breath; 0 where the contour is 0."""
    tables = glottal_tables()
    place = (np.cumsum(f0_hz) / sample_rate_hz) % 1.0 * TABLE_SIZE
    point = np.minimum(place.astype(np.int64), TABLE_SIZE - 1)
    room = np.maximum(0.5 * sample_rate_hz / np.maximum(f0_hz, 1.0), 1.0)
    level = np.minimum((LEVELS_PER_OCTAVE * np.log2(room)).astype(np.int64), len(tables) - 1)
    at = level * (TABLE_SIZE + 1) + point
    flat = tables.reshape(-1)
    low = flat[at]
    pulses = low + (flat[at + 1] - low) * (place - point)
    breath = np.random.default_rng(seed + 2).standard_normal(len(f0_hz))
    breath *= float(np.sqrt(np.mean(np.square(tables[-1])))) * 10 ** (breath_db / 20)
    # Breath flows while the glottis is open, so half of it comes and goes with the pulses.
    source: npt.NDArray[np.float64] = (pulses + breath * (0.5 + (place < 0.5 * TABLE_SIZE))) * (f0_hz > 0)
    return source


def overlap_add(
    source: npt.NDArray[np.float64],
    responses: npt.NDArray[np.complex128],
    which: npt.NDArray[np.int64],
    gains: npt.NDArray[np.float64],
    hop: int,
) -> npt.NDArray[np.float64]:
    """Return the source filtered by Hann frames of 2 * hop samples.

    responses: (n_shapes, n_bins). which, gains: (n_frames,) the response and amplitude of the frame centred on sample
    i * hop; frames of silence are skipped.
    """
    window = 0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)
    padded = np.concatenate([np.zeros(hop), source, np.zeros(2 * hop)])
    size = 2 * (responses.shape[1] - 1)
    result = np.zeros(len(padded) + size)
    sounding = [i for i in range(len(which)) if padded[i * hop : (i + 2) * hop].any()]
    for first in range(0, len(sounding), _BATCH):
        batch = np.array(sounding[first : first + _BATCH])
        frames = padded[batch[:, None] * hop + np.arange(2 * hop)] * window * gains[batch, None]
        sounds = np.fft.irfft(np.fft.rfft(frames, size, axis=1) * responses[which[batch]], size, axis=1)
        for i, sound in zip(batch, sounds, strict=True):
            result[i * hop : i * hop + size] += sound
    return result[hop : hop + len(source)]
