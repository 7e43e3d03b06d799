"""What the program's work costs: how long each stage takes, counted where it is done and read somewhere else."""

from vocalmidi.gauge.gauges import NO_GAUGE, Gauge, Gauges, Measured
from vocalmidi.gauge.histogram import BIN_ERROR, Histogram
from vocalmidi.gauge.stage import Stage
from vocalmidi.gauge.trace import Span, Trace

__all__ = ["BIN_ERROR", "NO_GAUGE", "Gauge", "Gauges", "Histogram", "Measured", "Span", "Stage", "Trace"]
