"""The curves of a voice in a take: an instrument hears them, also after the strength was changed and undone."""

from dataclasses import replace

import pytest

from expressive import LENGTHS, NAMES, STARTS, TICKS, WAYS, assert_heard, melody
from performed import performed
from reaper.in_memory import InMemoryReaper
from reaper.music import small_request
from reaper.test_bridge_insert import as_user, insert, messages
from reaper.test_bridge_strength import quantise, select
from vocalmidi.reaper import ReceiptStatus
from vocalmidi.values import BendPointQn, ControlPointQn, Expression, Note, Part, PartName, Played

CHANGED = (
    "local moved for _, event in ipairs(project.tracks[1].items[1].take.events) do "
    "  local kind, number = event.bytes:byte(1) & 0xF0, event.bytes:byte(2) "
    "  if kind == 0xD0 or kind == 0xE0 or kind == 0xB0 and number == {number} then moved = event end "
    "end "
    "moved.bytes = moved.bytes:sub(1, -2) .. string.char(moved.bytes:byte(-1) ~ 1)"
)
"""The last movement of what carries a curve, one step beside where it was."""


def expressive_request(way, *, shift=0.0):
    """Return a request of nothing but the melody with its curves."""
    request = small_request()
    arrangement = replace(request.arrangement, parts=(melody(way, shift=shift),))
    return replace(request, arrangement=arrangement, strength=1.0 if shift else None)


def heard(reaper, name="Melody"):
    return performed(messages(reaper, name))


def of_part(part):
    request = small_request()
    return replace(request, arrangement=replace(request.arrangement, parts=(part,)))


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_an_instrument_hears_the_voice(reaper, way):
    assert insert(reaper, expressive_request(way)).status is ReceiptStatus.OK
    assert_heard(heard(reaper), way, step_ticks=1)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_few_events_hold_a_curve_since_reaper_draws_the_lines(reaper, way):
    insert(reaper, expressive_request(way))
    moves = [octets for _, _, octets in messages(reaper, "Melody") if octets[0] & 0xF0 in (0xB0, 0xD0, 0xE0)]
    assert len(moves) < 70


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_the_curves_go_with_their_notes_at_any_strength_and_come_back(reaper, way):
    insert(reaper, expressive_request(way, shift=0.125))
    written = messages(reaper, "Melody")
    select(reaper, "Melody")
    quantise(reaper, 0)
    moved = heard(reaper)
    assert [note.start for note in moved] == [round((start + 0.125) * TICKS) for start in STARTS]
    assert_heard(moved, way, step_ticks=1)
    quantise(reaper, 100)
    assert messages(reaper, "Melody") == written
    reaper.fake.undo(reaper.project)
    assert_heard(heard(reaper), way, step_ticks=1)


def test_what_was_only_moved_by_its_strength_is_as_it_was_written(reaper):
    insert(reaper, expressive_request(WAYS[3], shift=0.125))
    written = reaper.lib("written")
    select(reaper, "Melody")
    quantise(reaper, 30)
    item = reaper.items("Melody")[0]
    assert written.is_as_written(reaper.project, item, item.take)


@pytest.mark.parametrize("way", WAYS, ids=NAMES)
def test_a_controller_that_was_moved_by_hand_is_an_edit(reaper, way):
    insert(reaper, expressive_request(way))
    item = reaper.items("Melody")[0]
    written = reaper.lib("written")
    assert written.is_as_written(reaper.project, item, item.take)
    as_user(reaper, CHANGED.format(number=way.bend_controller or way.level_controller or 0))
    assert not written.is_as_written(reaper.project, item, item.take)


def test_notes_of_mpe_that_sound_at_once_bend_apart(reaper):
    low = Note(0.0, 1.0, 60, 80, (BendPointQn(0.0, -100.0),))
    high = Note(0.0, 1.0, 67, 80, (BendPointQn(0.0, 50.0),))
    insert(reaper, of_part(Part(PartName.CHORDS, 1, 0, (low, high), Expression("mpe"))))
    first, second = heard(reaper, "Chords")
    assert (first.cents_at(480), second.cents_at(480)) == pytest.approx((-100.0, 50.0), abs=0.5)


def test_mpe_begins_with_its_zone_and_names_the_range_of_every_channel_it_uses(reaper):
    insert(reaper, expressive_request(Expression("mpe")))
    sent = messages(reaper, "Melody")
    assert sent[0] == (0, 0, bytes((0xC0, 53)))
    controls = [octets for _, _, octets in sent if octets[0] & 0xF0 == 0xB0]
    assert controls[:3] == [bytes((0xB0, 101, 0)), bytes((0xB0, 100, 6)), bytes((0xB0, 6, 15))]
    assert [(o[0] & 0x0F, o[2]) for o in controls[6:] if o[1] == 6] == [(1, 48), (2, 48), (3, 48), (4, 48)]


