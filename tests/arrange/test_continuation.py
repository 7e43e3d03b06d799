"""A phrase goes on: in its key and metre, to a rest, never in a loop, in all four parts."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import C_MAJOR, TWINKLE, arranged, phrase_of, phrases
from vocalmidi.arrange import Kept, Wish, load_style, open_networks
from vocalmidi.arrange.continuation import go_on, grid_of, scale_of
from vocalmidi.arrange.continuation_draw import taken_over
from vocalmidi.arrange.continuation_input import Beat, steps_of
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Chord, Key, Meter, Origin, PartName

POP = load_style("Pop")
JIG = [*((0, 0.5, 67), (0.5, 1, 71), (1.5, 0.5, 74), (2, 1, 74)), *((3, 1, 72), (4, 0.5, 69), (4.5, 1.5, 66))]
MINOR_TUNE = [
    *((0, 1, 69), (1, 0.5, 72), (1.5, 0.5, 71), (2, 1, 69), (3, 1, 64)),
    *((4, 1, 65), (5, 1, 62), (6, 2, 64)),
]
TUNES = {
    "common": phrase_of(TWINKLE),
    "jig": phrase_of(JIG, key=Key(7, "major", 0.9), meter=Meter(6, 8)),
    "minor": phrase_of(MINOR_TUNE, key=Key(9, "minor", 0.9)),
    "waltz": phrase_of([(0, 1, 60), (1, 1, 64), (2, 1, 67), (3, 2, 65), (5, 1, 64)], meter=Meter(3, 4)),
    "five": phrase_of([(0, 1, 60), (1, 1, 64), (2, 1, 67), (3, 2, 65)], meter=Meter(5, 4)),
    "one note": phrase_of([(0, 1, 60)]),
}
SOURCES = ("network", "rules")


@cache
def networks():
    return open_networks("cpu")


def gone_on(phrase, seed=1, bars=4, source="network", **wished):
    wish = Wish(POP, seed, continue_bars=bars, **wished)
    return go_on(phrase, wish, networks() if source == "network" else None)


def new_notes(phrase, longer):
    return [note for note in longer.notes if note.start_qn >= phrase.length_qn]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", TUNES)
@pytest.mark.parametrize("bars", [1, 5])
def test_it_keeps_to_key_and_range_and_ends_held_on_a_resting_tone(name, source, bars):
    phrase = TUNES[name]
    for seed in range(2):
        longer = gone_on(phrase, seed, bars, source)
        after = new_notes(phrase, longer)
        assert longer.notes[: len(phrase.notes)] == phrase.notes
        assert longer.length_qn == phrase.length_qn + bars * phrase.meter.bar_qn
        assert {note.pitch_midi % 12 for note in after} <= scale_of(phrase)
        pitches = [note.pitch_midi for note in phrase.notes]
        assert all(min(pitches) - 7 <= note.pitch_midi <= max(pitches) + 7 for note in after)
        third = 4 if phrase.key.mode == "major" else 3
        last = after[-1]
        assert (last.pitch_midi - phrase.key.tonic) % 12 in (0, third, 7)
        assert last.start_qn + last.length_qn == pytest.approx(longer.length_qn)
        assert last.start_qn >= longer.length_qn - phrase.meter.bar_qn
        for note, following in pairwise(after):
            assert note.start_qn + note.length_qn <= following.start_qn + 1e-9


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", TUNES)
def test_no_two_bars_in_a_row_are_as_they_were_before(name, source):
    phrase = TUNES[name]
    step_qn, beat = grid_of(phrase)
    for seed in range(3):
        longer = gone_on(phrase, seed, 8, source)
        rows = [(note.start_qn, note.length_qn, note.pitch_midi) for note in longer.notes]
        steps = steps_of(rows, 1 / step_qn, round(longer.length_qn / step_qn))
        assert taken_over(steps, round(phrase.length_qn / step_qn), beat.bar_steps) == 0


def test_a_loop_is_called_one():
    bar, other = [60, -1, 62, -1], [64, -1, 65, -1]
    assert taken_over([*bar, *other, *bar, *other], 8, 4) == 1
    assert taken_over([*bar, *bar, *bar, *bar], 8, 4) == 1
    assert taken_over([*bar, *other, *bar, 64, -1, 66, -1], 8, 4) == 0
    assert taken_over([*bar, -1, -1, -1, -1, *bar, -1, -1, -1, -1], 8, 4) == 0


@settings(max_examples=25, deadline=None)
@given(phrases(fewest_notes=1), st.integers(0, 9), st.integers(1, 5))
def test_any_phrase_goes_on_to_its_end(phrase, seed, bars):
    longer = gone_on(phrase, seed, bars, "rules")
    after = new_notes(phrase, longer)
    assert after
    assert all(0 <= note.pitch_midi <= 127 and note.length_qn > 0 for note in after)
    assert max(note.start_qn + note.length_qn for note in after) <= longer.length_qn + 1e-6


def test_the_same_wish_goes_on_the_same_way_and_another_seed_another():
    phrase = TUNES["common"]
    assert gone_on(phrase, 3) == gone_on(phrase, 3)
    assert len({gone_on(phrase, seed).notes for seed in range(6)}) >= 5


def test_rhythm_comes_from_the_phrase():
    # Nothing in the nursery tune is shorter than a quarter note: neither should most of what follows be.
    starts = [note.start_qn for seed in range(5) for note in new_notes(TUNES["common"], gone_on(TUNES["common"], seed))]
    assert sum(start % 1 == 0 for start in starts) > 0.8 * len(starts)


def test_triplets_go_on_as_triplets():
    tune = [(0, 2 / 3, 60), (2 / 3, 1 / 3, 62), (1, 2 / 3, 64), (5 / 3, 1 / 3, 65), (2, 2, 67)]
    phrase = phrase_of(tune)
    assert grid_of(phrase) == (1 / 6, Beat(24, compound=True))
    after = new_notes(phrase, gone_on(phrase, 1, 2))
    assert all(abs(note.start_qn * 6 - round(note.start_qn * 6)) < 1e-6 for note in after)


def test_kept_chords_decide_where_it_rests():
    phrase = TUNES["common"]
    chords = (
        Chord(QuarterNotes(0.0), QuarterNotes(28.0), 0, "maj", 0),
        Chord(QuarterNotes(28.0), QuarterNotes(4.0), 9, "min", 9),
    )
    for seed in range(5):
        last = gone_on(phrase, seed, kept=Kept(chords=chords)).notes[-1]
        assert last.pitch_midi % 12 in (0, 4)


def test_a_tone_that_a_phrase_lives_on_may_come_back():
    blue = phrase_of([(0, 1, 60), (1, 1, 63), (2, 1, 63), (3, 1, 67)])
    assert scale_of(blue) == scale_of(phrase_of(TWINKLE)) | {3}
    assert scale_of(phrase_of(TWINKLE, key=C_MAJOR)) == {0, 2, 4, 5, 7, 9, 11}


@pytest.mark.parametrize("source", SOURCES)
def test_all_four_parts_go_on_and_know_who_wrote_them(source):
    phrase = TUNES["common"]
    made = arranged(phrase, POP, 1, networks=networks() if source == "network" else None, continue_bars=4)
    assert made.length_qn == phrase.length_qn + 16
    for part in made.parts:
        assert any(note.start_qn >= phrase.length_qn for note in part.notes), part.name
    melody = made.parts[0].notes
    assert all((note.origin is Origin.CONTINUATION) == (note.start_qn >= phrase.length_qn) for note in melody)
    assert all(note.played is None for note in melody if note.origin is Origin.CONTINUATION)
    assert made.chords[-1].start_qn + made.chords[-1].length_qn == pytest.approx(made.length_qn)


def test_a_beatboxed_groove_goes_on():
    hits = [(bar * 4 + at, "kick" if at % 2 == 0 else "snare") for bar in range(2) for at in range(4)]
    phrase = phrase_of([], hits=hits)
    made = arranged(phrase, POP, 1, continue_bars=4)
    after = [note for note in made.parts[-1].notes if note.start_qn >= phrase.length_qn]
    assert {note.origin for note in after} >= {Origin.CONTINUATION}
    assert not any(note.origin is Origin.SUNG for note in after)
    kicks = {note.start_qn for note in after if note.pitch_midi in (35, 36) and note.origin is Origin.CONTINUATION}
    assert len(kicks) >= 4


def test_a_kept_melody_that_goes_on_is_what_the_others_hear():
    phrase = TUNES["common"]
    first = arranged(phrase, POP, 1, continue_bars=4)
    kept = next(part for part in first.parts if part.name is PartName.MELODY)
    again = arranged(phrase, POP, 2, continue_bars=4, kept=Kept((kept,)))
    assert again.parts[0] == kept
    longer = gone_on(phrase, 2, kept=Kept((kept,)), source="rules")
    assert [note.pitch_midi for note in longer.notes] == [note.pitch_midi for note in kept.notes]


def test_kept_chords_go_on_where_they_end():
    phrase = TUNES["common"]
    first = arranged(phrase, POP, 1)
    longer = arranged(phrase, POP, 1, continue_bars=2, kept=Kept(chords=first.chords))
    assert longer.chords[: len(first.chords)] == first.chords
    ends = [chord.start_qn + chord.length_qn for chord in longer.chords]
    assert ends[:-1] == pytest.approx([chord.start_qn for chord in longer.chords[1:]])
    assert ends[-1] == pytest.approx(longer.length_qn)


def test_nothing_goes_on_unless_it_is_wished():
    phrase = TUNES["common"]
    assert go_on(phrase, Wish(POP, 1), None) is phrase


def test_more_density_gives_more_notes():
    phrase = TUNES["minor"]
    counts = [
        sum(len(new_notes(phrase, gone_on(phrase, seed, 6, density=density))) for seed in range(3))
        for density in (0.0, 1.0)
    ]
    assert counts[1] > counts[0]
