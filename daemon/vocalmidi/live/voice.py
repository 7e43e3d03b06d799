"""Frames to what the wheel and aftertouch follow.

In: `Frames` of one stream as they come. Out: a `VoiceAt` for each, with the last sample it needed. It decides nothing:
which of the pitches a note follows is the player's choice.
"""

from vocalmidi.live.playing import VoiceAt
from vocalmidi.units import SampleIndex
from vocalmidi.values import Frames

VOICED = 0.5
"""Probability of a pitch from which it is followed: even odds."""
LEAST_SHARE = 0.1
"""Of a candidate that counts at all."""


def voice_of(frames: Frames, look_ahead_samples: int) -> tuple[VoiceAt, ...]:
    """Return the voice in each frame; look_ahead_samples: how many after its centre each needed."""
    return tuple(
        VoiceAt(
            _pitches(frames, row), float(frames.level_db[row]), SampleIndex(frames.sample_at(row) + look_ahead_samples)
        )
        for row in range(len(frames))
    )


def _pitches(frames: Frames, row: int) -> tuple[float, ...]:
    if frames.voicing[row] < VOICED:
        return ()
    pairs = zip(frames.candidate_midi[row].tolist(), frames.candidate_share[row].tolist(), strict=True)
    return tuple(pitch for pitch, share in pairs if share >= LEAST_SHARE)
