"""What was sung lately: the sound of the last minutes, and the notes and hits in it, kept as they are heard.

Comes in: blocks of sound. Goes out: `Events` of any span that is still there, counted in samples. The considered pass
follows the singer in the background (`work`), a second or two behind, so that who asks waits only for what was sung
last; and once he is quiet that is heard ahead too, and asking costs no hearing at all.
Threads: one appends, one works, any may ask; who asks waits for a second's worth of hearing at most.
"""

import math
import threading
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from vocalmidi.app.ears import Ears
from vocalmidi.capture import History
from vocalmidi.errors import PhraseError
from vocalmidi.frames import RollingAnalyser, frames_between
from vocalmidi.gauge import NO_GAUGE, Gauge, Stage
from vocalmidi.phrase import last_phrase
from vocalmidi.units import SampleIndex, amplitude_to_db, seconds_to_samples
from vocalmidi.values import AudioBlock, Events, Frames

LOOK_S = 45.0
"""16 bars of 4/4 at 85 BPM; longer phrases are looked for further back."""
MARGIN_S = 3.0
"""Heard around a span that is asked for, so that its first and last notes are told as in the whole."""
STEP_S = 0.1
"""Sound is taken in so much at a time, and told to be quiet or not."""
CATCH_UP_S = 10.0
"""Of sound that has waited, as the silence while it was switched off, so much is followed at a time: 50 ms of work."""
QUIET_S = 0.3
"""A gap between two notes is shorter, a breath about as long: what was sung before it is heard ahead."""
QUIET_BELOW_DB, QUIET_DB = 20.0, -60.0
"""Quiet is so much below the loudest of the last seconds, or this re full scale: a room at a sensible gain."""
LOUDEST_FALLS_DB = 0.2
"""A step: 20 dB in 10 s; who sings softer after a loud phrase is heard within a few seconds."""


@dataclass(slots=True)
class _Follower:
    """How far the singer was followed.

    stop: the sample up to which sound was taken in.
    settled: frames that stay as they are, oldest first.
    ahead: those after them where they were heard ahead, at sample `ahead_at`.
    quiet_s: for how long it has been quiet; loudest_db: what that is measured against.
    """

    analyser: RollingAnalyser
    stop: int
    settled: deque[Frames] = field(default_factory=deque[Frames])
    ahead: Frames | None = None
    ahead_at: int | None = None
    quiet_s: float = 0.0
    loudest_db: float = QUIET_DB

    def take(self, block: AudioBlock) -> None:
        """Take in the next sound; what is not quiet ends what was heard ahead."""
        self.analyser.take(block)
        self.stop += len(block.samples)
        level_db = float(amplitude_to_db(np.sqrt(np.mean(np.square(block.samples)))))
        self.loudest_db = max(self.loudest_db - LOUDEST_FALLS_DB, level_db)
        if level_db < max(self.loudest_db - QUIET_BELOW_DB, QUIET_DB):
            self.quiet_s += len(block.samples) / block.sample_rate_hz
        else:
            self.quiet_s, self.ahead, self.ahead_at = 0.0, None, None

    def settle(self) -> bool:
        """Keep the next frames that stay as they are; return whether there were any."""
        frames = self.analyser.settle()
        if frames is not None:
            self.settled.append(frames)
        return frames is not None

    def hear_ahead(self) -> None:
        """After a silence, hear what was sung before it."""
        if self.ahead is None and self.quiet_s >= QUIET_S:
            self.ahead, self.ahead_at = self.analyser.waiting(), self.stop

    def forget_before(self, sample: int) -> None:
        """Drop the frames that end before a sample."""
        while self.settled and self.settled[0].sample_at(len(self.settled[0])) < sample:
            self.settled.popleft()


@dataclass(frozen=True, slots=True)
class _Known:
    """The last phrase for this gap as it was when everything had been heard ahead at a sample."""

    ahead_at: int
    gap_s: float
    phrase: Events

    def holds(self, ahead_at: int | None, gap_s: float, oldest: int) -> bool:
        """Return whether nothing was sung since and nothing of it is gone."""
        return (self.ahead_at, self.gap_s) == (ahead_at, gap_s) and self.phrase.start >= oldest


