"""The considered reading of frames whose truth is known, without any sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.scores import HOP, HOP_S, RATE_HZ, frames_of, held, melody, pitches, random_frames, rest
from vocalmidi.events import transcribe


def test_three_notes_are_three_notes_in_place():
    events = transcribe(frames_of(melody(rest(0.4), held(60, 0.4), held(64, 0.4), rest(0.2), held(62, 0.4), rest(0.4))))
    assert pitches(events) == [60, 64, 62]
    onsets_s = [note.onset / RATE_HZ for note in events.notes]
    assert onsets_s == pytest.approx([0.4, 0.8, 1.4], abs=0.02)
    assert [note.offset / RATE_HZ for note in events.notes] == pytest.approx([0.8, 1.2, 1.8], abs=0.02)


@pytest.mark.parametrize("vibrato_hz", [4.0, 5.5, 7.0])
@pytest.mark.parametrize("cents", [30, 100])
def test_vibrato_is_one_note_of_its_middle(vibrato_hz, cents):
    wave = cents / 100 * np.sin(2 * np.pi * vibrato_hz * np.arange(200) * HOP_S)
    (note,) = transcribe(frames_of(melody(rest(0.3), held(62, 2.0) + wave, rest(0.3)))).notes
    assert note.pitch_midi == pytest.approx(62.0, abs=0.1)


@pytest.mark.parametrize("tune", [(60, 61, 62), (60, 62, 60), (64, 62, 60), (60, 67, 60)])
def test_a_passing_or_neighbour_note_of_150_ms_is_heard(tune):
    first, middle, last = tune
    assert pitches(transcribe(frames_of(melody(held(first, 0.4), held(middle, 0.15), held(last, 0.4))))) == [*tune]


def test_a_semitone_touched_for_a_moment_is_none():
    assert pitches(transcribe(frames_of(melody(held(60, 0.4), held(61, 0.05), held(60, 0.4)), onsets=()))) == [60]


def test_a_glide_makes_no_ghost_notes():
    slide = np.linspace(60, 67, round(0.12 / HOP_S))
    assert pitches(transcribe(frames_of(melody(held(60, 0.5), slide, held(67, 0.5))))) == [60, 67]


def test_a_scoop_belongs_to_its_note():
    scoop = np.linspace(58, 62, round(0.08 / HOP_S))
    (note,) = transcribe(frames_of(melody(rest(0.3), scoop, held(62, 0.5)), onsets=())).notes
    assert note.pitch_midi == pytest.approx(62.0, abs=0.1)


def test_the_same_pitch_struck_again_is_two_notes():
    first, second = transcribe(frames_of(held(62, 0.8), onsets=[45])).notes
    assert first.offset == second.onset == pytest.approx(0.45 * RATE_HZ, abs=160)


def test_a_hint_of_an_onset_does_not_cut_a_steady_tone():
    assert pitches(transcribe(frames_of(held(62, 1.6), onsets=[80], heard=0.2))) == [62]


@pytest.mark.parametrize("slip_s", [0.024, 0.1, 0.3])
@pytest.mark.parametrize("octave", [-12, 12])
def test_an_octave_slip_of_the_tracker_is_mended(slip_s, octave):
    (note,) = transcribe(frames_of(melody(held(64, 0.5), held(64 + octave, slip_s), held(64, 0.5)), onsets=())).notes
    assert note.pitch_midi == pytest.approx(64.0, abs=0.05)
    assert all(abs(point.bend_cents) < 20 for point in note.bend)


def test_an_octave_that_is_struck_anew_is_sung():
    frames = frames_of(melody(held(64, 0.5), held(76, 0.3), held(64, 0.5)), onsets=[50, 80])
    assert pitches(transcribe(frames)) == [64, 76, 64]


def test_an_octave_sung_for_long_without_an_attack_is_sung():
    assert pitches(transcribe(frames_of(melody(held(64, 0.5), held(76, 0.6)), onsets=()))) == [64, 76]


def test_nothing_shorter_than_60_ms_is_a_note():
    for seconds in np.arange(0.01, 0.3, 0.01):
        events = transcribe(frames_of(melody(rest(0.3), held(60, seconds), rest(0.3))))
        assert all(note.offset - note.onset >= 0.05 * RATE_HZ for note in events.notes)


def test_the_bend_stays_within_5_cents_of_the_voice_in_few_points():
    wave = 0.6 * np.sin(2 * np.pi * 5.5 * np.arange(200) * HOP_S)
    sung = held(62, 2.0) + wave
    (note,) = transcribe(frames_of(melody(rest(0.2), sung))).notes
    times = 0.2 + np.arange(200) * HOP_S
    curve = np.interp(times, [p.at / RATE_HZ for p in note.bend], [p.bend_cents for p in note.bend])
    inside = (times > 0.3) & (times < 2.1)
    error = np.abs(curve / 100 + note.pitch_midi - sung)[inside] * 100
    assert error.max() < 7.0  # 5 of thinning, 2 of the smoothing at 5.5 Hz
    assert len(note.bend) < 110


def test_a_steady_note_needs_two_points():
    (note,) = transcribe(frames_of(held(62, 1.0))).notes
    assert [round(point.bend_cents) for point in note.bend] == [0, 0]
    assert note.bend[0].at >= note.onset
    assert note.bend[-1].at < note.offset


@pytest.mark.parametrize("gain_db", [0, -35])
def test_velocity_is_relative_to_the_take(gain_db):
    tune = melody(held(60, 0.4), rest(0.2), held(62, 0.4), rest(0.2), held(64, 0.4))
    level = np.concatenate([np.full(60, -26.0), np.full(60, -20.0), np.full(40, -14.0)]) + gain_db
    soft, middle, loud = (note.velocity for note in transcribe(frames_of(tune, level_db=level)).notes)
    assert (soft, middle, loud) == (69, 84, 99)


def test_a_note_heard_surely_is_believed_more():
    (sure,) = transcribe(frames_of(melody(rest(0.2), held(60, 0.5), rest(0.2)))).notes
    (unsure,) = transcribe(frames_of(melody(rest(0.2), held(60, 0.08), rest(0.2)), heard=0.4)).notes
    assert sure.confidence > 0.9 > unsure.confidence


def test_a_hum_far_below_the_voice_is_the_room():
    tune = melody(held(47, 1.0), rest(0.3), held(64, 0.5), rest(0.3), held(62, 0.5))
    level = np.full(len(tune), -20.0)
    level[:100] = -60.0
    assert pitches(transcribe(frames_of(tune, level_db=level))) == [64, 62]


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_hardly_any_frames_are_no_error(count):
    events = transcribe(frames_of(np.full(count, 60.0)))
    assert events.notes == ()
    assert events.stop == count * HOP


def test_ten_minutes_of_one_tone_are_one_note():
    (note,) = transcribe(frames_of(held(60, 600.0))).notes
    assert note.offset - note.onset > 599 * RATE_HZ


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 400))
def test_notes_are_sorted_apart_and_within_the_take_whatever_the_frames(seed, count):
    frames = random_frames(seed, count)
    events = transcribe(frames)
    edges = [sample for note in events.notes for sample in (note.onset, note.offset)]
    assert edges == sorted(edges)
    assert not edges or (edges[0] >= events.start and edges[-1] <= events.stop)
    for note in events.notes:
        ats = [point.at for point in note.bend]
        assert ats == sorted(set(ats))
        assert note.onset <= ats[0]
        assert ats[-1] <= note.offset
    assert events == transcribe(frames)


@settings(max_examples=15, deadline=None)
@given(semitones=st.integers(-12, 12))
def test_a_tune_sung_higher_is_the_same_tune(semitones):
    tune = melody(held(60, 0.4), held(64, 0.3), rest(0.2), held(57, 0.5))
    low, high = transcribe(frames_of(tune)), transcribe(frames_of(tune + semitones))
    assert [note.onset for note in low.notes] == [note.onset for note in high.notes]
    assert [n.pitch_midi + semitones for n in low.notes] == pytest.approx([n.pitch_midi for n in high.notes], abs=0.01)
