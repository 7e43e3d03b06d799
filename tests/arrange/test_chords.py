"""What a pianist or guitarist would be asked for: playable chords, room for the melody, the genre's rhythm."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import TWINKLE, arranged, phrase_of, phrases
from vocalmidi.arrange import Kept, load_style, style_names
from vocalmidi.arrange.instruments import can_play, range_of, within_range
from vocalmidi.arrange.qualities import QUALITIES
from vocalmidi.arrange.style import Span, Voicing
from vocalmidi.arrange.voicing import playable_keys, voice_chords
from vocalmidi.arrange.wish import Mood
from vocalmidi.values import Chord, Note, Part, PartName

MELODY = [(bar * 4 + beat, 1, 67 + (bar * 4 + beat) % 8) for bar in range(16) for beat in range(4)]
BUSY = [(n / 4, 0.25, 72 + n % 5) for n in range(256)]
SPARSE = [(bar * 4, 1, 72 + bar % 3) for bar in range(16)]
PIANO, GUITAR, STRINGS, VIBRAPHONE = 0, 27, 48, 11


def part(made, name):
    return next(part for part in made.parts if part.name == name).notes


def strikes(made):
    """Return the places at which chords are struck, and what is struck there."""
    struck = {}
    for note in part(made, "chords"):
        struck.setdefault(round(note.start_qn, 4), []).append(note)
    return struck


@pytest.mark.parametrize(
    ("program", "keys", "plays"),
    [
        (GUITAR, (40, 47, 52, 56, 59, 64), True),  # the open E chord
        (GUITAR, (48, 52, 55, 60, 64), True),  # the open C chord
        (GUITAR, (43, 50, 55), True),  # a power chord on G
        (GUITAR, (39, 46, 51), False),  # E flat: below the lowest string
        (GUITAR, (40, 41), False),  # two keys of one string
        (GUITAR, (60, 61, 62, 63), False),  # a cluster that no hand can finger
        (PIANO, (48, 52, 55, 60, 64, 67), True),
        (PIANO, (36, 52, 64), True),  # one low, two an octave apart above
        (PIANO, (36, 50, 64, 78), False),  # four keys, each a ninth from the next
        (STRINGS, (36, 55, 64, 72), True),
        (VIBRAPHONE, (53, 57, 60, 64), True),
        (VIBRAPHONE, (53, 57, 60, 64, 67), False),  # five keys, four mallets
        (VIBRAPHONE, (52, 57), False),
    ],
)
def test_hands_strings_and_mallets_play_what_they_can(program, keys, plays):
    assert can_play(program, keys) is plays


def test_a_register_is_cut_to_what_the_instrument_has():
    assert within_range(Span(20, 60), 30) == Span(40, 60)
    assert within_range(Span(10, 20), 30) == range_of(30)


def fingered(keys):
    """Tell by trying every string whether a grip of five frets holds the keys; not the code's own way."""
    strings = (40, 45, 50, 55, 59, 64)
    for low in range(20):
        reach = [{string} | set(range(string + max(low, 1), string + low + 5)) for string in strings]
        for chosen in combinations(range(6), len(keys)):
            if all(key in reach[string] for key, string in zip(keys, chosen, strict=True)):
                return True
    return False


@pytest.mark.parametrize("program", [GUITAR, 30])
@pytest.mark.parametrize("quality", sorted(QUALITIES))
@pytest.mark.parametrize("voicing", list(Voicing))
def test_guitar_chords_have_a_grip(program, quality, voicing):
    for root in range(12):
        for keys in playable_keys(Chord(0.0, 4.0, root, quality, root), voicing, Span(43, 76), program):
            assert fingered(keys)
            assert {(key - root) % 12 for key in keys} <= set(QUALITIES[quality])


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.sampled_from(style_names()), st.floats(0, 1), st.floats(0, 1))
def test_any_chords_part_can_be_played(phrase, genre, density, complexity):
    style = load_style(genre)
    made = arranged(phrase, style, 1, density=density, complexity=complexity)
    notes = part(made, "chords")
    own = range_of(style.chords.program)
    assert notes
    assert all(own.low <= note.pitch_midi <= own.high for note in notes)
    assert max(note.start_qn + note.length_qn for note in notes) <= made.length_qn + 1e-9
    if not style.chord_way.held:
        assert all(
            can_play(style.chords.program, tuple(sorted(n.pitch_midi for n in s))) for s in strikes(made).values()
        )


@pytest.mark.parametrize("genre", ["jazz", "rnb", "pop", "hip_hop"])
def test_chords_give_way_to_a_busy_melody_and_answer_a_sparse_one(genre):
    style = load_style(genre)
    busy, sparse = (
        sum(len(strikes(arranged(phrase_of(tune, tempo_qpm=100), style, seed))) for seed in range(8))
        for tune in (BUSY, SPARSE)
    )
    assert busy < sparse


@pytest.mark.parametrize("genre", ["electronic", "cinematic"])
def test_a_machine_goes_on_whatever_the_melody_does(genre):
    style = load_style(genre)
    rhythm = {
        tuple(at for at in strikes(arranged(phrase_of(tune, tempo_qpm=110), style, 3)) if at % 4 < 3.9)
        for tune in (BUSY[:-1], BUSY)
    }
    assert len(rhythm) == 1


@pytest.mark.parametrize("genre", style_names())
def test_density_changes_how_often_chords_are_struck(genre):
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style(genre)
    few, many = (
        sum(len(strikes(arranged(phrase, style, seed, density=density))) for seed in range(6)) for density in (0.0, 1.0)
    )
    assert few < 0.8 * many


