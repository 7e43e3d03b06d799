"""What carries the curves of a voice beside the notes of a part: its pitch and its level."""

import re
from dataclasses import dataclass

from vocalmidi.units import Cents

_WHEEL, _MPE = "wheel", "mpe"
"""Of a pitch curve: the wheel of the part's channel, or MPE: each note on a channel of its own with its own wheel."""
_OFF, _PRESSURE = "off", "pressure"
"""Of a level curve: none, or aftertouch of the channel, which with MPE is each note's own."""
PARAMETER_CONTROLLERS = (0, 6, 32, 38, 96, 97, 98, 99, 100, 101)
"""Bank, data entry and parameter numbers: a curve on them would change another sound or the range of the wheel."""
CC_BEND_CENTS = Cents(200.0)
"""Of a pitch curve on a controller: so much above the note is its end, 64 the note itself. A wheel's usual range."""
CC_BEND_CENTRE = 64
_CONTROLLER = re.compile(r"cc(0|[1-9][0-9]{0,2})")


def controller_of(word: str) -> int | None:
    """Return the number of a controller such as `cc11`, None for what is none that can carry a curve."""
    found = _CONTROLLER.fullmatch(word)
    number = int(found[1]) if found else 120
    return None if number >= 120 or number in PARAMETER_CONTROLLERS else number


@dataclass(frozen=True, slots=True)
class Expression:
    """How a part carries the curves of its notes.

    bend_as: `wheel`, `mpe`, or a controller such as `cc16`: 64 the note, a whole tone of cents to either end.
    level_as: `off`, `pressure`, or a controller such as `cc11`.
    """

    bend_as: str = _WHEEL
    level_as: str = _OFF

    def __post_init__(self) -> None:
        if self.bend_as not in (_WHEEL, _MPE) and self.bend_controller is None:
            raise ValueError(f"a pitch curve goes as wheel, mpe or a controller such as cc16, not as {self.bend_as!r}")
        if self.level_as not in (_OFF, _PRESSURE) and self.level_controller is None:
            raise ValueError(
                f"a level curve goes as off, pressure or a controller such as cc11, not as {self.level_as!r}"
            )
        if self.bend_as == self.level_as:
            raise ValueError(f"{self.bend_as} can't carry both pitch and level; choose another controller for one")

    @property
    def bend_controller(self) -> int | None:
        """The controller that carries the pitch, None where the wheel does."""
        return controller_of(self.bend_as)

    @property
    def level_controller(self) -> int | None:
        """The controller that carries the level, None where pressure or nothing does."""
        return controller_of(self.level_as)

    @property
    def has_level(self) -> bool:
        """Whether anything carries the level."""
        return self.level_as != _OFF

    @property
    def is_mpe(self) -> bool:
        """Whether each note has a channel of its own."""
        return self.bend_as == _MPE


PLAIN_EXPRESSION = Expression()
"""Pitch as the wheel, no level: what every instrument understands."""
