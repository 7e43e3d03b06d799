import random
from dataclasses import replace

import pytest

from phrase.sung import TWINKLE, sing
from vocalmidi.app.convert import make_music, phrase_settings
from vocalmidi.app.ears import CONTEXT_MODEL
from vocalmidi.app.reading import earlier_hints, lens, project_hint, read
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.errors import PhraseError
from vocalmidi.inference import open_model
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note, PartName

SETTINGS = replace(load_settings(), tempo="100", meter="4/4")


@pytest.fixture(scope="module")
def context():
    return open_model(CONTEXT_MODEL, "cpu")


def three_passes():
    """Twinkle's four bars three times in one breath; the second time a wrong note, the third time one left out."""
    chance = random.Random(5)
    tune = [(on + 16 * k, long, key) for k in range(3) for on, long, key in TWINKLE]
    tune[len(TWINKLE) + 3] = (16 + 3, 1, 66)
    del tune[2 * len(TWINKLE) + 5]
    return sing(tune, late_s=[chance.gauss(0, 0.015) for _ in tune])


def melody(conversion):
    return next([n.pitch_midi for n in p.notes] for p in conversion.arrangement.parts if p.name is PartName.MELODY)


def test_a_loop_sung_three_times_is_written_once_without_its_slips(context):
    reading = read(three_passes(), phrase_settings(SETTINGS), 4, context)
    assert [note.pitch_midi for note in reading.phrase.notes] == [key for _, _, key in TWINKLE]
    assert reading.phrase.length_qn == 16
    assert [len(each.notes) for each in reading.passes] == [14, 14, 13]


def test_a_loop_keeps_the_strength_that_was_asked_for(context):
    told = replace(phrase_settings(SETTINGS), quantise_strength=0.0)
    reading = read(three_passes(), told, 4, context)
    played = [max(0.0, note.played_start_qn) for note in reading.phrase.notes]
    assert [note.start_qn for note in reading.phrase.notes] == pytest.approx(played)
    assert any(abs(n.start_qn - round(n.start_qn)) > 1e-3 for n in reading.phrase.notes)


def test_a_recording_that_is_no_loop_is_one_phrase(context):
    reading = read(sing(TWINKLE), phrase_settings(SETTINGS), 0, context)
    assert reading.passes == ()
    assert len(reading.phrase.notes) == len(TWINKLE)


def test_a_loop_of_nothing_is_refused_in_words(context):
    nothing = replace(sing(TWINKLE), notes=())
    with pytest.raises(PhraseError, match="nothing was sung"):
        read(nothing, phrase_settings(SETTINGS), 4, context)


def test_a_locked_arrangement_is_made_of_a_phrase_that_keeps_what_was_sung(context):
    tune = [*TWINKLE[:3], (3, 1, 66), *TWINKLE[4:]]
    settings = replace(SETTINGS, key="C major", scale_lock="pentatonic")
    style = load_style("pop")
    made = make_music(sing(tune), settings, style, context, networks=None)
    assert {pitch % 12 for pitch in melody(made)} <= {0, 2, 4, 7, 9}
    assert [note.pitch_midi for note in made.phrase.notes] == [key for _, _, key in tune]
    plain = make_music(sing(tune), replace(settings, scale_lock="off"), style, context, networks=None)
    assert melody(plain) == [key for _, _, key in tune]
    assert lens(made.phrase, replace(settings, scale_lock="off")) == plain.phrase


def test_every_pass_of_a_loop_is_arranged_by_itself(context):
    made = make_music(three_passes(), replace(SETTINGS, loop_bars=4), load_style("pop"), context, networks=None)
    assert len(made.passes) == 3
    assert [len(each.parts[0].notes) for each in made.passes] == [14, 14, 13]


def test_the_notes_of_a_project_tell_the_key_of_a_phrase_that_does_not(context):
    """One C may be in many keys; the project plays A minor, E and A minor."""
    triads = [(57, 60, 64), (52, 56, 59), (57, 60, 64)]
    notes = [Note(QuarterNotes(4.0 * n), QuarterNotes(4.0), key, 80) for n, keys in enumerate(triads) for key in keys]
    told, events = phrase_settings(SETTINGS), sing([(0, 1, 72)])
    alone = read(events, told, 0, context).phrase.key
    key = read(events, replace(told, key_hints=(project_hint(notes),)), 0, context).phrase.key
    assert (key.tonic, key.mode) == (9, "minor") != (alone.tonic, alone.mode)


def later(events, seconds):
    """The same notes so much later in the recording."""
    samples = seconds * events.sample_rate_hz
    notes = tuple(replace(n, onset=n.onset + samples, offset=n.offset + samples) for n in events.notes)
    return replace(events, notes=notes, stop=events.stop + samples)


def test_the_two_phrases_sung_last_tell_the_key_of_the_next_and_none_that_is_not_over(context):
    takes = [later(sing([(0, 1, key), (1, 1, key)]), 10 * n) for n, key in enumerate((60, 62, 64))]
    known = [(take, read(take, phrase_settings(SETTINGS), 0, context).phrase) for take in takes]
    vague = later(sing(TWINKLE[:2]), 30)
    assert [hint.evidence.pitch_midi[0] for hint in earlier_hints(known[::-1], vague)] == [62, 64]
    assert [hint.evidence.pitch_midi[0] for hint in earlier_hints(known, takes[1])] == [60]
    assert earlier_hints(known, takes[0]) == ()


@pytest.mark.parametrize("octaves", [-3, -1, 0, 2])
def test_other_octaves_move_all_notes_but_those_that_would_leave_midi(context, octaves):
    phrase = read(sing(TWINKLE[:4]), phrase_settings(SETTINGS), 0, context).phrase
    pitches = (20, 60, 61, 127)
    notes = [replace(note, pitch_midi=pitch) for note, pitch in zip(phrase.notes, pitches, strict=True)]
    phrase = replace(phrase, notes=tuple(notes))
    seen = lens(phrase, replace(SETTINGS, octave=octaves))
    shift = 12 * octaves
    expected = [pitch + shift if 0 <= pitch + shift <= 127 else pitch for pitch in pitches]
    assert [note.pitch_midi for note in seen.notes] == expected
    assert [note.start_qn for note in seen.notes] == [note.start_qn for note in phrase.notes]
