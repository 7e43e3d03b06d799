"""The gate, on pitch tracks whose kind is known: a sung pitch stays, a spoken one slides."""

import numpy as np
import pytest

from vocalmidi.events.gate import Gate
from vocalmidi.events.settings import GateSettings

HOP_S = 0.01


def opened(*stretches):
    """Return for each frame of stretches of voice (with 50 ms of silence after each) whether the gate was open."""
    gate, states = Gate(GateSettings(), HOP_S), []
    for stretch in stretches:
        for pitch, voicing in [*((p, 0.95) for p in stretch), *((60.0, 0.02) for _ in range(5))]:
            gate.push(pitch, voicing)
            states.append(gate.is_open)
    return states


def spoken(count, seed=0):
    """Return syllables of 0.1–0.25 s that slide by 2–5 semitones."""
    rng = np.random.default_rng(seed)
    return [
        48 + rng.uniform(-3, 3) + rng.choice([-1, 1]) * np.linspace(0, rng.uniform(2, 5), rng.integers(10, 25))
        for _ in range(count)
    ]


def sung(pitch, seconds=0.4):
    return np.full(round(seconds / HOP_S), float(pitch))


def test_speech_never_opens_it():
    assert not any(opened(*spoken(200)))


def test_a_first_tone_opens_it_in_its_course():
    assert 0.1 <= opened(sung(60)).index(True) * HOP_S <= 0.2


def test_once_open_it_stays_open_for_the_next_notes_whatever_they_do():
    notes = [sung(60), sung(62), sung(64), np.linspace(60, 64, 20), sung(65, 0.08), sung(60)]
    states = opened(*notes)
    assert all(states[40:])


def test_a_few_spoken_syllables_close_it():
    states = opened(sung(60), sung(62), *spoken(6))
    assert not any(states[-60:])


def test_its_doubt_is_small_at_first_and_grows_with_each_spoken_syllable():
    gate, doubts = Gate(GateSettings(), HOP_S), []
    for syllable in spoken(4):
        doubts.append(gate.doubt)
        for pitch, voicing in [*((p, 0.95) for p in syllable), *((60.0, 0.02) for _ in range(5))]:
            gate.push(pitch, voicing)
    assert 0.0 < doubts[0] < doubts[1] <= doubts[2] <= doubts[3]


@pytest.mark.parametrize("cents", [50, 100])
def test_a_vibrato_opens_it(cents):
    wave = cents / 100 * np.sin(2 * np.pi * 5.5 * np.arange(100) * HOP_S)
    assert opened(60 + wave).index(True) * HOP_S <= 0.6


def test_speech_long_ago_is_forgotten():
    gate = Gate(GateSettings(), HOP_S)
    for pitch in np.concatenate(spoken(20)):
        gate.push(pitch, 0.95)
    for _ in range(2000):
        gate.push(60.0, 0.0)
    states = []
    for _ in range(25):
        gate.push(60.0, 0.95)
        states.append(gate.is_open)
    assert states.index(True) * HOP_S <= 0.2
