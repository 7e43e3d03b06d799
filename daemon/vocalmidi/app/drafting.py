"""While a phrase is recorded it is heard live as well, and what is heard is left in the spool as a growing draft.

Comes in: the sound that the history keeps, and where the project played. Goes out: `daemon.draft`, some times a second,
and at the end the span of samples that was recorded. The live path runs in a thread of its own (`work`), beside the one
that follows the singer for the considered reading; where it comes late, the draft does, and nothing else.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from vocalmidi.app.profile import with_own_sounds
from vocalmidi.app.simulate import LivePath, open_live_path
from vocalmidi.app.sketch import Sketch, is_like, look_of
from vocalmidi.app.takes import Memory
from vocalmidi.app.writing import Band
from vocalmidi.config import Settings
from vocalmidi.errors import CaptureError, VocalMidiError
from vocalmidi.events import LiveDecoder
from vocalmidi.frames import LiveAnalyser
from vocalmidi.profile import Recogniser
from vocalmidi.reaper import Draft, DraftFile, Spool
from vocalmidi.units import SampleIndex, Seconds, seconds_to_samples
from vocalmidi.values import AudioBlock, LiveEvent

PERIOD_S = 0.2
"""Between two drafts; the bridge and the eye need a tenth each."""
STEP_S = 0.05
"""Of sound, heard at a time."""
MOST_S = 0.5
"""Of sound, heard before others get the processor and the draft is drawn."""
BEFORE_S = 0.1
"""The wish to record takes a turn of Reaper's loop and a look here: who sang at once is heard from the start."""
WARM_S = 1.0
"""Of sound before that, by which the live path knows the room."""
SILENT_S = 60.0
"""Of a bridge without a sign of life: a dialog is closed sooner, and the recording goes on."""
OpenPath = Callable[[Settings], LivePath]


@dataclass(frozen=True, slots=True)
class Span:
    """Samples [start, stop) that were recorded."""

    start: SampleIndex
    stop: SampleIndex


@dataclass(frozen=True, slots=True)
class _Begun:
    """A recording that goes on: id, project and first sample, by which bridge, and with what it is heard and drawn."""

    draft_id: str
    project: int | None
    start: SampleIndex
    bridge_id: str
    band: Band


class Drafting:
    """Draws one recording at a time; for any thread."""

    def __init__(self, spool: Spool, memory: Memory, open_path: OpenPath = open_live_path) -> None:
        self._spool, self._memory, self._open_path = spool, memory, open_path
        self._file = DraftFile(spool.root)
        self._begun: _Begun | None = None
        self._lock = threading.Lock()  # of which recording goes on and of its file
        self._ear: _Ear | None = None  # of the thread that works
        self._path: tuple[Settings, LivePath] | None = None

    def start(self, draft_id: str, project: int | None, band: Band) -> None:
        """Record from now on; a recording that went on is forgotten."""
        history = self._memory.hearing.history
        here = history.available
        before = seconds_to_samples(BEFORE_S, history.sample_rate_hz)
        start = SampleIndex(max(here.start, here.stop - before))
        with self._lock:
            self._begun = _Begun(draft_id, project, start, self._spool.bridge_state().owner_id, band)
            self._file.remove()

    def stop(self, draft_id: str) -> Span | None:
        """End a recording and return what it spans; None where it did not go on."""
        stop = SampleIndex(self._memory.hearing.history.available.stop)
        with self._lock:
            begun = self._begun
            if begun is None or begun.draft_id != draft_id:
                return None
            self._end()
        return Span(begun.start, stop)

    def close(self) -> None:
        """Leave nothing behind."""
        with self._lock:
            self._end()

    def work(self) -> None:
        """Hear what has come since the last call, half a second of it at most, and draw it where that is due."""
        begun = self._begun
        if begun is None:
            self._ear = None
            return
        if self._is_alone(begun):
            self.stop(begun.draft_id)
            return
        if self._ear is None or self._ear.begun is not begun:
            self._ear = _Ear(begun, self._live_path(begun.band), self._memory)
        self._ear.hear()
        self._draw(self._ear)

    def _end(self) -> None:
        self._begun = None
        self._file.remove()

    def _is_alone(self, begun: _Begun) -> bool:
        """Return whether the bridge that wished it has ended: nobody will stop it or look at it."""
        state = self._spool.bridge_state()
        return state.owner_id != begun.bridge_id or (state.silent_s or 0.0) > SILENT_S

    def _live_path(self, band: Band) -> LivePath | None:
        """Return the live path of the band's settings and profile; None where it can't be had: nothing is drawn."""
        if self._path is None or self._path[0] != band.settings:
            try:
                self._path = band.settings, self._open_path(band.settings)
            except VocalMidiError:
                return None
        return replace(self._path[1], profile=band.ears.profile)

    def _draw(self, ear: "_Ear") -> None:
        if abs(self._spool.now() - ear.drawn_s) < PERIOD_S:
            return
        draft = ear.draft()
        if draft is None or (ear.shown is not None and is_like(draft, ear.shown)):
            return
        with self._lock:
            # It may have been stopped meanwhile.
            if self._begun is ear.begun and self._file.show(replace(draft, number=ear.number)):
                ear.was_drawn(draft, self._spool.now())


