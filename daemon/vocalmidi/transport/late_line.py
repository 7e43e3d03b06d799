"""A line through sightings that are only ever late: when was x, given that each time it was noticed at once or later.

In: pairs (x, y), x growing: at y or before, x was. Out: the line y = y0 + slope (x − x0). Deliveries, threads and
schedulers can delay a sighting, nothing can make it early, so the line lies under all of them and as close as it can:
the edge of the lower convex hull over their mean x (Moon, Skelly & Towsley, "Estimation and removal of clock skew from
network delay measurements", INFOCOM 1999). We differ: the slope is held within what a clock can be off.
A mean would be wrong by the mean delay, and a 100 ms hiccup would tilt it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

ROUGH_S = 0.002
"""By so much the least lag of a second may differ from the next's."""
MOST_DRIFT = 500e-6
"""Two clocks of 200 ppm each, one fast and one slow, and something over for a short line's noise."""


@dataclass(frozen=True, slots=True)
class Line:
    """y = y0 + slope (x − x0)."""

    x0: float
    y0: float
    slope: float

    def y_at(self, x: float) -> float:
        """Return y at x."""
        return self.y0 + self.slope * (x - self.x0)

    def x_at(self, y: float) -> float:
        """Return x at y."""
        return self.x0 + (y - self.y0) / self.slope


class LateLine:
    """Sightings of a clock that runs about `slope`, thinned to the earliest of each `bucket_s`.

    slope: y for an x, nominal.
    bucket_s: in units of y.
    long_enough_s: from how long on a line has a slope of its own, in units of y.
    """

    def __init__(self, slope: float, bucket_s: float, long_enough_s: float) -> None:
        self.slope = slope
        self._bucket_s = bucket_s
        self._long_enough_s = long_enough_s
        self._x: list[float] = []
        self._y: list[float] = []
        self._opened = 0.0  # y of the first sighting in the newest bucket

    def __len__(self) -> int:
        return len(self._x)

    @property
    def first_y(self) -> float:
        """When the first sighting that is kept was made."""
        return self._y[0]

    def add(self, x: float, y: float) -> None:
        """Take in a sighting; x below the newest is possible and counts as any other in its bucket."""
        if not self._x or y - self._opened >= self._bucket_s:
            self._x.append(x)
            self._y.append(y)
            self._opened = y
        elif y - self.slope * x < self._y[-1] - self.slope * self._x[-1]:
            self._x[-1], self._y[-1] = x, y

    def last_y_before(self, y: float, otherwise: float) -> float:
        """Return when the last sighting before `y` that is kept was made."""
        count = bisect_left(self._y, y)
        return self._y[count - 1] if count else otherwise

    def forget_before(self, y: float) -> None:
        """Drop the sightings made before `y`, but never the last."""
        count = min(bisect_left(self._y, y), len(self._y) - 1)
        del self._x[:count], self._y[:count]

    def line(self, from_y: float, to_y: float, drift: float = 0.0) -> Line:
        """Return the line for the time from `from_y` to `to_y`, by the sightings of that time, or the nearest one.

        drift: of the slope, relative, known from elsewhere; used where these are too short to tell. There must be a
            sighting.
        """
        first = min(bisect_left(self._y, from_y), len(self._y) - 1)
        stop = max(bisect_right(self._y, to_y), first + 1)
        points = list(zip(self._x[first:stop], self._y[first:stop], strict=True))
        slope = self._slope(points, drift)
        x0, y0 = min(points, key=lambda point: point[1] - slope * point[0])
        return Line(x0, y0, slope)

    def drift(self, last_s: float) -> float | None:
        """Return how far the slope of the last `last_s` is from the nominal one, relative; None if it can't be told."""
        if not self._y or self._y[-1] - self._y[0] < self._long_enough_s:
            return None
        first = bisect_left(self._y, self._y[-1] - last_s)
        points = list(zip(self._x[first:], self._y[first:], strict=True))
        return self._slope(points, 0.0) / self.slope - 1.0

    def _slope(self, points: list[tuple[float, float]], drift: float) -> float:
        if points[-1][1] - points[0][1] < self._long_enough_s:
            return self.slope * (1.0 + drift)
        seen = _slope_below(points)
        return min(max(seen, self.slope * (1 - MOST_DRIFT)), self.slope * (1 + MOST_DRIFT))


def _slope_below(points: list[tuple[float, float]]) -> float:
    """Return the slope of the lower convex hull's edge over the mean x."""
    middle = sum(x for x, _ in points) / len(points)
    hull: list[tuple[float, float]] = []
    for point in sorted(points):
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    at = min(max(bisect_right(hull, middle, key=lambda point: point[0]), 1), len(hull) - 1)
    (x0, y0), (x1, y1) = hull[at - 1], hull[at]
    return (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Return whether b lies on or above the way from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0


def steady_from(lags_s: Sequence[float]) -> int:
    """Return from where on lags keep to the least of their second half: what came before was another line's."""
    if not lags_s:
        return 0
    level_s = min(lags_s[len(lags_s) // 2 :]) - ROUGH_S
    return next((at + 1 for at in reversed(range(len(lags_s))) if lags_s[at] < level_s), 0)


class Earliest:
    """The least of what is seen of a clock's lag, forgetting as fast as that clock may lose."""

    def __init__(self, lag_s: float, now_s: float) -> None:
        self._lag_s, self._now_s = lag_s, now_s

    def least_s(self, now_s: float) -> float:
        """Return the least lag that may still hold at `now_s`."""
        return self._lag_s + MOST_DRIFT * max(0.0, now_s - self._now_s)

    def late_s(self, lag_s: float, now_s: float) -> float:
        """Return how much more than the least `lag_s` is, seen at `now_s`; negative is a new least."""
        return lag_s - self.least_s(now_s)

    def take(self, lag_s: float, now_s: float) -> None:
        """Count a lag in."""
        if self.late_s(lag_s, now_s) < 0:
            self._lag_s, self._now_s = lag_s, now_s
