"""MIDI items of the user's own: which part of an arrangement each is taken for, and what the daemon is told of them."""

import pytest

from reaper.test_bridge_insert import as_user
from reaper.test_bridge_life import wished
from reaper.test_bridge_project_notes import add_item
from vocalmidi.reaper import ItemState, RemakeWay
from vocalmidi.values import PartName

TUNE = [(0.0, 1.0, 64), (1.0, 1.0, 67), (2.0, 1.0, 65), (3.0, 1.0, 62)]


def around(reaper):
    """Select every item, run Arrange, and return what the daemon is told, None for nothing."""
    for item in reaper.all_items():
        item.selected = True
    command = wished(reaper, "Arrange")
    return command and command.remake


def part_of(reaper, notes, name="", **options):
    add_item(reaper, 8.0, 4.0, notes, **options)
    as_user(reaper, f"project.tracks[1].strings.P_NAME = '{name}'")
    (item,) = around(reaper).items
    return item.part.name


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Vocals", "melody"),
        ("lead guitar", "melody"),
        ("E-PIANO", "chords"),
        ("Pads 2", "chords"),
        ("Fretless Bass", "bass"),
        ("Bass drum", "drums"),
        ("Snare top", "drums"),
    ],
)
def test_the_name_of_its_track_says_which_part_it_is(reaper, name, part):
    assert part_of(reaper, TUNE, name) == part


def test_our_own_track_under_another_name_says_it_too(reaper):
    add_item(reaper, 8.0, 4.0, TUNE)
    as_user(reaper, "project.tracks[1].strings.P_NAME = 'Vocals' ")
    as_user(reaper, "project.tracks[1].strings['P_EXT:vocalmidi_part'] = 'chords'")
    assert around(reaper).items[0].part.name is PartName.CHORDS


TRIADS = [(start, 2.0, pitch) for start in (0.0, 2.0) for pitch in (60, 64, 67)]
LEGATO = [(start, 1.1 if start < 3.0 else 1.0, pitch) for start, _, pitch in TUNE]
BASS = [(start, length, pitch - 24) for start, length, pitch in TUNE]


@pytest.mark.parametrize(
    ("notes", "channel", "part"),
    [(TUNE, 0, "melody"), (LEGATO, 0, "melody"), (TRIADS, 0, "chords"), (BASS, 0, "bass"), (TUNE, 9, "drums")],
)
def test_without_a_name_its_notes_say_it(reaper, notes, channel, part):
    assert part_of(reaper, notes, "Track 7", channel=channel) == part


def test_the_daemon_is_told_every_note_from_the_bar_line_on_and_that_it_stays(reaper):
    add_item(reaper, 9.0, 3.0, TUNE[:3])
    remake = around(reaper)
    assert (remake.way, remake.place_qn) == (RemakeWay.ARRANGE, pytest.approx(8.0))
    (item,) = remake.items
    assert (item.state, item.source) == (ItemState.EDITED, "")
    assert [note.pitch_midi for note in item.part.notes] == [64, 67, 65]
    assert [note.start_qn for note in item.part.notes] == pytest.approx([1.0, 2.0, 3.0])


def test_items_of_several_parts_go_together_in_their_order(reaper):
    add_item(reaper, 8.0, 4.0, BASS)
    add_item(reaper, 8.0, 4.0, TUNE)
    assert [item.part.name for item in around(reaper).items] == [PartName.MELODY, PartName.BASS]


@pytest.mark.parametrize(("again", "told"), [(TUNE, "two items of melody"), ([], None)])
def test_two_of_one_part_are_told_and_an_empty_one_is_left_out(reaper, again, told):
    add_item(reaper, 8.0, 4.0, TUNE)
    add_item(reaper, 12.0, 4.0, again)
    remake = around(reaper)
    if told is None:
        assert len(remake.items) == 1
    else:
        assert remake is None
        assert told in reaper.fake.messages[1]


def test_a_draft_of_what_is_being_sung_is_nothing_to_arrange_around(reaper):
    add_item(reaper, 8.0, 4.0, TUNE)
    as_user(reaper, "project.tracks[1].items[1].strings['P_EXT:vocalmidi_draft'] = 'abcdef-77 melody 8'")
    assert around(reaper) is None
    assert "Select a MIDI item" in reaper.fake.messages[1]


def test_sound_alone_is_told(reaper):
    as_user(reaper, "api.InsertTrackInProject(project, 0, 0) fake.new_item(project.tracks[1], 0, 4, false)")
    assert around(reaper) is None
    assert "Select a MIDI item" in reaper.fake.messages[1]
