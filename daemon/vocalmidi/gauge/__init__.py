"""What the program's work costs: how long each stage takes, counted where it is done and read somewhere else."""

from vocalmidi.gauge.cost import (
    Memory,
    ThreadTime,
    memory,
    memory_bytes,
    process_cpu_s,
    thread_names,
    thread_times,
)
from vocalmidi.gauge.gauges import NO_GAUGE, Gauge, Gauges, Measured
from vocalmidi.gauge.histogram import BIN_ERROR, Histogram
from vocalmidi.gauge.lateness import captured, taken_ns
from vocalmidi.gauge.perfetto import Sample, trace_json
from vocalmidi.gauge.report import (
    Counter,
    Fact,
    Level,
    Report,
    StageRow,
    ThreadRow,
    report_of,
    report_table,
    stage_rows,
)
from vocalmidi.gauge.stage import Stage
from vocalmidi.gauge.trace import Span, Trace
from vocalmidi.gauge.words import report_lines

__all__ = [
    "BIN_ERROR",
    "NO_GAUGE",
    "Counter",
    "Fact",
    "Gauge",
    "Gauges",
    "Histogram",
    "Level",
    "Measured",
    "Memory",
    "Report",
    "Sample",
    "Span",
    "Stage",
    "StageRow",
    "ThreadRow",
    "ThreadTime",
    "Trace",
    "captured",
    "memory",
    "memory_bytes",
    "process_cpu_s",
    "report_lines",
    "report_of",
    "report_table",
    "stage_rows",
    "taken_ns",
    "thread_names",
    "thread_times",
    "trace_json",
]
