"""Chords under a melody, by the network and the genre together, or by the genre's rules alone.

In: a phrase, a wish, maybe networks. Out: `Harmonised`: chords without gaps, what chose them, and what else would do,
ranked. With networks the path of `chord_path.py` through what `chord_ask.py` is told; without, `harmony_rules.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_approach import approached
from vocalmidi.arrange.chord_ask import Told, ask, has_halves, notes_of
from vocalmidi.arrange.chord_bass import with_bass
from vocalmidi.arrange.chord_chain import Path, read_chain
from vocalmidi.arrange.chord_colour import Held, coloured
from vocalmidi.arrange.chord_guess import ranked
from vocalmidi.arrange.chord_input import MINOR, held
from vocalmidi.arrange.chord_path import Taste, choose_path
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.harmony_rules import chosen_by_rules
from vocalmidi.arrange.networks import Networks
from vocalmidi.arrange.qualities import Degree
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.arrange.wish import Wish
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord, ChordRanking, HarmonyOrigin, Meter, Phrase, RankedTriad

Floats = npt.NDArray[np.float64]

QUALITY = ("maj", "min", "none")
"""Of twelve classes each; the last is no chord."""
RANKED = 5
"""Triads named for a stretch: what a human wrote is the fifth or later in about one of eight half bars of pop909."""


@dataclass(frozen=True, slots=True)
class Harmonised:
    """Chords over the whole phrase without gaps, neighbours that are alike joined, and what chose them.

    rankings: what else each stretch may have, where the network was asked.
    """

    chords: tuple[Chord, ...]
    origin: HarmonyOrigin
    rankings: tuple[ChordRanking, ...] = ()


def harmonise(phrase: Phrase, wish: Wish, networks: Networks | None) -> Harmonised:
    """Return the chords under a phrase; none without notes."""
    if not phrase.notes:
        return Harmonised((), "none")
    dice = Dice(wish.seed, "harmony")
    if networks is None:
        length_qn, degrees = chosen_by_rules(phrase, wish.style.harmony, dice)
        return Harmonised(joined(degrees, length_qn, phrase), "rules")
    told = ask(phrase, networks.harmony)
    length_qn, shares = _frames(told, phrase.meter, free=wish.free_chords)
    halves = held(notes_of(phrase) - [0.0, 0.0, phrase.key.tonic], length_qn / 2.0, 2 * len(shares)) * length_qn / 2.0
    weights = halves.reshape(-1, 2, 12).sum(axis=1)
    taste = Taste(
        harmony=wish.style.harmony,
        key=phrase.key,
        mood=wish.mood,
        complexity=wish.complexity,
        free=wish.free_chords,
        mid_bar=length_qn < phrase.meter.bar_qn,
    )
    path = choose_path(shares, weights, read_chain(), taste, dice)
    triads = approached(_triads(path, length_qn, halves, phrase), length_qn, taste, dice)
    chords = with_bass(coloured(triads, length_qn, taste, dice), taste, dice)
    return Harmonised(_chords(chords, phrase.key.tonic), "network", _rankings(shares, length_qn, phrase))


def _triads(path: Path, length_qn: float, halves: Floats, phrase: Phrase) -> list[Held]:
    """Return the chords of a path in time with what is sung over each half of them.

    halves: (2 · frames, 12) quarter notes of each pitch class above the tonic in half of each frame.
    """
    triads = list[Held]()
    edges = [0, *(int(n) + 1 for n in np.flatnonzero(path[1:] != path[:-1])), len(path)]
    for first, stop in pairwise(edges):
        start_qn, stop_qn = first * length_qn, min(stop * length_qn, float(phrase.length_qn))
        if stop_qn > start_qn + TINY_QN:
            root, minor = (int(path[first]) - phrase.key.tonic) % 12, bool(path[first] >= MINOR)
            sung = np.stack([halves[2 * first : first + stop].sum(axis=0), halves[first + stop : 2 * stop].sum(axis=0)])
            triads.append(Held(start_qn, stop_qn - start_qn, root, minor, sung))
    return triads


def _chords(held_chords: Sequence[Held], tonic: int) -> tuple[Chord, ...]:
    return tuple(
        Chord(
            QuarterNotes(each.start_qn),
            QuarterNotes(each.length_qn),
            (each.root + tonic) % 12,
            each.quality,
            (each.bass + tonic) % 12,
        )
        for each in held_chords
    )


def _rankings(shares: Floats, length_qn: float, phrase: Phrase) -> tuple[ChordRanking, ...]:
    """Return the triads of each stretch in the phrase that go best with the melody, whatever the genre."""
    rankings = list[ChordRanking]()
    for frame, order in enumerate(ranked(shares)[:, :RANKED]):
        start_qn = frame * length_qn
        length = min(length_qn, phrase.length_qn - start_qn)
        if length > 1e-6:
            triads = tuple(
                RankedTriad(int(each) % 12, QUALITY[int(each) // 12], float(shares[frame, each])) for each in order
            )
            rankings.append(ChordRanking(QuarterNotes(start_qn), QuarterNotes(length), triads))
    return tuple(rankings)


def _frames(told: Told, meter: Meter, *, free: bool) -> tuple[float, Floats]:
    """Return how long chords last at least, and the probabilities of each such stretch: half bars or whole ones."""
    shares = told.network if free else told.best
    if has_halves(meter, told.frame_qn):
        return told.frame_qn, shares
    together = np.sqrt(shares[0::2] * shares[1::2])
    return 2.0 * told.frame_qn, np.asarray(together / together.sum(axis=1, keepdims=True), np.float64)


def joined(degrees: Sequence[Degree], length_qn: float, phrase: Phrase) -> tuple[Chord, ...]:
    """Return chords of equal stretches in time, repeated ones as one, cut at the end of the phrase."""
    firsts = [n for n, degree in enumerate(degrees) if n == 0 or degree != degrees[n - 1]]
    chords = list[Chord]()
    for first, stop in zip(firsts, [*firsts[1:], len(degrees)], strict=True):
        start_qn, stop_qn = first * length_qn, min(stop * length_qn, phrase.length_qn)
        if start_qn < phrase.length_qn - TINY_QN:
            root = (degrees[first].root + phrase.key.tonic) % 12
            chords.append(
                Chord(QuarterNotes(start_qn), QuarterNotes(stop_qn - start_qn), root, degrees[first].quality, root)
            )
    return tuple(chords)
