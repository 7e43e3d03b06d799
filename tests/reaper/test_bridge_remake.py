"""An arrangement in the project, made anew: where its notes come from, what is locked, edited, rolled, never lost."""

from dataclasses import replace

import pytest

from reaper.music import SOURCE, passes_request, replacing_request, small_arrangement, small_request, sung_request
from reaper.test_bridge_insert import as_user, insert, messages
from reaper.test_bridge_life import wished
from reaper.test_bridge_strength import quantise, select
from vocalmidi.reaper import CommandName, ItemState, ReceiptStatus, RemakeWay
from vocalmidi.values import Note, Origin, PartName, Played

REMEMBERED = replace(small_request(), sources=(SOURCE + " " * 700,))
ROLL, ROLL_ALL, AGAIN = "Roll selected items again", "Roll all unlocked items again", "Same again"
LOCK, CHANGE = "Lock or unlock selected items", "Change genre and mood"
EVENTS = "local events = project.tracks[{track}].items[1].take.events for _, event in ipairs(events) do {each} end"
TRACKS = {"Melody": 1, "Chords": 2, "Bass": 3, "Drums": 4}


def edit(reaper, name, each):
    """Do something to every event of the item on a track, as the user's hand would."""
    as_user(reaper, EVENTS.format(track=TRACKS[name], each=each))


def transpose(reaper, name, pitch, by=1):
    change = f"event.bytes = event.bytes:sub(1, 1) .. string.char({pitch + by}) .. event.bytes:sub(3)"
    edit(reaper, name, f"if #event.bytes == 3 and event.bytes:byte(2) == {pitch} then {change} end")


def remade(reaper, action, *selected):
    """Run an action on selected items; return what the daemon is told, None where it is told nothing."""
    deselect(reaper)
    select(reaper, *selected)
    command = wished(reaper, action)
    assert command is None or command.name is CommandName.REMAKE
    return command and command.remake


def deselect(reaper):
    for name in TRACKS:
        for item in reaper.items(name):
            item.selected = False


def states(remake):
    return {item.part.name.value: item.state.value for item in remake.items}


def replacing(reaper, *names, request_id="abcdef-99"):
    guids = tuple(reaper.items(name.title())[0].guid for name in names)
    return replacing_request(*names, guids=guids, request_id=request_id)


def pitches(reaper, name):
    return [note.pitch for note in reaper.notes(name)]


def origins(remake, name):
    part = next(item.part for item in remake.items if item.part.name == name)
    return [note.origin for note in part.notes]


def test_the_daemon_gets_back_the_source_and_every_note_with_its_origin(reaper):
    insert(reaper, REMEMBERED)
    remake = remade(reaper, ROLL, "Bass")
    assert (remake.way, remake.place_qn) == (RemakeWay.ROLL, pytest.approx(16.0))
    assert {item.source for item in remake.items} == {SOURCE + " " * 700}
    assert states(remake) == {"melody": "as_written", "chords": "as_written", "bass": "write", "drums": "as_written"}
    for part, item in zip(small_arrangement().parts, remake.items, strict=True):
        assert (item.part.name, item.part.channel, item.part.program) == (part.name, part.channel, part.program)
        wanted = [(note.pitch_midi, note.velocity, note.origin) for note in part.notes]
        assert [(note.pitch_midi, note.velocity, note.origin) for note in item.part.notes] == wanted
        starts = [note.start_qn for note in part.notes]
        assert [note.start_qn for note in item.part.notes] == pytest.approx(starts, abs=0.51 / 960)


def test_an_item_says_in_words_how_many_notes_come_from_where(reaper):
    insert(reaper, REMEMBERED)
    said = [reaper.items(name)[0].strings.P_NOTES.splitlines()[-1] for name in TRACKS]
    assert said == ["Notes: 2 sung, 1 varied", "Notes: 6 rules", "Notes: 1 rules", "Notes: 16 drums"]


def test_origins_survive_the_project_being_saved_and_opened_again(reaper):
    insert(reaper, REMEMBERED)
    reaper.die(reaper.fake.saved(reaper.project))
    reaper.start()
    remake = remade(reaper, ROLL, "Bass")
    assert origins(remake, "melody") == [Origin.SUNG, Origin.SUNG, Origin.VARIED]
    assert states(remake)["melody"] == "as_written"


