"""What a user does to sung notes: told apart by what became of each, noticed while he works, sent when he wants it."""

import shutil
from dataclasses import replace

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import SOURCE, sung_request
from reaper.test_bridge_faults import FILE_CALLS, ends
from reaper.test_bridge_insert import as_user, insert
from reaper.test_bridge_life import wished
from reaper.test_bridge_remake import deselect
from reaper.test_bridge_strength import quantise, select
from vocalmidi.reaper import CommandName, Fate
from vocalmidi.values import Note, Origin, PartName, Played

LEARN = "Learn from my edits"
PITCHES = (60, 62, 62, 64)
MELODY = tuple(
    Note(float(n), 0.5, pitch, 80, origin=Origin.SUNG, played=Played(n + 0.1, 0.4)) for n, pitch in enumerate(PITCHES)
)
REST_TURNS, AGAIN_TURNS = 150, 1000
EVENTS = "local item = project.tracks[1].items[1] local events = item.take.events "
ONE = EVENTS + (
    "local ons = {{}} for _, e in ipairs(events) do if e.bytes:byte(1) & 0xF0 == 0x90 then ons[#ons + 1] = e end end "
    "local on, off = ons[{number}] for _, e in ipairs(events) do if e.bytes:byte(1) & 0xF0 == 0x80 and "
    "e.bytes:byte(2) == on.bytes:byte(2) and e.tick > on.tick then off = e break end end {change} "
    "project.changes = project.changes + 1"
)
TO = "for _, e in ipairs({{ on, off }}) do e.bytes = e.bytes:sub(1, 1) .. string.char({pitch}) .. e.bytes:sub(3) end"
BY = (
    "on.tick, off.tick = on.tick + {ticks}, off.tick + {ticks} "
    "table.sort(events, function(a, b) return a.tick < b.tick end)"
)
GONE = "for i = #events, 1, -1 do if events[i] == on or events[i] == off then table.remove(events, i) end end"


def sung(strength=1.0, notes=MELODY):
    """A melody all of whose notes were sung, and everything else as ever."""
    request = sung_request(strength)
    melody, *others = request.arrangement.parts
    parts = (replace(melody, notes=notes), *others)
    return replace(request, arrangement=replace(request.arrangement, parts=parts), sources=(SOURCE,))


def change(reaper, number, how):
    """Do something to the melody's note of this number, from 1 on."""
    as_user(reaper, ONE.format(number=number, change=how))


def seen(reaper, *selected):
    """Run the action; return what the daemon is told of the melody's notes."""
    deselect(reaper)
    select(reaper, *selected)
    command = wished(reaper, LEARN)
    if command is None:
        return None
    assert command.name is CommandName.LEARN
    assert command.project_notes == ()
    return command.seen


def fates(reaper, *selected):
    (item,) = seen(reaper, *selected)
    assert (item.part, item.source) == (PartName.MELODY, SOURCE)
    assert [note.pitch_midi for note in item.notes] == list(PITCHES)
    assert [note.meant_qn for note in item.notes] == [0.0, 1.0, 2.0, 3.0]
    assert [note.played_qn for note in item.notes] == pytest.approx([0.1, 1.1, 2.1, 3.1])
    return [note.fate for note in item.notes]


KEPT, NOW, LOST, OTHER = Fate.KEPT, Fate.NOW, Fate.GONE, Fate.OTHER
HANDS = {
    "octave": (2, TO.format(pitch=74), [KEPT, NOW, KEPT, KEPT], (1.0, 74)),
    "three octaves": (2, TO.format(pitch=26), [KEPT, NOW, KEPT, KEPT], (1.0, 26)),
    "another tone": (2, TO.format(pitch=63), [KEPT, OTHER, KEPT, KEPT], (1.0, 63)),
    "moved": (2, BY.format(ticks=240), [KEPT, NOW, KEPT, KEPT], (1.25, 62)),
    "nudged": (2, BY.format(ticks=15), [KEPT, KEPT, KEPT, KEPT], (1.0, 62)),
    "moved and octave": (4, BY.format(ticks=-240) + " " + TO.format(pitch=52), [KEPT, KEPT, KEPT, NOW], (2.75, 52)),
    "deleted": (3, GONE, [KEPT, KEPT, LOST, KEPT], (2.0, 62)),
    "first of two": (2, GONE, [KEPT, LOST, KEPT, KEPT], (1.0, 62)),
    "muted": (4, "on.flags = on.flags | 2", [KEPT, KEPT, KEPT, LOST], (3.0, 64)),
    "louder": (4, "on.bytes = on.bytes:sub(1, 2) .. string.char(7)", [KEPT, KEPT, KEPT, KEPT], (3.0, 64)),
    "longer": (4, "off.tick = off.tick + 400", [KEPT, KEPT, KEPT, KEPT], (3.0, 64)),
}


