"""What a user corrects in what he sang is noticed, learnt when he says so, and later phrases are read that way."""

import numpy as np
import pytest

from app.studio import RATE, Studio, quiet
from corrections import phrase
from reaper.test_bridge_insert import as_user
from reaper.test_bridge_remake import deselect
from synth import BeatboxHit, SungNote, beatbox, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.source import read_source
from vocalmidi.config import load_settings
from vocalmidi.profile import NO_HABITS, VoiceProfile, read_profile, write_profile

LEARN = "Learn from my edits"
TUNES = (
    (48, 50, 52, 53, 55, 53, 52, 50),
    (55, 53, 52, 50, 48, 50, 52, 48),
    (50, 52, 53, 55, 57, 55, 53, 50),
    (52, 48, 50, 53, 52, 55, 53, 48),
)
HIGH = (67, 69, 71, 72, 71, 69, 67, 69)
ONE = "local item = project.tracks[1].items[{item}] local events = item.take.events "
OCTAVE_UP = ONE + (
    "for _, event in ipairs(events) do local kind = event.bytes:byte(1) & 0xF0 if kind == 0x90 or kind == 0x80 then "
    "event.bytes = event.bytes:sub(1, 1) .. string.char(event.bytes:byte(2) + 12) .. event.bytes:sub(3) end end"
)


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    made = Studio(tmp_path, ears, voice_profile=str(tmp_path / "voice.json"))
    made.path = tmp_path / "voice.json"
    yield made
    made.reaper.check()


def sung(pitches, late_s=0.0):
    notes = [SungNote(0.25 + late_s + 0.5 * step, 0.42, pitch) for step, pitch in enumerate(pitches)]
    return np.concatenate([sing(notes, RATE).samples, quiet(1.0)])


def write(studio, pitches, at_s, late_s=0.0):
    """Sing to the project at `at_s`, and have it written; return the pitches of the item there."""
    studio.user(f"project.play_state, project.play_s = 1, {at_s - 4.0}")
    studio.play(quiet(4.0))
    studio.play(sung(pitches, late_s))
    studio.user("project.play_state = 0")
    studio.play(quiet(1.0))
    studio.write()
    assert studio.told == []
    return [note.pitch for note in studio.reaper.notes("Melody") if note.start_qn >= 2 * at_s - 0.01]


def up(pitches, octaves=1):
    return [pitch + 12 * octaves for pitch in pitches]


def correct(studio, number, code=OCTAVE_UP):
    as_user(studio.reaper, code.format(item=number))


def learn(studio, *numbers):
    """Run the action on the melody's items of these numbers, on none where none is given."""
    deselect(studio.reaper)
    for number in numbers:
        studio.reaper.items("Melody")[number - 1].selected = True
    studio.act(LEARN)
    return studio.said[-1]


def test_a_singer_an_octave_low_corrected_three_times_is_written_right_the_fourth_time(studio):
    for number, tune in enumerate(TUNES[:3], 1):
        assert write(studio, tune, 20.0 * number) == list(tune)
        correct(studio, number)
        said = learn(studio)
        assert ("melody sung around" in said) == (number == 3)
        assert ("no habit yet" in said) == (number < 3)
    assert "melody sung around C3 to A3 is written 1 octave higher" in studio.said[-1]
    assert write(studio, TUNES[3], 80.0) == up(TUNES[3])
    note = studio.reaper.items("Melody")[3].strings.P_NOTES
    assert "as corrected before: octave +1" in note
    # What was never corrected is written as it is sung.
    assert write(studio, HIGH, 100.0) == list(HIGH)
    assert "as corrected" not in studio.reaper.items("Melody")[4].strings.P_NOTES
    # Learnt again, nothing changes: the same notes are the same corrections.
    before = studio.path.read_bytes()
    learn(studio)
    assert studio.path.read_bytes() == before


def test_what_is_put_back_is_measured_against_what_was_heard(studio):
    """A habit has put a phrase an octave up; who puts it back down wants it as it was heard, and unlearns the habit."""
    habits = NO_HABITS
    for number in range(3):
        habits = habits.with_new(phrase(number, TUNES[0], octaves=1))
    write_profile(studio.path, VoiceProfile(studio.writer._band.ears.timbre.card.sha256, habits=habits))
    studio.writer._go_by(read_profile(studio.path))
    assert write(studio, TUNES[0], 20.0) == up(TUNES[0])
    correct(studio, 1, OCTAVE_UP.replace("+ 12", "- 12"))
    learn(studio)
    verdicts = read_profile(studio.path).habits.verdicts[-len(TUNES[0]) :]
    assert [(each.pitch_midi, each.octaves) for each in verdicts] == [(pitch, 0) for pitch in TUNES[0]]


def test_the_octave_action_is_a_correction_too_where_its_item_is_selected(studio):
    write(studio, TUNES[0], 20.0)
    studio.reaper.items("Melody")[0].selected = True
    studio.act("Octave up")
    assert studio.told == []
    learn(studio, 1)
    verdicts = read_profile(studio.path).habits.verdicts
    assert [(each.pitch_midi, each.octaves) for each in verdicts] == [(pitch, 1) for pitch in TUNES[0]]


