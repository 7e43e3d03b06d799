"""From a phrase to what the harmony network thinks of it: probabilities of 25 classes of chord, half bar by half bar.

In: a phrase and the network. Out: `Told`. Bars shorter than a half note are taken
together, since chords don't change faster; very long phrases are asked in stretches that overlap. Which chord it
becomes is not decided here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_chain import read_chain
from vocalmidi.arrange.chord_guess import Ask, asked, best_guess
from vocalmidi.arrange.chord_input import CLASSES, HEIGHT_MIDI, Array, Tune, features_of
from vocalmidi.arrange.plan import in_threes
from vocalmidi.inference import Model
from vocalmidi.values import Key, Meter, Phrase

Floats = npt.NDArray[np.float64]

SHORTEST_BAR_QN = 2.0
"""Bars of less are taken together: 2/4 is the shortest bar of the songs that the network has learnt from."""
SHORTEST_CHORD_QN = 1.5
"""A dotted quarter of 6/8; chords that change on every quarter are heard as passing notes."""
SURE_KEY, SHORT_BARS = 0.9, 16
"""When the network is told the key: the true one adds .01 to .03 of top-1 in phrases of one to eight bars of pop909 and
openewld and nothing in whole songs; a wrong one costs."""
MOST_FRAMES = 192
"""Half bars asked at once: the longest stretches of the training."""
OVERLAP = 32
"""Half bars heard on either side of a stretch and not kept: sixteen bars tell where the music is going."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the network thinks.

    frame_qn: quarter notes of one frame, half a bar or half of several short ones.
    network, best: (frames, CLASSES) probabilities: its own, and with the counted chain's.
    """

    frame_qn: float
    network: Floats
    best: Floats


def ask(phrase: Phrase, model: Model) -> Told:
    """Return what the network thinks of a phrase."""
    tune = tune_of(phrase)
    features = features_of(tune)
    told = _in_stretches(lambda seen: model.run(features=seen)["chords"], features)
    return Told(tune.bar_qn / 2.0, told, best_guess(told, features, read_chain()))


def tune_of(phrase: Phrase) -> Tune:
    """Return the melody as the network is asked about it, with its key where that is sure and the phrase short."""
    told = phrase.key.probability >= SURE_KEY and phrase.length_qn <= SHORT_BARS * phrase.meter.bar_qn
    return tune_of_notes(notes_of(phrase), phrase.meter, phrase.length_qn, phrase.key if told else None)


def notes_of(phrase: Phrase) -> Floats:
    """Return (n, 3) start_qn, length_qn, MIDI number."""
    notes = [[note.start_qn, note.length_qn, note.pitch_midi] for note in phrase.notes]
    return np.array(notes, np.float64).reshape(-1, 3)


def tune_of_notes(notes: Floats, meter: Meter, length_qn: float, key: Key | None = None) -> Tune:
    """Return a melody of that length; notes: (n, 3) start_qn, length_qn, MIDI number."""
    if len(notes):
        # Low voices sing the same tunes: an octave is not a difference of harmony.
        octave = round((HEIGHT_MIDI - float(notes[:, 2].mean())) / 12.0)
        notes = notes + np.array([0.0, 0.0, 12.0 * octave])
    bar_qn = float(meter.bar_qn)
    while bar_qn < SHORTEST_BAR_QN:
        bar_qn *= 2.0
    return Tune(
        notes=notes,
        bar_qn=bar_qn,
        frames=2 * max(1, int(np.ceil(length_qn / bar_qn - 1e-6))),
        threes=meter.beats == 3 and not in_threes(meter),
        compound=in_threes(meter),
        tonic=None if key is None else key.tonic,
        minor=key is not None and key.mode == "minor",
    )


def has_halves(meter: Meter, frame_qn: float) -> bool:
    """Tell whether half a bar is whole beats and long enough for a chord."""
    beats = meter.beats // 3 if in_threes(meter) else meter.beats
    return beats % 2 == 0 and frame_qn >= SHORTEST_CHORD_QN


def _in_stretches(think: Ask, features: Array) -> Floats:
    """Return (frames, CLASSES) probabilities, asked in overlapping stretches where there are many frames."""
    if len(features) <= MOST_FRAMES:
        return asked(think, features)
    told = np.empty((len(features), CLASSES))
    kept = MOST_FRAMES - 2 * OVERLAP
    for first in range(0, len(features), kept):
        start = max(0, first - OVERLAP)
        heard = asked(think, features[start : first + kept + OVERLAP])
        told[first : first + kept] = heard[first - start : first - start + kept]
    return told
