"""Is a .tosc file one that TouchOSC can read and our program understands? Every fault is named, none is mended.

Comes in: a file's bytes. Goes out: faults in words, none where all is well. The schema is that of files that TouchOSC's
own editor saved (../shared/reaper/FACTS.md §6 says where they are); the addresses are our table's.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from vocalmidi.control import FEEDBACK, Argument, Message, by_address, orders_of
from vocalmidi.errors import ControlError, LayoutError
from vocalmidi.touchosc.tosc_file import tosc_xml

VERSIONS = ("3", "4", "5", "6")
"""Of TouchOSC from its first public version to 1.5."""
_DRAWN = ("BOX", "BUTTON", "ENCODER", "FADER", "LABEL", "RADAR", "RADIAL", "RADIO", "TEXT", "XY")
CONTAINERS = ("GROUP", "PAGER", "GRID")
NODE_TYPES = frozenset({*_DRAWN, *CONTAINERS})
CONDITIONS, SOURCES = ("ANY", "RISE", "FALL"), ("CONSTANT", "INDEX", "VALUE", "PROPERTY")
CONVERSIONS = ("STRING", "BOOLEAN", "INTEGER", "FLOAT")
PROPERTY_TYPES = frozenset("sbifrc")
_COMMON = {
    **dict.fromkeys(["background", "grabFocus", "interactive", "locked", "outline", "visible"], "b"),
    **dict.fromkeys(["orientation", "outlineStyle", "pointerPriority", "shape"], "i"),
    "color": "c", "cornerRadius": "f", "frame": "r", "name": "s", "script": "s", "tag": "s",
}  # fmt: skip
_TEXT = {"font": "i", "textAlignH": "i", "textAlignV": "i", "textColor": "c", "textSize": "i"}
_TAB = {"tabColorOff": "c", "tabColorOn": "c", "tabLabel": "s", "textColorOff": "c", "textColorOn": "c"}
_PAGER_FLAGS = {"tabLabels": "b", "tabbar": "b", "tabbarDoubleTap": "b", "tabbarSize": "i"}
_FADER_FLAGS = {"bar": "b", "barDisplay": "i", "cursor": "b", "cursorDisplay": "i", "grid": "b", "gridSteps": "i"}
OWN_PROPERTIES = {
    "BOX": {},
    "BUTTON": {"buttonType": "i", "press": "b", "release": "b", "valuePosition": "b"},
    "LABEL": {**_TEXT, "textClip": "b", "textLength": "i"},
    "FADER": {**_FADER_FLAGS, "response": "i", "responseFactor": "i"},
    "GROUP": _TAB,
    "PAGER": {**_PAGER_FLAGS, "textSizeOff": "i", "textSizeOn": "i"},
}
"""Beside those of all; of the types that we write."""
VALUES = {"BOX": (), "BUTTON": ("x",), "LABEL": ("text",), "FADER": ("x",), "GROUP": (), "PAGER": ("page",)}


def faults(content: bytes) -> list[str]:
    """Return what is wrong with a layout, a sentence each."""
    try:
        root = tosc_xml(content)
    except LayoutError as error:
        return [str(error)]
    found = [] if root.get("version") in VERSIONS else [f"lexml version {root.get('version')} is unknown"]
    if len(root) != 1:
        found.append(f"the root holds {len(root)} nodes, one is needed")
    found += [fault for node in root.iterfind("node") for fault in _node_faults(node, "", None)]
    ids = [node.get("ID", "") for node in root.iter("node")]
    return found + [
        f"the id {each} is there {ids.count(each)} times" for each in sorted(set(ids)) if ids.count(each) > 1
    ]


def _node_faults(node: Element, path: str, parent: tuple[float, float] | None) -> Iterator[str]:
    kind = node.get("type", "")
    properties = {each.findtext("key", ""): each for each in node.iterfind("properties/property")}
    name = properties["name"].findtext("value", "") if "name" in properties else ""
    here = f"{path}/{name or kind}"
    if kind not in NODE_TYPES:
        yield f"{here}: {kind!r} is no type of node"
        return
    if not node.get("ID"):
        yield f"{here}: it has no ID"
    if kind in OWN_PROPERTIES:
        yield from _property_faults(properties, {**_COMMON, **OWN_PROPERTIES[kind]}, here)
        values = [each.findtext("key", "") for each in node.iterfind("values/value")]
        if sorted(values) != sorted((*VALUES[kind], "touch")):
            yield f"{here}: a {kind} holds the values {', '.join((*VALUES[kind], 'touch'))}, not {', '.join(values)}"
    size, frame_faults = _frame(properties.get("frame"), parent)
    yield from (f"{here}: {fault}" for fault in frame_faults)
    for osc in node.iterfind("messages/osc"):
        yield from (f"{here}: {fault}" for fault in _message_faults(osc, (*VALUES.get(kind, ()), "touch")))
    children = node.findall("children/node")
    if children and kind not in CONTAINERS:
        yield f"{here}: a {kind} has no children"
    for child in children:
        yield from _node_faults(child, here, size)


def _property_faults(given: dict[str, Element], known: dict[str, str], here: str) -> Iterator[str]:
    for key, element in given.items():
        letter = element.get("type", "")
        if key not in known:
            yield f"{here}: the property {key!r} is unknown"
        elif letter != known[key]:
            yield f"{here}: {key} is of type {letter!r}, {known[key]!r} is needed"
        elif not _is_value(element, letter):
            yield f"{here}: {key} holds what is no {letter!r}"


def _is_value(element: Element, letter: str) -> bool:
    """Return whether a property holds what its type says."""
    text = element.findtext("value", "")
    fields = {each.tag: each.text or "" for each in element.iterfind("value/*")}
    match letter:
        case "b":
            return text in ("0", "1")
        case "i":
            return text.removeprefix("-").isdigit()
        case "f":
            return _number(text) is not None
        case "r":
            return list(fields) == list("xywh") and all(_number(each) is not None for each in fields.values())
        case "c":
            shares = [_number(each) for each in fields.values()]
            return list(fields) == list("rgba") and all(each is not None and 0 <= each <= 1 for each in shares)
        case _:
            return True


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _frame(element: Element | None, parent: tuple[float, float] | None) -> tuple[tuple[float, float] | None, list[str]]:
    """Return a node's width and height, and what is wrong with where it lies."""
    numbers = [_number(each.text or "") for each in element.iterfind("value/*")] if element is not None else []
    if len(numbers) != 4 or any(each is None for each in numbers):
        return None, ["it has no frame"]
    x, y, w, h = (each or 0.0 for each in numbers)
    if w <= 0 or h <= 0:
        return (w, h), ["its frame is empty"]
    if parent is not None and (x < 0 or y < 0 or x + w > parent[0] or y + h > parent[1]):
        return (w, h), [f"its frame {x:g} {y:g} {w:g} {h:g} reaches out of its parent's {parent[0]:g} × {parent[1]:g}"]
    return (w, h), []


