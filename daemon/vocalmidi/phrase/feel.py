"""How a genre is played: a phrase on its grid, rendered as humans of that genre would.

In: a phrase, the name of a genre, an amount. Out: the phrase with onsets moved and velocities shaded by the means of
human takes at each place of the bar (`feel.npz`, written by `training/context/fit_feel.py`: drums of gmd, the loudness
of pop909's melodies; notes are timed like the hi-hat that keeps the time). Where the singer was, stays in the played
times. Nothing is drawn at random: the same phrase is rendered the same. Genres of which there are no human takes have
no feel, and that is said, not guessed; in other metres than 4/4 the place within the beat decides.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vocalmidi.errors import PhraseError
from vocalmidi.phrase.first_bar import SHORTEST_QN
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HIT_LABELS, HitLabel, Meter, Phrase, PhraseHit, PhraseNote

FILE = "feel.npz"
PLACES_QN = 1 / 12
"""Between places: sixteenths and triplets both lie on them."""
PLACES = 48
"""Of a bar of 4/4."""
BAR_QN = PLACES * PLACES_QN
FARTHEST_QN = 0.5 * PLACES_QN
"""A sound that lies farther from every place has none of its own and is not moved."""
NOTE = len(HIT_LABELS)
"""The row of sung notes, after those of the drums."""


@dataclass(frozen=True, slots=True, eq=False)
class Feel:
    """One genre: (drums and notes, PLACES) lateness in quarter notes, and loudness as a part of the mean."""

    late_qn: npt.NDArray[np.float32]
    loud: npt.NDArray[np.float32]

    def at(self, row: int, place_qn: float, meter: Meter) -> tuple[float, float]:
        """Return lateness in quarter notes and loudness of a place."""
        place = round(place_qn / PLACES_QN)
        if abs(place * PLACES_QN - place_qn) > FARTHEST_QN / 2.0:
            return 0.0, 1.0
        if meter.bar_qn == BAR_QN:
            return float(self.late_qn[row, place % PLACES]), float(self.loud[row, place % PLACES])
        beat = slice(place % (PLACES // 4), PLACES, PLACES // 4)
        return float(self.late_qn[row, beat].mean()), float(self.loud[row, beat].mean())


def felt_genres() -> tuple[str, ...]:
    """Return the genres of which there are human takes."""
    return tuple(_feels())


def with_feel(phrase: Phrase, genre: str, amount: float) -> Phrase:
    """Return the phrase rendered as the genre is played.

    phrase: on its grid. amount: 0 (as it is) to 1 (as the mean of human takes).

    Raises:
        PhraseError: there are no human takes of that genre.
    """
    if not 0.0 <= amount <= 1.0:
        raise ValueError(f"an amount of feel of {amount} is outside 0–1")
    if amount == 0.0:
        return phrase
    feel = _feels().get(genre)
    if feel is None:
        known = ", ".join(felt_genres())
        raise PhraseError(f"nothing is known of how {genre} is played: choose one of {known}, or no feel")
    notes = [_felt_note(note, feel, phrase.meter, amount) for note in phrase.notes]
    for index, (note, following) in enumerate(pairwise(notes)):
        length_qn = max(min(note.length_qn, following.start_qn - note.start_qn), SHORTEST_QN)
        notes[index] = replace(note, length_qn=QuarterNotes(length_qn))
    hits = [_felt_hit(hit, feel, phrase.meter, amount) for hit in phrase.hits]
    return replace(phrase, notes=tuple(notes), hits=tuple(sorted(hits, key=lambda hit: hit.start_qn)))


def _felt_note(note: PhraseNote, feel: Feel, meter: Meter, amount: float) -> PhraseNote:
    """Return a note moved and shaded; what it is moved by is taken from its length, so that its end stays."""
    late_qn, loud = feel.at(NOTE, note.start_qn, meter)
    start_qn = max(0.0, note.start_qn + amount * late_qn)
    length_qn = max(note.start_qn + note.length_qn - start_qn, SHORTEST_QN)
    velocity = _shaded(note.velocity, loud, amount)
    return replace(note, start_qn=QuarterNotes(start_qn), length_qn=QuarterNotes(length_qn), velocity=velocity)


def _felt_hit(hit: PhraseHit, feel: Feel, meter: Meter, amount: float) -> PhraseHit:
    late_qn, loud = feel.at(HIT_LABELS.index(HitLabel(hit.label)), hit.start_qn, meter)
    start_qn = QuarterNotes(max(0.0, hit.start_qn + amount * late_qn))
    return replace(hit, start_qn=start_qn, velocity=_shaded(hit.velocity, loud, amount))


def _shaded(velocity: int, loud: float, amount: float) -> int:
    return min(127, max(1, round(velocity * (1.0 + amount * (loud - 1.0)))))


@cache
def _feels() -> dict[str, Feel]:
    with resources.files("vocalmidi.phrase").joinpath(FILE).open("rb") as stored, np.load(stored) as tables:
        late, loud = tables["late_qn"], tables["loud"]
        return {str(name): Feel(late[index], loud[index]) for index, name in enumerate(tables["genres"])}
