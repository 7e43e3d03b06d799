"""The draft file and the line by which a command records: Python and Lua read the same, and refuse the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reaper.in_memory import InMemoryReaper
from reaper.test_codec import COMMAND, DRAFT, GOLDEN, MESSAGES, RECORD_COMMAND, resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import MAX_DRAFT_NOTES, Draft, DraftFile, DraftNote, DraftPart, decode, encode
from vocalmidi.values import PART_NAMES, PartName

NOTES = st.builds(DraftNote, st.floats(0, 1e6), st.floats(1e-6, 1e6), st.integers(0, 127), st.integers(1, 127))
SEVERAL = st.lists(NOTES, min_size=1, max_size=9).map(
    lambda notes: tuple(sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi)))
)


@st.composite
def drafts(draw):
    names = draw(st.lists(st.sampled_from(PART_NAMES), unique=True))
    parts = tuple(
        DraftPart(name, draw(st.integers(0, 15)), draw(st.integers(0, 127)), draw(SEVERAL))
        for name in PART_NAMES
        if name in names
    )
    return Draft("abcdef-12", draw(st.integers(1, 2**53)), draw(st.floats(0, 1e6)), draw(st.floats(1e-6, 1e6)), parts)


@pytest.fixture(scope="module", params=["lua53", "lua54"])
def lua(tmp_path_factory, request):
    return InMemoryReaper(tmp_path_factory.mktemp("reaper"), request.param)


def as_draft(read):
    parts = tuple(
        DraftPart(
            PartName(part.name),
            part.channel,
            part.program,
            tuple(DraftNote(n.start_qn, n.length_qn, n.pitch, n.velocity) for n in part.notes.values()),
        )
        for part in read.parts.values()
    )
    return Draft(read.id, read.number, read.place_qn, read.length_qn, parts)


@given(draft=drafts())
def test_a_draft_reads_back_equal_in_python_and_in_lua(lua, draft):
    content = encode(draft)
    assert decode(content) == draft
    read = lua.lib("draft_file").read(content)
    assert not isinstance(read, tuple), read
    assert as_draft(read) == draft


REFUSALS = [
    ("number 12", "number 0"),
    ("place 16.0", "place -1.0"),
    ("place 16.0", "place nan"),
    ("length_qn 8.0", "length_qn 0.0"),
    ("parts 2", "parts 5"),
    ("parts 2", "parts 1"),
    ("part melody", "part vocals"),
    ("part drums", "part melody"),
    ("part melody 0", "part melody 16"),
    ("part melody 0 53 2", "part melody 0 128 2"),
    ("part melody 0 53 2", "part melody 0 53 0"),
    ("part melody 0 53 2", f"part melody 0 53 {MAX_DRAFT_NOTES + 1}"),
    ("n 1.0 0.5 65 1", "n 0.0 0.5 65 1"),
    ("n 1.0 0.5 65 1", "n 1.0 0.0 65 1"),
    ("n 1.0 0.5 65 1", "n 1.0 0.5 128 1"),
    ("n 1.0 0.5 65 1", "n 1.0 0.5 65 0"),
    ("n 1.0 0.5 65 1", "n 1.0 0.5 65 1 sung"),
]


@pytest.mark.parametrize(("old", "new"), REFUSALS, ids=[new for _, new in REFUSALS])
def test_what_is_no_draft_is_refused_on_both_sides(lua, old, new):
    content = resealed(encode(DRAFT), old, new)
    with pytest.raises(ReaperError, match="refused"):
        decode(content)
    assert isinstance(lua.lib("draft_file").read(content), tuple)  # nil and why; a table has no [0] either


def test_more_notes_than_a_draft_holds_are_refused_on_both_sides(lua):
    # Two parts, each within the bound.
    half = MAX_DRAFT_NOTES // 2 + 1
    rows = "".join(f"n {at}.5 0.25 60 60\n" for at in range(half))
    content = encode(DRAFT).decode()
    head, _ = content.split("part melody")
    body = f"{head}part melody 0 53 {half}\n{rows}part drums 9 0 {half}\n{rows}end 1 00000000\n"
    whole = resealed(body.replace("number 12", "number 11").encode(), "number 11", "number 12")
    with pytest.raises(ReaperError, match="number of a draft's notes"):
        decode(whole)
    assert "whole number within" in lua.lib("draft_file").read(whole)[1]


@pytest.mark.parametrize(
    ("kind", "old", "new", "reason"),
    [
        ("command_record", "record stop", "record pause", "none of start, stop, drop"),
        ("command_record", "record stop abcdef-77", "record stop ../../x", "8–64"),
        ("command_record", "record stop abcdef-77\n", "", "don't belong together"),
        ("command_record", "name record", "name write", "don't belong together"),
        ("insert_draft", "draft abcdef-77", "draft ../x", "8–64"),
        ("insert_replacing", "sources 1", "draft abcdef-77\nsources 1", "nor a draft"),
    ],
)
def test_what_names_a_draft_wrongly_is_refused(kind, old, new, reason):
    with pytest.raises(ReaperError, match="refused") as refusal:
        decode(resealed((GOLDEN / f"{kind}.txt").read_bytes(), old, new))
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "old", "new", "reason"),
    [
        ("insert_draft", "draft abcdef-77", "draft ../x", "not followed by an id"),
        ("insert_replacing", "sources 1", "draft abcdef-77\nsources 1", "must be those whose items are replaced"),
    ],
)
def test_lua_refuses_what_names_a_draft_wrongly(lua, kind, old, new, reason):
    read = lua.lib("request").decode(resealed((GOLDEN / f"{kind}.txt").read_bytes(), old, new))
    assert read[0] is None
    assert reason in read[1]


def test_lua_reads_which_draft_a_request_is_of(lua):
    assert lua.lib("request").decode(encode(MESSAGES["insert_draft"])).draft == "abcdef-77"
    assert lua.lib("request").decode(encode(MESSAGES["insert"])).draft is None


def test_a_command_of_lua_to_record_is_read(lua):
    transport = lua.lua.eval(
        "{ play_state = 1, play_s = 12.5, cursor_s = 3, cursor_qn = 6.25, bar_qn = 4, tempo_qpm = 120, "
        "meter = { beats = 3, unit = 4 }, tempo_points = { { time_s = 0, qn = 0, tempo_qpm = 120 } } }"
    )
    wish = lua.lua.eval("{ project = 3, record = { way = 'stop', id = 'abcdef-77' } }")
    written = lua.lib("replies").command(COMMAND.command_id, "record", 1764000000, transport, wish)
    assert decode(written.encode()) == RECORD_COMMAND


def test_the_drafts_file_is_replaced_and_taken_away_and_one_left_behind_is_gone(tmp_path):
    file = DraftFile(tmp_path)
    assert file.show(DRAFT)
    assert decode((tmp_path / "daemon.draft").read_bytes()) == DRAFT
    DraftFile(tmp_path)
    assert list(tmp_path.iterdir()) == []
    file.remove()
    (tmp_path / "daemon.draft").mkdir()
    assert not file.show(DRAFT)  # as on Windows while somebody reads it
