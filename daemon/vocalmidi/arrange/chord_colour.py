"""From bare triads to the chords of a genre: sevenths, ninths, sixths, diminished and suspended chords.

In: triads in time with what is sung over them, and the taste. Out: the same with a quality each, some dominants split
into a suspension and its resolution. A genre's progressions say what it makes of each degree (and of a dominant or any
other chord on degrees that it does not write); what is sung decides among these, since a seventh may rub with it or be
it. Mood and complexity lean to richer or plainer ones. One chord keeps one colour through a phrase unless what is sung
forbids. Which triad it is, and its bass, are not decided here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_path import Taste
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.wish import AS_WRITTEN

Floats = npt.NDArray[np.float64]

FALL = 5
"""Semitones up, which is a fifth down: where a dominant goes."""
DOMINANT = 7
"""Semitones above the tonic."""
FIT = 3.0
"""Nats between a chord that holds all that is sung over it and one that holds nothing of it."""
RUB = -1.0
"""Of a note a semitone above a chord tone, against 1 for a tone of the chord: the "avoid note" of jazz theory."""
CLASH = -0.3
"""Of a tone whose lower neighbour sounds too, as the root over a major seventh."""
PLAIN_SHARE = 0.15
"""What the bare triad weighs beside all that a genre writes on a degree."""
RICH_SHARE = 0.05
"""What a plain seventh weighs there, so that a complex wish finds one in any genre."""
RICHER = 6.5
"""Nats for each tone above three, from the plainest wish to the most complex."""
TASTE = 0.8
"""Nats of the seed's own liking for a colour: near equals differ from seed to seed."""
LEANS = {
    "tension": {"7": 0.6, "9": 0.8, "hdim7": 1.0, "dim7": 1.2, "dim": 0.8, "aug": 1.0, "min9": 0.6, "sus4": 0.8},
    "brightness": {"maj7": 0.5, "maj9": 0.7, "maj6": 0.9, "add9": 0.9, "sus2": 0.5, "min6": -0.5, "dim": -0.8},
}
"""Nats that a mood's axis at its end gives to a quality; by ear."""
DIMINISHED = {("major", 11), ("minor", 2), ("minor", 11)}
"""Degrees whose triad of the scale is diminished: the network knows major and minor alone."""
SEVENTHS = {"maj": "maj7", "min": "min7", "dominant": "7"}
ROOT_SUNG = {"maj7": "maj6", "maj9": "maj6"}
"""What players of sevenths turn to where the root is sung, which a major seventh rubs with."""
CALMER_SHARE = 0.4
"""What that weighs against the seventh before anything is sung; by ear."""
FEWEST_SUS_QN = 2.0
"""A dominant must last at least a half note for half of it to be a suspension."""
SUSPENDING = 0.7
"""How often the tensest mood suspends a dominant that can be; a genre adds as often as it writes suspensions."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A chord in time.

    root: semitones above the tonic; minor: whether its third is minor.
    sung: (12,) quarter notes of each pitch class above the tonic in its first half and in its second: (2, 12).
    quality: as in `QUALITIES`; bass: semitones above the tonic.
    """

    start_qn: float
    length_qn: float
    root: int
    minor: bool
    sung: Floats
    quality: str = ""
    bass: int = 0


def coloured(triads: Sequence[Held], step_qn: float, taste: Taste, dice: Dice) -> list[Held]:
    """Return the chords with their qualities, suspensions split off at multiples of `step_qn` if longer."""
    likings = dict[tuple[int, str], float]()
    chords = list[Held]()
    following = [*(held.root for held in triads[1:]), None]
    for held, root in zip(triads, following, strict=True):
        dominant = _is_dominant(held, root)
        weights = _weights(held, taste, dominant=dominant)
        for quality in weights:
            likings.setdefault((held.root, quality), TASTE * (dice.share() - 0.5))
        fits = {
            quality: np.log(weight) + FIT * _fit(held, quality) + likings[held.root, quality]
            for quality, weight in weights.items()
        }
        chord = replace(held, quality=max(fits, key=lambda quality: fits[quality]))
        chords += _suspended(chord, step_qn, taste, dice) if dominant else [chord]
    return chords


