"""The comparison: rivals stay in their own environment, a missing one is named, nobody's pitch is left out."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from needs import libraries

libraries("pyworld", "mir_eval", "scipy")

from benchmarks.rivals.trackers import RIVALS
from benchmarks.voice_sets import Annotated

from benchmarks import compare_voice


@pytest.fixture
def clip(tmp_path: Path) -> Annotated:
    time_s = np.arange(16_000) / 16_000
    soundfile.write(tmp_path / "a.flac", 0.5 * np.sin(2 * np.pi * 220.0 * time_s), 16_000)
    f0_hz = np.where(np.arange(100) < 80, 220.0, 0.0)
    return Annotated(tmp_path / "a.flac", "clean", np.array([[0.0, 0.8, 57.0]]), f0_hz)


def found(notes: list[tuple[float, float, float]] | None, f0_hz: float = 220.0) -> compare_voice.Found:
    rows = notes and [{"onset_s": a, "offset_s": b, "pitch_midi": p} for a, b, p in notes]
    frames = {"time_s": (0.016 * np.arange(63)).tolist(), "f0_hz": [f0_hz] * 63, "voiced": [1] * 63}
    return {"notes": rows, "frames": frames, "duration_s": 1.0, "cpu_s": 0.5, "rival": "x 1"}


def test_every_rival_has_a_line_that_installs_it() -> None:
    for name in RIVALS:
        assert len(compare_voice.packages(compare_voice.installed_as(name))) >= 2


def test_a_rival_that_does_not_install_is_told_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    (tmp_path / "list.txt").write_text("gone --no-index there-is-no-such-package\n")
    monkeypatch.setattr(compare_voice, "VENV", tmp_path)
    monkeypatch.setattr(compare_voice, "LIST", tmp_path / "list.txt")
    reason = compare_voice.install("gone")
    assert reason is not None
    assert "there-is-no-such-package" in reason


def test_own_notes_and_the_common_segmentation_are_two_lines(clip: Annotated) -> None:
    own, common = compare_voice.rows("set", "swift-f0", [(clip, found([(0.0, 0.8, 57.2)]))])
    assert (own.system, common.system) == ("swift-f0 own", "swift-f0 *")
    assert own.notes.conpoff == 1.0
    (only,) = compare_voice.rows("set", "pyin", [(clip, found(None))])
    assert only.system == "pyin *"
    assert only.notes.conp == 1.0


def test_pitch_counts_whether_voiced_or_not_and_voiced_silence_is_an_alarm(clip: Annotated) -> None:
    right, wrong = (compare_voice.pitch_of(found(None, hz), clip) for hz in (221.0, 440.0))
    assert right.raw_pitch_accuracy == 1.0
    assert wrong.raw_pitch_accuracy == 0.0
    assert right.false_alarms == 1.0


def test_cost_is_cpu_time_over_duration(clip: Annotated) -> None:
    assert compare_voice.cost({"set": [(clip, found(None))] * 3}) == (0.5, "x 1")
