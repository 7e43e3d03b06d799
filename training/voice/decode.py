"""Heads to notes: the set of notes of greatest total score among candidate boundaries, found exactly.

In: probabilities a frame (onset, offset, active), posterior of f0, voicing. Out: `Notes` in order, never overlapping.
Method: a semi-Markov dynamic programme over boundaries where the onset or offset head peaks or the active head crosses
one half (compare SwiftF0's `segment_notes` and Tony's note HMM). A note's score: its beginning and end were heard, it
is active throughout, its pitch is one pitch, and no strong onset lies inside. Silence scores nothing.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import BINS_PER_SEMITONE, F0_BINS, LOWEST_MIDI

Array = npt.NDArray[np.float64]
HOP_S = 0.01


@dataclass(frozen=True, slots=True)
class Settings:
    """The decoder's few numbers; found by `evaluate.py --tune` on ssvd-train and the synthetic valid side."""

    label_share: float = 1.0
    """Of the annotators' heads in the mean of logits: 0 times notes as the sound begins, 1 as people label it."""
    begin: float = 1.4
    """Weight of the onset's log odds where a note begins."""
    end: float = 0.475
    """Weight of the offset's log odds where it ends."""
    inside: float = 0.3
    """Weight of each frame's log odds of being active, per frame of 10 ms."""
    skipped: float = 0.63
    """Weight of an onset passed over within a note."""
    one_pitch: float = 0.15
    """Weight of what a single pitch loses against a free one, per frame of 10 ms."""
    bonus: float = -3.7
    """Score of a note as such: below it notes have to pay for themselves."""
    shortest_s: float = 0.05
    """No note is sung shorter."""
    lowest_peak: float = 0.03
    """An onset or offset less likely is no candidate."""


@dataclass(frozen=True, slots=True, eq=False)
class Posteriors:
    """(n, 6) logits: onset, offset, active of the sound, then of labels; (n,) voicing; (n, F0_BINS) shares of f0."""

    events: Array
    voicing: Array
    f0: Array


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """Intervals (m, 2) in seconds, pitch (m,) in MIDI, confidence (m,) 0–1."""

    intervals: Array
    pitch_midi: Array
    confidence: Array


def posteriors(out: npt.NDArray[np.float32]) -> Posteriors:
    """Split a model's (n, OUTPUTS) logits; the f0 posterior gets a floor, so that no frame vetoes a note."""
    logits = out[:, -F0_BINS:].astype(np.float64)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return Posteriors(out[:, :6].astype(np.float64), _sigmoid(out[:, 6].astype(np.float64)), share)


