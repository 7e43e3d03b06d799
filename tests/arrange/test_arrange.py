"""What must hold of any arrangement, and what a musician would ask of one."""

import json
import subprocess
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import C_MAJOR, METERS, TWINKLE, arranged, by_machine, phrase_of, phrases
from needs import program, shared
from vocalmidi.arrange import load_style, style_names
from vocalmidi.errors import ArrangeError
from vocalmidi.units import QuarterNotes, Seconds
from vocalmidi.values import (
    PART_NAMES,
    BendPointQn,
    Key,
    Meter,
    PartName,
    Phrase,
    PhraseNote,
    TempoMap,
    TempoPoint,
    Trigger,
)

GENRES = style_names()
CHORD_TONES = {
    "maj": {0, 4, 7}, "min": {0, 3, 7}, "dim": {0, 3, 6}, "5": {0, 7}, "sus2": {0, 2, 7}, "sus4": {0, 5, 7},
    "7": {0, 4, 7, 10}, "maj7": {0, 4, 7, 11}, "min7": {0, 3, 7, 10}, "hdim7": {0, 3, 6, 10}, "maj6": {0, 4, 7, 9},
    "min6": {0, 3, 7, 9}, "9": {0, 2, 4, 7, 10}, "maj9": {0, 2, 4, 7, 11}, "min9": {0, 2, 3, 7, 10},
    "aug": {0, 4, 8}, "dim7": {0, 3, 6, 9}, "add9": {0, 2, 4, 7},
}  # fmt: skip
"""Semitones above the root, from a textbook and not from the code."""


def part(arrangement, name):
    return next(part for part in arrangement.parts if part.name is PartName(name))


def chord_at(arrangement, at_qn):
    return [chord for chord in arrangement.chords if chord.start_qn <= at_qn + 1e-6][-1]


@settings(max_examples=120, deadline=None)
@given(phrases(), st.sampled_from(GENRES), st.integers(0, 3))
def test_every_arrangement_can_be_written_down_and_played(phrase, genre, seed):
    made = arranged(phrase, load_style(genre), seed)
    assert [part.name for part in made.parts] == list(PART_NAMES)
    assert [part.channel for part in made.parts] == [0, 1, 2, 9]
    assert made.length_qn == phrase.length_qn
    for one in made.parts:
        assert one.notes or (not phrase.notes and one.name is not PartName.DRUMS)
        sounding_until = dict[int, float]()
        for note in one.notes:
            assert 0 <= note.start_qn < made.length_qn
            assert note.start_qn + note.length_qn <= made.length_qn + 1e-9
            assert note.length_qn * 960 >= 1 or one.name is PartName.MELODY  # at least a tick
            assert note.start_qn >= sounding_until.get(note.pitch_midi, 0) - 1e-9
            sounding_until[note.pitch_midi] = note.start_qn + note.length_qn
    assert arranged(phrase, load_style(genre), seed) == made


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.sampled_from(GENRES), st.integers(0, 3))
def test_the_harmony_has_no_gaps_and_the_bass_stands_on_it(phrase, genre, seed):
    made = arranged(phrase, by_machine(load_style(genre)), seed)
    assert made.chords[0].start_qn == 0
    for chord, following in pairwise(made.chords):
        assert chord.start_qn + chord.length_qn == pytest.approx(following.start_qn)
        assert (chord.root, chord.quality) != (following.root, following.quality)
    assert made.chords[-1].start_qn + made.chords[-1].length_qn == pytest.approx(made.length_qn)
    bass = part(made, "bass").notes
    assert all(28 <= note.pitch_midi <= 55 for note in bass)  # E1 to G3
    assert all(note.start_qn + note.length_qn <= later.start_qn + 1e-9 for note, later in pairwise(bass))
    for chord in made.chords:
        first = [note for note in bass if chord.start_qn - 1e-6 <= note.start_qn < chord.start_qn + chord.length_qn]
        assert not first or first[0].pitch_midi % 12 == chord.bass


@pytest.mark.parametrize("genre", GENRES)
def test_the_melody_is_what_was_sung_and_nothing_else(genre):
    bend = (BendPointQn(QuarterNotes(0.0), 0.0), BendPointQn(QuarterNotes(0.5), 30.0))
    note = PhraseNote(QuarterNotes(0.5), QuarterNotes(1.5), QuarterNotes(0.48), QuarterNotes(1.4), 57, 71, 0.8, bend)
    phrase = Phrase((note,), (), C_MAJOR, Meter(), TempoMap.constant(90), QuarterNotes(4))
    made = arranged(phrase, load_style(genre), 0)
    (written,) = part(made, "melody").notes
    assert (written.start_qn, written.length_qn, written.pitch_midi, written.velocity) == (0.5, 1.5, 57, 71)
    assert written.bend == bend
    assert all(part(made, name).notes for name in ("chords", "bass", "drums"))  # a single note is enough for a band


