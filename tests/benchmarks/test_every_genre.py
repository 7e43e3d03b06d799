"""How alike genres are is told of the right pairs, and cost is counted without its warm-up."""

from collections import defaultdict

from benchmarks.arrange_cost import cost, melody
from benchmarks.every_genre import Colour, Likeness, Tally, _compare, _table, _told

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.arrange import load_style
from vocalmidi.values import PartName


def test_the_nearest_genre_is_the_one_with_most_in_common():
    phrase = phrase_of(TWINKLE)
    tallies, across, within = defaultdict(Tally), defaultdict(Likeness), defaultdict(Likeness)
    before = {}
    for seed in range(2):
        bands = [_told(tallies, arranged(phrase, load_style(genre), seed), 0.01) for genre in ("pop", "rock", "trap")]
        _compare(bands, before, across, within)
    rows = {row["genre"]: row for row in _table(tallies, across, within)}
    assert rows["pop"]["arrangements"] == 2
    assert rows["pop"]["mean_ms"] == 10.0
    assert rows["pop"]["faults"] == rows["pop"]["same"] == 0
    best = max(("rock", "trap"), key=lambda other: across[PartName.DRUMS, "pop", other].mean)
    assert rows["pop"]["drums_nearest"] == best
    assert within[PartName.BASS, "pop"].count == 1


def test_two_bands_that_play_the_same_are_counted():
    made = arranged(phrase_of(TWINKLE), load_style("pop"), 1)
    across = defaultdict(Likeness)
    twin = type(made)(**{**{name: getattr(made, name) for name in made.__slots__}, "genre": "twin"})
    _compare([made, twin], {}, across, defaultdict(Likeness))
    assert across[PartName.DRUMS, "pop", "twin"].same == 1


def test_cost_is_told_of_as_many_seeds_as_asked_over_the_bars_asked():
    phrase = melody(16)
    assert phrase.length_qn == 64
    told = cost(phrase, "pop", 2, None)
    assert len(told.wall_ms) == len(told.processor_ms) == 2
    row = told.row()
    assert row["wall_median_ms"] <= row["wall_worst_ms"]


def test_what_a_mood_does_is_told_a_bar_and_a_note():
    made = arranged(phrase_of(TWINKLE), load_style("pop"), 1)
    colour = Colour()
    colour.add(made)
    row = colour.row("plain")
    assert row["strokes_a_bar"] == round(sum(len(part.notes) for part in made.parts[1:]) / 4, 1)
    colour.add(made)
    assert colour.row("plain") == row  # means, not sums
    assert 0 < row["velocity"] < 128
    assert 0 <= row["rich_chords"] <= 1
