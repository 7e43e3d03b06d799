"""The Reaper in memory itself: what it models, held against arithmetic and Reaper's descriptions, and how strict it is.

What a real Reaper does is not known here; docs/SPOOL.md lists what stays to be seen in one.
"""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_insert import as_user

SECTION_S = 4.0
END_MARK = bytes([0xB0, 123, 0])
messages = st.sampled_from([bytes([0xB0, 1, 64]), bytes([0xE0, 5, 70]), bytes([0xC3, 9]), b"\xf0\x7d\x01\xf7"])


@pytest.fixture(scope="module", params=["lua53", "lua54"])
def host(tmp_path_factory, request) -> InMemoryReaper:
    host = InMemoryReaper(tmp_path_factory.mktemp("reaper"), request.param)
    as_user(host, "api.InsertTrackInProject(0, 0, 0)")
    return host


@pytest.fixture
def fresh(host) -> InMemoryReaper:
    """One more empty project in front, with a track."""
    as_user(host, "fake.open('song.rpp') api.InsertTrackInProject(0, 0, 0)")
    host.project = host.fake.current
    yield host
    host.fake.close(host.project)
    host.fake.violations = host.lua.table()


def violated(host: InMemoryReaper, code: str) -> str:
    """Return what the fake says against this use of it, in an undo block."""
    run = "function(code) local reaper = reaper local ok, why = pcall(load(code)) return ok and '' or why end"
    return host.lua.eval(run)(code)


def new_take(host: InMemoryReaper, length_qn: float = 8.0) -> Any:
    as_user(host, f"fake.item = api.CreateNewMIDIItemInProj(fake.current.tracks[1], 0, {length_qn}, true)")
    return host.fake.item.take


def packed(events: list[tuple[int, int, bytes]]) -> bytes:
    return b"".join(struct.pack("<iBI", shift, flags, len(text)) + text for shift, flags, text in events)


@given(
    tempos=st.lists(st.floats(20.0, 400.0), min_size=2, max_size=5),
    glides=st.lists(st.booleans(), min_size=5, max_size=5),
    unit=st.sampled_from([4, 8]),
    at=st.floats(0.0, 24.0),
)
def test_a_tempo_map_with_ramps_is_the_area_under_its_tempo(host, tempos, glides, unit, at):
    """A ramp is even in time. The oracle adds up thin slices; its error falls with their width."""
    rows = [
        f"{{ time_s = {index * SECTION_S!r}, bpm = {bpm!r}, beats = 7, unit = {unit}, glides = {str(glide).lower()} }}"
        for index, (bpm, glide) in enumerate(zip(tempos, glides, strict=False))
    ]
    as_user(host, f"fake.set_markers(fake.projects[1], {{ {', '.join(rows)} }})")
    project = host.fake.projects[1]

    def qpm(time_s: float) -> float:
        index = min(int(time_s // SECTION_S), len(tempos) - 1)
        start, stop = tempos[index], tempos[min(index + 1, len(tempos) - 1)]
        share = (time_s - index * SECTION_S) / SECTION_S if glides[index] and index + 1 < len(tempos) else 0.0
        return (start + (stop - start) * share) * 4 / unit

    slices = 4000
    wanted = sum(qpm((number + 0.5) * at / slices) for number in range(slices)) * at / slices / 60
    found = host.fake.time_to_qn(project, at)
    assert found == pytest.approx(wanted, abs=0.02)
    assert host.fake.qn_to_time(project, found) == pytest.approx(at, abs=1e-6)


def test_items_keep_their_beats_when_the_tempo_changes(fresh):
    take = new_take(fresh)
    assert take.item.end_s == pytest.approx(4.0)
    as_user(fresh, "fake.set_markers(fake.current, { { time_s = 0, bpm = 60, beats = 4, unit = 4 } })")
    assert take.item.end_s == pytest.approx(8.0)


@given(
    gaps=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255), messages), max_size=6),
)
def test_all_events_come_back_byte_for_byte(host, gaps):
    end = 8 * 960 - sum(shift for shift, _, _ in gaps)
    written = packed([*gaps, (end, 0, END_MARK)])
    store = host.lua.eval(
        "function(fake, hex) local text = hex:gsub('..', function(two) return string.char(tonumber(two, 16)) end) "
        "fake.as_user(function() local track = fake.projects[1].tracks[1] "
        "local item = fake.api.CreateNewMIDIItemInProj(track, 0, 8, true) fake.set_markers(fake.projects[1], {}) "
        "item.start_s, item.end_s = 0, 4 fake.api.MIDI_SetAllEvts(item.take, text) fake.api.MIDI_Sort(item.take) "
        "fake.item = item end) "
        "local _, back = fake.api.MIDI_GetAllEvts(fake.item.take) "
        "return (back:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end"
    )
    assert bytes.fromhex(store(host.fake, written.hex())) == written


