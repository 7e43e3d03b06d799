"""How genres are played, counted on takes whose habits are known, and the file that is shipped."""

import numpy as np
import pytest

from needs import libraries

libraries("zstandard", "torch")

from training.context.fit_feel import HELD_GENRE, explained, fitted, known_genres, strokes
from training.context.scores import Score

from vocalmidi.phrase.feel import PLACES, felt_genres
from vocalmidi.values import HIT_LABELS, HitLabel

HAT = HIT_LABELS.index(HitLabel.HIHAT_CLOSED)


def take(genre, late_qn, bars=100):
    """Return a take of hats in eighths whose offbeats are late and soft."""
    place_qn = np.arange(0, 4 * bars, 0.5)
    offbeat = place_qn % 1 > 0
    many = len(place_qn)
    return Score(
        "take", "gmd", place_qn, np.full(many, 0.1), np.full(many, float(HAT)), np.where(offbeat, 60.0, 100.0),
        np.where(offbeat, late_qn, 0.0), drums=True, genre=genre, tempo_qpm=100.0,
    )  # fmt: skip


def test_habits_are_found_and_a_genre_s_own_only_as_far_as_there_is_much_of_it():
    takes = [take("Rock", 0.04)] * 30 + [take("Jazz", 0.12)]
    genres = known_genres(takes)
    assert genres == ("jazz", "rock")
    found = strokes(takes, genres)
    late = fitted(found, found.late_qn, 2)[:, HAT]
    assert late.shape == (2, PLACES)
    assert late[1, 6] - late[1, 0] == pytest.approx(0.04, abs=0.01)
    # A hundred strokes of a place against HELD_GENRE of all genres.
    share = 100 / (100 + HELD_GENRE)
    assert late[0, 6] - late[0, 0] == pytest.approx(share * 0.12 + (1 - share) * (late[1, 6] - late[1, 0]), abs=0.01)
    loud = fitted(found, found.loud, 2)[:, HAT]
    assert loud[1, 6] < 0.8
    assert loud[1, 0] > 1.2
    assert explained(found, found.loud, fitted(found, found.loud, 2)) > 0.95


def test_other_metres_and_genres_of_which_there_is_little_are_left_out():
    assert known_genres([take("Rock", 0.0, bars=20)]) == ()


def test_the_file_that_is_shipped_holds_what_the_program_reads():
    assert "rock" in felt_genres()
