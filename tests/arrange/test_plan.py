"""The plan of grooves: what density and complexity do to it, and that a part rolled again keeps the others' plan."""

from dataclasses import replace
from itertools import pairwise

import pytest

from arrange.phrases import phrase_of
from vocalmidi.arrange import Wish, load_mood, load_style, style_names
from vocalmidi.arrange.busyness import fill_strokes, groove_strokes, leaning, row_strokes
from vocalmidi.arrange.plan import make_plan
from vocalmidi.values import PartName

LONG = phrase_of([(bar * 4, 4, 60 + bar % 5) for bar in range(64)])
GENRES = style_names()


def plan(genre, seed=1, **wished):
    style = load_style(genre)
    return make_plan(LONG, style, style.tempo_low_qpm, Wish(style, seed, **wished))


def strokes(made):
    return sum(
        groove_strokes(replace(section.groove, comp=(section.comp,), bass=(section.bass,))) for section in made.sections
    ) / len(made.sections)


def test_strokes_are_counted_as_a_musician_reads_them():
    assert row_strokes("x.x.x.x.", 2) == 1.0
    assert row_strokes("X--- ..r.".replace(" ", ""), 4) == 1.5
    assert row_strokes("xt.?", 4) == 4.5


def test_weights_lean_to_one_side_only_as_far_as_asked():
    assert leaning([1.0, 2.0, 3.0], 0.0) == [1.0, 1.0, 1.0]
    calm, middle, busy = leaning([1.0, 2.0, 3.0], 1.0)
    assert calm < middle < busy
    assert leaning([1.0, 2.0, 3.0], -1.0) == pytest.approx([busy, middle, calm])
    assert leaning([2.0, 2.0], 1.0) == [1.0, 1.0]


@pytest.mark.parametrize("genre", GENRES)
def test_more_density_plans_more_strokes(genre):
    calm, busy = (sum(strokes(plan(genre, seed, density=d)) for seed in range(6)) for d in (0.0, 1.0))
    assert calm < busy


@pytest.mark.parametrize("genre", GENRES)
def test_a_driving_mood_plans_more_than_a_calm_one(genre):
    calm, driving = (
        sum(strokes(plan(genre, seed, mood=load_mood(name))) for seed in range(6)) for name in ("calm", "driving")
    )
    assert calm < driving


@pytest.mark.parametrize("genre", GENRES)
def test_the_plainest_is_one_groove_without_fills_and_the_freest_changes_most(genre):
    plain, written, free = (plan(genre, 2, complexity=c) for c in (0.0, 0.5, 1.0))
    assert len({(s.groove, s.comp, s.bass) for s in plain.sections}) == 1
    assert not any(section.fill for section in plain.sections)

    def changes(made):
        played = [(s.groove, s.comp, s.bass) for s in made.sections]
        return sum(one != other for one, other in pairwise(played))

    assert changes(plain) <= changes(written) <= changes(free)
    assert changes(free) > 12  # of fifteen


def test_complexity_takes_the_fuller_fills():
    for genre in ("trap", "rock", "jazz"):
        fills = {c: [s.fill for s in plan(genre, 3, complexity=c).sections if s.fill] for c in (0.5, 1.0)}
        means = {c: sum(map(fill_strokes, each)) / len(each) for c, each in fills.items()}
        assert means[1.0] >= means[0.5]


@pytest.mark.parametrize("genre", GENRES)
def test_a_part_rolled_again_changes_its_own_rows_alone(genre):
    before = plan(genre)
    bass = plan(genre, seeds={PartName.BASS: 77})
    comp = plan(genre, seeds={PartName.CHORDS: 77})
    drums = plan(genre, seeds={PartName.DRUMS: 77})
    for one in (bass, comp, drums):
        assert [s.groove for s in one.sections] == [s.groove for s in before.sections]
    assert [(s.comp, s.fill) for s in bass.sections] == [(s.comp, s.fill) for s in before.sections]
    assert [(s.bass, s.fill) for s in comp.sections] == [(s.bass, s.fill) for s in before.sections]
    assert [(s.comp, s.bass) for s in drums.sections] == [(s.comp, s.bass) for s in before.sections]


def test_a_part_rolled_again_takes_other_rows_where_there_are_some():
    before, after = plan("pop"), plan("pop", seeds={PartName.CHORDS: 77})
    assert [s.comp for s in after.sections] != [s.comp for s in before.sections]
