"""`vocalmidi profile --seconds …` as a user meets it, beside the group's commands for sounds of his own."""

import json
from dataclasses import fields

import pytest

from app.test_gauging import Program
from gauge.test_perfetto import faults
from vocalmidi.app import gauge_door, gauge_here
from vocalmidi.app.gauge_door import answering
from vocalmidi.app.job import demo_voice
from vocalmidi.errors import CaptureError
from vocalmidi.gauge import Report, report_of
from vocalmidi.reaper import Spool


@pytest.fixture(autouse=True)
def no_reaper(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(gauge_door, "lonely_spool", lambda: tmp_path / "state" / "spool")
    monkeypatch.setattr(gauge_door, "resource_path_if_any", lambda _: None)


def test_a_recording_is_measured_as_text_json_and_trace(vocalmidi, tmp_path):
    outcome = vocalmidi(
        *("profile", "--seconds", "2", "--from", demo_voice(), "--json", "out.json", "--trace", "trace.json")
    )
    assert outcome.status == 0, outcome.err
    assert max(map(len, outcome.out.splitlines())) <= 100
    assert all(word in outcome.out for word in ("stage, ms", "p99", "model", "live", "reader", "memory", "timbre on "))
    assert demo_voice().name in outcome.err
    report = report_of((tmp_path / "out.json").read_bytes())
    assert report.measured == "recording"
    assert report.seconds >= 2.0
    trace = (tmp_path / "trace.json").read_bytes()
    assert faults(trace) == []
    events = json.loads(trace)["traceEvents"]
    assert {"block", "features", "model", "strikes", "decode"} <= {e["name"] for e in events if e["ph"] == "X"}
    assert {"live", "vocalmidi"} <= {e["args"]["name"] for e in events if e["ph"] == "M"}


def test_json_is_alone_on_stdout(vocalmidi):
    outcome = vocalmidi("profile", "--seconds", "1", "--from", demo_voice(), "--json", "-")
    assert outcome.status == 0, outcome.err
    table = json.loads(outcome.out)
    assert table["version"] == 1
    assert {field.name for field in fields(Report)} <= set(table)


def test_a_daemon_that_runs_is_measured_and_no_microphone_opened(vocalmidi, tmp_path):
    root = tmp_path / "state" / "spool"
    spool = Spool(root)
    spool.prepare()
    spool.beat()
    with Program() as program, answering(root, program.measurable()):
        outcome = vocalmidi("profile", "--seconds", "1")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("daemon, ")
    assert "worker" in outcome.out
    assert "daemon that runs" in outcome.err


def test_without_a_daemon_and_a_microphone_both_are_said(vocalmidi, monkeypatch):
    def none(*_, **__):
        raise CaptureError("there is no audio input device; plug in a microphone")

    monkeypatch.setattr(gauge_here, "open_source", none)
    outcome = vocalmidi("profile", "--seconds", "1")
    assert outcome.status == 1
    assert outcome.err.splitlines()[0] == "no daemon runs"
    assert outcome.err.splitlines()[-1].startswith("vocalmidi: there is no audio input device")
    assert outcome.out == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--seconds", "0"], "0"),
        (["--seconds", "601"], "601"),
        (["--json", "-"], "--seconds 60"),
        (["--trace", "a.json"], "--seconds 60"),
        (["--seconds", "5", "list"], "leave list out"),
    ],
)
def test_words_that_cant_be_obeyed_are_one_line_and_status_2(vocalmidi, words, says):
    outcome = vocalmidi("profile", *words)
    assert outcome.status == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert says in line


def test_a_file_that_cant_be_written_is_one_line_before_anything_is_measured(vocalmidi, tmp_path):
    outcome = vocalmidi("profile", "--seconds", "600", "--from", demo_voice(), "--trace", tmp_path / "no" / "t.json")
    assert outcome.status == 2
    (line,) = outcome.err.splitlines()
    assert "t.json" in line


def test_profile_alone_says_what_it_can_do(vocalmidi):
    outcome = vocalmidi("profile")
    assert outcome.status == 0
    assert all(word in outcome.out for word in ("learn", "list", "clear", "--seconds", "--trace"))


def test_the_commands_for_sounds_of_ones_own_are_as_they_were(vocalmidi):
    outcome = vocalmidi("profile", "list", "--json")
    assert outcome.status == 0, outcome.err
    assert json.loads(outcome.out)["sounds"] == []
