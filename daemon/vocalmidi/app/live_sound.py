"""Live sound, block by block, to all that is said of it: notes, hits, controllers, the voice itself, and chords.

Comes in: consecutive blocks of one source. Goes out: what became known with each, in order of decision. It is the one
live path: `simulate` feeds it a recording, `run` the microphone. It plays nothing.
"""

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING

from vocalmidi.app.live_harmony import ChordSaid, ChordWatch, LiveHarmony
from vocalmidi.app.profile import with_own_sounds
from vocalmidi.events import ControlWatch, LiveDecoder
from vocalmidi.frames import LiveAnalyser
from vocalmidi.gauge import NO_GAUGE, Gauge, Stage
from vocalmidi.live import VoiceAt, voice_of
from vocalmidi.profile import Recogniser, VoiceProfile
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock, Frames, LiveEvent

if TYPE_CHECKING:
    from vocalmidi.app.simulate import LivePath

Said = LiveEvent | VoiceAt | ChordSaid


class LiveSound:
    """The live path of one source; use one for each, and a new one after a gap."""

    def __init__(
        self, path: "LivePath", sample_rate_hz: int, harmony: LiveHarmony | None = None, gauge: Gauge = NO_GAUGE
    ) -> None:
        self._gauge = gauge
        self._analyser = LiveAnalyser(sample_rate_hz, path.model, path.look_ahead_ms, timbre=path.timbre, gauge=gauge)
        self._look_ahead = self._analyser.look_ahead_samples
        self._decoder = LiveDecoder(sample_rate_hz, self._look_ahead, path.decoder)
        self._controls = ControlWatch(self._look_ahead, path.controls)
        self._own = Recogniser(path.profile)
        self._chords = None if harmony is None else ChordWatch(harmony, sample_rate_hz)
        self._heard = SampleIndex(0)

    def push(self, block: AudioBlock) -> Iterator[Said]:
        """Take the next block and give what is known with it; FramesError where sound is missing before it."""
        frames = self._analyser.push(block)
        self._heard = SampleIndex(block.start + len(block.samples))
        if len(frames) or frames.strikes:
            yield from self._said(frames)
        yield from self._chords_until(self._heard)

    def know(self, profile: VoiceProfile) -> None:
        """Know the sounds of another voice profile from now on."""
        self._own = Recogniser(profile)

    def finish(self) -> Iterator[Said]:
        """End the sound and give what is known then: a note that sounds ends with it."""
        yield from self._said(self._analyser.finish())
        for event in self._decoder.finish():
            yield from self._with_chords(event)
        yield from self._chords_until(self._heard)

    def _said(self, frames: Frames) -> Iterator[Said]:
        began_ns = self._gauge.now()
        own = with_own_sounds(frames, self._own)
        events = (*self._decoder.push(own), *self._controls.push(own))
        self._gauge.ended(Stage.DECODE, began_ns)
        # Of what is known at one sample events come first: a note that begins is there before its pitch is followed.
        voice = voice_of(own, self._look_ahead)
        for said in merge(sorted(events, key=_decided), voice, key=_decided) if events else voice:
            yield from self._with_chords(said)

    def _with_chords(self, said: LiveEvent | VoiceAt) -> Iterator[Said]:
        """Give what is said after the chords that begin before it."""
        if isinstance(said, VoiceAt):
            yield said
            return
        yield from self._chords_until(said.decided)
        if self._chords is not None:
            self._chords.hear(said)
        yield said

    def _chords_until(self, now: SampleIndex) -> Iterator[Said]:
        return iter(()) if self._chords is None else self._chords.until(now)


_decided = attrgetter("decided")
