"""Settings become a wish, and what no arrangement can be asked for is refused before anything is heard."""

from dataclasses import fields, replace

import pytest

from vocalmidi.app.convert import UNSAID
from vocalmidi.app.wishes import check_music, wish_of
from vocalmidi.arrange import MelodyWish, Wish, load_style, mood_names
from vocalmidi.config import MELODY_WORDS, load_settings
from vocalmidi.errors import ConfigError
from vocalmidi.values import PartName

STYLE = load_style("pop")


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "config.toml").touch()
    return load_settings(tmp_path / "config.toml")


def test_the_defaults_are_the_wish_that_says_nothing(settings):
    assert wish_of(settings, STYLE, "lead") == Wish(STYLE, 1)


def test_every_setting_reaches_the_wish(settings):
    said = replace(
        settings,
        mood="dark",
        density=80,
        complexity=20,
        melody="simplify",
        chords="free",
        reseed="drums=9",
        continue_bars=4,
        parts="drums,melody",
        seed=5,
    )
    wish = wish_of(said, STYLE, "brass")
    assert (wish.mood.name, wish.density, wish.complexity) == ("dark", 0.8, 0.2)
    assert (wish.melody, wish.continue_bars, wish.instrument) == (MelodyWish.SIMPLIFY, 4, "brass")
    assert wish.free_chords
    assert (wish.seed_of(PartName.DRUMS), wish.seed_of(PartName.MELODY)) == (9, 5)
    assert wish.parts == (PartName.MELODY, PartName.DRUMS)
    plain = wish_of(settings, STYLE, "lead")
    same = [each.name for each in fields(Wish) if getattr(wish, each.name) == getattr(plain, each.name)]
    assert same == ["style", "kept"]


def test_the_words_for_melodies_are_those_of_the_arrangement():
    assert tuple(MelodyWish) == MELODY_WORDS


@pytest.mark.parametrize("mood", mood_names())
def test_every_mood_may_be_said(settings, mood):
    check_music(replace(settings, mood=mood))


@pytest.mark.parametrize(
    ("said", "fault"),
    [({"mood": "hapy"}, "did you mean 'happy'"), ({"reseed": "bras"}, "did you mean bass"), ({"seed": -1}, "seed -1")],
)
def test_what_cannot_be_asked_for_is_refused(settings, said, fault):
    with pytest.raises(ConfigError, match=fault):
        check_music(replace(settings, **said))


def test_an_item_says_of_its_settings_what_is_not_the_default(settings):
    assert {name: getattr(settings, name) for name in UNSAID} == UNSAID
