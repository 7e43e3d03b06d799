"""Wishes that the daemon passes on from a controller: granted once, answered in words, and none but those known."""

import pytest

from reaper.in_memory import START_S
from reaper.music import small_request
from reaper.test_codec import resealed
from vocalmidi.errors import ReaperError
from vocalmidi.reaper import BridgeWish, ReceiptStatus, WishName, encode

ID = "0123-abcd"


def wish(reaper, name=WishName.WRITE, argument="", age_s=0.0):
    return BridgeWish(ID, name, START_S + reaper.fake.clock_s - age_s, argument)


def grant(reaper, given):
    """Leave a wish, or the bytes of one; return the bridge's answer."""
    spool = reaper.spool()
    spool.beat()
    if isinstance(given, BridgeWish):
        spool.wish(given)
    else:
        (reaper.root / "wishes" / f"{ID}.wish").write_bytes(given)
    reaper.turn(7)
    return spool.take_wish_answer(ID)


def test_a_wish_to_write_becomes_a_command_with_the_transport_of_that_moment(reaper):
    answer = grant(reaper, wish(reaper))
    assert (answer.status, answer.message) == (ReceiptStatus.OK, "")
    [command] = reaper.spool().take_commands()
    assert command.name == "write"
    reaper.turn(30)
    assert reaper.spool().take_commands() == ()


@pytest.mark.parametrize(
    ("name", "argument", "words"),
    [
        (WishName.SET_LOCK, "bass on", "no bass to lock"),
        (WishName.SET_LOCK, "", "to lock here"),
        (WishName.SEED_PART, "bass", "no part and seed"),
        (WishName.ROLL_PARTS, "flute", "Select an item"),
        (WishName.WRITE_BARS, "many", "no number of bars"),
        (WishName.WRITE_SELECTION, "", "no time selection"),
    ],
)
def test_what_can_t_be_is_refused_in_words_and_without_a_box(reaper, name, argument, words):
    answer = grant(reaper, wish(reaper, name, argument))
    assert answer.status is ReceiptStatus.REFUSED
    assert words in answer.message
    assert list(reaper.fake.messages.values()) == []


def test_a_lock_is_set_not_toggled(reaper):
    reaper.spool().post(small_request())
    reaper.turn(6)
    for word, said in (
        ("on", "1 item is locked now"),
        ("on", "locked already"),
        ("off", "unlocked"),
        ("off", "already"),
    ):
        answer = grant(reaper, wish(reaper, WishName.SET_LOCK, f"bass {word}"))
        assert answer.status is ReceiptStatus.OK
        assert said in answer.message
    assert [title for title in reaper.undo_titles() if "lock" in title] == [
        "Vocal MIDI: lock 1 items",
        "Vocal MIDI: unlock 1 items",
    ]


def test_a_wish_that_comes_too_late_is_not_granted(reaper):
    answer = grant(reaper, wish(reaper, age_s=8.0))
    assert answer.status is ReceiptStatus.REFUSED
    assert reaper.spool().take_commands() == ()


@pytest.mark.parametrize("other", ["insert_file", "quantise", "set", "no_such", "os.exit"])
def test_no_other_wish_comes_from_outside(reaper, other):
    content = resealed(encode(wish(reaper)), "name write", f"name {other}")
    assert grant(reaper, content) is None
    assert list((reaper.root / "wishes").iterdir()) == []
    assert "may come from outside" in list(reaper.fake.console.values())[-1]


@pytest.mark.parametrize("content", [b"", b"junk", b"VOCALMIDI 3 wish 0123-abcd\n"])
def test_what_is_no_wish_is_removed_and_said_once(reaper, content):
    assert grant(reaper, content) is None
    reaper.turn(30)
    assert list((reaper.root / "wishes").iterdir()) == []


def test_without_a_bridge_there_is_no_wish(reaper):
    reaper.fake.end_scripts(True)
    with pytest.raises(ReaperError, match="start Reaper"):
        reaper.spool().wish(wish(reaper))


def test_a_wish_can_be_taken_back_until_the_bridge_has_it(reaper):
    spool = reaper.spool()
    spool.wish(wish(reaper))
    assert spool.drop_wish(ID)
    assert not spool.drop_wish(ID)


def test_a_wish_is_checked_when_made(reaper):
    with pytest.raises(ValueError, match="characters of a wish"):
        wish(reaper, argument="x" * 81)