def test_origins_and_what_counts_as_written_follow_another_strength(reaper):
    mixed = sung_request(1.0)
    melody = mixed.arrangement.parts[0]
    # At no strength the second note comes after the third.
    notes = (
        Note(0.0, 0.5, 60, 80, origin=Origin.SUNG, played=Played(0.0, 0.5)),
        Note(1.0, 0.25, 62, 80, origin=Origin.SUNG, played=Played(1.4, 0.25)),
        Note(1.25, 0.5, 64, 80, origin=Origin.RULES),
    )
    parts = (replace(melody, notes=notes), *mixed.arrangement.parts[1:])
    insert(reaper, replace(mixed, arrangement=replace(mixed.arrangement, parts=parts), sources=(SOURCE,)))
    select(reaper, "Melody")
    quantise(reaper, 0)
    remake = remade(reaper, ROLL, "Bass")
    assert states(remake)["melody"] == "as_written"
    assert pitches(reaper, "Melody") == [60, 64, 62]
    assert origins(remake, "melody") == [Origin.SUNG, Origin.RULES, Origin.SUNG]


HANDS = {
    "transposed": "if event.bytes:byte(2) == 38 then event.bytes = event.bytes:gsub('%&', '(') end",  # 38 and 40
    "moved": "if event.bytes:byte(2) == 38 then event.tick = event.tick + 3 end",
    "louder": "if event.bytes:byte(1) == 0x92 then event.bytes = event.bytes:sub(1, 2) .. string.char(7) end",
    "muted": "if event.bytes:byte(1) == 0x92 then event.flags = 2 end",
    "shorter": "if event.bytes:byte(1) == 0x82 then event.tick = event.tick - 5 end",
}


@pytest.mark.parametrize("hand", HANDS)
def test_an_edit_is_known_and_its_item_never_written(reaper, hand):
    insert(reaper, REMEMBERED)
    edit(reaper, "Bass", HANDS[hand])
    assert states(remade(reaper, ROLL_ALL, "Drums"))["bass"] == "edited"
    assert states(remade(reaper, ROLL, "Bass"))["bass"] == "aside"
    before = reaper.state()
    receipt = insert(reaper, replacing(reaper, PartName.BASS, PartName.DRUMS))
    assert (receipt.status, receipt.message) == (
        ReceiptStatus.REFUSED,
        "Bass was edited by hand, so nothing was changed",
    )
    assert reaper.state() == before


def test_controllers_that_the_user_drew_count_as_an_edit_and_selecting_notes_does_not(reaper):
    insert(reaper, REMEMBERED)
    edit(reaper, "Drums", "event.flags = event.flags | 1")
    as_user(
        reaper,
        "local events = project.tracks[3].items[1].take.events "
        "table.insert(events, #events, { tick = 7, flags = 0, bytes = string.char(0xB2, 1, 64) }) "
        "table.sort(events, function(a, b) return a.tick < b.tick end)",
    )
    assert states(remade(reaper, ROLL_ALL, "Drums")) == {
        "melody": "write",
        "chords": "write",
        "bass": "edited",
        "drums": "write",
    }


@pytest.mark.parametrize(
    "hand", ["item.start_s, item.end_s = item.start_s + 0.5, item.end_s + 0.5", "item.end_s = item.end_s - 1"]
)
def test_an_item_that_was_moved_or_cut_beside_the_others_counts_as_edited(reaper, hand):
    insert(reaper, REMEMBERED)
    as_user(reaper, f"local item = project.tracks[3].items[1] {hand}")
    assert states(remade(reaper, ROLL_ALL, "Drums"))["bass"] == "edited"


def test_all_moved_together_are_as_they_were_written(reaper):
    insert(reaper, REMEMBERED)
    as_user(
        reaper,
        "for _, track in ipairs(project.tracks) do local item = track.items[1] "
        "item.start_s, item.end_s = item.start_s + 4, item.end_s + 4 end",
    )
    remake = remade(reaper, ROLL, "Drums")
    assert remake.place_qn == pytest.approx(24.0)
    assert set(states(remake).values()) == {"as_written", "write"}


def test_what_an_edited_item_holds_goes_with_the_command_as_kept_notes(reaper):
    insert(reaper, REMEMBERED)
    transpose(reaper, "Melody", 65, by=2)
    remake = remade(reaper, ROLL, "Bass")
    assert [note.pitch_midi for note in remake.items[0].part.notes] == [62, 67, 69]
    assert origins(remake, "melody") == [Origin.KEPT] * 3


def test_another_pass_that_was_put_in_front_counts_as_the_users_choice(reaper):
    insert(reaper, replace(passes_request(), sources=(SOURCE,)))
    as_user(reaper, "local item = project.tracks[1].items[1] item.take = item.takes[3]")
    remake = remade(reaper, ROLL, "Bass")
    assert states(remake)["melody"] == "edited"
    assert [note.pitch_midi for note in remake.items[0].part.notes] == [74, 77, 81]


