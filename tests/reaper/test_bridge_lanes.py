"""Fixed lanes: passes of a loop in lanes of their own, and new notes beside an item that was edited by hand."""

from dataclasses import replace

import pytest

from reaper.changing import aside_request, lanes_request, rebuild_request
from reaper.music import SOURCE, passes_request, small_request, sung_request
from reaper.test_bridge_insert import as_user, insert
from reaper.test_bridge_life import wished
from reaper.test_bridge_remake import HANDS, REMEMBERED, ROLL, deselect, edit, pitches, remade, states, transpose
from reaper.test_bridge_strength import quantise, select
from vocalmidi.reaper import ReceiptStatus, encode
from vocalmidi.values import PartName

TRACK = {"Melody": 1, "Chords": 2, "Bass": 3, "Drums": 4}


def lanes(reaper, name):
    return [item.lane or 0 for item in reaper.items(name)]


def plays(reaper, name):
    """Return the lanes of a track that play."""
    track = reaper.project.tracks[TRACK[name]]
    api = reaper.fake.api
    count = int(api.GetMediaTrackInfo_Value(track, "I_NUMFIXEDLANES"))
    return [lane for lane in range(count) if api.GetMediaTrackInfo_Value(track, f"C_LANEPLAYS:{lane}")]


def old_reaper(reaper, version="6.83/linux64"):
    reaper.fake.version = version
    reaper.lua.eval("function(fake) fake.api.GetAppVersion = function() return fake.version end end")(reaper.fake)


def pitches_of(reaper, item):
    return [note.pitch for note in reaper.fake.notes_of_take(item.take).values()]


def beside(reaper, *names, **options):
    guids = tuple(reaper.items(name.title())[0].guid for name in names)
    return aside_request(*names, guids=guids, **options)


def test_each_pass_is_an_item_in_a_silent_lane_and_what_they_agree_on_plays(reaper):
    receipt = insert(reaper, lanes_request())
    assert receipt.status is ReceiptStatus.OK
    assert len(receipt.item_guids) == 4
    front, first, second = reaper.items("Melody")
    assert (lanes(reaper, "Melody"), plays(reaper, "Melody")) == ([0, 1, 2], [0])
    assert [len(item.takes) for item in (front, first, second)] == [1, 1, 1]
    assert [pitches_of(reaper, item) for item in (first, second)] == [[62, 65], [74, 77, 81]]
    names = [reaper.project.tracks[1].strings[f"P_LANENAME:{lane}"] for lane in range(3)]
    assert names == [None, "Melody, pass 1", "Melody, pass 2"]
    assert [plays(reaper, name) for name in ("Chords", "Bass", "Drums")] == [[0], [0], [0]]
    assert len(reaper.undo_titles()) == 1
    reaper.fake.undo(reaper.project)
    assert reaper.item_count() == 0


def test_sung_again_at_the_same_place_the_passes_get_lanes_below_and_elsewhere_the_same(reaper):
    insert(reaper, lanes_request())
    insert(reaper, replace(lanes_request(), request_id="abcdef-01", place_qn=32.0))
    assert lanes(reaper, "Melody") == [0, 1, 2, 0, 1, 2]
    insert(reaper, replace(lanes_request(), request_id="abcdef-02"))
    assert lanes(reaper, "Melody")[6:] == [0, 3, 4]
    assert plays(reaper, "Melody") == [0]


def test_asked_for_twice_the_passes_are_there_once(reaper):
    insert(reaper, lanes_request())
    again = insert(reaper, lanes_request())
    assert (again.message, len(again.item_guids)) == ("already inserted", 4)
    assert len(reaper.items("Melody")) == 3


def test_an_older_reaper_gets_takes_and_says_so(reaper):
    old_reaper(reaper)
    receipt = insert(reaper, lanes_request())
    assert "so the passes are takes" in receipt.message
    (item,) = reaper.items("Melody")
    assert len(item.takes) == 3
    assert reaper.project.tracks[1].free_mode is None


