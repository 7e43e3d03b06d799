"""A phrase is checked against the written melody that was sung, never against the code's own steps."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phrase.sung import RATE_HZ, TWINKLE, beatbox, sing
from vocalmidi.errors import PhraseError
from vocalmidi.phrase import Grid, PhraseSettings, build_phrase
from vocalmidi.units import QuarterNotes, SampleIndex, Seconds
from vocalmidi.values import (
    Events,
    HitEvent,
    HitLabel,
    Key,
    LevelPoint,
    Meter,
    NoteEvent,
    TempoMap,
    TempoPoint,
    Trigger,
)


def written(phrase):
    return [(note.start_qn, note.length_qn, note.pitch_midi) for note in phrase.notes]


@pytest.mark.parametrize("tempo_qpm", [66, 90, 100, 123.4, 170])
def test_twinkle_is_written_as_it_stands_in_the_book(tempo_qpm):
    phrase = build_phrase(sing(TWINKLE, tempo_qpm), PhraseSettings(tempo_qpm=tempo_qpm))
    assert written(phrase) == TWINKLE
    assert (phrase.key.tonic, phrase.key.mode) == (0, "major")
    assert phrase.length_qn == 16


def test_the_tempo_is_found_to_a_beat_in_a_thousand():
    phrase = build_phrase(sing(TWINKLE, 104), PhraseSettings())
    assert phrase.tempo_map.points[0].tempo_qpm == pytest.approx(104, rel=1e-3)


def test_timing_errors_of_a_good_singer_leave_the_rhythm():
    late_s = np.random.default_rng(1).normal(0, 0.03, len(TWINKLE)).tolist()
    phrase = build_phrase(sing(TWINKLE, 100, late_s=late_s), PhraseSettings())
    assert [note.start_qn for note in phrase.notes] == [onset for onset, _, _ in TWINKLE]
    error_s = [(note.played_start_qn - note.start_qn) * 0.6 for note in phrase.notes]
    assert np.std(np.array(error_s) - late_s) < 0.005  # seconds: what was played is kept beside the grid


@pytest.mark.parametrize("cents", [-40, -20, 30, 45])
def test_a_take_sung_flat_or_sharp_lands_on_the_right_keys(cents):
    phrase = build_phrase(sing(TWINKLE, detune=cents / 100), PhraseSettings())
    assert [note.pitch_midi for note in phrase.notes] == [key for _, _, key in TWINKLE]


def test_each_singer_error_stays_in_the_bend_and_the_take_s_tuning_does_not():
    events = sing(TWINKLE, detune=-0.4, bend_cents=(0.0, 10.0, 0.0))
    sharp = replace(events.notes[4], pitch_midi=69 - 0.4 + 0.25)  # the singer hits this A 25 cents high
    events = replace(events, notes=(*events.notes[:4], sharp, *events.notes[5:]))
    phrase = build_phrase(events, PhraseSettings())
    assert phrase.notes[4].pitch_midi == 69
    assert [point.bend_cents for point in phrase.notes[4].bend] == pytest.approx([25, 35, 25], abs=4)
    assert [point.bend_cents for point in phrase.notes[0].bend] == pytest.approx([0, 10, 0], abs=4)


def test_bends_are_placed_by_musical_time():
    note = build_phrase(sing(TWINKLE, 120, bend_cents=(0.0, 5.0)), PhraseSettings(tempo_qpm=120)).notes[0]
    assert [point.after_qn for point in note.bend] == pytest.approx([0.0, 0.46], abs=0.01)


def test_levels_are_placed_by_musical_time_whatever_the_grid_does_to_the_note():
    events = sing(TWINKLE, 120)
    begun, *others = events.notes
    after = SampleIndex(begun.onset + RATE_HZ // 4)
    begun = replace(begun, level=(LevelPoint(begun.onset, -6.5), LevelPoint(after, 1.5)))
    events = replace(events, notes=(begun, *others))
    for quantise in (0.0, 1.0):
        note = build_phrase(events, PhraseSettings(tempo_qpm=120, quantise_strength=quantise)).notes[0]
        assert [point.after_qn for point in note.level] == pytest.approx([0.0, 0.5], abs=0.01)
        assert [point.level_db for point in note.level] == [-6.5, 1.5]


def test_quarter_note_zero_is_the_bar_line_and_the_map_tells_its_time():
    phrase = build_phrase(sing(TWINKLE, 100, begin_s=7.3), PhraseSettings())
    assert phrase.tempo_map.time_at(0) == pytest.approx(7.3, abs=0.01)
    assert phrase.notes[0].start_qn == 0


def test_the_project_s_map_rules_through_a_tempo_change():
    change = TempoMap((TempoPoint(Seconds(0), QuarterNotes(0), 120), TempoPoint(Seconds(4), QuarterNotes(8), 60)))
    places = [5, 6, 7, 8, 9, 10.5, 11, 12]
    notes = tuple(
        NoteEvent(round(change.time_at(qn) * RATE_HZ), round(change.time_at(qn + 0.4) * RATE_HZ), 60 + n, 80, 0.9)
        for n, qn in enumerate(places)
    )
    events = Events(SampleIndex(0), SampleIndex(20 * RATE_HZ), RATE_HZ, notes, ())
    phrase = build_phrase(events, PhraseSettings(tempo_map=change))
    assert [note.start_qn for note in phrase.notes] == [qn - 4 for qn in places]  # the take begins in bar 2
    assert phrase.tempo_map.time_at(0) == pytest.approx(change.time_at(4))
    assert phrase.tempo_map.time_at(phrase.notes[-1].start_qn) == pytest.approx(change.time_at(12))


def test_a_note_ahead_of_the_bar_line_belongs_to_the_bar_it_leads():
    steady = TempoMap.constant(120)
    notes = tuple(NoteEvent(round(s * RATE_HZ), round((s + 0.3) * RATE_HZ), 60, 80, 0.9) for s in (1.97, 2.5, 3.0))
    events = Events(SampleIndex(0), SampleIndex(5 * RATE_HZ), RATE_HZ, notes, ())
    for strength in (0.0, 0.5, 1.0):
        phrase = build_phrase(events, PhraseSettings(tempo_map=steady, quantise_strength=strength))
        assert phrase.tempo_map.time_at(0) == pytest.approx(2.0)
        assert phrase.notes[0].start_qn == 0
        assert phrase.notes[0].played_start_qn == pytest.approx(-0.06)


def test_strength_goes_from_played_to_written():
    events = sing([(0, 1, 60), (1.06, 0.94, 62), (2, 1, 64), (3, 1, 65)])
    starts = [
        build_phrase(events, PhraseSettings(tempo_map=TempoMap.constant(100, 0.5), quantise_strength=s))
        .notes[1]
        .start_qn
        for s in (0.0, 0.5, 1.0)
    ]
    assert starts == pytest.approx([1.06, 1.03, 1.0], abs=1e-3)


def test_triplets_are_heard_as_triplets_and_straight_eighths_as_straight():
    triplets = sing([(n / 3, 1 / 3, 60 + n % 5) for n in range(24)], 90)
    eighths = sing([(n / 2, 1 / 2, 60 + n % 5) for n in range(24)], 90)
    tempo = PhraseSettings(tempo_qpm=90)
    assert [n.start_qn for n in build_phrase(triplets, tempo).notes] == pytest.approx([n / 3 for n in range(24)])
    assert [n.start_qn for n in build_phrase(eighths, tempo).notes] == [n / 2 for n in range(24)]


def test_a_given_grid_is_kept():
    events = sing([(n / 4 + 0.02, 1 / 4, 60) for n in range(16)], 80)
    phrase = build_phrase(events, PhraseSettings(tempo_qpm=80, grid=Grid.EIGHTH_TRIPLET))
    assert all((note.start_qn * 24) == pytest.approx(round(note.start_qn * 24)) for note in phrase.notes)


def test_beatbox_alone_makes_a_phrase_with_the_groove_on_the_grid():
    groove = [
        (bar * 4 + at, label)
        for bar in range(4)
        for at, label in [(0, "kick"), (1, "snare"), (2, "kick"), (2.5, "kick"), (3, "snare")]
    ]
    phrase = build_phrase(beatbox(groove, 95), PhraseSettings(tempo_qpm=95))
    assert [(hit.start_qn, hit.label) for hit in phrase.hits] == groove
    assert phrase.notes == ()
    assert phrase.key.probability == pytest.approx(1 / 24)


def test_a_kick_and_a_hat_of_one_moment_stay_together():
    phrase = build_phrase(
        beatbox([(0, "kick"), (0, "hihat_closed"), (1, "snare"), (2, "kick"), (3, "snare")]),
        PhraseSettings(tempo_qpm=100),
    )
    assert [hit.start_qn for hit in phrase.hits] == [0, 0, 1, 2, 3]


def test_a_key_that_is_given_is_not_questioned():
    given_key = Key(6, "minor", 1.0)
    assert build_phrase(sing(TWINKLE), PhraseSettings(key=given_key)).key == given_key


def test_silence_is_refused_in_words():
    with pytest.raises(PhraseError, match="no note and no hit"):
        build_phrase(Events(SampleIndex(0), SampleIndex(100), RATE_HZ, (), ()), PhraseSettings())


@pytest.mark.parametrize("tempo_qpm", [0, -5, 19.9, 401, 1000, float("nan"), float("inf")])
def test_a_tempo_outside_the_range_is_refused(tempo_qpm):
    with pytest.raises(PhraseError, match="20–400"):
        PhraseSettings(tempo_qpm=tempo_qpm)


def test_settings_that_contradict_are_refused():
    with pytest.raises(ValueError, match="not both"):
        PhraseSettings(tempo_qpm=100, tempo_map=TempoMap.constant(100))
    with pytest.raises(ValueError, match="0–1"):
        PhraseSettings(quantise_strength=1.5)


def test_an_hour_of_notes_is_a_phrase_like_any_other():
    """What it costs is told by benchmarks/convert_cost.py."""
    chance = random.Random(3)
    melody = [(n / 2, 0.5, 55 + chance.randint(0, 12)) for n in range(10_000)]
    phrase = build_phrase(sing(melody, 84, late_s=[chance.gauss(0, 0.03) for _ in melody]), PhraseSettings())
    assert [note.pitch_midi for note in phrase.notes] == [pitch for _, _, pitch in melody]
    apart_qn = np.diff([note.start_qn for note in phrase.notes])
    assert float(np.median(apart_qn)) in (0.25, 0.5, 1.0)  # the tempo meant, its half or its double
    assert (apart_qn > 0).all()


meters = st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 8), Meter(5, 4), Meter(2, 2), Meter(1, 32)])


@st.composite
def takes(draw):
    """Any events a decoder could give: notes one after another, hits anywhere."""
    at, notes = draw(st.integers(0, 40_000)), []
    for gap, long, pitch in draw(
        st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 30_000), st.floats(0, 127)), max_size=25)
    ):
        notes.append(NoteEvent(SampleIndex(at + gap), SampleIndex(at + gap + long), pitch, 64, 0.5))
        at += gap + long
    hits = tuple(
        HitEvent(SampleIndex(onset), label, 80, 0.7)
        for onset, label in sorted(
            draw(
                st.lists(st.tuples(st.integers(0, 300_000), st.sampled_from(HitLabel)), max_size=25, min_size=not notes)
            )
        )
    )
    return Events(SampleIndex(0), SampleIndex(10_000_000), RATE_HZ, tuple(notes), hits)


@settings(max_examples=150, deadline=None)
@given(
    takes(),
    meters,
    st.one_of(st.none(), st.floats(20, 400)),
    st.floats(0, 1),
    st.sampled_from(Grid),
)
def test_every_take_becomes_an_orderly_phrase(events, meter, tempo_qpm, strength, grid):
    wanted = PhraseSettings(tempo_qpm=tempo_qpm, meter=meter, quantise_strength=strength, grid=grid)
    phrase = build_phrase(events, wanted)
    assert (len(phrase.notes), len(phrase.hits)) == (len(events.notes), len(events.hits))
    for note, following in zip(phrase.notes, phrase.notes[1:], strict=False):
        assert note.start_qn < following.start_qn
        assert note.start_qn + note.length_qn <= following.start_qn + 1e-9
    assert all(note.length_qn > 0 and note.played_length_qn > 0 and note.start_qn >= 0 for note in phrase.notes)
    assert all(0 <= hit.start_qn < phrase.length_qn for hit in phrase.hits)
    assert all(note.start_qn + note.length_qn <= phrase.length_qn + 1e-6 for note in phrase.notes)
    bars = phrase.length_qn / meter.bar_qn
    assert bars == pytest.approx(round(bars))
    assert round(bars) >= 1
    first = min([n.start_qn for n in phrase.notes[:1]] + [h.start_qn for h in phrase.hits[:1]])
    assert first < meter.bar_qn
    assert build_phrase(events, wanted) == phrase


def test_a_sound_of_the_user_s_own_keeps_its_name_and_key():
    heard = beatbox([(0, "kick"), (1, "other"), (2, "kick")])
    own = replace(
        heard, hits=tuple(replace(h, trigger=Trigger("pff", 60)) if n == 1 else h for n, h in enumerate(heard.hits))
    )
    assert [hit.trigger for hit in build_phrase(own, PhraseSettings()).hits] == [None, Trigger("pff", 60), None]
