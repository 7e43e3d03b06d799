"""What the continuation network sees, on melodies whose repetitions are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.arrange.continuation_input import (
    CANDIDATES,
    HOLD,
    INDICES,
    MIDDLE,
    NONE,
    NUMBERS,
    OFF,
    WIDEST,
    Beat,
    Reader,
    class_of,
    step_of,
    steps_of,
)

WALTZ = Beat(12, compound=False)
COMMON = Beat(16, compound=False)
BAR = [60, HOLD, HOLD, HOLD, 64, HOLD, HOLD, HOLD, 67, HOLD, OFF, HOLD, 65, HOLD, 62, HOLD]
MELODIES = st.lists(st.one_of(st.just(HOLD), st.just(OFF), st.integers(40, 90)), max_size=80)


def heard(steps, beat=COMMON):
    reader = Reader(beat)
    for step in steps:
        reader.push(step)
    return reader


def offered(reader):
    return reader.indices()[1 : 1 + CANDIDATES]


def moved(steps, semitones):
    return [step + semitones if step >= 0 else step for step in steps]


@given(st.integers(0, 127), st.integers(0, 127))
def test_a_class_is_the_interval_and_folded_by_octaves_beyond_two(step, reference):
    number = class_of(step, reference)
    assert (step_of(number, reference) - step) % 12 == 0
    assert abs(number - MIDDLE) <= WIDEST
    if abs(step - reference) <= WIDEST:
        assert step_of(number, reference) == step


@given(MELODIES)
def test_the_same_melody_elsewhere_looks_the_same(steps):
    # The first note is measured from a fixed one: only what is seen of it as it was told may differ.
    low, high = heard([60, 67, *steps]), heard([63, 70, *moved(steps, 3)])
    told = [place for place in range(INDICES) if place not in (5, 6, 8)]
    assert [low.indices()[place] for place in told] == [high.indices()[place] for place in told]
    assert low.numbers()[:24] == pytest.approx(high.numbers()[:24])


@given(MELODIES)
def test_what_is_seen_has_its_length_and_its_range(steps):
    reader = heard(steps)
    assert len(reader.indices()) == INDICES
    assert all(0 <= index <= 64 for index in reader.indices())
    assert len(reader.numbers()) == NUMBERS
    assert all(-5.0 < number < 5.0 for number in reader.numbers())


def test_a_bar_ago_is_offered():
    reader = heard([*BAR, *BAR[:4]])
    assert offered(reader)[0] == class_of(64, 60)
    assert offered(reader)[1:4] == [NONE] * 3


def test_a_bar_ago_is_offered_moved_to_where_the_melody_is():
    reader = heard([*BAR, *moved(BAR, 5)[:4]])
    assert offered(reader)[0] == class_of(64, 65)
    assert offered(reader)[4] == class_of(69, 65)


def test_what_followed_the_last_notes_is_offered_wherever_it_was():
    other = [72, HOLD, 71, HOLD] * 4
    reader = heard([*BAR, *other, *other, *other, *BAR[:12]])
    assert offered(reader)[6] == class_of(65, 67)
    higher = heard([*BAR, *other, *other, *other, *moved(BAR, 7)[:12]])
    assert offered(higher)[7] == class_of(72, 74)


def test_nothing_ahead_is_seen():
    steps = [*BAR, *moved(BAR, 2), *BAR, *moved(BAR, 4)]
    for now in range(len(steps)):
        cut, changed = heard(steps[:now]), heard([*steps[:now]])
        changed.push(71)
        assert cut.indices() == heard(steps[:now]).indices()
        assert len(changed.steps) == now + 1


def test_a_copy_goes_its_own_way():
    reader = heard(BAR)
    before = reader.indices(), reader.numbers()
    other = reader.copy()
    for step in moved(BAR, 3):
        other.push(step)
    assert (reader.indices(), reader.numbers()) == before
    assert other.indices() == heard([*BAR, *moved(BAR, 3)]).indices()
    assert other.numbers() == heard([*BAR, *moved(BAR, 3)]).numbers()


def test_a_melody_becomes_steps_and_rests_begin_where_notes_end():
    steps = steps_of([(0.0, 1.0, 60), (1.0, 0.5, 62), (2.0, 1.0, 64)], 4, 12)
    assert steps == [60, HOLD, HOLD, HOLD, 62, HOLD, OFF, HOLD, 64, HOLD, HOLD, HOLD]


def test_of_two_notes_in_a_step_the_first_stays():
    assert steps_of([(0.0, 0.1, 60), (0.05, 0.5, 62), (0.5, 0.5, 64)], 4, 4) == [60, OFF, 64, HOLD]


def test_a_waltz_counts_in_twelve():
    reader = heard([*BAR[:12], 60], WALTZ)
    assert reader.indices()[1 + CANDIDATES :] == [1, 12, 1]
