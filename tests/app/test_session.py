"""What a command may change of the daemon's session, and how it is said."""

import pytest

from vocalmidi.app.session import begun, changed, choices, in_words
from vocalmidi.arrange import mood_names, style_names
from vocalmidi.config import load_settings
from vocalmidi.errors import ConfigError


@pytest.fixture
def session(tmp_path):
    (tmp_path / "config.toml").touch()
    return begun(load_settings(tmp_path / "config.toml"))


def music(session, *names):
    return tuple(getattr(session.settings, name) for name in names)


def test_next_goes_through_all_genres_and_comes_back(session):
    seen, now = [], session
    for _ in style_names():
        now = changed(now, "genre=next")
        seen.append(now.settings.genre)
    assert sorted(seen) == list(style_names())
    assert now.settings.genre == session.settings.genre
    assert changed(changed(session, "genre=next"), "genre=previous") == session


def test_octaves_stop_at_the_last(session):
    for _ in range(9):
        session = changed(session, "octave=next")
    assert session.settings.octave == 3
    assert changed(session, "octave=-2").settings.octave == -2


def test_the_scale_lock_is_switched_to_the_user_s_own_scale(tmp_path, session):
    on = changed(session, "scale_lock=toggle")
    assert music(on, "scale_lock") == ("diatonic",)
    assert changed(on, "scale_lock=toggle") == session
    (tmp_path / "config.toml").write_text('[music]\nscale_lock = "blues"\n')
    blues = begun(load_settings(tmp_path / "config.toml"))
    off = changed(blues, "scale_lock=toggle")
    assert music(off, "scale_lock") == ("off",)
    assert music(changed(off, "scale_lock=toggle"), "scale_lock") == ("blues",)


def test_several_are_changed_at_once_and_said_in_words(session):
    after = changed(session, "genre=hip_hop, mood=dark, seed=next, bend=next, listening=toggle")
    assert music(after, "genre", "mood", "seed", "bend") == ("hip_hop", "dark", 2, "true")
    assert not after.listening
    assert in_words(session, after) == (
        "not listening: what is sung now is not kept, genre: hip_hop, seed: 2, bend: wheel, mood: dark"
    )
    assert in_words(after, after) == "nothing changed"


def test_bends_go_off_then_through_all_that_carries_them_and_come_back(session):
    seen, now = [], session
    for _ in range(4):
        now = changed(now, "bend=next")
        seen.append(music(now, "bend", "bend_as"))
    assert seen == [("true", "wheel"), ("true", "mpe"), ("true", "cc16"), ("off", "cc16")]
    assert in_words(session, changed(session, "bend=mpe")) == "bend: mpe"
    assert music(changed(now, "bend=true"), "bend", "bend_as") == ("true", "cc16")


def test_snapped_bends_stay_so_on_whatever_carries_them(session):
    now = changed(session, "bend=snap")
    assert in_words(session, now) == "bend: wheel"
    assert music(changed(now, "bend=mpe"), "bend", "bend_as") == ("snap", "mpe")
    assert music(changed(now, "bend=off"), "bend") == ("off",)


def test_a_controller_of_ones_own_is_among_the_choices(session):
    own = changed(session, "bend=cc20, expression=cc21")
    shown = {choice.name: choice for choice in choices(own)}
    assert (shown["bend"].value, shown["bend"].options) == ("cc20", ("off", "wheel", "mpe", "cc16", "cc20"))
    assert music(changed(own, "expression=next"), "expression") == ("off",)
    assert music(changed(own, "expression=previous"), "expression") == ("pressure",)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("genre=polka", "unknown genre 'polka'"),
        ("genre", "is no setting"),
        ("=jazz", "is no setting"),
        ("device=x", "'device' can't be set"),
        ("octave=4", "outside -3 to 3"),
        ("octave=high", "a int is needed"),
        ("genre=toggle", "can't be switched on and off"),
        ("key=next", "has no next value"),
        ("listening=maybe", "is none of on, off, toggle"),
        ("mood=dark, bend=wild", "bend_as is 'wild', one of wheel, mpe or a controller"),
        ("bend=cc120", "bend_as is 'cc120'"),
        ("bend=cc6", "not as 'cc6'"),
        ("expression=loud", "one of off, pressure or a controller"),
        ("bend=cc11, expression=cc11", "can't carry both"),
    ],
)
def test_what_can_not_be_is_refused_in_words_and_nothing_changes(session, change, why):
    with pytest.raises(ConfigError, match=why):
        changed(session, change)


def test_the_panel_is_told_every_choice_with_its_options(session):
    shown = {choice.name: choice for choice in choices(session)}
    assert shown["genre"].options == style_names()
    assert shown["mood"].options == mood_names()
    assert (shown["octave"].value, shown["octave"].options) == ("0", ("-3", "-2", "-1", "0", "1", "2", "3"))
    assert (shown["seed"].value, shown["seed"].options) == ("1", ())
