"""Training sound is what its labels say: measured on the sound, with nothing that made it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needs import libraries, shared

libraries("pyworld", "scipy", "zstandard")

from training.voice import data_conditions, data_hits, data_melodies, data_sources, data_voice
from training.voice.data_contour import Curves, curves
from training.voice.data_formants import formant_voice
from training.voice.data_score import Planned, plan
from training.voice.data_singer import sing, whistle
from training.voice.data_style import KINDS, Conditions, Mixture, Style, draw_style
from training.voice.data_voice import Sample, Studio, sample, write

RATE_HZ = 16_000


def plain(kind: str = "male", manner: str = "la") -> Style:
    """Nothing random that would blur a measurement."""
    style = draw_style(np.random.default_rng(0), kind)
    still = {"tuning_cents": 0.0, "drift_cents": 0.0, "jitter_cents": 0.0, "shimmer_db": 0.0, "vibrato_cents": 0.0}
    return replace(
        style,
        manner=manner,
        breaths=0.0,
        creak=0.0,
        breathy_db=0.0,
        attack_s=0.02,
        release_s=0.05,
        tilt_db=0.0,
        **still,
    )


def take(notes: list[Planned], seed: int = 0, kind: str = "male", seconds: float = 2.0) -> tuple[np.ndarray, Curves]:
    rng = np.random.default_rng(seed)
    style = plain(kind)
    curve = curves(notes, style, int(seconds * 200), rng)
    return sing(formant_voice(kind, "train", seed), notes, curve, style, rng), curve


def period_hz(sound: np.ndarray, at_s: float, near_hz: float) -> float:
    """Return the pitch by autocorrelation, within a fourth of what is expected."""
    middle, half = round(at_s * RATE_HZ), 800
    piece = sound[middle - half : middle + half] * np.hanning(2 * half)
    power = np.fft.irfft(np.abs(np.fft.rfft(piece, 8192)) ** 2)
    power = power / np.fft.irfft(np.abs(np.fft.rfft(np.hanning(2 * half), 8192)) ** 2)[: len(power)].clip(1e-6)
    lags = np.arange(int(RATE_HZ / near_hz / 1.3), int(RATE_HZ / near_hz * 1.3) + 2)
    best = lags[np.argmax(power[lags])]
    a, b, c = power[best - 1 : best + 2]
    return RATE_HZ / (best + 0.5 * (a - c) / (a - 2 * b + c))


def loudness_db(sound: np.ndarray, window_s: float = 0.02) -> np.ndarray:
    width = round(window_s * RATE_HZ)
    return 10 * np.log10(np.convolve(sound**2, np.hanning(width) / np.hanning(width).sum(), "same") + 1e-12)


@pytest.mark.parametrize("pitch", [41, 50, 62, 74, 83])
def test_the_pitch_in_the_truth_is_the_pitch_in_the_sound(pitch: int) -> None:
    sound, curve = take([Planned(0.3, 1.5, float(pitch), "rest")], kind="male" if pitch < 60 else "female")
    expected_hz = 440 * 2 ** ((pitch - 69) / 12)
    for at_s in (0.6, 0.9, 1.2):
        cents = 1200 * np.log2(period_hz(sound, at_s, expected_hz) / expected_hz)
        assert abs(cents) < 10
    assert curve.notes[0, 2] == pytest.approx(pitch, abs=0.02)


def test_a_note_begins_and_ends_where_its_sound_does() -> None:
    sound, curve = take([Planned(0.5, 1.2, 57.0, "rest")])
    level = loudness_db(sound, 0.005)
    loud = np.flatnonzero(level > level.max() - 26) / RATE_HZ
    assert curve.notes[0, 0] == pytest.approx(loud[0], abs=0.012)
    assert curve.notes[0, 1] == pytest.approx(loud[-1], abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_a_repeat_joined_by_a_voiced_consonant_begins_where_the_level_is_lowest(seed: int) -> None:
    again = Planned(0.9, 1.5, 52.0, "voiced", closure_s=0.07, dip_db=10.0, glide_s=0.02)
    sound, curve = take([Planned(0.3, 0.9, 52.0, "rest"), again], seed)
    level = loudness_db(sound, 0.03)
    near = np.arange(round(0.7 * RATE_HZ), round(1.1 * RATE_HZ))
    low = near[level[near] < level[near].min() + 3] / RATE_HZ
    assert len(curve.notes) == 2
    assert low[0] - 0.015 <= curve.notes[1, 0] <= low[-1] + 0.015
    assert curve.notes[0, 1] == pytest.approx(curve.notes[1, 0], abs=1e-6)


def test_a_legato_note_begins_half_way_through_the_glide() -> None:
    sound, curve = take([Planned(0.3, 0.9, 50.0, "rest"), Planned(0.9, 1.6, 55.0, "legato", glide_s=0.12)])
    middle_hz = 440 * 2 ** ((52.5 - 69) / 12)
    assert curve.notes[1, 0] == pytest.approx(0.9, abs=0.003)
    assert abs(1200 * np.log2(period_hz(sound, 0.9, middle_hz) / middle_hz)) < 60
    assert curve.notes[:, 2] == pytest.approx([50.0, 55.0], abs=0.03)


def test_the_truth_of_pitch_is_zero_outside_notes_and_follows_them_inside() -> None:
    _, curve = take([Planned(0.3, 0.8, 60.0, "rest"), Planned(1.0, 1.6, 64.0, "rest")])
    f0_hz = curve.truth_f0_hz()
    times = np.arange(len(f0_hz)) * 0.01
    assert not f0_hz[(times < 0.29) | ((times > 0.82) & (times < 0.98)) | (times > 1.62)].any()
    assert np.all(f0_hz[(times > 0.33) & (times < 0.72)] > 0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(sorted(KINDS)))
def test_every_plan_can_be_sung_in_order_and_in_range(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    style = draw_style(rng, kind)
    notes = plan(data_melodies.made_up(rng), style, 9.0, rng)
    curve = curves(notes, style, 1800, rng)
    low, high, _ = KINDS[kind]
    assert all(low <= n.pitch_midi <= high and n.offset_s - n.onset_s > 0.04 for n in notes)
    assert np.all(curve.notes[1:, 0] >= curve.notes[:-1, 1] - 1e-6)
    assert np.all(curve.notes[:, 1] > curve.notes[:, 0])


def test_a_whistle_is_one_sine_at_its_pitch() -> None:
    notes = [Planned(0.3, 1.5, 81.0, "rest")]
    curve = curves(notes, plain("female"), 400, np.random.default_rng(1))
    spectrum = np.abs(np.fft.rfft(whistle(notes, curve, np.random.default_rng(1))[9600:19200] * np.hanning(9600)))
    assert np.argmax(spectrum) * RATE_HZ / 9600 == pytest.approx(440 * 2, rel=0.003)


@pytest.mark.parametrize("seed", range(6))
def test_a_simulated_room_answers_at_once_and_never_before(seed: int) -> None:
    answer, t60_s = data_conditions.simulated_room(np.random.default_rng(seed))
    assert np.abs(answer[0]) == np.abs(answer).max()
    late = np.sum(answer[round(t60_s * RATE_HZ) :] ** 2) / np.sum(answer**2)
    assert 10 * np.log10(late + 1e-12) < -30


@pytest.mark.parametrize("kind", data_hits.CLASSES)
def test_a_hit_begins_at_its_first_sample(kind: str) -> None:
    sound = data_hits.hit(kind, np.random.default_rng(3))
    assert np.abs(sound[: RATE_HZ // 100]).max() > 0.2
    assert np.abs(sound).max() == pytest.approx(1.0)


def test_noise_lies_as_far_below_the_voice_as_its_tag_says() -> None:
    tone = np.sin(2 * np.pi * 220 * np.arange(64_000) / RATE_HZ)
    places = data_conditions.Places({}, {"hiss": np.random.default_rng(1).standard_normal(32_000)})
    only_noise = Conditions(
        clean=0.0, noise=1.0, room=0.0, microphone=0.0, clipping=0.0, mains=0.0, bleed=0.0, narrow=0.0
    )
    sound, tags = data_conditions.recorded(tone, places, only_noise, np.random.default_rng(2))
    told_db = float(next(t for t in tags if t.startswith("snr=")).split()[0].split("=")[1])
    part = np.dot(sound, tone) / np.dot(tone, tone)
    measured_db = 10 * np.log10(part**2 * 0.5 / np.mean((sound - part * tone) ** 2))
    assert measured_db == pytest.approx(told_db, abs=1.0)


def test_a_clip_is_written_in_the_agreed_form(tmp_path: Path) -> None:
    made = Sample(
        np.linspace(-2, 2, 16_050), np.ones(90, np.float32), np.array([[0.1, 0.5, 60.0]]), np.zeros((0, 2)), "a=b clean"
    )
    write(tmp_path / "00000.npz", made)
    with np.load(tmp_path / "00000.npz") as held:
        assert held["audio"].dtype == np.int16
        assert held["audio"].max() == 32767
        assert held["f0_hz"].shape == (101,)
        assert held["notes"].shape == (1, 3)
        assert held["hits"].shape == (0, 2)
        assert str(held["tags"]) == "a=b clean"


def test_no_speaker_is_on_two_sides_and_no_unclear_licence_is_used() -> None:
    everyone = data_sources.speakers(shared("data/voices"))
    names = [s.name for s in everyone]
    assert len(names) == len(set(names))
    assert {s.name for s in everyone if s.side == "valid"} == data_sources.VALIDATION
    assert not [n for n in names if "kawaiineko" in n]


def test_both_sides_have_melodies_of_every_set_and_none_of_the_gpl_one() -> None:
    folder = shared("data/symbolic")
    songs = {side: data_melodies.read_melodies(folder, side, research=True) for side in ("train", "valid")}
    assert all(
        songs["valid"][name] and len(songs["train"][name]) > len(songs["valid"][name]) for name in data_melodies.SETS
    )
    assert not {"nottingham", "gmd"} & set(songs["train"])


def test_melodies_for_research_alone_are_sung_only_where_asked_for() -> None:
    songs = data_melodies.read_melodies(shared("data/symbolic"), "valid")
    assert set(songs) == set(data_melodies.SETS) - {"essen"}
    rng = np.random.default_rng(0)
    assert "essen" not in {data_melodies.draw_line(songs, rng).source for _ in range(200)}
    folder = shared("data/voices")
    assert "essen (non-commercial use), nottingham (GPL-3.0)" in data_sources.licence_table(folder)
    assert "essen (non-commercial use); nottingham (GPL-3.0)" in data_sources.licence_table(folder, research=True)


def test_rooms_and_noise_to_validate_are_not_trained_on() -> None:
    train, valid = (data_conditions.read_places(shared("data"), side) for side in ("train", "valid"))
    assert not set(train.rooms) & set(valid.rooms)
    for name, sound in train.noises.items():
        longest = len(sound) + len(valid.noises[name])
        assert len(sound) == longest * 3 // 4


def small_studio(side: str, **shares: float) -> Studio:
    """A studio without recordings: computed voices, one line, one hiss, one short room."""
    hiss = np.random.default_rng(1).standard_normal(32_000)
    places = data_conditions.Places({"two walls": np.array([1.0, 0.0, 0.5])}, {"hiss": hiss})
    lines = {name: [data_melodies.made_up(np.random.default_rng(5))] for name in data_melodies.SETS}
    voices = (formant_voice("male", side, 1), formant_voice("female", side, 2))
    mixture = replace(Mixture(), parametric=1.0, seconds=(6.0, 6.5), **shares)
    return Studio(side, voices, (), lines, places, mixture)


def test_a_clip_depends_on_seed_side_and_number_alone() -> None:
    one, two = (sample(small_studio("train", negative=0.0), 3, 7) for _ in range(2))
    other = sample(small_studio("train", negative=0.0), 3, 8)
    valid = sample(small_studio("valid", negative=0.0), 3, 7)
    assert np.array_equal(one.audio, two.audio)
    assert np.array_equal(one.notes, two.notes)
    assert one.tags == two.tags
    assert not np.array_equal(one.notes, other.notes)
    assert not np.array_equal(one.notes, valid.notes)


def test_most_frames_of_a_note_are_pitched_and_near_its_pitch() -> None:
    house = small_studio("train", negative=0.0)
    for number in range(6):
        made = sample(house, 11, number)
        for onset_s, offset_s, pitch in made.notes:
            inside = made.f0_hz[int(np.ceil(onset_s * 100)) : int(offset_s * 100)]
            known = inside[inside > 0]
            assert len(known) >= 0.5 * len(inside)
            if len(known) >= 6:
                assert abs(69 + 12 * np.log2(np.median(known) / 440) - pitch) < 2


def test_breath_clicks_and_noise_have_no_note_and_no_pitch() -> None:
    house = small_studio("train", negative=1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_voice, "NEGATIVE_SHARES", (0.25, 0.25, 0.25, 0.25, 0.0, 0.0))
        for number in range(6):
            made = sample(house, 2, number)
            assert len(made.notes) == len(made.hits) == 0
            assert not made.f0_hz.any()
            assert "negative=" in made.tags
