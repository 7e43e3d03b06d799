"""How many strokes a quarter note a row, a groove or a fill has: what density and complexity choose by.

In: step notation and what is made of it. Out: numbers, and weights that lean a choice to the busier or the calmer.
"""

import math
from collections.abc import Sequence

from vocalmidi.arrange.style import Fill, Groove

SILENT = ".-"
"""Rest and hold: characters that begin no stroke."""
COUNTS = {"r": 2.0, "t": 3.0, "?": 0.5}
"""Strokes of the symbols that are not one: rolls, and a ghost that comes half of the time."""
LEAN = 2.0
"""Log weight of the busiest of some choices against the middle at full density: about seven times as often."""


def row_strokes(steps: str, steps_per_qn: int) -> float:
    """Return the strokes a quarter note of a row."""
    return sum(COUNTS.get(step, 1.0) for step in steps if step not in SILENT) * steps_per_qn / len(steps)


def groove_strokes(groove: Groove) -> float:
    """Return the strokes a quarter note of all that a groove plays, alternatives averaged."""
    by_turns = sum(
        sum(row_strokes(row, groove.steps_per_qn) for row in rows) / len(rows) for rows in (groove.comp, groove.bass)
    )
    return by_turns + sum(row_strokes(row.steps, groove.steps_per_qn) for row in groove.drums)


def fill_strokes(fill: Fill) -> float:
    """Return the strokes a quarter note of a fill."""
    return sum(row_strokes(row.steps, fill.steps_per_qn) for row in fill.drums)


def leaning(strokes: Sequence[float], lean: float) -> list[float]:
    """Return factors for the weights of choices: lean −1 towards the calmest, 0 none, 1 towards the busiest."""
    low, high = min(strokes), max(strokes)
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    return [math.exp(LEAN * lean * (each - middle) / half) if half > 0.0 else 1.0 for each in strokes]
