"""The latest part of an endless array: rows are added behind, called by their number, dropped in front."""

import numpy as np

from vocalmidi.values import Floats


class Stretch:
    """Rows `first` to `stop` - 1 of a stream."""

    def __init__(self, first: int, rows: Floats) -> None:
        self.first = first
        self._rows = rows

    @property
    def stop(self) -> int:
        """Return the number of the row that comes next."""
        return self.first + len(self._rows)

    def append(self, rows: Floats) -> None:
        """Add the rows that come next."""
        self._rows = np.concatenate([self._rows, rows])

    def span(self, first: int, stop: int) -> Floats:
        """Return rows `first` to `stop` - 1; raise IndexError when some of them are gone or have not come."""
        if not self.first <= first <= stop <= self.stop:
            raise IndexError(f"rows {first} to {stop} are not within {self.first} to {self.stop}")
        return self._rows[first - self.first : stop - self.first]

    def drop_before(self, number: int) -> None:
        """Forget the rows before this one."""
        if number > self.first:
            self._rows = self._rows[number - self.first :]
            self.first = number
