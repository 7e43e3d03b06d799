"""What of a request is about an arrangement that is there: both sides read the same, and refuse the same."""

from pathlib import Path

import pytest

from reaper.changing import aside_request, joining_request, lanes_request, rebuild_request
from reaper.in_memory import InMemoryReaper
from reaper.music import GUIDS
from reaper.test_codec import resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import ArrangedItem, ItemState, Joined, Remake, RemakeWay, Replaced, decode, encode
from vocalmidi.values import Note, Part, PartName

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = {
    "insert_aside": aside_request(PartName.CHORDS, PartName.BASS),
    "insert_rebuild": rebuild_request(PartName.MELODY, PartName.DRUMS),
    "insert_joining": joining_request(
        PartName.DRUMS, joins={PartName.MELODY: GUIDS[0]}, replaces={PartName.BASS: GUIDS[2]}
    ),
    "insert_lanes": lanes_request(),
}
REFUSALS = [
    ("insert_aside", "a bass", "a chords", "once, in the order"),
    ("insert_aside", "a chords", "x chords", "is not 'r'"),
    ("insert_aside", "a chords", "a voice", "is none of"),
    ("insert_rebuild", "rebuild 1", "rebuild 2", "within 1–1"),
    ("insert_rebuild", "rebuild 1", "rebuild 1\nrebuild 1", "is not 'genre'"),
    ("insert_rebuild", "rebuild 1", f"joins 1\nj bass {GUIDS[1]}\nrebuild 1", "are rebuilt"),
    ("insert_joining", "joins 1", "joins 5", "within 1–4"),
    ("insert_joining", "j melody {", "j melody ../{", "is not a GUID"),
    ("insert_joining", "r bass", "r chords", "new ones that join"),
    ("insert_joining", f"joins 1\nj melody {GUIDS[0]}\n", "", "new ones that join"),
    ("insert_joining", "place 16.0", "place cursor", "of known place"),
    ("insert_lanes", "lanes 1", "lanes 0", "within 1–1"),
    ("insert_rebuild", "rebuild 1", "lanes 1", "only passes"),
]


@pytest.fixture(scope="module")
def lua(tmp_path_factory):
    return InMemoryReaper(tmp_path_factory.mktemp("lua"))


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_bytes_are_those_of_the_golden_file(kind):
    # Made by: .venv/bin/python tests/reaper/make_golden.py
    golden = (GOLDEN / f"{kind}.txt").read_bytes()
    assert encode(MESSAGES[kind]) == golden
    assert decode(golden) == MESSAGES[kind]


@pytest.mark.parametrize("kind", MESSAGES)
def test_lua_reads_what_python_means(lua, kind):
    message = MESSAGES[kind]
    read = lua.lib("request").decode(encode(message))
    assert not isinstance(read, tuple), read
    found = tuple(Replaced(PartName(each.part), each.guid, each.is_aside) for each in read.replaces.values())
    assert found == message.replaces
    assert tuple(Joined(PartName(each.part), each.guid) for each in read.joins.values()) == message.joins
    assert (read.rebuild, read.in_lanes) == (message.rebuild, message.in_lanes)


@pytest.mark.parametrize(("kind", "old", "new", "reason"), REFUSALS)
def test_what_does_not_fit_is_refused_on_both_sides(lua, kind, old, new, reason):
    content = resealed(encode(MESSAGES[kind]), old, new)
    with pytest.raises(ReaperError, match="spool message refused") as refusal:
        decode(content)
    assert reason in str(refusal.value)
    assert isinstance(lua.lib("request").decode(content), tuple)  # nil and why; a table has no [0] either


OWN = ArrangedItem(GUIDS[0], ItemState.EDITED, Part(PartName.BASS, 0, 0, (Note(0.0, 1.0, 36, 90),)))


def test_only_who_arranges_needs_no_item_that_remembers():
    assert Remake(RemakeWay.ARRANGE, 0.0, (OWN,)).items == (OWN,)
    with pytest.raises(ValueError, match="at least one item"):
        Remake(RemakeWay.REBUILD, 0.0, (OWN,))
    with pytest.raises(ValueError, match="to arrange around"):
        Remake(RemakeWay.ARRANGE, 0.0, ())
