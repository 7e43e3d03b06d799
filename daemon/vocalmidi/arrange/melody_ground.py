"""What a varied melody stands on: the scale of the key as the chord of the moment bends it, and the beats of the metre.

In: a lead sheet. Out: steps along the scale, chord tones, and whether a place is a beat. Chooses nothing.
"""

from bisect import bisect_right
from dataclasses import dataclass

from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.plan import in_threes
from vocalmidi.arrange.qualities import QUALITIES, SCALES
from vocalmidi.arrange.strokes import TINY_QN
from vocalmidi.values import Chord, Key, Meter

NEAR_BEAT_QN = 0.05
"""As the harmony hears it: a note this near to a beat is on it."""

RAISED = (4, 8, 9, 11)
"""Major third, raised fifth, major sixth and seventh: where one is foreign to the key, a scale tone has been raised."""
FIFTH = 7


@dataclass(frozen=True, slots=True)
class Ground:
    """Key, metre and chords of a phrase; starts_qn: of the chords."""

    key: Key
    meter: Meter
    chords: tuple[Chord, ...]
    starts_qn: tuple[float, ...]

    @property
    def beat_qn(self) -> float:
        """Length of a beat: dotted where beats divide in three."""
        return (12.0 if in_threes(self.meter) else 4.0) / self.meter.unit

    def is_beat(self, at_qn: float) -> bool:
        """Return whether a place is on a beat."""
        beats = at_qn / self.beat_qn
        return abs(beats - round(beats)) * self.beat_qn < NEAR_BEAT_QN

    def chord_at(self, at_qn: float) -> Chord | None:
        """Return the chord at a place; None where there is none."""
        index = bisect_right(self.starts_qn, at_qn + TINY_QN) - 1
        return self.chords[index] if index >= 0 else None

    def tones_at(self, at_qn: float) -> frozenset[int]:
        """Return the pitch classes of the chord at a place; of the tonic triad where there is none."""
        chord = self.chord_at(at_qn)
        if chord is None:
            third = 4 if self.key.mode == "major" else 3
            return frozenset((self.key.tonic + interval) % 12 for interval in (0, third, 7))
        return frozenset((chord.root + interval) % 12 for interval in QUALITIES[chord.quality])

    def scale_at(self, at_qn: float) -> frozenset[int]:
        """Return the pitch classes of the key, a foreign tone of the chord in place of the one that it alters."""
        scale = frozenset((self.key.tonic + step) % 12 for step in SCALES[self.key.mode])
        chord, tones = self.chord_at(at_qn), self.tones_at(at_qn)
        if chord is None:
            return scale
        return tones | (scale - {_altered(chord, tone, scale) for tone in tones - scale})

    def step(self, pitch: int, steps: int, at_qn: float) -> int:
        """Return the key so many steps of the scale above a key, below it for a number below 0."""
        scale, way = self.scale_at(at_qn), 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            pitch += way
            while pitch % 12 not in scale:
                pitch += way
        return pitch

    def steps_between(self, pitch: int, other: int, at_qn: float) -> int:
        """Return how many tones of the scale lie above `pitch` up to `other`, negative where that is below."""
        scale, way = self.scale_at(at_qn), 1 if other > pitch else -1
        passed = sum(key % 12 in scale or key == other for key in range(pitch + way, other + way, way))
        return way * passed if other != pitch else 0


def _altered(chord: Chord, tone: int, scale: frozenset[int]) -> int:
    """Return the scale tone that a foreign tone of a chord stands for: G where it is G sharp, A where it is A flat."""
    interval = (tone - chord.root) % 12
    raised = interval in RAISED or (interval == FIFTH and chord.root in scale)
    raised = raised or (interval == 0 and chord.quality in ("dim", "dim7", "hdim7"))
    return (tone - 1 if raised else tone + 1) % 12


def ground_of(sheet: LeadSheet) -> Ground:
    """Return what a melody over a lead sheet stands on."""
    starts_qn = tuple(float(chord.start_qn) for chord in sheet.chords)
    return Ground(sheet.phrase.key, sheet.phrase.meter, sheet.chords, starts_qn)
