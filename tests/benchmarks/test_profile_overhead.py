"""The benchmark runs, compares like with like, and leaves out what a busy machine spoiled."""

from argparse import Namespace
from dataclasses import replace

import numpy as np
from benchmarks.live_midi import song_of

from benchmarks import profile_overhead
from vocalmidi.app.job import demo_voice
from vocalmidi.config import load_settings


def test_a_short_run_compares_the_same_turns_with_and_without():
    settings = replace(load_settings(), provider="cpu", voice_profile="none", midi_port="", live_bend="true")
    report = profile_overhead.measured(song_of(demo_voice()), Namespace(seconds=2.0, block=128), settings)
    assert report["turns"] + report["turns_left_out"] == 10
    assert set(report["above_without_percent"]) == {"without, again", "with gauges", "with a trace"}
    assert 1_000 < report["counts_a_second"] < 3_000
    assert report["one_count_ns"] > 0
    assert any("with gauges" in line for line in profile_overhead.shown(report))


def test_the_middle_and_the_quartiles_are_of_the_ratios():
    found = profile_overhead.spread(np.array([0.99, 1.0, 1.01, 1.02, 1.03]))
    assert np.allclose([found["q1"], found["median"], found["q3"]], [0.0, 1.0, 2.0])
