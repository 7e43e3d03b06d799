"""Worked tables: each line is a fact a musician or engineer can check by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi import units


@pytest.mark.parametrize(
    ("pitch_midi", "f0_hz"),
    [
        (69, 440.0),  # concert A
        (57, 220.0),  # an octave below
        (60, 261.6256),  # middle C
        (69.5, 452.8930),  # a quarter tone above A
        (21, 27.5),  # lowest key of a piano
    ],
)
def test_pitch_and_frequency_agree_with_equal_temperament(pitch_midi, f0_hz):
    assert units.midi_to_hz(pitch_midi) == pytest.approx(f0_hz, rel=1e-6)
    assert units.hz_to_midi(f0_hz) == pytest.approx(pitch_midi, abs=1e-4)


@given(st.floats(0, 127))
def test_pitch_survives_the_way_to_hertz_and_back(pitch_midi):
    assert float(units.hz_to_midi(units.midi_to_hz(pitch_midi))) == pytest.approx(pitch_midi, abs=1e-9)


@pytest.mark.parametrize(
    ("seconds", "tempo_qpm", "qn"),
    [(0.5, 120, 1.0), (1.0, 60, 1.0), (2.0, 90, 3.0), (0.0, 73, 0.0)],
)
def test_quarter_notes_pass_with_the_tempo(seconds, tempo_qpm, qn):
    assert units.seconds_to_qn(seconds, tempo_qpm) == pytest.approx(qn)
    assert units.qn_to_seconds(qn, tempo_qpm) == pytest.approx(seconds)


@pytest.mark.parametrize(("qn", "ticks"), [(0, 0), (1, 960), (0.25, 240), (1 / 3, 320), (1 / 12, 80)])
def test_sixteenths_and_triplets_fall_on_whole_ticks(qn, ticks):
    assert units.qn_to_ticks(qn) == ticks


def test_a_tempo_is_written_in_microseconds_a_quarter():
    assert units.tempo_to_us_per_qn(120) == 500_000
    assert units.tempo_to_us_per_qn(133) == 451_128


@given(st.integers(0, 2**40), st.sampled_from([8000, 44100, 48000, 192000]))
def test_a_sample_survives_the_way_to_seconds_and_back(sample, rate):
    assert units.seconds_to_samples(units.samples_to_seconds(sample, rate), rate) == sample


def test_level_is_in_decibels_of_full_scale_and_silence_has_a_floor():
    assert units.amplitude_to_db(1.0) == pytest.approx(0.0)
    assert units.amplitude_to_db([0.5, -0.1]) == pytest.approx([-6.0206, -20.0], abs=1e-4)
    assert units.amplitude_to_db(np.zeros(2)) == pytest.approx([units.FLOOR_DB] * 2)
