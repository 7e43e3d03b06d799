"""The status file: what the daemon shows, what Lua reads of it, and that it is only written while somebody looks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reaper.in_memory import InMemoryReaper
from reaper.test_codec import GOLDEN, SET_COMMAND, STATUS, resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import (
    MAX_SHOWN_NOTES,
    BridgeCommand,
    Choice,
    CommandName,
    ShownNote,
    Status,
    Wish,
    decode,
    encode,
)
from vocalmidi.values import Key

WORDS = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=20)
NOTES = st.builds(ShownNote, st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 127))
STATUSES = st.builds(
    Status,
    owner_id=st.just("abcdef-12"),
    written_s=st.floats(0, 1e11),
    listening=st.booleans(),
    level_db=st.floats(-120, 20),
    pitch_midi=st.none() | st.floats(0, 127),
    key=st.none() | st.builds(Key, st.integers(0, 11), st.sampled_from(["major", "minor"]), st.floats(0, 1)),
    choices=st.lists(st.builds(Choice, WORDS, WORDS, st.lists(WORDS, max_size=8).map(tuple)), max_size=6).map(tuple),
    length_qn=st.floats(0, 1e6),
    notes=st.lists(NOTES, max_size=20).map(tuple),
    said=st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=60),
)


@pytest.fixture(scope="module", params=["lua53", "lua54"])
def lua(tmp_path_factory, request):
    return InMemoryReaper(tmp_path_factory.mktemp("reaper"), request.param)


@given(status=STATUSES)
def test_a_status_reads_back_equal_in_python_and_in_lua(lua, status):
    content = encode(status)
    assert decode(content) == status
    read = lua.lib("status").read(content)
    assert not isinstance(read, tuple), read
    assert (read.written_s, read.listening, read.level_db) == (status.written_s, status.listening, status.level_db)
    assert read.pitch == status.pitch_midi
    assert (read.key and (read.key.tonic, read.key.mode)) == (status.key and (status.key.tonic, status.key.mode))
    named = [(c.name, c.value, tuple(c.options.values())) for c in read.choices.values()]
    assert named == [(c.name, c.value, c.options) for c in status.choices]
    heard = [(n.start_qn, n.length_qn, n.pitch) for n in read.notes.values()]
    assert heard == [(n.start_qn, n.length_qn, n.pitch_midi) for n in status.notes]
    assert read.said == status.said.encode() or read.said == status.said


REFUSALS = [
    ("listening 1", "listening 2"),
    ("level_db -18.5", "level_db 21.0"),
    ("level_db -18.5", "level_db loud"),
    ("pitch 62.12", "pitch 128.0"),
    ("key 2 minor", "key 12 minor"),
    ("key 2 minor", "key 2 dorian"),
    ("choices 3", "choices 17"),
    ("choice seed 7 -", "choice seed 7"),
    ("notes 2", "notes 201"),
    ("n 0.5 1.5 65", "n -0.5 1.5 65"),
    ("n 0.5 1.5 65", "n 0.5 1.5 128"),
    ("said inserted", "say inserted"),
]


@pytest.mark.parametrize(("old", "new"), REFUSALS, ids=[new for _, new in REFUSALS])
def test_what_is_no_status_is_refused_on_both_sides(lua, old, new):
    content = resealed(encode(STATUS), old, new)
    with pytest.raises(ReaperError, match="refused"):
        decode(content)
    assert isinstance(lua.lib("status").read(content), tuple)  # nil and why; a table has no [0] either


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_status_that_was_cut_short_or_changed_is_refused_by_lua(lua, cut):
    content = (GOLDEN / "status.txt").read_bytes()
    assert isinstance(lua.lib("status").read(content[:-cut]), tuple)
    assert lua.lib("status").read(content.replace(b"62.12", b"62.13"))[1].startswith("line")


@pytest.mark.parametrize("word", ["", "two words", "a,b", "x" * 41, "é"])
def test_a_choice_is_one_word(word):
    with pytest.raises(ValueError, match="printable ASCII"):
        Choice("genre", word)


def test_more_notes_than_a_panel_shows_are_refused():
    with pytest.raises(ValueError, match="number of shown notes"):
        Status("abcdef-12", 0.0, listening=True, notes=(ShownNote(0.0, 1.0, 60),) * (MAX_SHOWN_NOTES + 1))


@pytest.mark.parametrize(("name", "change"), [(CommandName.SET, ""), (CommandName.WRITE, "genre=jazz")])
def test_a_change_and_the_command_to_make_it_belong_together(name, change):
    with pytest.raises(ValueError, match="don't belong together"):
        BridgeCommand("abcdef-12", name, 0.0, SET_COMMAND.transport, Wish(change=change))


def test_a_panel_is_open_while_its_lease_is_fresh(reaper):
    spool = reaper.spool()
    assert not spool.panel_is_open()
    reaper.action("Show panel")
    reaper.turn(2)
    assert spool.panel_is_open()
    reaper.turn(300)
    assert spool.panel_is_open()
    reaper.fake.end_scripts(False)  # Reaper dies; its lease stays where it was
    reaper.turn(30 * 6)
    assert (reaper.root / "panel.lease").exists()
    assert not spool.panel_is_open()


def test_what_is_shown_is_gone_when_the_daemon_rests(tmp_path):
    spool = InMemoryReaper(tmp_path).spool()
    spool.show(STATUS)
    assert decode((tmp_path / "Data" / "vocalmidi" / "daemon.status").read_bytes()) == STATUS
    spool.beat()
    spool.rest()
    assert not (tmp_path / "Data" / "vocalmidi" / "daemon.status").exists()


@given(at=st.integers(0, len(encode(STATUS)) - 1), byte=st.integers(0, 255), ends=st.booleans())
def test_no_byte_that_is_changed_gets_through_or_raises(lua, at, byte, ends):
    content = bytearray(encode(STATUS))
    content[at] = byte
    if ends:
        del content[at:]
    read = lua.lib("status").read(bytes(content))
    assert bytes(content) == encode(STATUS) or isinstance(read, tuple)
    if bytes(content) != encode(STATUS):
        with pytest.raises(ReaperError):
            decode(bytes(content))
