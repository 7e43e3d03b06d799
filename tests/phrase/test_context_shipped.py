"""The network that is shipped: orderly on anything a decoder could give, and right where a musician would not doubt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phrase.sung import TWINKLE, beatbox, sing
from phrase.test_build import meters, takes
from vocalmidi.inference import open_model
from vocalmidi.phrase import Grid, PhraseSettings, build_phrase
from vocalmidi.values import Meter, TempoMap


@pytest.fixture(scope="module")
def context():
    return open_model("context", "cpu")


CONTEXT = open_model("context", "cpu")
"""For hypothesis, which takes no fixtures that outlive an example."""


@pytest.mark.parametrize("seed", range(4))
def test_a_tune_sung_badly_is_written_as_it_stands_in_the_book(context, seed):
    late_s = np.random.default_rng(seed).normal(0, 0.03, len(TWINKLE)).tolist()
    phrase = build_phrase(sing(TWINKLE, 100, late_s=late_s), PhraseSettings(genre="pop"), context)
    assert [(note.start_qn, note.length_qn, note.pitch_midi) for note in phrase.notes] == TWINKLE


def test_triplets_among_eighths_are_told_apart_note_by_note(context):
    rhythm = [0, 0.5, 1, 1.5, 2, 2 + 1 / 3, 2 + 2 / 3, 3]
    melody = [(4 * bar + at, 0.3, 60 + n % 5) for bar in range(4) for n, at in enumerate(rhythm)]
    late_s = np.random.default_rng(1).normal(0, 0.012, len(melody)).tolist()
    phrase = build_phrase(sing(melody, 90, late_s=late_s), PhraseSettings(tempo_qpm=90), context)
    assert [note.start_qn for note in phrase.notes] == pytest.approx([at for at, _, _ in melody])


def test_a_grace_note_stands_before_its_main_note_and_moves_nothing(context):
    melody = [(n * 0.5, 0.45, 60 + n % 5) for n in range(24)]
    melody.insert(9, (4.38, 0.1, 66))  # 70 ms before the note on beat 4.5
    phrase = build_phrase(sing(melody, 100), PhraseSettings(tempo_qpm=100), context)
    starts = [note.start_qn for note in phrase.notes]
    assert starts[:9] + starts[10:] == [n * 0.5 for n in range(24)]
    assert 4.25 <= starts[9] < 4.5


def test_a_steady_groove_is_read_from_beatbox_alone(context):
    bar = [
        (0, "kick"),
        (0.5, "hihat_closed"),
        (1, "snare"),
        (1.5, "hihat_closed"),
        (2, "kick"),
        (2.5, "kick"),
        (3, "snare"),
    ]
    groove = [(4 * n + at, label) for n in range(4) for at, label in bar]
    phrase = build_phrase(beatbox(groove, 95), PhraseSettings(), context)
    assert [(hit.start_qn, hit.label) for hit in phrase.hits] == groove


@st.composite
def ways(draw):
    """Anything that may be told of a take."""
    tempo_qpm, click = draw(st.one_of(st.none(), st.floats(20, 400))), draw(st.booleans())
    tempo_map = TempoMap.constant(tempo_qpm, 0.3) if click and tempo_qpm else None
    return PhraseSettings(
        tempo_map=tempo_map,
        tempo_qpm=None if tempo_map else tempo_qpm,
        meter=draw(meters),
        quantise_strength=draw(st.floats(0, 1)),
        grid=draw(st.sampled_from(Grid)),
        genre="jazz",
    )


@settings(max_examples=60, deadline=None)
@given(takes(), ways())
def test_every_take_becomes_an_orderly_phrase_with_the_network_too(events, wanted):
    phrase = build_phrase(events, wanted, CONTEXT)
    assert (len(phrase.notes), len(phrase.hits)) == (len(events.notes), len(events.hits))
    for note, following in zip(phrase.notes, phrase.notes[1:], strict=False):
        assert note.start_qn < following.start_qn
        assert note.start_qn + note.length_qn <= following.start_qn + 1e-9
    assert all(note.length_qn > 0 and note.played_length_qn > 0 and note.start_qn >= 0 for note in phrase.notes)
    assert all(0 <= hit.start_qn < phrase.length_qn for hit in phrase.hits)
    assert [hit.start_qn for hit in phrase.hits] == sorted(hit.start_qn for hit in phrase.hits)
    assert all(note.start_qn + note.length_qn <= phrase.length_qn + 1e-6 for note in phrase.notes)
    bars = phrase.length_qn / wanted.meter.bar_qn
    assert bars == pytest.approx(round(bars))
    assert build_phrase(events, wanted, CONTEXT) == phrase


def test_a_waltz_and_a_jig_have_their_own_beats(context):
    waltz = [(3 * bar + at, 0.9, 60 + n) for bar in range(6) for n, at in enumerate((0, 1, 2))]
    jig = [(3 * bar + at, 0.4, 60 + n % 4) for bar in range(6) for n, at in enumerate((0, 0.5, 1, 1.5, 2, 2.5))]
    for melody, meter, tempo_qpm in ((waltz, Meter(3, 4), 110), (jig, Meter(6, 8), 150)):
        told = PhraseSettings(meter=meter, tempo_qpm=tempo_qpm)
        phrase = build_phrase(sing(melody, tempo_qpm), told, context)
        assert [note.start_qn % 0.5 for note in phrase.notes] == pytest.approx([0.0] * len(melody))
        assert np.diff([note.start_qn for note in phrase.notes]).tolist() == pytest.approx(
            np.diff([at for at, _, _ in melody]).tolist()
        )
