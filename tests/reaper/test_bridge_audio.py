"""The sound of what was sung, under its notes: in the project's own folder, in the same undo point, once."""

from dataclasses import replace

import pytest

from reaper.music import small_request
from reaper.test_bridge_insert import as_user
from vocalmidi.reaper import AudioTake, ReceiptStatus, encode

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
SOUND = AudioTake(-0.5, 8.5, 4.25)
"""Half a quarter note before its notes; at 120 QN a minute it is as long as it lasts."""


def request(audio=SOUND, **changes):
    return replace(small_request(), audio=audio, **changes)


def insert(reaper, wanted, wav=WAV):
    spool = reaper.spool()
    spool.post(wanted, wav)
    return spool.receipt(wanted.request_id, 2.0)


def sound(reaper):
    (item,) = reaper.items("Voice")
    return item


def test_the_sound_lies_under_its_notes_in_the_same_undo_point(reaper):
    receipt = insert(reaper, request())
    assert receipt.status is ReceiptStatus.OK
    assert len(receipt.item_guids) == 5
    item = sound(reaper)
    assert (item.start_s, item.end_s) == pytest.approx((7.75, 12.0))
    assert item.take.play_rate == 1.0
    assert item.take.strings.P_NAME == "Voice"
    assert reaper.track_names() == ["Melody", "Chords", "Bass", "Drums", "Voice"]
    assert len(reaper.undo_titles()) == 1
    reaper.fake.undo(reaper.project)
    assert reaper.item_count() == 0


def test_the_file_is_moved_into_the_projects_media_folder_under_the_requests_id(reaper, tmp_path):
    reaper.project.media = str(tmp_path / "song" / "Media")
    insert(reaper, request())
    (path,) = (tmp_path / "song" / "Media").iterdir()
    assert path.name == f"vocalmidi-{request().request_id}.wav"
    assert path.read_bytes() == WAV
    assert sound(reaper).take.source == str(path)
    assert list((reaper.root / "audio").iterdir()) == []


def test_a_project_at_another_tempo_plays_the_sound_faster(reaper):
    as_user(reaper, "project.markers = { { time_s = 0, bpm = 150, beats = 4, unit = 4 } }")
    insert(reaper, request())
    item = sound(reaper)
    # 8.5 QN at 150 last 3.4 s; the sound has 4.25.
    assert item.end_s - item.start_s == pytest.approx(3.4)
    assert item.take.play_rate == pytest.approx(1.25)


def test_through_a_change_of_tempo_both_ends_lie_where_they_were_sung(reaper):
    as_user(
        reaper,
        "project.markers = { { time_s = 0, bpm = 120, beats = 4, unit = 4 }, "
        "{ time_s = 10, bpm = 60, beats = 4, unit = 4 } }",
    )
    # From QN 15.5 at 7.75 s to QN 24, four quarter notes of a second each after 10 s: 6.25 s sung to the click.
    insert(reaper, request(AudioTake(-0.5, 8.5, 6.25)))
    item = sound(reaper)
    assert (item.start_s, item.end_s, item.take.play_rate) == pytest.approx((7.75, 14.0, 1.0))


def test_asked_for_twice_it_is_there_once(reaper):
    insert(reaper, request())
    assert insert(reaper, request()).message == "already inserted"
    assert len(reaper.items("Voice")) == 1


def test_beside_notes_that_are_there_only_the_sound_is_inserted_and_else_both(reaper):
    before = small_request()
    insert(reaper, before, b"")
    later = request(request_id="abcdef-0001", beside=before.request_id)
    assert len(insert(reaper, later).item_guids) == 1
    assert (len(reaper.items("Voice")), len(reaper.items("Melody"))) == (1, 1)
    reaper.fake.undo(reaper.project)
    reaper.fake.undo(reaper.project)
    assert reaper.item_count() == 0
    assert len(insert(reaper, later).item_guids) == 5


def test_a_sound_that_is_none_inserts_nothing(reaper):
    before = reaper.state()
    receipt = insert(reaper, request(), b"no wave file")
    assert receipt.status is ReceiptStatus.FAILED
    assert "Reaper can't read the sound" in receipt.message
    assert reaper.state() == before


def test_a_sound_that_is_missing_inserts_nothing(reaper):
    before = reaper.state()
    spool = reaper.spool()
    spool.post(request(), WAV)
    (spool.root / "audio" / f"{request().request_id}.wav").unlink()
    receipt = spool.receipt(request().request_id, 2.0)
    assert receipt.status is ReceiptStatus.FAILED
    assert "can't be brought to" in receipt.message
    assert reaper.state() == before
    assert reaper.undo_titles() == []


@pytest.mark.parametrize(
    "call", ["AddMediaItemToTrack", "AddTakeToMediaItem", "SetMediaItemTake_Source", "UpdateArrange"]
)
def test_a_failure_anywhere_takes_everything_back_and_it_can_be_tried_again(reaper, call):
    before = reaper.state()
    reaper.fail_at(lambda name, _: name == call)
    assert insert(reaper, request()).status is ReceiptStatus.FAILED
    reaper.fail_at(None)
    assert reaper.state() == before
    assert insert(reaper, request()).status is ReceiptStatus.OK
    assert len(reaper.items("Voice")) == 1


def test_a_sound_that_a_bridge_that_died_had_brought_already_is_used(reaper):
    reaper.project.path = "song.rpp"
    saved = reaper.fake.saved(reaper.project)
    spool = reaper.spool()
    spool.post(request(), WAV)
    reaper.fake.freeze = lambda name, _, moment: name == "PCM_Source_CreateFromFile" and moment == "before"
    reaper.turn(4)
    reaper.fake.freeze = None
    reaper.die(saved)
    reaper.start()
    assert len(reaper.items("Voice")) == 1
    assert spool.receipt(request().request_id, 2.0).status is ReceiptStatus.OK


NAMED_VOICE = "api.GetSetMediaTrackInfo_String(project.tracks[1], 'P_NAME', 'Voice', true)"


@pytest.mark.parametrize(("holds_midi", "tracks"), [("nil", 1), ("false", 1), ("true", 2)])
def test_the_users_own_track_voice_is_taken_unless_it_holds_midi(reaper, holds_midi, tracks):
    as_user(
        reaper, f"api.InsertTrackInProject(0, 0, 1) {NAMED_VOICE} fake.new_item(project.tracks[1], 0, 1, {holds_midi})"
    )
    insert(reaper, request())
    assert reaper.track_names().count("Voice") == tracks


def test_a_file_with_sound_can_not_be_inserted_by_hand(reaper, tmp_path):
    path = tmp_path / "a.vocalmidi"
    path.write_bytes(encode(request()))
    reaper.fake.chosen_file = str(path)
    reaper.action("Insert arrangement from file")
    reaper.turn()
    assert "needs the sound" in reaper.fake.messages[1]
    assert reaper.item_count() == 0
