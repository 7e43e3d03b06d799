"""What a request makes of a project: the right notes at the right place, on the right tracks, once, and undoable."""

from dataclasses import replace

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import small_arrangement, small_request
from vocalmidi.reaper import ReceiptStatus
from vocalmidi.units import qn_to_seconds
from vocalmidi.values import BendPointQn, Note, Part, PartName

OTHER_ID = "ffffffff-0000-4000-8000-000000000001"
NAMES = ["Melody", "Chords", "Bass", "Drums"]
TICK_QN = 1 / 960


def insert(reaper, request):
    spool = reaper.spool()
    spool.post(request)
    return spool.receipt(request.request_id, 2.0)


def with_melody(request, *notes):
    part = Part(PartName.MELODY, 0, 53, notes)
    return replace(request, arrangement=replace(request.arrangement, parts=(part,)))


def as_user(reaper, code):
    """Do something in the project as its user would, in Lua with `fake`, `project`, `track` and `item` at hand."""
    reaper.lua.eval(
        "function(fake, code) fake.as_user(function() load(code, 'user', 't', "
        "setmetatable({ fake = fake, api = fake.api, project = fake.projects[1] }, { __index = _G }))() end) end"
    )(reaper.fake, code)


def add_track(reaper, name):
    as_user(
        reaper,
        f"api.InsertTrackInProject(0, #project.tracks, 0) project.tracks[#project.tracks].strings.P_NAME = {name!r}",
    )


def test_four_tracks_get_one_item_each_and_one_undo_point(reaper):
    receipt = insert(reaper, small_request())
    assert receipt.status is ReceiptStatus.OK
    assert reaper.track_names() == NAMES
    assert [len(reaper.items(name)) for name in NAMES] == [1, 1, 1, 1]
    assert reaper.undo_titles() == ["Vocal MIDI: insert arrangement (pop)"]
    assert list(receipt.item_guids) == [reaper.items(name)[0].guid for name in NAMES]
    assert list(receipt.track_guids) == [track.guid for track in reaper.project.tracks.values()]


@pytest.mark.parametrize("ppq", [480, 960, 1920])
def test_every_note_lies_where_the_arrangement_says_at_any_resolution(tmp_path, ppq):
    reaper = InMemoryReaper(tmp_path, ppq=ppq)
    reaper.start()
    insert(reaper, small_request(place_qn=16.0))
    for part in small_arrangement().parts:
        wanted = [(note.start_qn + 16.0, note.pitch_midi, note.velocity, part.channel) for note in part.notes]
        found = reaper.notes(part.name.title())
        assert [(n.pitch, n.velocity, n.channel) for n in found] == [w[1:] for w in wanted]
        assert [n.start_qn for n in found] == pytest.approx([w[0] for w in wanted], abs=0.51 / ppq)
    reaper.check()


def test_a_tempo_change_inside_moves_seconds_but_not_quarter_notes(reaper):
    as_user(
        reaper,
        "project.markers = { { time_s = 0, bpm = 120, beats = 4, unit = 4 }, "
        "{ time_s = 9, bpm = 60, beats = 3, unit = 4 } }",
    )
    insert(reaper, small_request(place_qn=16.0))
    starts = [note.start_qn for note in reaper.notes("Melody")]
    assert starts == pytest.approx([16.0, 17.0, 20.1], abs=TICK_QN)
    item = reaper.items("Melody")[0]
    # 16 QN at 120 BPM are 8 s; of the item's 8 QN the first two are at 120, the other six at 60.
    assert item.start_s == pytest.approx(qn_to_seconds(16, 120))
    assert item.end_s - item.start_s == pytest.approx(qn_to_seconds(2, 120) + qn_to_seconds(6, 60))


def test_without_a_place_it_lands_at_the_edit_cursor(reaper):
    as_user(reaper, "project.cursor_s = 3.25")
    insert(reaper, small_request(place_qn=None))
    assert reaper.notes("Bass")[0].start_qn == pytest.approx(6.5, abs=TICK_QN)


def test_note_lengths_are_kept_but_a_key_never_sounds_twice(reaper):
    insert(reaper, small_request(place_qn=0.0))
    lengths = [n.stop_qn - n.start_qn for n in reaper.notes("Melody")]
    assert lengths == pytest.approx([1.0, 1 / 3, 2.0], abs=TICK_QN)
    hits = reaper.notes("Drums")
    # Hits of 0.75 QN every 0.5 QN: each ends the one before; the last keeps its length.
    assert [n.stop_qn - n.start_qn for n in hits] == pytest.approx([0.5] * 15 + [0.75], abs=TICK_QN)


