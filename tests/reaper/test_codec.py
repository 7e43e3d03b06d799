import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reaper.music import (
    GUIDS,
    REQUEST_ID,
    SOURCE,
    passes_request,
    replacing_request,
    requests,
    small_arrangement,
    small_request,
    sung_request,
    sung_requests,
)
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import (
    ActionList,
    ArrangedItem,
    AudioTake,
    BridgeCommand,
    BridgeWish,
    Choice,
    CommandName,
    Draft,
    DraftNote,
    DraftPart,
    Fate,
    Heartbeat,
    ItemState,
    MeterPoint,
    Observation,
    PartsReport,
    ProjectMap,
    ProjectNote,
    PublishedAction,
    ReceiptStatus,
    Recording,
    RecordWay,
    Remake,
    RemakeWay,
    SeenItem,
    SeenNote,
    ShownNote,
    Status,
    Transport,
    TransportReport,
    Wish,
    WishName,
    WriteReceipt,
    arrangement_file_bytes,
    decode,
    encode,
)
from vocalmidi.values import Key, Meter, Note, Origin, Part, PartName, TempoMap, TempoPoint

GUID = "{01234567-89AB-CDEF-0123-456789ABCDEF}"
GOLDEN = Path(__file__).parent / "golden"
COMMAND = BridgeCommand(
    REQUEST_ID,
    CommandName.WRITE,
    1764000000.0,
    Transport(1, 12.5, 3.0, 6.25, 4.0, 120.0, Meter(3, 4), TempoMap((TempoPoint(0.0, 0.0, 120.0),))),
)
BARS_COMMAND = replace(COMMAND, name=CommandName.WRITE_BARS, wish=Wish(project=3, bars=4, with_audio=True))
NOTES_COMMAND = replace(
    BARS_COMMAND, project_notes=(ProjectNote(-1.5, 0.25, 0), ProjectNote(0.1, 1 / 3, 64), ProjectNote(0.1, 4.0, 127))
)
SELECTION_COMMAND = replace(COMMAND, name=CommandName.WRITE_SELECTION, wish=Wish(project=3, selection_s=(-0.5, 8.25)))
REMAKE = Remake(
    RemakeWay.CHANGE,
    16.0,
    (
        ArrangedItem(
            GUIDS[0],
            ItemState.EDITED,
            Part(PartName.MELODY, 0, 53, (Note(0.0, 1 / 3, 62, 90, origin=Origin.KEPT), Note(1.0, 1.0, 65, 1))),
        ),
        ArrangedItem(GUIDS[1], ItemState.WRITE, Part(PartName.DRUMS, 9, 0, ()), SOURCE),
    ),
    "mood=dark, density=70",
)
REMAKE_COMMAND = replace(COMMAND, name=CommandName.REMAKE, wish=Wish(project=3), remake=REMAKE)
TEACH_COMMAND = replace(COMMAND, name=CommandName.TEACH, wish=Wish(project=3, change="name=pff, key=56, ago_ms=2500"))
SEEN = (
    SeenItem(
        GUIDS[0],
        PartName.MELODY,
        1.0,
        SOURCE,
        (
            SeenNote(62, 0.0, -0.05, Fate.KEPT, 0.0, 62),
            SeenNote(64, 1.0, 1 / 3, Fate.NOW, 0.75, 76),
            SeenNote(64, 2.0, 2.1, Fate.GONE, 2.0, 64),
        ),
    ),
    SeenItem(GUIDS[1], PartName.DRUMS, 0.5, SOURCE, (SeenNote(36, 0.0, 0.1, Fate.OTHER, 0.05, 38),)),
)
LEARN_COMMAND = replace(COMMAND, name=CommandName.LEARN, wish=Wish(project=3), seen=SEEN)
RECEIPT = WriteReceipt(REQUEST_ID, ReceiptStatus.OK, "inserted 4 items", (GUID,), (GUID, GUID))
BEAT = Heartbeat(REQUEST_ID, 1764000000.0, "Reaper 7.78/linux-x86_64")
REPORT = TransportReport(
    REQUEST_ID,
    812.25,
    (
        Observation(41, 811.9, 0, 3.0, 3.0, 1.0, False, 0.0, 0.0, 1, 2),
        Observation(42, 812.2, 5, 3.125, 3.0, 0.5, True, 2.0, 10.0, 1, 2),
    ),
)
PROJECT_MAP = ProjectMap(
    REQUEST_ID,
    2,
    1,
    TempoMap((TempoPoint(0.0, 0.0, 120.0), TempoPoint(8.0, 16.0, 90.5))),
    (MeterPoint(0.0, Meter(4, 4)), MeterPoint(16.0, Meter(6, 8))),
)
SET_COMMAND = replace(COMMAND, name=CommandName.SET, wish=Wish(project=3, change="genre=next, listening=off"))
STATUS = Status(
    REQUEST_ID,
    1764000000.25,
    listening=True,
    level_db=-18.5,
    pitch_midi=62.12,
    key=Key(2, "minor", 0.75),
    choices=(Choice("genre", "hip_hop", ("hip_hop", "jazz")), Choice("octave", "-1", ("-1", "0")), Choice("seed", "7")),
    length_qn=8.0,
    notes=(ShownNote(0.0, 1 / 3, 62), ShownNote(0.5, 1.5, 65)),
    said="inserted 4 items",
)
DRAFT = Draft(
    "abcdef-77",
    12,
    16.0,
    8.0,
    (
        DraftPart(PartName.MELODY, 0, 53, (DraftNote(0.25, 1 / 3, 62, 90), DraftNote(1.0, 0.5, 65, 1))),
        DraftPart(PartName.DRUMS, 9, 25, (DraftNote(0.5, 0.25, 36, 127), DraftNote(0.5, 0.25, 42, 64))),
    ),
)
RECORD_COMMAND = replace(
    COMMAND, name=CommandName.RECORD, wish=Wish(project=3, recording=Recording(RecordWay.STOP, "abcdef-77"))
)
ACTIONS = ActionList(
    REQUEST_ID,
    (
        PublishedAction("_RS0123456789abcdef0123456789abcdef01234567", "Vocal MIDI: Write what I just sang"),
        PublishedAction("_RS7d3c_feed", "Vocal MIDI: Octave up"),
    ),
)
STOP_COMMAND = replace(COMMAND, name=CommandName.STOP)
MESSAGES = {
    "insert": small_request(),
    "insert_sung": sung_request(0.75),
    "insert_passes": passes_request(),
    "insert_audio": replace(small_request(), audio=AudioTake(-0.25, 8.5, 5.28125)),
    "insert_beside": replace(small_request(), audio=AudioTake(-0.25, 8.5, 5.28125), beside="abcdef-01"),
    "insert_replacing": replacing_request(PartName.CHORDS, PartName.DRUMS),
    "insert_draft": replace(sung_request(0.75), draft="abcdef-77"),
    "draft": DRAFT,
    "draft_empty": replace(DRAFT, parts=()),
    "command_record": RECORD_COMMAND,
    "receipt": RECEIPT,
    "parts": PartsReport("0123-abcd", (PartName.MELODY, PartName.BASS, PartName.DRUMS), frozenset({PartName.BASS})),
    "wish": BridgeWish("0123-abcd", WishName.ROLL_PARTS, 1_764_000_000.25, "bass,drums"),
    "command": COMMAND,
    "command_bars": BARS_COMMAND,
    "command_selection": SELECTION_COMMAND,
    "command_notes": NOTES_COMMAND,
    "command_remake": REMAKE_COMMAND,
    "command_set": SET_COMMAND,
    "command_teach": TEACH_COMMAND,
    "command_learn": LEARN_COMMAND,
    "heartbeat": BEAT,
    "transport": REPORT,
    "project_map": PROJECT_MAP,
    "status": STATUS,
    "status_idle": Status(REQUEST_ID, 1764000000.0, listening=False),
    "actions": ACTIONS,
    "command_stop": STOP_COMMAND,
}


