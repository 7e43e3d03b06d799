"""What was corrected three times is a habit, what was not is left as it is heard, and nothing of it goes too far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections import hit, note, phrase
from vocalmidi.profile import MOST_OCTAVES, Habits, left_out
from vocalmidi.profile.habits import MOST_LATE_S, MOST_LEFT_OUT
from vocalmidi.profile.verdicts import MOST_VERDICTS
from vocalmidi.values import PartName

LOW = (48, 50, 52, 53, 55)
HIGH = (67, 69, 71, 72)
MELODY = PartName.MELODY


def habits(*phrases):
    found = Habits()
    for verdicts in phrases:
        found = found.with_new(verdicts)
    return found


def octaves(found, pitches):
    return found.octaves(MELODY, pitches).all


def test_what_was_put_an_octave_higher_three_times_is_written_there_the_fourth_time():
    corrected = [phrase(number, LOW, octaves=1) for number in range(3)]
    assert [octaves(habits(*corrected[:count]), LOW) for count in range(4)] == [0, 0, 0, 1]
    # Another tune in the same range too, with a tone more at its top.
    assert octaves(habits(*corrected), (50, 52, 57, 55)) == 1


def test_another_range_and_another_part_stay_as_they_are_heard():
    found = habits(*(phrase(number, LOW, octaves=1) for number in range(3)))
    assert octaves(found, HIGH) == 0
    assert found.octaves(PartName.BASS, LOW).all == 0
    assert found.late_s("note") == 0.0
    assert found.false_below("note") < 0.0


def test_a_phrase_that_was_left_as_it_is_speaks_against():
    corrected = [phrase(number, LOW, octaves=1) for number in range(3)]
    kept = [phrase(10 + number, LOW) for number in range(3)]
    assert octaves(habits(*kept, *corrected[:2]), LOW) == 0
    # The newest phrases decide: who sings where he wants to be written now is read so.
    assert octaves(habits(*corrected, *kept), LOW) == 0
    assert octaves(habits(*kept, *corrected), LOW) == 1


def test_one_phrase_that_is_judged_again_and_again_counts_once():
    assert octaves(habits(*[phrase(1, LOW, octaves=1)] * 5), LOW) == 0


def test_of_phrases_that_are_learnt_together_the_later_ones_are_newer():
    together = [each for number in (9, 3, 7, 1, 5, 8) for each in phrase(number, LOW)]
    assert [group[0].phrase for group in habits(together).phrases] == [f"{n:012x}" for n in (9, 3, 7, 1, 5, 8)]


def test_a_correction_that_was_taken_back_is_forgotten():
    corrected = [phrase(number, LOW, octaves=1) for number in range(3)]
    assert octaves(habits(*corrected, phrase(1, LOW)), LOW) == 0


def test_low_and_high_notes_of_one_phrase_are_never_parted():
    low = [phrase(number, LOW, octaves=1) for number in range(3)]
    high = [phrase(10 + number, HIGH) for number in range(3)]
    told = habits(*low, *high).octaves(MELODY, (*LOW[:4], *HIGH))
    assert told.all == 0
    assert set(told.each) == {0}


def test_a_note_misheard_among_others_is_put_back_among_them():
    tunes = [[*phrase(number, HIGH), note(number, 9, 57, octaves=1)] for number in range(3)]
    told = habits(*tunes).octaves(MELODY, (67, 69, 58, 71, 72))
    assert told.all == 0
    assert told.each == (0, 0, 1, 0, 0)
    # Where all of it is sung down there, it is no mistake.
    assert set(habits(*tunes).octaves(MELODY, (57, 58, 59, 58, 57)).each) == {0}


def late(number, *, moved=0.11, kept=0.05):
    corrected = [note(number, index, 60, late_s=moved, is_moved=True) for index in range(2)]
    return corrected + [note(number, 2 + index, 60, late_s=kept) for index in range(4)]


def test_who_drags_and_moves_notes_forward_is_read_earlier():
    assert habits(late(1), late(2)).late_s("note") == 0.0
    found = habits(late(1), late(2), late(3))
    assert found.late_s("note") == pytest.approx(0.05)
    assert found.late_s("hit") == 0.0


def test_hits_have_a_lateness_of_their_own():
    drums = [[hit(number, index, late_s=-0.03, is_moved=True) for index in range(2)] for number in range(3)]
    found = habits(*drums)
    assert found.late_s("hit") == pytest.approx(-0.03)
    assert found.late_s("note") == 0.0


def test_lateness_that_nobody_corrected_is_the_singer_s_own():
    untouched = [[note(number, index, 60, late_s=0.05) for index in range(9)] for number in range(5)]
    assert habits(*untouched).late_s("note") == 0.0


def test_notes_moved_to_and_fro_say_nothing():
    tunes = [late(1, moved=0.1, kept=-0.05), late(2, moved=0.1, kept=-0.05), late(3, moved=0.1, kept=-0.05)]
    assert habits(*tunes).late_s("note") == 0.0


def ghosts(number, *, sure=0.3, kept=0.9):
    doubtful = [note(number, index, 60, sure=sure, is_gone=True) for index in range(2)]
    return doubtful + [note(number, 2 + index, 60, sure=kept) for index in range(6)]


def test_notes_as_doubtful_as_those_deleted_are_left_out():
    assert habits(ghosts(1), ghosts(2)).false_below("note") < 0.0
    found = habits(ghosts(1), ghosts(2), ghosts(3))
    assert found.false_below("note") == pytest.approx(0.3)
    assert found.false_below("hit") < 0.0


def test_sure_notes_that_were_deleted_and_phrases_that_were_emptied_say_nothing():
    assert habits(*(ghosts(number, sure=0.85) for number in range(4))).false_below("note") < 0.0
    emptied = [phrase(number, LOW, sure=0.3, is_gone=True) for number in range(4)]
    assert habits(*emptied).false_below("note") < 0.0


def test_doubtful_notes_that_were_kept_speak_against():
    found = habits(*(ghosts(number, sure=0.5, kept=0.4) for number in range(4)))
    assert found.false_below("note") < 0.0


def test_only_the_least_sure_quarter_of_a_phrase_is_left_out():
    sure = (0.3, 0.9, 0.1, 0.2, 0.9, 0.9, 0.9, 0.9)
    assert left_out(sure, 0.3) == {2, 3}
    assert left_out(sure[:3], 0.3) == set()
    assert left_out(sure, -1.0) == set()


verdicts = st.builds(
    note,
    st.integers(0, 6),
    st.integers(0, 5),
    st.integers(0, 127),
    octaves=st.integers(-MOST_OCTAVES, MOST_OCTAVES),
    late_s=st.none() | st.floats(-5, 5),
    is_moved=st.booleans(),
    sure=st.floats(0, 1),
    is_gone=st.booleans(),
)


@given(st.lists(verdicts, max_size=60), st.lists(st.integers(0, 127), max_size=9))
def test_whatever_was_corrected_the_effect_is_bounded(said, pitches):
    found = habits(*([each] for each in said))
    told = found.octaves(MELODY, pitches)
    assert abs(told.all) <= MOST_OCTAVES
    assert len(told.each) == len(pitches)
    assert abs(found.late_s("note")) <= MOST_LATE_S
    sure = [each.confidence for each in said]
    assert len(left_out(sure, found.false_below("note"))) <= MOST_LEFT_OUT * len(sure)


def test_the_oldest_phrases_make_room():
    found = Habits()
    for number in range(100):
        found = found.with_new(phrase(number, [60] * 50))
    assert len(found.verdicts) <= MOST_VERDICTS
    assert found.verdicts[-1].phrase == f"{99:012x}"
    assert found.verdicts[0].index == 0


def test_a_phrase_stays_whole_when_only_one_of_its_parts_is_judged_again():
    both = [*phrase(1, LOW, octaves=1), hit(1, 0), hit(1, 1)]
    found = habits(both, phrase(2, LOW), [hit(1, 0, is_gone=True)])
    assert [len(group) for group in found.phrases] == [len(LOW), len(LOW) + 1]
    assert [each.is_gone for each in found.phrases[-1] if each.kind == "hit"] == [True]
