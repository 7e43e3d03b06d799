"""Rewriting items that are there: a fault in any call of Reaper's changes none of them, and its end none twice."""

import shutil
from pathlib import Path

from reaper.in_memory import InMemoryReaper
from reaper.music import SOURCE, replacing_request, sung_request
from reaper.test_bridge_crashes import CLOSERS
from vocalmidi.reaper import InsertRequest, ReceiptStatus, decode, encode
from vocalmidi.values import PartName

REQUEST = "abcdef-99"
NAME = f"{REQUEST}.vocalmidi"
PARTS = (PartName.MELODY, PartName.DRUMS)


def prepared(root: Path) -> tuple[InMemoryReaper, InsertRequest]:
    """Return a Reaper with an arrangement, and a request in the inbox that rewrites two parts of it."""
    shutil.rmtree(root, ignore_errors=True)
    reaper = InMemoryReaper(root)
    reaper.project.path = "song.rpp"
    reaper.start()
    spool = reaper.spool()
    first = sung_request(0.5)
    spool.post(InsertRequest(first.request_id, 16.0, first.arrangement, strength=0.5, sources=(SOURCE,)))
    assert spool.receipt(first.request_id, 2.0).status is ReceiptStatus.OK
    guids = tuple(reaper.items(name.title())[0].guid for name in PARTS)
    request = replacing_request(*PARTS, guids=guids, request_id=REQUEST)
    (reaper.root / "inbox" / NAME).write_bytes(encode(request))
    return reaper, request


def served_calls(root: Path) -> list[tuple[int, str]]:
    reaper, _ = prepared(root)
    first = reaper.fake.call_count
    reaper.turn(6)
    calls = [(index, reaper.fake.calls[index]) for index in range(first + 1, reaper.fake.call_count + 1)]
    start = next(index for index, name in calls if name == "CountMediaItems") - 1
    stop = max(index for index, name in calls if name == "PreventUIRefresh")
    return [(index, name) for index, name in calls if start <= index <= stop]


def test_a_fault_in_any_call_leaves_every_note_as_it_was(tmp_path):
    calls = [(index, name) for index, name in served_calls(tmp_path / "dry") if name not in CLOSERS]
    assert [name for _, name in calls].count("MIDI_SetAllEvts") == len(PARTS)
    for at, name in calls:
        reaper, request = prepared(tmp_path / "host")
        before = reaper.state()
        reaper.fail_at(lambda _, index, at=at: index == at)
        reaper.turn(6)
        reaper.check()
        receipt = decode((reaper.root / "results" / f"{REQUEST}.receipt").read_bytes())
        assert receipt.status is ReceiptStatus.FAILED
        assert reaper.state() == before, (at, name)
        assert len(reaper.undo_titles()) == 1
        assert (reaper.root / "failed" / NAME).read_bytes() == encode(request)


def test_reapers_end_in_between_rewrites_them_once_when_it_is_back(tmp_path):
    for at, name in served_calls(tmp_path / "dry")[::7]:
        reaper, request = prepared(tmp_path / "host")
        saved = reaper.fake.saved(reaper.project)
        reaper.lua.eval("function(fake, at) fake.freeze = function(_, count) return count == at end end")(
            reaper.fake, at
        )
        reaper.turn(6)
        reaper.fake.freeze = None
        reaper.die(saved)
        reaper.start()
        wanted = [sorted(note.pitch_midi for note in part.notes) for part in request.arrangement.parts]
        found = [sorted(note.pitch for note in reaper.notes(part.name.title())) for part in request.arrangement.parts]
        assert found == wanted, (at, name)
        assert (reaper.root / "done" / NAME).exists()
        assert [len(reaper.items(part.title())) for part in PARTS] == [1, 1]