def test_a_track_whose_items_the_user_places_freely_stays_so(reaper):
    as_user(reaper, "api.InsertTrackInProject(project, 0, 0) project.tracks[1].strings.P_NAME = 'Melody'")
    as_user(reaper, "project.tracks[1].free_mode = 1")
    assert "so the passes are takes" in insert(reaper, lanes_request()).message
    assert reaper.project.tracks[1].free_mode == 1
    assert len(reaper.items("Melody")[0].takes) == 3


def test_what_is_written_to_a_track_with_lanes_is_heard(reaper):
    insert(reaper, lanes_request())
    as_user(reaper, "api.SetMediaTrackInfo_Value(project.tracks[1], 'C_LANEPLAYS:2', 1)")
    insert(reaper, small_request("abcdef-01", 64.0))
    assert lanes(reaper, "Melody")[-1] == 2


def test_a_pass_that_the_user_lets_play_is_the_melody_then_and_stays(reaper):
    insert(reaper, replace(lanes_request(), sources=(SOURCE,)))
    assert states(remade(reaper, ROLL, "Drums"))["melody"] == "as_written"
    as_user(reaper, "api.SetMediaTrackInfo_Value(project.tracks[1], 'C_LANEPLAYS:2', 1)")
    melody = remade(reaper, ROLL, "Drums").items[0]
    assert melody.state.value == "edited"
    assert [note.pitch_midi for note in melody.part.notes] == [74, 77, 81]


def test_the_strength_of_a_pass_in_its_lane_changes_too(reaper):
    insert(reaper, lanes_request())
    deselect(reaper)
    reaper.items("Melody")[2].selected = True
    quantise(reaper, 0)
    starts = [note.start for note in reaper.fake.notes_of_take(reaper.items("Melody")[2].take).values()]
    assert starts[1] == pytest.approx(1.08 * 960, abs=1.5)


@pytest.mark.parametrize("call", ["SetMediaTrackInfo_Value", "UpdateTimeline", "SetMediaItemInfo_Value"])
def test_a_failure_among_lanes_leaves_nothing(reaper, call):
    before = reaper.state()
    reaper.fail_at(lambda name, _: name == call)
    assert insert(reaper, lanes_request()).status is ReceiptStatus.FAILED
    reaper.fail_at(None)
    assert reaper.state() == before


def test_new_notes_lie_in_a_silent_lane_beside_the_edited_item(reaper):
    insert(reaper, REMEMBERED)
    transpose(reaper, "Bass", 38)
    edited, before = reaper.fake.item_state(reaper.items("Bass")[0]), reaper.state()
    receipt = insert(reaper, beside(reaper, PartName.BASS))
    assert receipt.message == "rewrote Bass; Bass was edited by hand and stays, the new one is in a lane beside it"
    assert reaper.fake.item_state(reaper.items("Bass")[0]) == edited
    new = reaper.items("Bass")[1]
    assert (pitches_of(reaper, new), lanes(reaper, "Bass"), plays(reaper, "Bass")) == ([50], [0, 1], [0])
    assert receipt.item_guids == (new.guid,)
    assert insert(reaper, beside(reaper, PartName.BASS)).message == "already inserted"
    assert len(reaper.undo_titles()) == 2
    # What plays is the part; the one beside it is it where it is selected.
    assert states(remade(reaper, ROLL, "Drums"))["bass"] == "edited"
    deselect(reaper)
    new.selected = True
    items = wished(reaper, ROLL).remake.items
    assert [(item.guid, item.state.value) for item in items if item.part.name is PartName.BASS] == [(new.guid, "write")]
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


def test_where_there_are_no_lanes_it_is_a_take_behind_the_edited_one(reaper):
    old_reaper(reaper)
    insert(reaper, REMEMBERED)
    transpose(reaper, "Bass", 38)
    before, played = reaper.state(), pitches(reaper, "Bass")
    receipt = insert(reaper, beside(reaper, PartName.BASS))
    assert "the new one is in a take beside it" in receipt.message
    (item,) = reaper.items("Bass")
    assert [take.strings.P_NAME for take in item.takes.values()] == ["Bass", "Bass, new"]
    assert pitches(reaper, "Bass") == played
    assert [note.pitch for note in reaper.fake.notes_of_take(item.takes[2]).values()] == [50]
    assert insert(reaper, beside(reaper, PartName.BASS)).message == "already inserted"
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


