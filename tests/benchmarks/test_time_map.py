"""The benchmark of the time map measures what it says, on one seed."""

import numpy as np
from benchmarks.time_map import ILL, SCENES, measure, shift_s


def test_a_loop_is_known_to_the_time_map_and_not_to_a_single_look() -> None:
    figures = measure(*SCENES["loop of two bars"], seeds=1).figures()
    errors = figures["error_ms"]
    assert figures["lost"] == 0
    assert errors["single look"]["worst"] > 1000
    assert errors["time map"]["worst"] <= 10
    assert errors["click"]["worst"] <= 3


def test_a_calibration_finds_the_six_milliseconds_that_the_drivers_keep_to_themselves() -> None:
    assert np.isclose(shift_s(ILL, 0.0002, seed=1), 0.006, atol=0.001)
