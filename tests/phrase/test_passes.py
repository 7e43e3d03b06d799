import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phrase.sung import TWINKLE, sing
from vocalmidi.errors import PhraseError
from vocalmidi.phrase import PhraseSettings, build_phrase, combine_passes, split_passes
from vocalmidi.units import QuarterNotes
from vocalmidi.values import HitLabel, Key, Meter, Phrase, PhraseHit, PhraseNote, TempoMap

C_MAJOR = Key(0, "major", 0.9)
TUNE = [(0, 1, 60), (1, 1, 62), (2, 1, 64), (3, 1, 65), (4, 2, 67), (6, 1, 65), (7, 1, 64)]
"""Two bars: onset and length in quarter notes, and key."""


def note(start, length, pitch, confidence=0.9, late=0.0):
    return PhraseNote(
        QuarterNotes(start),
        QuarterNotes(length),
        QuarterNotes(start + late),
        QuarterNotes(length),
        pitch,
        90,
        confidence,
    )


def hit(start, label, confidence=0.9):
    return PhraseHit(QuarterNotes(start), QuarterNotes(start), HitLabel(label), 100, confidence)


def loop(notes=(), hits=(), key=C_MAJOR, length=8.0):
    return Phrase(tuple(notes), tuple(hits), key, Meter(4, 4), TempoMap.constant(100.0), QuarterNotes(length))


def tune(**changed):
    """The tune as one pass; changed: of the note at place `nN` the note itself, or None to leave it out."""
    notes = [changed.get(f"n{place}", note(on, long, pitch)) for place, (on, long, pitch) in enumerate(TUNE)]
    return loop([each for each in notes if each is not None])


def written(phrase):
    return [(n.start_qn, n.length_qn, n.pitch_midi) for n in phrase.notes]


def test_a_note_in_two_of_three_passes_stays():
    take = combine_passes([tune(), tune(n2=None), tune()])
    assert written(take.combined) == TUNE


def test_a_note_in_one_of_three_passes_goes():
    extra = note(4.5, 0.5, 71, confidence=1.0)
    noisy = loop(sorted([*tune().notes, extra], key=lambda n: n.start_qn))
    assert written(combine_passes([tune(), noisy, tune()]).combined) == TUNE


def test_two_unsure_notes_stay_against_one_pass_without():
    unsure = note(2, 1, 64, confidence=0.3)
    assert written(combine_passes([tune(n2=unsure), tune(n2=None), tune(n2=unsure)]).combined) == TUNE


def test_of_two_passes_confidence_decides_whether_a_note_stays():
    sure, unsure = (combine_passes([tune(n2=note(2, 1, 64, c)), tune(n2=None)]).combined for c in (0.9, 0.3))
    assert written(sure) == TUNE
    assert written(unsure) == TUNE[:2] + TUNE[3:]


def test_the_pitch_that_most_confidence_is_for_wins():
    wrong = note(2, 1, 63, confidence=0.9)
    assert written(combine_passes([tune(n2=wrong), tune(), tune()]).combined) == TUNE
    shy = note(2, 1, 64, confidence=0.2)
    assert combine_passes([tune(n2=wrong), tune(n2=shy), tune(n2=shy)]).combined.notes[2].pitch_midi == 63


def test_a_hasty_pass_is_outvoted_in_time():
    hasty = note(3.75, 1.25, 65)
    assert written(combine_passes([tune(n3=hasty), tune(), tune()]).combined) == TUNE


def test_the_lengths_of_most_passes_hold():
    short = note(4, 0.25, 67)
    assert written(combine_passes([tune(), tune(), tune(n4=short)]).combined) == TUNE


def test_a_pass_of_nothing_does_not_count():
    take = combine_passes([loop(), tune(n2=None), loop(), tune()])
    assert written(take.combined) == TUNE
    assert len(take.passes) == 2


def test_a_pass_that_was_broken_off_does_not_vote_on_the_rest():
    broken, whole = (loop([*tune().notes, *rest], length=16.0) for rest in ((), (note(13, 1, 72), note(14, 2, 60))))
    assert written(combine_passes([whole, broken, broken]).combined) == written(whole)


def test_each_pass_is_kept_as_it_was_sung():
    passes = (tune(), tune(n1=note(1.25, 0.75, 61)), tune(n3=None))
    assert combine_passes(passes).passes == passes


def test_one_pass_is_itself():
    assert combine_passes([tune()]).combined == tune()


def test_passes_of_nothing_at_all_are_refused_in_words():
    with pytest.raises(PhraseError, match="nothing was sung in any pass"):
        combine_passes([loop(), loop()])


def test_passes_of_different_loops_are_refused():
    with pytest.raises(PhraseError, match="not of one loop"):
        combine_passes([tune(), loop([note(0, 1, 60)], length=16.0)])


def test_a_pass_whose_bar_line_was_found_a_beat_late_still_agrees():
    late = loop([replace(n, start_qn=n.start_qn + 1, played_start_qn=n.played_start_qn + 1) for n in tune().notes[:-1]])
    assert written(combine_passes([tune(), late, tune()]).combined) == TUNE
    assert combine_passes([tune(), late, tune()]).passes[1] == late


def test_the_key_of_the_combined_notes_is_found_where_the_passes_differ():
    passes = [tune(), replace(tune(), key=Key(7, "major", 0.5)), tune()]
    assert combine_passes(passes).combined.key.tonic == 0


def test_notes_played_in_another_order_than_they_are_written_still_tell_the_key():
    crossed = tune(n1=note(1, 1, 62, late=0.4), n2=note(2, 1, 64, late=-0.7))
    passes = [replace(crossed, key=Key(7, "major", 0.4)), crossed]
    assert combine_passes(passes).combined.key.tonic == 0


