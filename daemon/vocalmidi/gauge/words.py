"""A report as text for a terminal of a hundred columns.

In: a `Report`. Out: lines. Times are in milliseconds.
"""

from collections.abc import Iterator

from vocalmidi.gauge.report import Report
from vocalmidi.gauge.stage import Stage

WIDTH = 100
NAME, COUNT, TIME = 11, 8, 8
"""Columns of a stage's name, of its count, and of each time."""
MEANING = WIDTH - NAME - COUNT - 5 * TIME - 2
_BYTES_PER_MB = 1e6


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report line by line."""
    sizes = report.memory
    now_mb, own_mb, peak_mb = (each / _BYTES_PER_MB for each in (sizes.now_bytes, sizes.own_bytes, sizes.peak_bytes))
    yield (
        f"{report.measured}, {report.seconds:.0f} s: {_percent(report.core_share)} of one core, "
        f"{now_mb:.0f} MB in memory, {own_mb:.0f} not shared, at most {peak_mb:.0f}"
    )
    for fact in report.facts:
        yield from _folded(f"  {fact.name:12}", fact.words)
    yield ""
    yield from _stages(report)
    yield ""
    yield f"{'thread':20}{'of a core':>10}"
    for row in report.threads:
        many = f" ({row.threads} threads)" if row.threads > 1 else ""
        yield f"{row.name[:20]:20}{_percent(row.core_share):>10}{many}"
    yield ""
    counted = ", ".join(f"{each.name} {each.count}" for each in report.counters)
    yield from _folded(f"{'counted':16}", counted)
    for level in report.levels:
        most = f" of {level.most:g}" if level.most else ""
        yield f"{level.name:16}{level.mean:.1f} at the mean, {level.max:g} at most{most}"
    if report.trace_lost:
        yield f"the trace has no room for the first {report.trace_lost} stretches; measure for fewer seconds"


def _stages(report: Report) -> Iterator[str]:
    titles = "".join(f"{name:>{TIME}}" for name in ("p50", "p90", "p99", "max", "all"))
    yield f"{'stage, ms':{NAME}}{'count':>{COUNT}}{titles}"
    meanings = {stage.label: stage.meaning for stage in Stage}
    for row in report.stages:
        times = (row.p50_ms, row.p90_ms, row.p99_ms, row.max_ms, 1000.0 * row.total_s)
        first, *rest = _broken(meanings.get(row.stage, ""), MEANING)
        yield f"{row.stage:{NAME}}{row.count:{COUNT}d}{''.join(f'{_time(ms):>{TIME}}' for ms in times)}  {first}"
        yield from (" " * (WIDTH - MEANING) + words for words in rest)


def _folded(title: str, words: str) -> Iterator[str]:
    first, *rest = _broken(words, WIDTH - len(title))
    yield title + first
    yield from (" " * len(title) + words for words in rest)


def _broken(words: str, width: int) -> list[str]:
    """Return the words in lines of a width."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:width]
    return lines


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f} %"


def _time(ms: float) -> str:
    return f"{ms:.3f}" if ms < 10 else f"{ms:.1f}" if ms < 1000 else f"{ms:.0f}"
