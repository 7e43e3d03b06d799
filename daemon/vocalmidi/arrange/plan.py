"""The plan that all parts share: which groove plays in which bars, and how its steps lie in time.

Sections of four bars each take one groove of the style for the phrase's metre; the last bar of a section may end in a
fill. Where the style has no groove of that metre, the nearest kind (beats of three or of two) is cut or repeated to
the bar. A phrase at about half or double the style's tempo takes its steps at double or half speed. Density leans the
choice to busier or calmer grooves and rows; complexity to fuller fills and to change from section to section, the plain
end of it to no fills and to one groove throughout.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from vocalmidi.arrange.amounts import freedom, fullness
from vocalmidi.arrange.busyness import fill_strokes, groove_strokes, leaning, row_strokes
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.style import Fill, Groove, Style
from vocalmidi.arrange.wish import Wish
from vocalmidi.values import Meter, PartName, Phrase

T = TypeVar("T")
SECTION_BARS = 4
"""The phrase length of most songs of all ten genres."""


@dataclass(frozen=True, slots=True)
class Section:
    """Bars [first_bar, stop_bar) with one groove and one choice of its rows; `fill` ends the last bar, or is None."""

    first_bar: int
    stop_bar: int
    groove: Groove
    comp: str
    bass: str
    fill: Fill | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Sections in order, the bar and the length of the phrase in quarter notes, and how steps lie in time.

    pace: what a written quarter note lasts in quarter notes of the phrase: 1, 0.5 (double time) or 2 (half time).
    swing, swing_qn: as in `Style`, made straight where beats divide in three or a bar does not hold whole pairs.
    """

    sections: tuple[Section, ...]
    bar_qn: float
    length_qn: float
    pace: float
    swing: float
    swing_qn: float


def make_plan(phrase: Phrase, style: Style, tempo_qpm: float, wish: Wish) -> Plan:
    """Return the plan of a phrase in a style, as full and as free as is wished."""
    bars = max(1, round(phrase.length_qn / phrase.meter.bar_qn))
    planner = _Planner(grooves_for(style, phrase.meter), style.fills, fullness(wish), freedom(wish), _throw(wish))
    sections = list[Section]()
    for first in range(0, bars, SECTION_BARS):
        sections.append(planner.section(first, min(first + SECTION_BARS, bars), sections))
    pace = _pace(style, tempo_qpm)
    swing_qn = style.swing_qn * pace
    pairs = phrase.meter.bar_qn / (2.0 * swing_qn)
    swings = not in_threes(phrase.meter) and pairs == round(pairs)
    return Plan(tuple(sections), phrase.meter.bar_qn, phrase.length_qn, pace, style.swing if swings else 0.5, swing_qn)


def in_threes(meter: Meter) -> bool:
    """Tell whether the beats of a metre divide in three (6/8, 9/8, 12/8)."""
    return meter.unit >= 8 and meter.beats % 3 == 0


def grooves_for(style: Style, meter: Meter) -> tuple[Groove, ...]:
    """Return the grooves written for a metre, else those of the nearest kind; a style always has some in 4/4."""
    same = tuple(groove for groove in style.grooves if groove.meter.bar_qn == meter.bar_qn and _kin(groove, meter))
    kin = tuple(groove for groove in style.grooves if _kin(groove, meter))
    common = tuple(groove for groove in kin if groove.meter == Meter(4, 4))
    return same or common or kin or style.grooves


def _kin(groove: Groove, meter: Meter) -> bool:
    return in_threes(groove.meter) == in_threes(meter)


def _pace(style: Style, tempo_qpm: float) -> float:
    for pace in (1.0, 0.5, 2.0):
        if style.tempo_low_qpm <= tempo_qpm / pace <= style.tempo_high_qpm:
            return pace
    return 1.0


@dataclass(frozen=True, slots=True)
class _Throws:
    """Dice of what all parts share and of what one part alone plays by, so that rolling it again changes that alone."""

    grooves: Dice
    comp: Dice
    bass: Dice
    fills: Dice


def _throw(wish: Wish) -> _Throws:
    comp, bass, fills = (wish.seed_of(part) for part in (PartName.CHORDS, PartName.BASS, PartName.DRUMS))
    return _Throws(Dice(wish.seed, "plan"), Dice(comp, "plan/comp"), Dice(bass, "plan/bass"), Dice(fills, "plan/fills"))


@dataclass(frozen=True, slots=True)
class _Planner:
    """What sections are chosen from, how full and how free (each −1 to 1, 0 as written), and dice."""

    grooves: tuple[Groove, ...]
    fills: tuple[Fill, ...]
    fullness: float
    freedom: float
    throws: _Throws

    def section(self, first: int, stop: int, before: Sequence[Section]) -> Section:
        """Return the section of some bars, after those before it."""
        # Dice are thrown for freedom only where it is wished for: a seed as written stays as it was.
        if before and self.freedom < 0.0 and self.throws.grooves.share() < -self.freedom:
            same = replace(before[0], first_bar=first, stop_bar=stop)
            return replace(same, fill=self._fill(first, stop))
        grooves = self._fresh(self.grooves, [section.groove for section in before[-1:]], self.throws.grooves)
        leans = leaning([groove_strokes(groove) for groove in grooves], self.fullness)
        weights = [groove.weight * lean for groove, lean in zip(grooves, leans, strict=True)]
        groove = self.throws.grooves.pick(grooves, weights)
        comp = self._row(groove.comp, groove, [section.comp for section in before[-1:]], self.throws.comp)
        bass = self._row(groove.bass, groove, [section.bass for section in before[-1:]], self.throws.bass)
        return Section(first, stop, groove, comp, bass, self._fill(first, stop))

    def _row(self, rows: Sequence[str], groove: Groove, last: Sequence[str], dice: Dice) -> str:
        fresh = self._fresh(rows, last, dice)
        return dice.pick(fresh, leaning([row_strokes(row, groove.steps_per_qn) for row in fresh], self.fullness))

    def _fill(self, first: int, stop: int) -> Fill | None:
        dice = self.throws.fills
        # A fill in a phrase of one bar would leave no groove to fill in.
        if not self.fills or stop - first <= 1 or (self.freedom < 0.0 and dice.share() < -self.freedom):
            return None
        return dice.pick(self.fills, leaning([fill_strokes(fill) for fill in self.fills], self.freedom))

    def _fresh(self, choices: Sequence[T], last: Sequence[T], dice: Dice) -> Sequence[T]:
        """Return the choices, without the last one taken where freedom asks for change and there are others."""
        others = [choice for choice in choices if choice not in last]
        if others and len(others) < len(choices) and self.freedom > 0.0 and dice.share() < self.freedom:
            return others
        return choices
