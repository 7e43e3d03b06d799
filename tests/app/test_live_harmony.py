"""Chords of the live path: said in time, of what had been decided by then, and told as JSON."""

from dataclasses import replace

import pytest

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.app.live_harmony import ChordWatch, open_live_harmony
from vocalmidi.app.report_harmony import harmony_json, live_chords_json
from vocalmidi.arrange import load_style, open_networks
from vocalmidi.config import load_settings
from vocalmidi.values import NoteOff, NoteOn, NoteRevision

RATE = 48_000
START = 24_000
"""The first onset, half a second in; at 120 quarter notes a minute each lasts half a second."""
WAIT = 2400
"""Samples from an onset to the word of it: 50 ms."""


@pytest.fixture(scope="module")
def harmony():
    return open_live_harmony(replace(load_settings(), provider="cpu", tempo="120", key="C major"))


def events(melody=TWINKLE):
    said = []
    for number, (start, length, pitch) in enumerate(melody):
        onset, offset = START + round(start * RATE / 2), START + round((start + length) * RATE / 2)
        said.append(NoteOn(number, onset, float(pitch), 90, 0.9, decided=onset + WAIT))
        said.append(NoteOff(number, offset, decided=offset))
    return sorted(said, key=lambda event: event.decided)


def watch(harmony, said, stop=START + 8 * RATE):
    state, chords = ChordWatch(harmony, RATE), []
    for event in said:
        chords += state.until(event.decided)
        state.hear(event)
    return [*chords, *state.until(stop)]


def test_a_chord_is_said_when_each_half_bar_begins(harmony):
    chords = watch(harmony, events())
    assert [chord.chord.start_qn for chord in chords] == [2.0 * n for n in range(8)]
    assert [chord.decided for chord in chords[1:]] == [START + n * RATE for n in range(1, 8)]
    assert chords[0].decided == START + WAIT  # the first bar line is known when the first note is


def test_a_correction_counts_from_when_it_is_made(harmony):
    said = events()
    late = NoteRevision(0, 61.0, 0.9, decided=START + 3 * RATE)
    corrected = sorted([*said, late], key=lambda event: event.decided)
    assert watch(harmony, said)[:3] == watch(harmony, corrected)[:3]


def test_without_a_tempo_there_are_no_live_chords():
    assert open_live_harmony(replace(load_settings(), provider="cpu", tempo="auto")) is None


def test_live_chords_are_told_with_key_and_time(harmony):
    first, second, *_ = live_chords_json(tuple(watch(harmony, events())), RATE)
    assert (first["key"], first["emitted_s"]) == ("C major", 0.55)
    assert second["emitted_s"] == 1.5
    assert {"name", "root", "quality", "probability", "start_qn"} < set(second)


def test_an_arrangement_s_chords_are_told_with_what_else_would_do():
    made = arranged(phrase_of(TWINKLE), load_style("pop"), 0, networks=open_networks("cpu"))
    table = harmony_json(made)
    assert table["chord_track"][0] == {
        "start_qn": 0.0, "length_qn": 4.0, "name": "C", "root": 0, "quality": "maj", "bass": 0
    }  # fmt: skip
    assert [ranking["start_qn"] for ranking in table["chord_rankings"]] == [2.0 * n for n in range(8)]
    for ranking in table["chord_rankings"]:
        shares = [triad["probability"] for triad in ranking["triads"]]
        assert shares == sorted(shares, reverse=True)
        assert len(shares) == 5
    assert table["chord_rankings"][0]["triads"][0]["name"] == "C"
    ruled = harmony_json(arranged(phrase_of(TWINKLE), load_style("pop"), 0))
    assert (ruled["chord_rankings"], len(ruled["chord_track"]) > 1) == ([], True)