def test_a_channel_of_mpe_rests_as_long_as_can_be_none_is_of_drums_and_all_are_shared_when_all_sound(reaper):
    notes = tuple(Note(index / 8, 4.0, 40 + index, 80) for index in range(17))
    insert(reaper, of_part(Part(PartName.CHORDS, 1, 0, notes, Expression("mpe"))))
    assert [note.channel for note in heard(reaper, "Chords")] == [*range(1, 9), *range(10, 16), 1, 2, 3]


def test_wheels_are_centred_before_each_note_of_mpe_and_at_the_items_end(reaper):
    insert(reaper, expressive_request(Expression("mpe")))
    moves = [(tick, o[0] & 0x0F, o[2] << 7 | o[1]) for tick, _, o in messages(reaper, "Melody") if o[0] & 0xF0 == 0xE0]
    starts = {note.channel: note.start for note in heard(reaper)}
    assert {channel for tick, channel, _ in moves if tick == starts[channel]} == {1, 2, 3, 4}
    assert (starts[3], 3, 8192) in moves  # the note without a curve
    assert {channel: value for tick, channel, value in moves if tick == 8 * TICKS} == {1: 8192, 2: 8192, 4: 8192}


@pytest.mark.parametrize(
    ("level_as", "rest"),
    [("cc11", (0xB0, 11, 127)), ("cc7", (0xB0, 7, 100)), ("cc1", (0xB0, 1, 0)), ("pressure", (0xD0, 0))],
)
def test_a_level_comes_to_rest_at_the_items_end_so_that_what_follows_is_as_loud_as_ever(reaper, level_as, rest):
    insert(reaper, expressive_request(Expression("wheel", level_as)))
    assert (8 * TICKS, 0, bytes(rest)) in messages(reaper, "Melody")[-2:]


def test_a_controller_that_carries_the_pitch_sends_no_range_and_stays_within_its_ends(reaper):
    wide = Note(0.0, LENGTHS[0], 60, 80, (BendPointQn(0.0, -900.0), BendPointQn(0.5, 900.0)))
    insert(reaper, of_part(Part(PartName.MELODY, 0, 0, (wide,), Expression("cc16"))))
    controls = [octets for _, _, octets in messages(reaper, "Melody")[:-1] if octets[0] == 0xB0]
    assert {octets[1] for octets in controls} == {16}
    assert [octets[2] for octets in controls] == [0, 127, 64]


def test_passes_and_rolled_parts_have_their_curves_too(reaper):
    way = Expression("mpe", "pressure")
    request = expressive_request(way)
    insert(reaper, replace(request, passes=(melody(way), melody(way))))
    takes = list(reaper.items("Melody")[0].takes.values())
    assert len(takes) == 3
    for take in takes:
        rows = [row.split() for row in reaper.fake.midi_text(take).splitlines() if row]
        assert_heard(performed([(int(t), int(f), bytes.fromhex(o)) for t, f, o in rows]), way, step_ticks=1)


@pytest.mark.parametrize("lua", ["lua53", "lua54"])
def test_ten_thousand_notes_with_curves_are_written(tmp_path, lua):
    reaper = InMemoryReaper(tmp_path, lua)
    reaper.start()
    bend, level = (BendPointQn(0.0, -30.0), BendPointQn(0.1, 0.0)), (ControlPointQn(0.0, 40), ControlPointQn(0.1, 90))
    notes = tuple(Note(index / 8, 0.12, 60 + index % 12, 80, bend, level=level) for index in range(10_000))
    insert(reaper, of_part(Part(PartName.MELODY, 0, 0, notes, Expression("mpe", "pressure"))))
    assert len(reaper.notes("Melody")) == 10_000
    reaper.check()


def test_notes_of_one_key_that_are_drawn_together_still_follow_each_other_on_their_channels(reaper):
    notes = tuple(Note(1.0 + at, 0.5, 60, 80, played=Played(1.0 + at, 0.9)) for at in (0.0, 0.5))
    request = of_part(Part(PartName.MELODY, 0, 0, notes, Expression("mpe")))
    insert(reaper, replace(request, strength=1.0))
    select(reaper, "Melody")
    quantise(reaper, 0)
    first, second = heard(reaper)
    assert first.channel != second.channel
    assert first.stop == second.start
