"""What is timed is a request that lies in the spool, whole, and holds what was sung."""

from benchmarks.write_delay import RATE_HZ, Delay, moments, phrase, summary


def test_the_phrase_is_as_long_as_asked_for_and_ends_where_asked_for() -> None:
    assert len(phrase(2, 0.5)) / RATE_HZ == 2.0 + 2 * 2.0 - 0.06 + 0.5
    assert len(phrase(2, -0.2)) < len(phrase(2, 0.0))


def test_a_row_is_median_and_worst_of_both_clocks() -> None:
    row = summary([Delay(10.0, 1.0), Delay(30.0, 3.0), Delay(20.0, 2.0)])
    assert row == {"wall_ms": 20.0, "wall_worst_ms": 30.0, "cpu_ms": 2.0, "cpu_worst_ms": 3.0}


def test_every_moment_of_asking_ends_with_a_request_in_the_spool() -> None:
    measured = moments()
    for name in ("heard whole", "work in between", "after a breath"):
        delay = measured[name](1)
        assert delay.cpu_ms > 0.0, name
        assert delay.wall_ms > 0.0, name