@pytest.mark.parametrize("hand", HANDS)
def test_what_became_of_a_note_is_told_apart(reaper, hand):
    number, how, expected, (now_qn, now_pitch) = HANDS[hand]
    insert(reaper, sung())
    change(reaper, number, how)
    (item,) = seen(reaper, "Melody")
    assert fates(reaper, "Melody") == expected
    note = item.notes[number - 1]
    assert (note.now_qn, note.now_pitch_midi) == (pytest.approx(now_qn, abs=0.02), now_pitch)


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_at_any_strength_what_nobody_touched_is_kept(reaper, strength):
    insert(reaper, sung(strength))
    assert fates(reaper, "Melody") == [KEPT] * 4
    select(reaper, "Melody")
    quantise(reaper, 40)
    change(reaper, 4, TO.format(pitch=76))
    (item,) = seen(reaper, "Melody")
    assert [note.fate for note in item.notes] == [KEPT, KEPT, KEPT, NOW]
    assert item.strength == pytest.approx(0.4)


def test_two_sung_notes_in_one_place_are_no_deletion(reaper):
    insert(reaper, sung(notes=(*MELODY[:2], replace(MELODY[1], played=Played(1.3, 0.2)), *MELODY[3:])))
    (item,) = seen(reaper, "Melody")
    assert LOST not in [note.fate for note in item.notes]


def test_where_nothing_is_selected_only_what_was_edited_is_sent(reaper):
    insert(reaper, sung())
    insert(reaper, replace(sung(), request_id="abcdef-02", place_qn=32.0))
    assert seen(reaper) is None
    assert "nothing to learn" in list(reaper.fake.messages.values())[-1]
    change(reaper, 1, TO.format(pitch=72))
    assert [item.guid for item in seen(reaper)] == [reaper.items("Melody")[0].guid]
    as_user(reaper, ONE.replace("items[1]", "items[2]").format(number=1, change=TO.format(pitch=72)))
    assert [item.guid for item in seen(reaper)] == [item.guid for item in reaper.items("Melody")]
    as_user(reaper, ONE.replace("items[1]", "items[2]").format(number=1, change=TO.format(pitch=60)))
    # What is selected is sent as it is, also where nobody touched it: so it is right.
    assert len(seen(reaper, "Melody")) == 2


def test_an_item_that_was_cut_or_remembers_nothing_says_nothing(reaper):
    insert(reaper, sung())
    change(reaper, 1, TO.format(pitch=72))
    as_user(reaper, EVENTS + "item.end_s = item.start_s + 1.0")
    assert seen(reaper, "Melody") is None
    assert "or were cut" in list(reaper.fake.messages.values())[-1]
    as_user(reaper, EVENTS + "fake.split(item, item.start_s + 0.5)")
    assert seen(reaper) is None
    insert(reaper, replace(sung(), request_id="abcdef-02", place_qn=32.0, sources=()))
    assert seen(reaper, "Bass") is None


def offers(reaper):
    return [text for text in reaper.fake.console.values() if "Learn from my edits" in text]


def test_edits_are_offered_once_the_user_rests(reaper):
    insert(reaper, sung())
    reaper.turn(REST_TURNS)
    change(reaper, 1, TO.format(pitch=72))
    reaper.turn(60)
    assert offers(reaper) == []
    change(reaper, 2, TO.format(pitch=74))
    change(reaper, 4, GONE)
    reaper.turn(REST_TURNS)
    (offer,) = offers(reaper)
    assert "2 notes were put into another octave, 1 note was deleted of what you sang" in offer
    # The panel and a screen reader have it too.
    assert "Learn from my edits" in reaper.lib("signals").last_said()
    reaper.turn(AGAIN_TURNS)
    assert len(offers(reaper)) == 1


def test_more_edits_are_offered_again_after_a_while_and_what_was_learnt_is_not(reaper):
    insert(reaper, sung())
    reaper.turn(REST_TURNS)
    change(reaper, 1, TO.format(pitch=72))
    reaper.turn(REST_TURNS)
    change(reaper, 2, TO.format(pitch=74))
    reaper.turn(REST_TURNS)
    assert len(offers(reaper)) == 1
    reaper.turn(AGAIN_TURNS)
    assert "2 notes were put into another octave of" in offers(reaper)[-1]
    answered(reaper, "ok")
    change(reaper, 4, GONE)
    reaper.turn(AGAIN_TURNS)
    assert "Vocal MIDI: 1 note was deleted of what you sang" in offers(reaper)[-1]


