"""Bytes of a spool file ⇄ the message they mean: pure, without files, clocks or sockets.

`decode(encode(message)) == message`, to the last bit of every number. What is not exactly a message of this version
(docs/SPOOL.md) is a `ReaperError` that names the line; nothing read is ever a path or code.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from vocalmidi.reaper.bridge_wish import WISH_KIND, BridgeWish, read_wish, wish_lines
from vocalmidi.reaper.codec_draft import DRAFT_KIND, draft_lines, read_draft
from vocalmidi.reaper.codec_insert import KIND as INSERT_KIND
from vocalmidi.reaper.codec_insert import insert_lines, read_insert
from vocalmidi.reaper.codec_replies import (
    COMMAND_KIND,
    HEARTBEAT_KIND,
    RECEIPT_KIND,
    command_lines,
    heartbeat_lines,
    read_command,
    read_heartbeat,
    read_receipt,
    receipt_lines,
)
from vocalmidi.reaper.codec_reports import (
    MAP_KIND,
    TRANSPORT_KIND,
    map_lines,
    read_map,
    read_transport,
    transport_lines,
)
from vocalmidi.reaper.codec_status import STATUS_KIND, read_status, status_lines
from vocalmidi.reaper.draft import Draft
from vocalmidi.reaper.lines import LineReader, seal
from vocalmidi.reaper.messages import BridgeCommand, Heartbeat, InsertRequest, WriteReceipt
from vocalmidi.reaper.parts import PARTS_KIND, PartsReport, parts_lines, read_parts
from vocalmidi.reaper.published import ACTIONS_KIND, ActionList, action_lines, read_actions
from vocalmidi.reaper.reports import ProjectMap, TransportReport
from vocalmidi.reaper.status import Status
from vocalmidi.values import Arrangement

Message = (
    InsertRequest
    | WriteReceipt
    | BridgeCommand
    | Heartbeat
    | TransportReport
    | ProjectMap
    | Status
    | BridgeWish
    | PartsReport
    | Draft
    | ActionList
)

_READERS: dict[str, Callable[[LineReader], Message]] = {
    INSERT_KIND: read_insert,
    RECEIPT_KIND: read_receipt,
    COMMAND_KIND: read_command,
    HEARTBEAT_KIND: read_heartbeat,
    TRANSPORT_KIND: read_transport,
    MAP_KIND: read_map,
    STATUS_KIND: read_status,
    WISH_KIND: read_wish,
    PARTS_KIND: read_parts,
    DRAFT_KIND: read_draft,
    ACTIONS_KIND: read_actions,
}


def encode(message: Message) -> bytes:  # noqa: C901 - one line a kind
    """Return the whole spool file of a message; raise ValueError when it is too large for one."""
    match message:
        case InsertRequest():
            sealed = INSERT_KIND, message.request_id, insert_lines(message)
        case WriteReceipt():
            sealed = RECEIPT_KIND, message.request_id, receipt_lines(message)
        case BridgeCommand():
            sealed = COMMAND_KIND, message.command_id, command_lines(message)
        case Heartbeat():
            sealed = HEARTBEAT_KIND, message.owner_id, heartbeat_lines(message)
        case TransportReport():
            sealed = TRANSPORT_KIND, message.owner_id, transport_lines(message)
        case ProjectMap():
            sealed = MAP_KIND, message.owner_id, map_lines(message)
        case Status():
            sealed = STATUS_KIND, message.owner_id, status_lines(message)
        case BridgeWish():
            sealed = WISH_KIND, message.wish_id, wish_lines(message)
        case PartsReport():
            sealed = PARTS_KIND, message.owner_id, parts_lines(message)
        case Draft():
            sealed = DRAFT_KIND, message.draft_id, draft_lines(message)
        case ActionList():
            sealed = ACTIONS_KIND, message.owner_id, action_lines(message)
    kind, message_id, lines = sealed
    return seal(kind, message_id, list(lines))


def arrangement_file_bytes(
    arrangement: Arrangement, provenance: str = "", strength: float | None = None, source: str = ""
) -> bytes:
    """Return a .vocalmidi file for Reaper's action "Insert arrangement from file", which puts it at the edit cursor.

    The id is drawn from the content, so that the same arrangement makes the same bytes.
    strength: as in `InsertRequest`; source: of all parts, "" for none.
    """
    nameless = InsertRequest("0" * 32, None, arrangement, provenance, strength, sources=(source,) if source else ())
    return encode(replace(nameless, request_id=sha256(encode(nameless)).hexdigest()[:32]))


def decode(content: bytes) -> Message:
    """Return the message that a whole spool file holds; raise ReaperError when it is not exactly one."""
    reader = LineReader(content)
    read = _READERS.get(reader.kind)
    if read is None:
        reader.refuse(f"kind {reader.kind[:20]!r} is none of {', '.join(_READERS)}")
    message = read(reader)
    reader.finish()
    return message
