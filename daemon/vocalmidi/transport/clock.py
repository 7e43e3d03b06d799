"""The time map: sample of the source → project time, through everything that Reaper's transport does.

In: when each block of samples was taken and each transport report made, on the host's clock. Out: `Piece`s. What is
sung at a sample belongs to the position that was heard at that moment: device input latency is in the sample's time,
output latency in the position, and what both drivers got wrong is `shift_s`, found by calibration.
It asks no clock itself. One lock around each call: any thread may report and any may ask.
"""

import threading
from dataclasses import replace
from itertools import pairwise

from vocalmidi.errors import TransportError
from vocalmidi.transport.device import DeviceClock
from vocalmidi.transport.osc import OscSighting
from vocalmidi.transport.playing import Playing
from vocalmidi.transport.stamps import StampClock
from vocalmidi.transport.strokes import Stroke, strokes
from vocalmidi.transport.values import Began, Knot, Piece, TransportReport, rising
from vocalmidi.units import SampleIndex, Seconds, samples_to_seconds, seconds_to_samples

SILENT_S = 1.0
"""Four times as long as the bridge takes between two reports while the transport plays; then OSC stands alone."""
KNOTS_S = 10.0
"""Distance of knots in a long piece: a crystal wanders by far less than 1 ppm in it."""
KEEP_S = 3700.0
"""The longest history, an hour, and something over."""


