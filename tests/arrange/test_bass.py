"""What a bass player would be asked for: with the kick, on the harmony, playable."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import METERS, TWINKLE, arranged, phrase_of, phrases
from vocalmidi.arrange import Kept, load_style, style_names
from vocalmidi.arrange.bass_line import BassLine
from vocalmidi.arrange.bass_slide import slid
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.kit_timing import Places, gone_along
from vocalmidi.arrange.style import Span
from vocalmidi.arrange.timeline import Strength, strength_at
from vocalmidi.arrange.wish import Mood
from vocalmidi.values import Chord, Key, Meter, Note, Part, PartName

KICKS = (35, 36)
MELODY = [(bar * 4 + beat, 1, 60 + (bar * 4 + beat) % 8) for bar in range(16) for beat in range(4)]
WITH_KICK = [name for name in style_names() if load_style(name).bass_way.kick == "with"]
CHORDS = tuple(
    Chord(4.0 * n, 4.0, root, quality, bass)
    for n, (root, quality, bass) in enumerate([(0, "maj", 0), (7, "7", 11), (9, "min7", 9), (0, "maj", 4)])
)


def part(made, name):
    return next(part for part in made.parts if part.name == name).notes


def together(ones, others):
    return sum(any(abs(one - other) < 0.125 for other in others) for one in ones) / len(ones)


def kicks(made):
    return sorted({note.start_qn for note in part(made, "drums") if note.pitch_midi in KICKS})


def line(key, register, symbols, *, free=0.0, seed=0):
    """Return the keys of symbols (symbol, chord, next chord, strong) of a line over CHORDS."""
    state = BassLine(CHORDS, key, register, free, Dice(seed, "test"))
    return [state.next_key(*symbol) for symbol in symbols]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("genre", WITH_KICK)
def test_the_bass_plays_with_the_kick_that_is_played(genre, seed):
    made = arranged(phrase_of(MELODY, tempo_qpm=110), load_style(genre), seed)
    starts = [note.start_qn for note in part(made, "bass")]
    assert together(kicks(made), starts) > 0.8


def test_a_kick_that_is_kept_from_before_moves_the_bass():
    phrase, style = phrase_of(MELODY), load_style("pop")
    own = [bar * 4 + at for bar in range(16) for at in (0.0, 0.75, 2.25)]
    drums = Part(PartName.DRUMS, 9, 0, tuple(Note(at, 0.125, 36, 100) for at in own))
    shares = list[float]()
    for seed in range(4):
        free = arranged(phrase, style, seed)
        made = arranged(phrase, style, seed, kept=Kept(parts=(drums,), chords=free.chords))
        shares.append(together(own, [note.start_qn for note in part(made, "bass")]))
        assert together(own, [note.start_qn for note in part(free, "bass")]) < shares[-1]
    assert sum(shares) / 4 > 0.8  # off the beat not every kick is joined


def test_the_bass_is_as_early_or_late_as_the_kick():
    phrase, style = phrase_of(MELODY), load_style("rock")
    late = Part(PartName.DRUMS, 9, 0, tuple(Note(bar * 4 + 2.03, 0.125, 36, 100) for bar in range(16)))
    starts = {note.start_qn for note in part(arranged(phrase, style, 0, kept=Kept((late,))), "bass")}
    assert {bar * 4 + 2.03 for bar in range(16)} <= starts


def test_a_house_bass_rests_on_the_kick():
    made = arranged(phrase_of(MELODY, tempo_qpm=126), load_style("electronic"), 2)
    assert together([note.start_qn for note in part(made, "bass")], kicks(made)) < 0.05


@pytest.mark.parametrize("genre", style_names())
@pytest.mark.parametrize("seed", range(4))
def test_strong_beats_have_a_tone_of_the_chord(genre, seed):
    made = arranged(phrase_of(MELODY, tempo_qpm=110), load_style(genre), seed, complexity=0.9)
    third = {"maj": 4, "min": 3, "dim": 3, "hdi": 3, "sus": 5, "5": 7}
    for note in part(made, "bass"):
        if abs((note.start_qn + 1) % 2 - 1) < 0.1:  # the first and the third beat
            chord = [chord for chord in made.chords if chord.start_qn <= round(note.start_qn)][-1]
            seventh = {10, 11} if "7" in chord.quality or "9" in chord.quality else set()
            tones = {0, third.get(chord.quality[:3].rstrip("679"), 4), 7, 6, 8, 9, 2} | seventh
            assert (note.pitch_midi - chord.root) % 12 in tones
            assert (note.pitch_midi - chord.root) % 12 != 1  # never a semitone above the root


WISHES = st.fixed_dictionaries(
    {
        "density": st.floats(0, 1),
        "complexity": st.floats(0, 1),
        "mood": st.floats(-1, 1).map(lambda legato: Mood("any", "Any", legato=legato)),
    }
)


@settings(max_examples=60, deadline=None)
@given(phrases(fewest_notes=1), st.sampled_from(style_names()), st.integers(0, 3), WISHES)
def test_any_bass_is_one_voice_in_its_register(phrase, genre, seed, wished):
    style = load_style(genre)
    notes = part(arranged(phrase, style, seed, **wished), "bass")
    assert notes
    assert all(before.start_qn + before.length_qn <= after.start_qn + 1e-9 for before, after in pairwise(notes))
    assert all(style.bass.register.low <= note.pitch_midi <= style.bass.register.high for note in notes)


@pytest.mark.parametrize("genre", style_names())
def test_density_changes_how_many_notes_there_are_and_complexity_how_they_move(genre):
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style(genre)
    counts = [
        sum(len(part(arranged(phrase, style, seed, density=density), "bass")) for seed in range(6))
        for density in (0.0, 0.5, 1.0)
    ]
    assert counts[0] < counts[1] < counts[2]
    plain, free = (
        sum(len({note.pitch_midi for note in part(arranged(phrase, style, n, complexity=c), "bass")}) for n in range(6))
        for c in (0.0, 1.0)
    )
    assert plain < free


@pytest.mark.parametrize("genre", ["rock", "trap", "jazz"])
def test_a_mood_holds_notes_or_cuts_them_short(genre):
    phrase, style = phrase_of(MELODY, tempo_qpm=110), load_style(genre)
    lengths = []
    for legato in (-1.0, 0.0, 1.0):
        made = arranged(phrase, style, 1, mood=Mood("any", "Any", legato=legato))
        lengths.append(sum(note.length_qn for note in part(made, "bass")))
    assert lengths[0] < 0.8 * lengths[1]
    assert lengths[1] <= lengths[2] + 1e-6


def test_trap_slides_into_notes_and_never_into_the_first_of_a_bar():
    made = [arranged(phrase_of(MELODY, tempo_qpm=140), load_style("trap"), seed) for seed in range(6)]
    slides = [note for one in made for note in part(one, "bass") if note.bend]
    assert len(slides) >= 6
    for note in slides:
        assert note.bend[0].after_qn == 0
        assert 200 <= abs(note.bend[0].bend_cents) <= 1200
        assert note.bend[-1].bend_cents == 0
        assert note.bend[-1].after_qn <= note.length_qn / 2 + 1e-9
        assert abs(note.start_qn - round(note.start_qn / 4) * 4) > 0.2
    assert not [note for note in part(arranged(phrase_of(MELODY), load_style("rock"), 1), "bass") if note.bend]


def test_a_slide_begins_at_the_pitch_of_the_note_before():
    notes = [Note(0.0, 2.0, 40, 90), Note(2.5, 1.0, 45, 90), Note(3.5, 0.5, 47, 90)]
    legato = slid([notes[0], replace(notes[1], start_qn=2.0, length_qn=1.5), notes[2]], 1.0, Meter(), Dice(0, "test"))
    assert [note.bend[0].bend_cents if note.bend else 0 for note in legato] == [0, -500, -200]
    apart = slid(notes, 1.0, Meter(), Dice(0, "test"))
    assert not apart[1].bend  # a rest before it: nothing to slide from


def test_an_inverted_chord_stands_on_its_bass_and_keeps_its_own_tones():
    keys = line(Key(0, "major", 1.0), Span(28, 50), [("R", 1, 1, True), ("5", 1, 1, False), ("3", 1, 1, False)])
    assert [key % 12 for key in keys] == [11, 2, 11]  # G7 on B: its fifth is D, its third the B itself


@pytest.mark.parametrize("seed", range(20))
def test_a_walking_line_leads_to_the_next_root_without_playing_it_before(seed):
    symbols = [("R", 0, 0, True), ("w", 0, 0, False), ("w", 0, 0, True), ("a", 0, 2, False), ("R", 2, 2, True)]
    keys = line(Key(0, "major", 1.0), Span(28, 52), symbols, free=0.5, seed=seed)
    assert keys[2] % 12 in {0, 4, 7}  # beat three: C, E or G
    assert keys[3] % 12 != 9
    assert 1 <= abs(keys[4] - keys[3]) <= 2
    assert all(a != b for a, b in pairwise(keys))
    assert max(abs(a - b) for a, b in pairwise(keys)) <= 7


@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=30, unique=True),
    st.lists(st.floats(0, 50), max_size=30, unique=True),
    st.floats(0, 1),
)
def test_going_along_with_a_kit_never_changes_the_order(starts, kit, share):
    written = sorted(starts)
    played = gone_along(written, Places(tuple(sorted(kit))), share)
    assert all(a < b or a == pytest.approx(b) for a, b in pairwise(played))
    assert all(abs(at - was) < 0.125 for at, was in zip(played, written, strict=True))


@pytest.mark.parametrize(
    ("meter", "strong"),
    [
        (Meter(4, 4), [0, 2]),
        (Meter(3, 4), [0]),
        (Meter(6, 8), [0, 1.5]),
        (Meter(12, 8), [0, 1.5, 3, 4.5]),
        (Meter(7, 8), [0]),
    ],
)
def test_strong_beats_are_where_a_conductor_has_them(meter, strong):
    places = [step / 4 for step in range(int(meter.bar_qn * 4))]
    assert [at for at in places if strength_at(at + 2 * meter.bar_qn, meter) >= Strength.STRONG] == strong


@pytest.mark.parametrize("genre", style_names())
@pytest.mark.parametrize("meter", METERS[:-1])
def test_every_metre_has_the_root_at_its_bar_lines(genre, meter):
    melody = [(n * meter.bar_qn, meter.bar_qn, 60 + n) for n in range(8)]
    style = load_style(genre)
    made = arranged(
        phrase_of(melody, meter=meter, tempo_qpm=(style.tempo_low_qpm + style.tempo_high_qpm) / 2), style, 3
    )
    starts = [note.start_qn for note in part(made, "bass")]
    heard = [
        any(abs(start - chord.start_qn) < (1.1 if genre == "electronic" else 0.35) for start in starts)
        for chord in made.chords
    ]
    assert sum(heard) >= 0.9 * len(heard)
    last = part(made, "bass")[-1]
    assert last.start_qn + last.length_qn > 7 * meter.bar_qn


def test_ten_genres_have_ten_basses():
    lines = set()
    for genre in style_names():
        made = arranged(phrase_of(TWINKLE, tempo_qpm=110), load_style(genre), 1)
        lines.add(tuple((round(note.start_qn, 2), note.pitch_midi) for note in part(made, "bass")))
    assert len(lines) == 10
