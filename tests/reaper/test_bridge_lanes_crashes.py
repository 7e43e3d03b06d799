"""Lanes, takes beside edited items, joining parts: a fault in any call of Reaper leaves no trace, its end no double."""

import os
import shutil
from pathlib import Path

import pytest

from reaper.changing import aside_request, joining_request, lanes_request, rebuild_request
from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_crashes import CLOSERS
from reaper.test_bridge_insert import as_user, insert
from reaper.test_bridge_lanes import old_reaper
from reaper.test_bridge_remake import REMEMBERED, transpose
from vocalmidi.reaper import InsertRequest, ReceiptStatus, decode, encode
from vocalmidi.values import PartName

EACH = int(os.environ.get("VOCALMIDI_EACH_FAULT", "9"))
"""1 is Reaper's end after every call, and nine times the time."""
KINDS = ("passes", "beside", "take", "rebuild", "join", "own")
SERVED_TURNS = 6


def edited(reaper, *, is_old=False):
    if is_old:
        old_reaper(reaper)
    insert(reaper, REMEMBERED)
    transpose(reaper, "Bass", 38)
    return aside_request(PartName.BASS, guids=(reaper.items("Bass")[0].guid,))


def without_drums(reaper):
    insert(reaper, REMEMBERED)
    as_user(reaper, "api.DeleteTrackMediaItem(project.tracks[4], project.tracks[4].items[1])")
    guids = {part: reaper.items(part.title())[0].guid for part in (PartName.MELODY, PartName.BASS)}
    return joining_request(
        PartName.DRUMS, joins={PartName.MELODY: guids["melody"]}, replaces={PartName.BASS: guids["bass"]}
    )


def beside_his_own(reaper):
    as_user(reaper, "api.InsertTrackInProject(project, 0, 0) fake.new_item(project.tracks[1], 8.0, 12.0, true)")
    own = reaper.project.tracks[1]["items"][1].guid
    return joining_request(PartName.CHORDS, PartName.DRUMS, joins={PartName.MELODY: own})


def rebuilt(reaper):
    insert(reaper, REMEMBERED)
    return rebuild_request(
        PartName.MELODY,
        PartName.DRUMS,
        guids=(
            reaper.items("Melody")[0].guid,
            reaper.items("Drums")[0].guid,
        ),
    )


def asked(reaper: InMemoryReaper, kind: str) -> InsertRequest:
    """Return the request of a kind, for which the project is made ready."""
    match kind:
        case "passes":
            return lanes_request()
        case "beside":
            return edited(reaper)
        case "take":
            return edited(reaper, is_old=True)
        case "rebuild":
            return rebuilt(reaper)
        case "join":
            return without_drums(reaper)
        case _:
            return beside_his_own(reaper)


def prepared(root: Path, kind: str) -> tuple[InMemoryReaper, InsertRequest]:
    """Return a Reaper that has the request in its inbox."""
    shutil.rmtree(root, ignore_errors=True)
    reaper = InMemoryReaper(root)
    reaper.project.path = "song.rpp"
    reaper.start()
    request = asked(reaper, kind)
    (reaper.root / "inbox" / f"{request.request_id}.vocalmidi").write_bytes(encode(request))
    return reaper, request


def served_calls(root: Path, kind: str) -> list[tuple[int, str]]:
    """Return number and name of every call from the block's beginning to its end."""
    reaper, _ = prepared(root, kind)
    first = reaper.fake.call_count + 1
    reaper.turn(SERVED_TURNS)
    calls = reaper.call_names(first)
    names = [name for _, name in calls]
    return calls[names.index("Undo_BeginBlock2") : names.index("Undo_EndBlock2") + 1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_in_any_call_leaves_the_project_as_it_was(tmp_path, kind):
    calls = [(number, name) for number, name in served_calls(tmp_path / "dry", kind) if name not in CLOSERS]
    assert len(calls) > 20
    for number, name in calls:
        reaper, request = prepared(tmp_path / "host", kind)
        before, points = reaper.state(), len(reaper.undo_titles())
        reaper.fail_at(lambda _, index, number=number: index == number)
        reaper.turn(SERVED_TURNS)
        reaper.fail_at(None)
        reaper.check()
        receipt = decode((reaper.root / "results" / f"{request.request_id}.receipt").read_bytes())
        assert receipt.status is ReceiptStatus.FAILED, (number, name)
        assert reaper.state() == before, (number, name)
        assert len(reaper.undo_titles()) == points


@pytest.mark.parametrize("kind", KINDS)
def test_reapers_end_in_between_and_its_return_do_it_once(tmp_path, kind):
    reaper, request = prepared(tmp_path / "dry", kind)
    reaper.turn(SERVED_TURNS)
    wanted = shape(reaper)
    for number, name in served_calls(tmp_path / "dry", kind)[::EACH]:
        reaper, request = prepared(tmp_path / "host", kind)
        saved = reaper.fake.saved(reaper.project)
        reaper.stop_at(number, "after")
        assert not reaper.turn(SERVED_TURNS)
        reaper.fake.freeze = None
        reaper.die(saved)
        reaper.start()
        reaper.turn(SERVED_TURNS)
        assert shape(reaper) == wanted, (number, name)
        assert insert(reaper, request).message == "already inserted", (number, name)
        assert shape(reaper) == wanted, (number, name)
        reaper.check()


def shape(reaper: InMemoryReaper) -> list[tuple[str, int, list[str]]]:
    """Return every item's track, lane and what its takes hold."""
    return [
        (item.track.strings.P_NAME or "", item.lane or 0, [reaper.fake.midi_text(take) for take in item.takes.values()])
        for item in reaper.all_items()
    ]
