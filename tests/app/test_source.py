"""What an item remembers of its phrase comes back to the last bit, and what is no such memory is said to be none."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.test_origin import THEN
from arrange.phrases import TWINKLE, phrase_of, phrases
from vocalmidi.app.keeping import Earlier
from vocalmidi.app.source import Source, read_source, source_text
from vocalmidi.config import load_settings
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import MAX_SOURCE_LINES, MAX_TEXT
from vocalmidi.values import (
    BendPointQn,
    Chord,
    HitLabel,
    LevelPointQn,
    Note,
    Origin,
    Part,
    PartName,
    PhraseHit,
    TempoMap,
    TempoPoint,
    Trigger,
)

SETTINGS = load_settings()
EARLIER = Earlier(
    (Part(PartName.BASS, 2, 33, (Note(1 / 3, 0.1, 40, 99, origin=Origin.KEPT),)),),
    frozenset({PartName.BASS, PartName.CHORDS}),
    (Chord(1.0, 2.0, 0, "maj", 7),),
)
CHORDS = (Chord(0.0, 2 / 3, 9, "min7", 4),)
SMALL = Source(
    phrase_of(TWINKLE), "brass", replace(SETTINGS, mood="dark", seed=9, reseed="drums=3"), CHORDS, EARLIER, THEN
)


@given(phrases(), st.floats(-1.0, 1.0))
def test_a_source_reads_back_equal_to_the_last_bit(phrase, late_qn):
    notes = tuple(replace(note, played_start_qn=note.start_qn + late_qn) for note in phrase.notes)
    source = replace(SMALL, phrase=replace(phrase, notes=notes))
    text = source_text(source)
    assert text.isascii()
    assert text.isprintable()
    assert read_source(text, SETTINGS) == source


def test_a_tempo_that_changes_a_sound_of_ones_own_and_bends_come_back():
    bent = replace(SMALL.phrase.notes[0], bend=(BendPointQn(0.0, -31.25), BendPointQn(0.25, 1 / 3)))
    phrase = replace(
        SMALL.phrase,
        notes=(bent, *SMALL.phrase.notes[1:]),
        hits=(PhraseHit(0.0, 0.01, HitLabel.OTHER, 90, 0.9, Trigger("Klück", 39)),),
        tempo_map=TempoMap((TempoPoint(0.0, 0.0, 100.0), TempoPoint(1.1, 1.8, 120.5))),
    )
    wanted = Source(phrase, "lead", replace(SETTINGS, bend="true"), ())
    assert read_source(source_text(wanted), SETTINGS) == wanted
    plain = read_source(source_text(replace(wanted, settings=SETTINGS)), SETTINGS)
    assert plain.phrase.notes[0].bend == ()


def test_levels_come_back_where_they_were_written():
    loud = replace(SMALL.phrase.notes[0], level=(LevelPointQn(0.0, -31.2), LevelPointQn(0.25, 1 / 3)))
    phrase = replace(SMALL.phrase, notes=(loud, *SMALL.phrase.notes[1:]))
    wanted = Source(phrase, "lead", replace(SETTINGS, expression="cc11"), ())
    assert read_source(source_text(wanted), SETTINGS) == wanted
    plain = read_source(source_text(replace(wanted, settings=SETTINGS)), SETTINGS)
    assert plain.phrase.notes[0].level == ()


def test_a_source_from_before_there_were_levels_is_made_as_it_was():
    before = json.loads(source_text(replace(SMALL, settings=replace(SETTINGS, bend="true"))))
    del before["music"]["bend_as"], before["music"]["expression"]
    here = replace(SETTINGS, bend_as="mpe", expression="cc11")
    found = read_source(json.dumps(before), here)
    assert (found.settings.bend, found.settings.bend_as, found.settings.expression) == ("true", "wheel", "off")


def test_what_no_item_could_keep_is_not_remembered():
    notes = SMALL.phrase.notes * 6000  # in no order, which does not matter here
    assert source_text(replace(SMALL, phrase=replace(SMALL.phrase, notes=notes))) == ""
    curve = tuple(BendPointQn(at / 7, at / 3) for at in range(3000))
    bent = replace(SMALL.phrase, notes=tuple(replace(note, bend=curve) for note in SMALL.phrase.notes))
    text = source_text(replace(SMALL, phrase=bent, settings=replace(SETTINGS, bend="true")))
    assert 0 < len(text) < MAX_SOURCE_LINES * MAX_TEXT
    assert read_source(text, SETTINGS).phrase == SMALL.phrase
    # Of two curves the level goes first.
    level = tuple(LevelPointQn(at / 7, at / 3) for at in range(3000))
    loud = replace(SMALL.phrase, notes=tuple(replace(note, bend=curve[:9], level=level) for note in SMALL.phrase.notes))
    text = source_text(replace(SMALL, phrase=loud, settings=replace(SETTINGS, bend="true", expression="cc11")))
    kept = read_source(text, SETTINGS).phrase
    assert [(note.bend, note.level) for note in kept.notes] == [(curve[:9], ())] * len(SMALL.phrase.notes)


TABLE = json.loads(source_text(SMALL))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "[" * 100000,
        json.dumps(TABLE | {"version": 2}),
        json.dumps(TABLE | {"instrument": "kazoo"}),
        json.dumps(TABLE | {"notes": [[0, 1]]}),
        json.dumps(TABLE | {"length_qn": float("nan")}),
        json.dumps(TABLE | {"key": [0, "dorian", 0.5]}),
        json.dumps(TABLE | {"tempo": []}),
        json.dumps(TABLE | {"music": {"seed": -1}}),
        json.dumps({key: value for key, value in TABLE.items() if key != "hits"}),
    ],
)
def test_what_is_no_source_is_refused_in_words(text):
    with pytest.raises(ReaperError, match="write the phrase again"):
        read_source(text, SETTINGS)