def resealed(content: bytes, old: str, new: str) -> bytes:
    """Change a body by hand and give it the end line that fits, so that only the change itself can be refused."""
    body = content[: content.rindex(b"end ")].replace(old.encode(), new.encode(), 1)
    assert body != content[: content.rindex(b"end ")], f"{old!r} is not in the message"
    lines = body.decode().count("\n")
    return body + f"end {lines} {zlib.crc32(body):08x}\n".encode()


@given(requests)
def test_a_request_reads_back_equal_to_the_last_bit(request):
    assert decode(encode(request)) == request


@given(sung_requests())
def test_a_sung_request_reads_back_equal_to_the_last_bit(request):
    assert decode(encode(request)) == request


def test_played_places_stay_behind_where_no_strength_goes_with_them():
    request = replace(sung_request(0.5), strength=None)
    assert decode(encode(request)) == small_request()


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_bytes_are_those_of_the_golden_file(kind):
    # Made by: .venv/bin/python tests/reaper/make_golden.py
    golden = (GOLDEN / f"{kind}.txt").read_bytes()
    assert encode(MESSAGES[kind]) == golden
    assert decode(golden) == MESSAGES[kind]


def test_the_end_line_counts_the_lines_and_holds_their_crc():
    content = encode(BEAT)
    before, end = content[: content.rindex(b"end ")], content[content.rindex(b"end ") :]
    assert end == f"end 3 {zlib.crc32(before):08x}\n".encode()


