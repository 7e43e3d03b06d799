"""Our OSC device in Reaper's settings: put in and taken out with every other byte kept, and never while Reaper runs."""

import configparser
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.errors import ReaperError
from vocalmidi.reaper import (
    Heartbeat,
    OscDevice,
    Spool,
    encode,
    osc_device_line,
    remove_osc_device,
    spool_root,
    status,
    write_osc_device,
)
from vocalmidi.reaper.osc_device import device_line, with_device, without_device
from vocalmidi.reaper.running import RunningReaper

LINE = 'OSC "Vocal MIDI" 2 0 "127.0.0.1" 9000 1024 10 "VocalMIDI"'
PHONE = b'OSC "phone" 3 8000 "192.168.1.76" 9109 1024 10 ""'
NOBODY = tuple


def settings(*surfaces: bytes, ending: bytes = b"\n", count: int | None = None, behind: bytes = b"") -> bytes:
    """Return a reaper.ini with these control surfaces."""
    rows = [b"[audioconfig]", b"csurf_cnt=9", b"csurf_0=not ours", b"[REAPER]", b"lastproj=\xff.rpp"]
    rows.append(b"csurf_cnt=%d" % (len(surfaces) if count is None else count))
    rows += [b"csurf_%d=%s" % (number, text) for number, text in enumerate(surfaces)]
    return ending.join([*rows, b"x=1", b"[recent]", b"csurf_0=nor here", behind])


