"""The device's samples on the host's clock.

In: sightings, one a block: sample n was taken at host time t, or somewhat before. Out: the host time of any sample, and
the sample of any host time. The sound card's clock is its own (a card at 48 kHz ± 200 ppm gains or loses 12 ms a
minute), its blocks come late (and 100 ms late when the machine hiccups), and a driver that loses sound does not say how
much. So: a line under the sightings near the time asked for, and a new line where all of them stay late.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vocalmidi.transport.late_line import Earliest, LateLine, Line, steady_from
from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds

BUCKET_S = 0.25
"""The earliest of 93 blocks of 128 samples at 48 kHz."""
LONG_ENOUGH_S = 5.0
"""What remains of a block's delay, about 0.3 ms, tilts a line of this length by 60 ppm."""
NEAR_S = 60.0
"""How far from the time asked for a sighting still counts: 480 buckets, while warmth moves a crystal by far less than
1 ppm, 0.1 ms."""
CELL_S = 20.0
"""Lines are this far apart; neighbours share two thirds of their sightings and differ by far less than 0.1 ms."""
STEP_S = 0.008
"""Sound lost before it was counted: three blocks of 128 samples; less drowns in drivers' own jitter, and the line takes
it in within the minute."""
STEP_LASTS_S = 2.0
"""As long must every sighting be late before sound counts as lost: a hiccup is over by then."""
AGREEING = 3
"""Sightings too early in a row are believed: the first blocks were late. A single one is a driver's slip."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    sample: SampleIndex
    host_s: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Samples without a loss, from `first` on, which was seen at `first_s`."""

    first: _Sighting
    line: LateLine
    earliest: Earliest


class DeviceClock:
    """Follows one device from its start; a new device is a new clock."""

    def __init__(self, sample_rate_hz: int, keep_s: float) -> None:
        """Start. keep_s: how far back a sample may be asked for."""
        self.sample_rate_hz = sample_rate_hz
        self._keep_s = keep_s
        self._stretches: list[_Stretch] = []
        self._odd: list[_Sighting] = []
        self._odd_is_late = False
        self._lines: dict[tuple[int, int], Line] = {}

    @property
    def is_running(self) -> bool:
        """Whether any sample has been seen."""
        return bool(self._stretches)

    def saw(self, sample: SampleIndex, host_s: float) -> None:
        """Take in that `sample` was taken at `host_s` or before."""
        self._lines.clear()
        sighting = _Sighting(sample, host_s)
        late_s = self._stretches[-1].earliest.late_s(self._lag_s(sighting), host_s) if self._stretches else 0.0
        if not self._stretches:
            self._begin([sighting])
        elif abs(late_s) <= STEP_S:
            self._odd.clear()
            self._add([sighting])
        else:
            self._weigh(sighting, late_s)
        self._forget_before(host_s - self._keep_s)

    def host_s(self, sample: float) -> Seconds:
        """Return the host time at which `sample` was taken."""
        stretch = self._last(lambda first: first.sample <= sample)
        about_s = stretch.first.host_s + samples_to_seconds(sample - stretch.first.sample, self.sample_rate_hz)
        return Seconds(self._line_near(stretch, about_s).y_at(sample))

    def sample_at(self, host_s: float) -> float:
        """Return the sample, between two of them, that was taken at a host time."""
        stretch = self._last(lambda first: first.host_s <= host_s)
        return self._line_near(stretch, host_s).x_at(host_s)

    def losses(self, start: float, stop: float) -> list[SampleIndex]:
        """Return the first sample after each loss within [start, stop)."""
        firsts = [stretch.first.sample for stretch in self._stretches[1:]]
        return [first for first in firsts if start < first < stop]

    def _weigh(self, sighting: _Sighting, late_s: float) -> None:
        """Keep a sighting that does not fit until it is clear whether those before it were wrong or it is."""
        if self._odd and (late_s > 0) != self._odd_is_late:
            self._odd.clear()
        self._odd_is_late = late_s > 0
        self._odd.append(sighting)
        if late_s > 0 and sighting.host_s - self._odd[0].host_s >= STEP_LASTS_S:
            self._begin(self._odd[steady_from([self._lag_s(odd) for odd in self._odd]) :])
            self._odd = []
        elif late_s < 0 and len(self._odd) >= AGREEING:
            self._add(self._odd)
            self._odd = []

    def _begin(self, sightings: list[_Sighting]) -> None:
        line = LateLine(1.0 / self.sample_rate_hz, BUCKET_S, LONG_ENOUGH_S)
        first = sightings[0]
        self._stretches.append(_Stretch(first, line, Earliest(self._lag_s(first), first.host_s)))
        self._add(sightings)

    def _add(self, sightings: list[_Sighting]) -> None:
        stretch = self._stretches[-1]
        for sighting in sightings:
            stretch.line.add(sighting.sample, sighting.host_s)
            stretch.earliest.take(self._lag_s(sighting), sighting.host_s)

    def _lag_s(self, sighting: _Sighting) -> float:
        return sighting.host_s - samples_to_seconds(sighting.sample, self.sample_rate_hz)

    def _last(self, fits: Callable[[_Sighting], bool]) -> _Stretch:
        """Return the last stretch whose first sighting fits, or the first of all."""
        return next((stretch for stretch in reversed(self._stretches) if fits(stretch.first)), self._stretches[0])

    def _line_near(self, stretch: _Stretch, host_s: float) -> Line:
        """Return the line of a stretch for about a host time; one is made for every `CELL_S`."""
        cell = (stretch.first.sample, round(host_s / CELL_S))
        if cell not in self._lines:
            drifts = (known.line.drift(NEAR_S) for known in reversed(self._stretches))
            drift = next((found for found in drifts if found is not None), 0.0)
            middle_s = cell[1] * CELL_S
            self._lines[cell] = stretch.line.line(middle_s - NEAR_S, middle_s + NEAR_S, drift)
        return self._lines[cell]

    def _forget_before(self, host_s: float) -> None:
        while len(self._stretches) > 1 and self._stretches[1].first.host_s < host_s:
            del self._stretches[0]
        self._stretches[0].line.forget_before(host_s)
