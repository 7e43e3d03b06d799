"""Sung notes go where the instrument belongs, whole and in its register; the rest of the band stays as it was."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.arrange import load_style
from vocalmidi.arrange.routing import in_register
from vocalmidi.arrange.style import Span
from vocalmidi.errors import ArrangeError
from vocalmidi.values import HitLabel, Note, Origin, PartName, PhraseHit

POP = load_style("pop")


def parts_of(instrument, phrase=None):
    made = arranged(phrase or phrase_of(TWINKLE), POP, 1, instrument=instrument)
    return {part.name.value: part for part in made.parts}


def tune(part):
    return [(note.start_qn, note.pitch_midi % 12) for note in part.notes]


def test_a_lead_is_what_a_melody_is_without_being_asked():
    assert arranged(phrase_of(TWINKLE), POP, 1, instrument="lead") == arranged(phrase_of(TWINKLE), POP, 1)


def test_a_bass_is_written_in_the_bass_part_and_register_and_nowhere_else():
    lead, bass = parts_of("lead"), parts_of("bass")
    assert tune(bass["bass"]) == tune(lead["melody"])
    register = POP.bass.register
    assert all(register.low <= note.pitch_midi <= register.high for note in bass["bass"].notes)
    assert bass["melody"].notes == ()
    assert (bass["chords"], bass["drums"]) == (lead["chords"], lead["drums"])
    assert bass["bass"].program == lead["bass"].program


def test_a_pad_is_sung_as_the_top_of_chords_in_the_sung_rhythm():
    lead, pad = parts_of("lead"), parts_of("pad")
    sung = {(note.start_qn, note.pitch_midi) for note in lead["melody"].notes}
    assert sung <= {(note.start_qn, note.pitch_midi) for note in pad["chords"].notes}
    assert (pad["melody"].notes, pad["chords"].program) == ((), 89)
    chords = arranged(phrase_of(TWINKLE), POP, 1).chords
    starts = {note.start_qn for note in pad["chords"].notes}
    assert starts <= {start for start, _ in sung} | {chord.start_qn for chord in chords}
    for start, key in sung:
        others = [note.pitch_midi for note in pad["chords"].notes if note.start_qn == start and note.pitch_midi != key]
        assert len(others) >= 2
        assert max(others) < key
    assert (pad["bass"], pad["drums"]) == (lead["bass"], lead["drums"])


def test_a_voice_too_low_for_chords_below_has_them_above():
    low = phrase_of([(at, length, key - 24) for at, length, key in TWINKLE])
    pad = parts_of("pad", low)["chords"].notes
    for sung in (note for note in pad if note.origin is Origin.SUNG):
        assert sum(note.start_qn == sung.start_qn and note.pitch_midi > sung.pitch_midi for note in pad) >= 2


@pytest.mark.parametrize(("instrument", "program"), [("brass", 61), ("pluck", 45)])
def test_brass_and_plucks_are_melodies_of_another_sound(instrument, program):
    lead, other = parts_of("lead"), parts_of(instrument)
    assert other["melody"] == replace(lead["melody"], program=program)
    assert all(other[name] == lead[name] for name in ("chords", "bass", "drums"))


def test_drums_keep_the_hits_and_drop_what_rang_like_notes():
    hit = PhraseHit(0.0, 0.0, HitLabel.KICK, 100, 0.9)
    struck = replace(phrase_of(TWINKLE), hits=(hit,))
    made = parts_of("drums", struck)
    assert made["melody"].notes == made["bass"].notes == ()
    assert made["drums"].notes
    with pytest.raises(ArrangeError, match="no hit was heard"):
        arranged(phrase_of(TWINKLE), POP, 1, instrument="drums")


def test_an_instrument_whose_part_was_not_asked_for_is_refused():
    with pytest.raises(ArrangeError, match="written in part bass"):
        arranged(phrase_of(TWINKLE), POP, 1, {PartName.MELODY}, instrument="bass")
    assert arranged(phrase_of(TWINKLE), POP, 1, {PartName.DRUMS}, instrument="brass").parts


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 127), min_size=1, max_size=12), st.integers(20, 60), st.integers(12, 30))
def test_a_tune_keeps_its_pitch_classes_in_any_register_of_an_octave_or_more(keys, low, width):
    moved = in_register([Note(float(k), 1.0, key, 90) for k, key in enumerate(keys)], Span(low, low + width))
    assert [note.pitch_midi % 12 for note in moved] == [key % 12 for key in keys]
    assert all(low <= note.pitch_midi <= low + width for note in moved)


def test_a_tune_that_fits_a_register_keeps_its_shape():
    keys = [60, 64, 67, 62]
    moved = in_register([Note(float(k), 1.0, key, 90) for k, key in enumerate(keys)], Span(28, 50))
    assert [note.pitch_midi for note in moved] == [key - 24 for key in keys]
