"""The last minutes, addressed by sample index, against a plain list of everything that ever came."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.capture import History, SpanAheadError, SpanGoneError
from vocalmidi.errors import CaptureError
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

RATE_HZ = 1000
MINUTES = 100 / RATE_HZ / 60  # 100 samples


def counting(start: int, count: int) -> AudioBlock:
    return AudioBlock(SampleIndex(start), RATE_HZ, np.arange(start, start + count, dtype=np.float32))


def span(history: History, start: int, stop: int) -> list[float]:
    block = history.span(SampleIndex(start), SampleIndex(stop))
    assert block.start == start
    assert block.sample_rate_hz == RATE_HZ
    return block.samples.tolist()


@given(sizes=st.lists(st.integers(0, 250), max_size=20), ends=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_any_span_that_is_available_is_what_was_played(sizes: list[int], ends: tuple[float, float]):
    history, total = History(MINUTES, RATE_HZ), 0
    for size in sizes:
        history.append(counting(total, size))
        total += size
    assert history.available == range(max(0, total - 100), total)
    low, high = sorted(round(history.available.start + end * len(history.available)) for end in ends)
    assert span(history, low, high) == list(range(low, high))


def test_an_overwritten_span_and_a_future_one_are_errors_of_their_own():
    history = History(MINUTES, RATE_HZ)
    history.append(counting(0, 250))
    assert span(history, 150, 250) == list(range(150, 250))
    with pytest.raises(SpanGoneError, match=r"first 0.10 s asked for are gone"):
        span(history, 50, 200)
    with pytest.raises(SpanAheadError, match=r"last 0.05 s asked for have not been recorded yet"):
        span(history, 200, 300)
    assert issubclass(SpanGoneError, CaptureError)
    assert issubclass(SpanAheadError, CaptureError)


def test_lost_samples_are_silence_in_their_place():
    history = History(MINUTES, RATE_HZ)
    history.append(counting(1, 30))
    history.append(counting(51, 10))
    assert span(history, 21, 61) == [*range(21, 31), *[0.0] * 20, *range(51, 61)]


def test_a_gap_longer_than_the_history_leaves_only_what_came_after():
    history = History(MINUTES, RATE_HZ)
    history.append(counting(1, 30))
    history.append(counting(1000, 10))
    assert history.available == range(910, 1010)
    assert span(history, 910, 1010) == [0.0] * 90 + list(range(1000, 1010))


def test_a_history_may_begin_in_the_middle_of_a_source():
    history = History(MINUTES, RATE_HZ)
    assert len(history.available) == 0
    history.append(counting(5000, 10))
    assert history.available == range(5000, 5010)
    with pytest.raises(SpanGoneError):
        span(history, 4999, 5010)


def test_a_block_from_before_or_of_another_rate_is_refused():
    history = History(MINUTES, RATE_HZ)
    history.append(counting(10, 10))
    with pytest.raises(ValueError, match="before the history's end at 20"):
        history.append(counting(19, 5))
    with pytest.raises(ValueError, match="44100 Hz does not fit"):
        history.append(AudioBlock(SampleIndex(20), 44_100, np.zeros(5, np.float32)))


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4)])
def test_an_impossible_span_is_refused(start, stop):
    with pytest.raises(ValueError, match="can't run"):
        span(History(MINUTES, RATE_HZ), start, stop)


@pytest.mark.parametrize(("minutes", "rate"), [(0, 1000), (-1, 1000), (61, 1000), (float("nan"), 1000), (1, 0)])
def test_an_impossible_history_is_refused(minutes, rate):
    with pytest.raises(ValueError, match=r"history|rate"):
        History(minutes, rate)


def test_a_reader_never_sees_a_span_half_overwritten():
    """A writer laps the history all the time; each span is right, or the typed error says that it is gone."""
    history, finished = History(MINUTES, RATE_HZ), threading.Event()

    def write() -> None:
        for block in range(4000):
            history.append(counting(block * 37, 37))
        finished.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = 0
    while not finished.is_set():
        here = history.available
        try:
            samples = span(history, here.start, here.stop)
        except SpanGoneError:
            continue
        assert samples == list(here)
        seen += 1
    writer.join()
    assert seen > 0


def test_what_is_left_before_a_sample_is_given_without_a_question_of_where_it_begins():
    history = History(MINUTES, RATE_HZ)
    history.append(counting(0, 250))
    assert history.before(SampleIndex(240), 30).samples.tolist() == list(range(210, 240))
    assert history.before(SampleIndex(240), 1000).samples.tolist() == list(range(150, 240))
    with pytest.raises(SpanGoneError):
        history.before(SampleIndex(100), 30)
    with pytest.raises(SpanAheadError):
        history.before(SampleIndex(251), 30)


def test_nothing_lies_before_the_first_block():
    assert len(History(MINUTES, RATE_HZ).before(SampleIndex(0), 10).samples) == 0
