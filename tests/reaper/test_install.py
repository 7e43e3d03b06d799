import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lua.signatures import SCRIPTS, script_paths
from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import install, spool_root, status, uninstall
from vocalmidi.reaper.start_command import start_command, start_command_bytes

ICONS = {path.relative_to(SCRIPTS).as_posix() for path in (SCRIPTS / "track_icons").rglob("*.png")}
OTHER_VENDOR = b"-- another vendor's\r\nlocal x = 1 -- \xff\xfe not UTF-8\r\nreturn x"


@pytest.fixture
def resource(tmp_path) -> Path:
    (tmp_path / "Scripts").mkdir()
    (tmp_path / "reaper.ini").write_text("[REAPER]\n")
    return tmp_path


@pytest.fixture
def startup(resource) -> Path:
    return resource / "Scripts" / "__startup.lua"


def tree(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_every_script_is_copied_and_the_spool_is_made(resource):
    changed = install(resource)
    ours = {path.relative_to(SCRIPTS).as_posix(): path.read_bytes() for path in script_paths()}
    folder = resource / "Scripts" / "Vocal MIDI"
    found = {Path(name).as_posix(): content for name, content in tree(folder).items()}
    assert found == ours | {"daemon.txt": start_command_bytes(resource)}
    assert set(changed) == {*ours, *ICONS, "daemon.txt", "__startup.lua"}
    for icon in ICONS:
        assert (resource / "Data" / icon).read_bytes() == (SCRIPTS / icon).read_bytes()
    assert (spool_root(resource) / "inbox").is_dir()
    assert status(resource).is_installed


def test_a_second_install_changes_nothing(resource):
    install(resource)
    before = tree(resource)
    assert install(resource) == ()
    assert tree(resource) == before


@pytest.mark.parametrize(
    "content", [OTHER_VENDOR, b"-- no line end", b"\xef\xbb\xbf-- with a byte order mark\n", b"\n\n"]
)
def test_install_and_uninstall_keep_every_other_byte_of_the_startup_file(resource, startup, content):
    startup.write_bytes(content)
    install(resource)
    installed = startup.read_bytes()
    assert installed.count(b"BEGIN Vocal MIDI") == 1
    assert installed.endswith(content.removeprefix(b"\xef\xbb\xbf"))
    assert installed.startswith(b"\xef\xbb\xbf") == content.startswith(b"\xef\xbb\xbf")
    uninstall(resource)
    assert startup.read_bytes() == content


def test_uninstall_leaves_a_reaper_as_it_was_but_for_the_spool(resource):
    before = tree(resource)
    install(resource)
    (spool_root(resource) / "done" / "kept.vocalmidi").write_bytes(b"")
    removed = uninstall(resource)
    assert len(removed) == len(script_paths()) + len(ICONS) + 2
    assert tree(resource) == before | {str(Path("Data", "vocalmidi", "done", "kept.vocalmidi")): b""}
    assert uninstall(resource) == ()
    assert not (resource / "Scripts" / "Vocal MIDI").exists()
    assert not (resource / "Data" / "track_icons" / "Vocal MIDI").exists()


def test_files_of_the_users_own_in_our_folder_stay(resource):
    install(resource)
    mine = resource / "Scripts" / "Vocal MIDI" / "my notes.txt"
    mine.write_text("mine")
    uninstall(resource)
    assert mine.read_text() == "mine"


def test_an_older_version_is_brought_up_to_date(resource, startup):
    install(resource)
    folder = resource / "Scripts" / "Vocal MIDI"
    (folder / "bridge.lua").write_text("-- older")
    (folder / "lib" / "gone.lua").write_text("-- of an older version")
    block = startup.read_bytes()
    startup.write_bytes(b"-- before\n" + block.replace(b"pcall", b"xpcall") + b"-- after")
    assert status(resource).outdated == ("bridge.lua",)
    assert set(install(resource)) == {"bridge.lua", "lib/gone.lua", "__startup.lua"}
    assert startup.read_bytes() == b"-- before\n" + block + b"-- after"
    assert status(resource).is_installed


@pytest.mark.parametrize(
    "content",
    [
        b"-- BEGIN Vocal MIDI\nhalf a block",
        b"-- END Vocal MIDI\n",
        b"-- END Vocal MIDI\n-- BEGIN Vocal MIDI\n",
        b"-- BEGIN Vocal MIDI\n-- END Vocal MIDI\n" * 2,
    ],
)
def test_a_startup_file_with_broken_marks_is_refused_and_nothing_changes(resource, startup, content):
    startup.write_bytes(content)
    before = tree(resource)
    for job in (install, uninstall, status):
        with pytest.raises(ReaperError, match="remove what is left of the block by hand"):
            job(resource)
    assert tree(resource) == before


def test_a_linked_startup_file_stays_a_link(resource, startup, tmp_path):
    real = tmp_path / "dotfiles.lua"
    real.write_bytes(b"-- mine\n")
    try:
        startup.symlink_to(real)
    except OSError:
        pytest.skip("this system makes no links")
    install(resource)
    assert startup.is_symlink()
    assert b"BEGIN Vocal MIDI" in real.read_bytes()


def test_what_is_missing_is_told(resource):
    assert not status(resource).is_installed
    install(resource)
    (resource / "Scripts" / "Vocal MIDI" / "lib" / "insert.lua").unlink()
    assert status(resource).missing == ("lib/insert.lua",)
    (resource / "Scripts" / "Vocal MIDI" / "daemon.txt").unlink()
    assert status(resource).missing == ("lib/insert.lua", "daemon.txt")
    install(resource)
    (resource / "Scripts" / "Vocal MIDI" / "daemon.txt").write_text("/of/another/environment\n")
    assert status(resource).is_installed


def test_scripts_that_reapack_brought_are_not_doubled(resource):
    (resource / "Scripts" / "Vocal MIDI" / "Bridge").mkdir(parents=True)
    (resource / "Scripts" / "Vocal MIDI" / "Bridge" / "bridge.lua").write_text("-- ReaPack's")
    before = tree(resource)
    with pytest.raises(ReaperError, match="uninstall Vocal MIDI in Reaper"):
        install(resource)
    assert tree(resource) == before


def test_the_command_that_starts_the_daemon_is_this_installations_own(resource):
    install(resource)
    written = (resource / "Scripts" / "Vocal MIDI" / "daemon.txt").read_text(encoding="utf-8").splitlines()
    assert written == list(start_command(resource))
    assert written[:4] == [sys.executable, "-m", "vocalmidi", "run"]
    told = subprocess.run([*written[:4], "--help"], capture_output=True, text=True, check=True)
    for option in (written[4], written[6]):
        assert option in told.stdout


def test_on_windows_no_console_window_opens(resource, tmp_path):
    python = tmp_path / "python.exe"
    assert start_command(resource, str(python), "win32")[0] == str(python)
    (tmp_path / "pythonw.exe").touch()
    assert start_command(resource, str(python), "win32")[0] == str(tmp_path / "pythonw.exe")


def test_a_folder_that_no_command_line_can_hold_is_refused_and_nothing_changes(tmp_path):
    odd = tmp_path / 'my "Reaper"'
    try:
        odd.mkdir()
    except OSError:
        pytest.skip("this system has no such names")
    (odd / "reaper.ini").touch()
    with pytest.raises(ReaperError, match="move that folder"):
        install(odd)
    assert tree(odd) == {"reaper.ini": b""}


def test_a_folder_that_is_not_reapers_is_refused(tmp_path):
    for job in (install, uninstall, status):
        with pytest.raises(ReaperError, match=r"has no reaper\.ini"):
            job(tmp_path)
    assert tree(tmp_path) == {}


def test_a_reaper_that_cannot_be_written_is_told_and_does_not_start_half_of_us(resource, startup):
    (resource / "Scripts" / "Vocal MIDI").write_text("a file where our folder should be")
    with pytest.raises(ReaperError, match="Vocal MIDI"):
        install(resource)
    assert not startup.exists()


def test_reaper_starts_the_installed_bridge_by_itself(resource, startup):
    startup.write_bytes(b"local before = 1\nreturn before")
    install(resource)
    reaper = InMemoryReaper(resource)
    reaper.run(startup)
    reaper.turn(70)
    spool = reaper.spool()
    spool.post(small_request())
    assert spool.receipt(REQUEST_ID, 1.0).message.startswith("inserted 4 items")
    reaper.check()


def test_a_broken_installation_is_told_in_the_console_and_spares_the_rest(resource, startup):
    startup.write_bytes(b"later_line_ran = true")
    install(resource)
    shutil.rmtree(resource / "Scripts" / "Vocal MIDI" / "lib")
    reaper = InMemoryReaper(resource)
    reaper.run(startup)
    assert reaper.lua.globals().later_line_ran
    assert "load.lua" in reaper.fake.console[1]
    reaper.check()


def test_the_room_imports_no_sound_and_no_model():
    code = "import sys, vocalmidi.reaper; print(sorted({'sounddevice', 'onnxruntime', 'soxr'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
