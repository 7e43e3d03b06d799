"""The groove that the singer beatboxed: which bars it rules, and where its hits and kicks are.

In a bar with at least two hits these make the groove, and the genre adds only what they leave open; a lone hit among
sung notes is played on top of the genre's groove. In a take of hits alone every hit rules its bar. A sound of the
user's own plays the key it was taught with; what role it has in the groove, the key says.
"""

from dataclasses import dataclass

from vocalmidi.arrange.kit import HIT_KEYS, Role, role_of
from vocalmidi.values import Phrase, PhraseHit

FEWEST_HITS = 2
"""Hits that make a bar's groove: one could be a consonant or an accent."""


@dataclass(frozen=True, slots=True)
class SungHit:
    """A beatboxed hit: its place in quarter notes and where it was played, its bar, its drum's key, its velocity."""

    start_qn: float
    played_start_qn: float
    bar: int
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class SungGroove:
    """All hits in order, and the bars in which they replace the genre's strokes of the same role."""

    hits: tuple[SungHit, ...]
    bars: frozenset[int]

    @property
    def kicks_qn(self) -> tuple[float, ...]:
        """Places of the kicks that rule their bar."""
        return tuple(hit.start_qn for hit in self.hits if hit.bar in self.bars and role_of(hit.key) is Role.KICK)

    @property
    def ruled(self) -> frozenset[tuple[int, Role]]:
        """Bar and role of everything that the genre leaves to the singer."""
        return frozenset((hit.bar, role_of(hit.key)) for hit in self.hits if hit.bar in self.bars)


def sung_groove(phrase: Phrase, other_key: int) -> SungGroove:
    """Return the groove of a phrase; `other_key` is the drum for hits of no known class."""
    bar_qn = phrase.meter.bar_qn
    hits = tuple(
        SungHit(
            hit.start_qn,
            hit.played_start_qn,
            int((hit.start_qn + 1e-6) // bar_qn),
            _key_of(hit, other_key),
            hit.velocity,
        )
        for hit in phrase.hits
    )
    counts = dict[int, int]()
    for hit in hits:
        counts[hit.bar] = counts.get(hit.bar, 0) + 1
    fewest = FEWEST_HITS if phrase.notes else 1
    return SungGroove(hits, frozenset(bar for bar, count in counts.items() if count >= fewest))


def _key_of(hit: PhraseHit, other_key: int) -> int:
    if hit.trigger is not None:
        return hit.trigger.pitch_midi
    return HIT_KEYS.get(hit.label, other_key)
