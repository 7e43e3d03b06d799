"""The last minutes and what was sung in them, asked at any moment, with and without somebody at work ahead."""

import numpy as np
import pytest

from synth import SungNote, room_noise, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.app.hearing import Hearing
from vocalmidi.capture import SpanGoneError
from vocalmidi.errors import PhraseError
from vocalmidi.values import AudioBlock

RATE = 16000
BLOCK = 1600
TUNE = [SungNote(0.25 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 60))]
EARLY = [SungNote(0.3 + 0.5 * step, 0.4, 72) for step in range(3)]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


def quiet(seconds):
    return room_noise(seconds, RATE, level_db=-70.0, seed=3)


def play(hearing, samples, *, works=False):
    start = hearing.history.available.stop
    for at in range(0, len(samples), BLOCK):
        hearing.append(AudioBlock(start + at, RATE, samples[at : at + BLOCK]))
        if works:
            hearing.work()


def pitches(events):
    return [round(note.pitch_midi) for note in events.notes]


@pytest.mark.parametrize("works", [False, True])
def test_the_last_phrase_is_what_was_sung_after_the_last_long_silence(ears, works):
    hearing = Hearing(ears, 1.0, RATE)
    early, tune = sing(EARLY, RATE).samples, sing(TUNE, RATE).samples
    play(hearing, np.concatenate([early, quiet(2.5), tune, quiet(0.5)]), works=works)
    phrase = hearing.last_phrase(1.5)
    assert pitches(phrase) == [note.pitch_midi for note in TUNE]
    first_s = (len(early) / RATE) + 2.5 + TUNE[0].onset_s
    assert phrase.notes[0].onset / RATE == pytest.approx(first_s, abs=0.05)
    assert pitches(hearing.last_phrase(4.0)) == [72] * 3 + [note.pitch_midi for note in TUNE]


def test_in_the_middle_of_a_phrase_what_was_sung_so_far_is_there(ears):
    hearing = Hearing(ears, 1.0, RATE)
    tune = sing(TUNE, RATE).samples
    play(hearing, tune[: round(2.2 * RATE)], works=True)
    assert pitches(hearing.last_phrase(1.5)) == [60, 62, 64, 65]
    play(hearing, tune[round(2.2 * RATE) :], works=True)
    assert pitches(hearing.last_phrase(1.5)) == [note.pitch_midi for note in TUNE]


def test_asking_twice_tells_the_same(ears):
    hearing = Hearing(ears, 1.0, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(0.2)]), works=True)
    assert hearing.last_phrase(1.5) == hearing.last_phrase(1.5)


def test_a_long_silence_that_nobody_followed_is_caught_up_with_a_little_at_a_time(ears):
    hearing = Hearing(ears, 1.0, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(1.2)]), works=True)
    play(hearing, np.zeros(35 * RATE, np.float32))
    play(hearing, sing(EARLY, RATE).samples)
    behind = []
    for _ in range(4):
        hearing.work()
        behind.append(hearing.behind_s)
    assert behind[0] > behind[1] > behind[2] > behind[3] == 0
    assert pitches(hearing.last_phrase(1.5)) == [72] * 3
    assert pitches(hearing.last_phrase(40.0)) == [note.pitch_midi for note in TUNE] + [72] * 3


def test_once_it_is_quiet_nothing_is_left_to_be_heard(ears, monkeypatch):
    hearing = Hearing(ears, 1.0, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(1.2)]), works=True)
    runs = []
    monkeypatch.setattr(type(ears.voice), "run", lambda *_, **__: runs.append(1))
    assert len(hearing.last_phrase(1.5).notes) == len(TUNE)
    assert runs == []


def test_sound_after_the_silence_is_heard_too(ears):
    hearing = Hearing(ears, 1.0, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(0.8)]), works=True)
    play(hearing, sing(EARLY, RATE).samples, works=True)
    assert pitches(hearing.last_phrase(1.5)) == [note.pitch_midi for note in TUNE] + [72] * 3


def test_a_span_gives_what_begins_in_it(ears):
    hearing = Hearing(ears, 1.0, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(0.5)]), works=True)
    found = hearing.events(round(1.0 * RATE), round(3.0 * RATE))
    assert pitches(found) == [64, 65, 67, 65]
    assert (found.start, found.stop) == (RATE, 3 * RATE)


def test_what_is_older_than_the_history_is_gone_and_said_to_be(ears):
    hearing = Hearing(ears, 0.1, RATE)
    play(hearing, np.concatenate([sing(TUNE, RATE).samples, quiet(4.0)]), works=True)
    with pytest.raises(SpanGoneError, match="the history keeps 6 s"):
        hearing.events(0, RATE)
    play(hearing, quiet(4.0), works=True)
    with pytest.raises(PhraseError, match="nothing was sung in the 6 s that the history keeps"):
        hearing.last_phrase(1.5)


def test_sound_that_came_while_nobody_worked_for_longer_than_the_history_is_begun_anew(ears):
    hearing = Hearing(ears, 0.1, RATE)
    play(hearing, sing(EARLY, RATE).samples, works=True)
    play(hearing, np.concatenate([quiet(7.0), sing(TUNE, RATE).samples]))
    assert pitches(hearing.last_phrase(1.5)) == [note.pitch_midi for note in TUNE]


def test_nothing_sung_is_said(ears):
    hearing = Hearing(ears, 1.0, RATE)
    with pytest.raises(PhraseError, match="nothing was sung since listening began"):
        hearing.last_phrase(1.5)
    play(hearing, quiet(2.0), works=True)
    with pytest.raises(PhraseError, match="nothing was sung since listening began"):
        hearing.last_phrase(1.5)
