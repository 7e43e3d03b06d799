"""The index for ReaPack: right by its rules, complete, and what it installs runs; and the rules catch what is wrong."""

import hashlib
import re
import subprocess
from urllib.parse import unquote

import pytest

from lua.signatures import ROOT, SCRIPTS
from needs import absent, program
from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from reaper.reapack_rules import KNOWN, faults, targets
from vocalmidi.errors import ReaperError
from vocalmidi.reaper.install import shipped_files
from vocalmidi.reaper.reapack import Origin, index_xml, read_tags, rtf

ORIGIN = Origin("https://example.org/of/us/raw/$commit/$path", "0123456789" * 4, "2026-01-02T03:04:05+01:00")
FILES = shipped_files()
INDEX = index_xml(FILES, ORIGIN)
PREFIX = "https://example.org/of/us/raw/" + "0123456789" * 4 + "/reaper_scripts/"


def test_the_index_is_right_by_reapacks_rules():
    assert faults(INDEX) == []


def test_every_file_of_ours_is_in_it_by_its_address_and_checksum():
    named = {}
    for source in targets(INDEX).values():
        assert source.text.startswith(PREFIX)
        named[unquote(source.text.removeprefix(PREFIX))] = source.get("hash")
    there = [path for kind in ("*.lua", "*.png") for path in SCRIPTS.rglob(kind)]
    assert named == {
        path.relative_to(SCRIPTS).as_posix(): "1220" + hashlib.sha256(path.read_bytes()).hexdigest() for path in there
    }


def test_actions_alone_come_into_the_action_list():
    main = {str(place) for place, source in targets(INDEX).items() if source.get("main")}
    names = [path.name for path in (SCRIPTS / "actions").glob("*.lua")]
    assert main == {f"Scripts/Vocal MIDI/Bridge/actions/{name}" for name in names}


@pytest.mark.parametrize("lua", ["lua53", "lua54"])
def test_what_reapack_installs_runs_with_its_icons(tmp_path, lua):
    for place, source in targets(INDEX).items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((SCRIPTS / unquote(source.text.removeprefix(PREFIX))).read_bytes())
    folder = tmp_path / "Scripts" / "Vocal MIDI" / "Bridge"
    reaper = InMemoryReaper(tmp_path, lua)
    reaper.run(folder / "actions" / "Vocal MIDI_Start bridge.lua")
    reaper.turn(70)
    spool = reaper.spool()
    spool.post(small_request())
    assert spool.receipt(REQUEST_ID, 1.0).message.startswith("inserted 4 items")
    assert {track.strings.P_ICON for track in reaper.project.tracks.values()} == {
        f"Vocal MIDI/{part}.png" for part in ("melody", "chords", "bass", "drums")
    }
    reaper.run(folder / "actions" / "Vocal MIDI_Start daemon.lua")
    reaper.turn(2)
    assert "was not told how to start" in reaper.fake.messages[1]
    reaper.check()


def changed(old: str, new: str) -> bytes:
    text = INDEX.decode()
    assert re.search(old, text), old
    return re.sub(old, lambda _: new, text, count=1).encode()


