"""What the timbre encoder is taught with: a sound that can be heard again and again, a little different each time.

A `Made` or a `Recorded` sound knows which classes it may be (a "sh" alone may be a snare or an open hi-hat, never a
kick) and its identity: two plays of one identity are what one person means to be the same sound.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from training.voice.data_world import RATE_HZ
from vocalmidi.values import HIT_LABELS

Floats = npt.NDArray[np.float64]
CLASSES = (*HIT_LABELS, "syllable", "noise")
"""The encoder's logits: hits, then what is none: of singing or speech, of breath, room and keys."""
KICK, SNARE, HAT_CLOSED, HAT_OPEN, OTHER, SYLLABLE, NOISE = range(len(CLASSES))
HITS = frozenset({KICK, SNARE, HAT_CLOSED, HAT_OPEN, OTHER})


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One play: (n,) sound at 16 kHz of any level, and the sample of its onset."""

    audio: Floats
    onset: int


class Sound(Protocol):
    """Anything that can be played."""

    @property
    def identity(self) -> str:
        """Return who and what; the same words, the same sound."""
        ...

    @property
    def labels(self) -> frozenset[int]:
        """Return the classes that it may be."""
        ...

    @property
    def source(self) -> str:
        """Return the row of the card's table."""
        ...

    @property
    def joined(self) -> bool:
        """Return whether its surroundings are part of it: nothing is put before or after."""
        ...

    def play(self, rng: np.random.Generator) -> Heard:
        """Return the sound as it comes out this time."""
        ...


SPEED_CENTS = 130.0
"""Standard deviation of a recorded sound's speed: a mouth a third smaller or larger is two of them."""
AGAIN_CENTS = 25.0
"""Between two plays of one speed: nobody repeats a sound exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A stretch of a recording; `speeds` numbers of mouths are made of it, each its own identity by `mouth`."""

    name: str
    labels: frozenset[int]
    source: str
    heard: Heard
    joined: bool = False
    mouth: int = 0

    @property
    def identity(self) -> str:
        """Return name and mouth."""
        return f"{self.name}#{self.mouth}"

    def play(self, rng: np.random.Generator) -> Heard:
        """Return it at its mouth's speed, a little off."""
        own = np.random.default_rng([self.mouth, *self.name.encode()]).normal(0.0, SPEED_CENTS) if self.mouth else 0.0
        ratio = 2.0 ** ((own + rng.normal(0.0, AGAIN_CENTS)) / 1200.0)
        audio = soxr.resample(self.heard.audio, RATE_HZ * ratio, RATE_HZ)
        return Heard(audio, round(self.heard.onset / ratio))