def answered(reaper, status):
    """Run the action, and let a daemon answer it."""
    spool = reaper.spool()
    spool.beat()
    reaper.action(LEARN)
    reaper.turn(2)
    (command,) = spool.take_commands()
    spool.answer(command, status, "said")
    reaper.turn(4)


def test_what_was_edited_before_the_bridge_started_or_is_undone_is_not_offered(tmp_path):
    first = InMemoryReaper(tmp_path)
    first.start()
    insert(first, sung())
    change(first, 1, TO.format(pitch=72))
    first.die(first.fake.saved(first.project))
    first.start()
    first.turn(2 * REST_TURNS)
    change(first, 2, "")
    first.turn(REST_TURNS)
    assert offers(first) == []
    change(first, 2, TO.format(pitch=74))
    change(first, 2, TO.format(pitch=62))
    first.turn(REST_TURNS)
    assert offers(first) == []
    first.check()


def test_nothing_is_looked_at_while_nothing_changes(reaper):
    insert(reaper, sung())
    reaper.turn(2 * REST_TURNS)
    before = reaper.fake.call_count
    reaper.turn(300)
    names = [name for _, name in reaper.call_names(before + 1)]
    assert "MIDI_GetAllEvts" not in names
    assert "GetMediaItem" not in names


def test_an_error_while_looking_neither_ends_the_bridge_nor_repeats_itself(reaper):
    insert(reaper, sung())
    reaper.turn(REST_TURNS)
    reaper.fail_at(lambda name, _: name == "MIDI_GetAllEvts")
    change(reaper, 1, TO.format(pitch=72))
    reaper.turn(2 * REST_TURNS)
    reaper.fail_at(None)
    change(reaper, 2, TO.format(pitch=74))
    reaper.turn(REST_TURNS)
    assert "2 notes were put into another octave" in offers(reaper)[-1]


def edited(root):
    """A Reaper whose bridge has seen a melody, which was edited since."""
    made = InMemoryReaper(root)
    made.start()
    insert(made, sung())
    made.turn(REST_TURNS)
    change(made, 1, TO.format(pitch=72))
    made.reaper_state = made.state()
    made.fake.watch_files()
    return made


def noticed_and_sent(made):
    """Let the edit be noticed, then run the action; return number and name of every call in between."""
    first = made.fake.call_count + 1
    made.turn(REST_TURNS)
    made.spool().beat()
    made.action(LEARN)
    made.turn(3)
    return made.call_names(first)


def test_a_fault_in_any_call_leaves_the_project_as_it_is_and_the_bridge_alive(tmp_path):
    calls = noticed_and_sent(edited(tmp_path / "dry"))
    kinds = sorted({name for _, name in calls} - {"defer", "time_precise"})
    assert {"MIDI_GetAllEvts", "GetProjectStateChangeCount", "io.open", "os.rename"} <= set(kinds)
    for kind in kinds:
        which = [number for number, name in calls if name == kind]
        for number in (which[0], which[-1]):
            made = edited(tmp_path / f"{kind}{number}".replace(":", ""))
            made.fail_at(lambda _, at, number=number: at == number)
            noticed_and_sent(made)
            made.fail_at(None)
            made.turn(60)
            assert made.state() == made.reaper_state, kind
            assert made.undo_titles() == ["Vocal MIDI: insert arrangement (pop)"]
            assert made.spool().bridge_state().is_alive, kind
            assert len(made.spool().take_commands()) <= 1
            made.check()


def test_reaper_s_end_at_any_file_step_leaves_a_whole_command_or_none(tmp_path):
    steps = [each for each in noticed_and_sent(edited(tmp_path / "dry")) if each[1] in FILE_CALLS]
    for number, moment in ends(steps[-8:]):
        made = edited(tmp_path / "host")
        made.stop_at(number, moment)
        noticed_and_sent(made)
        made.fake.freeze = None
        commands = made.spool().take_commands()
        assert [command.name for command in commands] in ([], [CommandName.LEARN])
        assert list((made.root / "failed").iterdir()) == []
        assert made.state() == made.reaper_state
        shutil.rmtree(tmp_path / "host")
