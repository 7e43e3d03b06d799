"""Logits to probabilities: one block of a voice model's heads in, what `Frames` holds of it out.

In: (n, OUTPUTS) logits in the order of `Heads`. Out: `Posteriors`. Of the f0 posterior the CANDIDATES highest local
peaks are kept, each read between bins: decoding notes from three instead of all 150 bins moved COnP on the synthetic
validation clips by less than .001. It does not decide anything: notes are for `events`.
The level head is not read. `Frames` has the level as measured, whose relative level of sung notes is off by .1 dB clean
and .7 dB in noise 10 dB below the voice, where the head is off by 4.3 and 2.4 dB (test singer, 120 notes over 20 dB).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import BINS_PER_SEMITONE, F0_BINS, LOWEST_MIDI
from vocalmidi.frames.heads import Heads
from vocalmidi.units import midi_to_hz
from vocalmidi.values import CANDIDATES, Convention, Floats

PEAK_REACH = 2
"""Bins to each side that belong to a peak: pitch is taught as a bump three bins wide."""
LEAST_VOICING = 0.05
"""Below this the likeliest pitch is a guess among all, which helps nobody."""
_COLUMNS = {
    "onset": {Convention.SOUND: Heads.ONSET, Convention.SYLLABLE: Heads.LABEL_ONSET},
    "offset": {Convention.SOUND: Heads.OFFSET, Convention.SYLLABLE: Heads.LABEL_OFFSET},
    "active": {Convention.SOUND: Heads.ACTIVE, Convention.SYLLABLE: Heads.LABEL_ACTIVE},
}
_ORDER = {name: [heads[convention] for convention in Convention] for name, heads in _COLUMNS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Posteriors:
    """The arrays of the same names in `Frames`."""

    f0_hz: Floats
    voicing: Floats
    onset: Floats
    offset: Floats
    active: Floats
    candidate_midi: Floats
    candidate_share: Floats
    vowel: Floats


def read_heads(logits: Floats) -> Posteriors:
    """Return what (n, OUTPUTS) logits say."""
    events = _sigmoid(logits[:, : Heads.VOICING + 1])
    midi, share = _candidates(_softmax(logits[:, Heads.F0]))
    voicing = events[:, Heads.VOICING]
    f0_hz = np.where(voicing < LEAST_VOICING, 0.0, midi_to_hz(midi[:, 0])).astype(np.float32)
    onset, offset, active = (events[:, _ORDER[name]] for name in ("onset", "offset", "active"))
    vowel = _softmax(logits[:, Heads.VOWELS])
    return Posteriors(f0_hz, voicing, onset, offset, active, midi, share, vowel)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def _softmax(logits: Floats) -> Floats:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def _candidates(share: Floats) -> tuple[Floats, Floats]:
    """Return (n, CANDIDATES) pitches and shares, the largest share first; a peak too few has share 0."""
    padded = np.zeros((len(share), F0_BINS + 2 * PEAK_REACH), np.float32)
    padded[:, PEAK_REACH:-PEAK_REACH] = share
    low, below, _, above, high = (padded[:, shift : shift + F0_BINS] for shift in range(2 * PEAK_REACH + 1))
    # Strictly above what lies below, so that of equal neighbours exactly one is a peak.
    peak = (share > np.maximum(low, below)) & (share >= np.maximum(above, high))
    mass = low + below + share + above + high
    place = _largest(np.where(peak, mass, np.float32(0.0)))
    rows = np.arange(len(share))[:, None]
    moment = above - below + 2.0 * (high - low)
    found = mass[rows, place]
    midi = LOWEST_MIDI + (place + moment[rows, place] / np.maximum(found, np.float32(1e-12))) / BINS_PER_SEMITONE
    found *= peak[rows, place]
    # Two peaks three bins apart share a bin; its mass can't count twice.
    found /= np.maximum(found.sum(axis=1, keepdims=True), np.float32(1.0))
    return midi.astype(np.float32), found


def _largest(of_peaks: Floats) -> npt.NDArray[np.intp]:
    """Return (n, CANDIDATES) bins of the largest values, in order."""
    return np.asarray(np.argsort(-of_peaks, axis=1, kind="stable")[:, :CANDIDATES])