def _sigmoid(x: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def _peaks(p: Array, lowest: float) -> npt.NDArray[np.intp]:
    padded = np.pad(p, 1)
    top = (p > lowest) & (p >= padded[:-2]) & (p > padded[2:])
    return np.flatnonzero(top)


def _between(p: Array, frame: npt.NDArray[np.intp]) -> Array:
    """Return the place of each peak between frames, by the parabola through the logs of three."""
    log = np.log(np.maximum(p, 1e-6))
    inner = np.clip(frame, 1, max(1, len(p) - 2))
    a, b, c = log[inner - 1], log[inner], log[inner + 1]
    bend = a - 2.0 * b + c
    shift = np.where(bend < -1e-6, 0.5 * (a - c) / np.minimum(bend, -1e-6), 0.0)
    return np.where(frame == inner, frame + np.clip(shift, -0.5, 0.5), frame)


@dataclass(frozen=True, slots=True, eq=False)
class _Boundaries:
    """Candidates in order: frame, exact place, log odds of a beginning and of an end there, cost of passing over."""

    frame: npt.NDArray[np.intp]
    begin_place: Array
    end_place: Array
    begin: Array
    end: Array
    skipped: Array


def _boundaries(onset: Array, offset: Array, active: Array, lowest: float) -> _Boundaries:
    """Return where notes may begin or end; a window of ±2 frames lends a boundary its neighbours' peaks."""
    crossing = np.flatnonzero(np.diff((active > 0.5).astype(np.int8)) != 0) + 1  # even odds
    heard = _peaks(onset, lowest)
    frame = np.unique(np.concatenate([[0], heard, _peaks(offset, lowest), crossing, [len(onset) - 1]]))
    near_on, near_off = _widened(onset, 2), _widened(np.maximum(offset, 0.7 * onset), 2)
    own = np.isin(frame, heard)
    skipped = np.where(own, -np.log(1.0 - np.minimum(onset[frame], 0.999)), 0.0)
    return _Boundaries(
        frame, _between(onset, frame), _between(offset, frame), _logit(near_on[frame]), _logit(near_off[frame]), skipped
    )


def _widened(p: Array, reach: int) -> Array:
    view = np.lib.stride_tricks.sliding_window_view(np.pad(p, reach), 2 * reach + 1)
    return np.asarray(view.max(axis=1))


def _logit(p: Array) -> Array:
    p = np.clip(p, 1e-3, 1.0 - 1e-3)
    return np.asarray(np.log(p / (1.0 - p)))


def _blurred_log(share: Array) -> Array:
    """Return log posteriors blurred by about 50 cents: a vibrato or scoop is still one pitch."""
    kernel = np.exp(-0.5 * (np.arange(-4, 5) / 1.5) ** 2)
    padded = np.pad(share, ((0, 0), (4, 4)))
    blurred = sum(k * padded[:, i : i + F0_BINS] for i, k in enumerate(kernel / kernel.sum()))
    return np.asarray(np.log(0.9 * blurred + 0.1 / F0_BINS))


def decode(heads: Posteriors, settings: Settings) -> Notes:
    """Return the notes of greatest score."""
    s = settings
    mixed = (1.0 - s.label_share) * heads.events[:, :3] + s.label_share * heads.events[:, 3:]
    onset, offset, active = _sigmoid(mixed).T
    at = _boundaries(onset, offset, active, s.lowest_peak)
    odds = np.concatenate([[0.0], np.cumsum(s.inside * np.clip(mixed[:, 2], -6.0, 6.0))])
    log_f0 = _blurred_log(heads.f0) * heads.voicing[:, None]
    free = np.concatenate([[0.0], np.cumsum(log_f0.max(axis=1))])
    fixed = np.concatenate([np.zeros((1, F0_BINS)), np.cumsum(log_f0, axis=0)])[at.frame]
    passed = np.cumsum(at.skipped)
    count = len(at.frame)
    best, origin = np.zeros(count), np.full(count, -1)
    scores = np.zeros(count)
    for j in range(1, count):
        best[j] = best[j - 1]
        first = np.arange(max(0, j - 40), j)
        first = first[(at.frame[j] - at.frame[first]) * HOP_S >= s.shortest_s]
        if not len(first):
            continue
        together = (fixed[j] - fixed[first]).max(axis=1) - (free[at.frame[j]] - free[at.frame[first]])
        score = s.bonus + s.begin * at.begin[first] + s.end * at.end[j]
        score += odds[at.frame[j]] - odds[at.frame[first]] + s.one_pitch * together
        score -= s.skipped * (passed[j - 1] - passed[first])
        total = best[first] + score
        chosen = int(total.argmax())
        if total[chosen] > best[j]:
            best[j], origin[j], scores[j] = total[chosen], first[chosen], score[chosen]
    return _traced(heads, at, origin, scores)


def _traced(heads: Posteriors, at: _Boundaries, origin: npt.NDArray[np.intp], scores: Array) -> Notes:
    found: list[tuple[float, float, float, float]] = []
    j = len(origin) - 1
    while j > 0:
        i = int(origin[j])
        if i < 0:
            j -= 1
            continue
        pitch = note_pitch(heads, int(at.frame[i]), int(at.frame[j]))
        follows = bool(found) and found[-1][0] <= at.end_place[j] * HOP_S + HOP_S
        end = found[-1][0] if follows else float(at.end_place[j] * HOP_S)
        found.append((float(at.begin_place[i] * HOP_S), end, pitch, float(_sigmoid(np.array(scores[j] / 3.0)))))
        j = i
    rows = np.array(found[::-1]).reshape(-1, 4)
    rows[:, 1] = np.maximum(rows[:, 1], rows[:, 0] + HOP_S)
    return Notes(rows[:, :2], rows[:, 2], rows[:, 3])


def note_pitch(heads: Posteriors, first: int, stop: int) -> float:
    """Return a note's pitch: the weighted median of its frames' pitch, read near the note's likeliest bin."""
    inner = slice(first + (stop - first) // 8, max(first + 1, stop - (stop - first) // 8))
    share, weight = heads.f0[inner], heads.voicing[inner] + 1e-3
    whole = np.log(0.9 * share + 0.1 / F0_BINS).T @ weight
    peak = int(whole.argmax())
    low, high = max(0, peak - 5), min(F0_BINS, peak + 6)
    near = share[:, low:high]
    top = np.clip(near.argmax(axis=1)[:, None] + np.arange(-2, 3), 0, high - low - 1)
    local = np.take_along_axis(near, top, axis=1)
    place = low + (local * top).sum(axis=1) / (local.sum(axis=1) + 1e-12)
    weight = weight * near.sum(axis=1)
    order = np.argsort(place)
    middle = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2.0)
    return float(LOWEST_MIDI + place[order][min(middle, len(order) - 1)] / BINS_PER_SEMITONE)


def frame_pitch_midi(heads: Posteriors) -> Array:
    """Return (n,) the pitch of each frame, read between bins round the likeliest."""
    top = np.clip(heads.f0.argmax(axis=1)[:, None] + np.arange(-2, 3), 0, F0_BINS - 1)
    local = np.take_along_axis(heads.f0, top, axis=1)
    return np.asarray(LOWEST_MIDI + (local * top).sum(axis=1) / local.sum(axis=1) / BINS_PER_SEMITONE)
