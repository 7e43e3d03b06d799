"""The bundled clip holds what its truth file says, measured in the sound alone."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

FOLDER = Path(__file__).parents[1] / "daemon" / "vocalmidi" / "demo"
CLIP = FOLDER / "demo_voice.flac"
TRUTH = json.loads((FOLDER / "demo_voice.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def clip():
    samples, sample_rate_hz = soundfile.read(CLIP)
    assert sample_rate_hz == 44100
    return samples


def f0_hz(samples, near_hz, sample_rate_hz=44100):
    """Return the frequency near `near_hz` that a comb of six harmonics fits best."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    candidates_hz = near_hz * np.exp2(np.arange(-120, 121) / 1200)
    bins = np.rint(candidates_hz[:, None] * np.arange(1, 7) * (1 << 17) / sample_rate_hz).astype(int)
    return candidates_hz[np.argmax(np.log(power[bins]).sum(axis=1))]


def test_it_is_a_small_mono_recording_that_does_not_clip(clip):
    assert clip.ndim == 1
    assert soundfile.info(CLIP).subtype == "PCM_16"
    assert CLIP.stat().st_size < 1_500_000
    assert 16 < len(clip) / 44100 < 22
    assert 0.3 < np.abs(clip).max() < 0.95


@pytest.mark.parametrize("note", TRUTH["notes"], ids=lambda note: f"{note['onset_s']:.2f}s")
def test_every_note_has_the_pitch_of_its_truth(clip, note):
    length_s = note["offset_s"] - note["onset_s"]
    inner = clip[round((note["onset_s"] + 0.3 * length_s) * 44100) : round((note["onset_s"] + 0.8 * length_s) * 44100)]
    meant_hz = 440 * 2 ** ((note["pitch_midi"] - 69) / 12)
    # The median of short windows sees through vibrato, one long window favours its turning points.
    heard_hz = np.median([f0_hz(inner[at : at + 2048], meant_hz) for at in range(0, len(inner) - 2048, 512)])
    assert abs(1200 * np.log2(heard_hz / meant_hz)) < 15


def test_the_voice_is_heard_from_the_first_onset_and_silent_before(clip):
    first = round(TRUTH["notes"][0]["onset_s"] * 44100)
    assert np.std(clip[: first - 2000]) < 0.002
    assert np.std(clip[first + 2000 : first + 6000]) > 0.02


@pytest.mark.parametrize("hit", TRUTH["hits"], ids=lambda hit: f"{hit['onset_s']:.2f}s-{hit['label']}")
def test_every_hit_begins_where_its_truth_says(clip, hit):
    at = round(hit["onset_s"] * 44100)
    # Over 1.5 kHz by first difference: the kick before may still ring below.
    edge = np.abs(np.diff(clip, n=2))
    assert edge[at - 2 : at + 200].max() > 4 * edge[at - 400 : at - 3].max()


def test_notes_and_hits_lie_on_the_grid_of_the_truth():
    qn_s = 60 / TRUTH["tempo_qpm"]
    eighth_s, sixteenth_s = qn_s / 2, qn_s / 4
    for note in TRUTH["notes"]:  # a singer's vowels come within a quarter of an eighth
        place_s = note["onset_s"] - TRUTH["first_bar_line_s"]
        assert abs(place_s - round(place_s / eighth_s) * eighth_s) < 0.06
    for hit in TRUTH["hits"]:
        place_s = hit["onset_s"] - TRUTH["first_bar_line_s"]
        assert abs(place_s - round(place_s / sixteenth_s) * sixteenth_s) < 0.001
    pitches = [note["pitch_midi"] for note in TRUTH["notes"]]
    assert {p % 12 for p in pitches} <= {7, 9, 11, 0, 2, 4, 6}
    assert any(a == b for a, b in itertools.pairwise(pitches))
