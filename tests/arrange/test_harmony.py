"""What a good accompanist plays under tunes that anybody knows, with the shipped network and without."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arrange.phrases import TWINKLE, arranged, phrase_of, phrases
from vocalmidi.arrange import Mood, load_style, open_networks, style_names
from vocalmidi.values import Key, Meter

GENRES = style_names()
D_MINOR = [
    *((0, 1.5, 62), (1.5, 0.5, 64), (2, 1, 65), (3, 1, 69), (4, 2, 67), (6, 1, 65), (7, 1, 64)),
    *((8, 1.5, 65), (9.5, 0.5, 64), (10, 1, 62), (11, 1, 61), (12, 4, 62)),
    *((16, 1, 69), (17, 1, 70), (18, 1, 69), (19, 1, 67), (20, 2, 65), (22, 2, 67)),
    *((24, 1, 64), (25, 1, 65), (26, 1, 64), (27, 1, 61), (28, 4, 62)),
]
"""Eight bars in D minor that lean on the leading note C sharp before each close."""


@pytest.fixture(scope="module")
def networks():
    return open_networks("cpu")


def harmony(phrase, genre, networks, seed=0, **wished):
    return arranged(phrase, load_style(genre), seed, networks=networks, **wished)


def at(made, qn):
    return [chord for chord in made.chords if chord.start_qn <= qn + 1e-6][-1]


@pytest.mark.parametrize("genre", GENRES)
def test_twinkle_stands_on_the_tonic_at_both_ends(genre, networks):
    made = harmony(phrase_of(TWINKLE), genre, networks)
    assert made.harmony == "network"
    assert {(made.chords[0].root, made.chords[0].bass), (made.chords[-1].root, made.chords[-1].bass)} == {(0, 0)}
    assert 3 <= len(made.chords) <= 8


@pytest.mark.parametrize("genre", GENRES)
def test_a_minor_tune_closes_from_its_dominant_on_its_tonic(genre, networks):
    made = harmony(phrase_of(D_MINOR, key=Key(2, "minor", 0.9)), genre, networks)
    assert (at(made, 0).root, at(made, 31).root) == (2, 2)
    assert at(made, 27).root == 9  # the leading note is held by A major, whatever the genre prefers elsewhere
    assert any(len({chord.root for chord in four}) > 1 for four in pairwise(made.chords))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phrases(fewest_notes=1), st.sampled_from(GENRES), st.integers(0, 3), st.booleans())
def test_chords_cover_any_phrase_without_gaps(networks, phrase, genre, seed, free):
    made = harmony(phrase, genre, networks, seed, free_chords=free)
    assert made.chords[0].start_qn == 0
    assert made.chords[-1].start_qn + made.chords[-1].length_qn == pytest.approx(made.length_qn)
    for chord, following in pairwise(made.chords):
        assert chord.start_qn + chord.length_qn == pytest.approx(following.start_qn)
        assert (chord.root, chord.quality) != (following.root, following.quality)
    assert harmony(phrase, genre, networks, seed, free_chords=free) == made


def test_free_chords_are_the_seed_s_and_likeliest_ones_nearly_alike(networks):
    phrase = phrase_of(D_MINOR, key=Key(2, "minor", 0.9))
    free = {harmony(phrase, "pop", networks, seed, free_chords=True).chords for seed in range(6)}
    likeliest = {harmony(phrase, "pop", networks, seed).chords for seed in range(6)}
    assert len(free) == 6
    assert len(likeliest) < len(free)


def test_a_tune_an_octave_lower_has_the_same_chords(networks):
    low = phrase_of([(start, length, pitch - 24) for start, length, pitch in TWINKLE])
    assert harmony(low, "pop", networks).chords == harmony(phrase_of(TWINKLE), "pop", networks).chords


def test_hits_alone_have_no_harmony(networks):
    made = harmony(phrase_of([], hits=[(0, "kick"), (1, "snare")]), "pop", networks)
    assert (made.harmony, made.chords) == ("none", ())


@pytest.mark.parametrize(("meter", "shortest_qn"), [(Meter(3, 4), 3), (Meter(6, 8), 1.5), (Meter(7, 8), 3.5)])
def test_chords_change_on_bar_lines_and_halves_that_are_whole_beats(meter, shortest_qn, networks):
    bars = [(60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67)] * 2
    steps = [bar * meter.bar_qn + step / 2 for bar in range(8) for step in range(int(2 * meter.bar_qn))]
    melody = [(at, 0.5, bars[int(at // meter.bar_qn)][n % 3]) for n, at in enumerate(steps)]
    made = harmony(phrase_of(melody, meter=meter), "classical", networks)
    assert len(made.chords) > 2
    assert all(chord.start_qn % shortest_qn == pytest.approx(0) for chord in made.chords)


OPEN_TUNE = [(bar * 4 + beat, 1, pitch) for bar in range(8) for beat, pitch in enumerate((64, 67, 69, 67))]
"""E, G, A: of C major as much as of A minor."""


def test_bright_moods_have_more_major_chords_than_dark_ones(networks):
    def major(brightness):
        mood = Mood("mood", "Mood", brightness=brightness)
        made = [harmony(phrase_of(OPEN_TUNE), "pop", networks, seed, mood=mood) for seed in range(3)]
        return sum(chord.length_qn for each in made for chord in each.chords if chord.quality in ("maj", "maj6"))

    assert major(1.0) > major(-1.0)


def test_a_complex_wish_changes_chords_more_often_than_a_plain_one(networks):
    phrase = phrase_of(D_MINOR, key=Key(2, "minor", 0.9))
    plain, intricate = (len(harmony(phrase, "jazz", networks, complexity=each).chords) for each in (0.0, 1.0))
    assert plain < intricate


@pytest.mark.parametrize("genre", GENRES)
def test_a_tune_that_leaves_everything_open_is_not_one_chord(genre, networks):
    scale = [(step / 2, 0.5, 60 + (0, 2, 4, 5, 7, 9, 7, 5, 4, 2)[step % 10]) for step in range(64)]
    made = harmony(phrase_of(scale), genre, networks)
    assert len(made.chords) >= 3
    assert max(chord.length_qn for chord in made.chords) <= 20  # five bars of a vamp


@pytest.mark.parametrize("melody", [[(0, 1, 64)], [(0, 0.25, 61)], [(0, 32, 67)], [(3, 1, 40), (7.5, 0.5, 100)]])
def test_the_shortest_and_strangest_phrases_have_chords(melody, networks):
    for genre in ("pop", "jazz", "classical"):
        made = harmony(phrase_of(melody), genre, networks)
        assert made.chords[0].start_qn == 0
        assert made.chords[-1].start_qn + made.chords[-1].length_qn == pytest.approx(made.length_qn)


def test_what_else_a_half_bar_may_have_is_ranked_and_covers_the_phrase(networks):
    made = harmony(phrase_of(TWINKLE), "pop", networks)
    assert [ranking.start_qn for ranking in made.rankings] == [2.0 * n for n in range(8)]
    for ranking in made.rankings:
        shares = [triad.probability for triad in ranking.triads]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.0 + 1e-9
    assert harmony(phrase_of(TWINKLE), "pop", None).rankings == ()
