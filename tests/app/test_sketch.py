"""What of live events is drawn, and where: by hand-made events and pieces, without sound."""

from dataclasses import replace

import pytest

from vocalmidi.app.sketch import Look, Sketch, is_like, look_of
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.reaper import MAX_DRAFT_NOTES
from vocalmidi.transport import BarLine, Began, Knot, Piece, ProjectGrid
from vocalmidi.values import (
    HitEvent,
    HitLabel,
    HitRevision,
    LiveHit,
    Meter,
    NoteOff,
    NoteOn,
    NoteRevision,
    PartName,
    TempoMap,
    Trigger,
)

RATE = 1000
STYLE = load_style("pop")
LOOK = Look(STYLE, PartName.MELODY, has_drums=True)
ID = "abcdef-01"


def grid(meter=None):
    return ProjectGrid(TempoMap.constant(120.0), (BarLine(0.0, meter or Meter(4, 4)),))


def piece(start, stop, project_s, began=Began.PLAY, meter=None):
    """Samples [start, stop) played from `project_s` on at 120 BPM: a second is 1000 samples and 2 QN."""
    knots = (Knot(float(start), project_s), Knot(float(stop), project_s + (stop - start) / RATE))
    return Piece(start, stop, knots, grid(meter), RATE, began)


WHOLE = (piece(0, 100_000, 10.0),)


def on(number, onset, pitch, velocity=80):
    return NoteOn(number, onset, pitch, velocity, 0.9, onset + 50)


def hit(number, onset, label=HitLabel.KICK, trigger=None):
    return LiveHit(number, HitEvent(onset, label, 100, 0.9, trigger), onset + 20)


def drawn(*events, pieces=WHOLE, look=LOOK, start=0):
    sketch = Sketch(look, start)
    for event in events:
        sketch.take(event)
    return sketch.draft(ID, pieces)


def rows(draft):
    """Return part, place in the project, length and pitch of each note."""
    return [
        (part.name, draft.place_qn + note.start_qn, note.length_qn, note.pitch_midi)
        for part in draft.parts
        for note in part.notes
    ]


def test_a_note_lies_where_the_project_was_when_it_was_sung_after_a_bar_line():
    draft = drawn(on(1, 1500, 62.3), NoteOff(1, 2000, 2100))
    # 11.5 s at 120 BPM is QN 23; its bar begins at 20.
    assert (draft.place_qn, draft.length_qn) == (20.0, 4.0)
    assert rows(draft) == [(PartName.MELODY, 23.0, 1.0, 62)]


def test_a_note_that_still_sounds_is_as_long_as_was_heard():
    draft = drawn(on(1, 0, 60.0), hit(1, 3000))
    assert rows(draft)[0][2] == pytest.approx(2 * 3.02)
    assert draft.length_qn == 8.0


def test_a_note_that_has_just_begun_is_seen():
    assert rows(drawn(NoteOn(1, 1000, 60.0, 80, 0.9, 1000)))[0][2] > 0


def test_what_is_said_later_of_a_note_or_a_hit_holds():
    draft = drawn(
        on(1, 0, 60.0),
        NoteRevision(1, 62.0, 0.9, 300),
        hit(1, 1000, HitLabel.KICK),
        HitRevision(1, HitEvent(1000, HitLabel.SNARE, 90, 0.9), 1100),
    )
    assert [row[3] for row in rows(draft)] == [62, 38]


def test_a_sound_of_the_users_own_plays_its_key():
    assert rows(drawn(hit(1, 0, trigger=Trigger("pff", 56))))[0][3] == 56


def test_a_hit_of_no_known_class_plays_the_drum_of_the_style():
    assert rows(drawn(hit(1, 0, HitLabel.OTHER)))[0][3] == STYLE.other_key


