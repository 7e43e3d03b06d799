"""Brings live sound of any rate to 16 kHz 1.25 ms late, whole steps at a time.

In: samples of the source, in blocks of any size. Out: steps of a fixed number of samples at 16 kHz; sample n of the
stream is the moment n/16000 s of the source. A windowed sinc in its polyphase form (Crochiere & Rabiner 1983): linear
phase, and each output's place between source samples is counted in whole numbers, so that it can't drift.
Why not soxr: its streams hold back 38–120 ms at every quality but the two lowest (48 to 16 kHz: HQ 38 ms, LQ 21 ms,
measured), since they work in blocks. This one waits for half its filter alone, and pays with a transition band of
1.3 kHz, which ends above what it folds back below 7.7 kHz: the pictures of the model don't notice.
"""

from math import gcd

import numpy as np

from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.windows import windows
from vocalmidi.values import Floats

HALF_S = 0.00125
"""Half the filter, and its delay: an eighth of a hop."""
STOP_DB = 55.0
"""What folds back is below the picture's lowest level but in a scream of sibilants."""
GUARD_HZ = 350.0
"""The filter is 6 dB down this far below the lower of the two Nyquist frequencies: half its transition lies beyond."""
MOST_PHASES = 1280
"""Common rates need at most 640 phases (11,025 Hz); for odd ones a phase is taken to the nearest of so many."""


class StepResampler:
    """Streaming conversion of one source to steps of `step` samples at 16 kHz."""

    def __init__(self, sample_rate_hz: int, step: int) -> None:
        self._step = step
        shared = gcd(sample_rate_hz, RATE_HZ)
        self._up, self._down = RATE_HZ // shared, sample_rate_hz // shared
        self._same = self._up == self._down
        self._along = self._down * np.arange(step)
        self._half = 0 if self._same else int(np.ceil(HALF_S * sample_rate_hz))
        self._filters = np.ones((1, 1), np.float32) if self._same else _filters(sample_rate_hz, self._up, self._half)
        # Before the stream stands silence, as far as the first filter reaches.
        self._held = np.zeros(max(0, self._half - 1) + 4 * step * self._down // self._up, np.float32)
        self._first = -max(0, self._half - 1)  # number in the source of the first sample held
        self._count = -self._first
        self._steps = 0

    @property
    def delay_samples(self) -> int:
        """How many source samples after an output's moment must have come, that of the moment itself among them."""
        return self._half + 1

    def needed(self, stop: int) -> int:
        """Return the number in the source of the last sample needed for the samples at 16 kHz before `stop`."""
        return (stop - 1) * self._down // self._up + self._half

    def push(self, samples: Floats) -> None:
        """Take the next samples of the source."""
        if self._count + len(samples) > len(self._held):
            self._held = np.concatenate(
                [self._held[: self._count], np.zeros(len(samples) + len(self._held), np.float32)]
            )
        self._held[self._count : self._count + len(samples)] = samples
        self._count += len(samples)

    def next_step(self) -> Floats | None:
        """Return the next step, (step,), when its sound has come."""
        begins = self._steps * self._step * self._down
        last = (begins + (self._step - 1) * self._down) // self._up + self._half
        if last >= self._first + self._count:
            return None
        begin, phase = divmod(begins, self._up)
        step = self._filtered(begin, phase)
        self._steps += 1
        self._forget((self._steps * self._step * self._down) // self._up - max(0, self._half - 1))
        return step

    def step(self) -> Floats:
        """Return the next step; raise ValueError when its sound has not come."""
        step = self.next_step()
        if step is None:
            raise ValueError(f"the sound of step {self._steps} has not come")
        return step

    def _filtered(self, begin: int, phase: int) -> Floats:
        """Return the step whose first sample lies at `begin` and `phase` parts of a source sample."""
        if self._same:
            return self._held[begin - self._first : begin - self._first + self._step].copy()
        first, length = begin - self._first - self._half + 1, 2 * self._half
        if self._up == 1:
            heard = windows(self._held[first:], length, self._down, self._step)
            return np.asarray(np.ascontiguousarray(heard) @ self._filters[0])
        along = phase + self._along
        places, phases = along // self._up, along % self._up
        heard = windows(self._held[first:], length, 1, int(places[-1]) + 1)[places]
        chosen = phases if len(self._filters) == self._up else (phases * len(self._filters)) // self._up
        return np.asarray(np.einsum("ij,ij->i", heard, self._filters[chosen]))

    def _forget(self, number: int) -> None:
        gone = number - self._first
        self._held[: self._count - gone] = self._held[gone : self._count]
        self._first, self._count = number, self._count - gone


def _filters(sample_rate_hz: int, up: int, half: int) -> Floats:
    """Return (phases, 2 * half) taps: of source samples 1 - half to half round the place of an output."""
    phases = np.arange(min(up, MOST_PHASES))
    # A phase that stands for several stands for the middle of them.
    between = phases / up if up <= MOST_PHASES else (phases + 0.5) / MOST_PHASES
    away = np.arange(1 - half, half + 1) - between[:, None]
    cutoff = (min(sample_rate_hz, RATE_HZ) / 2.0 - GUARD_HZ) / sample_rate_hz
    beta = 0.1102 * (STOP_DB - 8.7)
    window = np.i0(beta * np.sqrt(np.maximum(0.0, 1.0 - (away / half) ** 2)))
    taps = np.sinc(2.0 * cutoff * away) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), dtype=np.float32)