NOTE = "string.pack('<i4Bs4', {}, 0, string.char({}, 60, 80))"
ENDED = "string.pack('<i4Bs4', {}, 0, string.char(0xB0, 123, 0))"
BAD_MIDI = {
    "a note that never ends": ([(0, 0x90)], 7680, "never ends"),
    "an end without a note": ([(0, 0x80)], 7680, "does not sound"),
    "a key that sounds twice": ([(0, 0x90), (10, 0x90), (10, 0x80), (10, 0x80)], 7650, "while it sounds"),
    "a note of no length": ([(0, 0x90), (0, 0x80)], 7680, "no length"),
    "a source that ends before its item": ([], 100, "the source has 100 ticks"),
    "an event before the one before": ([(-1, 0x90)], 7680, "run backwards"),
}


@pytest.mark.parametrize("bad", BAD_MIDI)
def test_midi_that_reaper_would_not_keep_is_a_violation(fresh, bad):
    notes, end, reason = BAD_MIDI[bad]
    new_take(fresh)
    text = " .. ".join([*(NOTE.format(*note) for note in notes), ENDED.format(end)])
    fresh.lua.globals().fake = fresh.fake
    told = violated(
        fresh,
        "fake.as_user(function() reaper.MIDI_SetAllEvts(fake.item.take, " + text + ") "
        "reaper.MIDI_Sort(fake.item.take) end)",
    )
    assert reason in told


def test_a_listing_is_cached_until_it_is_asked_for_anew(fresh):
    names = ["one"]
    fresh.fake.options.list_files = lambda _: "\n".join(names)
    listed = fresh.fake.api.EnumerateFiles
    assert (listed("/there", 0), listed("/there", 1)) == ("one", None)
    names.append("two")
    assert listed("/there", 1) is None
    listed("/there", -1)
    assert listed("/there", 1) == "two"


def test_undo_and_redo_go_both_ways_and_a_new_point_forgets_what_could_be_redone(fresh):
    api, states = fresh.fake.api, [fresh.state()]
    for title in ("first", "second"):
        api.Undo_BeginBlock2(0)
        api.InsertTrackInProject(0, 0, 0)
        api.Undo_EndBlock2(0, title, -1)
        states.append(fresh.state())
    assert (api.Undo_CanUndo2(0), api.Undo_CanRedo2(0)) == ("second", None)
    assert api.Undo_DoUndo2(0) == 1
    assert (fresh.state(), api.Undo_CanUndo2(0), api.Undo_CanRedo2(0)) == (states[1], "first", "second")
    api.Undo_DoUndo2(0)
    api.Undo_DoRedo2(0)
    assert fresh.state() == states[1]
    api.Undo_BeginBlock2(0)
    api.InsertTrackInProject(0, 0, 0)
    api.Undo_EndBlock2(0, "third", -1)
    assert api.Undo_CanRedo2(0) is None
    assert api.Undo_DoRedo2(0) == 0


