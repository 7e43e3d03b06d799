"""Where a phrase belongs in the project, from what Reaper said of its transport when the command was given.

Comes in: a `Transport` and the sample that was being heard then. Goes out: a `Place`: how the phrase is read and where
it is written. While the transport plays, the project's own tempo map is the grid and the phrase goes where it was sung;
while it stands still, the phrase makes its own tempo and goes to the edit cursor.
"""

from dataclasses import dataclass, replace

from vocalmidi.errors import ReaperError
from vocalmidi.phrase import PhraseSettings
from vocalmidi.reaper import Transport
from vocalmidi.units import QuarterNotes, SampleIndex, Seconds, samples_to_seconds
from vocalmidi.values import Phrase, TempoMap

_QN_DIGITS = 9
"""The spool's precision; far below a tick."""


@dataclass(frozen=True, slots=True)
class Place:
    """How source time and project time belong together.

    transport: Reaper's, when the command was given.
    shift_s: project time minus source time.
    """

    transport: Transport
    shift_s: Seconds

    def settings(self, free: PhraseSettings) -> PhraseSettings:
        """Return how to read the phrase: on the project's grid while it plays, else as `free` says."""
        if not self.transport.is_playing:
            return free
        return replace(free, tempo_qpm=None, tempo_map=self._grid(), meter=self.transport.meter)

    def project_qn(self, phrase: Phrase) -> QuarterNotes:
        """Return the project position of the phrase's QN 0.

        Raises:
            ReaperError: the phrase began before the project's start.
        """
        if not self.transport.is_playing:
            return self.transport.cursor_qn
        time_s = phrase.tempo_map.time_at(0.0) + self.shift_s
        place_qn = round(self.transport.tempo_map.qn_at(time_s), _QN_DIGITS)
        if place_qn < 0:
            raise ReaperError("the phrase began before the project does; stop the transport to write it at the cursor")
        return QuarterNotes(place_qn)

    def _grid(self) -> TempoMap:
        """Return the project's map in source time, with QN 0 at the bar line that Reaper named."""
        points = self.transport.tempo_map.points
        return TempoMap(tuple(replace(p, time_s=self._source_s(p.time_s), qn=self._from_bar(p.qn)) for p in points))

    def _source_s(self, project_s: float) -> Seconds:
        return Seconds(project_s - self.shift_s)

    def _from_bar(self, qn: float) -> QuarterNotes:
        return QuarterNotes(qn - self.transport.bar_qn)


def place_at(transport: Transport, heard: SampleIndex, sample_rate_hz: int) -> Place:
    """Return the place for a command given while sample `heard` came in."""
    return Place(transport, Seconds(transport.play_s - samples_to_seconds(heard, sample_rate_hz)))
