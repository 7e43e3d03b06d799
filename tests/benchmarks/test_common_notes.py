"""The segmentation that all trackers without notes share, on pitch and sound written by hand."""

import numpy as np
import pytest

from needs import libraries

libraries("scipy")

from benchmarks.rivals.common_notes import common_notes

RATE = 16_000


def notes_in(midi: np.ndarray, loud: np.ndarray | None = None) -> np.ndarray:
    """The notes of a pitch every 10 ms (NaN: unvoiced), sung at those levels."""
    time_s = np.arange(len(midi)) * 0.01
    f0_hz = 440.0 * 2.0 ** ((np.nan_to_num(midi, nan=60.0) - 69.0) / 12.0)
    phase = np.cumsum(np.repeat(f0_hz, RATE // 100)) / RATE
    level = np.repeat(np.where(np.isnan(midi), 0.0, 1.0 if loud is None else loud), RATE // 100)
    return common_notes(time_s, f0_hz, ~np.isnan(midi), level * np.sin(2 * np.pi * phase), RATE)


def test_a_change_of_pitch_begins_a_note() -> None:
    found = notes_in(np.repeat([60.0, 64.0], 40))
    np.testing.assert_allclose(found[:, 2], [60.0, 64.0], atol=0.01)
    np.testing.assert_allclose(found[:, :2], [[0.0, 0.4], [0.4, 0.8]], atol=0.03)


def test_vibrato_of_half_a_semitone_is_one_note() -> None:
    wobble = 60.0 + 0.5 * np.sin(2 * np.pi * 5.5 * np.arange(100) * 0.01)
    assert len(notes_in(wobble)) == 1


def test_a_pause_parts_notes_and_one_dropped_frame_does_not() -> None:
    sung = np.full(80, 60.0)
    sung[40:44] = np.nan
    assert len(notes_in(sung)) == 2
    sung[41:44] = 60.0
    assert len(notes_in(sung)) == 1


def test_a_dip_of_the_level_is_a_repeated_note() -> None:
    loud = np.ones(80)
    loud[38:44] = 0.25
    assert len(notes_in(np.full(80, 60.0), loud)) == 2
    assert len(notes_in(np.full(80, 60.0), np.maximum(loud, 0.7))) == 1


def test_nothing_voiced_and_what_is_too_short_are_no_notes() -> None:
    assert notes_in(np.full(50, np.nan)).shape == (0, 3)
    blip = np.full(50, np.nan)
    blip[20:26] = 60.0
    assert notes_in(blip) == pytest.approx(np.zeros((0, 3)))
