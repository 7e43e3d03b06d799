"""Step notation to strokes in time: rows laid over the bars of a section, swung, at the plan's pace.

A row is one character a step. `.` rests, `-` holds the stroke before it, anything else begins a stroke whose meaning
the part decides. A row that makes whole bars (or divides one) runs on; any other is cut or repeated to each bar, so
that its first step always falls on a bar line.
"""

from dataclasses import dataclass, replace

from vocalmidi.arrange.plan import Plan, Section

REST, HOLD = ".", "-"
TINY_QN = 1e-6
"""Far below a tick: what floating point adds to a sum of steps."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A symbol of a row in time, in quarter notes of the phrase; `step_qn` is the length of one step there."""

    start_qn: float
    stop_qn: float
    symbol: str
    step_qn: float


def lay_row(row: str, steps_per_qn: int, section: Section, plan: Plan) -> tuple[Stroke, ...]:
    """Return the strokes of a row over a section, in order, cut at the section's end."""
    step_qn = plan.pace / steps_per_qn
    begin, end = section.first_bar * plan.bar_qn, min(section.stop_bar * plan.bar_qn, plan.length_qn)
    span = end - begin if _runs_on(len(row) * step_qn, plan.bar_qn) else plan.bar_qn
    strokes = list[Stroke]()
    origin = begin
    while origin < end - TINY_QN:
        stop = min(origin + span, end)
        strokes += _strokes_between(row, step_qn, origin, stop)
        origin = stop
    # Triplet steps are uneven by themselves.
    return tuple(strokes) if steps_per_qn % 3 == 0 else tuple(swung(stroke, plan) for stroke in strokes)


def _runs_on(row_qn: float, bar_qn: float) -> bool:
    """Tell whether a row fits the bar line when repeated: one is a multiple of the other."""
    longer, shorter = max(row_qn, bar_qn), min(row_qn, bar_qn)
    return abs(longer / shorter - round(longer / shorter)) < TINY_QN


def _strokes_between(row: str, step_qn: float, begin: float, end: float) -> list[Stroke]:
    strokes = list[Stroke]()
    held = False
    step = 0
    while (start := begin + step * step_qn) < end - TINY_QN:
        symbol = row[step % len(row)]
        stop = min(start + step_qn, end)
        if symbol == HOLD and held:
            strokes[-1] = replace(strokes[-1], stop_qn=stop)
        elif symbol not in (REST, HOLD):
            strokes.append(Stroke(start, stop, symbol, step_qn))
        held = symbol not in (REST, HOLD) or (symbol == HOLD and held)
        step += 1
    return strokes


def swung(stroke: Stroke, plan: Plan) -> Stroke:
    """Return the stroke with its start and stop moved by the swing."""
    return replace(stroke, start_qn=swing_at(stroke.start_qn, plan), stop_qn=swing_at(stroke.stop_qn, plan))


def swing_at(at_qn: float, plan: Plan) -> float:
    """Return where a written place is played: pairs of swing notes are stretched about their middle, order kept."""
    pair_qn = 2.0 * plan.swing_qn
    whole, part = divmod(at_qn / pair_qn + TINY_QN, 1.0)
    part = max(part - TINY_QN, 0.0)
    if part < 0.5:
        return (whole + part * 2.0 * plan.swing) * pair_qn
    return (whole + plan.swing + (part - 0.5) * 2.0 * (1.0 - plan.swing)) * pair_qn
