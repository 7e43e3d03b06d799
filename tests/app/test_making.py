"""What an item remembers makes the same arrangement again, whatever was sung."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrange.phrases import TWINKLE, phrase_of, phrases
from vocalmidi.app.ears import open_ears
from vocalmidi.app.making import by_this_band, made_of, request_of
from vocalmidi.app.origin import Heard, Making
from vocalmidi.app.source import Source, read_source, source_text
from vocalmidi.app.writing import Band
from vocalmidi.arrange import load_style, mood_names, style_names
from vocalmidi.config import load_settings

SETTINGS = load_settings()
HEARD = Heard("cd" * 32, 5, 500, 48000, "mic")


@pytest.fixture(scope="module")
def band():
    return Band(SETTINGS, open_ears("cpu"), load_style("pop"), None)


WISHES = st.fixed_dictionaries(
    {
        "genre": st.sampled_from(style_names()),
        "mood": st.sampled_from(mood_names()),
        "seed": st.integers(0, 2**32 - 1),
        "melody": st.sampled_from(["sung", "ornament", "answer"]),
    }
)


@settings(max_examples=30)
@given(phrase=phrases(), wish=WISHES)
def test_a_source_that_was_kept_makes_the_same_notes(band, phrase, wish):
    chosen = replace(SETTINGS, **wish)
    first = made_of(Source(phrase, "lead", chosen, ()), band)
    kept = source_text(Source(phrase, "lead", chosen, first.chords))
    # Whoever reads it has other settings by now.
    later = replace(SETTINGS, genre="jazz", seed=99, density=90)
    assert made_of(read_source(kept, later), band) == first


def test_what_heard_it_stays_and_what_makes_it_is_of_now(band):
    source = Source(phrase_of(TWINKLE), "lead", SETTINGS, (), making=Making("0.0.1", HEARD, around="melody"))
    now = by_this_band(source, band)
    assert (now.making.heard, now.making.ears, now.making.around) == (HEARD, (), "melody")
    assert now.making.version not in {"", "0.0.1"}


def test_a_request_says_whether_it_was_sung_or_arranged_around_what_was_there(band):
    sung = Source(phrase_of(TWINKLE), "lead", SETTINGS, ())
    around = replace(sung, making=Making(around="melody, drums"))
    said = [request_of(each, made_of(each, band), band, 4.0).provenance for each in (sung, around)]
    assert said[0].startswith(f"{len(sung.phrase.notes)} notes and 0 hits sung, vocalmidi")
    assert said[1].startswith("around melody, drums, vocalmidi")