def test_undo_of_one_tab_leaves_the_other(fresh):
    api, first = fresh.fake.api, fresh.project
    second = fresh.fake.open("other.rpp")
    for project in (first, second):
        api.Undo_BeginBlock2(project)
        api.InsertTrackInProject(project, 0, 0)
        api.Undo_EndBlock2(project, "track", -1)
    api.Undo_DoUndo2(second)
    assert (len(first.tracks), len(second.tracks)) == (2, 0)
    fresh.fake.close(second)


def test_a_closed_tab_takes_its_pointers_with_it_and_one_is_always_open(fresh):
    take = new_take(fresh)
    fresh.lua.globals().fake = fresh.fake
    fresh.fake.close(fresh.project)
    assert not take.alive
    assert "argument take must be MediaItem_Take" in violated(fresh, "reaper.TakeIsMIDI(fake.item.take or 0)")
    count = len(fresh.fake.projects)
    for _ in range(count):
        fresh.fake.close(fresh.fake.current)
    assert len(fresh.fake.projects) == 1
    as_user(fresh, "api.InsertTrackInProject(0, 0, 0)")
    fresh.project = fresh.fake.current


def test_takes_and_lanes_are_kept_by_undo_and_only_one_take_is_active(fresh):
    new_take(fresh)
    as_user(
        fresh,
        "local track = fake.current.tracks[1] api.SetMediaTrackInfo_Value(track, 'I_FREEMODE', 2) "
        "api.SetMediaTrackInfo_Value(track, 'I_NUMFIXEDLANES', 3) "
        "api.SetMediaItemInfo_Value(fake.item, 'I_FIXEDLANE', 2) "
        "api.SetMediaTrackInfo_Value(track, 'C_LANEPLAYS:2', 1) api.AddTakeToMediaItem(fake.item)",
    )
    api, before = fresh.fake.api, fresh.state()
    api.Undo_BeginBlock2(0)
    api.DeleteTrack(fresh.project.tracks[1])
    api.Undo_EndBlock2(0, "gone", -1)
    api.Undo_DoUndo2(0)
    assert fresh.state() == before
    track = fresh.project.tracks[1]
    item = track["items"][1]
    assert [api.GetMediaTrackInfo_Value(track, f"C_LANEPLAYS:{lane}") for lane in range(4)] == [0, 0, 1, -1]
    assert (api.GetMediaItemInfo_Value(item, "I_FIXEDLANE"), api.CountTakes(item)) == (2, 2)
    assert [take.is_midi for take in item.takes.values()] == [True, False]
    assert api.GetActiveTake(item).is_midi


def test_a_lane_needs_a_track_with_fixed_lanes(fresh):
    new_take(fresh)
    fresh.lua.globals().fake = fresh.fake
    told = violated(fresh, "fake.as_user(function() reaper.SetMediaItemInfo_Value(fake.item, 'I_FIXEDLANE', 1) end)")
    assert "a lane on a track without fixed lanes" in told


def test_a_split_item_shows_the_rest_of_the_same_source(fresh):
    take = new_take(fresh)
    as_user(fresh, "fake.split(fake.item, 1.0)")
    left, right = fresh.project.tracks[1]["items"].values()
    api = fresh.fake.api
    assert (left.end_s, right.start_s, right.end_s) == (1.0, 1.0, 4.0)
    assert api.MIDI_GetPPQPosFromProjQN(right.take, 2.0) == api.MIDI_GetPPQPosFromProjQN(take, 2.0) == 2 * 960
    assert left.guid != right.guid


def test_a_marker_is_set_with_its_ramp_and_moves_what_comes_after(fresh):
    as_user(
        fresh,
        "api.SetTempoTimeSigMarker(0, -1, 0.0, -1, -1, 60, 3, 4, true) "
        "api.SetTempoTimeSigMarker(0, -1, 10.0, -1, -1, 120, 0, 0, false)",
    )
    api = fresh.fake.api
    assert api.TimeMap2_timeToQN(0, 10.0) == pytest.approx(15.0)
    assert api.TimeMap_GetDividedBpmAtTime(5.0) == pytest.approx(90.0)
    assert api.TimeMap2_timeToBeats(0, 12.0)[4] == 4
