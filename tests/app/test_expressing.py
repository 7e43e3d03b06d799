"""Which curves of a voice are written with its notes, and as what: from frames to what an instrument hears."""

from dataclasses import replace

import numpy as np
import pytest

from arrange.phrases import TWINKLE, arranged, phrase_of
from vocalmidi.app.expressing import expressed, expression_of, spared
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.errors import ConfigError
from vocalmidi.units import level_to_controller
from vocalmidi.values import PLAIN_EXPRESSION, BendPointQn, Expression, LevelPointQn, Origin, PartName

CURVE, LEVEL = (BendPointQn(0.0, -40.0), BendPointQn(0.25, 0.0)), (LevelPointQn(0.0, -12.0), LevelPointQn(0.25, 0.0))


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "config.toml").touch()
    return load_settings(tmp_path / "config.toml")


def music(**wished):
    """Return an arrangement whose sung notes have every curve."""
    phrase = phrase_of(TWINKLE, hits=[(0.0, "kick"), (1.0, "snare")])
    notes = tuple(replace(note, bend=CURVE, level=LEVEL) for note in phrase.notes)
    return arranged(replace(phrase, notes=notes), load_style("trap"), 2, **wished)


def part(arrangement, name):
    return next(each for each in arrangement.parts if each.name is name)


def test_without_a_wish_there_is_no_curve_but_what_the_genre_bends(settings):
    made = music()
    plain = expressed(made, settings)
    assert all(not note.bend and not note.level for note in part(plain, PartName.MELODY).notes)
    assert part(plain, PartName.BASS) == part(made, PartName.BASS)
    assert {each.expression for each in plain.parts} == {PLAIN_EXPRESSION}


def test_what_was_sung_is_carried_as_wished_and_what_the_genre_bends_by_the_wheel(settings):
    made = expressed(music(), replace(settings, bend="true", bend_as="mpe", expression="pressure"))
    melody = part(made, PartName.MELODY)
    assert melody.expression == Expression("mpe", "pressure")
    assert all(note.bend == CURVE for note in melody.notes)
    assert [point.value for point in melody.notes[0].level] == [level_to_controller(-12.0), level_to_controller(0.0)]
    others = [each for each in made.parts if each.name is not PartName.MELODY]
    assert {each.expression for each in others} == {PLAIN_EXPRESSION}
    assert not any(note.level for each in others for note in each.notes)


@pytest.mark.parametrize(("instrument", "name"), [("bass", PartName.BASS), ("pad", PartName.CHORDS)])
def test_the_part_that_the_voice_stands_for_is_the_one(settings, instrument, name):
    made = expressed(music(instrument=instrument), replace(settings, bend="true", bend_as="mpe", expression="cc11"))
    assert [each.name for each in made.parts if each.expression.is_mpe] == [name]


def test_notes_that_nobody_sang_are_of_middle_loudness_among_sung_ones(settings):
    made = expressed(music(continue_bars=2), replace(settings, expression="cc11"))
    melody = part(made, PartName.MELODY)
    gone_on = [note for note in melody.notes if note.origin is Origin.CONTINUATION]
    assert gone_on
    assert all([point.value for point in note.level] == [level_to_controller(0.0)] for note in gone_on)


def bent(settings, *cents):
    """Return the cents of the first note's curve after it was drawn to tones."""
    made = music()
    curve = tuple(BendPointQn(0.05 * n, each) for n, each in enumerate(cents))
    melody = part(made, PartName.MELODY)
    notes = (replace(melody.notes[0], bend=curve), *(replace(note, bend=()) for note in melody.notes[1:]))
    sung = replace(made, parts=(replace(melody, notes=notes),))
    snapped = part(expressed(sung, replace(settings, bend="snap")), PartName.MELODY)
    return [round(point.bend_cents) for point in snapped.notes[0].bend]


def test_snap_stills_vibrato_and_lets_a_glide_come_to_rest_on_the_next_tone(settings):
    assert bent(settings, *([40.0, -40.0] * 8)) == []
    up = bent(settings, *range(0, 205, 5), 190.0, 210.0, 190.0)
    assert up == sorted(up)
    assert (up[0], up[-1]) == (0, 200)
    assert any(0 < each < 100 for each in up)


def test_parts_that_are_kept_keep_their_curves(settings):
    made = expressed(music(), replace(settings, bend="true", bend_as="mpe", expression="cc1"))
    assert expressed(made, settings, [PartName.MELODY]) == made


def test_bends_that_are_off_need_no_channels(settings):
    assert expression_of(replace(settings, bend_as="mpe", expression="pressure")) == Expression("wheel", "pressure")


@pytest.mark.parametrize("word", ["cc6", "cc101", "cc0", "cc120", "CC11", "cc011", "11", "loud", ""])
def test_what_can_carry_no_curve_is_refused_in_words(settings, word):
    with pytest.raises(ConfigError, match="or a controller such as"):
        expression_of(replace(settings, bend="true", bend_as=word))
    with pytest.raises(ConfigError, match="or a controller such as"):
        expression_of(replace(settings, expression=word))


def test_one_controller_can_not_carry_both(settings):
    with pytest.raises(ConfigError, match="can't carry both"):
        expression_of(replace(settings, bend="true", bend_as="cc11", expression="cc11"))


@pytest.mark.parametrize(
    ("level_db", "value"), [(-200.0, 0), (-34.0, 13), (-14.0, 40), (0.0, 90), (6.0, 127), (40.0, 127)]
)
def test_a_controller_of_volume_falls_by_40_db_a_decade(level_db, value):
    assert level_to_controller(level_db) == value
    if 1 < value < 127:
        assert 40 * np.log10(value / level_to_controller(6.0)) == pytest.approx(level_db - 6.0, abs=0.5)


def test_more_curves_than_a_request_has_room_for_are_left_out_from_the_last_on(settings):
    made = expressed(music(), replace(settings, bend="true", bend_as="mpe", expression="cc11"))
    bends = sum(len(note.bend) for each in made.parts for note in each.notes)
    levels = sum(len(note.level) for each in made.parts for note in each.notes)
    whole, no_level, plain = spared([made, made, made], bends=2 * bends, levels=levels)
    assert whole == made
    assert [note.bend for note in part(no_level, PartName.MELODY).notes] == [CURVE] * len(TWINKLE)
    assert not any(note.level for each in no_level.parts for note in each.notes)
    assert not any(note.level or note.bend for each in plain.parts for note in each.notes)
    assert [len(each.notes) for each in plain.parts] == [len(each.notes) for each in made.parts]
