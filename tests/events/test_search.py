"""The considered search finds the best of all ways to cut the frames into notes: checked against trying them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.scores import frames_of, held, melody, random_frames, rest
from vocalmidi.events import search
from vocalmidi.events.evidence import GRID_MIDI, pitch_scores
from vocalmidi.events.settings import ScoreSettings
from vocalmidi.values import Frames

NUMBERS = ScoreSettings()


def best_by_trying_all(frames: Frames) -> list[tuple[int, int]]:
    """Return first and last frame of each note of the best explanation: every pair of boundaries, summed anew."""
    at = search._boundaries(frames, NUMBERS)
    pitch = pitch_scores(frames, slice(None), NUMBERS.one_pitch).astype(np.float64)
    count = len(at.frame)
    best, origin = np.zeros(count), np.full(count, -1)
    for j in range(1, count):
        best[j] = best[j - 1]
        for i in range(j):
            if at.frame[j] - at.frame[i] < 6:  # 60 ms
                continue
            score = (
                NUMBERS.bonus + at.begin[i] + at.end[j] + at.inside[i + 1 : j + 1].sum() - at.skipped[i + 1 : j].sum()
            )
            score += pitch[at.frame[i] : at.frame[j]].sum(axis=0).max()
            if best[i] + score > best[j] + 1e-6:
                best[j], origin[j] = best[i] + score, i
    found, j = [], count - 1
    while j > 0:
        if origin[j] < 0:
            j -= 1
        else:
            found.append((int(at.frame[origin[j]]), int(at.frame[j])))
            j = int(origin[j])
    return found[::-1]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_search_is_as_good_as_trying_everything(seed):
    frames = random_frames(seed, 150)
    assert [(span.first, span.stop) for span in search.find_spans(frames, NUMBERS)] == best_by_trying_all(frames)


def test_reading_in_pieces_changes_nothing(monkeypatch):
    frames = random_frames(3, 700)
    whole = search.find_spans(frames, NUMBERS)
    monkeypatch.setattr(search, "PIECE_FRAMES", 64)
    pieces = search.find_spans(frames, NUMBERS)
    assert [(s.first, s.stop, s.pitch_midi) for s in whole] == [(s.first, s.stop, s.pitch_midi) for s in pieces]


def test_what_a_pitch_is_worth_beforehand_decides_between_octaves():
    frames = frames_of(melody(rest(0.2), held(64, 0.4), rest(0.2)))
    midi = frames.candidate_midi.copy()
    midi[:, 1] = 76.0
    share = np.zeros_like(frames.candidate_share)
    share[:, :2] = (0.45, 0.5)
    unsure = Frames(
        **{name: getattr(frames, name) for name in Frames.__slots__}
        | {"candidate_midi": midi, "candidate_share": share}
    )
    low = np.where(GRID_MIDI > 70, -6.0, 0.0)
    assert search.find_spans(unsure, NUMBERS)[0].pitch_midi == pytest.approx(76.0, abs=0.2)
    assert search.find_spans(unsure, NUMBERS, low)[0].pitch_midi == pytest.approx(64.0, abs=0.2)
