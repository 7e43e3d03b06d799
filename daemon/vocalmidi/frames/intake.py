"""Where a stream of blocks stands: refuses what doesn't belong to it, counts what does, gives frames their place.

In: `AudioBlock`s of one source, in order; arrays of what was heard. Out: `Frames` in samples of that source.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from vocalmidi.errors import FramesError
from vocalmidi.frames.features import HOP, RATE_HZ
from vocalmidi.frames.heads import Heads
from vocalmidi.frames.posteriors import Posteriors, read_heads
from vocalmidi.frames.strikes import HeardStrike
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import AudioBlock, Floats, Frames, Strike

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000
"""From telephone speech to the fastest common interface."""
HOP_S = Seconds(HOP / RATE_HZ)


class Intake:
    """Counts one stream; `received` is how many samples of the source have come."""

    def __init__(self, sample_rate_hz: int) -> None:
        if not LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(f"rate {sample_rate_hz} Hz is outside {LOWEST_RATE_HZ}–{HIGHEST_RATE_HZ} Hz")
        self.sample_rate_hz = sample_rate_hz
        self.received = 0
        self._origin = 0  # where the stream began: its first block's start
        self._finished = False

    def take(self, block: AudioBlock) -> None:
        """Count the next block; raise FramesError when sound is missing before it."""
        if self._finished:
            raise ValueError("no block may follow finish")
        if block.sample_rate_hz != self.sample_rate_hz:
            raise ValueError(f"block at {block.sample_rate_hz} Hz in a stream at {self.sample_rate_hz} Hz")
        if not self.received:
            self._origin = block.start
        due = self._origin + self.received
        if block.start != due:
            raise FramesError(f"sound is missing: sample {block.start} came where {due} was due")
        self.received += len(block.samples)

    def finish(self) -> None:
        """Refuse all blocks from now on."""
        if self._finished:
            raise ValueError("finish was called before on this stream")
        self._finished = True

    @property
    def analysed(self) -> int:
        """Return how many samples at 16 kHz the sound that has come reaches into."""
        return -(-self.received * RATE_HZ // self.sample_rate_hz)

    def strike(self, heard: HeardStrike, last: int) -> Strike:
        """Return a strike in samples of the source; `last` counts them up to the last one that was needed."""
        onset = min(round(heard.onset * self.sample_rate_hz / RATE_HZ), self.received - 1)
        return heard.strike(
            SampleIndex(self._origin + max(0, onset)), SampleIndex(self._origin + min(last, self.received - 1))
        )

    def frames(self, first: int, said: Posteriors, level_db: Floats, strikes: Sequence[Strike] = ()) -> Frames:
        """Return frames number `first` and on, which these arrays describe, and what was struck."""
        return Frames(
            start=SampleIndex(self._origin + round(first * HOP * self.sample_rate_hz / RATE_HZ)),
            hop_s=HOP_S,
            sample_rate_hz=self.sample_rate_hz,
            f0_hz=said.f0_hz,
            voicing=said.voicing,
            level_db=level_db,
            onset=said.onset,
            offset=said.offset,
            active=said.active,
            candidate_midi=said.candidate_midi,
            candidate_share=said.candidate_share,
            vowel=said.vowel,
            strikes=tuple(strikes),
        )

    def no_frames(self, first: int, strikes: Sequence[Strike] = ()) -> Frames:
        """Return that none have come, of which `first` will be the first."""
        return self.frames(first, _none(), np.zeros(0, np.float32), strikes)


@cache
def _none() -> Posteriors:
    """Return what is heard in no frames; worked out once, since live most blocks complete none."""
    return read_heads(np.zeros((0, Heads.OUTPUTS), np.float32))
