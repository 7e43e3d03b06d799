"""What a genre and a mood make of bare triads: sevenths, suspensions and inversions that a musician would accept."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from vocalmidi.arrange import Mood, load_style
from vocalmidi.arrange.chord_approach import approached
from vocalmidi.arrange.chord_bass import with_bass
from vocalmidi.arrange.chord_colour import Held, coloured
from vocalmidi.arrange.chord_path import Taste
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.wish import PLAIN
from vocalmidi.values import Key

I, II, IV, V, VI = (0, False), (2, True), (5, False), (7, False), (9, True)  # noqa: E741 - the numerals of the degrees


def taste(genre, *, mood=PLAIN, complexity=0.5, mode="major", inversions=None):
    harmony = load_style(genre).harmony
    if inversions is not None:
        harmony = replace(harmony, inversions=inversions)
    return Taste(harmony, Key(0, mode, 0.9), mood, complexity, free=False, mid_bar=False)


def triads(*degrees, sung=(), length_qn=4.0):
    """Return chords of a bar each; sung: pitch classes held through each."""
    rows = []
    for place, (root, minor) in enumerate(degrees):
        weights = np.zeros((2, 12))
        for pitch_class in sung[place] if place < len(sung) else ():
            weights[:, pitch_class] = length_qn / 2
        rows.append(Held(place * length_qn, length_qn, root, minor, weights))
    return rows


def qualities(genre, *degrees, sung=(), seed=0, **wished):
    return [
        held.quality for held in coloured(triads(*degrees, sung=sung), 2.0, taste(genre, **wished), Dice(seed, "test"))
    ]


def test_jazz_plays_sevenths_where_pop_plays_triads():
    for seed in range(5):
        jazz = qualities("jazz", II, V, I, sung=[(2,), (7,), (4,)], seed=seed)
        assert jazz[0] == "min7"
        assert jazz[1] in ("7", "9")
        assert jazz[2] in ("maj7", "maj6")
        assert qualities("pop", II, V, I, sung=[(2,), (7,), (4,)], seed=seed) == ["min", "maj", "maj"]


def test_a_major_seventh_gives_way_where_the_root_is_sung():
    for seed in range(8):
        assert qualities("jazz", I, I, sung=[(0,), (0,)], seed=seed)[-1] == "maj6"
        assert qualities("jazz", I, I, sung=[(11,), (11,)], seed=seed)[-1] == "maj7"


def test_no_tonic_is_a_dominant_seventh_outside_the_blues():
    for genre in ("jazz", "rnb", "pop", "classical"):
        for seed in range(8):
            assert not {"7", "9"} & set(qualities(genre, I, IV, I, seed=seed)[::2])


def test_the_second_degree_of_minor_is_half_diminished_unless_its_fifth_is_sung():
    assert qualities("jazz", (2, True), V, (0, True), mode="minor")[0] == "hdim7"
    assert qualities("jazz", (2, True), V, (0, True), sung=[(9, 2)], mode="minor")[0] != "hdim7"


def test_a_tense_mood_suspends_the_dominant_and_resolves_it_but_not_over_its_own_third():
    tense = Mood("tense", "Tense", tension=1.0)
    heard = [coloured(triads(I, V, I), 2.0, taste("pop", mood=tense), Dice(seed, "test")) for seed in range(10)]
    split = [chords for chords in heard if len(chords) == 4]
    assert len(split) >= 4
    for chords in split:
        assert [chord.root for chord in chords] == [0, 7, 7, 0]
        assert chords[1].quality == "sus4"
        assert chords[2].quality != "sus4"
        assert all(a.start_qn + a.length_qn == b.start_qn for a, b in pairwise(chords))
    for seed in range(10):
        assert len(coloured(triads(I, V, I, sung=[(), (11,)]), 2.0, taste("pop", mood=tense), Dice(seed, "test"))) == 3
        assert len(coloured(triads(I, V, I), 2.0, taste("pop"), Dice(seed, "test"))) == 3


def test_a_complex_wish_has_more_tones_than_a_plain_one():
    def tones(complexity):
        found = [qualities("pop", I, VI, IV, V, seed=seed, complexity=complexity) for seed in range(10)]
        return sum(quality not in ("maj", "min") for each in found for quality in each)

    assert tones(0.0) == 0
    assert tones(1.0) > 10


def bass(genre, *degrees, seed=0, sung=(), length_qn=2.0, **wished):
    wish = taste(genre, **wished)
    chords = coloured(triads(*degrees, sung=sung, length_qn=length_qn), 2.0, wish, Dice(seed, "test"))
    return [(chord.root, chord.bass) for chord in with_bass(chords, wish, Dice(seed, "test"))]


def test_an_inverted_dominant_leads_the_bass_down_by_step():
    assert bass("classical", I, V, VI, IV, V, I)[1] == (7, 11)  # C, G over B, A minor


@pytest.mark.parametrize("genre", ["classical", "pop", "jazz"])
def test_ends_and_cadences_stand_on_their_roots(genre):
    for seed in range(10):
        line = bass(genre, I, IV, I, V, I, seed=seed)
        assert [line[0], line[3], line[4]] == [(0, 0), (7, 7), (0, 0)]


def test_a_second_inversion_is_passed_through_or_leads_to_the_dominant():
    for seed in range(20):
        line = bass("classical", I, IV, I, V, I, VI, II, I, V, I, seed=seed, complexity=1.0)
        for place, (root, low) in enumerate(line):
            if (low - root) % 12 == 7:
                before, after = line[place - 1][1], line[place + 1][1]
                assert after == low or min((after - low) % 12, (low - after) % 12) <= 2
                assert min((before - low) % 12, (low - before) % 12) <= 2


def test_a_genre_that_never_inverts_never_does():
    for seed in range(5):
        assert all(root == low for root, low in bass("trap", I, V, VI, IV, I, V, I, seed=seed, complexity=1.0))


def test_the_third_is_not_doubled_below_a_melody_that_holds_it():
    assert bass("pop", I, V, VI, I, sung=[(), (11,), ()], inversions=0.3)[1] == (7, 7)
    assert bass("pop", I, V, VI, I, inversions=0.8)[1] == (7, 11)


def roots(genre, *degrees, sung=(), seed=0, **wished):
    held = approached(triads(*degrees, sung=sung), 2.0, taste(genre, **wished), Dice(seed, "test"))
    assert sum(each.length_qn for each in held) == 4.0 * len(degrees)
    return [each.root for each in held]


def test_jazz_prepares_a_long_dominant_by_the_second_degree_and_rock_does_not():
    heard = [roots("jazz", I, V, I, sung=[(0,), (2,), (0,)], seed=seed) for seed in range(10)]
    assert heard.count([0, 2, 7, 0]) >= 5
    assert all(roots("rock", I, V, I, seed=seed) == [0, 7, 0] for seed in range(5))


def test_a_dominant_is_not_prepared_against_the_melody_nor_twice_nor_plainly():
    for seed in range(10):
        assert roots("jazz", I, V, I, sung=[(0,), (7, 11), (0,)], seed=seed) == [0, 7, 0]
        assert roots("jazz", I, II, V, I, sung=[(0,), (2,), (2,), (0,)], seed=seed) == [0, 2, 7, 0]
        assert roots("jazz", I, V, I, sung=[(0,), (2,), (0,)], seed=seed, complexity=0.0) == [0, 7, 0]
