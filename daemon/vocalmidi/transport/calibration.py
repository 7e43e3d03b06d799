"""How much later sound comes than the drivers say, from claps to the project's click.

In: the samples of the claps, the pieces that the project played meanwhile. Out: a shift, and how sure it is. Each clap
is off its beat by that shift and by the clapper's own unsteadiness (10–20 ms for people who make music: Repp,
"Sensorimotor synchronization", Psychonomic Bulletin & Review 2005); the median of the means of all pairs
(Hodges–Lehmann) is as good as the mean on honest claps and does not mind some wild ones. A microphone held to the
loudspeaker that plays the click has no unsteadiness, and none of the 20–50 ms by which people are ahead of a beat.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from vocalmidi.errors import TransportError
from vocalmidi.transport.values import Piece
from vocalmidi.units import QuarterNotes, Seconds, samples_to_seconds

FEWEST_CLAPS = 8
SURE_S = 0.0015
"""Of the standard error: 19 of 20 calibrations bring a note sung on the beat within twice as much of it, 3 ms."""
EFFICIENCY = 0.955
"""Of the Hodges–Lehmann estimate, re the mean, where errors are normal: 3/π."""
FEW = 8
"""The spread of few claps is itself uncertain, and who stops at the first moment it is small stops too soon: with this,
of 300 simulated sessions at 6, 12 and 18 ms each, 95 % end within 2.6–3.2 ms; without, 3.0–3.7."""
STEADY_S = 0.03
"""Half as much again as people who make music; more was not clapped to this click."""
LEAST_BEAT_S = 0.3
"""Between clicks; 200 BPM. With less a sound that comes a quarter of a second late, as with wireless headphones, could
belong to the next."""
AHEAD_SHARE = 0.25
"""Of a beat: a clap is at most so much ahead of its click, and behind it by less than the rest."""
_NORMAL = 1.4826
"""Standard deviation of a normal distribution, of its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What calibration found.

    shift_s: how much later sound comes than the drivers say; for `ProjectClock`.
    sure_s: its standard error.
    claps: how many it rests on.
    """

    shift_s: Seconds
    sure_s: Seconds
    claps: int


def calibrate(claps: Sequence[float], pieces: Sequence[Piece], applied_s: float = 0.0) -> Calibration:
    """Return what the claps at these samples tell.

    pieces: from a `ProjectClock` whose shift is `applied_s`.

    Raises:
        TransportError: nothing played, the click is too fast, or the claps are too few or too unsteady.
    """
    if not pieces:
        raise TransportError(
            "Reaper's transport did not play, so there was no click; switch its metronome on, play, then try again"
        )
    late_s = np.array([late for clap in claps if (late := _late_s(clap, pieces)) is not None])
    if len(late_s) < FEWEST_CLAPS:
        raise TransportError(
            f"{len(late_s)} claps were heard while the project played, {FEWEST_CLAPS} at least are needed; clap louder "
            "or nearer to the microphone, once to each click"
        )
    middle_s = _middle(late_s)
    spread_s = _NORMAL * float(np.median(np.abs(late_s - middle_s)))
    if spread_s > STEADY_S:
        raise TransportError(
            f"the claps scatter by {1000 * spread_s:.0f} ms around the click, {1000 * STEADY_S:.0f} ms at most can be "
            "used; clap once to each click, or hold the microphone to the loudspeaker and do not clap"
        )
    count = len(late_s)
    sure_s = max(spread_s, 1e-4) / sqrt(EFFICIENCY * count) * (1.0 + FEW / count)
    if sure_s > SURE_S:
        enough = int(count * (sure_s / SURE_S) ** 2) + 1
        raise TransportError(
            f"{count} claps that scatter by {1000 * spread_s:.0f} ms tell it to {2000 * sure_s:.0f} ms; "
            f"for {2000 * SURE_S:.0f} ms clap {enough} times, or hold the microphone to the loudspeaker and do not clap"
        )
    return Calibration(Seconds(applied_s + middle_s), Seconds(sure_s), len(late_s))


def _late_s(clap: float, pieces: Sequence[Piece]) -> float | None:
    """Return how long after its click a clap was, in seconds of the source; None while nothing played."""
    piece = next((piece for piece in pieces if piece.start <= clap < piece.stop), None)
    if piece is None:
        return None
    bar = piece.grid.bar_at(piece.qn_at(clap))
    beat_qn = 4.0 / bar.meter.unit
    beats = [bar.qn + beat_qn * beat for beat in range(-bar.meter.beats, 2 * bar.meter.beats + 1)]
    clicks = [piece.sample_at(piece.grid.tempo_map.time_at(QuarterNotes(qn))) for qn in beats]
    after = bisect_right(clicks, clap)
    length_s, late_s = (
        samples_to_seconds(samples, piece.sample_rate_hz)
        for samples in (clicks[after] - clicks[after - 1], clap - clicks[after - 1])
    )
    if length_s < LEAST_BEAT_S:
        raise TransportError(
            f"the click comes every {length_s:.2f} s, which is too fast to tell which one a clap was for; choose a "
            f"tempo with {LEAST_BEAT_S:g} s a beat or more, 100 BPM is good"
        )
    return late_s - length_s if late_s >= (1.0 - AHEAD_SHARE) * length_s else late_s


def _middle(late_s: np.ndarray) -> float:
    """Return the median of the means of all pairs."""
    first, second = np.triu_indices(len(late_s))
    return float(np.median((late_s[first] + late_s[second]) / 2))