def test_a_take_beside_a_moved_and_trimmed_item_has_its_notes_where_they_belong(reaper):
    old_reaper(reaper)
    insert(reaper, REMEMBERED)
    as_user(reaper, "local item = project.tracks[4].items[1] fake.move(item, 1) item.end_s = item.start_s + 1")
    assert insert(reaper, beside(reaper, PartName.DRUMS)).status is ReceiptStatus.OK
    (item,) = reaper.items("Drums")
    # The drums hit every eighth; the item lasts from the second quarter note to the fourth.
    starts = [note.start for note in reaper.fake.notes_of_take(item.takes[2]).values()]
    assert starts == [0, 480, 960, 1440]


@pytest.mark.parametrize("lane", [0, 1])
def test_what_was_heard_is_heard_wherever_reaper_puts_it_when_its_track_gets_lanes(reaper, lane):
    insert(reaper, REMEMBERED)
    insert(reaper, replace(REMEMBERED, request_id="abcdef-77", place_qn=18.0))
    transpose(reaper, "Bass", 38)
    before = reaper.state()
    reaper.lua.eval(SPREADING)(reaper.fake, lane)
    assert insert(reaper, beside(reaper, PartName.BASS)).status is ReceiptStatus.OK
    assert lanes(reaper, "Bass") == [0, lane, lane + 1]
    assert plays(reaper, "Bass") == list(range(lane + 1))
    reaper.fake.undo(reaper.project)
    assert reaper.state() == before


SPREADING = """
function(fake, lane)
  local set = fake.api.SetMediaTrackInfo_Value
  function fake.api.SetMediaTrackInfo_Value(track, name, value)
    local ok = set(track, name, value)
    if name == "I_FREEMODE" and value == 2 then
      track.items[2].lane, track.plays = lane, { [0] = 0 }
    end
    return ok
  end
end
"""


def test_a_locked_item_gets_nothing_beside_it(reaper):
    insert(reaper, REMEMBERED)
    as_user(reaper, "project.tracks[3].items[1].lock = 1")
    before = reaper.state()
    assert insert(reaper, beside(reaper, PartName.BASS)).message == "Bass is locked, so nothing was changed"
    assert reaper.state() == before


@pytest.mark.parametrize("version", ["7.78/x", "6.83/x"])
def test_a_failure_at_any_call_beside_leaves_every_item_as_it_was(reaper, version):
    old_reaper(reaper, version)
    insert(reaper, REMEMBERED)
    transpose(reaper, "Bass", 38)
    before = reaper.state()
    first = reaper.fake.call_count
    insert(reaper, beside(reaper, PartName.BASS))
    calls = [name for _, name in reaper.call_names(first)]
    inside = calls[calls.index("Undo_BeginBlock2") + 1 : calls.index("Undo_EndBlock2")]
    reaper.fake.undo(reaper.project)
    assert len(inside) > 25
    for number in range(len(inside)):
        fail_inside(reaper, number)
        receipt = insert(reaper, beside(reaper, PartName.BASS, request_id=f"abcdef-{number:04}"))
        reaper.fail_at(None)
        assert receipt.status is ReceiptStatus.FAILED, (number, inside[number])
        assert reaper.state() == before, (number, inside[number])
    assert len(reaper.undo_titles()) == 1


def fail_inside(reaper, number):
    """Let one call of the next undo block fail, counted from its beginning."""
    counted = []

    def hits(name, _):
        if name == "Undo_BeginBlock2" or counted:
            counted.append(name)
        return len(counted) == number + 2

    reaper.fail_at(hits)


