"""What a voice imitates, of notes and phrases written by hand."""

from dataclasses import replace

import numpy as np
import pytest

from events.scores import RATE_HZ, frames_of, held, melody, rest
from vocalmidi.events.instrument import choose_instrument, chosen_of, note_features, with_instruments
from vocalmidi.values import EMBEDDING, INSTRUMENTS, SPECTRUM, Events, HitEvent, HitLabel, NoteEvent, Strike


def note(onset_s, length_s, pitch=60.0, share=()):
    return NoteEvent(round(onset_s * RATE_HZ), round((onset_s + length_s) * RATE_HZ), pitch, 90, 0.9, (), share)


def strike(onset_s, instrument, age_s=0.16, share=0.92):
    shares = np.full(len(INSTRUMENTS), (1 - share) / (len(INSTRUMENTS) - 1))
    shares[INSTRUMENTS.index(instrument)] = share
    onset = round(onset_s * RATE_HZ)
    point = np.eye(EMBEDDING)[0]
    heard = onset + round(age_s * RATE_HZ)
    return Strike(onset, np.full(5, 0.2), 0.1, point, shares, np.zeros(SPECTRUM), -20.0, 10.0, age_s, heard)


def sure(instrument, share=0.8):
    return tuple(share if name == instrument else (1 - share) / 4 for name in INSTRUMENTS)


def events_of(notes, hits=()):
    return Events(0, 100 * RATE_HZ, RATE_HZ, tuple(notes), tuple(hits))


def test_a_phrase_imitates_what_most_of_its_notes_do():
    notes = [note(k, 0.5, share=sure("bass")) for k in range(5)] + [note(6, 0.5, share=sure("lead"))]
    choice = choose_instrument(events_of(notes))
    assert choice.instrument == "bass"
    assert choice.share > 0.9
    assert sum(choice.shares) == pytest.approx(1.0)


def test_many_doubtful_notes_do_not_make_a_sure_phrase():
    doubtful = sure("brass", 0.3)
    assert chosen_of(np.array([doubtful] * 100), np.ones(100)).share < 0.7


def test_hits_alone_are_drums_and_nothing_is_nothing():
    hit = HitEvent(0, HitLabel.KICK, 100, 0.9)
    assert choose_instrument(events_of([], [hit])).instrument == "drums"
    assert choose_instrument(events_of([])) is None
    assert choose_instrument(events_of([note(0, 1)], [hit])) is None


def test_the_strike_heard_longest_counts_and_one_further_off_does_not():
    frames = frames_of(melody(rest(0.3), held(60, 0.6), rest(0.3)))
    sung = [note(0.3, 0.6)]
    strikes = [strike(0.29, "pluck", 0.024), strike(0.28, "brass", 0.16), strike(0.5, "pad", 0.16)]
    (row,) = note_features(sung, strikes, frames)
    assert INSTRUMENTS[int(row[: len(INSTRUMENTS)].argmax())] == "brass"
    (none,) = note_features(sung, [], frames)
    assert np.ptp(none[: len(INSTRUMENTS)]) == 0.0


def test_a_note_that_swells_has_a_long_rise_and_one_that_dies_has_a_fall():
    frames = frames_of(held(60, 1.0))
    time_s = np.arange(100) / 100
    swelling = replace(frames, level_db=np.minimum(-40 + 60 * time_s, -10))
    dying = replace(frames, level_db=-10 - 100 * time_s)
    (slow,), (plucked,) = (note_features([note(0, 1)], [], each) for each in (swelling, dying))
    rise, fall = -2, -1
    assert np.exp(slow[rise]) == pytest.approx(0.46, abs=0.03)
    assert np.exp(plucked[rise]) == pytest.approx(0.01, abs=0.005)
    assert plucked[fall] == pytest.approx(100, abs=5)
    assert abs(slow[fall]) < 30


def test_every_note_gets_shares_that_sum_to_one_whatever_it_is_like():
    frames = frames_of(melody(held(30, 0.03), held(90, 3.0)))
    said = with_instruments([note(0, 0.01, 20.0), note(0.03, 3.0, 100.0)], [strike(0.03, "bass")], frames)
    for each in said:
        assert sum(each.instrument_share) == pytest.approx(1.0)
        assert min(each.instrument_share) >= 0.0
    assert with_instruments([], [], frames) == ()