def test_a_note_shorter_than_a_tick_and_a_doubled_note_are_one_note_each(reaper):
    notes = Note(1.0, 1e-6, 60, 80), Note(2.0, 0.5, 62, 80), Note(2.0, 1.0, 62, 90)
    insert(reaper, with_melody(small_request(), *notes))
    assert [n.pitch for n in reaper.notes("Melody")] == [60, 62]
    assert reaper.notes("Melody")[1].stop_qn == pytest.approx(19.0, abs=TICK_QN)


def test_a_music_shorter_than_a_tick_is_an_item_with_its_note(tmp_path):
    reaper = InMemoryReaper(tmp_path, ppq=96)
    reaper.start()
    request = with_melody(small_request(), Note(0.0, 1e-6, 60, 80))
    receipt = insert(reaper, replace(request, arrangement=replace(request.arrangement, length_qn=0.0)))
    assert receipt.status is ReceiptStatus.OK
    assert [note.pitch for note in reaper.notes("Melody")] == [60]
    reaper.check()


def messages(reaper, name):
    rows = [row.split() for row in reaper.fake.midi_text(reaper.items(name)[0].take).splitlines() if row]
    return [(int(tick), int(flags), bytes.fromhex(octets)) for tick, flags, octets in rows]


def test_program_comes_first_and_the_item_ends_with_the_end_marker(reaper):
    insert(reaper, small_request())
    assert messages(reaper, "Bass")[0] == (0, 0, bytes([0xC2, 33]))
    assert messages(reaper, "Bass")[-1] == (8 * 960, 0, bytes([0xB0, 123, 0]))


def wheel(reaper, name="Melody"):
    """Return (tick, cents for a range of ±2 semitones) of every pitch-bend event."""
    bends = [(tick, bytes_) for tick, _, bytes_ in messages(reaper, name) if bytes_[0] & 0xF0 == 0xE0]
    return [(tick, ((b[2] << 7 | b[1]) - 8192) / 8192 * 200) for tick, b in bends]


def test_a_bend_follows_its_curve_and_returns_to_zero(reaper):
    curve = tuple(BendPointQn(at, cents) for at, cents in ((0.0, -50.0), (0.25, 0.0), (0.5, 30.0)))
    insert(reaper, with_melody(small_request(), Note(1.0, 1.0, 60, 80, curve), Note(3.0, 1.0, 62, 80)))
    assert [tick for tick, _ in wheel(reaper)] == [960, 1200, 1440, 1920]
    assert [cents for _, cents in wheel(reaper)] == pytest.approx([-50.0, 0.0, 30.0, 0.0], abs=0.02)
    # Reaper's flag 16 glides to the next event: within the curve, not out of it.
    assert [flags for _, flags, b in messages(reaper, "Melody") if b[0] == 0xE0] == [16, 16, 0, 0]


def test_a_bend_that_outlasts_its_note_does_not_bend_the_next(reaper):
    curve = BendPointQn(0.0, 100.0), BendPointQn(0.9, 150.0)
    insert(reaper, with_melody(small_request(), Note(0.0, 1.0, 60, 80, curve), Note(0.5, 1.0, 62, 80)))
    # It goes on to the next note's start, where it is on its way to its end.
    assert [tick for tick, _ in wheel(reaper)] == [0, 479, 480]
    assert [cents for _, cents in wheel(reaper)] == pytest.approx([100.0, 100.0 + 50.0 * 479 / 864, 0.0], abs=0.02)


def test_a_part_without_bends_sends_neither_wheel_nor_range(reaper):
    insert(reaper, small_request())
    kinds = {bytes_[0] & 0xF0 for _, _, bytes_ in messages(reaper, "Chords")[:-1]}
    assert kinds == {0xC0, 0x80, 0x90}


@pytest.mark.parametrize(("cents", "semitones"), [(200.0, 2), (200.1, 12), (-1300.0, 24), (12800.0, 127)])
def test_the_bend_range_is_the_smallest_that_holds_the_curve(reaper, cents, semitones):
    insert(reaper, with_melody(small_request(), Note(0.0, 1.0, 60, 80, (BendPointQn(0.0, cents),))))
    controls = [bytes_[1:] for _, _, bytes_ in messages(reaper, "Melody") if bytes_[0] == 0xB0]
    assert controls[:4] == [bytes([101, 0]), bytes([100, 0]), bytes([6, semitones]), bytes([38, 0])]


def test_the_item_tells_where_it_comes_from(reaper):
    insert(reaper, small_request())
    note = reaper.items("Melody")[0].strings.P_NOTES
    assert "pop, seed 7" in note
    assert "Vocal MIDI, from a hummed “lá”" in note


def test_the_next_request_uses_the_same_tracks_even_renamed_and_moved(reaper):
    insert(reaper, small_request())
    as_user(
        reaper,
        "project.tracks[1].strings.P_NAME = 'Lead' table.insert(project.tracks, table.remove(project.tracks, 1))",
    )
    insert(reaper, small_request(OTHER_ID, 32.0))
    assert reaper.track_names() == ["Chords", "Bass", "Drums", "Lead"]
    assert len(reaper.items("Lead")) == 2


