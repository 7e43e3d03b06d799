"""Strikes as they are heard: sound in, and at each age that was asked for what the timbre encoder makes of each out.

In: sound at 16 kHz, unfiltered, whole steps at a time. Out: `HeardStrike`s in the order in which they are known. Live,
each candidate is heard several times as it grows older; considered as well, and whole. It doesn't decide what is a hit:
`events` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vocalmidi.frames.candidates import BEHIND as CANDIDATE_BEHIND
from vocalmidi.frames.candidates import Candidate, CandidateStream
from vocalmidi.frames.encoder import Timbre, TimbreEncoder
from vocalmidi.frames.features import RATE_HZ
from vocalmidi.frames.patches import AFTER, AHEAD, BEHIND, ROW, patch_of, plain_spectrum
from vocalmidi.frames.rises import STEP
from vocalmidi.frames.stretch import Stretch
from vocalmidi.units import SampleIndex, Seconds
from vocalmidi.values import Floats, Strike

LIVE_AGES = (2, 6, 16, 32)
"""Rows after an onset at which the encoder is asked live: 8 ms, for what is sure at once; 24 ms, when its class is
settled; 64 and 128 ms, for what could be a syllable."""
CONSIDERED_AGES = (6, 16, AFTER)
"""Considered, what a strike was like when younger is known as well: by 160 ms the next one has often begun."""
MOVED = round(0.001 * RATE_HZ)
"""An onset that moves further when more is heard was not the onset: it is listened to anew from there."""
_KEPT = BEHIND + AHEAD + CANDIDATE_BEHIND
"""Samples that the oldest pending strike and the next candidate need."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardStrike:
    """A strike in samples at 16 kHz.

    onset: its first sample; stop: the sample after the last that was heard of it; the rest as in `Strike`.
    known: the sample after the last that had come when this was known.
    """

    onset: int
    stop: int
    known: int
    timbre: Timbre
    spectrum: Floats
    level_db: float
    rise_db: float

    def strike(self, onset: SampleIndex, heard: SampleIndex) -> Strike:
        """Return it in samples of the source: where it begins, and the last one that was needed."""
        said = self.timbre
        return Strike(
            onset,
            said.label_share,
            said.hit_share,
            said.embedding,
            said.instrument_share,
            self.spectrum,
            self.level_db,
            self.rise_db,
            Seconds((self.stop - self.onset) / RATE_HZ),
            heard,
        )


@dataclass(slots=True)
class _Pending:
    """A candidate that is still listened to: where it begins, and at how many ages it was heard."""

    candidate: Candidate
    onset: int
    heard: int = 0


class StrikeStream:
    """The strikes of one source, each heard at `ages`, rows after its onset; `room` as for `RiseStream`."""

    def __init__(self, encoder: TimbreEncoder, ages: Sequence[int], room: Floats | None = None) -> None:
        self._encoder, self._ages = encoder, tuple(ages)
        self._candidates = CandidateStream(room)
        self._sound = Stretch(-_KEPT, np.zeros(_KEPT, np.float32))
        self._pending: list[_Pending] = []

    def push(self, sound: Floats) -> list[HeardStrike]:
        """Take whole steps of sound and return what is known with all of them, of each strike the younger first."""
        return self._take(sound, len(sound))

    def push_in_turn(self, sound: Floats) -> list[HeardStrike]:
        """Take whole steps of sound and return the same as if each had come alone, for the price of one."""
        return self._take(sound, STEP)

    def _take(self, sound: Floats, at_once: int) -> list[HeardStrike]:
        """Take whole steps and return what was known after every `at_once` samples of them."""
        begin = self._sound.stop
        self._sound.append(sound)
        found, heard = self._candidates.push(sound, self._sound), list[HeardStrike]()
        if found or self._pending:
            for known in range(begin + at_once, self._sound.stop + 1, max(at_once, 1)):
                self._pending += [_Pending(new, new.onset) for new in found if known - at_once < new.noticed <= known]
                heard += [self._heard(old, age, known) for old in self._pending for age in self._due(old, known)]
                self._pending = [pending for pending in self._pending if pending.heard < len(self._ages)]
        first = min([pending.onset for pending in self._pending], default=self._sound.stop)
        self._sound.drop_before(min(first - BEHIND, self._sound.stop - BEHIND) - CANDIDATE_BEHIND)
        self._candidates.forget(min([pending.candidate.noticed for pending in self._pending], default=self._sound.stop))
        return heard

    def finish(self, rest: Floats) -> list[HeardStrike]:
        """End the stream with less than a step and return what is still waited for; silence is what follows."""
        stop = self._sound.stop + len(rest)
        heard = np.concatenate([self._sound.span(self._sound.stop - 1, self._sound.stop), rest])
        # Silence with the direct current that there is, or every recording that has some would end with a bang.
        silence = np.repeat(heard[-1:], -len(rest) % STEP + AHEAD)
        return [strike for strike in self.push(np.concatenate([rest, silence])) if strike.onset < stop]

    def _due(self, pending: _Pending, known: int) -> tuple[int, ...]:
        """Return the ages that it has reached since it was asked last, and count them."""
        if pending.heard == 0 and known >= pending.onset + self._ages[0] * ROW:
            onset = pending.candidate.placed_again(self._sound, known)
            pending.onset = onset if abs(onset - pending.onset) > MOVED else pending.onset
        reached = max(pending.heard, sum(pending.onset + age * ROW <= known for age in self._ages))
        due, pending.heard = self._ages[pending.heard : reached], reached
        return due

    def _heard(self, pending: _Pending, rows: int, known: int) -> HeardStrike:
        onset = pending.onset
        patch = patch_of(self._sound.span(onset - BEHIND, onset + rows * ROW), rows)
        return HeardStrike(
            onset,
            onset + rows * ROW,
            known,
            self._encoder.hear(patch),
            plain_spectrum(patch),
            float(patch.level_db[0]),
            self._candidates.steepest_db(pending.candidate, known),
        )
