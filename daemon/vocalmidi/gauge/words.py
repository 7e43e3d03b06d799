"""A report as text for a terminal of a hundred columns.

In: a `Report`. Out: lines. What is quick is shown in microseconds, what is slow in seconds.
"""

from collections.abc import Iterator

from vocalmidi.gauge.report import Report
from vocalmidi.gauge.stage import Stage

WIDTH = 100
MEANING = WIDTH - 12 - 8 - 5 * 9 - 2
_BYTES_PER_MB = 1e6


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report line by line."""
    now_mb, peak_mb = (size / _BYTES_PER_MB for size in (report.memory.now_bytes, report.memory.peak_bytes))
    yield (
        f"{report.measured}, {report.seconds:.0f} s: {_percent(report.core_share)} of one core, "
        f"{now_mb:.0f} MB in memory, at most {peak_mb:.0f}"
    )
    for fact in report.facts:
        yield from _folded(f"  {fact.name:12}", fact.words)
    yield ""
    yield from _stages(report)
    yield ""
    yield f"{'thread':16}{'of a core':>10}"
    for row in report.threads:
        many = f" ({row.threads} threads)" if row.threads > 1 else ""
        yield f"{row.name[:16]:16}{_percent(row.core_share):>10}{many}"
    yield ""
    counted = ", ".join(f"{each.name} {each.count}" for each in report.counters)
    yield from _folded(f"{'counted':14}", counted)
    for level in report.levels:
        most = f" of {level.most:g}" if level.most else ""
        yield f"{level.name:14}{level.mean:.1f} at the mean, {level.max:g} at most{most}"
    if report.trace_lost:
        yield f"the trace has no room for the first {report.trace_lost} stretches; measure for fewer seconds"


def _stages(report: Report) -> Iterator[str]:
    yield f"{'stage':12}{'count':>8}" + "".join(f"{name:>9}" for name in ("p50", "p90", "p99", "max", "total"))
    meanings = {stage.label: stage.meaning for stage in Stage}
    for row in report.stages:
        times = "".join(f"{_time(ms):>9}" for ms in (row.p50_ms, row.p90_ms, row.p99_ms, row.max_ms))
        meaning = meanings.get(row.stage, "")
        first, *rest = _broken(meaning, MEANING)
        yield f"{row.stage:12}{row.count:8d}{times}{_time(1000.0 * row.total_s):>9}  {first}"
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
    if ms < 1.0:
        return f"{1000.0 * ms:.0f} us"
    return f"{ms:.2f} ms" if ms < 1000.0 else f"{ms / 1000.0:.2f} s"
