import json
from dataclasses import asdict, replace

import pytest

from vocalmidi.errors import GaugeError
from vocalmidi.gauge import (
    Counter,
    Fact,
    Gauges,
    Level,
    Memory,
    Report,
    Stage,
    ThreadRow,
    report_lines,
    report_of,
    report_table,
    stage_rows,
)


def a_report() -> Report:
    gauges = Gauges()
    gauges.begin()
    for stage in Stage:
        for number in range(1, 101):
            gauges.took(stage, number * 10_000 * 10 ** (stage % 5))
    return Report(
        measured="daemon",
        seconds=60.0,
        core_share=0.123,
        memory=Memory(190_000_000, 120_000_000, 200_000_000),
        stages=stage_rows(gauges.end()),
        threads=(ThreadRow("live", 1, 0.1), ThreadRow("native", 12, 0.002)),
        counters=tuple(Counter(f"something counted, number {number}", number) for number in range(9)),
        levels=(Level("ring samples", 12.5, 512.0, 524_288.0),),
        facts=(Fact("real time", "reader thread FIFO 40, live thread FIFO 40, " * 4),),
        trace_lost=3,
    )


def test_a_report_comes_back_from_json_as_it_was():
    report = a_report()
    assert report_of(json.dumps(report_table(report))) == report


def test_the_json_holds_every_field_and_a_version():
    report = a_report()
    table = report_table(report)
    assert table["version"] == 1
    assert {name: table[name] for name in asdict(report)} == asdict(report)
    assert table["stages"][0] == {
        "stage": "capture",
        "count": 100,
        "p50_ms": pytest.approx(0.5, rel=0.04),
        "p90_ms": pytest.approx(0.9, rel=0.04),
        "p99_ms": pytest.approx(0.99, rel=0.04),
        "max_ms": 1.0,
        "mean_ms": 0.505,
        "total_s": 0.0505,
    }


def test_a_field_that_a_later_program_adds_is_left_out():
    table = report_table(a_report())
    table["more"] = table["memory"]["more"] = table["stages"][0]["more"] = 1
    assert report_of(json.dumps(table)) == a_report()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1}', '{"version": 2}', b"\xff", '{"version": 1, "stages": 3}']
)
def test_what_is_no_report_is_refused_in_words(text):
    with pytest.raises(GaugeError):
        report_of(text)


@pytest.mark.parametrize("field", ["seconds", "memory", "stages", "facts"])
@pytest.mark.parametrize("value", [None, "x", [1], {"a": 1}, [{"stage": 1}]])
def test_a_damaged_field_is_refused_in_words(field, value):
    table = report_table(a_report())
    table[field] = value
    with pytest.raises(GaugeError):
        report_of(json.dumps(table))


def test_the_text_fits_a_hundred_columns_and_leaves_nothing_out():
    lines = list(report_lines(a_report()))
    assert max(map(len, lines)) <= 100
    text = "\n".join(lines)
    assert all(f"\n{stage.label:12}" in text for stage in Stage)
    assert all(
        word in text for word in ("live", "native", "12 threads", "ring samples", "real time", "12.3 %", "190 MB")
    )
    assert " ".join(text.split()).count("something counted, number") == 9
    assert "no room" in text


def test_a_stage_that_was_not_there_has_no_line():
    gauges = Gauges()
    gauges.begin()
    gauges.took(Stage.MIDI, 2_000_000)
    report = replace(a_report(), stages=stage_rows(gauges.end()))
    assert [row.stage for row in report.stages] == ["midi"]
    assert not [line for line in report_lines(report) if line.startswith("command")]
