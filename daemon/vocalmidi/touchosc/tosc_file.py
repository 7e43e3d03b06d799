"""A .tosc file: zlib-compressed XML, from nodes and back.

Comes in: a `Node` or bytes. Goes out: bytes, the same for the same node, or a node with what of it we know. A file that
is none is a `LayoutError`; it is unpacked up to a bound, and no entity or outer file is ever followed.
"""

import re
import zlib
from xml.etree import ElementTree as ET

from vocalmidi.errors import LayoutError
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
    PropertyValue,
    Source,
)

VERSION = "3"
"""Of the first public TouchOSC; all later ones read it."""
MAX_XML_BYTES = 16 * 1024 * 1024
"""A large layout has some hundred kilobytes."""
CONNECTION_1 = "00001"
"""Of five connections the first."""
_HEAD = b"<?xml version='1.0' encoding='UTF-8'?>\n"
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand where TouchOSC's own editor writes CDATA, which ElementTree has no word for."""


def tosc_bytes(root: Node) -> bytes:
    """Return the whole file."""
    lexml = ET.Element("lexml", version=VERSION)
    lexml.append(_node(root))
    text = ET.tostring(lexml, encoding="unicode")
    marked = re.sub(f"{_OPEN}(.*?){_CLOSE}", lambda found: f"<![CDATA[{_plain(found[1])}]]>", text, flags=re.DOTALL)
    return zlib.compress(_HEAD + marked.encode(), 9)


def _plain(escaped: str) -> str:
    return escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _text(parent: ET.Element, tag: str, text: object, *, marked: bool = False) -> None:
    ET.SubElement(parent, tag).text = f"{_OPEN}{text}{_CLOSE}" if marked else str(text)


def _node(node: Node) -> ET.Element:
    element = ET.Element("node", ID=node.node_id, type=node.type)
    properties = ET.SubElement(element, "properties")
    for each in sorted(node.properties, key=lambda each: each.key):
        _property(properties, each)
    values = ET.SubElement(element, "values")
    for key, default in node.values:
        value = ET.SubElement(values, "value")
        _text(value, "key", key, marked=True)
        _text(value, "locked", 0)
        _text(value, "lockedDefaultCurrent", 1 if key == "text" else 0)
        _text(value, "default", default, marked=True)
        _text(value, "defaultPull", 0)
    if node.messages:
        messages = ET.SubElement(element, "messages")
        for message in node.messages:
            _message(messages, message)
    if node.children:
        children = ET.SubElement(element, "children")
        children.extend(_node(child) for child in node.children)
    return element


def _property(parent: ET.Element, given: Property) -> None:
    element = ET.SubElement(parent, "property", type=type_of(given.value))
    _text(element, "key", given.key, marked=True)
    if isinstance(given.value, Frame | Color):
        value = ET.SubElement(element, "value")
        for name, number in given.value._asdict().items():
            _text(value, name, f"{number:g}")
    elif isinstance(given.value, str):
        _text(element, "value", given.value, marked=True)
    else:
        _text(element, "value", f"{given.value:g}")


def type_of(value: PropertyValue) -> str:
    """Return the letter of a property's type."""
    for kind, letter in ((bool, "b"), (int, "i"), (float, "f"), (str, "s"), (Frame, "r")):
        if isinstance(value, kind):
            return letter
    return "c"


def _message(parent: ET.Element, message: OscMessage) -> None:
    osc = ET.SubElement(parent, "osc")
    flags = {"enabled": True, "send": message.sends, "receive": message.receives, "feedback": False}
    for tag, is_on in flags.items():
        _text(osc, tag, int(is_on))
    _text(osc, "connections", CONNECTION_1)
    trigger = ET.SubElement(ET.SubElement(osc, "triggers"), "trigger")
    _text(trigger, "var", message.trigger, marked=True)
    _text(trigger, "condition", message.condition)
    path = ET.SubElement(osc, "path")
    _partial(path, Partial(Source.CONSTANT, Conversion.STRING, message.address))
    arguments = ET.SubElement(osc, "arguments")
    for each in message.arguments:
        _partial(arguments, each)


def _partial(parent: ET.Element, given: Partial) -> None:
    element = ET.SubElement(parent, "partial")
    _text(element, "type", given.source)
    _text(element, "conversion", given.conversion)
    _text(element, "value", given.value, marked=True)
    _text(element, "scaleMin", f"{given.low:g}")
    _text(element, "scaleMax", f"{given.high:g}")


def tosc_xml(content: bytes) -> ET.Element:
    """Return the XML of a file; raise LayoutError where it is no .tosc."""
    inflater = zlib.decompressobj()
    try:
        xml = inflater.decompress(content, MAX_XML_BYTES)
        if not inflater.eof:
            raise LayoutError("the layout is cut short or larger than 16 MB; export it again")
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise LayoutError("the layout declares entities, which no layout needs; export it again")
        root = ET.fromstring(xml)  # noqa: S314 - without entities and bounded there is nothing to blow up
    except (zlib.error, ET.ParseError, ValueError) as error:
        raise LayoutError(f"this is no TouchOSC layout ({error}); export it again") from error
    found = root.find("node")
    if root.tag != "lexml" or found is None:
        raise LayoutError("this XML is no TouchOSC layout; export it again")
    return root


def read_tosc(content: bytes) -> Node:
    """Return the node of a file that this version wrote; raise LayoutError for another thing."""
    found = tosc_xml(content).find("node")
    try:
        if found is None:
            raise ValueError("it has no node")  # noqa: TRY301 - said with the others
        return _read_node(found)
    except (ValueError, KeyError) as error:
        raise LayoutError(f"the layout holds what this version does not know ({error}); export it again") from error


def _read_node(element: ET.Element) -> Node:
    return Node(
        element.attrib["ID"],
        NodeType(element.attrib["type"]),
        tuple(_read_property(each) for each in element.iterfind("properties/property")),
        tuple((each.findtext("key", ""), each.findtext("default", "")) for each in element.iterfind("values/value")),
        tuple(_read_message(each) for each in element.iterfind("messages/osc")),
        tuple(_read_node(each) for each in element.iterfind("children/node")),
    )


def _read_property(element: ET.Element) -> Property:
    key, text = element.findtext("key", ""), element.findtext("value", "")
    numbers = [float(each.text or "") for each in element.iterfind("value/*")]
    match element.attrib["type"]:
        case "b":
            return Property(key, text == "1")
        case "i":
            return Property(key, int(text))
        case "f":
            return Property(key, float(text))
        case "s":
            return Property(key, text)
        case "r" if len(numbers) == len(Frame._fields):
            return Property(key, Frame(*map(int, numbers)))
        case "c" if len(numbers) == len(Color._fields):
            return Property(key, Color(*numbers))
        case other:
            raise ValueError(f"property {key} of type {other}")


def _read_message(element: ET.Element) -> OscMessage:
    return OscMessage(
        "".join(each.findtext("value", "") for each in element.iterfind("path/partial")),
        tuple(
            Partial(
                Source(each.findtext("type", "")),
                Conversion(each.findtext("conversion", "")),
                each.findtext("value", ""),
                float(each.findtext("scaleMin", "")),
                float(each.findtext("scaleMax", "")),
            )
            for each in element.iterfind("arguments/partial")
        ),
        element.findtext("send") == "1",
        element.findtext("receive") == "1",
        element.findtext("triggers/trigger/var", ""),
        Condition(element.findtext("triggers/trigger/condition", "")),
    )