REFUSALS = [
    ("VOCALMIDI 3", "VOCALMIDY 1", "does not begin with"),
    ("VOCALMIDI 3", "VOCALMIDI 2", "version '2' is not 3"),
    ("insert", "inject", "kind 'inject'"),
    (REQUEST_ID, "../../../etc/passwd", "id '../../../etc/passwd'"),
    (REQUEST_ID, "0123456", "8–64 characters"),
    (REQUEST_ID, REQUEST_ID.upper(), "8–64 characters"),
    (REQUEST_ID, "0" * 65, "8–64 characters"),
    ("place 16.0", "place inf", "not a number"),
    ("place 16.0", "place nan", "not a number"),
    ("place 16.0", "place -1.0", "within 0–1e+06"),
    ("place 16.0", "place 1e9", "not a number"),
    ("place 16.0", "place 0x10", "not a number"),
    ("place 16.0", "place  16.0", "'place' with 1 values"),
    ("seed 7", "seed 7.5", "not a whole number"),
    ("seed 7", "seed 9223372036854775808", "not a whole number"),
    ("seed 7", "sead 7", "is not 'seed'"),
    ("seed 7", "seed 7\nmood 3", "is not 'tempo_qpm'"),
    ("tempo_qpm 96.5", "tempo_qpm 0.0", "within 0.1–10000"),
    ("meter 4 4", "meter 4 3", "4/3 is not a time signature"),
    ("minor", "dorian", "neither major nor minor"),
    ("parts 4", "parts 5", "within 0–4"),
    ("parts 4", "parts 3", "unknown field 'part drums"),
    ("part melody", "part ../melody", "is none of"),
    ("part melody", "part vocals", "is none of"),
    ("part chords", "part melody", "once, in the order"),
    ("part melody 0", "part melody 16", "within 0–15"),
    ("part melody 0 53 3", "part melody 0 53 1000000", "within 0–50000"),
    ("part melody 0 53 3", "part melody 0 53 4", "is not 'n'"),
    ("part melody 0 53 3", "part melody 0 53 2", "is not 'part'"),
    ("part melody 0 53 3 2", "part melody 0 53 3 1", "1 bend points are announced, 2 are there"),
    ("n 0.0 1.0 62 90", "n 0.0 0.0 62 90", "can't start at"),
    ("n 0.0 1.0 62 90", "n 0.0 1.0 128 90", "within 0–127"),
    ("n 0.0 1.0 62 90", "n 0.0 1.0 62 0", "within 1–127"),
    ("n 0.0 1.0 62 90", "n 2.0 1.0 62 90", "not in order"),
    ("62 90 sung", "62 90", "'n' with 5 values"),
    ("62 90 sung", "62 90 dreamt", "origin 'dreamt' is none of"),
    ("b 0.0 -50.0", "b 0.0 -99999.0", "within -12800–12800"),
    ("hummed", "hum\x07med", "one line"),
    ("hummed", "hummed" * 100, "at most 500"),
]


@pytest.mark.parametrize(("old", "new", "reason"), REFUSALS)
def test_what_is_not_as_specified_is_refused_with_a_reason(old, new, reason):
    with pytest.raises(ReaperError, match="spool message refused") as refusal:
        decode(resealed(encode(small_request()), old, new))
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