@pytest.mark.parametrize("genre", ["pop", "rock", "afrobeat"])
def test_a_mood_holds_chords_or_cuts_them_short(genre):
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style(genre)
    short, written, long = (
        np.mean([n.length_qn for n in part(arranged(phrase, style, 1, mood=Mood("m", "M", legato=legato)), "chords")])
        for legato in (-1.0, 0.0, 1.0)
    )
    assert short < 0.8 * written
    assert written <= long


def test_energy_brings_strokes():
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style("pop")
    tired, driven = (
        sum(len(strikes(arranged(phrase, style, seed, mood=Mood("m", "M", energy=energy)))) for seed in range(8))
        for energy in (-1.0, 1.0)
    )
    assert tired < driven


def test_complexity_pushes_changes_of_chord_ahead_of_the_beat():
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style("rnb")
    pushes = []
    for complexity in (0.5, 1.0):
        made = [arranged(phrase, style, seed, complexity=complexity) for seed in range(6)]
        pushes.append(
            sum(
                any(chord.start_qn - 0.7 < at < chord.start_qn - 0.2 for at in strikes(one))
                and not any(abs(at - chord.start_qn) < 0.1 for at in strikes(one))
                for one in made
                for chord in one.chords[1:]
            )
        )
    assert pushes[0] < pushes[1]


def test_cinematic_holds_a_chord_under_its_ostinato():
    made = [arranged(phrase_of(MELODY, tempo_qpm=90), load_style("cinematic"), seed) for seed in range(8)]
    both = 0
    for one in made:
        for note in part(one, "chords"):
            if note.length_qn < 0.6:
                under = [n for n in part(one, "chords") if n.length_qn > 1.5 and n.start_qn <= note.start_qn + 0.05]
                sounding = [n for n in under if n.start_qn + n.length_qn > note.start_qn + 0.05]
                assert len(sounding) >= 2
                both += 1
    assert both > 20


def test_what_two_held_chords_have_in_common_is_held_on():
    chords = (Chord(0.0, 4.0, 0, "maj", 0), Chord(4.0, 4.0, 9, "min", 9))
    style = load_style("cinematic")
    made = [
        arranged(phrase_of([(0, 8, 79)], bars=2), style, seed, kept=Kept(chords=chords), parts=[PartName.CHORDS])
        for seed in range(12)
    ]
    ties = [note for one in made for note in part(one, "chords") if note.length_qn == 8.0]
    assert {note.pitch_midi % 12 for note in ties} == {0, 4}


def test_chords_go_half_of_the_way_with_the_kit():
    kit = Part(PartName.DRUMS, 9, 0, tuple(Note(bar * 4 + 0.04, 0.125, 36, 100) for bar in range(16)))
    made = arranged(phrase_of(MELODY), load_style("pop"), 0, kept=Kept(parts=(kit,)))
    starts = np.array([note.start_qn % 4 for note in part(made, "chords")])
    assert np.isclose(starts, 0.02).sum() >= 12 * 3
    assert not np.isclose(starts, 0.0).any()


def test_guitars_are_strummed_down_on_the_beat_and_up_off_it():
    made = arranged(phrase_of(MELODY, tempo_qpm=120), load_style("rock"), 0)
    notes = sorted(part(made, "chords"), key=lambda note: (round(note.start_qn * 4), note.start_qn))
    downs = ups = 0
    for low, high in pairwise(notes):
        if 0.001 < high.start_qn - low.start_qn < 0.03:  # one string after another, 15 ms at most at this tempo
            assert high.start_qn - low.start_qn == pytest.approx(0.01)  # 5 ms
            on_beat = abs(low.start_qn - round(low.start_qn)) < 0.2
            assert (high.pitch_midi > low.pitch_midi) is on_beat
            downs, ups = downs + on_beat, ups + (not on_beat)
    assert min(downs, ups) > 20


@pytest.mark.parametrize("genre", style_names())
def test_voices_move_little_and_never_all_leap(genre):
    style = load_style(genre)
    made = arranged(phrase_of(MELODY, tempo_qpm=110), style, 2)
    voiced = voice_chords(made.chords, phrase_of(MELODY), style)
    moves = [
        np.mean([min(abs(key - other) for other in before.keys) for key in after.keys])
        for before, after in pairwise(voiced)
        if before.chord != after.chord
    ]
    assert np.mean(moves) < (4.0 if style.voicing is Voicing.POWER else 2.5)  # semitones


def test_no_chord_is_muddy_and_no_seventh_grinds_on_top():
    chords = tuple(Chord(4.0 * n, 4.0, root, "maj7", root) for n, root in enumerate(range(12)))
    for genre in ("hip_hop", "pop", "cinematic"):
        for voiced in voice_chords(chords, phrase_of([(0, 48, 84)]), load_style(genre)):
            gaps = [high - low for low, high in pairwise(voiced.keys)]
            assert gaps[-1] != 1
            assert all(gap >= 5 for gap, low in zip(gaps, voiced.keys, strict=False) if low < 48)


def test_afrobeat_guitar_and_bass_interlock():
    made = [arranged(phrase_of(TWINKLE, tempo_qpm=110), load_style("afrobeat"), seed) for seed in range(8)]
    shared = [
        np.mean([any(abs(at - note.start_qn) < 0.1 for note in part(one, "bass")) for at in strikes(one)])
        for one in made
    ]
    assert np.mean(shared) < 0.5  # most strokes of the guitar fall where the bass is silent


def test_ten_genres_have_ten_chord_parts():
    parts = set()
    for genre in style_names():
        made = arranged(phrase_of(TWINKLE, tempo_qpm=110), load_style(genre), 1)
        parts.add(tuple((round(note.start_qn, 2), note.pitch_midi) for note in part(made, "chords")))
    assert len(parts) == 10
