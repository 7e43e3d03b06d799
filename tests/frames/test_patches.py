"""What the timbre encoder is shown, against what is known of the sound."""

import numpy as np
import pytest

from vocalmidi.frames.patches import (
    AFTER,
    BEFORE,
    BEHIND,
    PATCH_BANDS,
    ROW,
    ROWS,
    known_rows,
    patch_of,
    patches_of,
    plain_spectrum,
)
from vocalmidi.values import SPECTRUM

ONSET = 8000


def burst(level_db: float, offset: float = 0.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return a second with 25 ms of noise from ONSET on."""
    sound = np.full(16_000, offset, np.float32)
    sound[ONSET : ONSET + 400] += 10 ** (level_db / 20) * np.random.default_rng(1).standard_normal(400)
    return sound.astype(np.float32)


def test_rows_before_an_onset_have_heard_nothing_of_it():
    shown = patches_of(burst(-20.0), [ONSET]).patch[0]
    assert shown.shape == (ROWS, PATCH_BANDS)
    assert shown[:BEFORE].max() == 0.0
    assert shown[BEFORE].mean() > 0.5


@pytest.mark.parametrize("rows", [1, 2, 6, AFTER])
def test_a_younger_patch_is_the_beginning_of_an_older_one(rows: int):
    sound = burst(-20.0)
    young, old = patches_of(sound, [ONSET], rows), patches_of(sound[: ONSET + rows * ROW], [ONSET], rows)
    np.testing.assert_array_equal(young.patch, old.patch)
    assert young.patch[0, BEFORE + rows :].max(initial=0.0) == 0.0
    assert young.age[0] == pytest.approx(rows / AFTER)


def test_a_patch_is_the_same_in_a_stream_and_in_a_recording():
    sound = burst(-20.0)
    whole = patches_of(sound, [ONSET, ONSET + 37])
    for number, onset in enumerate((ONSET, ONSET + 37)):
        alone = patch_of(sound[onset - BEHIND : onset + AFTER * ROW], AFTER)
        np.testing.assert_array_equal(alone.patch[0], whole.patch[number])


def test_softer_is_the_same_picture_at_another_level():
    loud, soft = (patches_of(burst(level_db), [ONSET]) for level_db in (-20.0, -40.0))
    np.testing.assert_allclose(loud.patch, soft.patch, atol=1e-4)
    assert loud.level_db[0] - soft.level_db[0] == pytest.approx(20.0, abs=0.01)


@pytest.mark.parametrize("rows", [2, 6, AFTER])
def test_a_plain_spectrum_says_when_and_where_a_sound_was(rows: int):
    """25 ms of noise: silence before it, all bands for six rows, nothing long after, nothing of what is not known."""
    spectrum = plain_spectrum(patches_of(burst(-20.0), [ONSET], rows))
    assert spectrum.shape == (SPECTRUM,)
    before, first, *others = spectrum.reshape(-1, 20)
    assert before.max() == 0.0
    assert first.min() > 0.3
    known = [rows > begins for begins in (2, 4, 6, 12, 22)]
    assert [bool(span.mean() > 0.3) for span in others[:2]] == known[:2]
    assert all(span.max() == 0.0 for span in others[3:])


def test_direct_current_does_not_show():
    np.testing.assert_allclose(
        patches_of(burst(-20.0, 0.3), [ONSET]).patch, patches_of(burst(-20.0), [ONSET]).patch, atol=2e-3
    )


def test_a_full_scale_sine_is_at_0_db_in_its_band():
    time_s = np.arange(16_000) / 16_000
    found = patches_of(np.sin(2 * np.pi * 1000.0 * time_s).astype(np.float32), [ONSET])
    assert found.level_db[0] == pytest.approx(0.0, abs=0.1)
    assert found.patch[0, 30].argmax() == pytest.approx(13, abs=1)  # 1 kHz on 40 mel bands of 60–8000 Hz


def test_silence_shows_nothing():
    assert patches_of(np.zeros(16_000, np.float32), [0, ONSET, 15_999]).patch.max() == 0.0


def test_onsets_at_the_ends_have_silence_beyond_them():
    sound = burst(-20.0)[ONSET : ONSET + 300]
    assert patches_of(sound, [0, 299]).patch.shape == (2, ROWS, PATCH_BANDS)
    assert patches_of(sound, []).patch.shape == (0, ROWS, PATCH_BANDS)


@pytest.mark.parametrize(("heard", "rows"), [(-5, 0), (0, 0), (127, 1), (128, 2), (10_000, AFTER)])
def test_known_rows_are_whole(heard: int, rows: int):
    assert known_rows(heard) == rows


@pytest.mark.parametrize(("samples", "rows"), [(BEHIND, 0), (BEHIND + ROW, 2), (BEHIND + ROW * 41, 41)])
def test_a_span_that_does_not_fit_is_refused(samples: int, rows: int):
    with pytest.raises(ValueError, match="samples"):
        patch_of(np.zeros(samples, np.float32), rows)
