"""What surrounds a training clip: none of the rooms that evaluate, labels unmoved."""

import numpy as np

from needs import libraries, shared

libraries("pyworld", "scipy")

from training.voice.data_conditions import VALIDATION_ROOMS, read_places
from training.voice.data_rooms import Surroundings
from training.voice.data_ssvd import Clip


def test_the_rooms_that_evaluate_are_never_trained_in():
    places = read_places(shared("data"), "train")
    assert not set(places.rooms) & set(VALIDATION_ROOMS)
    assert len(Surroundings(shared("data")).rooms) == len(places.rooms) > 0


def test_a_click_stays_where_it_is_in_any_surroundings():
    surroundings, rng = Surroundings(shared("data")), np.random.default_rng(1)
    audio = np.zeros(16_000, np.float32)
    audio[8_000] = 0.9
    clip = Clip("click", audio, np.zeros(100, np.float32), np.zeros((0, 3), np.float32), None, labelled=False)
    for _ in range(5):
        changed = surroundings.changed(clip, rng).audio
        assert abs(int(np.abs(changed).argmax()) - 8_000) <= 16  # 1 ms
