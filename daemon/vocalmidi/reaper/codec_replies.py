"""The bodies of `receipt`, `command` and `heartbeat` files in lines, and back; see docs/SPOOL.md."""

from collections.abc import Iterator

from vocalmidi.errors import ReaperError
from vocalmidi.reaper.codec_draft import read_recording, recording_line
from vocalmidi.reaper.codec_edits import read_seen, seen_lines
from vocalmidi.reaper.codec_insert import read_meter
from vocalmidi.reaper.codec_remake import read_remake, remake_lines
from vocalmidi.reaper.lines import LineReader, number_text
from vocalmidi.reaper.messages import (
    BridgeCommand,
    CommandName,
    Heartbeat,
    ProjectNote,
    ReceiptStatus,
    Transport,
    Wish,
    WriteReceipt,
)
from vocalmidi.reaper.ranges import (
    MAX_BARS,
    MAX_CLOCK_S,
    MAX_GUIDS,
    MAX_NUMBER,
    MAX_PROJECT_NOTES,
    MAX_QN,
    MAX_TEMPO_POINTS,
    MAX_TEMPO_QPM,
    MAX_TIME_S,
    MIN_TEMPO_QPM,
    check_guid,
)
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import TempoMap, TempoPoint

RECEIPT_KIND, COMMAND_KIND, HEARTBEAT_KIND = "receipt", "command", "heartbeat"


def receipt_lines(receipt: WriteReceipt) -> Iterator[str]:
    """Yield the body lines of a receipt."""
    yield f"status {receipt.status}"
    yield f"message {receipt.message}"
    for key, guids in (("item", receipt.item_guids), ("track", receipt.track_guids)):
        yield f"{key}s {len(guids)}"
        yield from (f"{key} {guid}" for guid in guids)


def read_receipt(reader: LineReader) -> WriteReceipt:
    """Return the receipt; raise ReaperError where a line is not as it should be."""
    status = reader.fields("status", 1)[0]
    if status not in list(ReceiptStatus):
        reader.refuse(f"status {status[:20]!r} is none of {', '.join(ReceiptStatus)}")
    message = reader.text("message")
    items, tracks = _guids(reader, "item"), _guids(reader, "track")
    return WriteReceipt(reader.message_id, ReceiptStatus(status), message, items, tracks)


def _guids(reader: LineReader, key: str) -> tuple[str, ...]:
    count = reader.integer(reader.fields(f"{key}s", 1)[0], 0, MAX_GUIDS)
    guids = tuple(reader.fields(key, 1)[0] for _ in range(count))
    for guid in guids:
        try:
            check_guid(guid)
        except ValueError as error:
            reader.refuse(str(error))
    return guids


def command_lines(command: BridgeCommand) -> Iterator[str]:
    """Yield the body lines of a command."""
    transport = command.transport
    yield f"name {command.name}"
    yield f"sent_s {number_text(command.sent_s)}"
    yield f"play_state {transport.play_state}"
    yield f"play_s {number_text(transport.play_s)}"
    yield f"cursor {number_text(transport.cursor_s)} {number_text(transport.cursor_qn)}"
    yield f"bar_qn {number_text(transport.bar_qn)}"
    yield f"tempo_qpm {number_text(transport.tempo_qpm)}"
    yield f"meter {transport.meter.beats} {transport.meter.unit}"
    yield from tempo_lines(transport.tempo_map)
    yield from _wish_lines(command.wish)
    if command.project_notes:
        yield f"notes {len(command.project_notes)}"
    for note in command.project_notes:
        yield f"n {number_text(note.start_qn)} {number_text(note.length_qn)} {note.pitch_midi}"
    if command.remake is not None:
        yield from remake_lines(command.remake)
    if command.seen:
        yield from seen_lines(command.seen)


def _wish_lines(wish: Wish) -> Iterator[str]:
    """Yield what is not as in the first version of the protocol, which had none of these lines."""
    if wish.project is not None:
        yield f"project {wish.project}"
    if wish.selection_s is not None:
        yield f"selection {number_text(wish.selection_s[0])} {number_text(wish.selection_s[1])}"
    if wish.bars is not None:
        yield f"bars {wish.bars}"
    if wish.with_audio:
        yield "audio 1"
    if wish.change:
        yield f"set {wish.change}"
    if wish.recording is not None:
        yield recording_line(wish.recording)


def tempo_lines(tempo_map: TempoMap) -> Iterator[str]:
    """Yield the lines of a tempo map, as commands and a project's map hold it."""
    yield f"tempo_points {len(tempo_map.points)}"
    for point in tempo_map.points:
        yield f"t {number_text(point.time_s)} {number_text(point.qn)} {number_text(point.tempo_qpm)}"


