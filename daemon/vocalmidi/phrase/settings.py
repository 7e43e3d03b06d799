"""What the user or Reaper says about a take before it becomes a phrase; everything left out is estimated."""

from dataclasses import dataclass, field
from enum import StrEnum

from vocalmidi.errors import PhraseError
from vocalmidi.phrase.key import KeyHint
from vocalmidi.values import Key, Meter, TempoMap

TEMPO_RANGE_QPM = (20.0, 400.0)
"""What Standard MIDI Files, Reaper and metronomes all allow with room to spare; outside is a typing error."""


class Grid(StrEnum):
    """The note value that onsets are drawn to.

    AUTO is what was meant, note by note, where the context network is at hand; else sixteenths, or eighth triplets
    where they fit better.
    """

    AUTO = "auto"
    EIGHTH = "1/8"
    SIXTEENTH = "1/16"
    THIRTY_SECOND = "1/32"
    EIGHTH_TRIPLET = "1/8T"
    SIXTEENTH_TRIPLET = "1/16T"


@dataclass(frozen=True, slots=True)
class PhraseSettings:
    """How a take is read.

    tempo_map: the project's own grid, whose QN 0 is a bar line; None when the take stands alone.
    tempo_qpm: a steady tempo given by the user, 20–400 quarter notes a minute; None to estimate it.
    meter: the time signature; None to find it, among 4/4, 3/4 and 6/8.
    key: a key given by the user; None to estimate it.
    key_hints: other music that may be in the same key, earlier phrases or the project's own MIDI.
    grid: the finest note value expected.
    quantise_strength: 0–1, 0 leaves the played times, 1 puts every onset on the grid.
    genre: name of a style, which the context network takes for a hint; None where nobody says it.
    """

    tempo_map: TempoMap | None = None
    tempo_qpm: float | None = None
    meter: Meter | None = field(default_factory=Meter)
    key: Key | None = None
    key_hints: tuple[KeyHint, ...] = ()
    grid: Grid = Grid.AUTO
    quantise_strength: float = 1.0
    genre: str | None = None

    def __post_init__(self) -> None:
        low, high = TEMPO_RANGE_QPM
        if self.tempo_qpm is not None and not low <= self.tempo_qpm <= high:
            raise PhraseError(f"tempo {self.tempo_qpm:g} is outside {low:g}–{high:g} quarter notes a minute")
        if self.tempo_qpm is not None and self.tempo_map is not None:
            raise ValueError("give either tempo_qpm or tempo_map, not both")
        if not 0.0 <= self.quantise_strength <= 1.0:
            raise ValueError(f"quantise_strength {self.quantise_strength} is outside 0–1")
