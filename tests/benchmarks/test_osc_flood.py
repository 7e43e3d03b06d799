"""The measure of a flood: what was lost, what came in another order, how late each echo was."""

import itertools

from benchmarks.osc_flood import ADDRESSES, changes, compared, echoes_of, hop_figures

from vocalmidi.control import IMMEDIATELY, Bundle, Message, encode

SENT = [("octave", 1, 0.0), ("density", 5, 0.001), ("octave", 2, 0.002), ("octave", 1, 0.003)]


def echoed(places, late_s=0.001):
    return [(SENT[place][0], SENT[place][1], SENT[place][2] + late_s) for place in places]


def test_all_that_comes_back_in_order_is_neither_lost_nor_late():
    found = compared(SENT, echoed(range(4), 0.002))
    assert (found["echoed"], found["lost"], found["disordered"]) == (4, 0, 0)
    assert (found["p50_ms"], found["max_ms"]) == (2.0, 2.0)


def test_what_does_not_come_back_is_lost():
    assert compared(SENT, echoed([0, 1, 3]))["lost"] == 1
    assert compared(SENT, echoed([1]))["lost"] == 3
    assert compared(SENT, [])["lost"] == 4


def test_what_comes_in_another_order_is_found():
    assert compared(SENT, echoed([2, 0, 1, 3]))["disordered"] > 0
    assert compared(SENT, [*echoed(range(4)), ("octave", 7, 0.1)])["disordered"] == 1


def test_one_late_echo_in_fifty_is_the_ninety_ninth_percentile():
    sent = [("density", n % 2, 0.01 * n) for n in range(100)]
    late = [(name, value, at_s + (0.5 if n % 50 == 0 else 0.001)) for n, (name, value, at_s) in enumerate(sent)]
    assert compared(sent, late)["p99_ms"] > 400


def test_every_change_is_another_value_than_the_one_before_so_that_none_can_hide():
    now = dict.fromkeys(ADDRESSES, 0)
    for name, value in itertools.islice(changes(), 500):
        assert value != now[name]
        assert value in ADDRESSES[name]
        now[name] = value


def test_only_single_echoes_of_what_was_sent_count():
    one = encode(Message("/vocalmidi/octave", (2,)))
    others = (Message("/vocalmidi/heartbeat", (1,)), Bundle(IMMEDIATELY, (Message("/vocalmidi/octave", (1,)),)))
    assert echoes_of([(one, 1.0), *((encode(each), 2.0) for each in others)]) == [("octave", 2, 1.0)]


def test_a_hop_done_after_the_next_was_due_is_a_delayed_one():
    assert hop_figures([0.001] * 98 + [0.0101, 0.02])["delayed"] == 2
