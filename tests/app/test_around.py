"""The daemon and the real scripts together: an arrangement around what is there, ours or the user's own."""

import pytest

from app.studio import Studio
from app.test_remaking import PITCHES, act, changed, takes
from reaper.test_bridge_insert import as_user
from reaper.test_bridge_remake import ROLL, ROLL_ALL, TRACKS, deselect, transpose
from vocalmidi.app.ears import open_ears
from vocalmidi.app.source import read_source
from vocalmidi.config import load_settings

ARRANGE = "Arrange"
SOURCE = "P_EXT:vocalmidi_source"
OWN_ITEM = """
api.InsertTrackInProject(project, #project.tracks, 0)
local track = project.tracks[#project.tracks]
track.strings.P_NAME = '{name}'
local item = fake.new_item(track, {start_s}, {start_s} + {beats} / 2, true)
local events = {{}}
for _, note in ipairs({{ {notes} }}) do
  local on, off = math.floor(note[1] * 960), math.floor((note[1] + note[2]) * 960)
  events[#events + 1] = {{ tick = on, flags = 0, bytes = string.char(0x90 + {channel}, note[3], 90) }}
  events[#events + 1] = {{ tick = off, flags = 0, bytes = string.char(0x80 + {channel}, note[3], 0) }}
end
table.sort(events, function(a, b)
  if a.tick ~= b.tick then return a.tick < b.tick end
  return a.bytes < b.bytes
end)
events[#events + 1] = {{ tick = {beats} * 960, flags = 0, bytes = string.char(0xB0, 123, 0) }}
item.take.events, item.selected = events, true
"""


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def empty(tmp_path, ears):
    made = Studio(tmp_path, ears)
    yield made
    made.reaper.check()


@pytest.fixture
def studio(empty):
    """A studio in which the tune was sung at bar 3 and written."""
    empty.write_tune()
    empty.user("project.play_state = 0")
    return empty


def draw(studio, name, notes, *, start_s=4.0, beats=8, channel=0):
    """Draw an item on a track of the user's own, and select it: notes as (start, length, key) in quarter notes."""
    rows = ", ".join(f"{{ {start}, {length}, {pitch} }}" for start, length, pitch in notes)
    studio.user(OWN_ITEM.format(name=name, notes=rows, start_s=start_s, beats=beats, channel=channel))


def delete(studio, *names):
    for name in names:
        studio.user(
            f"api.DeleteTrackMediaItem(project.tracks[{TRACKS[name]}], project.tracks[{TRACKS[name]}].items[1])"
        )


def arrange(studio):
    """Run the action on what is selected."""
    studio.act(ARRANGE)


def written(studio):
    return {name for name in TRACKS if any(item.strings[SOURCE] for item in studio.reaper.items(name))}


def starts(studio):
    return {name: [item.start_s for item in studio.reaper.items(name)] for name in TRACKS if studio.reaper.items(name)}


def test_parts_that_were_deleted_come_back_as_they_were(studio):
    before = takes(studio)
    delete(studio, "Drums", "Chords")
    act(studio, ARRANGE, "Melody")
    assert studio.told == []
    assert takes(studio) == before
    assert studio.said[-1] == "arranged Chords, Bass, Drums"
    assert studio.reaper.undo_titles()[-1] == "Vocal MIDI: arrange Chords, Bass, Drums"
    # They are of the same arrangement again.
    act(studio, ROLL_ALL, "Melody")
    assert {"Chords", "Drums"} <= changed(before, takes(studio))


def test_the_parts_follow_an_edited_melody_and_it_stays(studio):
    for pitch in sorted(set(PITCHES), reverse=True):
        transpose(studio.reaper, "Melody", pitch, by=6)
    delete(studio, "Bass")
    before = takes(studio)
    act(studio, ARRANGE, "Melody")
    assert studio.told == []
    assert {"Chords", "Bass"} <= changed(before, takes(studio))
    assert takes(studio)["Melody"] == before["Melody"]
    sung = {(pitch + 6) % 12 for pitch in PITCHES}
    tones = {note.pitch % 12 for note in studio.reaper.notes("Chords")}
    assert len(tones & sung) >= len(tones) / 2


def test_what_is_selected_edited_or_locked_stays_and_the_rest_goes_by_it(studio):
    studio.user("project.tracks[4].items[1].lock = 1")
    transpose(studio.reaper, "Chords", studio.reaper.notes("Chords")[0].pitch)
    before = takes(studio)
    act(studio, ROLL, "Bass")
    rolled = takes(studio)
    act(studio, ARRANGE, "Chords")
    assert studio.told == []
    assert changed(rolled, takes(studio)) <= {"Bass"}
    assert changed(before, takes(studio)) == {"Bass"}


