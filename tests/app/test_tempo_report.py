"""What a user reads of the tempo: what was written, what it may be as well, and the word that overrides it."""

from dataclasses import replace

import pytest

from phrase.sung import JINGLE, sing
from vocalmidi.app.choices import parse_meter
from vocalmidi.app.convert import Conversion, phrase_settings
from vocalmidi.app.report import conversion_json, conversion_text
from vocalmidi.arrange import Wish, arrange, load_style
from vocalmidi.config import load_settings
from vocalmidi.phrase import build_phrase
from vocalmidi.values import Meter


def convert(**said):
    events = sing(JINGLE, 104)
    phrase = build_phrase(events, phrase_settings(replace(load_settings(), **said)))
    wish = Wish(load_style("pop"), 1)
    return Conversion(events, phrase, arrange(phrase, wish), wish)


def test_the_json_offers_half_and_double_with_their_probabilities():
    table = conversion_json(convert(), "a.mid")
    offered = {round(each["tempo_qpm"]): each for each in table["tempo_alternatives"]}
    assert {52, 104, 208} <= set(offered)
    assert table["tempo_alternatives"][0]["tempo_qpm"] == pytest.approx(table["tempo_qpm"], rel=0.01)
    assert all(0 <= each["probability"] <= 1 for each in offered.values())
    assert table["tempo_alternatives"][0]["meter"] == [4, 4]


def test_a_person_reads_how_to_choose_another():
    line = next(line for line in conversion_text(convert()).splitlines() if "tempo" in line)
    assert "104.0 quarter notes a minute, 4/4" in line
    assert "52.0" in line
    assert "--tempo chooses" in line


def test_a_tempo_that_is_named_leaves_nothing_to_choose():
    made = convert(tempo="52")
    assert conversion_json(made, "a.mid")["tempo_alternatives"] == []
    assert "--tempo" not in conversion_text(made)
    assert made.arrangement.tempo_qpm == pytest.approx(52)


def test_a_metre_of_auto_is_found():
    assert parse_meter("auto") is None
    assert convert(meter="auto").phrase.meter == Meter(4, 4)
