"""What the bridge does not accept: refused with a written reason, the file kept, the project untouched."""

import random

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import REQUEST_ID, small_request
from reaper.mutations import meet
from reaper.test_codec import REFUSALS, resealed
from vocalmidi.reaper import ReceiptStatus, decode, encode
from vocalmidi.reaper.lines import MAX_BYTES

GOOD = encode(small_request())
LOOK_TURNS = 6


@pytest.fixture
def lived_in(reaper) -> InMemoryReaper:
    """A project that already holds something, and is looked at again at the end."""
    drop(reaper, GOOD)
    assert reaper.item_count() == 4
    (reaper.root / "results" / f"{REQUEST_ID}.receipt").unlink()
    (reaper.root / "done" / f"{REQUEST_ID}.vocalmidi").unlink()
    return reaper


def drop(reaper, content, name=f"{REQUEST_ID}.vocalmidi"):
    (reaper.root / "inbox" / name).write_bytes(content)
    reaper.turn(LOOK_TURNS)


def assert_refused(reaper, content, name, state, reason):
    failed = reaper.root / "failed"
    assert (failed / name).read_bytes() == content
    assert reason in (failed / f"{name}.reason.txt").read_text()
    assert reaper.state() == state
    assert reaper.undo_titles() == ["Vocal MIDI: insert arrangement (pop)"]
    assert list((reaper.root / "inbox").iterdir()) == list((reaper.root / "processing").iterdir()) == []
    (failed / name).unlink()
    (failed / f"{name}.reason.txt").unlink()


def test_every_malformed_field_is_refused_and_kept(lived_in):
    state = lived_in.state()
    for old, new, _ in REFUSALS:
        content = resealed(GOOD, old, new)
        drop(lived_in, content)
        assert_refused(lived_in, content, f"{REQUEST_ID}.vocalmidi", state, "refused: ")
        receipt = decode((lived_in.root / "results" / f"{REQUEST_ID}.receipt").read_bytes())
        assert receipt.status is ReceiptStatus.REFUSED, (old, new)


DAMAGES = {
    "wrong magic": (resealed(GOOD, "VOCALMIDI", "VOCALMIDY"), "does not begin with 'VOCALMIDI'"),
    "wrong version": (resealed(GOOD, "VOCALMIDI 3", "VOCALMIDI 2"), "version '2' is not 3"),
    "wrong kind": (resealed(GOOD, "insert", "heartbeat"), "kind 'heartbeat' is not 'insert'"),
    "wrong count": (GOOD.replace(b"\nend 44", b"\nend 43"), "43 lines are announced, 44 are there"),
    "wrong checksum": (GOOD.replace(b"n 0.0 1.0 62 90", b"n 0.0 1.0 62 91"), "does not match"),
    "truncated": (GOOD[:-40], "cut short"),
    "trailing bytes": (GOOD + b"os.execute('rm')\n", "something follows it"),
    "a million notes announced": (resealed(GOOD, "53 3 2", "53 1000000 2"), "whole number within 0–50000"),
    "a million notes": (resealed(GOOD, "n 0.0 1.0 62 90", "n 0.0 1.0 62 90\n" * 1_000_000), "at most 8388608 are read"),
    "path-like id": (resealed(GOOD, REQUEST_ID, "../../../../etc/passwd"), "id '../../../../etc/passwd' must be"),
    "another id": (resealed(GOOD, REQUEST_ID, "f" * 32), "another request: ffff"),
    "path-like part": (resealed(GOOD, "part bass", "part ../../bass"), "the part is none of"),
    "NaN": (resealed(GOOD, "n 0.0 1.0", "n nan 1.0"), "not a number"),
    "infinite": (resealed(GOOD, "n 0.0 1.0", "n inf 1.0"), "not a number"),
    "hexadecimal": (resealed(GOOD, "n 0.0 1.0", "n 0x1p4 1.0"), "not a number"),
    "not UTF-8": (GOOD.replace(b"hummed", b"hum\xffed"), "not UTF-8"),
    "half a UTF-16 pair": (GOOD.replace(b"hummed", b"hum\xed\xa0\x80ed"), "not UTF-8"),
    "empty": (b"", "cut short"),
    "nothing but lines": (b"\n" * 100, "does not begin with"),
    "Lua code": (b"os.exit()\n" * 3, "does not begin with"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_request_is_refused_with_its_reason(lived_in, damage):
    content, reason = DAMAGES[damage]
    state = lived_in.state()
    drop(lived_in, content)
    assert_refused(lived_in, content, f"{REQUEST_ID}.vocalmidi", state, reason)


@pytest.mark.parametrize(
    "name", ["..vocalmidi", "evil; rm -rf $HOME.vocalmidi", "%2e%2e.vocalmidi", "ÄÖ%s%n.vocalmidi"]
)
def test_a_file_with_a_strange_name_is_refused_and_gets_no_receipt(lived_in, name):
    state = lived_in.state()
    drop(lived_in, GOOD, name)
    assert_refused(lived_in, GOOD, name, state, "refused: ")
    assert list((lived_in.root / "results").iterdir()) == []


def test_files_that_are_no_requests_are_left_alone(lived_in):
    drop(lived_in, GOOD, "half.vocalmidi.tmp")
    drop(lived_in, b"", "README.txt")
    assert sorted(p.name for p in (lived_in.root / "inbox").iterdir()) == ["README.txt", "half.vocalmidi.tmp"]


def test_a_file_too_large_is_refused_by_its_size_alone(lived_in):
    with (lived_in.root / "inbox" / f"{REQUEST_ID}.vocalmidi").open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    used = lived_in.lua.eval("collectgarbage('count')")
    lived_in.turn(LOOK_TURNS)
    assert lived_in.lua.eval("collectgarbage('count')") - used < MAX_BYTES / 1024
    assert "at most 8388608 are read" in (lived_in.root / "failed" / f"{REQUEST_ID}.vocalmidi.reason.txt").read_text()


def test_a_bad_request_does_not_hold_up_the_good_one_behind_it(lived_in):
    good_id = "ffffffff-1111"
    (lived_in.root / "inbox" / "00000000.vocalmidi").write_bytes(b"nonsense")
    drop(lived_in, resealed(GOOD, REQUEST_ID, good_id), f"{good_id}.vocalmidi")
    assert lived_in.item_count() == 8


def test_mutated_requests_never_get_out_of_hand(reaper):
    """What Python refuses, Lua refuses; what Python accepts, Lua inserts; nothing else ever happens."""
    met = meet(reaper, random.Random(20261123), 600)
    assert met.inserted > 20
    assert met.refused > 200
