"""A profile on disk comes back as it was, or is refused and kept."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrections import hit, phrase
from teaching import direction, profile, taught
from vocalmidi.errors import ProfileError
from vocalmidi.profile import Habits, profile_file, read_profile, write_profile

KIT = profile(
    taught("kick", direction(1), count=3),
    taught("pff", direction(0, 1), pitch_midi=56),
    taught("hihat_closed", direction(0, 0, 1), pitch_midi=44),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "voice.profile"


def test_what_was_written_is_read(path):
    write_profile(path, KIT)
    back = read_profile(path)
    assert back.encoder == KIT.encoder
    assert [(each.name, each.pitch_midi) for each in back.taught] == [
        ("kick", None),
        ("pff", 56),
        ("hihat_closed", 44),
    ]
    for sound, found in zip(KIT.taught, back.taught, strict=True):
        for one, other in zip(sound.examples, found.examples, strict=True):
            assert np.array_equal(one.sound, other.sound)
            assert np.allclose(one.embedding, other.embedding, atol=1e-6)
            assert np.allclose(one.hit_share, other.hit_share, atol=1e-6)


def test_the_same_profile_gives_the_same_bytes(path, tmp_path):
    write_profile(path, KIT)
    write_profile(tmp_path / "again", read_profile(path))
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_a_person_finds_names_and_keys_in_it(path):
    write_profile(path, KIT)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert '{"name": "pff", "pitch_midi": 56, "examples": [' in lines
    assert '"version": 1,' in lines


CORRECTED = replace(
    KIT, habits=Habits().with_new([*phrase(1, (60, 62), octaves=-1, late_s=0.0314), hit(1, 0, sure=0.5)])
)


def test_what_corrections_say_is_kept_with_the_sounds(path):
    write_profile(path, CORRECTED)
    assert '"version": 2,' in path.read_text(encoding="utf-8").splitlines()
    back = read_profile(path)
    assert back.habits == CORRECTED.habits
    assert back.names == KIT.names


@pytest.mark.parametrize(
    "row",
    [
        [],
        ["0" * 12, 0, "melody", "note", 60, 0, None, 0, 0.5, 0, 0],
        ["x" * 12, 0, "melody", "note", 60, 0, None, 0, 0.5, 0],
        ["0" * 12, -1, "melody", "note", 60, 0, None, 0, 0.5, 0],
        ["0" * 12, 0, "flute", "note", 60, 0, None, 0, 0.5, 0],
        ["0" * 12, 0, "melody", "hit", 60, 0, None, 0, 0.5, 0],
        ["0" * 12, 0, "melody", "note", 200, 0, None, 0, 0.5, 0],
        ["0" * 12, 0, "melody", "note", 60.5, 0, None, 0, 0.5, 0],
        ["0" * 12, 0, "melody", "note", 60, 9, None, 0, 0.5, 0],
        ["0" * 12, 0, "melody", "note", 60, 0, "late", 0, 0.5, 0],
        ["0" * 12, 0, "melody", "note", 60, 0, None, 0, 1.5, 0],
    ],
)
def test_a_correction_that_is_none_is_damage(path, row):
    write_profile(path, CORRECTED)
    table = json.loads(path.read_text(encoding="utf-8"))
    table["corrections"][0] = row
    table["checksum"] = profile_file._checksum(table)
    path.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(ProfileError, match="not a whole voice profile"):
        read_profile(path)


def means(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_profile_cut_off_or_changed_anywhere_is_refused_and_kept(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damaged") / "voice.profile"
    write_profile(path, KIT)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 3))
    if data.draw(st.booleans()):
        broken = whole[:at]
    else:
        # A digit or letter in the place of another; white space between values is no part of what is kept.
        other = data.draw(st.sampled_from(b"0123456789abcdefXYZ"))
        broken = whole[:at] + bytes([other]) + whole[at + 1 :]
        if means(broken) == means(whole):  # 0.0 and 0e0 are one number
            return
    path.write_bytes(broken)
    with pytest.raises(ProfileError, match=r"left as it is|update vocalmidi") as refused:
        read_profile(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == broken


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format": 1}', b"null"])
def test_another_file_is_refused_and_kept(path, content):
    path.write_bytes(content)
    with pytest.raises(ProfileError, match="not a whole voice profile"):
        read_profile(path)
    assert path.read_bytes() == content


def test_a_newer_profile_is_refused_with_advice_and_kept(path):
    write_profile(path, KIT)
    table = json.loads(path.read_text(encoding="utf-8"))
    newer = json.dumps(table | {"version": 3, "moods": []})
    path.write_text(newer, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"version 3, this vocalmidi reads up to 2; update"):
        read_profile(path)
    assert path.read_text(encoding="utf-8") == newer


def test_a_file_that_is_not_there_says_how_to_make_one(path):
    with pytest.raises(ProfileError, match="vocalmidi profile learn"):
        read_profile(path)


def test_a_folder_is_no_profile(tmp_path):
    with pytest.raises(ProfileError, match="not an ordinary file"):
        read_profile(tmp_path)


def test_a_profile_that_can_t_be_written_leaves_the_old_one(path, monkeypatch):
    write_profile(path, KIT)
    before = path.read_bytes()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ProfileError, match="No space left"):
        write_profile(path, profile())
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_folder_for_it_is_made(tmp_path):
    write_profile(tmp_path / "new" / "place" / "voice.profile", KIT)
    assert read_profile(tmp_path / "new" / "place" / "voice.profile").names == KIT.names
