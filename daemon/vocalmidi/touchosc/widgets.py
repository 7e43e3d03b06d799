"""The controls of our pages, made from the table of addresses: what each sends is tried against it as it is made.

Comes in: frames, addresses of the table, words. Goes out: nodes. A control shows what the program echoes on its address
and never sends it back.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vocalmidi.control import FEEDBACK, ROOT, AutoOr, Kind, Message, Real, Switch, Whole, by_address, orders_of
from vocalmidi.touchosc.node import (
    Color,
    Condition,
    Conversion,
    Frame,
    Node,
    NodeType,
    OscMessage,
    Partial,
    Property,
    Source,
)

GAP = 4
"""Points between controls."""
_SPACE = uuid.UUID("5e3f7f5e-3a3c-5f0e-9c57-6f63616c6d64")
"""Names our nodes: the same place gives the same id, so that an export is the same bytes."""
INK, PAPER = Color(1, 1, 1), Color(0.07, 0.08, 0.10)
BLUE, GREEN, ORANGE, PURPLE, RED = (
    Color(0.20, 0.45, 0.85),
    Color(0.18, 0.62, 0.40),
    Color(0.85, 0.52, 0.15),
    Color(0.52, 0.38, 0.80),
    Color(0.80, 0.22, 0.22),
)
YELLOW, FAINT = Color(0.74, 0.60, 0.16), Color(0.62, 0.65, 0.70)
LEFT, MIDDLE = 1, 2
TEXT, SMALL_TEXT, LETTER = 16, 13, 0.62
"""Sizes of words in points, and the width of a letter of such words, as a share of its height."""
DIM = 0.4
"""Share of a colour's light that what is not chosen has."""
TEMPO_FADER = (60.0, 180.0)
"""Finer than the whole range on a fader as wide as a thumb is long."""


