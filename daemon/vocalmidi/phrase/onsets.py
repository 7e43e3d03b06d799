"""From events to the bare onsets that carry the rhythm: time, trust and accent of every note and hit.

Accent follows the two cues that hold for any melody (Lerdahl & Jackendoff 1983, metrical preference rules 4 and 5):
louder and longer sounds mark the beat. Pitch and drum are kept for those who look at them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.units import samples_to_seconds
from vocalmidi.values import Events, HitLabel

LONGEST_ACCENT_S = 1.0
"""A note longer than the slowest beat (60 a minute) marks it no more than the beat itself does."""
DRUMS = {
    HitLabel.KICK: 0,
    HitLabel.SNARE: 1,
    HitLabel.HIHAT_CLOSED: 2,
    HitLabel.HIHAT_OPEN: 2,
    HitLabel.OTHER: 3,
}
"""What hits are to the metre: an open hi-hat and a closed one mark the same places."""
LEAST_TRUST = 0.05
"""An event that was kept at all still counts a little, so that weights never sum to zero."""


@dataclass(frozen=True, slots=True, eq=False)
class Onsets:
    """Onsets in order of time, float64 arrays of one length.

    time_s: seconds of the source.
    trust: 0–1, how far the onset is to be believed.
    accent: 0–1, how much it marks a beat.
    sounding_s: how long it sounds, 0 for a hit.
    pitch_midi: of a note, 0 for a hit.
    drum: of a hit, its index in DRUMS; -1 for a note.
    """

    time_s: npt.NDArray[np.float64]
    trust: npt.NDArray[np.float64]
    accent: npt.NDArray[np.float64]
    sounding_s: npt.NDArray[np.float64]
    pitch_midi: npt.NDArray[np.float64]
    drum: npt.NDArray[np.intp]

    def __post_init__(self) -> None:
        arrays = (self.time_s, self.trust, self.accent, self.sounding_s, self.pitch_midi, self.drum)
        if any(len(array) != len(self.time_s) for array in arrays):
            raise ValueError("the arrays of onsets must have one length")
        if np.any(np.diff(self.time_s) < 0):
            raise ValueError("onsets are not in order of time")
        for array in arrays:
            array.setflags(write=False)


def onsets_of(events: Events) -> Onsets:
    """Return the onsets of all notes and hits together."""
    rows = [(note.onset, note.offset, note.velocity, note.confidence, note.pitch_midi, -1) for note in events.notes] + [
        (hit.onset, hit.onset, hit.velocity, hit.confidence, 0.0, DRUMS[hit.label]) for hit in events.hits
    ]
    table = np.array(sorted(rows), np.float64).reshape(-1, 6)
    time_s = table[:, 0] * samples_to_seconds(1, events.sample_rate_hz)
    sounding_s = (table[:, 1] - table[:, 0]) * samples_to_seconds(1, events.sample_rate_hz)
    # Until the next onset a sound holds its place in the rhythm, sung through or not; the last one has its length only.
    until_next_s = np.append(np.diff(time_s), sounding_s[-1:])
    trust = np.maximum(table[:, 3], LEAST_TRUST)
    loud = table[:, 2] / 127.0
    accent = trust * np.sqrt(loud) * np.minimum(until_next_s, LONGEST_ACCENT_S) / LONGEST_ACCENT_S
    return Onsets(time_s, trust, np.maximum(accent, 1e-3), sounding_s, table[:, 4].copy(), table[:, 5].astype(np.intp))
