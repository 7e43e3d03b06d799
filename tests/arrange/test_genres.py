"""Each genre's idiom, checked as a listener would name it; and the genre files themselves."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from arrange.phrases import TWINKLE, arranged, by_machine, phrase_of
from needs import ROOT
from vocalmidi.arrange import library, load_mood, load_style, mood_names, read_style, style_names
from vocalmidi.errors import ArrangeError
from vocalmidi.values import HitLabel, PartName

KICKS, SNARES, CLOSED, OPEN, RIDE = {35, 36}, {37, 38, 39, 40}, 42, 46, 51
FILES = Path(library.__file__).parent / "genres"
POP = (FILES / "pop.toml").read_text("utf-8")
ALL_TEN = {"trap", "pop", "afrobeat", "hip_hop", "rnb", "electronic", "rock", "jazz", "classical", "cinematic"}
MELODY = [(bar * 4 + beat, 1, 60 + (bar * 4 + beat) % 8) for bar in range(16) for beat in range(4)]


def drums(genre, tempo_qpm, seed=1, **more):
    made = arranged(
        phrase_of(MELODY, tempo_qpm=tempo_qpm, **more), by_machine(load_style(genre)), seed, {PartName.DRUMS}
    )
    return [(round(note.start_qn, 3), note.pitch_midi) for note in made.parts[0].notes]


def share_of_bars(hits, keys, place):
    return len({int(at // 4) for at, key in hits if key in keys and abs(at % 4 - place) < 0.02}) / 16


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("genre", "tempo_qpm", "strokes"),
    [
        ("trap", 140, (SNARES, 2, 0.9)),  # half-time: the snare on three
        ("trap", 140, (KICKS, 0, 0.9)),
        ("pop", 110, (SNARES, 1, 0.9)),  # backbeat
        ("pop", 110, (SNARES, 3, 0.7)),  # fills may take its place
        ("rock", 120, (SNARES, 1, 0.7)),
        ("rock", 120, (KICKS, 0, 0.7)),
        ("hip_hop", 92, (SNARES, 1, 0.9)),
        ("rnb", 80, (SNARES, 1, 0.9)),
        ("electronic", 126, (KICKS, 0, 0.7)),  # four on the floor
        ("electronic", 126, (KICKS, 1, 0.7)),
        ("electronic", 126, ({OPEN}, 0.5, 0.7)),  # the open hat between the kicks
        ("jazz", 150, ({RIDE}, 0, 0.7)),
        ("jazz", 150, ({44}, 1, 0.9)),  # hi-hat by foot on two and four
        ("cinematic", 80, (KICKS, 0, 0.7)),
    ],
)
def test_the_kit_plays_where_the_genre_says(genre, tempo_qpm, strokes, seed):
    keys, place, least = strokes
    assert share_of_bars(drums(genre, tempo_qpm, seed), keys, place) >= least


def test_the_trap_snare_leaves_two_and_four_alone():
    hits = [hit for hit in drums("trap", 140) if hit[0] % 16 < 12]  # outside fills
    assert share_of_bars(hits, SNARES, 1) == share_of_bars(hits, SNARES, 3) == 0


def test_trap_hats_roll_faster_than_sixteenths():
    at = sorted(at for at, key in drums("trap", 140) if key == CLOSED)
    assert min(b - a for a, b in pairwise(at)) < 0.13


def test_jazz_eighths_swing_and_rock_eighths_do_not():
    assert any(abs(at % 1 - 0.66) < 0.01 for at, key in drums("jazz", 150) if key == RIDE)
    assert not any(0.51 < at % 1 < 0.74 for at, key in drums("rock", 120) if key == CLOSED)


def test_jazz_bass_walks_in_quarters_by_steps():
    bass = arranged(phrase_of(MELODY, tempo_qpm=150), load_style("jazz"), 4, {PartName.BASS}).parts[0].notes
    steps = [abs(b.pitch_midi - a.pitch_midi) for a, b in pairwise(bass)]
    assert len(bass) > 3 * 16 * 0.7
    assert sum(step <= 5 for step in steps) > 0.7 * len(steps)
    assert sum(step == 0 for step in steps) < 0.1 * len(steps)


def test_afrobeat_layers_interlock():
    """At least four drums besides kick and snare, and hardly two with the same rhythm."""
    rhythms = {}
    for at, key in drums("afrobeat", 110):
        if at < 12 and key not in KICKS | SNARES:
            rhythms.setdefault(key, set()).add(at % 4)
    assert len(rhythms) >= 4
    assert len({frozenset(rhythm) for rhythm in rhythms.values()}) == len(rhythms)


def test_classical_has_no_kit_but_is_not_silent():
    keys = {key for _, key in drums("classical", 100)}
    assert keys
    assert not keys & (KICKS | SNARES | {CLOSED, OPEN, RIDE})


def test_trap_sung_slowly_is_felt_in_double_time():
    assert len(drums("trap", 70)) > 1.5 * len(drums("trap", 140))


@pytest.mark.parametrize("genre", style_names())
def test_the_beatboxed_groove_is_the_groove(genre):
    sung = [
        (bar * 4 + at, label) for bar in range(16) for at, label in [(0.25, "kick"), (1.75, "kick"), (3.25, "snare")]
    ]
    hits = drums(genre, 100, hits=sung)
    assert sorted(at for at, key in hits if key in KICKS) == [at for at, label in sung if label == "kick"]
    assert sorted(at for at, key in hits if key in SNARES) == [at for at, label in sung if label == "snare"]


def test_the_bass_plays_with_the_beatboxed_kicks():
    sung = [(bar * 4 + at, label) for bar in range(4) for at, label in [(0, "kick"), (1, "snare"), (2.25, "kick")]]
    bass = arranged(phrase_of(TWINKLE, hits=sung), load_style("pop"), 0, {PartName.BASS}).parts[0].notes
    assert {0, 2.25, 4, 6.25, 8, 10.25, 12, 14.25} <= {note.start_qn for note in bass}


def test_hits_alone_make_drums_and_no_pitch():
    sung = [(n, "kick" if n % 2 == 0 else "snare") for n in range(8)]
    made = arranged(phrase_of([], hits=sung), load_style("hip_hop"), 0)
    assert [len(part.notes) for part in made.parts[:3]] == [0, 0, 0]
    keys = {note.pitch_midi for note in made.parts[3].notes}
    assert CLOSED in keys  # what was not beatboxed, the genre adds
    assert made.chords == ()


def test_one_lone_hit_among_notes_does_not_stop_the_groove():
    with_hit = drums("pop", 110, hits=[(2.5, HitLabel.KICK)])
    assert len(with_hit) >= len(drums("pop", 110))


def test_all_ten_genres_are_there():
    assert set(style_names()) == ALL_TEN


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Hip Hop", "hip_hop"),
        ("hip-hop", "hip_hop"),
        ("HIPHOP", "hip_hop"),
        ("R&B", "rnb"),
        ("r & b", "rnb"),
        (" Jazz ", "jazz"),
    ],
)
def test_names_are_taken_as_people_write_them(written, meant):
    assert load_style(written).name == meant


@pytest.mark.parametrize(
    ("wrong", "near"), [("jaz", "jazz"), ("raock", "rock"), ("hiphip", "hip_hop"), ("electric", "electronic")]
)
def test_an_unknown_genre_is_answered_with_the_nearest(wrong, near):
    with pytest.raises(ArrangeError, match=f"unknown genre '{wrong}'; did you mean '{near}'"):
        load_style(wrong)


def test_a_genre_that_is_like_none_lists_them_all():
    with pytest.raises(ArrangeError, match="afrobeat, cinematic, classical"):
        load_style("zzz")


def test_all_faults_of_a_file_are_told_at_once_with_the_nearest_key():
    faulty = POP.replace("crash = true", "crush = true").replace("swing = 0.5", "swing = 0.9")
    faulty = faulty.replace('"I V vi IV"', '"I V xj IV"').replace("register = [28, 50]", "register = [50, 28]")
    with pytest.raises(ArrangeError) as caught:
        read_style("pop", faulty)
    message = str(caught.value)
    assert "did you mean 'crash'" in message
    assert "0.9 must be a number from 0.5 to 0.75" in message
    assert "'xj' is not a Roman numeral" in message
    assert "bass.register" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kick  = "X... ..x. x... ...."', 'kick  = "X... ..q. x... ...."', "'q'"),
        ('kick  = "X... ..x. x... ...."', 'kick  = "X... ..x. x..."', "12 steps"),
        ('kick  = "X... ..x. x... ...."', 'kik = "X... ..x. x... ...."', "did you mean 'kick'"),
        ('meter = "4/4"', 'meter = "4/5"', "time signature"),
        ('voicing = "close"', 'voicing = "closed"', "did you mean 'close'"),
        ("program = 0 ", "program = 128 ", "0 to 127"),
        ("velocity = [54, 84]", "velocity = [0, 84]", "velocity"),
        ('title = "Pop"', "", "title: is missing"),
        ("tempo_qpm = [84, 132]", "tempo_qpm = 100", "lowest, highest"),
        ("register = [50, 74]", "register = [50, 60]", "semitones wide"),
    ],
)
def test_a_fault_in_a_file_is_named(old, new, complaint):
    assert old in POP
    with pytest.raises(ArrangeError, match=re.escape(complaint)):
        read_style("pop", POP.replace(old, new))


def test_a_file_that_is_not_toml_says_where():
    with pytest.raises(ArrangeError, match="line 1"):
        read_style("mine", "title = = 1\n")


def test_the_genre_that_the_guide_writes_can_be_played():
    guide = (ROOT / "docs" / "GENRES.md").read_text("utf-8")
    style = read_style("bossa", "\n".join(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)))
    made = arranged(phrase_of(TWINKLE, tempo_qpm=130), style, 0)
    assert all(part.notes for part in made.parts)
    assert all(f"| {name} |" in guide for name in style_names())


def test_the_guide_tells_each_genre_s_tier_as_its_file_has_it():
    guide = (ROOT / "docs" / "GENRES.md").read_text("utf-8")
    tiers = dict(re.findall(r"^\| (\w+) \| (learned|style data|grammar) \|", guide, re.MULTILINE))
    assert set(tiers) == ALL_TEN
    for genre, tier in tiers.items():
        assert (tier == "grammar") == (load_style(genre).drum_way.learned is None), genre


def test_the_guide_tells_every_mood_as_its_file_has_it():
    guide = (ROOT / "docs" / "GENRES.md").read_text("utf-8")
    for name in mood_names()[1:]:
        mood = load_mood(name)
        axes = (mood.energy, mood.brightness, mood.tension, mood.legato)
        row = " | ".join(f"{axis:g}".replace("-", "−") for axis in axes)
        assert f"| {name} | {row} |" in guide
