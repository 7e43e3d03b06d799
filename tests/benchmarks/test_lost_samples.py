"""What counts as lost, twice or wrong, against histories made by hand; and a short run of all of it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from benchmarks.lost_samples import SCALE, WRAP, Found, compared, unwrapped

from benchmarks import jack, lost_samples
from needs import ROOT, absent
from vocalmidi.capture import History
from vocalmidi.values import AudioBlock

RATE = 48_000


def kept(*pieces):
    """Return a history of these pieces: numbers to be scaled, each (n,)."""
    numbers = np.concatenate([np.asarray(piece, np.float64) for piece in pieces])
    history = History(1.0, RATE)
    history.append(AudioBlock(0, RATE, (numbers * SCALE).astype(np.float32)))
    return history


def numbers(first, stop):
    return (np.arange(first, stop) - 1) % WRAP + 1


SILENCE = np.zeros(500)


@pytest.mark.parametrize("look", [2_000_000, 333])
@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([SILENCE, numbers(1, 1001), SILENCE], Found(1000)),
        ([SILENCE, numbers(1, 301), numbers(429, 1001), SILENCE], Found(872, missing=128)),
        ([SILENCE, numbers(1, 301), np.zeros(128), numbers(429, 1001)], Found(872, missing=128, silent=128)),
        ([SILENCE, numbers(1, 301), numbers(173, 1001), SILENCE], Found(1000, doubled=128)),
        ([SILENCE, numbers(1, 901), SILENCE], Found(900, missing=100, silent=500)),
        ([SILENCE, numbers(129, 1001), SILENCE], Found(872, missing=128)),
        ([SILENCE, numbers(1, 501), [500.5], numbers(502, 1001), SILENCE], Found(999, missing=1, doubled=1, wrong=1)),
    ],
    ids=["whole", "lost", "lost and silent", "twice", "no end", "no beginning", "spoilt"],
)
def test_each_way_to_lose_a_sample_is_told(pieces, expected, look, monkeypatch):
    monkeypatch.setattr(lost_samples, "LOOK", look)
    assert compared(kept(*pieces), 1000) == expected


def test_numbers_that_begin_anew_go_on():
    whole = np.arange(WRAP - 5, WRAP + 6)
    assert np.array_equal(unwrapped((whole - 1) % WRAP + 1, WRAP - 6), whole)
    assert np.array_equal(unwrapped(np.array([1, 2, 3]), 0), [1, 2, 3])
    assert np.array_equal(unwrapped(np.array([3]), 2 * WRAP), [2 * WRAP + 3])


@pytest.mark.parametrize("beside", ["burner", "c-calls", "freewheel"])
def test_beside_a_busy_interpreter_we_lose_nothing(beside, tmp_path):
    """Ten minutes of it: `python -m benchmarks.lost_samples`; what a late server loses itself is not ours to keep."""
    try:
        jack.build_source(tmp_path)
    except jack.NoJackError as error:
        absent(str(error))
    out = tmp_path / "report.json"
    command = [sys.executable, "-m", "benchmarks.lost_samples", beside, "--minutes", "0.05", "--json", str(out)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=180)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads(out.read_text())
    assert report["lost_by_us"] == report["wrong"] == report["places_without_number"] == 0
    assert report["kept"] + report["lost_by_server"] == report["counted"] == 144_000
    if beside == "freewheel":
        assert report["lost_by_server"] == report["doubled_by_server"] == 0