class ProjectClock:
    """Follows a device and a project.

    shift_s: how much later sound comes than the drivers say, as calibration found.
    """

    def __init__(self, sample_rate_hz: int, shift_s: float = 0.0, keep_s: float = KEEP_S) -> None:
        self.shift_s = shift_s
        self.sample_rate_hz = sample_rate_hz
        self._device = DeviceClock(sample_rate_hz, keep_s)
        self._playing = Playing(keep_s)
        self._stamps = StampClock()
        self._latest: TransportReport | None = None
        self._told_s = 0.0  # host time of that
        self._sightings: list[tuple[TransportReport, float]] = []  # by OSC, later than the latest report
        self._lock = threading.Lock()

    def heard(self, sample: SampleIndex, host_s: Seconds) -> None:
        """Take in that `sample` was taken at `host_s` (perf_counter), or somewhat before."""
        with self._lock:
            self._device.saw(sample, host_s)

    def reported(self, report: TransportReport, host_now_s: Seconds, wall_now_s: Seconds) -> None:
        """Take in a report read now, in the order they were made; now is perf_counter's and time's."""
        with self._lock:
            host_s = self._stamps.host_s(report.stamp_s, host_now_s, wall_now_s)
            self._take_sightings(until_s=host_s)
            self._latest, self._told_s = report, host_now_s
            self._playing.reported(report, host_s)

    def sighted(self, sighting: OscSighting, host_now_s: Seconds) -> None:
        """Take in a position that came by OSC now; it counts beside the reports of the same project, in their order."""
        with self._lock:
            report = self._latest
            if (
                report is None
                or not report.is_playing
                or sighting.is_playing is False
                or not sighting.fits(report.grid)
            ):
                return
            self._sightings.append((replace(report, play_s=sighting.time_s), host_now_s))
            if host_now_s - self._told_s > SILENT_S:
                self._take_sightings(until_s=host_now_s)

    @property
    def latest(self) -> TransportReport | None:
        """The last report; None before the first."""
        with self._lock:
            return self._latest

    def pieces(self, start: SampleIndex, stop: SampleIndex) -> tuple[Piece, ...]:
        """Return what the project played while [start, stop) was sung, oldest first; nothing where it stood still.

        Raises:
            TransportError: no sample or no report has been seen yet.
        """
        if stop <= start:
            return ()
        with self._lock:
            self._refuse_unknown()
            from_s, to_s = (self._device.host_s(sample) - self.shift_s for sample in (start, stop))
            found = [self._piece(stroke, start, stop) for stroke in strokes(self._playing, from_s, to_s)]
        return tuple(piece for piece in found if piece is not None)

    def piece(self, start: SampleIndex, stop: SampleIndex) -> Piece:
        """Return the one piece in which all of [start, stop) was sung.

        Raises:
            TransportError: the project stood still, jumped or was not seen for some of it; the message says where.
        """
        pieces = self.pieces(start, stop)
        if len(pieces) == 1 and pieces[0].start <= start and pieces[0].stop >= stop:
            return pieces[0]
        raise TransportError(self._why_not_one(pieces, start))

    def _take_sightings(self, until_s: float) -> None:
        """Take in what came by OSC up to then."""
        for report, host_s in self._sightings:
            if host_s <= until_s:
                self._playing.reported(report, Seconds(host_s))
        self._sightings = [waiting for waiting in self._sightings if waiting[1] > until_s]

    def _refuse_unknown(self) -> None:
        if not self._device.is_running:
            raise TransportError("nothing has come from the microphone yet; sing, then write again")
        if self._latest is None:
            raise TransportError(
                "Reaper has not said where its transport stands; start its action 'Vocal MIDI: Start bridge'"
            )

    def _piece(self, stroke: Stroke, start: int, stop: int) -> Piece | None:
        """Return the stroke in samples, cut to [start, stop); None when no sample is in it."""
        times = [host_s + self.shift_s for host_s, _ in stroke.knots]
        places = [self._device.sample_at(host_s) for host_s in times]
        first, end = max(start, round(places[0])), min(stop, round(places[-1]))
        if end <= first:
            return None
        step = seconds_to_samples(KNOTS_S, self.sample_rate_hz)
        losses = self._device.losses(first, end)
        wanted = {float(first), float(end), *map(float, range(first, end, step)), *places[1:-1]}
        wanted |= {float(place) for loss in losses for place in (loss - 1, loss)}
        inside = sorted(place for place in wanted if first <= place <= end)
        speed = (stroke.knots[-1][1] - stroke.knots[0][1]) / (places[-1] - places[0])
        knots = [Knot(place, Seconds(self._project_s(stroke, place))) for place in _apart(inside)]
        return Piece(
            SampleIndex(first), SampleIndex(end), rising(knots, speed), stroke.grid, self.sample_rate_hz, stroke.began
        )

    def _project_s(self, stroke: Stroke, place: float) -> float:
        return stroke.project_s(self._device.host_s(place) - self.shift_s)

    def _why_not_one(self, pieces: tuple[Piece, ...], start: int) -> str:
        if not pieces:
            return "Reaper's transport stood still while this was sung; it can be written at the edit cursor"
        first = pieces[0]
        if first.start > start:
            after_s = self._seconds(first.start - start)
            return f"the transport began to play {after_s} s into the phrase; write from there on, or stop and write it"
        after_s = self._seconds(first.stop - start)
        if len(pieces) == 1:
            return f"the transport stopped {after_s} s into the phrase; write up to there, or at the edit cursor"
        what, leap = _JUMPS[pieces[1].began], _leap(*pieces[:2])
        return f"{what} {after_s} s into the phrase, {leap}; write up to there or from there on"

    def _seconds(self, samples: int) -> str:
        return f"{samples_to_seconds(samples, self.sample_rate_hz):.1f}"


_JUMPS = {
    Began.SEEK: "the transport jumped",
    Began.PLAY: "the transport was stopped and started again",
    Began.SEEN: "the transport was out of sight",
    Began.LOOP: "the loop began again",
    Began.GRID: "the project's tempo was changed",
    Began.PROJECT: "another project was played",
}


def _leap(before: Piece, after: Piece) -> str:
    """Return from where to where, in words."""
    return f"from {before.project_s(before.stop):.1f} s to {after.project_s(after.start):.1f} s of the project"


def _apart(places: list[float]) -> list[float]:
    """Return the places without those less than half a sample after another; the last is kept."""
    kept = [place for place, following in pairwise(places) if following - place >= 0.5]
    return [*kept, places[-1]]
