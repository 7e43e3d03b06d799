"""A voice profile as values: the sounds that a user has taught, each with its examples, and how he is to be read.

`VoiceProfile` holds `Taught` sounds, these hold `Example`s; and `Habits`, told from corrections. An example keeps its
sound, a quarter of a second, so that another encoder can look at it without the user having to teach again. Nothing
here decides or writes anything.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vocalmidi.profile.habits import NO_HABITS, Habits
from vocalmidi.units import Seconds
from vocalmidi.values import EMBEDDING, HIT_LABELS, SPECTRUM, Floats, HitLabel, Trigger

AGES_S = (Seconds(0.008), Seconds(0.024), Seconds(0.064), Seconds(0.128), Seconds(0.160))
"""How much of a sound has been heard when it is decided upon: live at once, settled and later; considered, the last."""
DEFAULT_NAMES = {label.value: label for label in HitLabel if label is not HitLabel.OTHER}
"""Names that teach a class anew which is known without teaching; any other is a sound of the user's own."""
Sound = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One example of a sound.

    sound: (n,) int16 at 16 kHz, its loudest sample at full scale; what the encoder is shown.
    embedding, label_share, hit_share, spectrum: fields of `Strike` with a row for each age.
    """

    sound: Sound
    embedding: Floats
    label_share: Floats
    hit_share: Floats
    spectrum: Floats

    def __post_init__(self) -> None:
        for name, dtype, shape in (
            ("sound", np.int16, (len(self.sound),)),
            ("embedding", np.float32, (len(AGES_S), EMBEDDING)),
            ("label_share", np.float32, (len(AGES_S), len(HIT_LABELS))),
            ("hit_share", np.float32, (len(AGES_S),)),
            ("spectrum", np.float32, (len(AGES_S), SPECTRUM)),
        ):
            array = np.array(getattr(self, name), dtype)
            if array.shape != shape or not np.isfinite(array).all():
                raise ValueError(f"{name} of an example must be {shape} finite numbers, not {array.shape}")
            array.setflags(write=False)
            object.__setattr__(self, name, array)


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A sound that was taught.

    name: a default class's or one of the user's choice.
    pitch_midi: the key that it plays; None for a default class, which plays what it always does.
    """

    name: str
    pitch_midi: int | None
    examples: tuple[Example, ...]

    @property
    def label(self) -> HitLabel:
        """Return the class it is, `OTHER` for a sound of the user's own."""
        return DEFAULT_NAMES.get(self.name, HitLabel.OTHER)

    @property
    def is_own(self) -> bool:
        """Return whether it is a sound of the user's own, not a class that is known without teaching."""
        return self.name not in DEFAULT_NAMES

    @property
    def trigger(self) -> Trigger | None:
        """Return what it plays, None where its class says that."""
        return None if self.pitch_midi is None else Trigger(self.name, self.pitch_midi)


@dataclass(frozen=True, slots=True, eq=False)
class VoiceProfile:
    """The sounds that a user has taught, in the order in which he did, and what his corrections say of him.

    encoder: SHA-256 of the model that described the examples; another one's embeddings can't be compared with them.
    """

    encoder: str
    taught: tuple[Taught, ...] = ()
    habits: Habits = NO_HABITS

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(f"a name is taught twice among {', '.join(names)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names taught."""
        return tuple(each.name for each in self.taught)

    def with_taught(self, new: Taught) -> "VoiceProfile":
        """Return the profile with a sound in the place of the one of its name, or after all others."""
        if new.name not in self.names:
            return replace(self, taught=(*self.taught, new))
        return replace(self, taught=tuple(new if each.name == new.name else each for each in self.taught))

    def without(self, name: str) -> "VoiceProfile":
        """Return the profile without the sound of this name."""
        return replace(self, taught=tuple(each for each in self.taught if each.name != name))


def reembedded(profile: VoiceProfile, encoder: str, again: Callable[[Example], Example]) -> VoiceProfile:
    """Return the profile with every example described again, by the encoder of this hash."""
    taught = tuple(replace(each, examples=tuple(map(again, each.examples))) for each in profile.taught)
    return replace(profile, encoder=encoder, taught=taught)
