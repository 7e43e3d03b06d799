"""Several projects open at once: what was asked for in one goes there, whatever is in front when it comes."""

from dataclasses import replace

import pytest

from reaper.in_memory import InMemoryReaper
from reaper.music import small_request
from reaper.test_bridge_insert import as_user
from vocalmidi.reaper import ReceiptStatus

SECOND_ID = "abcdef-02"


def ask(reaper, spool):
    """Give the command to write in the project in front; return it as it arrives at the daemon."""
    spool.beat()
    reaper.action("Write what I just sang")
    reaper.turn(2)
    return spool.take_commands()[-1]


def counts(reaper):
    return [sum(len(track["items"]) for track in project.tracks.values()) for project in reaper.fake.projects.values()]


def answer(spool, request):
    spool.post(request)
    return spool.receipt(request.request_id, 2.0)


def test_a_tab_that_came_in_front_meanwhile_gets_nothing(reaper):
    spool = reaper.spool()
    command = ask(reaper, spool)
    as_user(reaper, "fake.open('other.rpp')")
    receipt = answer(spool, small_request())
    assert receipt.status is ReceiptStatus.OK
    assert counts(reaper) == [4, 0]
    assert len(reaper.undo_titles()) == 1
    spool.answer(command, ReceiptStatus.OK, receipt.message)
    reaper.turn(4)
    assert answer(spool, small_request(SECOND_ID)).status is ReceiptStatus.OK
    assert counts(reaper) == [4, 4]


def test_the_cursor_that_counts_is_that_of_the_project_it_was_asked_for_in(reaper):
    spool = reaper.spool()
    as_user(reaper, "project.cursor_s = 3.0")
    ask(reaper, spool)
    as_user(reaper, "fake.open('other.rpp').cursor_s = 9.0")
    answer(spool, small_request(place_qn=None))
    assert reaper.items("Bass")[0].start_s == pytest.approx(3.0)


def test_a_project_that_was_closed_meanwhile_refuses_in_words(reaper):
    spool = reaper.spool()
    as_user(reaper, "fake.open('other.rpp')")
    ask(reaper, spool)
    as_user(reaper, "fake.close(fake.current)")
    receipt = answer(spool, small_request())
    assert (receipt.status, receipt.message) == (
        ReceiptStatus.REFUSED,
        "the project in which it was asked for was closed",
    )
    assert counts(reaper) == [0]
    assert reaper.undo_titles() == []


def test_two_that_were_asked_for_in_two_tabs_go_each_into_its_own(reaper):
    spool = reaper.spool()
    first = ask(reaper, spool)
    as_user(reaper, "fake.open('other.rpp')")
    second = ask(reaper, spool)
    for command, name in ((first, "abcdef-01"), (second, SECOND_ID)):
        receipt = answer(spool, small_request(name))
        spool.answer(command, receipt.status, receipt.message)
        reaper.turn(4)
    assert counts(reaper) == [4, 4]
    assert len(reaper.fake.console) == 2


def test_an_older_reaper_that_makes_tracks_only_in_front_says_so(tmp_path):
    reaper = InMemoryReaper(tmp_path, removed=["InsertTrackInProject"])
    reaper.start()
    spool = reaper.spool()
    ask(reaper, spool)
    as_user(reaper, "fake.open('other.rpp')")
    receipt = answer(spool, replace(small_request(), place_qn=4.0))
    assert receipt.status is ReceiptStatus.FAILED
    assert "only in the project in front" in receipt.message
    assert counts(reaper) == [0, 0]
    reaper.check()
