"""The benchmark of the shipped chords, on a song that is its own harmony."""

import numpy as np
import pytest

from needs import libraries

libraries("torch", "zstandard")

from benchmarks.harmony_accuracy import row_of
from benchmarks.harmony_arranged import live, measure, meter_of, phrase_of, said
from training.harmony.data_harmony import HarmonySong

from vocalmidi.arrange import Wish, load_style, open_networks
from vocalmidi.arrange.chord_input import Tune, features_of
from vocalmidi.arrange.harmony import harmonise
from vocalmidi.arrange.live_chords import LIVE_HARMONY_MODEL
from vocalmidi.inference import open_model
from vocalmidi.values import Meter

TRIADS = ((60, 64, 67, 64), (65, 69, 72, 69), (67, 71, 74, 71), (60, 64, 67, 60)) * 2
CLASSES = np.repeat([0, 5, 7, 0] * 2, 2)


@pytest.fixture(scope="module")
def song():
    notes = np.array(
        [[4.0 * bar + beat, 1.0, pitch] for bar, four in enumerate(TRIADS) for beat, pitch in enumerate(four)]
    )
    tune = Tune(notes, 4.0, 16, tonic=0)
    return HarmonySong("arpeggios", "made up", tune, features_of(tune), CLASSES)


@pytest.mark.parametrize(
    ("bar_qn", "threes", "compound", "meter"),
    [
        (4.0, False, False, Meter(4, 4)),
        (3.0, True, False, Meter(3, 4)),
        (3.0, False, True, Meter(6, 8)),
        (6.0, True, False, Meter(3, 2)),
        (3.5, False, False, Meter(7, 8)),
    ],
)
def test_a_metre_is_read_back_from_a_tune(song, bar_qn, threes, compound, meter):
    tune = Tune(song.tune.notes, bar_qn, 4, threes, compound)
    assert meter_of(HarmonySong("tune", "made up", tune, song.features, song.classes)) == meter


def test_arpeggios_are_played_as_they_are_and_counted_so(song):
    made = harmonise(phrase_of(song), Wish(load_style("classical"), 0), open_networks("cpu"))
    row = row_of([song], [said(made, song)])
    assert (row.frames[0], row.top1[0], row.top3[0]) == (16, 16, 16)


def test_live_chords_are_counted_where_they_were_said(song):
    scores = live(song, open_model(LIVE_HARMONY_MODEL, "cpu"), told=True)
    assert scores.shape == (16, 25)
    assert scores[8].argmax() == 0  # the tune begins again


def test_the_table_has_the_network_beside_its_baselines(song):
    found = measure([song], ["pop"], open_networks("cpu"), 1)
    assert {"human", "rules", "hmm viterbi", "hmm posterior", "pop likely", "pop free", "live, key given"} < set(found)
    assert found["human"]["top1"] == 1.0
    assert found["pop likely"]["top1"] > 0.7