def surfaces_of(content: bytes) -> list[str]:
    """Read the surfaces as another program would: Python's own reader of such files."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(content.decode("latin-1"))
    section = next(parser[name] for name in parser.sections() if name.upper() == "REAPER")
    return [section[f"csurf_{number}"] for number in range(int(section.get("csurf_cnt", "0")))]


def test_the_line_is_the_one_that_reaper_writes():
    # justinfrankel/reaper-sdk, csurf_osc.cpp, PackCfg: "%s" %d %d "%s" %d %d %d "%s"
    words = shlex.split(OscDevice(9000, 8000).line)
    assert words == ["OSC", "Vocal MIDI", "3", "8000", "127.0.0.1", "9000", "1024", "10", "VocalMIDI"]
    assert OscDevice().line == LINE


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [(), (PHONE,), (PHONE, b"HTTP 0 8080 '' 'index.html' 0 ''")])
def test_it_becomes_the_last_surface_and_goes_without_a_trace(before, ending):
    content = settings(*before, ending=ending)
    after = with_device(content, OscDevice())
    assert surfaces_of(after) == [*(text.decode() for text in before), LINE]
    assert device_line(after) == LINE
    assert after.count(ending) == content.count(ending) + 1
    assert without_device(after) == content


def test_a_second_writing_changes_nothing_and_another_port_changes_one_line():
    once = with_device(settings(PHONE), OscDevice())
    assert with_device(once, OscDevice()) == once
    other = with_device(once, OscDevice(9001, 8001))
    assert surfaces_of(other) == [PHONE.decode(), OscDevice(9001, 8001).line]


def test_surfaces_behind_it_move_up_when_it_goes():
    content = with_device(settings(PHONE), OscDevice())
    content = content.replace(b"csurf_cnt=2", b"csurf_cnt=4").replace(b"x=1", b"csurf_2=MCU 1\ncsurf_3=MCU 2\nx=1")
    assert surfaces_of(without_device(content)) == [PHONE.decode(), "MCU 1", "MCU 2"]
    assert b"csurf_3" not in without_device(content)


def test_a_reaper_without_any_surface_gets_its_first():
    for content in (b"[REAPER]", b"[Reaper]\nx=1", b"\r\n[reaper]\r\nx=1\r\n[other]\r\n"):
        after = with_device(content, OscDevice())
        assert surfaces_of(after) == [LINE]
        assert b"csurf_cnt=0" in without_device(after)
        assert surfaces_of(without_device(after)) == []


def test_a_line_beyond_the_count_is_no_surface():
    content = settings(PHONE, b"MCU left over", count=1)
    assert surfaces_of(with_device(content, OscDevice())) == [PHONE.decode(), LINE]
    assert device_line(settings(LINE.encode(), count=0)) is None


def test_another_programs_device_of_a_like_name_is_not_ours():
    other = b'OSC "Vocal MIDI 2" 3 8000 "127.0.0.1" 9000 1024 10 ""'
    assert device_line(settings(other)) is None
    assert without_device(settings(other)) == settings(other)


@pytest.mark.parametrize("content", [b"", b"x=1\n", b"[audioconfig]\ncsurf_cnt=1\ncsurf_0=a\n"])
def test_settings_without_reapers_own_section_are_refused(content):
    assert device_line(content) is None
    with pytest.raises(ReaperError, match=r"no section \[REAPER\]"):
        with_device(content, OscDevice())


def test_surfaces_that_are_not_all_there_are_refused():
    for change in (with_device, lambda content, _: without_device(content)):
        with pytest.raises(ReaperError, match="counts 2 control surfaces, but csurf_1 is missing"):
            change(settings(PHONE, count=2), OscDevice())


@given(
    before=st.lists(st.sampled_from([PHONE, b"MCU 1", b"", b"HTTP 0 8080"]), max_size=4),
    ending=st.sampled_from([b"\n", b"\r\n"]),
    behind=st.binary(max_size=40).filter(lambda text: b"[" not in text),
)
def test_whatever_else_is_there_stays_byte_for_byte(before, ending, behind):
    content = settings(*before, ending=ending, behind=behind)
    assert without_device(with_device(content, OscDevice())) == content


@pytest.mark.parametrize(("send", "receive"), [(0, 0), (70000, 0), (9000, -1), (9000, 9000)])
def test_ports_that_are_none_are_refused(send, receive):
    with pytest.raises(ValueError, match="port"):
        OscDevice(send, receive)


def test_only_the_messages_that_are_used_are_in_the_pattern_file():
    told = {line.split()[0] for line in OscDevice().patterns.splitlines() if line and not line.startswith("#")}
    assert told == {"TIME", "BEAT", "REPEAT", "RECORD", "STOP", "PLAY", "PAUSE"}
    assert "ACTION i/action s/action/str" in OscDevice(9000, 8000).patterns
    for line in OscDevice(9000, 8000).patterns.splitlines()[2:]:
        # csurf_osc.cpp, LoadCfgContext: a flag of "nfbtrsi", then an address.
        assert all(word[0] in "nfbtrsi" and word[1] == "/" for word in line.split()[1:])


@pytest.fixture
def resource(tmp_path) -> Path:
    (tmp_path / "reaper.ini").write_bytes(settings(PHONE))
    return tmp_path


def test_writing_keeps_the_settings_as_they_were_beside_them(resource):
    change = write_osc_device(resource, OscDevice(), NOBODY)
    assert change.is_changed
    assert change.backup.read_bytes() == settings(PHONE)
    assert osc_device_line(resource) == status(resource).osc_device == LINE
    assert (resource / "OSC" / "VocalMIDI.ReaperOSC").read_text() == OscDevice().patterns
    assert not write_osc_device(resource, OscDevice(), NOBODY).is_changed
    assert remove_osc_device(resource, NOBODY).is_changed
    assert (resource / "reaper.ini").read_bytes() == settings(PHONE)
    assert not (resource / "OSC" / "VocalMIDI.ReaperOSC").exists()
    assert not remove_osc_device(resource, NOBODY).is_changed


def one_runs() -> tuple[RunningReaper, ...]:
    return (RunningReaper(Path("/opt/REAPER/reaper")),)


def test_while_reaper_runs_nothing_is_changed(resource):
    with pytest.raises(ReaperError, match=r"Reaper runs .*reaper.*; close it"):
        write_osc_device(resource, OscDevice(), one_runs)
    assert [path.name for path in resource.iterdir()] == ["reaper.ini"]
    write_osc_device(resource, OscDevice(), NOBODY)
    with pytest.raises(ReaperError, match="close it"):
        remove_osc_device(resource, one_runs)
    assert osc_device_line(resource) == LINE
    assert (resource / "OSC" / "VocalMIDI.ReaperOSC").exists()


def test_a_bridge_that_lives_is_a_reaper_that_runs(resource):
    spool = Spool(spool_root(resource))
    spool.prepare()
    beat = Heartbeat("abcdef-12", spool.now(), "Reaper 7")
    (spool.root / "bridge.heartbeat").write_bytes(encode(beat))
    with pytest.raises(ReaperError, match="sign of life"):
        write_osc_device(resource, OscDevice(), NOBODY)


def test_a_settings_file_that_is_a_link_stays_one(resource, tmp_path):
    real = tmp_path / "dotfiles.ini"
    (resource / "reaper.ini").rename(real)
    try:
        (resource / "reaper.ini").symlink_to(real)
    except OSError:
        pytest.skip("this system makes no links")
    write_osc_device(resource, OscDevice(), NOBODY)
    assert (resource / "reaper.ini").is_symlink()
    assert device_line(real.read_bytes()) == LINE