REPORT_REFUSALS = [
    ("insert_passes", "passes 2", "passes 0", "within 1–64"),
    ("insert_passes", "passes 2", "passes 1", "unknown field 'pass melody"),
    ("insert_passes", "pass melody", "pass vocals", "is none of"),
    ("insert_passes", "pass melody 0 53 2 2", "pass melody 0 53 50000 2", "within 0–49"),
    ("insert_audio", "audio -0.25", "audio -65.0", "within -64"),
    ("insert_audio", "8.5 5.28125", "0.0 5.28125", "not a number within"),
    ("insert_beside", "beside abcdef-01", "beside ../../x", "8–64"),
    ("insert_beside", "audio -0.25 8.5 5.28125\n", "", "only sound"),
    ("insert_audio", "5.28125", "4001.0", "within 0.001"),
    ("insert_audio", "audio -0.25 8.5 5.28125", "audio ../take.wav", "'audio' with 3 values"),
    ("insert_sung", "strength 0.75", "strength 1.5", "within 0–1"),
    ("insert_sung", "strength 0.75\n", "", "no strength"),
    ("insert_sung", "p -0.1 1.1", "p -65.0 1.1", "within -64"),
    ("insert_sung", "p -0.1 1.1", "p -0.1 0.0", "not a number within"),
    ("insert_sung", "p -0.1 1.1", "p -0.1 1.1e-055", "not a number within"),
    ("insert_sung", "p -0.1 1.1", "p -0.1 1.1\np -0.1 1.1", "is not 'n'"),
    ("insert_replacing", "source 2", "source 1", "is not 'genre'"),
    ("insert_replacing", "source 2", "source 2001", "within 0–2000"),
    ("insert_replacing", '{"version', '{"vérsion', "printable ASCII"),
    ("insert_replacing", "sources 1", "sources 2", "is not 'source'"),
    ("insert_replacing", "replaces 2", "replaces 1", "is not 'genre'"),
    ("insert_replacing", "r drums", "r bass", "must be those whose items are replaced"),
    ("insert_replacing", "r drums {", "r drums ../{", "is not a GUID"),
    ("insert_replacing", "place 16.0", "place cursor", "of known place"),
    ("command_remake", "name remake", "name write", "don't belong together"),
    ("command_remake", "remake change", "remake mend", "is none of"),
    ("command_remake", "remake change", "remake roll", "changes only where"),
    ("command_remake", "change mood=dark, density=70\n", "", "changes only where"),
    ("command_remake", "edited melody", "torn melody", "is none of"),
    ("command_remake", "write drums", "edited drums", "at least one"),
    ("command_remake", "source 1\ns " + SOURCE, "source 0", "at least one"),
    ("command_remake", "write drums", "write melody", "once, in the order"),
    ("command_remake", "items 2", "items 5", "within 0–4"),
    ("command_remake", GUIDS[0], "{0}", "is not a GUID"),
    ("command_teach", "name teach", "name write", "don't belong together"),
    ("command_learn", "name learn", "name write", "don't belong together"),
    ("command_learn", "seen 2", "seen 0", "within 1–64"),
    ("command_learn", "melody 1.0", "melody 1.5", "within 0–1"),
    ("command_learn", "source 1\ns " + SOURCE, "source 0", "with its source"),
    ("command_learn", "kept 0.0 62", "lost 0.0 62", "is none of kept, now, gone, other"),
    ("command_learn", "now 0.75 76", "now 0.75 128", "within 0–127"),
    ("command_learn", GUIDS[0], "{0}", "is not a GUID"),
    ("command", "name write", "name write_bars", "don't belong together"),
    ("command_bars", "bars 4", "bars 0", "within 1–1000"),
    ("command_bars", "bars 4", "bars 4\nbars 4", "unknown field 'bars 4'"),
    ("command_bars", "name write_bars", "name write", "don't belong together"),
    ("command_bars", "audio 1", "audio yes", "not a whole number"),
    ("command_selection", "8.25", "-0.5", "selection is empty"),
    ("command_selection", "project 3", "project 0", "within 1"),
    ("command_notes", "notes 3", "notes 2", "unknown field 'n "),
    ("command_notes", "notes 3", "notes 0", "within 1–1000"),
    ("command_notes", "4.0 127", "4.0 128", "within 0–127"),
    ("command_notes", "4.0 127", "-4.0 127", "not a number within"),
    ("transport", "o 42 ", "o 41 ", "not in order"),
    ("transport", "observations 2", "observations 0", "within 1–64"),
    ("transport", "o 41 811.9 0", "o 41 811.9 8", "within 0–7"),
    ("transport", "5 3.125 3.0 0.5 1", "5 3.125 3.0 0.5 2", "within 0–1"),
    ("transport", "3.125 3.0 0.5", "3.125 3.0 0.0", "within 0.01–100"),
    ("transport", "written_s 812.25", "written_s soon", "not a number"),
    ("project_map", "number 2", "number 0", "whole number within 1"),
    ("project_map", "m 16.0 6 8", "m 0.0 6 8", "not in order"),
    ("project_map", "m 16.0 6 8", "m 16.0 6 7", "6/7 is not a time signature"),
    ("project_map", "t 8.0 16.0", "t 0.0 16.0", "does not follow"),
    ("project_map", "meters 2", "meters 1", "is not 'tempo_points'"),
]


