"""What stays of an earlier arrangement, and what the new parts go by."""

from dataclasses import replace

import pytest

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.app.keeping import TAKES, Earlier, heard_anew, is_same_take, kept_of, until_new
from vocalmidi.arrange import Kept, load_style
from vocalmidi.values import Chord, Note, Part, PartName

PHRASE = phrase_of(TWINKLE)
STYLE = load_style("pop")
MADE = arranged(PHRASE, STYLE, 1)
MELODY, CHORDS, BASS, DRUMS = MADE.parts


def with_notes(part, *notes):
    return replace(part, notes=tuple(Note(*note, 80) for note in notes))


def test_chords_stay_with_what_was_written_to_them_and_only_then():
    assert kept_of(Earlier((BASS,), chords=MADE.chords), "lead") == Kept((BASS,), MADE.chords)
    assert kept_of(Earlier((MELODY, DRUMS), chords=MADE.chords), "lead") == Kept((MELODY, DRUMS))
    # A sung bass was not written to chords.
    assert kept_of(Earlier((BASS,), chords=MADE.chords), "bass") == Kept((BASS,))


def test_edited_chords_are_what_the_others_follow():
    part = with_notes(CHORDS, *((0.0, 16.0, pitch) for pitch in (53, 57, 60)))
    kept = kept_of(Earlier((part,), frozenset({PartName.CHORDS}), (Chord(0.0, 16.0, 0, "maj", 0),)), "lead")
    assert kept.chords == (Chord(0.0, 16.0, 5, "maj", 5),)
    made = arranged(PHRASE, STYLE, 1, kept=kept)
    assert made.parts[1] == part
    assert made.chords == kept.chords
    tones = [note.pitch_midi % 12 for note in made.parts[2].notes]
    assert tones
    assert set(tones) <= {5, 9, 0}


def test_an_edited_melody_is_the_phrase_now_and_an_untouched_one_is_not():
    part = with_notes(MELODY, (0.0, 1.0, 62), (0.0, 3.0, 74), (1.5, 4.0, 76), (15.0, 4.0, 77), (16.0, 1.0, 79))
    assert heard_anew(PHRASE, Earlier((part,)), "lead") == PHRASE
    heard = heard_anew(PHRASE, Earlier((part,), frozenset({PartName.MELODY})), "lead")
    # The higher of two at once; none over the next; none of what goes on after the phrase.
    notes = [(note.start_qn, note.length_qn, note.pitch_midi) for note in heard.notes]
    assert notes == [(0.0, 1.5, 74), (1.5, 4.0, 76), (15.0, 1.0, 77)]
    assert heard.length_qn == PHRASE.length_qn


def test_a_melody_edited_into_another_key_is_in_that_key_and_one_wrong_note_changes_none():
    notes = MELODY.notes
    moved = replace(MELODY, notes=tuple(replace(note, pitch_midi=note.pitch_midi + 6) for note in notes))
    edited = frozenset({PartName.MELODY})
    key = heard_anew(PHRASE, Earlier((moved,), edited), "lead").key
    assert (key.tonic, key.mode) == (6, "major")
    slipped = replace(MELODY, notes=(replace(notes[0], pitch_midi=61), *notes[1:]))
    assert heard_anew(PHRASE, Earlier((slipped,), edited), "lead").key == PHRASE.key


@pytest.mark.parametrize(("instrument", "name"), [("brass", PartName.MELODY), ("bass", PartName.BASS)])
def test_the_phrase_is_heard_in_the_part_that_holds_what_was_sung(instrument, name):
    part = Part(name, 0, 0, (Note(0.0, 1.0, 50, 80),))
    heard = heard_anew(PHRASE, Earlier((part,), frozenset({name})), instrument)
    assert [note.pitch_midi for note in heard.notes] == [50]
    assert heard_anew(PHRASE, Earlier((part,), frozenset({name})), "pad") == PHRASE


def test_seeds_go_on_until_every_part_is_another_take_and_no_further():
    tried = []

    def make(seeds):
        tried.append(dict(seeds))
        # Only the third seed of the drums sounds otherwise; the bass does at once.
        drums = DRUMS if seeds[PartName.DRUMS] < 4 else with_notes(DRUMS, (0.0, 1.0, 36))
        return replace(MADE, parts=(with_notes(BASS, (0.0, 1.0, 40)), drums))

    before = {PartName.BASS: BASS, PartName.DRUMS: DRUMS}
    rolled = until_new(make, lambda made: made.parts, {PartName.BASS: 2, PartName.DRUMS: 2}, before)
    assert (rolled.seeds, rolled.is_new) == ({PartName.BASS: 2, PartName.DRUMS: 4}, True)
    assert rolled.made.parts[1].notes[0].pitch_midi == 36
    assert len(tried) == 3


def test_where_no_seed_gives_other_notes_that_is_said_and_without_a_wish_one_try_is_enough():
    tried = []

    def make(seeds):
        tried.append(seeds)
        return MADE

    rolled = until_new(make, lambda made: made.parts, {PartName.DRUMS: 2}, {PartName.DRUMS: DRUMS})
    assert not rolled.is_new
    assert len(tried) == TAKES + 1
    tried.clear()
    assert until_new(make, lambda made: made.parts, {}, {}).is_new
    assert len(tried) == 1


def test_a_take_is_the_same_within_a_few_ticks_and_not_beyond():
    def shifted(by_qn, louder=0):
        notes = (replace(n, start_qn=n.start_qn + by_qn, velocity=n.velocity + louder) for n in BASS.notes)
        return replace(BASS, notes=tuple(notes))

    assert is_same_take(BASS, shifted(1 / 960))
    assert not is_same_take(BASS, shifted(1 / 100))
    assert not is_same_take(BASS, shifted(0.0, louder=1))
    assert not is_same_take(BASS, replace(BASS, notes=BASS.notes[1:]))
