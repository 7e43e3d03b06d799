"""How a daemon is asked to measure itself: what it answers, what it refuses, and that no question names a file."""

import json
import stat
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.test_gauging import Program
from vocalmidi.app.gauge_door import FOLDER, answer_next, answering, ask, question_of
from vocalmidi.app.gauging import Question
from vocalmidi.errors import GaugeError

ID = "0123456789abcdef0123456789abcdef"


def asked(**changes) -> bytes:
    return json.dumps({"version": 1, "seconds": 1.0, "trace": False} | changes).encode()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FOLDER).mkdir()
    return tmp_path / FOLDER


def test_a_daemon_that_is_asked_answers_and_leaves_nothing_behind(tmp_path):
    with Program() as program, answering(tmp_path, program.measurable()):
        found = ask(tmp_path, Question(1.0, traced=True))
    assert found.report.measured == "daemon"
    assert any(row.stage == "block" for row in found.report.stages)
    assert any(event["ph"] == "X" for event in json.loads(found.trace)["traceEvents"])
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folder by other means than a mode")
def test_the_folder_and_what_is_in_it_are_its_users_alone(tmp_path, folder):
    (folder / f"{ID}.ask").write_bytes(asked(trace=True))
    with answering(tmp_path, Program().measurable()):
        until = time.monotonic() + 20
        while not (folder / f"{ID}.answer").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {".answer": 0o600, ".trace": 0o600}


def test_what_can_not_be_measured_is_answered_with_why(tmp_path):
    with answering(tmp_path, Program().measurable()), pytest.raises(GaugeError, match="choose 1 to 600"):
        ask(tmp_path, Question(1e9))


def test_where_no_daemon_takes_the_question_that_is_said_and_it_is_taken_back(tmp_path):
    now = iter(range(1000))
    with pytest.raises(GaugeError, match="does not answer"):
        ask(tmp_path, Question(60.0), clock=lambda: float(next(now)), sleep=lambda _: None)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_daemon_that_took_the_question_and_died_is_not_waited_for_in_vain(tmp_path):
    clock = iter(range(1000))

    def take(_seconds):
        for path in (tmp_path / FOLDER).glob("*.ask"):
            path.unlink()

    with pytest.raises(GaugeError, match="does not answer"):
        ask(tmp_path, Question(60.0), clock=lambda: float(next(clock)), sleep=take)
    assert 60 < next(clock) < 120


def test_what_nobody_fetched_goes_at_the_next_question(folder):
    (folder / "old.answer").write_bytes(b"{}")
    (folder / "old.trace").write_bytes(b"{}")
    (folder / f"{ID}.ask").write_bytes(asked())
    assert answer_next(folder, Program().measurable(), threading.Event())
    assert [path.name for path in folder.iterdir()] == [f"{ID}.answer"]
    assert not answer_next(folder, Program().measurable(), threading.Event())


@pytest.mark.parametrize("name", ["..", "a", f"{ID}0", ID.upper(), "x" * 32])
def test_a_question_of_another_name_is_taken_away_and_writes_nothing(folder, name):
    (folder / f"{name}.ask").write_bytes(asked())
    with pytest.raises(GaugeError, match="32 hexadecimal"):
        answer_next(folder, Program().measurable(), threading.Event())
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "secret").write_bytes(asked())
    (folder / f"{ID}.ask").symlink_to(tmp_path / "secret")
    assert answer_next(folder, Program().measurable(), threading.Event())
    assert "error" in json.loads((folder / f"{ID}.answer").read_bytes())
    assert (tmp_path / "secret").exists()


NO_QUESTIONS = st.recursive(st.none() | st.text() | st.integers(), st.lists)


@given(st.binary(max_size=200) | NO_QUESTIONS.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_question_holds_it_is_one_or_is_refused(content):
    try:
        question = question_of(content)
    except GaugeError:
        return
    assert 1.0 <= question.seconds <= 600.0


WRONG_FIELDS = (
    {"version": 2},
    {"seconds": True},
    {"seconds": "60"},
    {"seconds": 1e300},
    {"seconds": None},
    {"trace": "no"},
    {"trace": 1},
)


@pytest.mark.parametrize("changes", WRONG_FIELDS)
def test_a_question_with_a_wrong_field_is_refused(changes):
    assert question_of(asked()) == Question(1.0)
    with pytest.raises(GaugeError):
        question_of(asked(**changes))


def test_a_folder_called_like_a_question_is_in_nobodys_way(folder):
    (folder / f"{'0' * 32}.ask").mkdir()
    (folder / f"{ID}.ask").write_bytes(asked())
    assert answer_next(folder, Program().measurable(), threading.Event())
    assert "report" in json.loads((folder / f"{ID}.answer").read_bytes())
    assert not answer_next(folder, Program().measurable(), threading.Event())


def test_a_question_that_has_no_end_is_cut_off(folder):
    (folder / f"{ID}.ask").write_bytes(asked() + b" " * 10_000_000)
    assert answer_next(folder, Program().measurable(), threading.Event())
    answer = json.loads((folder / f"{ID}.answer").read_bytes())
    assert "report" in answer or "error" in answer


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"version": 1}', b'{"version": 1, "report": {}}', b"\xff"])
def test_an_answer_that_is_no_report_is_refused_in_words(tmp_path, answer):
    def reply(_seconds):
        for path in (tmp_path / FOLDER).glob("*.ask"):
            path.with_suffix(".answer").write_bytes(answer)
            path.unlink()

    with pytest.raises(GaugeError):
        ask(tmp_path, Question(1.0), sleep=reply)
    assert list((tmp_path / FOLDER).iterdir()) == []
