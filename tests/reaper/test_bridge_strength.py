"""Sung notes between where they were sung and where they are meant, at any time afterwards, and undoable."""

from dataclasses import replace

import pytest

from reaper.music import small_request, sung_request
from reaper.test_bridge_insert import as_user, insert, messages, wheel, with_melody
from vocalmidi.values import BendPointQn, Note, Played

TICK_QN = 1 / 960
MEANT = [16.0, 17.0, 20.1]
SUNG = [16.0 - 0.1, 17.0 + 0.08, 20.1 - 0.06]


def places(reaper):
    return [note.start_qn for note in reaper.notes("Melody")]


def between(strength):
    # The first was sung before the item begins: there it stays at its beginning.
    return [max(16.0, s + strength * (m - s)) for m, s in zip(MEANT, SUNG, strict=True)]


def select(reaper, *names):
    for name in names:
        for item in reaper.items(name):
            item.selected = True


def quantise(reaper, percent):
    reaper.fake.typed = str(percent)
    reaper.action("Quantise strength")
    reaper.turn(2)


@pytest.mark.parametrize("strength", [0.0, 0.4, 1.0])
def test_notes_are_written_at_the_strength_of_the_request(reaper, strength):
    insert(reaper, sung_request(strength))
    assert places(reaper) == pytest.approx(between(strength), abs=TICK_QN)
    # What nobody sang stays where it is.
    assert reaper.notes("Bass")[0].start_qn == 16.0


def test_without_a_strength_an_item_remembers_nothing(reaper):
    insert(reaper, small_request())
    select(reaper, "Melody")
    before = reaper.state()
    quantise(reaper, 0)
    assert "No selected item remembers" in reaper.fake.messages[1]
    assert reaper.state() == before
    assert len(reaper.undo_titles()) == 1


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_the_strength_is_changed_afterwards_as_often_as_wished_in_one_undo_point_each(reaper, percent):
    insert(reaper, sung_request(0.3))
    as_wanted = InsertedAt(reaper, percent)
    select(reaper, "Melody")
    for step in (80, 10, percent):
        quantise(reaper, step)
    assert places(reaper) == pytest.approx(between(percent / 100), abs=1.5 * TICK_QN)
    assert [n.pitch for n in reaper.notes("Melody")] == as_wanted.pitches
    lengths = [n.stop_qn - n.start_qn for n in reaper.notes("Melody")]
    assert lengths == pytest.approx(as_wanted.lengths, abs=2.5 * TICK_QN)
    assert reaper.undo_titles()[1:] == [f"Vocal MIDI: quantise to {step} %" for step in (80, 10, percent)]
    assert list(reaper.fake.messages.values()) == []
    reaper.fake.undo(reaper.project)
    assert places(reaper) == pytest.approx(between(0.1), abs=1.5 * TICK_QN)


class InsertedAt:
    """The same request as it would have been written at another strength, worked out by hand."""

    def __init__(self, reaper, percent):
        strength = percent / 100
        self.pitches = [n.pitch for n in reaper.notes("Melody")]
        stops = [m + length for m, length in zip(MEANT, (1.0, 1 / 3, 2.0), strict=True)]
        sung_stops = [s + length + 0.1 for s, length in zip(SUNG, (1.0, 1 / 3, 2.0), strict=True)]
        ends = [p + strength * (m - p) for m, p in zip(stops, sung_stops, strict=True)]
        self.lengths = [end - start for end, start in zip(ends, between(strength), strict=True)]


def test_what_the_user_moved_drew_or_deleted_is_left_alone(reaper):
    insert(reaper, sung_request(1.0))
    select(reaper, "Melody")
    # The second note was moved by an eighth, the third transposed, and one was drawn at 6.
    as_user(
        reaper,
        "local take = project.tracks[1].items[1].take "
        "for _, event in ipairs(take.events) do "
        "  local pitch = event.bytes:byte(2) "
        "  if pitch == 65 then event.tick = event.tick + 480 end "
        "  if pitch == 69 then event.bytes = event.bytes:sub(1, 1) .. string.char(70) .. event.bytes:sub(3) end "
        "end "
        "local marker = table.remove(take.events) "
        "take.events[#take.events + 1] = { tick = 6000, flags = 0, bytes = string.char(0x90, 50, 99) } "
        "take.events[#take.events + 1] = { tick = 6500, flags = 0, bytes = string.char(0x80, 50, 0) } "
        "take.events[#take.events + 1] = marker "
        "table.sort(take.events, function(a, b) return a.tick < b.tick end)",
    )
    edited = [(n.start_qn, n.stop_qn, n.pitch) for n in reaper.notes("Melody")]
    quantise(reaper, 0)
    now = [(n.start_qn, n.stop_qn, n.pitch) for n in reaper.notes("Melody")]
    assert now == edited  # the first, sung before the item begins, is at its beginning anyway
    assert "1 notes of 1 items" in reaper.fake.console[1]


