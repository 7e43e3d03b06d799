"""Variations: what stays of the sung melody, what is added, and that it can be played."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import C_MAJOR, TWINKLE, arranged, phrase_of, phrases
from vocalmidi.arrange import MelodyWish, load_style, style_names
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.melody_ground import Ground
from vocalmidi.arrange.melody_ornament import QUICK_UNITS_QN, HowMuch, ornamented, playable_qn
from vocalmidi.units import QuarterNotes
from vocalmidi.values import BendPointQn, Chord, Key, LevelPointQn, Meter, Note, Origin, PartName

A_MINOR = Key(9, "minor", 0.9)
MINOR_TUNE = [
    *((0, 0.5, 69), (0.5, 0.5, 71), (1, 1, 72), (2, 0.5, 71), (2.5, 0.5, 69), (3, 1, 68), (4, 1.5, 69), (5.5, 0.5, 71)),
    *((6, 2, 72), (8, 0.5, 74), (8.5, 0.5, 72), (9, 1, 71), (10, 0.5, 69), (10.5, 0.5, 68), (11, 1, 71), (12, 3, 69)),
]
TUNES = {"twinkle": phrase_of(TWINKLE), "minor": phrase_of(MINOR_TUNE, key=A_MINOR)}
VARIED = (MelodyWish.ORNAMENT, MelodyWish.SIMPLIFY, MelodyWish.ANSWER)
SCALES = {"major": {0, 2, 4, 5, 7, 9, 11}, "minor": {0, 2, 3, 5, 7, 8, 10}}


def melody(phrase, wish, seed=1, genre="pop", **more):
    return arranged(phrase, load_style(genre), seed, melody=wish, **more).parts[0].notes


def places(notes):
    return [(note.start_qn, note.pitch_midi) for note in notes]


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.sampled_from(VARIED), st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_every_variation_can_be_sung_and_repeats(phrase, wish, density, complexity, seed):
    notes = melody(phrase, wish, seed, density=density, complexity=complexity)
    assert notes
    for note, following in pairwise(notes):
        assert note.start_qn + note.length_qn <= following.start_qn + 1e-9
    assert notes[-1].start_qn + notes[-1].length_qn <= phrase.length_qn + 1e-9
    sung = [note.pitch_midi for note in phrase.notes]
    assert min(sung) - 12 <= min(n.pitch_midi for n in notes) <= max(n.pitch_midi for n in notes) <= max(sung) + 12
    assert notes == melody(phrase, wish, seed, density=density, complexity=complexity)


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.integers(0, 9))
def test_an_ornamented_melody_holds_every_sung_note_where_it_was_sung(phrase, seed):
    sung = melody(phrase, MelodyWish.SUNG, seed)
    assert set(places(sung)) <= set(places(melody(phrase, MelodyWish.ORNAMENT, seed)))


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.integers(0, 9))
def test_a_simplified_melody_holds_only_sung_notes_and_keeps_the_ends_and_the_top(phrase, seed):
    sung, simple = (melody(phrase, wish, seed) for wish in (MelodyWish.SUNG, MelodyWish.SIMPLIFY))
    assert set(places(simple)) <= set(places(sung))
    assert places(simple)[0] == places(sung)[0]
    assert places(simple)[-1] == places(sung)[-1]
    assert max(note.pitch_midi for note in simple) == max(note.pitch_midi for note in sung)


@pytest.mark.parametrize("tune", TUNES)
@pytest.mark.parametrize("seed", range(5))
def test_ornaments_lie_on_the_scale_in_the_chord_or_take_the_next_note_early(tune, seed):
    made = arranged(TUNES[tune], load_style("pop"), seed, melody=MelodyWish.ORNAMENT, complexity=1.0)
    sung, key = melody(TUNES[tune], MelodyWish.SUNG), TUNES[tune].key
    added = [note for note in made.parts[0].notes if (note.start_qn, note.pitch_midi) not in places(sung)]
    assert len(added) >= 3
    for note in added:
        assert note.origin is Origin.VARIED
        upcoming = [each for each in sung if each.start_qn > note.start_qn][:1]
        if (note.pitch_midi - key.tonic) % 12 in SCALES[key.mode] or note.pitch_midi in [
            n.pitch_midi for n in upcoming
        ]:
            continue
        # Foreign to the key: then it is a tone of the chord, or leads into the next note's by a step.
        chord = [chord for chord in made.chords if chord.start_qn <= note.start_qn][-1]
        in_chord = (note.pitch_midi - chord.root) % 12 in {0, 3, 4, 6, 7, 8, 9, 10, 11}
        assert in_chord or abs(upcoming[0].pitch_midi - note.pitch_midi) <= 2


def test_ornaments_are_never_quicker_than_a_player():
    for tempo_qpm in (60, 120, 190, 300, 400):
        notes = melody(phrase_of(TWINKLE, tempo_qpm=tempo_qpm), MelodyWish.ORNAMENT, density=1.0, complexity=1.0)
        assert min(note.length_qn for note in notes) * 60 / tempo_qpm >= 0.085 - 1e-9
        assert playable_qn(tempo_qpm, QUICK_UNITS_QN) * 60 / tempo_qpm >= 0.085


def test_more_density_is_more_ornaments_and_less_complexity_fewer_notes_left():
    few, many = (len(melody(TUNES["minor"], MelodyWish.ORNAMENT, 3, density=d)) for d in (0.0, 1.0))
    assert few < many
    plain, rich = (len(melody(TUNES["minor"], MelodyWish.SIMPLIFY, 3, complexity=c)) for c in (0.0, 1.0))
    assert plain < rich


def test_a_third_is_filled_by_the_tone_between():
    ground = Ground(C_MAJOR, Meter(), (), ())
    sung = [Note(QuarterNotes(0), QuarterNotes(1), 60, 90), Note(QuarterNotes(1), QuarterNotes(3), 64, 90)]
    made = [ornamented(sung, ground, 100.0, HowMuch(1.0, 0.0), Dice(seed, "test")) for seed in range(20)]
    assert any((0.75, 62) in places(notes) for notes in made)


def test_a_scale_gives_way_to_the_chord():
    chords = (
        Chord(QuarterNotes(0), QuarterNotes(4), 4, "7", 4),  # E7 in A minor: G sharp for G
        Chord(QuarterNotes(4), QuarterNotes(4), 5, "min", 5),  # F minor in A minor: A flat for A
    )
    ground = Ground(A_MINOR, Meter(), chords, (0.0, 4.0))
    assert ground.scale_at(0) == {9, 11, 0, 2, 4, 5, 8}
    assert ground.scale_at(4) == {11, 0, 2, 4, 5, 7, 8}
    assert ground.step(69, -1, 0) == 68
    assert ground.steps_between(69, 76, 8) == 4


@pytest.mark.parametrize("tune", TUNES)
def test_a_simplified_melody_is_held_where_notes_were_left_out_and_rests_stay(tune):
    sung, simple = (melody(TUNES[tune], wish) for wish in (MelodyWish.SUNG, MelodyWish.SIMPLIFY))
    assert len(simple) < len(sung)
    assert sum(note.length_qn for note in simple) == pytest.approx(sum(note.length_qn for note in sung))


@pytest.mark.parametrize("tune", TUNES)
@pytest.mark.parametrize("seed", range(6))
def test_an_answer_begins_as_the_call_and_closes_on_the_tonic(tune, seed):
    phrase = TUNES[tune]
    sung, answer = (melody(phrase, wish, seed) for wish in (MelodyWish.SUNG, MelodyWish.ANSWER))
    assert [n for n in places(answer) if n[0] < 8] == [n for n in places(sung) if n[0] < 8]
    assert all(note.origin is (Origin.SUNG if note.start_qn < 8 else Origin.VARIED) for note in answer)
    assert answer[-1].pitch_midi % 12 == phrase.key.tonic
    later, sung_later = ({n for n in places(notes) if n[0] >= 8} for notes in (answer, sung))
    assert len(later - sung_later) >= len(later) / 2
    keys = [note.pitch_midi for note in sung]
    assert all(min(keys) - 3 <= note.pitch_midi <= max(keys) + 3 for note in answer)
    assert len({note.pitch_midi for note in answer if note.start_qn >= 8}) >= 3


@pytest.mark.parametrize("tune", TUNES)
def test_an_answer_has_a_rhythm_that_was_sung(tune):
    sung = [note.start_qn for note in melody(TUNES[tune], MelodyWish.SUNG)]
    for seed in range(6):
        starts = [n.start_qn for n in melody(TUNES[tune], MelodyWish.ANSWER, seed) if n.start_qn >= 8]
        assert starts in ([at for at in sung if at >= 8], [at + 8 for at in sung if at < 8])


@pytest.mark.parametrize("wish", [MelodyWish.ORNAMENT, MelodyWish.ANSWER])
def test_a_seed_varies_in_its_own_way_and_no_other_part_changes(wish):
    takes = {seed: melody(TUNES["minor"], wish, seed) for seed in range(8)}
    assert len(set(map(repr, takes.values()))) >= 3
    for genre in style_names():
        one = arranged(TUNES["minor"], load_style(genre), 1, melody=wish)
        assert one.parts[1:] == arranged(TUNES["minor"], load_style(genre), 1).parts[1:]
    again = arranged(TUNES["minor"], load_style("pop"), 1, melody=wish, seeds={PartName.MELODY: 5})
    assert again.parts[0].notes == takes[5]


def test_one_note_is_ornamented_stays_or_is_answered():
    phrase = phrase_of([(0, 4, 60)])
    assert len(melody(phrase, MelodyWish.ORNAMENT)) > 1
    assert places(melody(phrase, MelodyWish.SIMPLIFY)) == [(0, 60)]
    (answer,) = melody(phrase, MelodyWish.ANSWER)
    assert answer.pitch_midi % 12 != 0


def test_a_shortened_note_keeps_the_beginning_of_its_bend_and_an_answer_none():
    bend = tuple(BendPointQn(QuarterNotes(at / 4), 10.0 * at) for at in range(4))
    phrase = phrase_of(TWINKLE)
    level = tuple(LevelPointQn(QuarterNotes(at / 4), -10.0 * at) for at in range(4))
    phrase = replace(phrase, notes=tuple(replace(note, bend=bend, level=level) for note in phrase.notes))
    for note in melody(phrase, MelodyWish.ORNAMENT):
        assert all(point.after_qn <= note.length_qn for point in (*note.bend, *note.level))
    answer = melody(phrase, MelodyWish.ANSWER)
    assert all(bool(note.bend) == bool(note.level) == (note.origin is Origin.SUNG) for note in answer)


@pytest.mark.parametrize("instrument", ["bass", "pad"])
def test_what_is_sung_as_bass_or_chords_stays_as_sung(instrument):
    plain = arranged(TUNES["twinkle"], load_style("pop"), 1, instrument=instrument)
    assert arranged(TUNES["twinkle"], load_style("pop"), 1, instrument=instrument, melody=MelodyWish.ORNAMENT) == plain


@pytest.mark.parametrize("wish", VARIED)
def test_what_goes_on_after_the_phrase_is_not_varied(wish):
    sung = melody(TUNES["twinkle"], MelodyWish.SUNG, continue_bars=4)
    after = [note for note in sung if note.start_qn >= 16]
    assert after
    assert [note for note in melody(TUNES["twinkle"], wish, continue_bars=4) if note.start_qn >= 16] == after


@pytest.mark.parametrize("wish", VARIED)
def test_hits_alone_have_no_melody_to_vary_and_two_thousand_notes_have(wish):
    beat = phrase_of([], hits=[(n, "kick") for n in range(8)])
    assert melody(beat, wish) == ()
    long = phrase_of([(n / 2, 0.5, 55 + (n * 7) % 24) for n in range(2000)])
    assert melody(long, wish)[-1].start_qn > 990