class _Ear:
    """The live path of one recording, and what it has heard."""

    def __init__(self, begun: _Begun, path: LivePath | None, memory: Memory) -> None:
        self.begun = begun
        self.number = 1
        self.shown: Draft | None = None
        self.drawn_s = Seconds(0.0)
        self._following, self._history = memory.following, memory.hearing.history
        self._rate_hz = self._history.sample_rate_hz
        self._sketch = Sketch(look_of(begun.band.settings, begun.band.style), begun.start)
        self._stream = None if path is None else _LiveStream(path, self._rate_hz)
        warm = seconds_to_samples(WARM_S, self._rate_hz)
        self._heard = max(self._history.available.start, begun.start - warm)

    def hear(self) -> None:
        """Hear what has come."""
        most, step = (int(seconds_to_samples(seconds, self._rate_hz)) for seconds in (MOST_S, STEP_S))
        stop = min(self._history.available.stop, self._heard + most)
        for at in range(self._heard, stop, step):
            if self._stream is None:
                return
            try:
                block = self._history.span(SampleIndex(at), SampleIndex(min(stop, at + step)))
            except CaptureError:
                # The computer was busy, or asleep, for as long as the history: nothing more is drawn.
                self._stream = None
                return
            for event in self._stream.push(block):
                self._sketch.take(event)
        self._heard = max(self._heard, stop)

    def draft(self) -> Draft | None:
        """Return what to draw now, None for nothing."""
        pieces = self._following.pieces(self.begun.start, SampleIndex(self._heard))
        project = self.begun.project
        own = [piece for piece in pieces if project is None or self._following.project_of(piece) == project]
        return self._sketch.draft(self.begun.draft_id, own)

    def was_drawn(self, draft: Draft, now_s: Seconds) -> None:
        """Take in that a draft was shown."""
        self.shown, self.drawn_s, self.number = draft, now_s, self.number + 1


class _LiveStream:
    """Sound in blocks, one after the other, to live events."""

    def __init__(self, path: LivePath, rate_hz: int) -> None:
        self._analyser = LiveAnalyser(rate_hz, path.model, path.look_ahead_ms, timbre=path.timbre)
        self._decoder = LiveDecoder(rate_hz, self._analyser.look_ahead_samples, path.decoder)
        self._recogniser = Recogniser(path.profile)

    def push(self, block: AudioBlock) -> tuple[LiveEvent, ...]:
        """Take the next block and return what it decides."""
        return self._decoder.push(with_own_sounds(self._analyser.push(block), self._recogniser))
