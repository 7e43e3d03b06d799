"""What was asked for lately: who asks for the same twice gets it once.

Comes in: a take, the request made of it, and the settings it was made by. Goes out: the request under the id that the
same one had before, since Reaper inserts an id once; what was written without its sound gets the sound beside it.
"""

from collections import deque
from dataclasses import dataclass, replace

from vocalmidi.app.takes import Take
from vocalmidi.config import Settings
from vocalmidi.reaper import InsertRequest
from vocalmidi.units import seconds_to_samples

SAME_S = 0.1
"""By how much the ends of a phrase may differ when it is heard again with what came after it."""
SAME_QN = 1 / 64
"""The time map is surer of a place later by far less than this."""
REMEMBERED = 100
"""Takes: a session's worth."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What was asked for: a take, the project, the request made of it and the settings it was made by."""

    take: Take
    project: int | None
    request: InsertRequest
    settings: Settings

    def is_like(self, other: "_Line") -> bool:
        """Return whether it is the same take, in the same way, at the same place of the same project."""
        here, there = self.take.events, other.take.events
        same = seconds_to_samples(SAME_S, here.sample_rate_hz)
        return (
            abs(here.start - there.start) <= same
            and abs(here.stop - there.stop) <= same
            and (len(here.notes), len(here.hits)) == (len(there.notes), len(there.hits))
            and abs((self.request.place_qn or 0.0) - (other.request.place_qn or 0.0)) <= SAME_QN
            and self.project == other.project
            and _way(self.request) == _way(other.request)
            and self.settings == other.settings
        )


def _way(request: InsertRequest) -> tuple[object, ...]:
    """Return what a user can choose about a request."""
    music = request.arrangement
    return (
        request.strength,
        music.genre,
        music.seed,
        music.meter,
        [(part.name, part.program) for part in music.parts],
    )


class Written:
    """What was asked for lately; Reaper itself knows what of it is still in the project."""

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque(maxlen=REMEMBERED)

    def once(self, take: Take, project: int | None, request: InsertRequest, settings: Settings) -> InsertRequest:
        """Return the request, under the id that the same one had before: Reaper inserts an id once.

        What was written without its sound gets the sound beside it.
        """
        line = _Line(take, project, request, settings)
        known = [each.request for each in self._lines if each.is_like(line)]
        enough = [each for each in known if each.audio is not None or request.audio is None]
        if enough:
            return replace(request, request_id=enough[0].request_id)
        self._lines.append(line)
        return replace(request, beside=known[0].request_id) if known else request
