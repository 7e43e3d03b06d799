"""How loud it is: the sound without direct current, the level round each frame.

In: sound at 16 kHz. Out: sound, dB re full scale. All causal and one hop after the other, so that nothing
depends on how the hops come together. It does not change how loud the sound is: the models' pictures are relative.
"""

import numpy as np
import numpy.typing as npt

from vocalmidi.frames.features import HOP, RATE_HZ
from vocalmidi.units import amplitude_to_db
from vocalmidi.values import Floats

CUTOFF_HZ = 5.0
"""Three octaves and more below the lowest bin of the picture; an offset has gone by 60 dB after 0.22 s."""
PARTS = 2
"""Of a hop, whose energies are added."""
PARTS_AROUND = 6
"""30 ms of level round a frame's centre: more than two periods at 80 Hz."""


class HighPass:
    """Takes the direct current, which some interfaces add, out of a stream of hops; one pole at CUTOFF_HZ."""

    def __init__(self) -> None:
        keep = float(np.exp(-2.0 * np.pi * CUTOFF_HZ / RATE_HZ))
        at = np.arange(HOP)
        follow = np.where(at[:, None] >= at, (1.0 - keep) * keep ** np.abs(at[:, None] - at), 0.0)
        self._within = (np.eye(HOP) - follow).T.astype(np.float32)
        self._fade = (keep ** (at + 1.0)).astype(np.float32)
        self._adds = follow[-1].astype(np.float32)
        self._offset: float | None = None

    def push(self, sound: Floats) -> Floats:
        """Return the hops without what does not move; the first sample counts as what was there before."""
        if not len(sound):
            return sound
        hops = sound.reshape(-1, HOP)
        offset = float(sound[0]) if self._offset is None else self._offset
        before = np.empty((len(hops), 1), np.float32)
        remains = float(self._fade[-1])
        for number, added in enumerate((hops @ self._adds).tolist()):
            before[number] = offset
            offset = remains * offset + added
        self._offset = offset
        return np.asarray((hops @ self._within - before * self._fade).reshape(-1), dtype=np.float32)


def part_energies(sound: Floats) -> npt.NDArray[np.float64]:
    """Return the sum of squares of each half hop."""
    parts = sound.astype(np.float64).reshape(-1, HOP // PARTS)
    return np.asarray(np.einsum("ij,ij->i", parts, parts))


def level_db(energies: npt.NDArray[np.float64], frames: int) -> Floats:
    """Return (frames,) the RMS round frames whose first one is centred between parts 2 and 3 of `energies`."""
    hops = PARTS_AROUND // PARTS
    added = energies[: (frames + hops - 1) * PARTS].reshape(-1, PARTS).sum(axis=1)
    around = sum(added[shift : shift + frames] for shift in range(hops))
    return np.asarray(amplitude_to_db(np.sqrt(around / (PARTS_AROUND * HOP / PARTS))), dtype=np.float32)
