"""Notes are read earlier, left out and put into another octave as was corrected before, each within its bounds."""

from dataclasses import replace

import pytest

from app.test_source import SETTINGS, SMALL
from arrange.phrases import TWINKLE, phrase_of
from corrections import hit, note, phrase
from vocalmidi.app.corrected import UNUSED, Used, corrected, in_usual_octave, in_words, used_of
from vocalmidi.app.source import read_source, source_text
from vocalmidi.app.takes import Sung, Take
from vocalmidi.profile import NO_HABITS
from vocalmidi.transport import BarLine, Knot, Piece, ProjectGrid
from vocalmidi.units import samples_to_seconds
from vocalmidi.values import BendPoint, Events, HitEvent, HitLabel, LevelPoint, Meter, NoteEvent, PartName, TempoMap

RATE = 16000
GRID = ProjectGrid(TempoMap.constant(120.0), (BarLine(0.0, Meter()),))


def piece(from_s=0.0):
    """The project from `from_s` on, in step with the sound."""
    return Piece(0, 60 * RATE, (Knot(0, from_s), Knot(60 * RATE, from_s + 60.0)), GRID, RATE)


def sung_note(at_s, sure=0.9):
    start = round(at_s * RATE)
    curve = (BendPoint(start, 0.0), BendPoint(start + 100, 20.0))
    return NoteEvent(start, start + 4000, 60.0, 90, sure, curve, level=(LevelPoint(start, -20.0),))


def take(at_s=(1.0, 2.0, 3.0, 4.0), where=None, sure=()):
    confidences = [*sure, *[0.9] * (len(at_s) - len(sure))]
    notes = tuple(sung_note(at, each) for at, each in zip(at_s, confidences, strict=True))
    hits = tuple(HitEvent(round(at * RATE) + 8, HitLabel.KICK, 90, 0.9) for at in at_s)
    return Take((Sung(Events(0, 10 * RATE, RATE, notes, hits), where),))


def late_singer(late_s=0.05, count=3):
    habits = NO_HABITS
    for number in range(count):
        habits = habits.with_new([note(number, index, 60, late_s=late_s, is_moved=True) for index in range(3)])
    return habits


def read(heard, habits):
    return corrected(heard, habits, used_of(heard, habits)).last.events


def onsets_s(events):
    return [samples_to_seconds(each.onset, RATE) for each in events.notes]


def test_without_corrections_everything_is_read_as_it_is_heard():
    for where in (None, piece()):
        heard = take(where=where)
        assert read(heard, NO_HABITS) == heard.last.events
        assert used_of(heard, NO_HABITS) == replace(UNUSED, on_project=where is not None)


def test_a_late_singer_s_notes_come_earlier_with_their_curves_and_his_hits_stay():
    heard = take(where=piece())
    events = read(heard, late_singer())
    assert onsets_s(events) == pytest.approx([0.95, 1.95, 2.95, 3.95], abs=1e-3)
    for new, old in zip(events.notes, heard.last.events.notes, strict=True):
        early = old.onset - new.onset
        assert new.offset == old.offset - early
        assert [point.at for point in new.bend] == [point.at - early for point in old.bend]
        assert [point.at for point in new.level] == [point.at - early for point in old.level]
    assert events.hits == heard.last.events.hits


def test_who_sings_to_no_project_is_late_to_nothing():
    assert onsets_s(read(take(), late_singer())) == [1.0, 2.0, 3.0, 4.0]


def test_nothing_is_read_to_be_before_the_project_s_beginning():
    heard = take(at_s=(1.0, 2.0), where=piece(-0.97))
    assert onsets_s(read(heard, late_singer())) == [1.0, 2.0]
    assert used_of(heard, late_singer()).notes_early_s == 0.0
    assert used_of(take(where=piece(-0.9)), late_singer()).notes_early_s == pytest.approx(0.05)
    # A singer who is early is read later, wherever that is.
    assert onsets_s(read(heard, late_singer(-0.05))) == pytest.approx([1.05, 2.05], abs=1e-3)


def test_a_note_at_the_very_beginning_of_the_sound_stays_within_it():
    heard = take(at_s=(0.02, 1.0), where=piece(5.0))
    assert onsets_s(read(heard, late_singer())) == pytest.approx([0.0, 0.95], abs=1e-3)


def test_doubtful_notes_are_left_out_and_counted():
    habits = NO_HABITS
    for number in range(3):
        ghosts = [note(number, index, 60, sure=0.3, is_gone=True) for index in range(2)]
        kept = [note(number, 2 + index, 60) for index in range(5)]
        habits = habits.with_new([*ghosts, *kept, hit(number, 0), hit(number, 1)])
    heard = take(at_s=range(1, 9), sure=(0.2, 0.9, 0.25))
    assert onsets_s(read(heard, habits)) == [2.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert used_of(heard, habits).left_out == 2
    # Of a phrase most of which is doubtful, only the most doubtful go.
    assert len(read(take(at_s=range(1, 9), sure=(0.2,) * 8), habits).notes) == 6


def test_a_phrase_is_put_into_its_singer_s_octave_beside_the_one_asked_for():
    tune = phrase_of(TWINKLE)
    pitches = [each.pitch_midi for each in tune.notes]
    habits = NO_HABITS
    for number in range(3):
        habits = habits.with_new(phrase(number, pitches, octaves=1))
    put = in_usual_octave(tune, habits, PartName.MELODY, -1, UNUSED)
    assert (put.phrase, put.octave, put.used.asked_octave) == (tune, 0, -1)
    assert in_words(put.used, put.octave) == "as corrected before: octave +1"
    assert in_usual_octave(tune, habits, PartName.MELODY, 3, UNUSED).octave == 3
    assert in_usual_octave(tune, habits, PartName.BASS, 0, UNUSED).octave == 0


def test_one_note_among_others_is_put_back_and_remembered():
    tune = phrase_of(TWINKLE)
    low = replace(tune.notes[2], pitch_midi=tune.notes[2].pitch_midi - 12)
    misheard = replace(tune, notes=(*tune.notes[:2], low, *tune.notes[3:]))
    pitches = [each.pitch_midi for each in tune.notes]
    habits = NO_HABITS
    for number in range(3):
        habits = habits.with_new([*phrase(number, pitches), note(number, 99, low.pitch_midi, octaves=1)])
    put = in_usual_octave(misheard, habits, PartName.MELODY, 0, UNUSED)
    assert put.phrase == tune
    assert put.used.octaves == (0, 0, 1, *[0] * (len(pitches) - 3))
    assert in_words(put.used, 0) == "as corrected before: 1 note put into another octave"


def test_what_is_owed_to_habits_is_kept_with_the_item_and_missed_by_older_ones():
    used = Used(True, 0.051, -0.02, 3, -1, (0, 1, 0))
    source = replace(SMALL, used=used)
    assert read_source(source_text(source), SETTINGS) == source
    assert read_source(source_text(SMALL), SETTINGS).used is None
    said = "as corrected before: octave +2, 1 note put into another octave, notes 51 ms earlier, hits 20 ms later, "
    assert in_words(used, 1) == said + "3 doubtful left out"