def _message_faults(osc: Element, values: tuple[str, ...]) -> Iterator[str]:
    address = "".join(each.findtext("value", "") for each in osc.iterfind("path/partial"))
    flags = {tag: osc.findtext(tag, "") for tag in ("enabled", "send", "receive", "feedback")}
    if any(each not in ("0", "1") for each in flags.values()):
        yield f"{address}: enabled, send, receive and feedback must be 0 or 1"
    if flags["feedback"] == "1":
        yield f"{address}: feedback is on: what is received would be sent back for ever"
    if not set(osc.findtext("connections", "")) <= {"0", "1"} or len(osc.findtext("connections", "")) not in (5, 10):
        yield f"{address}: connections are five or ten digits 0 and 1"
    for trigger in osc.iterfind("triggers/trigger"):
        if trigger.findtext("var", "") not in values or trigger.findtext("condition", "") not in CONDITIONS:
            yield f"{address}: its trigger watches what this control has not"
    partials = [*osc.iterfind("path/partial"), *osc.iterfind("arguments/partial")]
    wrong = [fault for each in partials for fault in _partial_faults(each, values)]
    yield from (f"{address}: {fault}" for fault in wrong)
    if not wrong:
        yield from _address_faults(address, osc.findall("arguments/partial"), flags)


def _partial_faults(partial: Element, values: tuple[str, ...]) -> Iterator[str]:
    source = partial.findtext("type", "")
    if source not in SOURCES:
        yield f"{source!r} is no source of an argument"
    if partial.findtext("conversion", "") not in CONVERSIONS:
        yield f"{partial.findtext('conversion')!r} is no type of an argument"
    if source == "VALUE" and partial.findtext("value", "") not in values:
        yield f"this control has no value {partial.findtext('value')!r}"
    if any(_number(partial.findtext(tag, "")) is None for tag in ("scaleMin", "scaleMax")):
        yield "a scale is no number"


def _address_faults(address: str, arguments: list[Element], flags: dict[str, str]) -> Iterator[str]:
    """Say where a message is not in our table: tried with the ends of each scale, and with constants as they are."""
    if flags["send"] == "1":
        for end in ("scaleMin", "scaleMax"):
            try:
                orders_of(Message(address, tuple(_sent(each, end) for each in arguments)))
            except ControlError as error:
                yield str(error)
    told = {each.address for each in FEEDBACK} | {key for key, entry in by_address().items() if entry.has_state}
    if flags["receive"] == "1" and address not in told:
        yield f"{address} tells nothing"


def _sent(partial: Element, end: str) -> Argument:
    """Return what an argument is at an end of its scale."""
    if partial.findtext("type") == "CONSTANT":
        return partial.findtext("value", "")
    number = _number(partial.findtext(end, "")) or 0.0
    match partial.findtext("conversion"):
        case "STRING":
            return f"{number:g}"
        case "BOOLEAN":
            return bool(number)
        case "INTEGER":
            return round(number)
        case _:
            return number
