"""A TouchOSC layout as values: nodes in nodes, each with properties, values and OSC messages.

Nothing here knows XML (`tosc_file`) or what our pages hold (`pages`). Source of the schema: files saved by TouchOSC's
editor, as AlbertoV5/tosclib has them (docs/demos/files), and hexler.net/touchosc/manual.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class NodeType(StrEnum):
    """The controls we use."""

    GROUP = "GROUP"
    PAGER = "PAGER"
    BOX = "BOX"
    BUTTON = "BUTTON"
    LABEL = "LABEL"
    FADER = "FADER"


class Source(StrEnum):
    """Where a piece of a path or an argument comes from."""

    CONSTANT = "CONSTANT"
    VALUE = "VALUE"


class Conversion(StrEnum):
    """What an argument is sent as."""

    STRING = "STRING"
    BOOLEAN = "BOOLEAN"
    INTEGER = "INTEGER"
    FLOAT = "FLOAT"


class Condition(StrEnum):
    """When a value that changes sends a message."""

    ANY = "ANY"
    RISE = "RISE"


class Frame(NamedTuple):
    """Where a control lies in its parent, in points of the layout."""

    x: int
    y: int
    w: int
    h: int


class Color(NamedTuple):
    """Shares from 0 to 1."""

    r: float
    g: float
    b: float
    a: float = 1.0


PropertyValue = bool | int | float | str | Frame | Color


@dataclass(frozen=True, slots=True)
class Property:
    """A named property; its type says how it is written: b, i, f, s, r (frame) or c (colour)."""

    key: str
    value: PropertyValue


@dataclass(frozen=True, slots=True)
class Partial:
    """A piece of a path, or an argument; a value from 0 to 1 becomes one from `low` to `high`, and back."""

    source: Source
    conversion: Conversion
    value: str
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class OscMessage:
    """A message that a control sends, receives, or both. It never sends what it received: that would go round for ever.

    trigger: the value whose change sends it.
    """

    address: str
    arguments: tuple[Partial, ...] = ()
    sends: bool = True
    receives: bool = False
    trigger: str = "x"
    condition: Condition = Condition.ANY


@dataclass(frozen=True, slots=True)
class Node:
    """A control; `values`: each with what it holds before anything came."""

    node_id: str
    type: NodeType
    properties: tuple[Property, ...]
    values: tuple[tuple[str, str], ...] = (("touch", "false"),)
    messages: tuple[OscMessage, ...] = ()
    children: tuple["Node", ...] = ()

    def value_of(self, key: str) -> PropertyValue | None:
        """Return a property, None where it has none of that name."""
        return next((each.value for each in self.properties if each.key == key), None)

    @property
    def frame(self) -> Frame:
        """Where it lies; raise ValueError where it does not say."""
        frame = self.value_of("frame")
        if not isinstance(frame, Frame):
            raise ValueError(f"the node {self.node_id} has no frame")  # noqa: TRY004 - what it holds, not its type
        return frame
