"""A loop that was sung several times: one item, what the passes agree on in front, each pass a take behind it."""

import pytest

from reaper.music import passes_request, sung_request
from reaper.test_bridge_insert import as_user, insert
from reaper.test_bridge_strength import TICK_QN, between, quantise, select
from vocalmidi.reaper import ReceiptStatus


def takes(reaper):
    (item,) = reaper.items("Melody")
    return list(item.takes.values())


def notes_of(reaper, take):
    return [(note.start, note.pitch) for note in reaper.fake.notes_of_take(take).values()]


def test_each_pass_is_a_take_and_what_they_agree_on_is_in_front(reaper):
    receipt = insert(reaper, passes_request())
    assert receipt.status is ReceiptStatus.OK
    assert len(receipt.item_guids) == 4
    assert [take.strings.P_NAME for take in takes(reaper)] == ["Melody", "Melody, pass 1", "Melody, pass 2"]
    assert reaper.items("Melody")[0].take.strings.P_NAME == "Melody"
    first, second = takes(reaper)[1:]
    assert notes_of(reaper, first) == [(0, 62), (960, 65)]
    assert notes_of(reaper, second) == [(0, 74), (960, 77), (3936, 81)]
    assert [note.pitch for note in reaper.notes("Melody")] == [62, 65, 69]
    assert len(reaper.undo_titles()) == 1


def test_other_parts_have_one_take(reaper):
    insert(reaper, passes_request())
    assert [len(reaper.items(name)[0].takes) for name in ("Chords", "Bass", "Drums")] == [1, 1, 1]


def test_the_strength_of_the_take_in_front_is_what_changes(reaper):
    insert(reaper, passes_request())
    select(reaper, "Melody")
    as_user(reaper, "project.tracks[1].items[1].take = project.tracks[1].items[1].takes[3]")
    quantise(reaper, 0)
    assert [note.start_qn for note in reaper.notes("Melody")] == pytest.approx(between(0.0), abs=TICK_QN)
    assert notes_of(reaper, takes(reaper)[0]) == [(0, 62), (960, 65), (3936, 69)]
    as_user(reaper, "project.tracks[1].items[1].take = project.tracks[1].items[1].takes[1]")
    quantise(reaper, 50)
    assert [note.start_qn for note in reaper.notes("Melody")] == pytest.approx(between(0.5), abs=1.5 * TICK_QN)


def test_a_failure_in_a_pass_leaves_nothing(reaper):
    before = reaper.state()
    reaper.fail_at(lambda name, _: name == "PCM_Source_CreateFromType")
    assert insert(reaper, passes_request()).status is ReceiptStatus.FAILED
    reaper.fail_at(None)
    assert reaper.state() == before


def test_without_passes_an_item_has_one_take(reaper):
    insert(reaper, sung_request(1.0))
    assert len(takes(reaper)) == 1