@dataclass(slots=True)
class Sheet:
    """Gives nodes their ids, one after another."""

    name: str
    _made: int = field(default=0)

    def node(
        self,
        kind: NodeType,
        name: str,
        frame: Frame,
        properties: Sequence[Property] = (),
        *,
        values: Sequence[tuple[str, str]] = (),
        messages: Sequence[OscMessage] = (),
        children: Sequence[Node] = (),
    ) -> Node:  # fmt: skip
        """Return a node with what every control has."""
        self._made += 1
        own = {each.key: each for each in (*_COMMON, Property("name", name), Property("frame", frame), *properties)}
        return Node(
            str(uuid.uuid5(_SPACE, f"{self.name}/{self._made}")),
            kind,
            tuple(own.values()),
            (*values, ("touch", "false")),
            tuple(messages),
            tuple(children),
        )

    def label(self, frame: Frame, text: str, *, size: int = 16, color: Color | None = None, shows: str = "") -> Node:
        """Return words in the middle; shows: the address whose echo replaces them."""
        messages = [_shown(shows, Partial(Source.VALUE, Conversion.STRING, "text"), "text")] if shows else []
        properties = (
            Property("interactive", value=False), Property("outline", value=False), Property("font", 0),
            Property("background", color is not None), Property("color", color or PAPER), Property("textColor", INK),
            Property("textSize", size), Property("textAlignH", MIDDLE), Property("textAlignV", 2),
            Property("textClip", value=True), Property("textLength", 0),
        )  # fmt: skip
        return self.node(
            NodeType.LABEL, f"label {text}"[:40], frame, properties, values=[("text", text)], messages=messages
        )

    def title(self, frame: Frame, text: str) -> Node:
        """Return the quiet words over what they name, at its left."""
        plain = self.label(frame, text, size=14)
        own = {"textColor": Property("textColor", FAINT), "textAlignH": Property("textAlignH", LEFT)}
        return replace(plain, properties=tuple(own.get(each.key, each) for each in plain.properties))

    def press(self, frame: Frame, text: str, name: str, color: Color, *words: str) -> tuple[Node, Node]:
        """Return a button that sends an address, with constant words, when it is pressed; and its label."""
        address = f"{ROOT}/{name}"
        _must_be_known(address, words)
        arguments = tuple(Partial(Source.CONSTANT, Conversion.STRING, word) for word in words)
        message = OscMessage(address, arguments, condition=Condition.RISE)
        tag = [Property("tag", f"{name}={words[0]}")] if words and by_address()[address].has_state else []
        properties = (Property("buttonType", 0), *_BUTTON, Property("color", _dim(color) if tag else color), *tag)
        button = self.node(NodeType.BUTTON, text, frame, properties, values=[("x", "0")], messages=[message])
        return button, self.label(frame, text, size=_fitting(text, frame))

    def toggle(self, frame: Frame, text: str, name: str, color: Color) -> tuple[Node, Node]:
        """Return a switch that shows its state, and its label."""
        address = f"{ROOT}/{name}"
        _must_be_known(address, (True,))
        message = OscMessage(address, (Partial(Source.VALUE, Conversion.BOOLEAN, "x"),), receives=True)
        properties = (Property("buttonType", 1), *_BUTTON, Property("color", color))
        button = self.node(NodeType.BUTTON, text, frame, properties, values=[("x", "0")], messages=[message])
        return button, self.label(frame, text, size=_fitting(text, frame))

    def fader(self, frame: Frame, text: str, name: str, color: Color) -> tuple[Node, ...]:
        """Return a fader over the range of an address, its name, and its value in words."""
        address = f"{ROOT}/{name}"
        low, high, conversion = _range(by_address()[address].arguments[0])
        for number in (low, high):
            _must_be_known(address, (number,))
        message = OscMessage(address, (Partial(Source.VALUE, conversion, "x", low, high),), receives=True)
        steps = [Property("gridSteps", int(high - low) + 1)] if high - low <= 12 else []
        properties = (*_FADER, Property("color", color), *steps)
        title_h = min(30, frame.h // 3)
        side = frame._replace(h=title_h, w=frame.w // 2)
        bar = frame._replace(y=frame.y + title_h, h=frame.h - title_h)
        return (
            self.node(NodeType.FADER, text, bar, properties, values=[("x", "0")], messages=[message]),
            self.title(side, text),
            self.label(side._replace(x=frame.x + frame.w // 2), "–", shows=address),
        )

    def meter(self, frame: Frame, text: str, name: str, color: Color, span: tuple[float, float]) -> tuple[Node, ...]:
        """Return a bar that shows a number that the program sends, from `span[0]` to `span[1]`."""
        number = Partial(Source.VALUE, Conversion.FLOAT, "x", *span)
        properties = (*_FADER, Property("color", color), Property("interactive", value=False))
        shown = _shown(f"{ROOT}/{name}", number, "x")
        bar = self.node(NodeType.FADER, text, frame, properties, values=[("x", "0")], messages=[shown])
        return bar, self.label(frame, text)

    def show(self, frame: Frame, text: str, name: str, *, size: int = 16, color: Color | None = None) -> tuple[Node]:
        """Return words that the program sends."""
        return (self.label(frame, text, size=size, color=color or _dim(BLUE), shows=f"{ROOT}/{name}"),)


def _shown(address: str, argument: Partial, value: str) -> OscMessage:
    """Return a message that is received only."""
    echoed = {each.address for each in FEEDBACK} | {key for key, entry in by_address().items() if entry.has_state}
    if address not in echoed:
        raise ValueError(f"{address} tells nothing, so nothing can show it")
    return OscMessage(address, (argument,), sends=False, receives=True, trigger=value)


def _must_be_known(address: str, arguments: tuple[str | float | bool, ...]) -> None:
    """Raise ControlError where a control would send what the table does not have."""
    orders_of(Message(address, arguments))


def _range(kind: Kind) -> tuple[float, float, Conversion]:
    match kind:
        case Whole():
            return kind.low, kind.high, Conversion.INTEGER
        case Real():
            return kind.low, kind.high, Conversion.FLOAT
        case AutoOr():
            return *(TEMPO_FADER if kind.name == "tempo" else (kind.low, kind.high)), Conversion.FLOAT
        case Switch():
            return 0, 1, Conversion.BOOLEAN
        case _:
            raise ValueError(f"{kind.name} is no number, so no fader moves it")


def _fitting(text: str, frame: Frame) -> int:
    """Return the size of words that fit a button."""
    return TEXT if len(text) * LETTER * TEXT < frame.w else SMALL_TEXT


def _dim(color: Color) -> Color:
    return shaded(color, DIM)


def shaded(color: Color, share: float) -> Color:
    """Return a colour with less light."""
    return Color(*(round(each * share, 3) for each in color[:3]))


_COMMON = (
    Property("background", value=True), Property("cornerRadius", 4.0), Property("grabFocus", value=True),
    Property("interactive", value=True), Property("locked", value=False), Property("orientation", 0),
    Property("outline", value=True), Property("outlineStyle", 0), Property("pointerPriority", 0), Property("shape", 1),
    Property("visible", value=True),
)  # fmt: skip
_BUTTON = (Property("press", value=True), Property("release", value=True), Property("valuePosition", value=False))
_FADER = (
    Property("bar", value=True), Property("barDisplay", 0), Property("cursor", value=True),
    Property("cursorDisplay", 0), Property("grid", value=False), Property("gridSteps", 13), Property("response", 0),
    Property("responseFactor", 100), Property("orientation", 1),
)  # fmt: skip
"""Orientation 1 is east: to the right is more."""
