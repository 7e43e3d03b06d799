"""What can be learnt is learnt, and each thing that can't says why and what to do."""

import numpy as np
import pytest

from teaching import direction, example, heard, profile, taught
from vocalmidi.errors import ProfileError
from vocalmidi.profile import HeardSound, check_name, choose_key, learn

PFF, CLAP = direction(1), direction(0, 1)


@pytest.mark.parametrize("count", [3, 5, 10])
def test_three_to_ten_examples_are_learnt(count):
    lesson = learn(profile(), "pff", 56, heard(PFF, count))
    (sound,) = lesson.profile.taught
    assert (sound.name, sound.pitch_midi, len(sound.examples)) == ("pff", 56, count)
    assert not lesson.left_out


def test_silence_teaches_nothing():
    with pytest.raises(ProfileError, match=r"no sound is heard.*make it 3 to 10 times"):
        learn(profile(), "pff", 56, [])


@pytest.mark.parametrize(("count", "said"), [(1, "only one example"), (2, "only 2 examples")])
def test_fewer_than_three_examples_are_not_enough(count, said):
    with pytest.raises(ProfileError, match=rf"{said} of pff.*3 to 10 times"):
        learn(profile(), "pff", 56, heard(PFF, count))


def test_more_than_ten_are_not_needed():
    lesson = learn(profile(), "pff", 56, heard(PFF, 13))
    assert len(lesson.taught.examples) == 10
    assert lesson.left_out == ("3 examples after the first 10 are not needed",)


def test_clipped_audio_teaches_nothing():
    with pytest.raises(ProfileError, match="4 of 6 examples of pff are clipped; turn the microphone's gain down"):
        learn(profile(), "pff", 56, heard(PFF, 6, clipped=(0, 1, 3, 5)))


def test_who_always_clips_can_learn_all_the_same():
    lesson = learn(profile(), "pff", 56, heard(PFF, 6, clipped=range(6)), allow_clipped=True)
    assert len(lesson.taught.examples) == 6
    assert not lesson.left_out


def test_a_clipped_example_among_good_ones_is_left_out_and_named():
    lesson = learn(profile(), "pff", 56, heard(PFF, 6, clipped=(2,)))
    assert len(lesson.taught.examples) == 5
    assert lesson.left_out == ("clipped and left out: the example at 2.5 s",)


def test_an_example_unlike_the_others_is_left_out_and_named():
    cough = HeardSound(3.25, -12.0, False, example(CLAP, 9))
    lesson = learn(profile(), "pff", 56, [*heard(PFF, 5), cough])
    assert len(lesson.taught.examples) == 5
    assert lesson.left_out == ("unlike the others and left out: the example at 3.2 s",)


def test_examples_of_anything_are_no_sound():
    anything = [HeardSound(float(n), -12.0, False, example(direction(*np.eye(6)[n]), n)) for n in range(6)]
    with pytest.raises(ProfileError, match="too unlike each other"):
        learn(profile(), "pff", 56, anything)


def test_the_same_sound_under_a_second_name_is_refused_and_the_first_is_named():
    one = profile(taught("clap", CLAP, pitch_midi=39), taught("pff", PFF, pitch_midi=56))
    with pytest.raises(ProfileError, match="puff sounds like pff, which is taught already; choose another sound"):
        learn(one, "puff", 60, heard(PFF, 6, seed=7))


def test_two_sounds_somewhat_alike_can_both_be_learnt():
    one = profile(taught("pff", PFF, pitch_midi=56))
    assert learn(one, "puh", 60, heard(direction(1, 0.8), 6, seed=3)).profile.names == ("pff", "puh")


def test_teaching_again_takes_the_place_of_what_was_and_keeps_its_key():
    one = profile(taught("pff", PFF, pitch_midi=56), taught("kick", direction(0, 0, 1)))
    again = learn(one, "pff", None, heard(CLAP, 4)).profile
    assert again.names == ("pff", "kick")
    assert again.taught[0].pitch_midi == 56
    assert len(again.taught[0].examples) == 4


def test_a_default_class_needs_no_key_and_a_sound_of_one_s_own_gets_a_free_one():
    one = profile(taught("pff", PFF, pitch_midi=60))
    assert choose_key(one, "kick", None) is None
    assert choose_key(one, "kick", 35) == 35
    assert choose_key(one, "clap", None) not in (60, None)


@pytest.mark.parametrize("pitch_midi", [-1, 128])
def test_a_key_outside_midi_is_refused(pitch_midi):
    with pytest.raises(ProfileError, match="outside 0 to 127"):
        learn(profile(), "pff", pitch_midi, heard(PFF))


@pytest.mark.parametrize("name", ["", " ", "other", "7up", "a b", "x" * 33, "../kick", "a\nb", "hihat", "-x"])
def test_a_bad_name_is_refused(name):
    with pytest.raises(ProfileError, match=r"can't be taught|may mean two sounds"):
        learn(profile(), name, 56, heard(PFF))


@pytest.mark.parametrize(("name", "kept"), [("Kick", "kick"), (" pff ", "pff"), ("Knöchel", "knöchel"), ("k-1", "k-1")])
def test_a_name_is_kept_in_small_letters(name, kept):
    assert check_name(name) == kept


def test_there_is_an_end_to_what_is_taught():
    full = profile(*(taught(f"s{n}x", direction(*np.eye(24)[n]), pitch_midi=40 + n, count=3) for n in range(24)))
    with pytest.raises(ProfileError, match="24 sounds are taught already; clear one"):
        learn(full, "pff", 56, heard(direction(*np.eye(30)[29])))
