"""The self-test action: all that we rest on holds in the Reaper in memory, each check can fail, and the user's projects
stay as they were, whatever happens in it.
"""

import json

import pytest

from reaper.broken import BROKEN
from reaper.in_memory import InMemoryReaper
from reaper.music import small_request
from reaper.test_bridge_insert import as_user

ACTION, TURNS = "Self-test", 40


def run_selftest(reaper):
    reaper.action(ACTION)
    reaper.turn(TURNS)
    return json.loads((reaper.root / "selftest.json").read_text())


def verdicts(report):
    return {row["name"]: row["verdict"] for row in report["checks"]}


def user_state(reaper):
    """Return all that the user has open."""
    return [(p.path, reaper.fake.state(p), p.changes, len(p.undo)) for p in reaper.fake.projects.values()]


def is_in_front(reaper):
    return reaper.lua.eval("function(fake, project) return fake.current == project end")(reaper.fake, reaper.project)


def test_all_that_we_rest_on_holds_here(reaper):
    report = run_selftest(reaper)
    assert set(verdicts(report).values()) == {"ok"}
    assert set(verdicts(report)) == set(BROKEN)
    (said,) = reaper.fake.console.values()
    assert f"Self-test: {len(BROKEN)} of {len(BROKEN)} checks hold. The report is Data/vocalmidi/selftest.txt" in said
    assert list(reaper.fake.messages.values()) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_check_can_fail_alone(tmp_path, name):
    reaper = InMemoryReaper(tmp_path)
    reaper.start()
    as_user(reaper, BROKEN[name])
    report = run_selftest(reaper)
    failed = [row for row in report["checks"] if row["verdict"] == "failed"]
    assert [row["name"] for row in failed] == [name]
    assert failed[0]["told"]
    assert any(name in message and failed[0]["told"] in message for message in reaper.fake.messages.values())
    if name != "the tab closes, and the user's projects are as they were":
        assert len(reaper.fake.projects) == 1


def test_the_text_says_versions_and_each_check_in_a_line(reaper):
    reaper.spool().beat()
    report = run_selftest(reaper)
    text = (reaper.root / "selftest.txt").read_text()
    assert text.splitlines()[0] == "Vocal MIDI self-test"
    for name in ("vocalmidi", "reaper", "system", "lua", "speech", "bridge", "daemon", "date"):
        assert f"\n{name:<10} {report['about'][name]}\n" in text
    assert (report["about"]["reaper"], report["about"]["bridge"]) == ("7.78/fake", "runs")
    assert report["about"]["lua"] == reaper.lua.eval("_VERSION")
    assert report["about"]["daemon"] == "runs"
    for row in report["checks"]:
        assert f"\n{row['verdict']:<8}{row['name']}" in text
    assert str(reaper.resource) not in text  # nobody's folders in what is sent to others


def test_the_users_projects_stay_as_they_were_and_nothing_is_asked(reaper):
    spool = reaper.spool()
    spool.post(small_request())
    reaper.turn(4)
    as_user(reaper, "fake.open('/home/me/other.rpp') api.InsertTrackInProject(0, 0, 0)")
    as_user(reaper, "fake.current = project project.cursor_s = 3.5")
    before = user_state(reaper)
    files = {path.name for path in reaper.root.rglob("*")}
    assert set(verdicts(run_selftest(reaper)).values()) == {"ok"}
    assert user_state(reaper) == before
    assert is_in_front(reaper)
    assert list(reaper.fake.questions.values()) == []
    assert {path.name for path in reaper.root.rglob("*")} - files == {"selftest.txt", "selftest.json"}


def test_a_reaper_that_tells_paths_with_other_slashes_closes_the_tab_too(reaper):
    as_user(
        reaper,
        "local real = api.EnumProjects api.EnumProjects = function(index) local proj, path = real(index) "
        "if path then path = path:gsub('/', '\\\\'):gsub('rpp$', 'RPP') end return proj, path end",
    )
    before = user_state(reaper)
    assert set(verdicts(run_selftest(reaper)).values()) == {"ok"}
    assert user_state(reaper) == before


