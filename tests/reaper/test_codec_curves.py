"""What a request says of the curves of a voice: both sides read the same, and refuse the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressive import WAYS, melody
from reaper.in_memory import InMemoryReaper
from reaper.music import passes_request, requests, small_request
from reaper.test_codec import resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import InsertRequest, decode, encode
from vocalmidi.values import ControlPointQn, Expression, Note, Part, PartName

GOLDEN = Path(__file__).parent / "golden"
MPE = Expression("mpe", "pressure")


def curved(request: InsertRequest, way: Expression) -> InsertRequest:
    """Return a request whose melody has curves."""
    _, *others = request.arrangement.parts
    return replace(request, arrangement=replace(request.arrangement, parts=(melody(way), *others)))


MESSAGES = {
    "insert_mpe": curved(small_request(), MPE),
    "insert_curves_cc": curved(small_request(), Expression("cc16", "cc11")),
    "insert_curves_passes": replace(passes_request(), passes=(melody(MPE), melody(MPE, shift=0.1))),
}
REFUSALS = [
    ("curves mpe pressure", "curves wheel off", "need not be said"),
    ("curves mpe pressure", "curves mpe mpe", "level curve goes as"),
    ("curves mpe pressure", "curves cc11 cc11", "both pitch and level"),
    ("curves mpe pressure", "curves midi2 pressure", "pitch curve goes as"),
    ("curves mpe pressure", "curves cc6 pressure", "pitch curve goes as"),
    ("curves mpe pressure", "curves cc101 off", "pitch curve goes as"),
    ("curves mpe pressure", "curves mpe cc120", "level curve goes as"),
    ("curves mpe pressure", "curves mpe cc011", "level curve goes as"),
    ("curves mpe pressure", "curves mpe cc", "level curve goes as"),
    ("curves mpe pressure", "curves mpe cc-1", "level curve goes as"),
    ("curves mpe pressure", "curves mpe cc1e1", "level curve goes as"),
    ("curves mpe pressure", "curves mpe off", "within 0–0"),
    ("curves mpe pressure 9", "curves mpe pressure 8", "level points are announced"),
    ("curves mpe pressure 9", "curves mpe pressure 50001", "within 0–50000"),
    ("curves mpe pressure 9", "curves mpe pressure", "'curves' with 3 values"),
    ("curves mpe pressure 9\n", "", "9 are there"),
    ("curves mpe pressure 9", "curves mpe pressure 9\ncurves mpe pressure 9", "is not 'n'"),
    ("l 0.3 110", "l 0.3 128", "within 0–127"),
    ("l 0.3 110", "l 0.3 1.5", "not a whole number"),
    ("l 0.3 110", "l -0.3 110", "not a number within"),
    ("l 0.3 110", "l nan 110", "not a number"),
    ("l 0.3 110", "l 0.3 110\nb 0.5 1.0", "is not 'n'"),
]


@pytest.fixture(scope="module", params=["lua53", "lua54"])
def lua(tmp_path_factory, request):
    return InMemoryReaper(tmp_path_factory.mktemp("lua"), request.param)


def as_rows(part):
    return [(each.start_qn, each.pitch, points_of(each.levels.values())) for each in part.notes.values()]


def rows_of(part):
    return [(note.start_qn, note.pitch_midi, points_of(note.level)) for note in part.notes]


def points_of(level):
    return [(point.after_qn, point.value) for point in level]


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_bytes_are_those_of_the_golden_file(kind):
    # Made by: .venv/bin/python tests/reaper/make_golden.py
    golden = (GOLDEN / f"{kind}.txt").read_bytes()
    assert encode(MESSAGES[kind]) == golden
    assert decode(golden) == MESSAGES[kind]


levels = st.lists(st.builds(ControlPointQn, st.floats(0.0, 1e6, allow_nan=False), st.integers(0, 127)), max_size=3).map(
    tuple
)


@st.composite
def curved_requests(draw) -> InsertRequest:
    """Requests whose parts carry curves in any way."""
    request = draw(requests)
    parts = []
    for part in request.arrangement.parts:
        way = draw(st.sampled_from(WAYS))
        notes = tuple(replace(note, level=draw(levels) if way.has_level else ()) for note in part.notes)
        parts.append(replace(part, notes=notes, expression=way))
    return replace(request, arrangement=replace(request.arrangement, parts=tuple(parts)))


@given(request=curved_requests())
def test_both_sides_read_the_curves_to_the_last_bit(lua, request):
    content = encode(request)
    assert decode(content) == request
    read = lua.lib("request").decode(content)
    assert not isinstance(read, tuple), read
    for part, found in zip(request.arrangement.parts, read.parts.values(), strict=True):
        assert Expression(found.expression.bend_as, found.expression.level_as) == part.expression
        assert as_rows(found) == rows_of(part)


@pytest.mark.parametrize(("old", "new", "reason"), REFUSALS)
def test_what_does_not_fit_is_refused_on_both_sides(lua, old, new, reason):
    content = resealed(encode(MESSAGES["insert_mpe"]), old, new)
    with pytest.raises(ReaperError, match="spool message refused") as refusal:
        decode(content)
    assert reason in str(refusal.value)
    read = lua.lib("request").decode(content)
    assert isinstance(read, tuple), "Lua accepts it"
    assert read[0] is None


def test_more_levels_than_a_file_may_have_can_not_be_asked_for():
    level = tuple(ControlPointQn(index / 1000, index % 128) for index in range(25_001))
    part = Part(PartName.MELODY, 0, 0, (Note(0.0, 1.0, 60, 80, level=level),), Expression("wheel", "cc1"))
    request = small_request()
    music = replace(request.arrangement, parts=(part,))
    with pytest.raises(ValueError, match="number of level points with passes 50002 is outside 0–50000"):
        replace(request, arrangement=music, passes=(part,))
