from typing import get_args

import pytest

from vocalmidi.config import CONTROL_SOURCES, LAST_CONTROLLER, controllers, load_settings
from vocalmidi.errors import ConfigError
from vocalmidi.values import CONTROLLERS, ControlSource


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_without_a_file_the_defaults_hold(written):
    settings = load_settings(written(""))
    assert (settings.genre, settings.tempo, settings.seed, settings.phrase_gap_s) == ("pop", "auto", 1, 1.5)


def test_the_users_file_overrides_only_what_it_names(written):
    settings = load_settings(written('[music]\ngenre = "jazz"\n[microphone]\nphrase_gap_s = 2\n'))
    assert (settings.genre, settings.phrase_gap_s, settings.meter) == ("jazz", 2, "auto")


def test_all_faults_are_named_at_once_with_the_nearest_word(written):
    path = written('[music]\ngener = "jazz"\nseed = -1\nbend = "wild"\ntempo = 120\n[microfone]\ndevice = ""\n')
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert "did you mean genre?" in message
    assert "music.seed is -1, outside 0 to 4294967295" in message
    assert "music.bend is 'wild', one of off, snap, true is needed" in message
    assert "music.tempo is 120, a str is needed" in message
    assert "did you mean microphone?" in message
    assert "\n" not in message


def test_a_file_that_is_not_toml_is_refused(written):
    with pytest.raises(ConfigError, match="can't be read as TOML"):
        load_settings(written("genre: jazz"))


def test_a_settings_file_named_but_missing_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such settings file"):
        load_settings(tmp_path / "none.toml")


def test_controllers_are_off_until_asked_for(written):
    assert controllers(load_settings(written(""))) == ()
    chosen = load_settings(written("[controls]\nvowel_a = 20\nenvelope = 0\n"))
    assert controllers(chosen) == (("vowel_a", 20), ("envelope", 0))


def test_every_source_of_a_controller_has_a_setting():
    assert get_args(ControlSource) == CONTROL_SOURCES
    assert CONTROLLERS[-1] == LAST_CONTROLLER


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("vowel_a = 120", "controls.vowel_a is 120, outside -1 to 119"),
        ("vowel_a = 20\nenvelope = 20", "controller 20 can't be moved by vowel_a and envelope"),
        ("envelope_low_db = -5.0", "envelope_low_db -5 must be below envelope_high_db"),
        ("vowel_y = 20", "did you mean vowel_"),
        ("control_smoothing_ms = 0", "outside 10 to 1000"),
    ],
)
def test_controllers_that_cannot_be_are_refused(written, text, fault):
    with pytest.raises(ConfigError, match=fault):
        load_settings(written(f"[controls]\n{text}\n"))
