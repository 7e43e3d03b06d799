"""The curves of a voice in a .mid: an instrument hears them, a cable carries them, and read again they are the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressive import NAMES, TICKS, WAYS, assert_heard, melody
from performed import assert_no_flood, performed
from smf.test_smf import arrangement, read_smf
from vocalmidi.smf import read_written, smf_bytes, write_smf
from vocalmidi.values import (
    PLAIN_EXPRESSION,
    BendPointQn,
    ControlPointQn,
    Expression,
    Note,
    Origin,
    Part,
    PartName,
)

TEN_MS = 16
"""Ticks of it at the 100 quarter notes a minute of `arrangement`."""


def messages(part, **music):
    """Return the messages of a part's track as a file has them."""
    _, tracks = read_smf(smf_bytes(replace(arrangement(part), **music)))
    return [(tick, 0, bytes((status, a, b))) for tick, status, a, b in tracks[1].events]


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_an_instrument_hears_the_voice(way):
    assert_heard(performed(messages(melody(way))), way, step_ticks=2 * TEN_MS)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_no_more_than_a_hundred_messages_a_second_draw_a_line(way):
    assert_no_flood(messages(melody(way)), TEN_MS)
    assert len(messages(melody(way))) < 600


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_read_and_written_again_it_has_the_same_bytes(tmp_path, way):
    music = arrangement(melody(way))
    write_smf(music, tmp_path / "a.mid")
    found = read_written(tmp_path / "a.mid")
    assert found.edited == frozenset()
    assert found.parts[0].expression == way
    assert smf_bytes(replace(music, parts=found.parts)) == (tmp_path / "a.mid").read_bytes()


def test_notes_of_mpe_that_sound_at_once_bend_apart():
    low = Note(0.0, 1.0, 60, 80, (BendPointQn(0.0, -100.0),))
    high = Note(0.0, 1.0, 67, 80, (BendPointQn(0.0, 50.0),))
    first, second = performed(messages(Part(PartName.CHORDS, 1, 0, (low, high), Expression("mpe"))))
    assert first.cents_at(480) == pytest.approx(-100.0, abs=0.5)
    assert second.cents_at(480) == pytest.approx(50.0, abs=0.5)


def test_mpe_begins_with_its_zone_and_names_the_range_of_every_channel_it_uses():
    sent = messages(melody(Expression("mpe")))
    controls = [octets for tick, _, octets in sent if octets[0] & 0xF0 == 0xB0]
    assert controls[:3] == [bytes((0xB0, 101, 0)), bytes((0xB0, 100, 6)), bytes((0xB0, 6, 15))]
    assert [(o[0] & 0x0F, o[2]) for o in controls[6:] if o[1] == 6] == [(1, 48), (2, 48), (3, 48), (4, 48)]
    assert (0, 0, bytes((0xC0, 53, 0))) in sent


def test_a_channel_of_mpe_rests_as_long_as_can_be_none_is_of_drums_and_all_are_shared_when_all_sound():
    notes = tuple(Note(index / 8, 4.0, 40 + index, 80) for index in range(17))
    heard = performed(messages(Part(PartName.CHORDS, 1, 0, notes, Expression("mpe"))))
    assert [note.channel for note in heard] == [*range(1, 9), *range(10, 16), 1, 2, 3]


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_at_the_end_every_controller_is_at_rest(way):
    last = {}
    for _, _, octets in messages(melody(way)):
        if octets[0] & 0xF0 in (0xB0, 0xD0, 0xE0):
            key = octets[:2] if octets[0] & 0xF0 == 0xB0 else octets[:1]
            last[key] = octets[len(key) :]
    for key, value in last.items():
        if key[0] & 0xF0 == 0xE0:
            assert value == bytes((0, 64))
        elif key[0] & 0xF0 == 0xD0:
            assert value[:1] == b"\0"
        elif key[1] in (2, 11, 16, 74):
            assert value == {2: b"\0", 11: b"\x7f", 16: b"\x40", 74: b"\0"}[key[1]]


def test_a_glide_that_its_note_cuts_short_is_on_its_way_where_it_is_cut():
    glide = Note(0.0, 0.5, 60, 80, (BendPointQn(0.0, -200.0), BendPointQn(1.0, 0.0)))
    (heard,) = performed(messages(Part(PartName.MELODY, 0, 0, (glide,))))
    assert heard.cents_at(479) == pytest.approx(-100.0, abs=6.0)


def test_a_part_with_nothing_to_carry_is_written_as_ever():
    plain = Part(PartName.MELODY, 0, 0, (Note(0.0, 1.0, 60, 80),))
    assert smf_bytes(arrangement(plain)) == smf_bytes(arrangement(replace(plain, expression=PLAIN_EXPRESSION)))
    assert {octets[0] & 0xF0 for _, _, octets in messages(plain)} == {0xC0, 0x90, 0x80}


curves = st.lists(st.tuples(st.integers(0, 1500), st.integers(-2400, 2400)), max_size=5).map(
    lambda rows: tuple(BendPointQn(tick / TICKS, float(cents)) for tick, cents in sorted(rows))
)
levels = st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 127)), max_size=5).map(
    lambda rows: tuple(ControlPointQn(tick / TICKS, value) for tick, value in sorted(rows))
)


@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(1, 2000), st.integers(50, 60), curves, levels),
        max_size=6,
        unique_by=lambda row: row[2],
    ),
    st.sampled_from(WAYS),
    st.floats(20.0, 400.0),
)
def test_whatever_the_curves_the_file_that_is_read_again_is_the_same(tmp_path_factory, rows, way, tempo_qpm):
    notes = tuple(
        Note(start / TICKS, length / TICKS, pitch, 80, bend, None, Origin.SUNG, level if way.has_level else ())
        for start, length, pitch, bend, level in sorted(rows, key=lambda row: (row[0], row[2]))
    )
    music = replace(arrangement(Part(PartName.BASS, 2, 33, notes, way)), tempo_qpm=tempo_qpm)
    path = tmp_path_factory.mktemp("smf") / "a.mid"
    write_smf(music, path)
    found = read_written(path)
    assert smf_bytes(replace(music, parts=found.parts)) == path.read_bytes()
    performed(messages(found.parts[0], tempo_qpm=tempo_qpm))  # raises where a key sounds twice


@pytest.mark.parametrize("remark", ["curves", "curves mpe", "curves mpe mpe", "curves cc6 off", "curves cc9 cc9"])
def test_a_remark_that_names_nothing_that_carries_a_curve_is_the_wheel(tmp_path, remark):
    way = Expression("cc16", "cc2")
    content = smf_bytes(arrangement(melody(way)))
    old = b"vocalmidi curves cc16 cc2"
    new = ("vocalmidi " + remark).encode().ljust(len(old))
    (tmp_path / "a.mid").write_bytes(content.replace(old, new))
    assert read_written(tmp_path / "a.mid").parts[0].expression == PLAIN_EXPRESSION