def _is_dominant(held: Held, following: int | None) -> bool:
    """Tell whether a chord leads a fifth down to the next; the tonic doesn't, unless a genre writes it so."""
    if held.minor or held.root == 0:
        return False
    return held.root == DOMINANT or (following is not None and (following - held.root) % 12 == FALL)


def _weights(held: Held, taste: Taste, *, dominant: bool) -> dict[str, float]:
    """Return what each quality weighs before anything is sung, the plain triad and a seventh among them."""
    mode, written = taste.key.mode, taste.harmony.minor if taste.key.mode == "minor" else taste.harmony.major
    degrees = [degree for progression in written for degree in progression if _minor(degree.quality) == held.minor]
    own = [degree.quality for degree in degrees if degree.root == held.root]
    if dominant:
        own = [quality for quality in own if not quality.startswith("maj") or quality == "maj"]
        own = own or [degree.quality for degree in degrees if degree.root == DOMINANT]
    if held.root == 0 and not held.minor and own.count("7") + own.count("9") < len(own) / 2:
        own = [quality for quality in own if quality not in ("7", "9")]  # a blues tonic is all or nothing
    # A degree that the genre does not write is coloured as its other chords are, but not as its dominants.
    others = [degree.quality for degree in degrees if degree.root != DOMINANT and degree.quality not in ("7", "9")]
    plain = "min" if held.minor else "maj"
    if (mode, held.root) in DIMINISHED and held.minor:
        own = own or ["dim"]
    counts = Counter[str](own or others or [plain])
    weights = {quality: count / counts.total() for quality, count in counts.items()}
    seventh = SEVENTHS["dominant" if dominant else plain]
    for quality, share in ((plain, PLAIN_SHARE), (seventh, RICH_SHARE)):
        weights[quality] = weights.get(quality, 0.0) + share
    for quality in [quality for quality in weights if quality in ROOT_SUNG]:
        calmer = ROOT_SUNG[quality]
        weights[calmer] = weights.get(calmer, 0.0) + CALMER_SHARE * weights[quality]
    return {quality: weight * float(np.exp(_lean(quality, taste))) for quality, weight in weights.items()}


def _minor(quality: str) -> bool:
    return 3 in QUALITIES[quality]


def _lean(quality: str, taste: Taste) -> float:
    """Return nats that mood and complexity give to a quality."""
    richer = RICHER * (taste.complexity - AS_WRITTEN) * (len(QUALITIES[quality]) - 3)
    mood = taste.mood.tension * LEANS["tension"].get(quality, 0.0)
    return richer + mood + taste.mood.brightness * LEANS["brightness"].get(quality, 0.0)


def _fit(held: Held, quality: str) -> float:
    return suits(held.sung.sum(axis=0), held.root, quality)


def suits(sung: Floats, root: int, quality: str) -> float:
    """Return how well a chord suits what is sung, −1 to 1; 0 under silence."""
    tones = {(root + interval) % 12 for interval in QUALITIES[quality]}
    below = [(pitch - 1) % 12 in tones for pitch in range(12)]
    marks = np.array(
        [(CLASH if below[p] else 1.0) if p in tones else (RUB if below[p] else 0.0) for p in range(12)], np.float64
    )
    return float(sung @ marks / max(float(sung.sum()), 1e-9))


def _suspended(chord: Held, step_qn: float, taste: Taste, dice: Dice) -> list[Held]:
    """Return a dominant, or its suspension and itself where mood and genre like that and what is sung allows it."""
    written = taste.harmony.minor if taste.key.mode == "minor" else taste.harmony.major
    qualities = [degree.quality for progression in written for degree in progression if degree.root == DOMINANT]
    share = qualities.count("sus4") / max(len(qualities), 1)
    wanted = dice.share() < SUSPENDING * max(0.0, taste.mood.tension) + share
    third = (chord.root + 4) % 12
    if chord.length_qn < FEWEST_SUS_QN or not wanted or chord.sung[0, third] > 0.0:
        return [chord]
    steps = int(chord.length_qn / step_qn + 1e-6)
    half = (steps // 2) * step_qn if steps > 1 else chord.length_qn / 2.0
    first, second = chord.sung
    none = np.zeros(12)
    return [
        replace(chord, length_qn=half, quality="sus4", sung=np.stack([first, none])),
        replace(chord, start_qn=chord.start_qn + half, length_qn=chord.length_qn - half, sung=np.stack([none, second])),
    ]
