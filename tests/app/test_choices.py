from dataclasses import replace

import pytest

from vocalmidi.app.choices import (
    check_part,
    choose_part,
    parse_key,
    parse_meter,
    parse_parts,
    parse_seeds,
    parse_tempo,
    seeds_text,
    tonic_name,
)
from vocalmidi.config import GRIDS
from vocalmidi.errors import ConfigError
from vocalmidi.phrase import Grid
from vocalmidi.values import PART_NAMES, InstrumentChoice, Key, Meter, PartName


@pytest.mark.parametrize(("text", "tempo_qpm"), [("120", 120.0), ("97.5", 97.5), ("auto", None), ("AUTO ", None)])
def test_a_tempo_is_a_number_or_auto(text, tempo_qpm):
    assert parse_tempo(text) == tempo_qpm


@pytest.mark.parametrize("text", ["0", "1000", "-3", "nan", "inf", "fast", ""])
def test_a_tempo_that_no_one_can_play_is_refused(text):
    with pytest.raises(ConfigError, match="tempo"):
        parse_tempo(text)


@pytest.mark.parametrize(
    ("text", "tonic", "mode"),
    [
        ("C minor", 0, "minor"),
        ("C", 0, "major"),
        ("F# major", 6, "major"),
        ("Bbm", 10, "minor"),
        ("BbM", 10, "major"),
        ("ebmin", 3, "minor"),
        ("Cb", 11, "major"),
        ("a MINOR", 9, "minor"),
    ],
)
def test_a_key_is_read_as_musicians_write_it(text, tonic, mode):
    assert parse_key(text) == Key(tonic, mode, 1.0)


@pytest.mark.parametrize("text", ["H minor", "C dorian", "", "12"])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(ConfigError, match="key"):
        parse_key(text)


def test_auto_leaves_the_key_to_be_found():
    assert parse_key("auto") is None


def test_a_tonic_is_spelt_as_its_mode_spells_it():
    assert [tonic_name(Key(1, mode, 1.0)) for mode in ("major", "minor")] == ["Db", "C#"]


def test_a_metre_is_a_time_signature():
    assert parse_meter("6/8") == Meter(6, 8)
    for text in ("4", "4/3", "0/4", "four"):
        with pytest.raises(ConfigError):
            parse_meter(text)


def test_parts_keep_their_order_and_unknown_ones_are_refused():
    assert parse_parts("all") == PART_NAMES
    assert parse_parts("drums, Melody") == (PartName.MELODY, PartName.DRUMS)
    with pytest.raises(ConfigError, match="did you mean drums"):
        parse_parts("drum")
    with pytest.raises(ConfigError, match="no part"):
        parse_parts(" , ")


BASS = InstrumentChoice("bass", 0.95, (0.95, 0.02, 0.01, 0.01, 0.01))


@pytest.mark.parametrize("word", ["suggest", "off"])
def test_a_melody_stays_a_melody_unless_asked(word):
    assert choose_part(word, BASS, 20, PART_NAMES) == "lead"


def test_auto_goes_by_what_is_surely_imitated_where_it_has_a_part():
    assert choose_part("auto", BASS, 8, PART_NAMES) == "bass"
    assert choose_part("auto", BASS, 2, PART_NAMES) == "lead"
    assert choose_part("auto", replace(BASS, share=0.8), 8, PART_NAMES) == "lead"
    assert choose_part("auto", BASS, 8, (PartName.MELODY,)) == "lead"
    assert choose_part("auto", None, 0, PART_NAMES) == "lead"


def test_a_named_instrument_overrides_what_was_heard():
    assert choose_part("pad", BASS, 8, PART_NAMES) == "pad"
    assert choose_part("lead", BASS, 8, PART_NAMES) == "lead"


def test_a_named_instrument_without_its_part_is_refused_before_any_work():
    with pytest.raises(ConfigError, match="instrument bass is written in another part than melody, drums"):
        check_part("bass", (PartName.MELODY, PartName.DRUMS))
    check_part("auto", (PartName.MELODY,))
    check_part("brass", (PartName.MELODY,))


def test_the_grids_that_may_be_named_are_those_of_the_phrase_room():
    assert tuple(Grid) == GRIDS


def test_seeds_of_parts_are_numbers_or_the_next_one_in_track_order():
    seeds = parse_seeds("drums, bass=7", 41)
    assert list(seeds.items()) == [(PartName.BASS, 7), (PartName.DRUMS, 42)]
    assert parse_seeds(seeds_text(seeds), 1) == seeds
    assert parse_seeds("", 1) == {}
    assert parse_seeds("drums", 2**32 - 1) == {PartName.DRUMS: 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drumz=1", "did you mean drums"),
        ("bass=4294967296", "0 to 4294967295"),
        ("bass=-1", "whole number"),
        ("bass=", "whole number"),
        ("bass=1, bass", "two seeds"),
    ],
)
def test_a_seed_that_is_none_is_refused(text, said):
    with pytest.raises(ConfigError, match=said):
        parse_seeds(text, 1)