def test_with_nothing_selected_it_is_the_newest_arrangement(studio):
    before = takes(studio)
    delete(studio, "Bass")
    act(studio, ARRANGE)
    assert studio.told == []
    assert takes(studio) == before


def test_where_all_stays_the_user_is_told(studio):
    studio.user("for index = 2, 4 do project.tracks[index].items[1].lock = 1 end")
    before = studio.reaper.state()
    act(studio, ARRANGE, "Melody")
    assert "all parts are there" in studio.told[-1]
    assert studio.reaper.state() == before


TUNE_OF_OWN = [(step, 0.9, pitch) for step, pitch in enumerate((60, 64, 67, 64, 65, 69, 67, 62))]


def test_a_tune_of_the_users_own_gets_chords_bass_and_drums_at_its_place(empty):
    draw(empty, "my hum", TUNE_OF_OWN)
    own = empty.reaper.fake.item_state(empty.reaper.items("my hum")[0])
    before = empty.reaper.state()
    arrange(empty)
    assert empty.told == []
    assert starts(empty) == {name: [4.0] for name in ("Chords", "Bass", "Drums")}
    assert empty.reaper.items("my hum")[0].take.strings.P_NAME is None
    now = empty.reaper.fake.item_state(empty.reaper.items("my hum")[0])
    assert now.splitlines()[1:] == own.splitlines()[1:], "his notes are untouched"
    tones = {note.pitch % 12 for note in empty.reaper.notes("Chords")}
    assert len(tones & {0, 2, 4, 5, 7, 9}) >= len(tones) - 1
    assert "around melody" in empty.reaper.items("Bass")[0].strings.P_NOTES
    source = read_source(empty.reaper.items("Bass")[0].strings[SOURCE], load_settings())
    assert (source.phrase.key.tonic, source.phrase.key.mode) == (0, "major")
    assert source.making.heard is None
    empty.reaper.fake.undo(empty.reaper.project)
    assert empty.reaper.state() == before


def test_afterwards_his_item_is_part_of_the_arrangement_and_never_overwritten(empty):
    draw(empty, "my hum", TUNE_OF_OWN)
    arrange(empty)
    own, before = empty.reaper.fake.midi_text(empty.reaper.items("my hum")[0].take), takes(empty)
    act(empty, ROLL_ALL, "Drums")
    assert empty.told == []
    assert "Drums" in changed(before, takes(empty))
    assert empty.reaper.fake.midi_text(empty.reaper.items("my hum")[0].take) == own
    # He changes it, and has the rest follow.
    empty.user(
        "for _, event in ipairs(project.tracks[1].items[1].take.events) do local kind = event.bytes:byte(1) & 0xF0 "
        "if kind ~= 0xB0 then event.bytes = event.bytes:sub(1, 1) .. string.char(event.bytes:byte(2) + 3) .. "
        "event.bytes:sub(3) end end"
    )
    rolled = takes(empty)
    deselect(empty.reaper)
    empty.reaper.items("my hum")[0].selected = True
    arrange(empty)
    assert empty.told == []
    assert {"Chords", "Bass"} <= changed(rolled, takes(empty))


CHORDS_OF_OWN = [(0, 4, pitch) for pitch in (57, 60, 64)] + [(4, 4, pitch) for pitch in (55, 59, 62)]


def test_chords_of_the_users_own_are_the_harmony_and_get_no_melody(empty):
    draw(empty, "Rhodes", CHORDS_OF_OWN)
    arrange(empty)
    assert empty.told == []
    assert starts(empty) == {name: [4.0] for name in ("Bass", "Drums")}
    source = read_source(empty.reaper.items("Bass")[0].strings[SOURCE], load_settings())
    assert [(chord.start_qn, chord.root, chord.quality) for chord in source.chords] == [
        (0.0, 9, "min"),
        (4.0, 7, "maj"),
    ]
    bass = [(note.start_qn - 8.0, note.pitch % 12) for note in empty.reaper.notes("Bass")]
    assert [next(pitch for start, pitch in bass if start > bar - 0.1) for bar in (0, 4)] == [9, 7]


def test_a_bass_without_a_name_is_known_by_its_notes(empty):
    draw(empty, "", [(0, 2, 36), (2, 2, 36), (4, 2, 41), (6, 2, 43)])
    arrange(empty)
    assert empty.told == []
    assert starts(empty) == {name: [4.0] for name in ("Chords", "Drums")}
    assert "around bass" in empty.reaper.items("Drums")[0].strings.P_NOTES