def test_its_lamp_is_lit_while_it_runs(reaper):
    reaper.action(ACTION)
    reaper.turn(10)
    assert reaper.fake.toggles[ACTION] == 1
    reaper.turn(TURNS)
    assert reaper.fake.toggles[ACTION] == 0


def test_while_the_transport_moves_it_waits_and_says_so(reaper):
    as_user(reaper, "fake.open('/home/me/other.rpp') project.play_state = 5")
    before = user_state(reaper)
    reaper.action(ACTION)
    reaper.turn(TURNS)
    (told,) = reaper.fake.messages.values()
    assert "plays or records" in told
    assert not (reaper.root / "selftest.txt").exists()
    assert user_state(reaper) == before


def test_it_needs_no_bridge_and_passes_over_what_an_older_reaper_has_not(tmp_path):
    removed = ["InsertTrackInProject", "GetToggleCommandStateEx", "set_action_options"]
    reaper = InMemoryReaper(tmp_path, removed=removed)
    reaper.fake.options.make_folder(str(reaper.root))
    report = run_selftest(reaper)
    skipped = {row["told"] for row in report["checks"] if row["verdict"] == "skipped"}
    assert "this Reaper has no InsertTrackInProject" in skipped
    assert "failed" not in verdicts(report).values()
    assert report["about"]["bridge"] == "does not run"
    assert len(reaper.fake.projects) == 1
    reaper.check()


def test_a_reaper_without_lanes_is_told_from_one_whose_lanes_fail(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    as_user(reaper, "api.GetAppVersion = function() return '6.83/x64' end")
    report = run_selftest(reaper)
    (lanes,) = [row for row in report["checks"] if "lanes" in row["name"]]
    assert (lanes["verdict"], lanes["told"]) == ("skipped", "Reaper 6.83/x64 has no lanes")


def test_a_report_that_can_t_be_written_is_told_in_words(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    (tmp_path / "Data").write_text("a file where the folder should be")
    reaper.fake.options.make_folder = lambda _: None
    reaper.fake.options.list_files = lambda _: ""
    reaper.action(ACTION)
    reaper.turn(TURNS)
    (told,) = reaper.fake.messages.values()
    assert "The report can't be written" in told
    assert "failed" in told
    assert len(reaper.fake.projects) == 1


CLOSING = ("EnumProjects", "Main_OnCommand", "Main_SaveProjectEx", "SelectProjectInstance", "IsProjectDirty")


def in_tab_calls(root):
    """Return the numbers of the first call of each function once the tab is open, and of the last of those that close
    it.
    """
    reaper = InMemoryReaper(root)
    reaper.start()
    reaper.fake.end_scripts(True)
    first = reaper.fake.call_count + 1
    run_selftest(reaper)
    calls = [name for _, name in reaper.call_names(first)]
    opened = calls.index("Main_OnCommand")
    numbers = {opened + calls[opened:].index(name) for name in set(calls[opened:])}
    return sorted(numbers | {len(calls) - 1 - calls[::-1].index(name) for name in CLOSING})


def test_an_error_in_any_call_leaves_the_users_projects_as_they_were(tmp_path):
    (tmp_path / "count").mkdir()
    numbers = in_tab_calls(tmp_path / "count")
    assert len(numbers) > 50
    for number in numbers:
        folder = tmp_path / str(number)
        folder.mkdir()
        reaper = InMemoryReaper(folder)
        reaper.start()
        reaper.fake.end_scripts(True)
        before = user_state(reaper)
        at = reaper.fake.call_count + 1 + number
        reaper.fail_at(lambda _, call, at=at: call == at)
        reaper.action(ACTION)
        reaper.turn(TURNS)
        reaper.fail_at(None)
        name = reaper.fake.calls[at]
        assert user_state(reaper) == before, name
        assert is_in_front(reaper), name
        assert list(reaper.fake.questions.values()) == [], name
        if name not in ("PreventUIRefresh", "Undo_EndBlock2"):  # which only they themselves could make good
            reaper.fake.check_balance()
