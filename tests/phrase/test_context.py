"""The reading of a take, with a network that is told the truth: what is made of its word, not whether it is right.

What the network itself knows is measured by `benchmarks/grid_accuracy.py` and held in `tests/training`.
"""

import numpy as np
import pytest

from phrase.sung import RATE_HZ, TWINKLE, beatbox, sample, sing
from vocalmidi.phrase import Grid, PhraseSettings, build_phrase
from vocalmidi.phrase.context import MARGIN, WINDOW, read_all
from vocalmidi.phrase.context_input import FARTHEST_TICKS, FEATURES, HEADS, TICKS, Moments, Setting, features_of
from vocalmidi.phrase.context_path import best_places
from vocalmidi.phrase.gathered import gather
from vocalmidi.units import SampleIndex
from vocalmidi.values import Events, HitEvent, HitLabel, NoteEvent, TempoMap

CERTAIN = 8.0
"""Log odds of what the network is sure of."""


class Oracle:
    """Stands for the network: it knows the places (in beats) and lengths of a tune, moment by moment."""

    def __init__(self, places, lengths=None, bar_beats=4):
        self.places, self.lengths, self.bar_beats = np.asarray(places, float), lengths, bar_beats

    def run(self, **inputs):
        features, beats = (np.asarray(inputs[name], np.float32) for name in ("features", "beats"))
        takes, many, width = features.shape
        assert width == FEATURES
        assert beats.shape == (takes, many)
        told = {name: np.zeros((takes, many, classes), np.float32) for name, classes in HEADS.items()}
        tick = np.round(self.places * TICKS).astype(int)
        apart = np.minimum(np.diff(tick, append=tick[-1] + 1), FARTHEST_TICKS + 1)
        row = np.arange(many)
        told["phase"][:, row, tick % TICKS] = CERTAIN
        told["apart"][:, row, apart - 1] = CERTAIN
        told["bar"][:, row, (tick // TICKS) % self.bar_beats] = CERTAIN
        if self.lengths is not None:
            told["length"][:, row, np.round(np.asarray(self.lengths) * TICKS).astype(int) - 1] = CERTAIN
        return told


def twinkle():
    return Oracle([at for at, _, _ in TWINKLE], [long for _, long, _ in TWINKLE])


def written(phrase):
    return [(note.start_qn, note.length_qn, note.pitch_midi) for note in phrase.notes]


def test_a_click_a_tempo_and_no_tempo_all_write_what_is_meant():
    late_s = np.random.default_rng(2).normal(0, 0.09, len(TWINKLE)).tolist()  # far worse than any grid would mend
    events = sing(TWINKLE, 100, late_s=late_s)
    for settings in (
        PhraseSettings(tempo_map=TempoMap.constant(100, 0.5)),
        PhraseSettings(tempo_qpm=100),
        PhraseSettings(),
    ):
        assert written(build_phrase(events, settings, twinkle())) == TWINKLE


def test_what_was_played_is_kept_beside_what_was_meant():
    late_s = np.random.default_rng(2).normal(0, 0.05, len(TWINKLE)).tolist()
    events = sing(TWINKLE, 100, late_s=late_s)
    phrase = build_phrase(events, PhraseSettings(tempo_map=TempoMap.constant(100, 0.5)), twinkle())
    found_s = [(note.played_start_qn - note.start_qn) * 0.6 for note in phrase.notes]
    assert found_s == pytest.approx(late_s, abs=0.001)


def test_the_bar_line_is_where_the_network_hears_it():
    melody = [(at + 3, long, key) for at, long, key in TWINKLE]  # an upbeat of one beat, and then on
    phrase = build_phrase(sing(melody, 100), PhraseSettings(tempo_qpm=100), Oracle([at for at, _, _ in melody]))
    assert [note.start_qn for note in phrase.notes] == [at for at, _, _ in melody]
    assert phrase.tempo_map.time_at(3) == pytest.approx(0.5 + 3 * 0.6, abs=1e-6)


def test_a_grid_that_the_user_names_rules():
    events = sing([(n / 4 + 0.02, 1 / 4, 60) for n in range(16)], 80)
    phrase = build_phrase(
        events, PhraseSettings(tempo_qpm=80, grid=Grid.EIGHTH_TRIPLET), Oracle([n / 4 for n in range(16)])
    )
    assert all(note.start_qn * 24 == pytest.approx(round(note.start_qn * 24)) for note in phrase.notes)
    assert not all(note.start_qn * 4 == pytest.approx(round(note.start_qn * 4)) for note in phrase.notes)


def test_a_hit_under_a_note_has_its_place_and_two_notes_never_share_one():
    notes = tuple(NoteEvent(sample(at), sample(at + 0.01), 60, 80, 0.9) for at in (0.5, 0.515, 1.1))
    hits = tuple(HitEvent(sample(at), HitLabel.KICK, 80, 0.9) for at in (0.507, 1.1, 1.7))
    events = Events(SampleIndex(0), sample(3.0), RATE_HZ, notes, hits)
    gathered = gather(events)
    assert gathered.of_notes.tolist() == [0, 1, 2]
    assert gathered.of_hits.tolist() == [0, 2, 3]
    assert gathered.moments.label.tolist() == [0, -1, 0, 0]
    assert np.isnan(gathered.moments.pitch_midi).tolist() == [False, False, False, True]
    phrase = build_phrase(events, PhraseSettings(tempo_qpm=100), Oracle([0, 1 / 8, 1, 2]))
    assert [note.start_qn for note in phrase.notes] == [0, 1 / 8, 1]
    assert [hit.start_qn for hit in phrase.hits] == [0, 1, 2]


def test_a_beat_alone_is_read_too():
    groove = [(0, "kick"), (1, "snare"), (2.25, "kick"), (3, "snare"), (4, "kick")]
    phrase = build_phrase(beatbox(groove, 95), PhraseSettings(), Oracle([at for at, _ in groove]))
    assert [hit.start_qn for hit in phrase.hits] == [0, 1, 2.25, 3, 4]


def test_places_and_steps_that_disagree_are_settled_by_the_surer():
    phase = np.full((3, TICKS), -5.0)
    apart = np.full((3, FARTHEST_TICKS + 1), -9.0)
    phase[0, 0] = phase[1, 12] = phase[2, 0] = -0.1  # on the beat, half past, on the beat
    phase[1, 8] = -0.5
    apart[0, 8 - 1] = apart[1, 16 - 1] = -0.1  # but the steps say a third and two
    assert best_places(phase, apart, np.array([0.0, 0.4, 1.0])).tolist() == [0, 8, 24]


def test_a_click_is_not_lost_over_a_long_silence():
    phase = np.full((2, TICKS), -5.0)
    phase[:, 0] = 0.0
    apart = np.zeros((2, FARTHEST_TICKS + 1))
    assert best_places(phase, apart, np.array([0.1, 97.9]), click_spread=0.1).tolist() == [0, 98 * TICKS]


def test_a_tune_sung_between_the_beats_of_a_click_stays_there_whatever_the_network_finds_usual():
    melody = [(n + 0.5, 0.5, 60 + n % 5) for n in range(8)]
    click = PhraseSettings(tempo_map=TempoMap.constant(120, 0.5))
    phrase = build_phrase(sing(melody, 120), click, Oracle([float(n) for n in range(8)]))
    assert [note.start_qn for note in phrase.notes] == [at for at, _, _ in melody]


def test_a_long_take_is_read_in_windows_as_if_it_were_one():
    many = 3 * WINDOW + 17
    places = np.cumsum(np.random.default_rng(4).choice([6, 12, 24, 36], many)) / TICKS
    places -= places[0]
    moments = Moments(places * 0.6, np.full(many, 0.1), np.full(many, 60.0), np.full(many, 80.0), np.full(many, -1))
    starts = iter([*range(0, many - WINDOW, WINDOW - 2 * MARGIN), many - WINDOW])

    class Windows:
        def run(self, **inputs):
            part = slice(first := next(starts), first + WINDOW)
            assert np.allclose(np.asarray(inputs["beats"])[0], places[part] - places[first], atol=1e-4)
            return Oracle(places[part]).run(**inputs)

    word = read_all(Windows(), [moments], [Setting(0.6, 4, compound=False)])[0]
    assert (best_places(word.phase, word.apart, places) / TICKS).tolist() == pytest.approx(places.tolist())
    assert next(starts, None) is None


def test_features_don_t_depend_on_register_or_on_when_a_take_began():
    gathered = gather(sing(TWINKLE, 100)).moments
    higher = gather(sing([(at, long, key + 7) for at, long, key in TWINKLE], 100, begin_s=11.5)).moments
    setting = Setting(0.6, 4, compound=False, genre="pop")
    assert features_of(gathered, setting) == pytest.approx(features_of(higher, setting), abs=2e-3)
    assert features_of(gathered, setting).shape == (len(TWINKLE), FEATURES)
