"""Control by OSC: a pure codec, one table of addresses, a desk that obeys and echoes, and the UDP door before it.

It knows of the program only orders and published state (`Program`); what these do is the app's.
"""

from vocalmidi.control.advertise import advertised
from vocalmidi.control.arguments import AutoOr, Kind, Real, Switch, Text, Value, Whole, Word
from vocalmidi.control.codec import MAX_BYTES, decode, encode
from vocalmidi.control.desk import Desk, Moment, Parcel
from vocalmidi.control.dispatch import orders_of
from vocalmidi.control.document import document, figures_of
from vocalmidi.control.limits import AllowList, parse_allow
from vocalmidi.control.message import IMMEDIATELY, Argument, Bundle, Message, Packet, Timetag, timetag_of, unix_s_of
from vocalmidi.control.order import Action, Order, Program
from vocalmidi.control.server import Server, serving
from vocalmidi.control.subscribers import Peer
from vocalmidi.control.table import (
    BUSY,
    ERROR,
    FEEDBACK,
    HEARTBEAT,
    HIT,
    LEVEL,
    NOTE,
    PITCH,
    PITCH_NAME,
    ROOT,
    WRITTEN,
    Entry,
    Feedback,
    by_address,
    entries,
)

__all__ = [
    "BUSY",
    "ERROR",
    "FEEDBACK",
    "HEARTBEAT",
    "HIT",
    "IMMEDIATELY",
    "LEVEL",
    "MAX_BYTES",
    "NOTE",
    "PITCH",
    "PITCH_NAME",
    "ROOT",
    "WRITTEN",
    "Action",
    "AllowList",
    "Argument",
    "AutoOr",
    "Bundle",
    "Desk",
    "Entry",
    "Feedback",
    "Kind",
    "Message",
    "Moment",
    "Order",
    "Packet",
    "Parcel",
    "Peer",
    "Program",
    "Real",
    "Server",
    "Switch",
    "Text",
    "Timetag",
    "Value",
    "Whole",
    "Word",
    "advertised",
    "by_address",
    "decode",
    "document",
    "encode",
    "entries",
    "figures_of",
    "orders_of",
    "parse_allow",
    "serving",
    "timetag_of",
    "unix_s_of",
]
