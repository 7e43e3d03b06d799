"""Arranged drums as the set's loops: the voices, places and loudness that were played."""

import numpy as np

from needs import libraries

libraries("torch", "zstandard", "sklearn")

from benchmarks.drums_arranged import beatboxed, drums_of, joined, loop_of, phrase_of
from training.drums.loops import VOICES

from vocalmidi.arrange import load_style
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HitLabel, Note

KICK, SNARE = (list(VOICES).index(name) for name in ("kick", "snare"))


def notes_of(*strokes):
    return [Note(QuarterNotes(at), QuarterNotes(0.1), key, velocity) for at, key, velocity in strokes]


def test_a_rim_is_a_snare_a_shaker_is_nothing_and_lateness_stays():
    loop = loop_of(notes_of((8.0, 36, 127), (9.05, 37, 64), (8.5, 70, 90), (16.0, 36, 99)), 120.0, start_qn=8.0)
    assert sorted(zip(*np.nonzero(loop.struck[0]), strict=True)) == [(0, KICK), (4, SNARE)]
    assert loop.velocity[0, 4, SNARE] == np.float32(64 / 127)
    assert np.isclose(loop.shift[0, 4, SNARE], 0.2)


def test_kick_and_snare_of_a_loop_come_back_as_sung_hits():
    loop = joined([loop_of(notes_of((0.0, 36, 127), (1.0, 38, 64), (1.0, 42, 80)), 120.0)])
    hits = beatboxed(loop, 0)
    assert [(hit.start_qn, hit.label, hit.velocity) for hit in hits] == [
        (0, HitLabel.KICK, 127),
        (1, HitLabel.SNARE, 64),
    ]
    notes = drums_of(load_style("rock"), 1, phrase_of(120.0, hits), None)
    assert {(note.start_qn, note.pitch_midi) for note in notes} >= {(0.0, 36), (1.0, 38)}
