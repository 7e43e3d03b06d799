"""Phrases as the phrase room would give them, written down by hand or drawn by hypothesis."""

from dataclasses import replace

from hypothesis import strategies as st

from vocalmidi.arrange import Wish, arrange
from vocalmidi.units import QuarterNotes
from vocalmidi.values import PART_NAMES, HitLabel, Key, Meter, Phrase, PhraseHit, PhraseNote, TempoMap

TWINKLE = [
    *((0, 1, 60), (1, 1, 60), (2, 1, 67), (3, 1, 67), (4, 1, 69), (5, 1, 69), (6, 2, 67)),
    *((8, 1, 65), (9, 1, 65), (10, 1, 64), (11, 1, 64), (12, 1, 62), (13, 1, 62), (14, 2, 60)),
]
C_MAJOR = Key(0, "major", 0.9)
METERS = (
    Meter(4, 4),
    Meter(3, 4),
    Meter(6, 8),
    Meter(2, 4),
    Meter(5, 4),
    Meter(7, 8),
    Meter(9, 8),
    Meter(12, 8),
    Meter(1, 32),
)


def arranged(phrase, style, seed, parts=PART_NAMES, *, instrument="lead", networks=None, **wished):
    """Return the arrangement by the genre's rules alone, or with networks, of what is wished."""
    return arrange(phrase, Wish(style, seed, tuple(parts), instrument, **wished), networks)


def by_machine(style):
    """Return a style whose drums, and all who listen to them, play on the grid: the places that are meant."""
    return replace(style, drum_way=replace(style.drum_way, timing=0.0))


def phrase_of(melody, *, key=C_MAJOR, meter=None, tempo_qpm=100.0, hits=(), bars=None):
    """Return a phrase of notes (start, length, key) and hits (start, label) in quarter notes."""
    meter = meter or Meter(4, 4)
    notes = tuple(
        PhraseNote(QuarterNotes(start), QuarterNotes(length), QuarterNotes(start), QuarterNotes(length), pitch, 90, 0.9)
        for start, length, pitch in melody
    )
    sounds = tuple(PhraseHit(QuarterNotes(at), QuarterNotes(at), HitLabel(label), 100, 0.9) for at, label in hits)
    last = max([start + length for start, length, _ in melody[-1:]] + [at + 0.01 for at, _ in hits[-1:]])
    bars = bars or max(1, -int(-(last - 1e-9) // meter.bar_qn))
    return Phrase(notes, sounds, key, meter, TempoMap.constant(tempo_qpm), QuarterNotes(bars * meter.bar_qn))


@st.composite
def phrases(draw, fewest_notes=0):
    """Any phrase that the phrase room could give."""
    meter = draw(st.sampled_from(METERS))
    at, melody = 0.0, []
    rows = st.tuples(st.integers(0, 8), st.integers(1, 16), st.integers(20, 110))
    for gap, length, pitch in draw(st.lists(rows, min_size=fewest_notes, max_size=20)):
        melody.append((at + gap / 8, length / 8, pitch))
        at += (gap + length) / 8
    hit = st.tuples(st.integers(0, 100).map(lambda step: step / 4), st.sampled_from(HitLabel))
    hits = sorted(draw(st.lists(hit, min_size=not melody, max_size=20, unique=True)))
    key = Key(draw(st.integers(0, 11)), draw(st.sampled_from(["major", "minor"])), 0.5)
    return phrase_of(melody, key=key, meter=meter, tempo_qpm=draw(st.floats(20, 400)), hits=hits)