def test_a_track_with_our_mark_is_found_when_its_guid_is_another(reaper):
    insert(reaper, small_request())
    as_user(reaper, "project.ext = {} project.tracks[1].strings.P_NAME = 'Lead'")
    insert(reaper, small_request(OTHER_ID, 32.0))
    assert len(reaper.items("Lead")) == 2


def test_a_track_the_user_prepared_by_name_is_used(reaper):
    add_track(reaper, "Bass")
    insert(reaper, small_request())
    assert reaper.track_names() == ["Bass", "Melody", "Chords", "Drums"]
    assert len(reaper.items("Bass")) == 1


def test_a_track_of_that_name_with_recorded_audio_stays_the_users(reaper):
    add_track(reaper, "Bass")
    as_user(reaper, "fake.new_item(project.tracks[1], 0, 10, false)")
    insert(reaper, small_request())
    assert reaper.track_names() == ["Bass", "Melody", "Chords", "Bass", "Drums"]
    assert len(reaper.project.tracks[1]["items"]) == 1


def test_a_track_that_another_part_marked_is_not_taken_by_name(reaper):
    insert(reaper, small_request())
    as_user(reaper, "project.ext = {} project.tracks[1].strings.P_NAME = 'Bass' api.DeleteTrack(project.tracks[3])")
    insert(reaper, small_request(OTHER_ID, 32.0))
    assert reaper.track_names() == ["Bass", "Chords", "Drums", "Bass"]


def test_undo_takes_everything_back_and_the_request_can_come_again(reaper):
    before = reaper.state()
    insert(reaper, small_request())
    reaper.fake.undo(reaper.project)
    assert reaper.item_count() == 0
    assert reaper.state() == before
    assert insert(reaper, small_request()).message.startswith("inserted 4 items")


def test_the_same_request_is_inserted_once(reaper):
    first = insert(reaper, small_request())
    state = reaper.state()
    again = insert(reaper, small_request())
    assert again.status is ReceiptStatus.OK
    assert again.message == "already inserted"
    assert again.item_guids == first.item_guids
    assert reaper.state() == state
    assert len(reaper.undo_titles()) == 1


def test_a_request_in_another_tab_is_not_inserted_again(reaper):
    insert(reaper, small_request())
    as_user(reaper, "fake.current = fake.add_project('other.rpp')")
    assert insert(reaper, small_request()).message == "already inserted"
    assert len(reaper.fake.current.tracks) == 0


def test_the_open_tab_gets_the_items(reaper):
    as_user(reaper, "fake.current = fake.add_project('other.rpp')")
    insert(reaper, small_request())
    assert len(reaper.fake.current.tracks) == 4
    assert reaper.item_count() == 0


def test_a_part_without_notes_makes_no_track(reaper):
    request = with_melody(small_request(), Note(0.0, 1.0, 60, 80))
    silent = Part(PartName.BASS, 2, 33, ())
    request = replace(request, arrangement=replace(request.arrangement, parts=(*request.arrangement.parts, silent)))
    insert(reaper, request)
    assert reaper.track_names() == ["Melody"]


def test_an_arrangement_of_silence_is_refused_and_leaves_no_undo_point(reaper):
    receipt = insert(reaper, replace(small_request(), arrangement=replace(small_arrangement(), parts=())))
    assert receipt.status is ReceiptStatus.REFUSED
    assert "nothing to insert" in receipt.message
    assert reaper.undo_titles() == []


def test_a_reaper_without_the_newer_functions_will_do(tmp_path):
    reaper = InMemoryReaper(tmp_path, removed=["InsertTrackInProject", "set_action_options"])
    reaper.action("Start bridge")
    reaper.turn(70)
    assert insert(reaper, small_request()).status is ReceiptStatus.OK
    assert reaper.track_names() == NAMES
    reaper.check()


def test_a_reaper_too_old_is_told_so_and_nothing_runs(tmp_path):
    reaper = InMemoryReaper(tmp_path, removed=["MIDI_SetAllEvts"])
    reaper.start()
    assert list(reaper.fake.console.values()) == ["Vocal MIDI needs a newer Reaper: this one has no MIDI_SetAllEvts.\n"]
    assert not (reaper.root / "bridge.heartbeat").exists()
    reaper.check()


def test_fifty_thousand_notes_are_written(tmp_path):
    reaper = InMemoryReaper(tmp_path)
    reaper.start()
    notes = tuple(Note(index * 0.0625, 0.05, 60 + index % 12, 80) for index in range(50_000))
    receipt = insert(reaper, with_melody(small_request(), *notes))
    assert receipt.status is ReceiptStatus.OK
    assert len(reaper.notes("Melody")) == 50_000
    reaper.check()
