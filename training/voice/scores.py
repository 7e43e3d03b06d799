"""How right notes and pitches are: mir_eval's figures, the same for every model, rival and benchmark.

In: true and found notes as (n, 3) onset_s, offset_s, pitch_midi; pitch and voicing every 10 ms. Out: `NoteScores`,
`PitchScores`. It reads no file and runs no model.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import mir_eval
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
ANY_PITCH_CENTS = 1e6
"""A tolerance so wide that the pitch doesn't matter."""


@dataclass(frozen=True, slots=True)
class NoteScores:
    """F1: onset within 50 ms; pitch within 50 cents too; the end within max(50 ms, 20 %) too; onset within 100 ms."""

    con: float
    conp: float
    conpoff: float
    conp100: float

    def __str__(self) -> str:
        """Return a row of a table."""
        return f"COn {self.con:.3f} COnP {self.conp:.3f} COnPOff {self.conpoff:.3f} COnP100 {self.conp100:.3f}"


def note_scores(truth: Array, found: Array) -> NoteScores:
    """Return one clip's scores; where either has no notes, 1 if both have none, else 0."""
    if not len(truth) or not len(found):
        return NoteScores(*[float(len(truth) == len(found))] * 4)
    hz, found_hz = (440.0 * 2.0 ** ((notes[:, 2] - 69.0) / 12.0) for notes in (truth, found))

    def f1(onset_s: float, cents: float, offset_ratio: float | None) -> float:
        return float(
            mir_eval.transcription.precision_recall_f1_overlap(
                truth[:, :2].astype(np.float64),
                hz,
                found[:, :2].astype(np.float64),
                found_hz,
                onset_tolerance=onset_s,
                pitch_tolerance=cents,
                offset_ratio=offset_ratio,
            )[2]
        )

    return NoteScores(f1(0.05, ANY_PITCH_CENTS, None), f1(0.05, 50.0, None), f1(0.05, 50.0, 0.2), f1(0.1, 50.0, None))


def mean_scores(rows: Iterable[NoteScores]) -> NoteScores:
    """Return the mean over clips."""
    return NoteScores(*np.mean([astuple(row) for row in rows], axis=0).tolist())


@dataclass(frozen=True, slots=True)
class PitchScores:
    """Counts of frames whose truth is known: pitched and right within 50 cents, unpitched and yet called voiced."""

    right: int = 0
    pitched: int = 0
    alarms: int = 0
    silent: int = 0

    def __add__(self, other: "PitchScores") -> "PitchScores":
        """Return the counts of both."""
        return PitchScores(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def raw_pitch_accuracy(self) -> float:
        """Return the share of pitched frames whose pitch is right, voiced or not."""
        return self.right / max(1, self.pitched)

    @property
    def false_alarms(self) -> float:
        """Return the share of unpitched frames that were called voiced."""
        return self.alarms / max(1, self.silent)

    def __str__(self) -> str:
        """Return a row of a table."""
        return f"RPA {self.raw_pitch_accuracy:.3f} false alarms {self.false_alarms:.3f}"


def pitch_scores(truth_hz: Array, pitch_midi: Array, voiced: npt.NDArray[np.bool_]) -> PitchScores:
    """Return the counts of one clip; `truth_hz`: 0 unpitched, below 0 not known."""
    n = min(len(truth_hz), len(pitch_midi))
    truth_hz, pitch_midi, voiced = truth_hz[:n], pitch_midi[:n], voiced[:n]
    sung, silent = truth_hz > 0.0, truth_hz == 0.0
    midi = 69.0 + 12.0 * np.log2(truth_hz[sung] / 440.0)
    right = np.abs(pitch_midi[sung] - midi) < 0.5  # semitones
    return PitchScores(int(right.sum()), int(sung.sum()), int(voiced[silent].sum()), int(silent.sum()))