def read_command(reader: LineReader) -> BridgeCommand:
    """Return the command; raise ReaperError where a line is not as it should be."""
    name = reader.fields("name", 1)[0]
    if name not in list(CommandName):
        reader.refuse(f"command {name[:40]!r} is none of {', '.join(CommandName)}")
    sent_s = Seconds(reader.number(reader.fields("sent_s", 1)[0], 0.0, MAX_CLOCK_S))
    try:
        return BridgeCommand(
            reader.message_id,
            CommandName(name),
            sent_s,
            _transport(reader),
            _wish(reader),
            _project_notes(reader),
            read_remake(reader),
            read_seen(reader),
        )
    except ValueError as error:
        raise ReaperError(f"spool message refused: {error}; look at Reaper's tempo and metre") from error


def _wish(reader: LineReader) -> Wish:
    return Wish(
        project=_counted(reader, "project", MAX_NUMBER),
        selection_s=_selection(reader),
        bars=_counted(reader, "bars", MAX_BARS),
        with_audio=_counted(reader, "audio", 1) is not None,
        change=reader.text("set") if reader.next_is("set") else "",
        recording=read_recording(reader),
    )


def _project_notes(reader: LineReader) -> tuple[ProjectNote, ...]:
    return tuple(_project_note(reader) for _ in range(_counted(reader, "notes", MAX_PROJECT_NOTES) or 0))


def _project_note(reader: LineReader) -> ProjectNote:
    start_qn, length_qn, pitch_midi = reader.fields("n", 3)
    return ProjectNote(
        QuarterNotes(reader.number(start_qn, -MAX_QN, MAX_QN)),
        QuarterNotes(reader.number(length_qn, 0.0, MAX_QN)),
        reader.integer(pitch_midi, 0, 127),
    )


def _counted(reader: LineReader, key: str, most: int) -> int | None:
    return reader.integer(reader.fields(key, 1)[0], 1, most) if reader.next_is(key) else None


def _selection(reader: LineReader) -> tuple[Seconds, Seconds] | None:
    if not reader.next_is("selection"):
        return None
    start, stop = reader.fields("selection", 2)
    return (
        Seconds(reader.number(start, -MAX_TIME_S, MAX_TIME_S)),
        Seconds(reader.number(stop, -MAX_TIME_S, MAX_TIME_S)),
    )


def _transport(reader: LineReader) -> Transport:
    play_state = reader.integer(reader.fields("play_state", 1)[0], 0, 7)
    # Reaper's own positions may lie before the project's start (pre-roll), hence the negative bounds.
    play_s = Seconds(reader.number(reader.fields("play_s", 1)[0], -MAX_TIME_S, MAX_TIME_S))
    cursor_s, cursor_qn = reader.fields("cursor", 2)
    return Transport(
        play_state=play_state,
        play_s=play_s,
        cursor_s=Seconds(reader.number(cursor_s, -MAX_TIME_S, MAX_TIME_S)),
        cursor_qn=QuarterNotes(reader.number(cursor_qn, -MAX_QN, MAX_QN)),
        bar_qn=QuarterNotes(reader.number(reader.fields("bar_qn", 1)[0], -MAX_QN, MAX_QN)),
        tempo_qpm=reader.number(reader.fields("tempo_qpm", 1)[0], MIN_TEMPO_QPM, MAX_TEMPO_QPM),
        meter=read_meter(reader),
        tempo_map=read_tempo_map(reader),
    )


def read_tempo_map(reader: LineReader) -> TempoMap:
    """Return the tempo map that the next lines hold."""
    count = reader.integer(reader.fields("tempo_points", 1)[0], 1, MAX_TEMPO_POINTS)
    return TempoMap(tuple(_tempo_point(reader) for _ in range(count)))


def _tempo_point(reader: LineReader) -> TempoPoint:
    time_s, qn, tempo = reader.fields("t", 3)
    return TempoPoint(
        Seconds(reader.number(time_s, -MAX_TIME_S, MAX_TIME_S)),
        QuarterNotes(reader.number(qn, -MAX_QN, MAX_QN)),
        reader.number(tempo, MIN_TEMPO_QPM, MAX_TEMPO_QPM),
    )


def heartbeat_lines(heartbeat: Heartbeat) -> Iterator[str]:
    """Yield the body lines of a heartbeat."""
    yield f"time_s {number_text(heartbeat.time_s)}"
    yield f"app {heartbeat.app}"


def read_heartbeat(reader: LineReader) -> Heartbeat:
    """Return the heartbeat; raise ReaperError where a line is not as it should be."""
    time_s = reader.number(reader.fields("time_s", 1)[0], 0.0, MAX_CLOCK_S)
    return Heartbeat(reader.message_id, Seconds(time_s), reader.text("app"))
