"""A lead sheet: what every part writer goes by, in one value."""

from dataclasses import dataclass, replace

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.networks import Networks
from vocalmidi.arrange.plan import Plan
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.wish import Wish
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord, PartName, Phrase


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """The phrase with its chords, the plan of its grooves, and what is wished.

    phrase: what was sung and, after `sung_qn`, what goes on from it.
    style: that of the wish, in its mood.
    networks: None where all is written by the genre's rules.
    """

    phrase: Phrase
    sung_qn: QuarterNotes
    wish: Wish
    style: Style
    plan: Plan
    chords: tuple[Chord, ...]
    networks: Networks | None

    @property
    def tempo_qpm(self) -> float:
        """The tempo of what was sung on the whole."""
        return tempo_of(replace(self.phrase, length_qn=self.sung_qn))

    def dice(self, part: PartName) -> Dice:
        """Return the dice of one part: no other part's choices depend on them."""
        return Dice(self.wish.seed_of(part), part.value)


def tempo_of(phrase: Phrase) -> float:
    """Return the tempo of a phrase on the whole, quarter notes a minute: a singer's drift is evened out."""
    tempo_map = phrase.tempo_map
    if len(tempo_map.points) == 1:
        return tempo_map.points[0].tempo_qpm
    return phrase.length_qn * 60.0 / (tempo_map.time_at(phrase.length_qn) - tempo_map.time_at(0.0))
