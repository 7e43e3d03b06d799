"""Drums that the network plays, as a drummer of the genre would judge them."""

from functools import cache
from itertools import pairwise

import pytest

from arrange.phrases import arranged, phrase_of
from vocalmidi.arrange import load_style, open_networks, style_names
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY
from vocalmidi.values import Meter, Origin, PartName, Trigger

LEARNED = ("afrobeat", "electronic", "hip_hop", "jazz", "pop", "rnb", "rock")
GRAMMAR = ("cinematic", "classical", "trap")
TEMPO_QPM = {"rock": 124, "jazz": 150, "electronic": 126, "hip_hop": 92, "rnb": 80, "pop": 108, "afrobeat": 112}
KICK, RIM, SNARE, CLAP, HAT, PEDAL, CRASH, RIDE, OPEN = 36, 37, 38, 39, 42, 44, 49, 51, 46
BEATBOX = [
    (bar * 4 + at, label)
    for bar in range(8)
    for at, label in [(0, "kick"), (1, "snare"), (1.75, "kick"), (2.5, "kick"), (3, "snare")]
]


@pytest.fixture(scope="module")
def networks():
    return open_networks("cpu")


def drums(networks, genre, seed=1, bars=16, hits=(), **wished):
    return _drums(networks, genre, (seed, bars), tuple(hits), tuple(wished.items()))


@cache
def _drums(networks, genre, seed_and_bars, hits, wished):
    seed, bars = seed_and_bars
    melody = [(bar * 4 + beat, 1, 60 + (bar * 4 + beat) % 8) for bar in range(bars) for beat in range(4)]
    phrase = phrase_of(melody, tempo_qpm=TEMPO_QPM.get(genre, 120), hits=hits, bars=bars)
    made = arranged(phrase, load_style(genre), seed, {PartName.DRUMS}, networks=networks, **dict(wished))
    return made.parts[0].notes


def steps(notes, *keys):
    """Sixteenths that these keys are struck at."""
    return {round(note.start_qn * 4) for note in notes if not keys or note.pitch_midi in keys}


def share(notes, keys, place, bars=16):
    return len([step for step in steps(notes, *keys) if step % 16 == place]) / bars


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("genre", "strokes"),
    [
        ("rock", ((SNARE,), 4, 0.9)),
        ("rock", ((SNARE,), 12, 0.6)),
        ("rock", ((KICK,), 0, 0.9)),
        ("pop", ((SNARE,), 4, 0.9)),
        ("hip_hop", ((SNARE,), 4, 0.9)),
        ("rnb", ((SNARE, RIM), 4, 0.9)),
        ("jazz", ((PEDAL,), 4, 0.7)),
        ("jazz", ((RIDE,), 0, 0.9)),
        ("electronic", ((KICK,), 0, 0.9)),
        ("electronic", ((KICK,), 8, 0.7)),
        ("electronic", ((CLAP,), 4, 0.7)),
        ("electronic", ((OPEN,), 2, 0.7)),
    ],
)
def test_the_genre_is_known_by_its_beat(networks, genre, strokes, seed):
    keys, place, least = strokes
    assert share(drums(networks, genre, seed), keys, place) >= least


@pytest.mark.parametrize("genre", LEARNED)
def test_the_kit_is_the_network_s_and_hand_percussion_the_rows(networks, genre):
    for note in drums(networks, genre):
        assert note.origin is (Origin.DRUM_NETWORK if note.pitch_midi in VOICE_OF_KEY else Origin.RULES)


@pytest.mark.parametrize("genre", GRAMMAR)
def test_a_genre_without_human_drums_is_its_grammar(networks, genre):
    assert drums(networks, genre) == drums(None, genre)


def test_no_two_genres_play_the_same(networks):
    played = [frozenset((round(n.start_qn * 4), n.pitch_midi) for n in drums(networks, name)) for name in style_names()]
    assert len(set(played)) == len(played)


@pytest.mark.parametrize("genre", LEARNED)
def test_a_seed_repeats_and_seeds_differ(networks, genre):
    takes = [drums(networks, genre, seed, bars=8) for seed in range(4)]
    assert drums(networks, genre, 2, bars=8) == takes[2]
    assert len({tuple(take) for take in takes}) == 4


@pytest.mark.parametrize("genre", LEARNED)
def test_two_bars_come_back_as_themselves_with_small_changes(networks, genre):
    """Of what bars 1 and 2 play, most comes back in bars 3 and the first half of 4; a fill may follow."""
    likeness = []
    for seed in range(4):
        cells = {(round(n.start_qn * 4), n.pitch_midi) for n in drums(networks, genre, seed, bars=4)}
        first, again = ({(at - start, key) for at, key in cells if start <= at < start + 24} for start in (0, 32))
        likeness.append(len(first & again) / len(first | again))
    assert min(likeness) > 0.6
    assert sum(likeness) / 4 > (0.7 if genre == "jazz" else 0.8)  # comping is never the same twice