FAULTS = [
    ("</index>", "", "not XML"),
    ('<index version="1"', '<index version="2"', "not an index of version 1"),
    ('name="Vocal MIDI"', 'name="VM"', "index name 'VM'"),
    ('name="Vocal MIDI"', 'name="Vocal: MIDI"', "index name"),
    ('name="Vocal MIDI"', 'name="Vocal MIDI."', "index name"),
    ('commit="0123456789', 'commit="master', "commit 'master"),
    ('category name="Bridge"', 'category name=""', "category name ''"),
    ('type="script"', 'type="scripts"', "package type 'scripts'"),
    ('type="script"', 'type="extension"', "package name 'bridge.lua'"),
    ('desc="[^"]*"', "", "has no desc"),
    (r"\{\\rtf1", "# About", "is no RTF"),
    ('version name="[^"]*"', 'version name="v1.0"', "version 'v1.0'"),
    ('version name="[^"]*"', 'version name="1.65536"', "version '1.65536'"),
    (
        "</reapack>",
        ('<version name="0.1.0" author="a" time="2026-01-01T00:00Z">'
        '<source main="main">https://x.org/a</source></version></reapack>'),
        "has a version twice",
    ),
    ('author="[^"]*"', "", "has no author"),
    ('time="[^"]*"', 'time="yesterday"', "time 'yesterday'"),
    ('time="[^"]*"', 'time="2026-01-02T03:04:05"', "has no zone"),
    (r"<changelog>.*?</changelog>", "<changelog></changelog>", "is empty"),
    (r"https://example\.org[^<]*", "", "address None"),
    (r"https://example\.org[^<]*", "https://example.org/with space", "address"),
    (r"https://example\.org[^<]*", "reaper_scripts/bridge.lua", "address"),
    ('main="main"', 'main="Main"', "section 'Main'"),
    ('hash="1220', 'hash="1120', "hash"),
    ('hash="1220[0-9a-f]{2}', 'hash="1220', "hash"),
    ('type="data"', 'type="icons"', "source type 'icons'"),
    ('type="data"', 'type="data" platform="amiga"', "platform 'amiga'"),
    ('file="actions/[^"]*"', 'file="../../../escape.lua"', "goes out of its folder"),
    ('file="track_icons/[^"]*"', 'file="../evil.png"', "goes out of its folder"),
    ('file="actions/[^"]*"', 'file="actions/what?.lua"', "file name"),
    ('file="lib/ask.lua"', 'file="lib/AUDIO.lua"', "is there twice"),
    ('file="', 'flie="', "unknown attribute flie of source"),
    ("<changelog>", "<source>https://x.org/y</source><changes/><changelog>", "unknown element changes"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_the_rules_catch_what_is_planted(old, new, told):
    found = faults(changed(old, new))
    assert any(told in fault for fault in found), found


def test_an_index_without_actions_or_without_anything_is_caught():
    text = INDEX.decode()
    assert "no source is an action" in faults(text.replace('main="main" ', "").encode())
    assert any("has no source" in fault for fault in faults(re.sub("<source.*</source>", "", text).encode()))
    assert faults(b'<index version="1" name="Vocal MIDI" commit="' + b"0" * 40 + b'"/>') == ["nothing to install"]
    assert set(KNOWN) >= {"index", "category", "reapack", "version", "source"}


HEADER = next(file for file in FILES if file.name == "bridge.lua").content.decode()


def repackaged(old: str, new: str) -> bytes:
    """Return the index of our files with another header."""
    assert old in HEADER
    altered = HEADER.replace(old, new, 1).encode()
    return index_xml(
        [type(f)(f.name, f.place, altered) if f.name == "bridge.lua" else f for f in FILES],
        ORIGIN,
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("-- @version 0.1.0\n", "", "has no @version"),
        ("-- @author Vocal MIDI\n", "", "has no @author"),
        ("[nomain] lib/*.lua", "[nomain] lib/a*.lua", "is in 0 lines of @provides"),
        ("[nomain] lib/*.lua", "[nomain] lib/*.lua\n--   [nomain] lib/ask.lua", "lib/ask.lua is in 2 lines"),
        ("[nomain] lib/*.lua", "[nomain] lib/*.lua\n--   [nomain] gone.lua", "'gone.lua' is no file"),
        ("[nomain] lib/*.lua", "[win99] lib/*.lua", "is not understood"),
    ],
)
def test_a_header_that_leaves_something_out_is_told(old, new, told):
    with pytest.raises(ReaperError) as refusal:
        repackaged(old, new)
    assert told in str(refusal.value)


def test_what_could_be_taken_for_markup_is_text():
    index = repackaged("-- @changelog First version.", '-- @changelog a < b & "c" ]]> {d} \u00e9\u266b')
    assert faults(index) == []
    assert '<![CDATA[a < b & "c" ]]]]><![CDATA[> {d} é♫]]>'.encode() in index


def test_the_description_is_rtf_that_any_reader_shows():
    assert rtf(["a{b}\\c", "é – 𝄞"]) == "{\\rtf1\\ansi a\\{b\\}\\\\c \\u233? \\u8211? \\u-10188?\\u-8930?\\par}"


def test_tags_end_where_the_comment_ends():
    assert "changelog" in read_tags(HEADER)
    with pytest.raises(ReaperError, match="no @version"):
        read_tags("local x = 1\n-- @version 1.0\n")


@pytest.mark.parametrize(
    ("url", "commit"),
    [
        ("ftp://x.org/$path", "0" * 40), ("https://x.org/", "0" * 40), ("https://x.org/$path", "HEAD"),
        ("https://x.org/a b/$path", "0" * 40),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_refused(url, commit):
    with pytest.raises(ReaperError, match="give"):
        Origin(url, commit, ORIGIN.time)


def test_an_unknown_word_in_the_address_is_refused():
    with pytest.raises(ReaperError, match=r"only \$path, \$commit and \$version"):
        index_xml(FILES, Origin("https://x.org/$branch/$path", "0" * 40, ORIGIN.time))


def test_git_tracks_every_file_that_the_index_names():
    if not (ROOT / ".git").exists():
        absent("this is no git checkout")
    tracked = subprocess.run(
        [program("git"), "ls-files", "-z", "reaper_scripts"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    missing = {f"reaper_scripts/{file.name}" for file in FILES} - set(tracked)
    assert not missing