def test_a_tune_and_drums_of_his_own_leave_chords_and_bass(empty):
    draw(empty, "", TUNE_OF_OWN)
    draw(empty, "Beat", [(beat, 0.25, key) for beat in range(8) for key in (36, 42)], channel=9)
    arrange(empty)
    assert empty.told == []
    assert set(starts(empty)) == {"Chords", "Bass"}
    assert empty.said[-1] == "arranged Chords, Bass"


def test_an_item_within_a_bar_is_arranged_from_its_bar_line_on(empty):
    draw(empty, "Lead", [(0, 1, 67), (1, 1, 64), (2, 2, 60)], start_s=5.0, beats=4)
    arrange(empty)
    assert set(map(tuple, starts(empty).values())) == {(4.0,)}


def test_his_own_tune_that_has_grown_is_arranged_to_its_end(empty):
    draw(empty, "my hum", TUNE_OF_OWN)
    arrange(empty)
    assert {item.end_s for name in ("Chords", "Bass") for item in empty.reaper.items(name)} == {8.0}
    empty.user("api.DeleteTrackMediaItem(project.tracks[1], project.tracks[1].items[1])")
    draw(empty, "my hum", [*TUNE_OF_OWN, (8, 4, 60), (12, 4, 67)], beats=16)
    # The item of the same arrangement, edited.
    group = empty.reaper.items("Bass")[0].strings["P_EXT:vocalmidi_group"]
    item = empty.reaper.items("my hum")[-1]
    item.strings["P_EXT:vocalmidi_group"], item.strings["P_EXT:vocalmidi_part"] = group, "melody"
    arrange(empty)
    assert empty.told == []
    assert {item.end_s for name in ("Chords", "Bass") for item in empty.reaper.items(name)} == {12.0}


def test_his_own_bass_joins_the_arrangement_that_is_selected_with_it(studio):
    delete(studio, "Bass")
    before = takes(studio)
    deselect(studio.reaper)
    studio.reaper.items("Melody")[0].selected = True
    draw(studio, "my bass", [(0, 4, 40), (4, 4, 35)])
    arrange(studio)
    assert studio.told == []
    assert takes(studio)["Bass"] == []
    assert studio.said[-1] == "arranged Chords, Drums"
    act(studio, ROLL_ALL, "Drums")
    assert studio.told == []
    own = studio.reaper.items("my bass")[0]
    assert own.strings["P_EXT:vocalmidi_part"] == "bass"
    assert takes(studio)["Melody"] == before["Melody"]


def test_his_own_part_beside_one_of_ours_is_told(studio):
    deselect(studio.reaper)
    studio.reaper.items("Melody")[0].selected = True
    draw(studio, "my bass", [(0, 4, 40)])
    before = studio.reaper.state()
    arrange(studio)
    assert "two items of bass" in studio.told[-1]
    assert studio.reaper.state() == before


def test_metre_and_tempo_are_those_at_his_item_wherever_the_cursor_stands(empty):
    empty.user(
        "fake.set_markers(project, { { time_s = 0, bpm = 120, beats = 4, unit = 4, glides = false }, "
        "{ time_s = 8, bpm = 90, beats = 3, unit = 4, glides = false } })"
    )
    draw(empty, "Lead", [(0, 1, 67), (1, 1, 64), (2, 1, 60), (3, 3, 62)], start_s=8.0, beats=9)
    arrange(empty)
    assert empty.told == []
    phrase = read_source(empty.reaper.items("Bass")[0].strings[SOURCE], load_settings()).phrase
    assert (phrase.meter.beats, phrase.meter.unit, phrase.length_qn) == (3, 4, 6.0)
    assert phrase.tempo_map.points[0].tempo_qpm == pytest.approx(90.0)


def test_drums_alone_are_told_to_be_too_little(empty):
    draw(empty, "Beat", [(beat, 0.25, 36) for beat in range(8)], channel=9)
    before = empty.reaper.state()
    arrange(empty)
    assert "drums alone tell no chords" in empty.told[-1]
    assert empty.reaper.state() == before


def test_two_items_of_one_part_and_items_without_notes_are_told(empty):
    draw(empty, "Lead", TUNE_OF_OWN)
    draw(empty, "Lead 2", TUNE_OF_OWN)
    arrange(empty)
    assert "two items of melody" in empty.told[-1]
    deselect_all(empty)
    draw(empty, "Empty", [])
    arrange(empty)
    assert "hold no notes" in empty.told[-1]


def test_without_anything_to_arrange_the_user_is_told(empty):
    arrange(empty)
    assert "Select a MIDI item to arrange around" in empty.told[-1]


def deselect_all(studio):
    as_user(
        studio.reaper, "for _, t in ipairs(project.tracks) do for _, i in ipairs(t.items) do i.selected = nil end end"
    )