def test_a_beat_keeps_the_drums_of_most_passes():
    plain = [hit(0, "kick"), hit(1, "snare"), hit(2, "kick"), hit(3, "snare")]
    wrong = [hit(0, "kick"), hit(1, "hihat_closed"), hit(2, "kick"), hit(2.5, "kick"), hit(3, "snare")]
    take = combine_passes([loop(hits=plain), loop(hits=wrong), loop(hits=plain[:2] + plain[3:])])
    assert [(h.start_qn, h.label) for h in take.combined.hits] == [(h.start_qn, h.label) for h in plain]


def test_a_kick_and_a_hat_at_once_stay_two():
    both = [hit(0, "kick"), hit(0, "hihat_closed"), hit(2, "snare")]
    take = combine_passes([loop(hits=both), loop(hits=both), loop(hits=both[:1] + both[2:])])
    assert [h.label for h in take.combined.hits] == ["kick", "hihat_closed", "snare"]


def test_one_hit_heard_as_two_drums_is_one():
    take = combine_passes([loop(hits=[hit(0, "kick")]), loop(hits=[hit(0, "snare", 0.5)])])
    assert [h.label for h in take.combined.hits] == ["kick"]


def test_drums_of_one_pass_and_tune_of_another_both_stay():
    take = combine_passes([tune(), loop(hits=[hit(0, "kick"), hit(4, "kick")])])
    assert written(take.combined) == TUNE
    assert len(take.combined.hits) == 2


def test_a_recording_is_cut_at_its_loop_and_said_once():
    """Twinkle's eight bars of 2/4 three times over, in one breath, sung with 20 ms of jitter."""
    chance = random.Random(1)
    thrice = [(on + 16 * k, long, key) for k in range(3) for on, long, key in TWINKLE]
    events = sing(thrice, late_s=[chance.gauss(0, 0.02) for _ in thrice])
    phrase = build_phrase(events, PhraseSettings(tempo_qpm=100.0))
    take = combine_passes(split_passes(phrase, 16.0))
    assert len(take.passes) == 3
    assert [(n.start_qn, n.pitch_midi) for n in take.combined.notes] == [(on, key) for on, _, key in TWINKLE]
    assert take.combined.length_qn == 16.0


def test_silent_passes_between_are_cut_too_and_notes_end_with_their_pass():
    phrase = loop([note(0, 1, 60), note(7, 1, 62), note(23, 3, 64)], length=32.0)
    passes = split_passes(phrase, 8.0)
    assert [written(each) for each in passes] == [[(0, 1, 60), (7, 1, 62)], [], [(7, 1, 64)]]


def test_a_phrase_begun_within_the_loop_is_put_at_its_place():
    passes = split_passes(loop([note(0, 1, 60), note(4, 1, 62)]), 8.0, begun_qn=4.0)
    assert [written(each) for each in passes] == [[(4, 1, 60)], [(0, 1, 62)]]
    assert [each.tempo_map.time_at(0.0) for each in passes] == pytest.approx([-2.4, 2.4])


def test_a_loop_that_begins_with_an_upbeat_keeps_it_with_its_pass():
    """Upbeat on the fourth beat, two bars, three times over; the second time the upbeat comes an eighth early."""
    first = [(3, 1, 55), *((4 + n, 1, 60 + n) for n in range(7))]
    thrice = [
        note(on + 8 * k - (0.5 if (on, k) == (3, 1) else 0), long, key) for k in range(3) for on, long, key in first
    ]
    take = combine_passes(split_passes(loop(thrice, length=28.0), 8.0))
    assert written(take.combined) == first
    assert [len(each.notes) for each in take.passes] == [8, 8, 8]
    assert take.combined.length_qn == 12.0


def test_a_loop_of_broken_bars_is_refused():
    with pytest.raises(PhraseError, match="whole bars"):
        split_passes(tune(), 6.0)


_NOTES = st.lists(
    st.tuples(st.integers(0, 31), st.integers(1, 8), st.integers(48, 72), st.floats(0.0, 1.0)),
    min_size=0, max_size=12, unique_by=lambda n: n[0],
)  # fmt: skip


@given(st.lists(_NOTES, min_size=1, max_size=5))
def test_the_vote_invents_no_pitch_and_gives_one_note_at_a_time(drawn):
    passes = []
    for notes in drawn:
        ordered = sorted(notes)
        ends = [on for on, *_ in ordered[1:]] + [32] * bool(ordered)
        passes.append(
            loop(
                note(on / 4, min(long, end - on) / 4, pitch, confidence)
                for (on, long, pitch, confidence), end in zip(ordered, ends, strict=True)
            )
        )
    if not any(each.notes for each in passes):
        return
    combined = combine_passes(passes).combined
    assert {n.pitch_midi for n in combined.notes} <= {n.pitch_midi for each in passes for n in each.notes}
    for one, other in zip(combined.notes, combined.notes[1:], strict=False):
        assert one.start_qn + one.length_qn <= other.start_qn + 1e-9
    assert all(0 <= n.start_qn < 8 and n.length_qn > 0 and 0 <= n.confidence <= 1 for n in combined.notes)
    assert combine_passes(passes) == combine_passes(passes)


@given(st.integers(1, 6))
def test_passes_that_all_agree_are_one_of_them(count):
    take = combine_passes([tune()] * count)
    assert written(take.combined) == TUNE
    assert all(n.confidence == pytest.approx(0.9) for n in take.combined.notes)