def test_a_length_that_the_user_changed_stays(reaper):
    insert(reaper, sung_request(1.0))
    select(reaper, "Melody")
    as_user(
        reaper,
        "for _, event in ipairs(project.tracks[1].items[1].take.events) do "
        "if event.bytes:byte(1) == 0x80 and event.bytes:byte(2) == 65 then event.tick = event.tick + 300 end end",
    )
    quantise(reaper, 0)
    note = next(n for n in reaper.notes("Melody") if n.pitch == 65)
    assert note.start_qn == pytest.approx(SUNG[1], abs=TICK_QN)
    assert note.stop_qn - note.start_qn == pytest.approx(1 / 3 + 300 / 960, abs=TICK_QN)


def test_a_bend_goes_with_its_note(reaper):
    curve = tuple(BendPointQn(at, cents) for at, cents in ((0.0, -50.0), (0.25, 0.0), (0.5, 30.0)))
    note = Note(1.0, 1.0, 60, 80, curve, Played(1.125, 1.0))
    insert(reaper, with_melody(replace(small_request(), strength=1.0), note, Note(3.0, 1.0, 62, 80)))
    assert [tick for tick, _ in wheel(reaper)] == [960, 1200, 1440, 1920]
    select(reaper, "Melody")
    quantise(reaper, 0)
    assert [tick for tick, _ in wheel(reaper)] == [1080, 1320, 1560, 2040]
    assert messages(reaper, "Melody")[-1] == (8 * 960, 0, bytes([0xB0, 123, 0]))


def test_all_selected_items_change_together(reaper):
    for place_qn in (16.0, 48.0):
        insert(reaper, replace(sung_request(1.0), request_id=f"abcdef-{place_qn:.0f}", place_qn=place_qn))
    select(reaper, "Melody", "Drums")
    quantise(reaper, 0)
    assert len(reaper.undo_titles()) == 3
    starts = places(reaper)
    assert starts[3:] == pytest.approx([start + 32.0 for start in starts[:3]], abs=TICK_QN)


def test_a_failure_leaves_every_item_as_it_was(reaper):
    for place_qn in (16.0, 48.0):
        insert(reaper, replace(sung_request(1.0), request_id=f"abcdef-{place_qn:.0f}", place_qn=place_qn))
    select(reaper, "Melody")
    before = reaper.state()
    count = []

    def second_write(name, _):
        count.extend([1] * (name == "MIDI_SetAllEvts"))
        return name == "MIDI_SetAllEvts" and len(count) == 2

    reaper.fail_at(second_write)
    quantise(reaper, 0)
    reaper.fail_at(None)
    assert reaper.state() == before
    assert "Nothing was changed" in reaper.fake.messages[1]
    assert len(reaper.undo_titles()) == 2


@pytest.mark.parametrize("typed", ["-1", "101", "half", ""])
def test_a_strength_that_is_none_is_told(reaper, typed):
    quantise(reaper, typed)
    assert "is no strength" in reaper.fake.messages[1]


def test_the_strength_that_it_has_already_is_no_change_and_no_undo_point(reaper):
    insert(reaper, sung_request(0.5))
    select(reaper, "Melody")
    before = reaper.state()
    quantise(reaper, 50)
    assert reaper.state() == before
    assert len(reaper.undo_titles()) == 1
    assert "3 notes of 1 items are at 50 % now" in reaper.fake.console[1]


def test_a_locked_item_keeps_its_strength(reaper):
    insert(reaper, sung_request(0.5))
    select(reaper, "Melody")
    reaper.action("Lock or unlock selected items")
    reaper.turn(2)
    before = reaper.state()
    quantise(reaper, 100)
    assert reaper.state() == before
    assert "What is selected is locked" in reaper.fake.messages[1]


@pytest.mark.parametrize("meant", [1.0, 7.9999])
def test_notes_of_one_key_that_meet_follow_each_other_and_part_again(reaper, meant):
    """Three strokes sung apart and meant together: also right before the item's end, where there is no room behind."""
    shifts = (-0.3, -0.2, -0.1)
    notes = tuple(Note(meant, 1e-4, 60, 80, played=Played(meant + shift, 0.05)) for shift in shifts)
    insert(reaper, replace(with_melody(small_request(), *notes), strength=0.0))
    sung = places(reaper)
    assert len(sung) == 3
    select(reaper, "Melody")
    quantise(reaper, 100)
    found = places(reaper)
    assert len(set(found)) == 3
    assert found == pytest.approx([16 + meant] * 3, abs=3 * TICK_QN)
    quantise(reaper, 0)
    # One that had to make room by more than rounding is like one that the user moved.
    assert places(reaper)[:2] == pytest.approx(sung[:2], abs=TICK_QN)
