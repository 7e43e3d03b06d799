"""A rhythm tapped on whatever is at hand becomes the genre's full kit; what names its drums stays as it was."""

from dataclasses import replace

import pytest

from arrange.phrases import arranged, phrase_of
from vocalmidi.arrange import load_style, open_networks
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Meter, Origin, PartName, Trigger

KICK, RIM, SNARE, HAT, PEDAL, COWBELL, RIDE, OPEN = 36, 37, 38, 42, 44, 56, 51, 46
LEARNED = ("afrobeat", "electronic", "hip_hop", "jazz", "pop", "rnb", "rock")
BACKBEAT = {
    # An eighth of the bar to the strokes of kick, snare and hat there: a plain rock groove, as drummers play it.
    0: (98, 0, 62), 1: (0, 0, 45), 2: (0, 112, 60), 3: (0, 0, 45), 4: (95, 0, 62), 5: (88, 0, 45), 6: (0, 114, 60),
    7: (0, 0, 46),
}  # fmt: skip
TAP = [(eighth / 2.0, max(strokes)) for eighth, strokes in BACKBEAT.items()]
"""Of each step the loudest stroke: what one hand keeps of the groove."""
CLAVE = [(0.0, 100), (0.75, 90), (1.5, 100), (2.5, 80), (3.0, 110)]
LATE_QN = 0.03


@pytest.fixture(scope="module")
def networks():
    return open_networks("cpu")


def tapped(label="other", bars=4, taps=TAP, melody=(), first_bar=0):
    """Return a phrase with the taps in so many bars, each played a little late."""
    hits = [(4.0 * bar + at, label, loud) for bar in range(first_bar, first_bar + bars) for at, loud in taps]
    phrase = phrase_of(melody, hits=[hit[:2] for hit in hits], tempo_qpm=110.0, bars=first_bar + bars)
    played = tuple(
        replace(hit, velocity=loud, played_start_qn=QuarterNotes(hit.start_qn + LATE_QN))
        for hit, (_, _, loud) in zip(phrase.hits, hits, strict=True)
    )
    return replace(phrase, hits=played)


def drums(phrase, networks, genre="rock", seed=1, **wished):
    return arranged(phrase, load_style(genre), seed, {PartName.DRUMS}, networks=networks, **wished).parts[0].notes


def share(notes, keys, places, bars=4):
    """Return in how many of the eighths asked for, of each bar, one of the keys is struck."""
    struck = {round(note.start_qn * 2) for note in notes if note.pitch_midi in keys}
    return sum(8 * bar + place in struck for bar in range(bars) for place in places) / (bars * len(places))


@pytest.mark.parametrize("label", ["other", "kick", "snare", "hihat_closed"])
@pytest.mark.parametrize("genre", ["rock", "pop", "hip_hop"])
def test_a_tapped_backbeat_is_kick_and_snare_with_hats(networks, genre, label):
    notes = drums(tapped(label), networks, genre)
    assert share(notes, {KICK}, (0, 4)) == 1.0
    assert share(notes, {SNARE}, (2, 6)) == 1.0
    assert share(notes, {SNARE}, (0, 1, 3, 4, 7)) < 0.2
    assert share(notes, {KICK}, (2, 6)) < 0.3
    assert share(notes, {HAT, OPEN, RIDE}, range(8)) > 0.6


@pytest.mark.parametrize("genre", LEARNED)
def test_every_tap_keeps_its_place_its_loudness_and_its_timing(networks, genre):
    phrase = tapped()
    sung = [note for note in drums(phrase, networks, genre) if note.origin is Origin.SUNG]
    assert [(note.start_qn, note.velocity) for note in sung] == [(hit.start_qn, hit.velocity) for hit in phrase.hits]
    assert [note.played.start_qn for note in sung] == [hit.played_start_qn for hit in phrase.hits]
    assert len({note.pitch_midi for note in sung}) > 1


@pytest.mark.parametrize("genre", LEARNED)
def test_the_rhythm_is_the_singer_s_and_no_stroke_is_louder(networks, genre):
    phrase = tapped()
    loud = {round(hit.start_qn * 4): hit.velocity for hit in phrase.hits}
    kit = [note for note in drums(phrase, networks, genre) if note.pitch_midi in VOICE_OF_KEY]
    assert {round(note.start_qn * 4) for note in kit} == set(loud)
    for note in kit:
        assert note.velocity <= loud[round(note.start_qn * 4)]
        assert note.origin in (Origin.SUNG, Origin.DRUM_NETWORK)
        assert note.played is not None
        assert abs(note.played.start_qn - note.start_qn - LATE_QN) < 1e-6
    assert not {note.pitch_midi for note in kit} & {load_style(genre).other_key} - set(VOICE_OF_KEY)


@pytest.mark.parametrize("taps", [TAP, CLAVE])
def test_every_genre_plays_the_same_tap_another_way(networks, taps):
    """A backbeat is one in most genres, so it may lie on the same drums, but no two play it alike."""
    kits = [[n for n in drums(tapped(taps=taps), networks, g) if n.pitch_midi in VOICE_OF_KEY] for g in LEARNED]
    assert len({frozenset((n.start_qn, n.pitch_midi, n.velocity) for n in kit) for kit in kits}) == len(LEARNED)
    on_drums = [frozenset((round(n.start_qn * 4), n.pitch_midi) for n in kit) for kit in kits]
    assert len(set(on_drums)) >= (5 if taps is TAP else 7)


