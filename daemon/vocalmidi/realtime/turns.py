"""How long one Python thread may keep the interpreter while another waits for it.

Comes in: nothing. Goes out: a shorter turn for as long as asked.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager

SWITCH_S = 0.0005
"""Python's own 5 ms is half a hop: with it benchmarks/osc_flood.py found ten times as many hops delayed, and twice the
time to an echo."""


@contextmanager
def short_turns() -> Generator[None]:
    """Let threads take turns quickly meanwhile."""
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(min(before_s, SWITCH_S))
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)
