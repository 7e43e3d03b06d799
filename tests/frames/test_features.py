"""The model's picture of sound: against tones whose place is known, and streamed against whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocalmidi.frames import features
from vocalmidi.frames.features import CONSIDERED, LIVE, FrameSpectra, PictureStream

SPECTRA = {layout: FrameSpectra(layout) for layout in (CONSIDERED, LIVE)}


def tone(midi: float, seconds: float = 0.5, harmonics: int = 1) -> np.ndarray:
    phase = 2 * np.pi * 440.0 * 2.0 ** ((midi - 69.0) / 12.0) * np.arange(int(16_000 * seconds)) / 16_000
    return (0.1 * sum(np.sin(k * phase) for k in range(1, harmonics + 1))).astype(np.float32)


@pytest.mark.parametrize("midi", [52.0, 60.5, 69.0, 76.25, 84.0])
def test_a_tone_peaks_at_its_own_bin(midi: float) -> None:
    shown = features.phrase_picture(tone(midi), SPECTRA[CONSIDERED])[25, : features.TONE_BINS]
    found = features.tone_midi()[int(shown.argmax())]
    assert abs(found - midi) <= 0.34


def test_harmonics_stand_where_the_stack_looks_for_them() -> None:
    shown = features.phrase_picture(tone(57.0, harmonics=8), SPECTRA[CONSIDERED])[25]
    f0_bin = round((57.0 - features.LOWEST_MIDI) * 3)
    for shift in features.HARMONIC_SHIFTS[1:]:
        place = f0_bin + shift - features.HARMONIC_SHIFTS[0]
        assert shown[place - 1 : place + 2].max() > 0.85
    assert shown[f0_bin] < 0.5, "no tone an octave below"


def test_a_quiet_microphone_gives_the_same_picture() -> None:
    loud = features.phrase_picture(tone(60.0), SPECTRA[CONSIDERED])
    quiet = features.phrase_picture(0.1 * tone(60.0), SPECTRA[CONSIDERED])
    np.testing.assert_allclose(loud, quiet, atol=0.02)


def test_silence_is_empty() -> None:
    assert features.phrase_picture(np.zeros(4000, np.float32), SPECTRA[CONSIDERED])[:, : features.TONE_BINS].max() < 0.5
    assert features.phrase_picture(np.zeros(0, np.float32), SPECTRA[CONSIDERED]).shape == (0, features.WIDTH)


def test_a_click_appears_in_the_frame_of_its_time() -> None:
    sound = np.zeros(16_000, np.float32)
    sound[8000] = 0.5
    mels = features.phrase_levels(sound, SPECTRA[CONSIDERED]).frames_db
    assert int(mels.argmax()) == 50


def test_the_live_frame_does_not_see_the_future() -> None:
    sound = tone(60.0)
    changed = sound.copy()
    changed[20 * 160 :] = 0.0
    one, other = (features.phrase_levels(s, SPECTRA[LIVE]).tones_db[:20] for s in (sound, changed))
    np.testing.assert_array_equal(one, other)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=12), st.sampled_from([CONSIDERED, LIVE]))
def test_blocks_of_any_size_give_the_same_picture(sizes: list[int], layout: features.Layout) -> None:
    sound = np.random.default_rng(1).normal(0.0, 0.1, 12_000).astype(np.float32) + tone(60.0, 0.75)
    spectra, stream, at, parts = SPECTRA[layout], PictureStream(SPECTRA[layout]), 0, []
    for size in [*sizes, len(sound)]:
        parts.append(stream.push(sound[at : at + size]))
        at += size
    streamed = np.concatenate(parts)
    levels = features.phrase_levels(sound, spectra)
    whole = features.picture(levels, features.followed_reference_db(levels.frames_db))
    assert len(streamed) == (len(sound) - spectra.ahead) // features.HOP + 1
    np.testing.assert_allclose(streamed, whole[: len(streamed)], atol=1e-4)


def test_the_followed_reference_falls_slowly_and_rises_at_once() -> None:
    followed = features.followed_reference_db(np.array([-40.0, -10.0, -50.0, -50.0], np.float32))
    np.testing.assert_allclose(followed, [-40.0, -10.0, -10.02, -10.04], atol=1e-4)


@pytest.mark.parametrize("layout", [CONSIDERED, LIVE])
def test_digital_silence_has_the_levels_that_its_spectra_would_give(layout: features.Layout, monkeypatch) -> None:
    spectra = FrameSpectra(layout)
    nothing = np.zeros(spectra.behind + 10 * features.HOP + spectra.ahead, np.float32)
    known = spectra.of(nothing, 10)
    monkeypatch.setattr(features, "_is_silent", lambda _: False)
    computed = spectra.of(nothing, 10)
    for name in ("tones_db", "mels_db", "frames_db"):
        assert np.array_equal(getattr(known, name), getattr(computed, name))
        assert getattr(known, name).dtype == np.float32


def test_one_sample_is_no_silence() -> None:
    spectra = FrameSpectra(CONSIDERED)
    click = np.zeros(spectra.behind + 10 * features.HOP + spectra.ahead, np.float32)
    click[spectra.behind] = 1e-6
    assert spectra.of(click, 10).frames_db.max() > spectra.of(np.zeros_like(click), 10).frames_db.max()
