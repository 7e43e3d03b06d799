"""Where a network runs and why there: asked, got, and what came between.

Comes in: sessions of one network on a device and on the CPU, and a trial input. Goes out: a `Placement`. A device is
taken only if it gives what the CPU gives, and by `auto` only if it is quicker, too: the live models are so small that
the way to a GPU and back is longer than the work.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from vocalmidi.inference.providers import CPU, CUDA_ADVICE, IN_WORDS

TRIALS, TRIAL_S = 20, 0.3
"""Runs that are timed on either side, and after how long enough is enough."""
WARM_UPS = 3
"""Before them: the first runs of a device choose its kernels, and a CUDA graph is caught in the second."""
TOLERANCE = 0.005
"""Of a logit or a state, absolute or in parts of its size: a hundredth of what changes a probability visibly."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a network runs.

    asked, got: `auto` and the like, and `cpu` and the like.
    why: what kept it from a device, or what made it choose one; empty where there is nothing to tell.
    is_fallback: this computer has the device, or seemed to, and yet the network runs on the CPU.
    """

    asked: str
    got: str
    why: str = ""
    is_fallback: bool = False

    @property
    def words(self) -> str:
        """Where it runs, and why."""
        return f"{IN_WORDS[self.got]} ({self.why})" if self.why else IN_WORDS[self.got]

    @property
    def advice(self) -> str:
        """What to do where it fell back."""
        return CUDA_ADVICE if self.is_fallback and "CUDA" in self.why else ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a comparison gave: the largest difference, in parts of TOLERANCE, and the median run of each, ms."""

    difference: float
    device_ms: float
    cpu_ms: float


class Unfit(Exception):  # noqa: N818 -- it is an answer, which never leaves the room
    """A device is not taken; says why. is_surprising: not for being slower."""

    def __init__(self, why: str, *, is_surprising: bool) -> None:
        super().__init__(why)
        self.is_surprising = is_surprising


Outputs = Mapping[str, np.ndarray[Any, Any]]
Run = Callable[[], Outputs]


def compared(device: Run, cpu: Run, *, count: int = 1, rest_s: float = 0.0) -> Trial:
    """Return how a device compares with the CPU, both asked the same.

    count: of runs in one call; rest_s: between two.
    """
    wanted, got = cpu(), device()
    return Trial(
        float(np.max([_difference(got[name], value) for name, value in wanted.items()])),  # NaN, where there is one
        _median_ms(device, rest_s) / count,
        _median_ms(cpu, rest_s) / count,
    )


def judged(trial: Trial, name: str, *, must_be_quicker: bool) -> str:
    """Return why a device is taken; raise Unfit where it is not."""
    if not trial.difference <= 1.0:  # NaN is not
        raise Unfit(f"what {IN_WORDS[name]} gives differs from the CPU's", is_surprising=True)
    times = f"{trial.device_ms:.2f} ms a run, {trial.cpu_ms:.2f} on the CPU"
    if must_be_quicker and trial.device_ms >= trial.cpu_ms:
        raise Unfit(f"{IN_WORDS[name]} takes longer: {times}", is_surprising=False)
    return times


def on_the_cpu(asked: str, why: str = "", *, is_fallback: bool = False) -> Placement:
    """Return a place on the CPU."""
    return Placement(asked, CPU, why, is_fallback)


def _difference(got: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> float:
    if got.shape != wanted.shape:
        return float("inf")
    return float(np.max(np.abs(got - wanted) / (TOLERANCE * (1.0 + np.abs(wanted))), initial=0.0))


def _median_ms(run: Run, rest_s: float) -> float:
    for _ in range(WARM_UPS):
        run()
    times: list[float] = []
    while len(times) < TRIALS and sum(times) < TRIAL_S:
        time.sleep(rest_s)
        began_s = time.perf_counter()
        run()
        times.append(time.perf_counter() - began_s)
    return 1000.0 * median(times)
