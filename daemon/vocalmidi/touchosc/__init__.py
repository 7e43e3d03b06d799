"""The layout for TouchOSC: pages made from the control room's table, as a .tosc file, checked and drawn."""

from vocalmidi.touchosc.check import faults
from vocalmidi.touchosc.node import Frame, Node, NodeType, OscMessage, Partial, Property
from vocalmidi.touchosc.pages import Device, layout
from vocalmidi.touchosc.picture import draw_layout
from vocalmidi.touchosc.script import RECEIVE_PORT, RENEW_S
from vocalmidi.touchosc.tosc_file import read_tosc, tosc_bytes

__all__ = [
    "RECEIVE_PORT",
    "RENEW_S",
    "Device",
    "Frame",
    "Node",
    "NodeType",
    "OscMessage",
    "Partial",
    "Property",
    "draw_layout",
    "faults",
    "layout",
    "read_tosc",
    "tosc_bytes",
]
