import os
import stat

import pytest

from vocalmidi.files import write_whole


def test_a_file_is_replaced_whole_and_nothing_else_stays(tmp_path):
    target = tmp_path / "a.mid"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]


def test_the_old_file_survives_a_write_that_fails(tmp_path, monkeypatch):
    target = tmp_path / "a.mid"
    target.write_bytes(b"old")

    def full_disk(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mid"]


@pytest.mark.skipif(os.name == "nt", reason="permission bits are a POSIX matter")
def test_a_result_is_as_readable_as_the_users_other_files(tmp_path):
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "a.mid", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.mid").stat().st_mode) == 0o644


@pytest.mark.skipif(os.name == "nt", reason="permission bits are a POSIX matter")
def test_a_replaced_file_keeps_its_mode(tmp_path):
    target = tmp_path / "private.lua"
    target.write_bytes(b"old")
    target.chmod(0o600)
    write_whole(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
