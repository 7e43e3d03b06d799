"""The independent evaluation set: its truth is measured where it says so, and its takes are singable."""

from itertools import pairwise

import numpy as np
import pytest

from needs import libraries, program

libraries("pyworld", "scipy")

from training.voice.make_eval import (
    SINGERS,
    STEP_S,
    Note,
    compose,
    contour,
    speak,
    surround,
    take,
    truth,
)


@pytest.mark.parametrize("hummed", [False, True])
@pytest.mark.parametrize("kind", sorted(SINGERS))
def test_a_take_has_repeats_short_notes_and_stays_in_range(kind: str, hummed: bool) -> None:
    _, _, low, high = SINGERS[kind]
    for seed in range(10):
        notes = compose(low, high, np.random.default_rng(seed), hummed)
        assert all(low <= n.pitch <= high and n.offset_s - n.onset_s >= 0.1 for n in notes)
        assert all(b.onset_s >= a.offset_s - 1e-9 for a, b in pairwise(notes))
        assert any(a.pitch == b.pitch and b.link == "voiced" for a, b in pairwise(notes))


def test_a_join_by_a_nasal_begins_at_the_lowest_level() -> None:
    notes = [Note(0.2, 0.6, 60.0, "start", "la"), Note(0.6, 1.0, 60.0, "voiced", "na")]
    f0_hz = np.zeros(600)
    f0_hz[100:500] = 261.6
    level_db = np.where(f0_hz > 0, -10.0, -100.0)
    level_db -= 12 * np.exp(-0.5 * ((np.arange(600) * STEP_S - 0.634) / 0.02) ** 2)
    rows = truth(notes, [60.0, 60.0], f0_hz, level_db)
    assert rows[1][0] == pytest.approx(0.634, abs=0.004)
    assert rows[0][1] == rows[1][0]
    assert rows[0][0] == pytest.approx(0.2, abs=0.004)


def test_a_glide_is_half_way_at_the_onset() -> None:
    notes = [Note(0.2, 0.6, 60.0, "start", "la"), Note(0.6, 1.2, 67.0, "glide", "la")]
    f0_hz, tuned = contour(notes, 800, np.random.default_rng(4))
    midi = 69 + 12 * np.log2(f0_hz[round(0.6 / STEP_S)] / 440)
    assert midi == pytest.approx((tuned[0] + tuned[1]) / 2, abs=0.6)


def test_noise_at_10_db_is_10_db_below_the_voice() -> None:
    tone = np.sin(2 * np.pi * 300 * np.arange(32_000) / 16_000)
    noisy = surround(tone, "10db", [], np.random.default_rng(0))
    part = np.dot(noisy, tone) / np.dot(tone, tone)
    assert 10 * np.log10(part**2 * 0.5 / np.mean((noisy - part * tone) ** 2)) == pytest.approx(10, abs=0.5)


def test_a_hummed_take_is_closed_and_as_long_as_it_should_be() -> None:
    program("espeak-ng")
    rng = np.random.default_rng(1)
    spoken = speak("en-us+f1", "m")
    assert spoken.voiced == spoken.opened == spoken.middle
    notes = [Note(0.3, 1.0, 62.0, "start", "m"), Note(1.0, 1.6, 62.0, "voiced", "m")]
    sound, _, rows = take("en-us+f1", 1.0, notes, rng, hummed=True)
    spectrum = np.abs(np.fft.rfft(sound[round(0.4 * 22_050) : round(0.9 * 22_050)])) ** 2
    hz = np.fft.rfftfreq(round(0.9 * 22_050) - round(0.4 * 22_050), 1 / 22_050)
    assert spectrum[hz > 1000].sum() < 0.05 * spectrum.sum()
    assert len(rows) == 2