def test_bars_are_those_of_the_project():
    draft = drawn(on(1, 2000, 60.0), NoteOff(1, 2400, 2500), pieces=(piece(0, 9000, 10.0, meter=Meter(7, 8)),))
    # QN 24 in bars of 3.5 from 0: 21 to 24.5, and it ends in the next, at 24.8.
    assert (draft.place_qn, draft.length_qn) == (21.0, 7.0)


LOOPED = (piece(0, 4000, 10.0), piece(4000, 8000, 10.0, Began.LOOP))


def test_a_pass_of_a_loop_is_drawn_until_the_next_one_has_a_note():
    first = (on(1, 500, 60.0), NoteOff(1, 900, 950))
    assert [row[1] for row in rows(drawn(*first, pieces=LOOPED))] == [21.0]
    both = (*first, on(2, 4500, 62.0), NoteOff(2, 4900, 4950))
    assert [(row[1], row[3]) for row in rows(drawn(*both, pieces=LOOPED))] == [(21.0, 62)]


def test_who_comes_in_a_little_early_means_the_pass_to_come():
    draft = drawn(on(1, 3960, 60.0), NoteOff(1, 4500, 4600), pieces=LOOPED)
    assert draft.place_qn == 16.0  # the bar before: 40 ms before QN 20
    assert rows(draft)[0][1] == pytest.approx(19.92)


def test_what_was_sung_before_the_recording_began_is_left_out():
    assert drawn(on(1, 500, 60.0), NoteOff(1, 900, 950), hit(1, 800), start=1000) is None


def test_where_nothing_was_played_nothing_is_drawn():
    assert drawn(on(1, 500, 60.0), pieces=()) is None
    assert drawn() is None


def test_before_the_start_of_the_project_nothing_is_drawn():
    assert drawn(on(1, 0, 60.0), NoteOff(1, 300, 400), pieces=(piece(0, 9000, -2.0),)) is None


def test_of_too_many_the_last_are_drawn():
    hits = [hit(number, 10 * number) for number in range(MAX_DRAFT_NOTES + 50)]
    draft = drawn(*hits)
    assert len(rows(draft)) == MAX_DRAFT_NOTES
    assert max(row[1] for row in rows(draft)) == pytest.approx(20.0 + 0.02 * (MAX_DRAFT_NOTES + 49))


def test_a_hair_of_a_shift_is_the_same_picture_and_anything_else_another():
    def at(shift, pitch=60.0, velocity=80, stop=500):
        later = (piece(0, 100_000, 10.0 + shift),)
        return drawn(on(1, 0, pitch, velocity), NoteOff(1, stop, 600), pieces=later)

    assert is_like(at(0.0), at(0.004))
    assert not is_like(at(0.0), at(0.02))
    assert not is_like(at(0.0), at(0.0, pitch=61.0))
    assert not is_like(at(0.0), at(0.0, velocity=81))
    assert not is_like(at(0.0), at(0.0, stop=700))
    assert not is_like(at(0.0), drawn(on(1, 0, 60.0), NoteOff(1, 500, 600), hit(1, 900)))


def test_the_settings_say_which_part_is_drawn_and_in_which_octave():
    settings = load_settings()
    assert look_of(settings, STYLE) == LOOK
    assert look_of(replace(settings, octave=-1), STYLE).octave == -1
    assert look_of(replace(settings, instrument="bass"), STYLE).sung is PartName.BASS
    assert look_of(replace(settings, instrument="drums"), STYLE).sung is None
    only_melody = look_of(replace(settings, parts="melody"), STYLE)
    assert (only_melody.sung, only_melody.has_drums) == (PartName.MELODY, False)
    assert [row[3] for row in rows(drawn(on(1, 0, 60.0), look=replace(LOOK, octave=-1)))] == [48]
    assert [row[3] for row in rows(drawn(on(1, 0, 5.0), look=replace(LOOK, octave=-1)))] == [5]
    assert drawn(on(1, 0, 60.0), hit(1, 5), look=Look(STYLE, None, has_drums=False)) is None
