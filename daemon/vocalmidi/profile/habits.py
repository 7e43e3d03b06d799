"""How a singer is to be read, told from what he corrected: the octave, how late he comes, which notes are none.

In: verdicts on phrases that were written (`verdicts`). Out: what they say of notes that are heard now. Each habit needs
corrections in `FEWEST_PHRASES` phrases, goes by the newest ones, so that it changes with the singer, and does only so
much: whole octaves within a range that was corrected, `MOST_LATE_S`, a `MOST_LEFT_OUT` of a phrase. Without corrections
everything stays as it is heard. Applying it to a phrase is `app.corrected`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from vocalmidi.profile.verdicts import Kind, Verdict, by_phrase, with_new
from vocalmidi.units import Seconds
from vocalmidi.values import PartName

FEWEST_PHRASES = 3
"""Phrases in which a thing was corrected before it is a habit; chosen: once is a slip, twice may be one song."""
NEWEST = 5
"""Phrases that decide: three newer ones outvote what was so before."""
NEAR_SEMITONES = 2
"""What is said of a pitch holds for its neighbours in the scale."""
AGREED = 0.6
"""Share of those notes of a phrase that say anything, which must say the same."""
COVERED = 0.5
"""Share of the notes of a phrase that must say something of its octave."""
MOVED_LEAST = 6
"""Notes that were moved; fewer may be a matter of the tune."""
LATE_LEAST_S, MOST_LATE_S = Seconds(0.01), Seconds(0.12)
"""Nobody hears less; more than a sixteenth at 120 BPM is another rhythm."""
LATE_PHRASES = 8
GONE_LEAST = 4
"""Notes that were deleted."""
GONE_SHARE = 0.8
"""Of the notes that would be left out, those which the user deleted; he has kept the others."""
MOST_SURE = 0.8
"""Of what was heard more surely nothing is left out: that it was deleted was a matter of taste."""
GONE_PHRASES = 20
MOST_GONE = 0.5
"""Of a phrase; who deletes more is writing something else."""
MOST_LEFT_OUT = 0.25
"""Of a phrase's notes; chosen: a false note among four is a bad take already."""


@dataclass(frozen=True, slots=True)
class Octaves:
    """What is to be done to a phrase: all of it so many octaves higher, and each note by itself beside that."""

    all: int
    each: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of a singer, oldest phrase first."""

    verdicts: tuple[Verdict, ...] = ()

    def with_new(self, verdicts: Sequence[Verdict]) -> "Habits":
        """Return the habits after some more phrases; what was said of these before no longer holds."""
        return Habits(with_new(self.verdicts, verdicts))

    @property
    def phrases(self) -> tuple[tuple[Verdict, ...], ...]:
        """Return the verdicts by phrases."""
        return by_phrase(self.verdicts)

    def octaves(self, part: PartName, pitches_midi: Sequence[int]) -> Octaves:
        """Return how a phrase of these pitches is to be written in a part."""
        phrases = [_of_part(group, part) for group in self.phrases]
        middle = median(pitches_midi) if pitches_midi else 0.0
        said = [self._said_of(phrases, pitch) for pitch in pitches_midi]
        each = tuple(_alone(phrases, pitch, middle) for pitch in pitches_midi)
        return Octaves(_agreed(said), each)

    def octaves_near(self, part: PartName, pitch_midi: int) -> int:
        """Return by how many octaves phrases around a pitch are written higher."""
        return self._said_of([_of_part(group, part) for group in self.phrases], pitch_midi) or 0

    def _said_of(self, phrases: Sequence[Sequence[Verdict]], pitch_midi: int) -> int | None:
        """Return what is usual of a pitch; None where too little is known."""
        usual = [_usual(group) for group in phrases if _near(group, pitch_midi)]
        return _vote(usual)

    def late_s(self, kind: Kind) -> Seconds:
        """Return how late the singer's notes or hits come, 0 unless he has corrected that."""
        newest = self.phrases[-LATE_PHRASES:]
        told = [each for group in newest for each in group if each.kind == kind and _tells_time(each)]
        moved = [each for each in told if each.is_moved]
        if len(moved) < MOVED_LEAST or len({each.phrase for each in moved}) < FEWEST_PHRASES:
            return Seconds(0.0)
        late_s, moved_s = median(_late_of(told)), median(_late_of(moved))
        if abs(late_s) < LATE_LEAST_S or late_s * moved_s < 0.0:
            return Seconds(0.0)
        return Seconds(min(max(late_s, -MOST_LATE_S), MOST_LATE_S))

    def false_below(self, kind: Kind) -> float:
        """Return the confidence up to which notes or hits are none, below zero where all are."""
        known = [each for group in _not_rewritten(self.phrases)[-GONE_PHRASES:] for each in group if each.kind == kind]
        best, worth = -1.0, 0
        for limit in sorted({each.confidence for each in known if each.is_gone and each.confidence <= MOST_SURE}):
            below = [each for each in known if each.confidence <= limit]
            gone = [each for each in below if each.is_gone]
            kept = len(below) - len(gone)
            is_enough = len(gone) >= GONE_LEAST and len({each.phrase for each in gone}) >= FEWEST_PHRASES
            if is_enough and len(gone) >= GONE_SHARE * len(below) and len(gone) - 2 * kept > worth:
                best, worth = limit, len(gone) - 2 * kept
        return best