def test_a_locked_item_stays_and_says_so_in_its_name_until_it_is_unlocked(reaper):
    insert(reaper, REMEMBERED)
    select(reaper, "Bass", "Drums")
    reaper.action(LOCK)
    reaper.turn(2)
    names = [reaper.items(name)[0].take.strings.P_NAME for name in TRACKS]
    assert names == ["Melody", "Chords", "Bass (locked)", "Drums (locked)"]
    assert states(remade(reaper, ROLL_ALL, "Bass")) == {
        "melody": "write",
        "chords": "write",
        "bass": "as_written",
        "drums": "as_written",
    }
    assert remade(reaper, ROLL, "Drums") is None
    assert "Drums is locked" in reaper.fake.messages[1]
    receipt = insert(reaper, replacing(reaper, PartName.DRUMS))
    assert (receipt.status, receipt.message) == (ReceiptStatus.REFUSED, "Drums is locked, so nothing was changed")
    select(reaper, "Bass", "Drums")
    reaper.action(LOCK)
    reaper.turn(2)
    assert reaper.items("Bass")[0].take.strings.P_NAME == "Bass"
    assert states(remade(reaper, ROLL_ALL, "Bass"))["bass"] == "write"
    assert reaper.undo_titles()[1:] == ["Vocal MIDI: lock 2 items", "Vocal MIDI: unlock 2 items"]


def test_a_lock_is_undone_by_one_step_and_taken_back_when_it_fails(reaper):
    insert(reaper, REMEMBERED)
    before = reaper.state()
    select(reaper, "Bass", "Drums")
    count = []
    reaper.fail_at(
        lambda name, _: name == "GetSetMediaItemTakeInfo_String" and count.append(1) is None and len(count) == 3
    )
    reaper.action(LOCK)
    reaper.turn(2)
    reaper.fail_at(None)
    assert reaper.state() == before
    assert "Nothing was changed" in reaper.fake.messages[1]
    reaper.action(LOCK)
    reaper.turn(2)
    assert reaper.state() != before
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


def test_reapers_own_lock_of_an_item_is_respected_too(reaper):
    insert(reaper, REMEMBERED)
    as_user(reaper, "project.tracks[3].items[1].lock = 1")
    assert states(remade(reaper, ROLL_ALL, "Drums"))["bass"] == "as_written"
    assert remade(reaper, ROLL, "Bass") is None


def test_new_notes_take_the_place_of_the_old_in_the_same_items_as_one_undo_point(reaper):
    insert(reaper, REMEMBERED)
    before, guids = reaper.state(), {name: reaper.items(name)[0].guid for name in TRACKS}
    old = {name: pitches(reaper, name) for name in TRACKS}
    receipt = insert(reaper, replacing(reaper, PartName.CHORDS, PartName.DRUMS))
    assert (receipt.status, receipt.message) == (ReceiptStatus.OK, "rewrote Chords, Drums")
    assert {name: reaper.items(name)[0].guid for name in TRACKS} == guids
    raised = {"Melody": 0, "Chords": 12, "Bass": 0, "Drums": 12}
    assert {name: pitches(reaper, name) for name in TRACKS} == {
        name: [pitch + raised[name] for pitch in keys] for name, keys in old.items()
    }
    assert reaper.undo_titles()[1:] == ["Vocal MIDI: rewrite Chords, Drums"]
    # They are as written again, and know how they were.
    remake = remade(reaper, ROLL, "Melody")
    assert set(states(remake).values()) == {"as_written", "write"}
    assert [len(item.source) - len(SOURCE) for item in remake.items] == [700, 600, 700, 600]
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


def test_asked_for_twice_it_is_written_once(reaper):
    insert(reaper, REMEMBERED)
    insert(reaper, replacing(reaper, PartName.DRUMS))
    assert insert(reaper, replacing(reaper, PartName.DRUMS)).message == "already inserted"
    assert len(reaper.undo_titles()) == 2


def test_an_item_grows_with_the_music_and_keeps_its_strength(reaper):
    insert(reaper, replace(sung_request(1.0), sources=(SOURCE,)))
    select(reaper, "Melody")
    quantise(reaper, 50)
    request = replacing(reaper, PartName.MELODY)
    sung = Note(8.0, 1.0, 60, 80, played=Played(8.2, 1.0), origin=Origin.SUNG)
    part = replace(request.arrangement.parts[0], notes=(sung,))
    music = replace(request.arrangement, parts=(part,), length_qn=12.0)
    assert insert(reaper, replace(request, arrangement=music, strength=1.0)).status is ReceiptStatus.OK
    item = reaper.items("Melody")[0]
    assert item.end_s - item.start_s == pytest.approx(6.0)
    assert reaper.notes("Melody")[0].start_qn == pytest.approx(24.1, abs=1 / 960)
    assert messages(reaper, "Melody")[-1][0] == 12 * 960


