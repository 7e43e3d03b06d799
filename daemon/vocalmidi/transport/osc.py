"""What Reaper's own OSC surface tells of its transport, as sightings of the play position.

In: messages (address, arguments) of Reaper's default pattern file, in the order they came. Out: the position, once for
each `/time`. Reaper sends `/time` (seconds, float32: to 0.12 ms in the first hour, so `/samples` adds nothing) and
after it `/beat/str` ("measure.beat.hundredths") when the position has changed, and `/play`, `/pause`, `/stop` and
`/record` when these do; while it plays the position is the one that is heard (github.com/justinfrankel/reaper-sdk,
csurf_osc.cpp, `Run`). They tell neither tempo map nor loop: sightings stand beside the bridge's reports, never alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from vocalmidi.transport.values import PAUSED, PLAYING, RECORDING, ProjectGrid
from vocalmidi.units import Seconds

MAX_TIME_S = 1_000_000.0
"""As the spool's."""
_BEAT = re.compile(r"-?[0-9]{1,6}\.([0-9]{1,3})\.([0-9]{2})")
_BITS = {"/play": PLAYING, "/pause": PAUSED, "/record": RECORDING}
_BEAT_TOLERANCE = 0.02
"""Reaper shows hundredths of a beat, rounded or cut."""


@dataclass(frozen=True, slots=True)
class OscSighting:
    """Where Reaper stood by its OSC surface.

    time_s: the position that is heard; the cursor when stopped.
    is_playing: whether it moves; None while the surface has not said.
    before_s, before_beat: the position before, and its beat as it was shown, from 1 in its bar; None where none was.
    """

    time_s: Seconds
    is_playing: bool | None = None
    before_s: Seconds | None = None
    before_beat: float | None = None

    def fits(self, grid: ProjectGrid) -> bool:
        """Return whether the beat shown is where `grid` has it: false where another project is spoken of."""
        if self.before_s is None or self.before_beat is None:
            return True
        qn = grid.tempo_map.qn_at(self.before_s)
        bar = grid.bar_at(qn)
        off = abs((qn - bar.qn) * bar.meter.unit / 4 + 1 - self.before_beat)
        return min(off, abs(off - bar.meter.beats)) <= _BEAT_TOLERANCE


class OscFeedback:
    """Keeps what the surface said last; every message that is not as it should be is passed over."""

    def __init__(self) -> None:
        self._play_state: int | None = None
        self._before_s: Seconds | None = None
        self._before_beat: float | None = None

    def heard(self, address: str, arguments: Sequence[object]) -> OscSighting | None:
        """Take in a message; return the sighting when it tells the position."""
        value = arguments[0] if len(arguments) == 1 else None
        if address == "/time" and isinstance(value, float) and isfinite(value) and abs(value) <= MAX_TIME_S:
            return self._at(Seconds(value))
        if address == "/beat/str" and isinstance(value, str):
            found = _BEAT.fullmatch(value)
            self._before_beat = int(found[1]) + int(found[2]) / 100 if found else None
        elif isinstance(value, int | float):
            self._switch(address, bool(value))
        return None

    def _at(self, time_s: Seconds) -> OscSighting:
        state = self._play_state
        moves = None if state is None else bool(state & (PLAYING | RECORDING)) and not state & PAUSED
        sighting = OscSighting(time_s, moves, self._before_s, self._before_beat)
        self._before_s, self._before_beat = time_s, None
        return sighting

    def _switch(self, address: str, is_on: bool) -> None:
        if address in _BITS:
            state = self._play_state or 0
            self._play_state = state | _BITS[address] if is_on else state & ~_BITS[address]
        elif address == "/stop" and is_on:
            self._play_state = 0
