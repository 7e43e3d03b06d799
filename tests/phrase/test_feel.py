"""A feel moves sounds by what humans do on average, shades them, and changes nothing else."""

import numpy as np
import pytest

from phrase.sung import TWINKLE, beatbox, sing
from vocalmidi.errors import PhraseError
from vocalmidi.phrase import PhraseSettings, build_phrase, felt_genres, with_feel
from vocalmidi.values import Meter

GROOVE = [
    (bar * 4 + at, label)
    for bar in range(4)
    for at, label in [(0, "kick"), *((n / 4, "hihat_closed") for n in range(1, 16) if n not in {4, 12}), (1, "snare")]
]


@pytest.fixture(scope="module")
def groove():
    return build_phrase(beatbox(sorted(GROOVE), 95), PhraseSettings(tempo_qpm=95))


@pytest.fixture(scope="module")
def tune():
    return build_phrase(sing(TWINKLE, 100), PhraseSettings(tempo_qpm=100))


def test_drummers_play_hats_off_the_beat_softer_than_on_it_and_less_than_a_tenth_of_a_beat_beside(groove):
    felt = with_feel(groove, "rock", 1.0)
    late = np.array([new.start_qn - old.start_qn for new, old in zip(felt.hits, groove.hits, strict=True)])
    assert 0.001 < np.abs(late[1:]).mean() < 0.05
    assert np.abs(late).max() < 0.1
    loud = {
        round(old.start_qn % 1 * 4): new.velocity
        for new, old in zip(felt.hits, groove.hits, strict=True)
        if old.label == "hihat_closed"
    }
    assert loud[1] < loud[2]
    assert loud[3] < loud[2]


def test_half_the_amount_is_half_the_way_and_none_changes_nothing(groove):
    half, whole = with_feel(groove, "rnb", 0.5), with_feel(groove, "rnb", 1.0)
    assert with_feel(groove, "rnb", 0.0) == groove
    for old, some, new in zip(groove.hits[1:], half.hits[1:], whole.hits[1:], strict=True):
        assert some.start_qn - old.start_qn == pytest.approx((new.start_qn - old.start_qn) / 2)


def test_where_it_was_sung_and_where_notes_end_is_kept_and_order_too(tune):
    felt = with_feel(tune, "jazz", 1.0)
    assert [note.played_start_qn for note in felt.notes] == [note.played_start_qn for note in tune.notes]
    assert all(
        note.start_qn + note.length_qn <= after.start_qn + 1e-9
        for note, after in zip(felt.notes, felt.notes[1:], strict=False)
    )
    assert felt.notes[-1].start_qn + felt.notes[-1].length_qn == pytest.approx(16)
    assert all(note.start_qn >= 0 and 1 <= note.velocity <= 127 for note in felt.notes)


def test_other_metres_go_by_the_beat():
    waltz = [(n * 0.5, 0.5, 60 + n % 3) for n in range(24)]
    phrase = build_phrase(sing(waltz, 120), PhraseSettings(tempo_qpm=120, meter=Meter(3, 4)))
    felt = with_feel(phrase, "pop", 1.0)
    late = [new.start_qn - old.start_qn for new, old in zip(felt.notes, phrase.notes, strict=True)]
    assert late[2] == pytest.approx(late[4])  # every beat alike
    assert late[3] == pytest.approx(late[5])


def test_a_genre_that_nobody_has_played_for_us_is_refused_in_words(tune):
    assert "trap" not in felt_genres()
    assert {"rock", "jazz", "rnb", "hip_hop", "pop"} <= set(felt_genres())
    with pytest.raises(PhraseError, match=r"how trap is played.*rock"):
        with_feel(tune, "trap", 0.5)
    with pytest.raises(ValueError, match="0–1"):
        with_feel(tune, "rock", 1.5)