def test_fills_come_at_the_ends_of_sections_alone(networks):
    toms = {key for key, voice in VOICE_OF_KEY.items() if voice in (4, 5, 6)}
    for genre in ("rock", "pop"):
        found = [step for seed in range(6) for step in steps(drums(networks, genre, seed), *toms)]
        assert found
        assert all(step // 16 % 4 == 3 for step in found)


def test_a_crash_opens_a_section_and_nothing_else(networks):
    assert steps(drums(networks, "rock"), CRASH) == {64, 128, 192}
    assert not steps(drums(networks, "jazz"), CRASH)


@pytest.mark.parametrize("genre", LEARNED)
def test_no_drum_is_struck_twice_at_once_and_none_far_beside_the_grid(networks, genre):
    apart_qn = {}
    for note in drums(networks, genre):
        assert note.start_qn - apart_qn.get(note.pitch_midi, -1.0) > 0.04
        apart_qn[note.pitch_midi] = note.start_qn
        assert note.velocity <= load_style(genre).drum_velocity.high


def test_machines_play_on_the_grid_and_humans_beside_it(networks):
    def beside_ms(genre):
        notes = [n for n in drums(networks, genre) if round(n.start_qn * 4) % 4 == 0 and n.pitch_midi in VOICE_OF_KEY]
        return [abs(n.start_qn - round(n.start_qn)) * 60_000 / TEMPO_QPM[genre] for n in notes]

    assert max(beside_ms("electronic")) < 0.01
    assert 1.0 < sum(beside_ms("rock")) / len(beside_ms("rock")) < 12.0
    assert max(beside_ms("rock")) < 45.0


def test_loudness_is_a_drummer_s(networks):
    """The hat's beats are louder than what lies between, the backbeat is the loudest of all."""
    notes = [note for seed in range(4) for note in drums(networks, "pop", seed)]
    hats = [(round(n.start_qn * 4) % 4, n.velocity) for n in notes if n.pitch_midi == HAT]
    on, off = ([velocity for place, velocity in hats if (place == 0) is beat] for beat in (True, False))
    backbeat = [n.velocity for n in notes if n.pitch_midi == SNARE and round(n.start_qn * 4) % 16 in (4, 12)]
    assert sum(on) / len(on) > sum(off) / len(off)
    assert sum(backbeat) / len(backbeat) > sum(on) / len(on)


@pytest.mark.parametrize("genre", LEARNED)
def test_what_the_singer_beatboxed_is_the_groove_and_the_network_adds_the_rest(networks, genre):
    notes = drums(networks, genre, bars=8, hits=BEATBOX)
    sung = [note for note in notes if note.origin is Origin.SUNG]
    assert [(note.start_qn, note.pitch_midi) for note in sung] == [
        (at, {"kick": KICK, "snare": SNARE}[label]) for at, label in BEATBOX
    ]
    others = {note.pitch_midi for note in notes if note.origin is Origin.DRUM_NETWORK}
    assert not others & {35, KICK, RIM, SNARE, CLAP}
    assert others & {HAT, PEDAL, OPEN, RIDE}


def test_more_density_is_more_strokes_and_less_is_fewer(networks):
    for genre in ("rock", "hip_hop", "trap", "afrobeat"):
        counts = [len(drums(networks, genre, bars=8, density=density)) for density in (0.0, 0.5, 1.0)]
        assert counts[0] < counts[1] < counts[2]


@pytest.mark.parametrize("meter", [Meter(3, 4), Meter(6, 8), Meter(5, 4), Meter(7, 8), Meter(2, 4)])
def test_other_metres_are_the_grammar_s(networks, meter):
    phrase = phrase_of([(bar * meter.bar_qn, meter.bar_qn, 60) for bar in range(8)], meter=meter)
    for genre in style_names():
        one, other = (arranged(phrase, load_style(genre), 1, {PartName.DRUMS}, networks=n) for n in (networks, None))
        assert one.parts == other.parts


def test_a_phrase_at_half_the_tempo_is_felt_in_double_time(networks):
    melody = [(beat, 1, 60) for beat in range(32)]
    notes = arranged(phrase_of(melody, tempo_qpm=62), load_style("rock"), 1, {PartName.DRUMS}, networks=networks)
    backbeats = {round(note.start_qn * 2) / 2 for note in notes.parts[0].notes if note.pitch_midi == SNARE}
    assert len({at for at in backbeats if at % 1 == 0.5}) > 26  # of 32, one in every quarter


def test_a_sound_taught_with_a_tom_s_key_stays_the_singer_s(networks):
    phrase = phrase_of([], hits=BEATBOX)
    own = [h if h.label != "kick" else type(h)(h.start_qn, h.played_start_qn, h.label, 90, 0.9, Trigger("boom", 41))
           for h in phrase.hits]  # fmt: skip
    phrase = type(phrase)(phrase.notes, tuple(own), phrase.key, phrase.meter, phrase.tempo_map, phrase.length_qn)
    notes = arranged(phrase, load_style("rock"), 1, {PartName.DRUMS}, networks=networks).parts[0].notes
    assert {note.origin for note in notes if note.pitch_midi == 41} == {Origin.SUNG}


def test_pairs_of_neighbouring_strokes_never_change_order(networks):
    for genre in LEARNED:
        ride = [n.start_qn for n in drums(networks, genre) if n.pitch_midi in (HAT, RIDE)]
        assert all(b > a for a, b in pairwise(sorted(set(ride))))
