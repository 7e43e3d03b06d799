"""The commands of our actions, as the bridge tells them and Python reads them."""

import re

import pytest

from lua.signatures import SCRIPTS
from reaper.in_memory import InMemoryReaper
from reaper.test_codec import ACTIONS, GOLDEN, resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import decode, encode, install, published_actions

NAMES = sorted(path.stem.replace("Vocal MIDI_", "Vocal MIDI: ") for path in (SCRIPTS / "actions").glob("*.lua"))


def test_every_action_is_told_with_the_command_that_runs_it(reaper):
    told = published_actions(reaper.resource)
    assert [action.title for action in told] == NAMES
    assert all(re.fullmatch(r"_RS[0-9a-f]{40}", action.command) for action in told)
    for action in told:
        number = reaper.fake.api.NamedCommandLookup(action.command)
        assert reaper.fake.actions[number - 50000].path.endswith(action.title.replace(": ", "_") + ".lua")


def test_they_are_told_again_where_the_file_is_gone_and_not_each_time(reaper):
    path, count = reaper.root / "bridge.actions", len(reaper.fake.actions)
    before = path.stat().st_mtime_ns
    reaper.start()
    assert (len(reaper.fake.actions), path.stat().st_mtime_ns) == (count, before)
    path.unlink()
    reaper.start()
    assert [action.title for action in published_actions(reaper.resource)] == NAMES


def test_an_action_of_another_name_is_told_at_the_next_start(tmp_path):
    (tmp_path / "reaper.ini").touch()
    install(tmp_path)
    folder = tmp_path / "Scripts" / "Vocal MIDI"
    reaper = InMemoryReaper(tmp_path)
    reaper.run(folder / "bridge.lua")
    reaper.turn(5)
    action = folder / "actions" / "Vocal MIDI_New seed.lua"
    action.rename(action.with_name("Vocal MIDI_Other seed.lua"))
    reaper.run(folder / "bridge.lua")
    reaper.turn(5)
    titles = [action.title for action in published_actions(tmp_path)]
    assert "Vocal MIDI: Other seed" in titles
    assert "Vocal MIDI: New seed" not in titles
    reaper.check()


STEPS = ("AddRemoveReaScript", "ReverseNamedCommandLookup", "io.open", "file:write", "os.rename")


@pytest.mark.parametrize("broken", STEPS)
def test_a_step_that_fails_at_the_first_start_is_made_good_at_the_next(tmp_path, broken):
    reaper = InMemoryReaper(tmp_path)
    reaper.fake.watch_files()
    failed = []

    def second(name, number):
        failed.extend([number] if name == broken else [])
        return len(failed) == 2 and failed[1] == number

    reaper.fail_at(second)
    reaper.start()
    reaper.fail_at(None)
    assert len(failed) >= 2
    reaper.start()
    assert [action.title for action in published_actions(tmp_path)] == NAMES
    reaper.check()


def test_they_stay_when_reaper_is_closed(reaper):
    reaper.fake.end_scripts(True)
    assert [action.title for action in published_actions(reaper.resource)] == NAMES


def test_an_action_that_reaper_has_no_name_for_is_left_out(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    reaper.lua.execute("nameless = function(fake) fake.api.ReverseNamedCommandLookup = function() return nil end end")
    reaper.lua.globals().nameless(reaper.fake)
    reaper.start()
    assert published_actions(tmp_path) == ()
    reaper.check()


def test_before_any_bridge_ran_it_is_said_what_to_do(tmp_path):
    with pytest.raises(ReaperError, match="start Reaper once"):
        published_actions(tmp_path)


def test_another_file_in_its_place_is_refused(tmp_path):
    path = tmp_path / "Data" / "vocalmidi" / "bridge.actions"
    path.parent.mkdir(parents=True)
    path.write_bytes((GOLDEN / "heartbeat.txt").read_bytes())
    with pytest.raises(ReaperError, match="is no list of actions"):
        published_actions(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("actions 2", "actions 1001", "within 0–1000"),
        ("actions 2", "actions 3", "ends where 'action' should follow"),
        ("actions 2", "actions 1", "unknown field"),
        ("action _RS0123", "action RS0123", "must be an underscore"),
        ("action _RS0123", "action _RS/../x", "must be an underscore"),
        ("action _RS0123", "action _RS 0123", "with 1 values"),
        ("title Vocal", "title \x07Vocal", "one line"),
        ("title Vocal", "titel Vocal", "is not 'title'"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(old, new, reason):
    with pytest.raises(ReaperError) as refusal:
        decode(resealed(encode(ACTIONS), old, new))
    assert reason in str(refusal.value)
