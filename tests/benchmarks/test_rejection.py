"""The measure of rejection: sounds that differ are told apart, and the measure notices where they are not."""

import numpy as np
import pytest
from benchmarks.rejection import KIT, MOUTHS, SEED, Answers, answers_of, take, total
from training.timbre.data_mouth import made
from training.timbre.sounds import OTHER

from vocalmidi.inference import open_model


@pytest.fixture(scope="module")
def pool():
    mouths = [made(number, SEED) for number in range(MOUTHS // 3)]
    return {label: [one for one in mouths if one.labels == {label}] for label in (*KIT.values(), OTHER)}


def test_plays_begin_where_they_are_said_to(pool):
    audio, onsets_s = take(pool[OTHER][0], 3, np.random.default_rng(1))
    for onset_s in onsets_s:
        at = round(onset_s * 16_000)
        assert np.abs(audio[at : at + 1600]).max() > 10 * np.abs(audio[at - 1600 : at - 160]).max()


def test_a_user_is_answered(pool):
    found = answers_of(3, pool, open_model("timbre", "cpu"))
    assert found.taught == 18
    assert 25 <= found.strangers <= 30
    assert found.named >= 17
    assert found.rejected >= 0.6 * found.strangers


def test_where_others_are_the_taught_sounds_themselves_none_is_rejected(pool):
    same = {label: pool[KIT["kick"]][:5] if label == OTHER else [pool[label][0]] for label in pool}
    same[OTHER] = [same[KIT["kick"]][0]] * 5
    found = answers_of(3, same, open_model("timbre", "cpu"))
    assert found.rejected == 0


def test_sums():
    assert total([Answers(1, 2, 3, 4), Answers(10, 20, 30, 40)]) == Answers(11, 22, 33, 44)
