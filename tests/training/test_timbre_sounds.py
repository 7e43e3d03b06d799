"""The sounds that the timbre encoder learns from: each is what it says, and the same each time it is asked for."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile

from needs import libraries, program, shared

libraries("torch", "pyworld")

from training.timbre.data_consonants import consonant, espeak_consonants, phoneme_of, voicebank_consonants
from training.timbre.data_mouth import KINDS, made
from training.timbre.data_negatives import onsets_of
from training.timbre.data_recorded import class_of, recorded_hits
from training.timbre.sounds import HAT_CLOSED, HAT_OPEN, HITS, KICK, SNARE, Heard, Recorded
from training.voice.data_sources import speakers

RATE_HZ = 16_000


def centroid_hz(audio: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(audio, 1 << 14)) ** 2
    return float((np.fft.rfftfreq(1 << 14, 1 / RATE_HZ) * power).sum() / power.sum())


def test_computed_kicks_are_darker_than_snares_and_those_than_hats() -> None:
    heard: dict[int, list[float]] = {KICK: [], SNARE: [], HAT_CLOSED: []}
    for number in range(150):
        sound = made(number, 1)
        for kind, found in heard.items():
            if sound.labels == {kind}:
                found.append(centroid_hz(sound.play(np.random.default_rng(number)).audio))
    kick, snare, hat = (np.median(heard[kind]) for kind in heard)
    assert kick < 1000.0 < snare < 4500.0 < hat


def test_an_open_hat_lasts_longer_than_a_closed_one() -> None:
    lasting: dict[int, list[float]] = {HAT_CLOSED: [], HAT_OPEN: []}
    for number in range(150):
        sound = made(number, 2)
        for kind, found in lasting.items():
            if sound.labels == {kind}:
                loud = np.abs(sound.play(np.random.default_rng(number)).audio) > 0.1
                found.append(np.flatnonzero(loud)[-1] / RATE_HZ)
    assert np.median(lasting[HAT_OPEN]) > 3 * np.median(lasting[HAT_CLOSED])


def test_every_kind_is_drawn_and_begins_at_its_onset() -> None:
    names = set()
    for number in range(800):
        sound = made(number, 3)
        names.add(sound.identity.rpartition(" ")[0])
        if number % 10 == 0:
            heard = sound.play(np.random.default_rng(number))
            assert np.abs(heard.audio[: heard.onset]).max() < 0.2
            assert np.abs(heard.audio).max() == pytest.approx(1.0)
            assert np.isfinite(heard.audio).all()
    assert names == {kind.name for kind in KINDS}


def test_two_plays_are_alike_but_not_the_same_and_a_play_is_repeatable() -> None:
    sound = made(7, 1)
    one, again, other = (sound.play(np.random.default_rng(seed)).audio for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert one.shape != other.shape or not np.allclose(one, other)
    assert 0.7 < centroid_hz(one) / centroid_hz(other) < 1.4


def test_a_larger_mouth_is_the_same_sound_lower_by_its_speed() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(4000) / RATE_HZ)
    sound = Recorded("tone", frozenset({KICK}), "test", Heard(tone, 400), mouth=3)
    plays = [centroid_hz(sound.play(np.random.default_rng(k)).audio) for k in range(8)]
    cents = 1200 * np.log2(np.array(plays) / 1000)
    assert np.ptp(cents) < 150  # within ±25 cents of one speed, three deviations
    assert sound.identity != Recorded("tone", frozenset({KICK}), "test", Heard(tone, 400)).identity


@pytest.mark.parametrize(
    ("alias", "phoneme"),
    [
        ("- か", "k"),
        ("a ちゅA3", "ch"),
        ("shu", "sh"),
        ("グァG3", "g"),
        ("tsu", "ts"),
        ("o ま", None),
        ("i", None),
        ("", None),
    ],
)
def test_the_consonant_of_an_alias(alias: str, phoneme: str | None) -> None:
    assert phoneme_of(alias) == phoneme


def test_a_consonant_is_cut_from_its_burst_to_its_vowel() -> None:
    rng = np.random.default_rng(0)
    audio = 1e-4 * rng.standard_normal(RATE_HZ)
    audio[8000:8640] += 0.3 * rng.standard_normal(640) * np.exp(-np.arange(640) / 300)  # a burst, 40 ms
    vowel = np.arange(RATE_HZ - 8640) / RATE_HZ
    audio[8640:] += 0.5 * sum(np.sin(2 * np.pi * 200 * k * vowel) / k for k in range(1, 6))
    heard = consonant(audio, 8640 + 200, voiced=False)  # the line is 12 ms late
    assert heard is not None
    assert (len(heard.audio) - heard.onset) / RATE_HZ == pytest.approx(0.040, abs=0.008)
    scale = np.abs(audio[8000:8640]).max()
    assert np.abs(heard.audio[-160:]).max() * scale < 0.25  # the vowel's peaks are above 0.5
    assert consonant(np.zeros(RATE_HZ), 8000, voiced=False) is None


def test_voicebanks_give_bright_t_and_dark_p() -> None:
    bright: dict[str, list[float]] = {"ts": [], "p": [], "b": []}
    for speaker in speakers(shared("data/voices")):
        if speaker.source.folder.startswith("utau"):
            for sound in voicebank_consonants(speaker):
                phoneme = sound.name.rpartition(" ")[2]
                if phoneme in bright:
                    bright[phoneme].append(centroid_hz(sound.heard.audio))
    assert min(map(len, bright.values())) >= 8
    assert np.median(bright["ts"]) > 2 * np.median(bright["p"] + bright["b"])


def test_espeak_says_consonants_alone() -> None:
    program("espeak-ng")
    said = list(islice(espeak_consonants(), 16))
    assert {s.name.rpartition(" ")[2] for s in said} >= {"p", "t", "k", "ts", "pf"}  # one voice
    assert all(s.labels <= HITS and 0.005 < len(s.heard.audio) / RATE_HZ < 0.5 for s in said)


def test_labels_of_annotators_become_classes() -> None:
    found = [class_of(label) for label in ("kick", "snare_k", "hihat_open", "breath", "label")]
    assert found == [KICK, SNARE, HAT_OPEN, None, None]


def test_the_sets_that_may_train_are_read_and_beatboxset1_never_is(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    whole = soundfile.read
    monkeypatch.setattr(soundfile, "read", lambda path, **more: (opened.append(Path(path)), whole(path, **more))[1])
    hits = list(recorded_hits(shared("data/vocal")))
    assert len(hits) > 250
    assert {hit.source for hit in hits} == {"hmc_beatbox", "mitrank_oneshots"}
    assert not any("beatboxset1" in str(path) for path in opened)


def test_the_detector_finds_bursts_where_they_are() -> None:
    rng = np.random.default_rng(1)
    audio = 1e-4 * rng.standard_normal(2 * RATE_HZ)
    places = [6000, 14000, 22500]
    for place in places:
        audio[place : place + 800] += rng.standard_normal(800) * np.exp(-np.arange(800) / 200)
    found = onsets_of(audio)
    assert all(min(abs(np.array(found) - place)) < 48 for place in places)  # 3 ms