@pytest.mark.parametrize(("kind", "old", "new", "reason"), REPORT_REFUSALS)
def test_another_message_that_is_not_as_specified_is_refused_with_a_reason(kind, old, new, reason):
    with pytest.raises(ReaperError, match="spool message refused") as refusal:
        decode(resealed(encode(MESSAGES[kind]), old, new))
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda c: c[:-30], "end line is missing"),
        (lambda c: c[: c.rindex(b"end ")], "end line is missing"),
        (lambda c: c + b"x", "end line is missing"),
        (lambda c: c + b"n 0.0 1.0 60 60\n", "end line is missing"),
        (lambda c: c.replace(b"\n", b"\r\n"), "8–64 characters"),
        (lambda c: c.replace(b"n 0.0 1.0 62 90", b"n 0.0 1.0 62 91"), "checksum"),
        (lambda c: c.replace(b"\nend ", b"\nend 9"), "lines are announced"),
        (lambda c: c.replace(b"hummed", b"hum\xffed"), "not UTF-8"),
        (lambda _: b"", "end line is missing"),
        (lambda _: b"\n" * 9_000_000, "at most 8388608 are read"),
    ],
)
def test_a_damaged_file_is_refused_with_a_reason(spoil, reason):
    with pytest.raises(ReaperError) as refusal:
        decode(spoil(encode(small_request())))
    assert reason in str(refusal.value)


@given(st.binary(max_size=300), st.integers(0, 900), st.integers(0, 40))
def test_no_bytes_at_all_raise_anything_but_a_reaper_error(noise, at, cut):
    content = encode(small_request())
    try:
        decode(content[:at] + noise + content[at + cut :])
    except ReaperError:
        return
    # Whatever is accepted must be the very message, rewritten by nobody.
    assert content[:at] + noise + content[at + cut :] == content


def test_values_that_the_other_side_would_refuse_cannot_be_made():
    with pytest.raises(ValueError, match="8–64"):
        small_request("../evil/../name")
    with pytest.raises(ValueError, match="place_qn nan is outside"):
        small_request(place_qn=float("nan"))
    nan_note = Part(PartName.MELODY, 0, 0, (Note(float("nan"), 1.0, 60, 60),))
    with pytest.raises(ValueError, match="start_qn nan"):
        replace(small_request(), arrangement=replace(small_arrangement(), parts=(nan_note,)))
    crowd = Part(PartName.DRUMS, 9, 0, (Note(0.0, 1.0, 60, 60),) * 50_001)
    with pytest.raises(ValueError, match="number of notes 50001 is outside 0–50000"):
        replace(small_request(), arrangement=replace(small_arrangement(), parts=(crowd,)))


def test_a_file_for_the_insert_action_is_the_same_each_time_and_lands_at_the_cursor():
    content = arrangement_file_bytes(small_arrangement(), "from a.wav")
    assert content == arrangement_file_bytes(small_arrangement(), "from a.wav")
    request = decode(content)
    assert request.place_qn is None
    assert request.arrangement == small_arrangement()
    assert request.request_id != decode(arrangement_file_bytes(small_arrangement(), "from b.wav")).request_id


@pytest.mark.parametrize(("state", "playing"), [(0, False), (1, True), (2, False), (4, True), (5, True), (3, False)])
def test_playing_is_read_from_reapers_bits(state, playing):
    assert replace(COMMAND.transport, play_state=state).is_playing is playing
