"""What the Reaper in memory lets scripts do without an undo point: with drafts anything, with all else nothing."""

from pathlib import Path

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_insert import as_user

DRAFT = "reaper.GetSetMediaItemInfo_String(item, 'P_EXT:vocalmidi_draft', 'abcdef-01 melody 0', true) "
TRACK = "local track = reaper.GetTrack(0, 0) "
NEW = TRACK + "local item = reaper.CreateNewMIDIItemInProj(track, 0, 4, true) "

DELETE = TRACK + "reaper.DeleteTrackMediaItem(track, reaper.GetTrackMediaItem(track, 0))"


@pytest.fixture(params=["lua53", "lua54"])
def reaper(tmp_path, request) -> InMemoryReaper:
    host = InMemoryReaper(tmp_path, request.param)
    as_user(host, "api.InsertTrackInProject(0, 0, 0)")
    return host


def ran(reaper: InMemoryReaper, folder: Path, code: str) -> list[str]:
    """Run a script and return what the fake holds against it."""
    script = folder / "script.lua"
    script.write_text(code)
    reaper.run(script)
    return list(reaper.fake.violations.values())


def test_a_draft_may_come_and_go_and_be_changed_without_an_undo_block(reaper, tmp_path):
    assert ran(reaper, tmp_path, NEW + DRAFT) == []
    change = TRACK + "local item = reaper.GetTrackMediaItem(track, 0) reaper.MIDI_SetItemExtents(item, 0, 8) "
    assert ran(reaper, tmp_path, change + "reaper.DeleteTrackMediaItem(track, item)") == []


def test_a_track_made_for_a_draft_may_come_and_go_too(reaper, tmp_path):
    made = (
        "reaper.InsertTrackInProject(0, 1, 1) local track = reaper.GetTrack(0, 1) "
        "reaper.GetSetMediaTrackInfo_String(track, 'P_EXT:vocalmidi_draft', 'abcdef-01 melody', true) "
    )
    assert ran(reaper, tmp_path, made) == []
    assert ran(reaper, tmp_path, "reaper.DeleteTrack(reaper.GetTrack(0, 1))") == []


@pytest.mark.parametrize(
    "code",
    [
        NEW,
        NEW + DRAFT + "reaper.GetSetMediaItemInfo_String(item, 'P_EXT:vocalmidi_draft', '', true)",
        TRACK + "reaper.GetSetMediaTrackInfo_String(track, 'P_NAME', 'Mine', true)",
        "reaper.SetProjExtState(0, 'vocalmidi', 'melody', 'x')",
        "reaper.DeleteTrack(reaper.GetTrack(0, 0))",
    ],
)
def test_whatever_else_is_changed_outside_an_undo_block_is_a_violation(reaper, tmp_path, code):
    assert ran(reaper, tmp_path, code) == ["a change outside an undo block, and not of a draft"]


def test_the_undo_point_after_a_draft_leads_to_before_it(reaper, tmp_path):
    before = reaper.state()
    ran(reaper, tmp_path, NEW + DRAFT)
    ran(reaper, tmp_path, "reaper.Undo_BeginBlock2(0) " + TRACK
        + "local item = reaper.GetTrackMediaItem(track, 0) "
        "reaper.GetSetMediaItemInfo_String(item, 'P_EXT:vocalmidi_draft', '', true) "
        "reaper.Undo_EndBlock2(0, 'Take it', -1)")  # fmt: skip
    assert reaper.undo_titles() == ["Take it"]
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before
    reaper.check()


def test_a_point_of_the_users_in_between_holds_the_draft(reaper, tmp_path):
    ran(reaper, tmp_path, NEW + DRAFT)
    drawn = reaper.state()
    as_user(reaper, "fake.user_point(project, 'Change volume')")
    ran(reaper, tmp_path, f"reaper.Undo_BeginBlock2(0) {DELETE} reaper.Undo_EndBlock2(0, 'Go', -1)")
    reaper.fake.undo(reaper.project)
    assert reaper.state() == drawn


def test_a_block_that_changes_only_drafts_leaves_no_point(reaper, tmp_path):
    ran(reaper, tmp_path, NEW + DRAFT)
    ran(reaper, tmp_path, f"reaper.Undo_BeginBlock2(0) {DELETE} reaper.Undo_EndBlock2(0, 'Go', 0)")
    assert reaper.undo_titles() == []


def test_the_transports_buttons_play_from_the_cursor_and_stop(reaper, tmp_path):
    as_user(reaper, "project.cursor_s = 3.5")
    ran(reaper, tmp_path, "reaper.OnPlayButtonEx(0)")
    assert (reaper.project.play_state, reaper.project.play_s) == (1, 3.5)
    as_user(reaper, "project.play_state, project.play_s = 2, 5.0")
    ran(reaper, tmp_path, "reaper.OnPlayButtonEx(0)")
    assert (reaper.project.play_state, reaper.project.play_s) == (1, 5.0)
    ran(reaper, tmp_path, "reaper.OnStopButtonEx(0)")
    assert reaper.project.play_state == 0