@pytest.mark.parametrize("genre", GENRES)
def test_seeds_differ_and_a_seed_repeats(genre):
    phrase, style = phrase_of(TWINKLE), load_style(genre)
    takes = [arranged(phrase, style, seed).parts[1:] for seed in range(4)]
    assert len({repr(take) for take in takes}) == 4
    assert arranged(phrase, style, 2).parts[1:] == takes[2]


def test_leaving_parts_out_changes_no_other():
    phrase, style = phrase_of(TWINKLE), load_style("pop")
    whole = {part.name: part for part in arranged(phrase, style, 5).parts}
    for chosen in [{PartName.BASS}, {PartName.DRUMS, PartName.CHORDS}, {PartName.MELODY}]:
        some = arranged(phrase, style, 5, frozenset(chosen)).parts
        assert [part.name for part in some] == [name for name in PART_NAMES if name in chosen]
        assert all(whole[part.name] == part for part in some)


def test_nothing_to_arrange_is_said_in_words():
    empty = Phrase((), (), C_MAJOR, Meter(), TempoMap.constant(90), QuarterNotes(4))
    with pytest.raises(ArrangeError, match="no note and no hit"):
        arranged(empty, load_style("pop"), 0)
    with pytest.raises(ArrangeError, match="no part"):
        arranged(phrase_of(TWINKLE), load_style("pop"), 0, ())


def test_ten_genres_make_ten_different_bands():
    phrase = phrase_of(TWINKLE, tempo_qpm=110)
    made = [arranged(phrase, load_style(genre), 1) for genre in GENRES]
    for name in ("chords", "bass", "drums"):
        rhythms = {tuple((round(n.start_qn, 3), n.pitch_midi) for n in part(one, name).notes) for one in made}
        assert len(rhythms) == len(GENRES)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("meter", METERS[:-1])
def test_drums_fit_the_metre(genre, meter):
    """Bars sound alike: the strokes that come back in most bars come back at the same place in the bar."""
    melody = [(n * meter.bar_qn, meter.bar_qn, 60 + n) for n in range(8)]
    style = by_machine(load_style(genre))
    tempo_qpm = (style.tempo_low_qpm + style.tempo_high_qpm) / 2
    drums = part(arranged(phrase_of(melody, meter=meter, tempo_qpm=tempo_qpm), style, 3), "drums").notes
    starts = np.array([note.start_qn for note in drums])
    assert {int(start / meter.bar_qn + 1e-6) for start in starts} == set(range(8))  # no bar is without drums
    places = Counter(np.round(starts % meter.bar_qn % meter.bar_qn, 2))
    assert places[0.0] >= 4  # a bar line is heard in most bars


def test_chords_keep_out_of_the_melody_s_way():
    phrase = phrase_of([(bar * 4, 4, 76 + bar % 3) for bar in range(8)])
    for genre in ("pop", "rnb", "classical", "jazz"):
        made = arranged(phrase, load_style(genre), 0)
        above = [note for note in part(made, "chords").notes if note.pitch_midi >= 76]
        assert not above


def test_voices_move_little_from_chord_to_chord():
    made = arranged(phrase_of(TWINKLE), load_style("pop"), 7)
    blocks = {}
    for note in part(made, "chords").notes:
        blocks.setdefault(note.start_qn, []).append(note.pitch_midi)
    full = [keys for keys in blocks.values() if len(keys) == 3]
    steps = [abs(a - b) for one, other in pairwise(full) for a, b in zip(sorted(one), sorted(other), strict=True)]
    assert not steps or np.mean(steps) < 3  # semitones; root position throughout would be 4 to 7


def test_a_song_of_an_hour_is_arranged_to_its_end():
    """What it costs is told by benchmarks/convert_cost.py."""
    melody = [(n / 2, 0.5, 60 + (n * 7) % 12) for n in range(14_400)]
    made = arranged(phrase_of(melody, tempo_qpm=120), load_style("pop"), 1)
    assert made.length_qn == 7200
    for one in made.parts:
        assert max(note.start_qn for note in one.notes) > 7190
        assert max(note.start_qn + note.length_qn for note in one.notes) <= 7200 + 1e-6


