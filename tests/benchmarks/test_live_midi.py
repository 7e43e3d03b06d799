"""The measurement itself: delays are counted from the sample that was needed, at the clock that took it."""

from argparse import Namespace
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.live_midi import RATE_HZ, Clock, in_memory, song_of, spread

from vocalmidi.app.job import demo_voice
from vocalmidi.config import load_settings
from vocalmidi.values import AudioBlock


def test_a_sample_is_taken_when_it_is_whole() -> None:
    clock = Clock()
    clock.saw(AudioBlock(480, RATE_HZ, np.zeros(480, np.float32), 10.0))
    assert clock.taken_s(479) == 10.0
    assert clock.taken_s(959) == pytest.approx(10.01)


def test_jitter_is_what_lies_between_the_middle_and_the_late_ones() -> None:
    found = spread([1.0] * 98 + [5.0, 5.0])
    assert (found["count"], found["p50"], found["jitter"]) == (100, 1.0, 4.0)
    assert spread([]) == {"count": 0}


def test_a_short_run_in_memory_measures_notes_and_loses_nothing() -> None:
    settings = replace(load_settings(), provider="cpu", voice_profile="none", live_bend="true", bend_range=12)
    report = in_memory(song_of(demo_voice()), Namespace(seconds=5.0, block=128), settings)
    assert report["notes_ms"]["count"] > 5
    assert report["all_ms"]["count"] > report["notes_ms"]["count"]
    assert report["all_ms"]["p50"] > 0.0
    assert 10 < report["decision_ms"]["p50"] < 100
    assert report["gaps"] == 0