def test_rebuilt_it_is_byte_for_byte_as_it_was_in_its_place(reaper):
    insert(reaper, REMEMBERED)
    before = {name: reaper.fake.midi_text(reaper.items(name)[0].take) for name in TRACK}
    guids = tuple(reaper.items(name)[0].guid for name in ("Melody", "Drums"))
    receipt = insert(reaper, rebuild_request(PartName.MELODY, PartName.DRUMS, guids=guids))
    assert receipt.message == "rebuilt Melody, Drums; Melody is as it was written; Drums is as it was written"
    assert {name: reaper.fake.midi_text(reaper.items(name)[0].take) for name in TRACK} == before
    assert reaper.undo_titles()[-1] == "Vocal MIDI: rebuild Melody, Drums"


def test_rebuilt_it_has_the_strength_it_was_written_with(reaper):
    first = replace(sung_request(0.5), sources=(SOURCE,))
    insert(reaper, first)
    before = reaper.fake.midi_text(reaper.items("Melody")[0].take)
    select(reaper, "Melody")
    quantise(reaper, 0)
    assert reaper.fake.midi_text(reaper.items("Melody")[0].take) != before
    request = rebuild_request(PartName.MELODY, guids=(reaper.items("Melody")[0].guid,))
    part = first.arrangement.parts[0]
    request = replace(request, strength=0.5, arrangement=replace(request.arrangement, parts=(part,)))
    assert insert(reaper, request).message == "rebuilt Melody"
    assert reaper.fake.midi_text(reaper.items("Melody")[0].take) == before


def test_rebuilt_otherwise_than_written_is_said(reaper):
    insert(reaper, REMEMBERED)
    request = rebuild_request(PartName.BASS, guids=(reaper.items("Bass")[0].guid,))
    (part,) = request.arrangement.parts
    other = replace(part, notes=(replace(part.notes[0], pitch_midi=40),))
    receipt = insert(reaper, replace(request, arrangement=replace(request.arrangement, parts=(other,))))
    assert receipt.message == "rebuilt Bass; Bass is not note for note what was written then"


def test_an_item_that_a_pass_made_longer_is_rebuilt_as_long(reaper):
    longer = passes_request()
    ringing = replace(
        longer.passes[1], notes=(*longer.passes[1].notes[:2], replace(longer.passes[1].notes[2], length_qn=9.0))
    )
    insert(reaper, replace(longer, passes=(longer.passes[0], ringing), sources=(SOURCE,)))
    item = reaper.items("Melody")[0]
    end_s, before = item.end_s, reaper.fake.midi_text(item.take)
    assert end_s - item.start_s > 4.0
    request = rebuild_request(PartName.MELODY, guids=(item.guid,))
    request = replace(
        request, strength=1.0, arrangement=replace(request.arrangement, parts=longer.arrangement.parts[:1])
    )
    assert insert(reaper, request).status is ReceiptStatus.OK
    assert (reaper.items("Melody")[0].end_s, reaper.fake.midi_text(reaper.items("Melody")[0].take)) == (end_s, before)


def test_an_edited_item_is_rebuilt_beside_itself(reaper):
    insert(reaper, REMEMBERED)
    written = reaper.fake.midi_text(reaper.items("Bass")[0].take)
    edit(
        reaper,
        "Bass",
        HANDS["louder"],
    )
    request = rebuild_request(PartName.BASS, guids=(reaper.items("Bass")[0].guid,))
    request = replace(request, replaces=(replace(request.replaces[0], aside=True),))
    receipt = insert(reaper, request)
    assert receipt.message.endswith("in a lane beside it; Bass is as it was written")
    assert reaper.fake.midi_text(reaper.items("Bass")[1].take) == written


@pytest.mark.parametrize("request_of", [aside_request, rebuild_request])
def test_a_file_about_items_of_a_project_is_not_inserted_anywhere(reaper, tmp_path, request_of):
    path = tmp_path / "other.vocalmidi"
    path.write_bytes(encode(request_of(PartName.BASS)))
    reaper.fake.chosen_file = str(path)
    reaper.action("Insert arrangement from file")
    reaper.turn(2)
    assert "items that are in a project already" in reaper.fake.messages[1]
    assert reaper.item_count() == 0