@pytest.mark.parametrize("nth", [1, 2])
def test_a_failure_leaves_every_item_as_it_was(reaper, nth):
    insert(reaper, REMEMBERED)
    before, count = reaper.state(), []
    reaper.fail_at(lambda name, _: name == "MIDI_SetAllEvts" and count.append(1) is None and len(count) == nth)
    receipt = insert(reaper, replacing(reaper, PartName.CHORDS, PartName.DRUMS))
    reaper.fail_at(None)
    assert receipt.status is ReceiptStatus.FAILED
    assert reaper.state() == before
    assert len(reaper.undo_titles()) == 1


def test_an_item_that_is_gone_or_of_another_part_is_refused(reaper):
    insert(reaper, REMEMBERED)
    other = replacing_request(PartName.DRUMS, guids=(reaper.items("Bass")[0].guid,))
    assert insert(reaper, other).message == "that is not the item of Drums, so nothing was changed"
    gone = replacing_request(PartName.DRUMS, request_id="abcdef-98")
    assert insert(reaper, gone).message == "the item of Drums is no longer there, so nothing was changed"


def test_a_copy_elsewhere_is_an_arrangement_of_its_own(reaper):
    insert(reaper, REMEMBERED)
    insert(reaper, replace(REMEMBERED, request_id="abcdef-77", place_qn=32.0))
    as_user(
        reaper,
        "for _, track in ipairs(project.tracks) do track.items[2].strings['P_EXT:vocalmidi_group'] = "
        "track.items[1].strings['P_EXT:vocalmidi_group'] end",
    )
    deselect(reaper)
    reaper.items("Drums")[1].selected = True
    remake = wished(reaper, ROLL).remake
    assert remake.place_qn == pytest.approx(32.0)
    assert [item.guid for item in remake.items] == [reaper.items(name)[1].guid for name in TRACKS]


def test_parts_may_remember_each_its_own(reaper):
    insert(reaper, replace(REMEMBERED, sources=("a", "b", "", "d")))
    assert [item.source for item in remade(reaper, ROLL, "Drums").items] == ["a", "b", "", "d"]
    assert remade(reaper, ROLL, "Bass") is None
    assert "does not remember what was sung" in reaper.fake.messages[1]


def test_the_same_again_asks_for_all_that_is_there_edited_or_locked(reaper):
    insert(reaper, REMEMBERED)
    transpose(reaper, "Bass", 38)
    as_user(
        reaper,
        "project.tracks[1].items[1].lock = 1 api.DeleteTrackMediaItem(project.tracks[4], project.tracks[4].items[1])",
    )
    remake = remade(reaper, AGAIN, "Bass")
    assert remake.way is RemakeWay.AGAIN
    assert states(remake) == {"melody": "write", "chords": "write", "bass": "write"}


def test_what_is_typed_to_be_changed_goes_with_the_command(reaper):
    insert(reaper, REMEMBERED)
    reaper.fake.typed = "jazz, Dark ,,70"
    remake = remade(reaper, CHANGE, "Bass")
    assert (remake.way, remake.change) == (RemakeWay.CHANGE, "genre=jazz, mood=Dark, complexity=70")
    assert set(states(remake).values()) == {ItemState.WRITE.value}
    reaper.fake.typed = ",,,"
    assert remade(reaper, CHANGE, "Bass") is None
    assert "Nothing was typed" in reaper.fake.messages[1]


@pytest.mark.parametrize("action", [ROLL, ROLL_ALL, AGAIN, LOCK])
def test_without_an_item_of_ours_the_user_is_told(reaper, action):
    select(reaper, "Bass")
    assert remade(reaper, action) is None
    assert "Select an item that Vocal MIDI wrote" in reaper.fake.messages[1]


def test_an_item_without_a_memory_and_items_of_two_arrangements_are_told(reaper):
    insert(reaper, small_request())
    assert remade(reaper, ROLL, "Bass") is None
    assert "does not remember what was sung" in reaper.fake.messages[1]
    insert(reaper, replace(REMEMBERED, request_id="abcdef-77", place_qn=32.0))
    assert remade(reaper, ROLL, "Bass") is None
    assert "several arrangements" in reaper.fake.messages[2]
