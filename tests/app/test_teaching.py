"""One action in Reaper: the sound just made is learnt under the name typed, and known in what is written after."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from synth import BeatboxHit, beatbox, sing
from teaching import BandsTimbre
from vocalmidi.app.ears import open_ears
from vocalmidi.app.teaching import asked, teach_last_sounds
from vocalmidi.capture import History
from vocalmidi.errors import ConfigError, ProfileError
from vocalmidi.profile import read_profile
from vocalmidi.values import AudioBlock

ACTION = "Teach trigger"
PFF = 56


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    return Studio(tmp_path, ears, voice_profile=str(tmp_path / "voice.json"))


def sounds(label, count=5, seed=1, apart_s=0.6):
    return beatbox([BeatboxHit(0.4 + apart_s * n, label, -9.0 - n % 3) for n in range(count)], RATE, seed=seed).samples


def teach(studio, typed):
    studio.reaper.fake.typed = typed
    studio.act(ACTION)
    return studio.said[-1]


def test_a_sound_just_made_is_learnt_and_known_at_once(studio, tmp_path):
    studio.play(np.concatenate([sounds("snare"), quiet(1.5)]))
    assert teach(studio, "pff,56") == "learnt pff from 5 examples, plays key 56"
    assert studio.told == []
    assert [(each.name, each.pitch_midi) for each in read_profile(tmp_path / "voice.json").taught] == [("pff", PFF)]
    # What is beaten next, in the same session, plays its key; so is what was heard before it was taught.
    studio.play(np.concatenate([quiet(1.5), sounds("snare", 6, seed=2), quiet(1.0)]))
    studio.write()
    assert [note.pitch for note in studio.reaper.notes("Drums")].count(PFF) >= 5
    studio.reaper.check()


def test_the_key_may_be_a_drum_s_name_or_left_out(studio, tmp_path):
    studio.play(np.concatenate([sounds("snare"), quiet(1.0)]))
    teach(studio, "puff,cowbell")
    teach(studio, "snare,")
    profile = read_profile(tmp_path / "voice.json")
    assert [(each.name, each.pitch_midi) for each in profile.taught] == [("puff", 56)]
    assert "snare sounds like puff" in studio.said[-1]
    teach(studio, "clap,")
    assert "clap sounds like puff" in studio.said[-1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (",56", "needs a name"),
        ("hat,", "may mean two sounds"),
        ("pff,200", "neither 0 to 127 nor a drum"),
        ("pff,very low", "neither 0 to 127 nor a drum"),
        ("x" * 201 + ",", "too long"),
    ],
)
def test_what_can_not_be_taught_is_said_inside_reaper_and_nothing_is_kept(studio, tmp_path, typed, said):
    studio.play(np.concatenate([sounds("snare"), quiet(1.0)]))
    studio.reaper.fake.typed = typed
    studio.act(ACTION)
    assert said in studio.told[-1]
    assert not (tmp_path / "voice.json").exists()


def test_silence_teaches_nothing_and_a_profile_that_is_switched_off_is_said(studio, tmp_path, ears):
    studio.play(quiet(3.0))
    teach(studio, "pff,")
    assert "no sound is heard, so pff is not learnt" in studio.told[-1]
    (tmp_path / "off").mkdir()
    off = Studio(tmp_path / "off", ears, voice_profile="none")
    off.play(np.concatenate([sounds("snare"), quiet(1.0)]))
    teach(off, "pff,")
    assert "no voice profile is used" in off.told[-1]


def test_who_closes_the_dialog_is_left_alone(studio):
    studio.play(np.concatenate([sounds("snare"), quiet(1.0)]))
    studio.reaper.fake.typed = None
    studio.act(ACTION)
    assert studio.said == []
    assert studio.told == []


def settings(tmp_path):
    return SimpleNamespace(voice_profile=str(tmp_path / "voice.json"))


def history(*pieces):
    heard = History(2.0, RATE)
    heard.append(AudioBlock(0, RATE, np.concatenate(pieces)))
    return heard


def test_only_the_last_lesson_counts(tmp_path):
    """A tune and another sound were heard before; a silence parts them from what is taught."""
    before = [sing(TUNE, RATE).samples, quiet(4.0), sounds("kick", 4, seed=7), quiet(4.0)]
    heard = history(*before, sounds("snare", 5), quiet(0.5))
    lesson = teach_last_sounds("name=pff, ago_ms=0", heard, settings(tmp_path), BandsTimbre())
    assert len(lesson.taught.examples) == 5


def test_what_the_microphone_heard_while_the_name_was_typed_does_not_count(tmp_path):
    typing = sounds("hihat_closed", 9, seed=5, apart_s=0.2)
    heard = history(sounds("snare", 4), quiet(0.5), typing)
    ago_ms = 1000 * len(typing) // RATE + 100
    lesson = teach_last_sounds(f"name=pff, ago_ms={ago_ms}", heard, settings(tmp_path), BandsTimbre())
    assert len(lesson.taught.examples) == 4
    assert lesson.left_out == ()


def test_of_many_examples_the_newest_are_taken(tmp_path):
    heard = history(sounds("kick", 6, seed=9), sounds("snare", 12, seed=1), quiet(0.5))
    lesson = teach_last_sounds("name=pff", heard, settings(tmp_path), BandsTimbre())
    assert len(lesson.taught.examples) == 10
    assert lesson.left_out == ()


def test_what_is_asked_is_checked():
    assert asked("name=clap, key=39").teaching.pitch_midi == 39
    assert asked("name=clap, key=Cowbell, ago_ms=1500").ago_s == 1.5
    for wrong in ("key=39", "name=clap, loud=1", "name=clap, ago_ms=-5", "name=clap, ago_ms=9999999"):
        with pytest.raises(ProfileError):
            asked(wrong)
    with pytest.raises(ConfigError):
        asked("clap")