NO_HABITS = Habits()


def left_out(confidences: Sequence[float], false_below: float) -> frozenset[int]:
    """Return which of a phrase's notes are left out: the least sure ones, never many."""
    doubtful = sorted((sure, index) for index, sure in enumerate(confidences) if sure <= false_below)
    return frozenset(index for _, index in doubtful[: int(MOST_LEFT_OUT * len(confidences))])


def _of_part(group: Sequence[Verdict], part: PartName) -> list[Verdict]:
    return [each for each in group if each.part is part and each.kind == "note" and not each.is_gone]


def _near(group: Sequence[Verdict], pitch_midi: int) -> bool:
    return any(abs((each.pitch_midi or 0) - pitch_midi) <= NEAR_SEMITONES for each in group)


def _usual(group: Sequence[Verdict]) -> int:
    """Return the octave that most notes of a phrase were put into."""
    return Counter(each.octaves for each in group).most_common(1)[0][0]


def _vote(votes: Sequence[int]) -> int | None:
    """Return what the newest phrases agree on; None where they are few."""
    newest = votes[-NEWEST:]
    if len(newest) < FEWEST_PHRASES:
        return None
    winner, count = Counter(newest).most_common(1)[0]
    return winner if count >= FEWEST_PHRASES else None


def _agreed(said: Sequence[int | None]) -> int:
    """Return the octave that the notes of a phrase agree on, 0 where they don't."""
    heard = [each for each in said if each is not None]
    if not heard or len(heard) < COVERED * len(said):
        return 0
    winner, count = Counter(heard).most_common(1)[0]
    return winner if count >= AGREED * len(heard) else 0


def _alone(phrases: Sequence[Sequence[Verdict]], pitch_midi: int, middle: float) -> int:
    """Return by how many octaves a note is usually misheard among others: only what comes nearer to them is."""
    votes: list[int] = []
    for group in phrases:
        near = [each for each in group if abs((each.pitch_midi or 0) - pitch_midi) <= NEAR_SEMITONES]
        if near:
            votes.append(_usual(near) - _usual(group))
    octaves = _vote(votes) or 0
    is_nearer = abs(pitch_midi + 12 * octaves - middle) < abs(pitch_midi - middle)
    return octaves if is_nearer else 0


def _tells_time(verdict: Verdict) -> bool:
    return verdict.late_s is not None and abs(verdict.late_s) <= 2 * MOST_LATE_S and not verdict.is_gone


def _late_of(verdicts: Iterable[Verdict]) -> Iterator[float]:
    return (each.late_s for each in verdicts if each.late_s is not None)


def _not_rewritten(phrases: Sequence[Sequence[Verdict]]) -> list[Sequence[Verdict]]:
    return [group for group in phrases if sum(each.is_gone for each in group) <= MOST_GONE * len(group)]
