"""The plan that all parts share: which groove plays in which bars, and how its steps lie in time.

Sections of four bars each take one groove of the style for the phrase's metre; the last bar of a section may end in a
fill. Where the style has no groove of that metre, the nearest kind (beats of three or of two) is cut or repeated to
the bar. A phrase at about half or double the style's tempo takes its steps at double or half speed.
"""

from dataclasses import dataclass

from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.style import Fill, Groove, Style
from vocalmidi.values import Meter, Phrase

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


def make_plan(phrase: Phrase, style: Style, tempo_qpm: float, dice: Dice) -> Plan:
    """Return the plan of a phrase in a style."""
    bars = max(1, round(phrase.length_qn / phrase.meter.bar_qn))
    grooves = grooves_for(style, phrase.meter)
    sections = tuple(
        _section(first, min(first + SECTION_BARS, bars), grooves, style.fills, dice)
        for first in range(0, bars, SECTION_BARS)
    )
    pace = _pace(style, tempo_qpm)
    swing_qn = style.swing_qn * pace
    pairs = phrase.meter.bar_qn / (2.0 * swing_qn)
    swings = not in_threes(phrase.meter) and pairs == round(pairs)
    return Plan(sections, phrase.meter.bar_qn, phrase.length_qn, pace, style.swing if swings else 0.5, swing_qn)


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


def _section(first: int, stop: int, grooves: tuple[Groove, ...], fills: tuple[Fill, ...], dice: Dice) -> Section:
    groove = dice.pick(grooves, [groove.weight for groove in grooves])
    comp, bass = dice.pick(groove.comp), dice.pick(groove.bass)
    # A fill in a phrase of one bar would leave no groove to fill in.
    fill = dice.pick(fills) if fills and stop - first > 1 else None
    return Section(first, stop, groove, comp, bass, fill)