class Hearing:
    """Sound and events of the last minutes of one source."""

    def __init__(self, ears: Ears, minutes: float, sample_rate_hz: int) -> None:
        """Keep `minutes` of sound at `sample_rate_hz`."""
        self.history = History(minutes, sample_rate_hz)
        self.gauge: Gauge = NO_GAUGE
        self._ears = ears
        self._lock = threading.Lock()
        self._rate_hz = sample_rate_hz
        self._follower = self._follower_at(0)
        self._known: _Known | None = None

    @property
    def heard_ahead(self) -> SampleIndex | None:
        """The sample at which, it being quiet, all that was sung before had been heard; None while somebody sings."""
        at = self._follower.ahead_at
        return None if at is None else SampleIndex(at)

    @property
    def behind_s(self) -> float:
        """How much sound has come that was not followed yet."""
        return max(0, self.history.available.stop - self._follower.stop) / self._rate_hz

    def hear_with(self, ears: Ears) -> None:
        """Know other sounds from now on, also in what was heard already; the models are the same."""
        with self._lock:
            self._ears, self._known = ears, None

    def append(self, block: AudioBlock) -> None:
        """Take in the next block; quick."""
        self.history.append(block)

    def work(self) -> None:
        """Follow what has come by a second of it at most, or hear ahead what was sung before a silence."""
        with self._lock:
            self._follow(CATCH_UP_S)
            began_ns = self.gauge.now()
            if self._follower.settle():
                self.gauge.ended(Stage.CONSIDERED, began_ns)
            else:
                self._follower.hear_ahead()

    def events(self, start: SampleIndex, stop: SampleIndex) -> Events:
        """Return what begins within [start, stop).

        Raises:
            SpanGoneError: its beginning is older than the history.
        """
        self.history.span(start, start)
        around = int(seconds_to_samples(MARGIN_S, self._rate_hz))
        frames = frames_between(self._frames(), SampleIndex(max(0, start - around)), SampleIndex(stop + around))
        heard = self._ears.events_of(frames)
        return cut(heard, start, stop)

    def last_phrase(self, gap_s: float) -> Events:
        """Return everything after the last silence of `gap_s` before which something was sung.

        Raises:
            PhraseError: nothing was sung since listening began, or as far as the history reaches.
        """
        ahead_at = self._followed()
        known = self._known
        if known is not None and known.holds(ahead_at, gap_s, self.history.available.start):
            return known.phrase
        phrase = self._look_back(gap_s)
        if ahead_at is not None:
            self._known = _Known(ahead_at, gap_s, phrase)
        return phrase

    def _look_back(self, gap_s: float) -> Events:
        gap = int(seconds_to_samples(gap_s, self._rate_hz))
        look = int(seconds_to_samples(LOOK_S, self._rate_hz))
        here = self.history.available
        pieces = self._frames()
        while True:
            start = max(here.start, here.stop - look)
            frames = frames_between(pieces, SampleIndex(start), SampleIndex(here.stop))
            phrase = last_phrase(self._ears.events_of(frames), gap_s)
            found = bool(phrase.notes or phrase.hits)
            if start == here.start or (found and phrase.start - start >= gap):
                break
            look *= 2
        if not found:
            raise PhraseError(f"nothing was sung {self._since(here)}, so nothing is written; sing, then write again")
        return phrase

    def _since(self, here: range) -> str:
        if here.start == 0:
            return "since listening began"
        return f"in the {len(here) / self._rate_hz:.0f} s that the history keeps"

    def _follower_at(self, start: int) -> _Follower:
        return _Follower(RollingAnalyser(self._rate_hz, self._ears.voice, timbre=self._ears.timbre), start)

    def _follow(self, most_s: float = math.inf) -> None:
        """Take in what has come, so much of it at most."""
        here = self.history.available
        if self._follower.stop < here.start:
            # The computer was busy, or asleep, for as long as the history: what is gone can't be followed.
            self._follower = self._follower_at(here.start)
        self._follower.forget_before(here.start)
        step = int(seconds_to_samples(STEP_S, self._rate_hz))
        stop = int(min(here.stop, self._follower.stop + most_s * self._rate_hz))
        for start in range(self._follower.stop, stop, step):
            self._follower.take(self.history.span(SampleIndex(start), SampleIndex(min(stop, start + step))))

    def _followed(self) -> int | None:
        """Take in what has come, and return where all before was heard ahead."""
        with self._lock:
            self._follow()
            return self._follower.ahead_at

    def _frames(self) -> list[Frames]:
        """Return all frames as far as was heard, in pieces."""
        with self._lock:
            self._follow()
            follower = self._follower
            # With nobody at work in the background all of it is due now; a second is quicker heard with the rest.
            while follower.analyser.behind > 1 and follower.settle():
                pass
            waiting = follower.analyser.waiting() if follower.ahead is None else follower.ahead
            return [*follower.settled, waiting]


def cut(events: Events, start: SampleIndex, stop: SampleIndex) -> Events:
    """Return what begins within [start, stop)."""
    return Events(
        start=start,
        stop=stop,
        sample_rate_hz=events.sample_rate_hz,
        notes=tuple(note for note in events.notes if start <= note.onset < stop),
        hits=tuple(hit for hit in events.hits if start <= hit.onset < stop),
    )
