"""What the tracks that we make look like; what is the user's is left alone."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lua.signatures import SCRIPTS
from reaper.in_memory import InMemoryReaper
from reaper.make_icons import ICONS, SHAPES, colours, icon, png
from reaper.music import REQUEST_ID, small_request
from reaper.test_bridge_insert import NAMES, add_track, insert
from vocalmidi.plot.lanes import COLOURS
from vocalmidi.reaper import encode, install


def colour_of(track):
    native = track.colour or 0
    return (native >> 24, native & 0xFF, native >> 8 & 0xFF, native >> 16 & 0xFF)


def tracks(reaper):
    return {track.strings.P_NAME: track for track in reaper.project.tracks.values()}


def test_tracks_that_we_make_have_the_colours_of_the_pictures(reaper):
    insert(reaper, small_request())
    seen = {name.lower(): colour_of(track) for name, track in tracks(reaper).items()}
    drawn = {part: tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for part, text in COLOURS.items()}
    assert seen == {part: (1, *rgb) for part, rgb in drawn.items()}
    assert {part: rgb for part, rgb in colours().items() if part != "voice"} == drawn


def test_a_track_of_the_users_own_keeps_its_looks(reaper):
    add_track(reaper, "Bass")
    insert(reaper, small_request())
    own = tracks(reaper)["Bass"]
    assert (own.colour, own.strings.P_ICON) == (None, None)
    assert len(reaper.items("Bass")) == 1


def test_a_track_that_the_user_coloured_anew_stays_so(reaper):
    insert(reaper, small_request())
    tracks(reaper)["Melody"].colour = 0x1000001
    insert(reaper, small_request(request_id="ffffffff-0000-4000-8000-000000000002"))
    assert tracks(reaper)["Melody"].colour == 0x1000001


@pytest.mark.parametrize("lua", ["lua53", "lua54"])
def test_tracks_have_icons_where_these_are_installed(tmp_path, lua):
    (tmp_path / "reaper.ini").touch()
    install(tmp_path)
    reaper = InMemoryReaper(tmp_path, lua)
    reaper.start()
    insert(reaper, small_request())
    for name, track in tracks(reaper).items():
        icon_name = track.strings.P_ICON
        assert icon_name == f"Vocal MIDI/{name.lower()}.png"
        assert (tmp_path / "Data" / "track_icons" / icon_name).is_file()
    reaper.check()


def test_without_installed_icons_tracks_have_none(reaper):
    insert(reaper, small_request())
    assert [track.strings.P_ICON for track in tracks(reaper).values()] == [None] * len(NAMES)


def test_undoing_takes_the_looks_away_with_the_track(reaper):
    before = reaper.state()
    insert(reaper, small_request())
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


def installed(folder: Path) -> InMemoryReaper:
    """Return a Reaper whose tracks get icons, with the request waiting."""
    (folder / "reaper.ini").touch()
    install(folder)
    reaper = InMemoryReaper(folder)
    reaper.start()
    (reaper.root / "inbox" / f"{REQUEST_ID}.vocalmidi").write_bytes(encode(small_request()))
    return reaper


LOOKS = ("SetMediaTrackInfo_Value", "ColorToNative", "file_exists", "GetSetMediaTrackInfo_String")


def test_a_call_that_fails_while_a_track_gets_its_looks_leaves_no_track(tmp_path):
    dry = installed(tmp_path)
    first, before = dry.fake.call_count + 1, dry.state()
    dry.turn(4)
    steps = [(number, name) for number, name in dry.call_names(first) if name in LOOKS]
    assert {name for _, name in steps} == set(LOOKS)
    for number, name in steps:
        reaper = installed(tmp_path)
        reaper.fail_at(lambda _, each, number=number: each == number)
        reaper.turn(4)
        reaper.fail_at(None)
        assert (reaper.state(), reaper.undo_titles()) == (before, []), (number, name)
        reaper.check()


def pixels(source: Path | io.BytesIO):
    return np.asarray(Image.open(source))


@pytest.mark.parametrize("part", SHAPES)
def test_the_icons_are_what_their_script_draws(part):
    drawn = icon(part)
    assert (pixels(ICONS / f"{part}.png") == drawn).all()
    assert (pixels(io.BytesIO(png(drawn))) == drawn).all()
    # Neither empty nor full: a glyph on a ground, with see-through corners.
    white = (drawn[..., :3].min(axis=-1) > 250) & (drawn[..., 3] == 255)
    assert 0.05 < white.mean() < 0.5
    assert drawn[0, 0, 3] == 0


def test_every_part_has_its_icon_and_no_other_file_is_shipped():
    assert sorted(path.stem for path in ICONS.iterdir()) == sorted(colours())
    assert ICONS.is_relative_to(SCRIPTS / "track_icons")
