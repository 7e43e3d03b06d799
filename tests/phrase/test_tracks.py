"""Readings are held against the places that were performed."""

import numpy as np
import pytest

from phrase.sung import sing
from vocalmidi.phrase.moments import Moments
from vocalmidi.phrase.onsets import onsets_of
from vocalmidi.phrase.rhythms import COMPOUND, SIMPLE, TICKS, rhythms
from vocalmidi.phrase.tracks import Seed, seeds, tracks

RHYTHM = [0, 1, 1.5, 2, 3, 3.5, 3.75, 4, 5, 6, 6.5, 7]
TUNE = [(8 * part + at, 0.25, 60) for part in range(4) for at in RHYTHM]


def moments(late_s=None, tempo_qpm=100, tune=TUNE):
    return Moments.of(onsets_of(sing(tune, tempo_qpm, late_s=late_s)))


def places(track):
    return (track.ticks - track.ticks[0]) / TICKS


def test_places_are_read_through_jitter_and_a_tempo_that_wanders():
    rng = np.random.default_rng(2)
    at = np.array([at for at, _, _ in TUNE])
    wandering_s = 1.2 * np.sin(2 * np.pi * at / 32) * 0.25  # the tempo goes up and down by 5 %
    late_s = (wandering_s + rng.normal(0, 0.025, len(at))).tolist()
    found = tracks(moments(late_s), seeds(SIMPLE), rhythms())
    right = next(track for track in found if track.period_s == pytest.approx(0.6, rel=0.04))
    assert np.mean(places(right) == at) > 0.95


def test_every_reading_is_another_tempo_best_first():
    found = tracks(moments(), seeds(SIMPLE), rhythms())
    periods = [track.period_s for track in found]
    assert len(found) > 1
    assert all(abs(np.log(a / b)) >= 0.04 for n, a in enumerate(periods) for b in periods[:n])
    assert found[0].period_s == pytest.approx(0.6, rel=0.01)


def test_beats_in_three_are_read_in_three():
    jig = [(1.5 * beat + at, 0.5, 60) for beat in range(24) for at in ((0, 0.5, 1) if beat % 3 else (0, 1))]
    found = tracks(moments(tempo_qpm=150, tune=jig), [*seeds(SIMPLE), *seeds(COMPOUND)], rhythms())
    right = next(track for track in found if track.division == COMPOUND)
    assert right.period_s == pytest.approx(0.6, rel=0.01)
    assert (places(right) * 1.5).tolist() == [at for at, _, _ in jig]


def test_a_seed_alone_is_followed_at_its_tempo():
    found = tracks(moments(), [Seed(SIMPLE, 1.2, 0.0, 0.03)], rhythms())
    assert [track.period_s for track in found] == [pytest.approx(1.2, rel=0.01)]


def test_a_long_silence_is_bridged():
    tune = [(at, 0.5, 60) for at in (0, 1, 2, 3, 3.5, 4, 30, 31, 32, 33, 33.5, 34)]
    found = tracks(moments(tune=tune), [Seed(SIMPLE, 0.6, 0.0, 0.001)], rhythms())
    assert places(found[0]).tolist() == [at for at, _, _ in tune]


def test_tables_say_how_likely_each_step_is():
    tables = rhythms()
    for table in (tables.notes, tables.hits):
        shares = np.exp(table).sum(axis=2)
        on_grid = np.isfinite(tables.first)
        assert shares[on_grid] == pytest.approx(1.0, abs=0.01)
        assert (shares[~on_grid] == 0).all()
    assert np.exp(tables.first).sum(axis=1) == pytest.approx([1.0, 1.0], abs=0.01)