def lead_sheets(name, most=40):
    """Yield phrases of real melodies: sixteen bars each, in their own key."""
    path = shared(f"data/symbolic/{name}/data.jsonl.zst")
    text = subprocess.run([program("zstd"), "-dcq", str(path)], check=True, capture_output=True).stdout
    tonics = {"C": 0, "Db": 1, "D": 2, "Eb": 3, "E": 4, "F": 5, "Gb": 6, "G": 7, "Ab": 8, "A": 9, "Bb": 10, "B": 11}
    for line in text.splitlines():
        record = json.loads(line)
        if record["split"] != "valid" or record["meter"] != [4, 4] or most == 0:
            continue
        tonic, mode = record["key"].split(":")
        end, melody = 0.0, []
        for start, length, pitch, *_ in record["tracks"]["melody"]:
            if end <= start < 64:
                melody.append((start, min(length, 64 - start), pitch))
                end = start + length
        stops = [start for start, _, _ in melody[1:]] + [64]
        melody = [(at, min(long, stop - at), key) for (at, long, key), stop in zip(melody, stops, strict=False)]
        if len(melody) > 20:
            most -= 1
            yield phrase_of(melody, key=Key(tonics[tonic], {"maj": "major", "min": "minor"}[mode], 1.0), bars=16)


def covered(made, shift=0):
    """Return the share of strong-beat melody notes that are tones of the chord `shift` chords away."""
    inside = []
    for note in part(made, "melody").notes:
        if note.start_qn % 2 < 1e-6:
            index = made.chords.index(chord_at(made, note.start_qn))
            chord = made.chords[(index + shift) % len(made.chords)]
            inside.append((note.pitch_midi - chord.root) % 12 in CHORD_TONES[chord.quality])
    return float(np.mean(inside)) if inside else None


@pytest.mark.parametrize("name", ["nottingham", "pop909"])
def test_chords_cover_the_strong_beats_of_real_melodies_far_above_chance(name):
    made = [arranged(phrase, load_style("pop"), 0) for phrase in lead_sheets(name)]
    fitting = np.mean([share for one in made if (share := covered(one)) is not None])
    chance = np.mean([share for one in made if (share := covered(one, shift=1)) is not None])
    assert fitting > 0.68  # people's own chords cover about .68 of all melody notes
    assert fitting > chance + 0.2


def test_phrases_close_on_the_tonic_when_the_melody_does():
    styles = [load_style(genre) for genre in GENRES]
    closes = [arranged(phrase_of(TWINKLE), style, seed).chords[-1].root for style in styles for seed in range(5)]
    assert closes.count(0) >= 0.9 * len(closes)


def test_a_drifting_take_is_arranged_at_its_tempo_on_the_whole():
    phrase = phrase_of(TWINKLE)
    drift = TempoMap((TempoPoint(Seconds(0), QuarterNotes(0), 120), TempoPoint(Seconds(4), QuarterNotes(8), 96)))
    made = arranged(replace(phrase, tempo_map=drift), load_style("pop"), 0)
    assert made.tempo_qpm == pytest.approx(60 * 16 / 9)  # 8 quarters in 4 s, 8 in 5 s


@pytest.mark.parametrize("genre", GENRES)
def test_a_sound_of_the_user_s_own_plays_the_key_it_was_taught_with(genre):
    phrase = phrase_of([], hits=[(0, "kick"), (1, "other"), (2, "kick"), (3, "other")])
    cowbell = Trigger("pff", 56)
    own = replace(phrase, hits=tuple(replace(h, trigger=cowbell if h.label == "other" else None) for h in phrase.hits))
    played = {(note.start_qn, note.pitch_midi) for note in part(arranged(own, load_style(genre), 0), "drums").notes}
    assert {(0.0, 36), (1.0, 56), (2.0, 36), (3.0, 56)} <= played


def test_a_kick_taught_with_another_key_keeps_its_role_in_the_groove():
    phrase = phrase_of([], hits=[(0, "kick"), (1.75, "kick"), (2.5, "kick")])
    own = replace(phrase, hits=tuple(replace(hit, trigger=Trigger("kick", 35)) for hit in phrase.hits))
    notes = part(arranged(own, load_style("rock"), 0), "drums").notes
    assert [note.start_qn for note in notes if note.pitch_midi == 35] == [0.0, 1.75, 2.5]
    assert not [note for note in notes if note.pitch_midi == 36]