def test_without_an_edit_there_is_nothing_to_learn(studio):
    write(studio, TUNES[0], 20.0)
    deselect(studio.reaper)
    studio.act(LEARN)
    assert "nothing to learn" in studio.told[-1]
    assert not studio.path.exists()
    studio.reaper.items("Bass")[0].selected = True
    studio.act(LEARN)
    assert "hold nothing that was sung" in studio.told[-1]


def test_where_no_profile_is_wanted_that_is_said(tmp_path, ears):
    off = Studio(tmp_path, ears, voice_profile="none")
    write(off, TUNES[0], 20.0)
    correct(off, 1)
    learn(off)
    assert "no voice profile is used" in off.told[-1]


DELETE_AND_MOVE = (
    ONE
    + """
local kept, count = {{}}, 0
for _, event in ipairs(events) do
  local kind, pitch = event.bytes:byte(1) & 0xF0, event.bytes:byte(2)
  if kind == 0x90 then count = count + 1 end
  -- The second note is deleted, the fourth is moved an eighth forward.
  local is_deleted = count == 2 and (kind == 0x90 or kind == 0x80 and pitch == 50)
  if count == 4 and kind == 0x90 then event.tick = event.tick - 480 end
  if not is_deleted then kept[#kept + 1] = event end
end
item.take.events = kept
"""
)


def test_what_was_deleted_and_moved_is_kept_with_what_was_heard(studio):
    write(studio, TUNES[0], 20.0)
    correct(studio, 1, DELETE_AND_MOVE)
    assert len(studio.reaper.notes("Melody")) == 7
    said = learn(studio)
    assert said.startswith("learnt from 8 notes of 1 phrase (1 another place, 1 deleted): no habit yet")
    verdicts = read_profile(studio.path).habits.verdicts
    assert [each.pitch_midi for each in verdicts] == list(TUNES[0])
    assert [each.index for each in verdicts if each.is_gone] == [1]
    assert [each.index for each in verdicts if each.is_moved] == [3]
    assert verdicts[3].late_s == pytest.approx(0.25, abs=0.03)
    kept = [each.late_s for each in verdicts if not (each.is_gone or each.is_moved)]
    assert np.abs(kept).max() < 0.03


def test_a_singer_who_drags_is_read_earlier_and_still_measured_against_what_was_heard(studio):
    habits, late_s = NO_HABITS, 0.05
    for number in range(3):
        habits = habits.with_new(phrase(number, TUNES[0][:2], late_s=late_s, is_moved=True))
    write(studio, TUNES[0], 20.0, late_s)
    write_profile(studio.path, VoiceProfile(studio.writer._band.ears.timbre.card.sha256, habits=habits))
    studio.writer._go_by(read_profile(studio.path))
    write(studio, TUNES[0], 40.0, late_s)
    before, after = (played_qn(item) for item in studio.reaper.items("Melody"))
    # At 120 BPM.
    assert np.subtract(before, after) == pytest.approx(2 * late_s, abs=0.02)
    assert "notes 50 ms earlier" in studio.reaper.items("Melody")[1].strings.P_NOTES
    learn(studio, 2)
    told = [each.late_s for each in read_profile(studio.path).habits.verdicts[-len(TUNES[0]) :]]
    assert told == pytest.approx([late_s] * len(TUNES[0]), abs=0.02)


def played_qn(item):
    source = read_source(item.strings["P_EXT:vocalmidi_source"], load_settings())
    return [each.played_start_qn for each in source.phrase.notes]


def test_hits_that_were_deleted_are_kept_with_the_drums(studio):
    beat = [BeatboxHit(0.3 + 0.5 * n, ("kick", "snare")[n % 2]) for n in range(8)]
    studio.user("project.play_state, project.play_s = 1, 16.0")
    studio.play(np.concatenate([quiet(4.0), beatbox(beat, RATE, seed=21).samples, quiet(1.0)]))
    studio.write()
    (drums,) = studio.reaper.items("Drums")
    sung = drums.take.strings["P_EXT:vocalmidi_timing"].count(";")
    assert sung == len(beat)
    item = "local item = project.tracks[#project.tracks].items[1] "
    as_user(studio.reaper, item + DELETE_FIRST_SNARE)
    deselect(studio.reaper)
    studio.act(LEARN)
    assert "(1 deleted)" in studio.said[-1]
    verdicts = read_profile(studio.path).habits.verdicts
    assert {each.kind for each in verdicts} == {"hit"}
    assert [each.index for each in verdicts if each.is_gone] == [1]


DELETE_FIRST_SNARE = """
local kept, gone = {}, 0
for _, event in ipairs(item.take.events) do
  local is_snare = #event.bytes == 3 and event.bytes:byte(2) == 38
  if is_snare and gone < 2 then gone = gone + 1 else kept[#kept + 1] = event end
end
item.take.events = kept
"""


def test_an_item_whose_memory_can_not_be_read_keeps_no_other_from_being_learnt_from(studio):
    for at_s in (20.0, 40.0):
        write(studio, TUNES[0], at_s)
    first, second = studio.reaper.items("Melody")
    first.strings["P_EXT:vocalmidi_source"] = '{"version": 1}'
    assert learn(studio, 1, 2).startswith("learnt from 8 notes of 1 phrase (none changed)")
    second.strings["P_EXT:vocalmidi_source"] = "[]"
    before = studio.path.read_bytes()
    learn(studio, 1, 2)
    assert "what the item remembers of its phrase can't be read" in studio.told[-1]
    assert studio.path.read_bytes() == before
