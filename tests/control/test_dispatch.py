"""From messages to orders, by the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.test_codec import ARGUMENTS
from vocalmidi.arrange import style_names
from vocalmidi.control import FEEDBACK, Action, Message, Order, entries, orders_of
from vocalmidi.errors import ControlError


def order(address, *arguments):
    [(_, found)] = orders_of(Message(f"/vocalmidi/{address}", arguments))
    return found


@pytest.mark.parametrize("given_value", [2, 2.0, 2.4, "2", " 2.0 ", 1.6])
def test_a_number_may_be_an_integer_a_float_or_a_numeric_string(given_value):
    assert order("octave", given_value) == Order(Action.SET, "octave", (2,))


ON, OFF = (1, 1.0, True, "1", "on", 0.3), (0, 0.0, False, "0", "off")


@pytest.mark.parametrize(("given_value", "is_on"), [(each, True) for each in ON] + [(each, False) for each in OFF])
def test_a_switch_may_be_a_number_a_boolean_or_a_word(given_value, is_on):
    assert order("listen", given_value) == Order(Action.LISTEN, "", (is_on,))


@pytest.mark.parametrize("press", [(), (1,), (1.0,), (True,), ("1",), (0.5,)])
@pytest.mark.parametrize(
    ("name", "action"), [("write", Action.WRITE), ("panic", Action.PANIC), ("status", Action.STATUS)]
)
def test_a_button_is_pressed_by_nothing_or_anything_but_zero(press, name, action):
    assert order(name, *press) == Order(action)


@pytest.mark.parametrize("release", [0, 0.0, False, "0"])
@pytest.mark.parametrize("entry", [each for each in entries() if each.is_momentary], ids=lambda each: each.address)
def test_the_release_of_a_button_does_nothing(entry, release):
    assert orders_of(Message(entry.address, (release,))) == ()


def test_a_part_and_a_seed():
    assert order("regenerate", "bass") == Order(Action.REGENERATE, "", ("bass",))
    assert order("regenerate", "drums", 7.0) == Order(Action.REGENERATE, "", ("drums", 7))
    assert order("part/bass/lock", 1) == Order(Action.LOCK, "bass", (True,))
    assert order("tempo", 120) == order("tempo", "120") == Order(Action.SET, "tempo", ("120",))
    assert order("tempo", "auto") == Order(Action.SET, "tempo", ("auto",))
    assert order("key", "C minor") == Order(Action.SET, "key", ("C minor",))


WRONG = [
    ("genre", ("polka",)), ("genre", (5,)), ("genre", ()), ("genre", ("jazz", "pop")), ("octave", (4,)),
    ("octave", ("up",)), ("octave", (float("nan"),)), ("octave", (float("inf"),)), ("octave", (b"1",)),
    ("octave", (None,)), ("octave", ((1,),)), ("octave", ("1_0",)), ("octave", ("1" * 40,)), ("seed", (-1,)),
    ("seed", (2**31,)), ("quantize", (101,)), ("tempo", (19,)), ("tempo", ("quick",)), ("listen", ("maybe",)),
    ("listen", (b"",)), ("key", ("C\nminor",)), ("key", (3,)), ("key", ("x" * 17,)), ("regenerate", ("flute",)),
    ("regenerate", ()), ("regenerate", ("bass", "x")), ("continue", (65,)), ("continue", ()), ("subscribe", (0,)),
    ("subscribe", (65536,)), ("write", ("now",)), ("write", (1, 1)), ("part/flute/lock", (1,)), ("nothing", ()),
    ("part/*/locked", (1,)), ("[", (1,)), ("*{}*", ()), ("****[a]", ()), ("trigger/learn", ("",)),
]  # fmt: skip


@pytest.mark.parametrize(("address", "arguments"), WRONG, ids=[f"{n}-{each[0]}" for n, each in enumerate(WRONG)])
def test_a_wrong_type_range_or_address_is_an_error_in_words(address, arguments):
    with pytest.raises(ControlError, match="/vocalmidi/") as caught:
        orders_of(Message(f"/vocalmidi/{address}", arguments))
    assert "\n" not in str(caught.value)


def test_an_error_says_what_may_be_and_what_was_perhaps_meant():
    with pytest.raises(ControlError, match="octave 9 is outside -3 to 3"):
        order("octave", 9)
    with pytest.raises(ControlError, match=r"none of .*jazz"):
        order("genre", "polka")
    with pytest.raises(ControlError, match="did you mean /vocalmidi/quantize"):
        order("quantise", 50)


@pytest.mark.parametrize("each", FEEDBACK, ids=lambda each: each.address)
def test_what_only_the_program_sends_means_nothing_when_it_comes_back(each):
    assert orders_of(Message(each.address, ("anything",))) == ()


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [("part/*/lock", "melody chords bass drums"), ("part/{bass,drums}/lock", "bass drums"), ("part/?ass/lock", "bass"),
     ("part/[a-c]*/lock", "chords bass"), ("part/[!a-c]*/lock", "melody drums"), ("part/[m]elody/lock", "melody")],
)  # fmt: skip
def test_a_pattern_means_every_address_that_it_matches(pattern, parts):
    found = orders_of(Message(f"/vocalmidi/{pattern}", (1,)))
    assert [each.subject for _, each in found] == parts.split()
    assert {each.action for _, each in found} == {Action.LOCK}


def test_the_table_names_every_address_once_and_every_action():
    addresses = [each.address for each in entries()] + [each.address for each in FEEDBACK]
    assert len(set(addresses)) == len(addresses)
    assert {each.action for each in entries()} == set(Action)
    assert next(each for each in entries() if each.subject == "genre").arguments[0].options == style_names()


@given(
    st.sampled_from([each.address for each in entries()]) | st.text(max_size=30).map(lambda text: "/" + text), ARGUMENTS
)
def test_no_message_is_another_error(address, arguments):
    try:
        orders_of(Message(address, arguments))
    except ControlError:
        return
