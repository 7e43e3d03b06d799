"""Settings become a wish, and what no arrangement can be asked for is refused before anything is heard."""

from dataclasses import fields, replace

import pytest

from arrange.phrases import TWINKLE, arranged, by_machine, phrase_of
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


def offbeats(style):
    """Return where between two eighths' beats the drums' later strokes lie, quarter notes after the beat."""
    made = arranged(phrase_of(TWINKLE), by_machine(style), 3, [PartName.DRUMS])
    [drums] = made.parts
    return {round(note.start_qn % 1.0, 3) for note in drums.notes}


def test_swing_moves_the_second_of_two_notes_and_auto_is_as_the_genre_has_it(settings):
    jazz = replace(settings, genre="jazz")
    assert check_music(jazz)[0] == load_style("jazz")
    straight, triplets, hard = (check_music(replace(jazz, swing=said))[0] for said in ("50", "66.66667", "75"))
    assert offbeats(straight) <= {0.0, 0.25, 0.5, 0.75}
    assert 0.5 in offbeats(straight)
    assert {0.667} <= offbeats(triplets)
    assert {0.75} <= offbeats(hard)
    assert 0.5 not in offbeats(triplets) | offbeats(hard)


@pytest.mark.parametrize("said", ["49", "76", "much", "nan", ""])
def test_a_swing_that_there_is_not_is_refused(settings, said):
    with pytest.raises(ConfigError, match="swing"):
        check_music(replace(settings, swing=said))
