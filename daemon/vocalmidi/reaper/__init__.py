"""Takes an arrangement into Reaper: a request in a spool folder out, a receipt with the items' GUIDs in.

The codec is pure; `Spool` does the files; the Lua side in reaper_scripts/ does the rest; docs/SPOOL.md is its protocol.
"""

from vocalmidi.reaper.actions import published_actions
from vocalmidi.reaper.bridge_wish import MAX_ARGUMENT, BridgeWish, WishName
from vocalmidi.reaper.changes import Joined, Replaced
from vocalmidi.reaper.checkout import origin_of
from vocalmidi.reaper.codec import Message, arrangement_file_bytes, decode, encode
from vocalmidi.reaper.disk import make_folder, put_file
from vocalmidi.reaper.draft import MAX_DRAFT_NOTES, Draft, DraftNote, DraftPart, Recording, RecordWay
from vocalmidi.reaper.draft_file import DraftFile
from vocalmidi.reaper.edits import MAX_EDITED, Fate, SeenItem, SeenNote
from vocalmidi.reaper.install import ReaperStatus, install, shipped_files, spool_root, status, uninstall
from vocalmidi.reaper.lines import MAX_TEXT
from vocalmidi.reaper.messages import (
    AudioTake,
    BridgeCommand,
    CommandName,
    Heartbeat,
    InsertRequest,
    ProjectNote,
    ReceiptStatus,
    Transport,
    Wish,
    WriteReceipt,
)
from vocalmidi.reaper.osc_device import PATTERN_FILE as OSC_PATTERN_FILE
from vocalmidi.reaper.osc_device import USUAL_PORT as USUAL_OSC_PORT
from vocalmidi.reaper.osc_device import OscDevice
from vocalmidi.reaper.osc_setup import OscChange, osc_device_line, remove_osc_device, write_osc_device
from vocalmidi.reaper.parts import PartsReport
from vocalmidi.reaper.published import ActionList, PublishedAction
from vocalmidi.reaper.ranges import MAX_BENDS, MAX_LEVELS, MAX_PASSES, MAX_SOURCE_LINES
from vocalmidi.reaper.reapack import Origin, index_xml
from vocalmidi.reaper.remake import ArrangedItem, ItemState, Remake, RemakeWay
from vocalmidi.reaper.reports import MeterPoint, Observation, ProjectMap, TransportReport
from vocalmidi.reaper.resource_path import find_resource_path, resource_path_if_any
from vocalmidi.reaper.sole import daemon_state, sole_daemon
from vocalmidi.reaper.spool import BridgeState, Clock, Spool, SystemClock
from vocalmidi.reaper.status import MAX_SHOWN_NOTES, MIN_LEVEL_DB, Choice, ShownNote, Status

__all__ = [
    "MAX_ARGUMENT",
    "MAX_BENDS",
    "MAX_DRAFT_NOTES",
    "MAX_EDITED",
    "MAX_LEVELS",
    "MAX_PASSES",
    "MAX_SHOWN_NOTES",
    "MAX_SOURCE_LINES",
    "MAX_TEXT",
    "MIN_LEVEL_DB",
    "OSC_PATTERN_FILE",
    "USUAL_OSC_PORT",
    "ActionList",
    "ArrangedItem",
    "AudioTake",
    "BridgeCommand",
    "BridgeState",
    "BridgeWish",
    "Choice",
    "Clock",
    "CommandName",
    "Draft",
    "DraftFile",
    "DraftNote",
    "DraftPart",
    "Fate",
    "Heartbeat",
    "InsertRequest",
    "ItemState",
    "Joined",
    "Message",
    "MeterPoint",
    "Observation",
    "Origin",
    "OscChange",
    "OscDevice",
    "PartsReport",
    "ProjectMap",
    "ProjectNote",
    "PublishedAction",
    "ReaperStatus",
    "ReceiptStatus",
    "RecordWay",
    "Recording",
    "Remake",
    "RemakeWay",
    "Replaced",
    "SeenItem",
    "SeenNote",
    "ShownNote",
    "Spool",
    "Status",
    "SystemClock",
    "Transport",
    "TransportReport",
    "Wish",
    "WishName",
    "WriteReceipt",
    "arrangement_file_bytes",
    "daemon_state",
    "decode",
    "encode",
    "find_resource_path",
    "index_xml",
    "install",
    "make_folder",
    "origin_of",
    "osc_device_line",
    "published_actions",
    "put_file",
    "remove_osc_device",
    "resource_path_if_any",
    "shipped_files",
    "sole_daemon",
    "spool_root",
    "status",
    "uninstall",
    "write_osc_device",
]