def test_two_hands_play_it(networks):
    for genre in LEARNED:
        struck = dict[int, set[int]]()
        for note in drums(tapped(), networks, genre, density=1.0):
            if note.pitch_midi in VOICE_OF_KEY and note.pitch_midi not in (KICK, PEDAL):
                struck.setdefault(round(note.start_qn * 4), set()).add(note.pitch_midi)
        assert max(len(keys) for keys in struck.values()) <= 2


def test_the_same_again_and_another_seed_another_kit_on_the_same_rhythm(networks):
    rolled = [{PartName.DRUMS: seed} for seed in range(4)]
    takes = [drums(tapped(), networks, "rock", seeds=seeds, complexity=1.0) for seeds in rolled]
    assert drums(tapped(), networks, "rock", seeds=rolled[2], complexity=1.0) == takes[2]
    assert len(set(takes)) > 1
    assert len({drums(tapped(), networks, "rock", seeds=seeds, complexity=0.0) for seeds in rolled}) == 1


def test_density_is_how_much_is_struck_with_the_tap(networks):
    counts = [len(drums(tapped(), networks, "hip_hop", density=density)) for density in (0.0, 0.5, 1.0)]
    assert counts[0] < counts[1] < counts[2]
    assert counts[0] >= len(tapped().hits)


def test_where_the_tap_ends_the_genre_goes_on(networks):
    """Bars 5 to 7 are tapped in a song of seven bars: the others are what they were without a tap."""
    melody = [(beat, 1, 60 + beat % 5) for beat in range(28)]
    with_tap = drums(tapped(bars=3, melody=melody, first_bar=4), networks)
    plain = drums(replace(tapped(bars=3, melody=melody, first_bar=4), hits=()), networks)

    def before(notes):
        return [(round(n.start_qn * 4), n.pitch_midi) for n in notes if n.start_qn < 11.9]  # a fill may lead to it

    assert before(with_tap) == before(plain)
    assert {round(n.start_qn * 2) for n in with_tap if n.start_qn > 15.8} == set(range(32, 56))


def test_a_lone_tap_among_sung_notes_is_the_genre_s_drum_on_top(networks):
    melody = [(beat, 1, 60 + beat % 5) for beat in range(16)]
    notes = drums(tapped(bars=4, taps=[(2.0, 90)], melody=melody), networks)
    assert [n.pitch_midi for n in notes if n.origin is Origin.SUNG] == [COWBELL] * 4
    assert share(notes, {HAT, OPEN, RIDE}, (0, 2, 4, 6)) > 0.8


def test_what_names_its_drums_is_no_tap(networks):
    """Kick and snare are told apart, or the sound is one that was taught: each plays what it says."""
    for bar in range(4):
        hits = [(4.0 * bar + at, label) for at, label in [(0, "kick"), (1, "snare"), (2, "kick"), (3, "snare")]]
        phrase = phrase_of([], hits=hits, bars=bar + 1)
        assert [n.pitch_midi for n in drums(phrase, networks) if n.origin is Origin.SUNG] == [KICK, SNARE] * 2
    taught = tapped()
    taught = replace(taught, hits=tuple(replace(hit, trigger=Trigger("box", 41)) for hit in taught.hits))
    assert {n.pitch_midi for n in drums(taught, networks) if n.origin is Origin.SUNG} == {41}


def test_a_bar_of_hats_among_kicks_and_snares_is_beatboxed(networks):
    groove = [(4.0 * bar + at, "snare" if at % 2 else "kick") for bar in range(2) for at in range(4)]
    phrase = phrase_of([], hits=[*groove, *((8.0 + eighth / 2, "hihat_closed") for eighth in range(16))], bars=4)
    sung = [n.pitch_midi for n in drums(phrase, networks) if n.origin is Origin.SUNG]
    assert sung == [KICK, SNARE] * 4 + [HAT] * 16


@pytest.mark.parametrize(("genre", "meter"), [("trap", Meter(4, 4)), ("cinematic", Meter(4, 4)), ("rock", Meter(3, 4))])
def test_where_no_network_plays_a_tap_is_the_genre_s_other_drum(networks, genre, meter):
    phrase = replace(tapped(), meter=meter, length_qn=QuarterNotes(4 * meter.bar_qn))
    one, other = drums(phrase, networks, genre), drums(phrase, None, genre)
    assert one == other
    assert {n.pitch_midi for n in one if n.origin is Origin.SUNG} == {load_style(genre).other_key}


def test_the_bass_goes_with_the_kicks_of_the_kit_and_not_with_every_tap(networks):
    """Taps that sound like kicks are eighths; a bass that took them for kicks would play all of them."""
    phrase = tapped("kick", melody=[(beat, 1, 60 + beat % 5) for beat in range(16)])
    made = {part.name: part.notes for part in arranged(phrase, load_style("pop"), 1, networks=networks).parts}
    kicks, bass = (
        {round(n.start_qn * 4) for n in made[name] if name is PartName.BASS or n.pitch_midi == KICK}
        for name in (PartName.DRUMS, PartName.BASS)
    )
    assert len(kicks & bass) >= 0.6 * len(kicks)
    assert len(bass) < 0.9 * len(phrase.hits)
