from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocalmidi.values import (
    SPECTRUM,
    AudioBlock,
    Events,
    Frames,
    HitEvent,
    HitLabel,
    Meter,
    Note,
    NoteEvent,
    Part,
    PartName,
    Strike,
    TempoMap,
    TempoPoint,
    Trigger,
)


def frames(start=0, n=3, hop_s=0.008, rate=16000):
    return Frames(start, hop_s, rate, *(np.zeros(n) for _ in range(3)), *(np.zeros((n, c)) for c in (2, 2, 2, 3, 3, 5)))


def test_a_block_keeps_its_own_read_only_copy():
    samples = np.ones(4, np.float32)
    block = AudioBlock(0, 48000, samples)
    samples[0] = 0.0
    assert block.samples[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        block.samples[0] = 0.0


def test_what_could_still_be_written_to_is_copied_and_what_could_not_is_shared():
    writable, owned = np.zeros(4, np.float32), np.zeros(4, np.float32)
    view = writable[:]
    view.setflags(write=False)
    owned.setflags(write=False)
    blocks = [AudioBlock(0, 16_000, samples) for samples in (writable, view, owned)]
    writable[0] = 1.0
    assert [float(block.samples[0]) for block in blocks] == [0.0, 0.0, 0.0]
    assert blocks[2].samples is owned


def test_not_a_number_never_passes_a_door():
    with pytest.raises(ValueError, match="NaN"):
        AudioBlock(0, 48000, np.array([0.0, np.nan]))


def test_frame_arrays_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        replace(frames(n=3), voicing=np.zeros(2))


def test_frames_without_a_column_for_each_vowel_are_refused():
    with pytest.raises(ValueError, match="vowel has 4 columns, 5"):
        replace(frames(n=3), vowel=np.zeros((3, 4)))


def strike(onset=100, **changed):
    shares = {"label_share": np.full(5, 0.2), "embedding": np.eye(32)[0], "instrument_share": np.full(5, 0.2)}
    shares["spectrum"] = np.zeros(SPECTRUM)
    numbers = {"hit_share": 0.9, "level_db": -9.0, "rise_db": 20.0, "age_s": 0.008, "heard": onset + 127}
    return Strike(**({"onset": onset} | shares | numbers | changed))


@pytest.mark.parametrize(
    "changed",
    [{"label_share": np.zeros(4)}, {"embedding": np.zeros(31)}, {"hit_share": 1.1}, {"age_s": -0.1}, {"heard": 99}],
)
def test_a_strike_that_can_not_be_is_refused(changed):
    with pytest.raises(ValueError, match=r"needed|must be"):
        strike(**changed)


def test_joined_pieces_are_the_whole_with_their_strikes():
    pieces = [replace(frames(0, 3), strikes=(strike(100),)), replace(frames(384, 2), strikes=(strike(400),))]
    whole = replace(frames(0, 5), strikes=(strike(100), strike(400)))
    assert Frames.joined(pieces).same_as(whole)
    assert not Frames.joined(pieces).same_as(replace(whole, strikes=(strike(100), strike(401))))
    assert not Frames.joined(pieces).same_as(frames(0, 5))


def test_pieces_with_a_hole_between_them_are_refused():
    with pytest.raises(ValueError, match="do not continue"):
        Frames.joined([frames(0, 3), frames(512, 2)])


def test_a_frame_of_a_fractional_hop_lies_on_the_nearest_sample():
    # 8 ms at 44.1 kHz are 352.8 samples.
    assert [frames(100, 3, rate=44100).sample_at(k) for k in (0, 1, 2, 2.5)] == [100, 453, 806, 982]


@pytest.mark.parametrize(
    "wrong",
    [
        {"onset": 10, "offset": 10},
        {"onset": -1},
        {"pitch_midi": 128.0},
        {"velocity": 0},
        {"velocity": 128},
        {"confidence": 1.01},
    ],
)
def test_an_impossible_note_is_refused(wrong):
    right = {"onset": 0, "offset": 10, "pitch_midi": 60.0, "velocity": 64, "confidence": 0.5}
    NoteEvent(**right)
    with pytest.raises(ValueError, match=r".+"):
        NoteEvent(**right | wrong)


def test_events_out_of_order_are_refused():
    hits = tuple(HitEvent(at, HitLabel.KICK, 100, 1.0) for at in (20, 10))
    with pytest.raises(ValueError, match="order"):
        Events(0, 100, 16000, (), hits)


def test_a_note_without_length_is_refused():
    with pytest.raises(ValueError, match="can't start"):
        Note(0.0, 0.0, 60, 64)


def test_part_notes_out_of_order_are_refused():
    with pytest.raises(ValueError, match="order"):
        Part(PartName.BASS, 2, 33, (Note(1.0, 1.0, 40, 64), Note(0.0, 1.0, 40, 64)))


@pytest.mark.parametrize(("beats", "unit", "bar_qn"), [(4, 4, 4.0), (3, 4, 3.0), (6, 8, 3.0), (7, 8, 3.5)])
def test_a_bar_lasts_its_beats(beats, unit, bar_qn):
    assert Meter(beats, unit).bar_qn == bar_qn


def test_a_tempo_change_takes_effect_at_its_point():
    # 4 s at 60 are 4 QN; from there 120 makes 2 QN a second.
    tempo_map = TempoMap((TempoPoint(0.0, 0.0, 60.0), TempoPoint(4.0, 4.0, 120.0)))
    assert tempo_map.qn_at(2.0) == pytest.approx(2.0)
    assert tempo_map.qn_at(5.0) == pytest.approx(6.0)
    assert tempo_map.time_at(6.0) == pytest.approx(5.0)
    assert tempo_map.qn_at(-1.0) == pytest.approx(-1.0)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(20, 400)), min_size=1, max_size=8), st.floats(-5, 100))
def test_time_survives_the_way_through_any_tempo_map_and_back(spans, time_s):
    points, at_s, at_qn = [], 0.0, 0.0
    for length_s, tempo_qpm in spans:
        points.append(TempoPoint(at_s, at_qn, tempo_qpm))
        at_s, at_qn = at_s + length_s, at_qn + length_s * tempo_qpm / 60
    tempo_map = TempoMap(tuple(points))
    assert tempo_map.time_at(tempo_map.qn_at(time_s)) == pytest.approx(time_s, abs=1e-6)


def test_tempo_points_that_go_back_are_refused():
    with pytest.raises(ValueError, match="does not follow"):
        TempoMap((TempoPoint(1.0, 1.0, 60.0), TempoPoint(0.5, 2.0, 60.0)))


@pytest.mark.parametrize(("name", "pitch_midi"), [("", 60), ("pff", -1), ("pff", 128)])
def test_a_trigger_has_a_name_and_a_key(name, pitch_midi):
    with pytest.raises(ValueError, match="needs a name"):
        Trigger(name, pitch_midi)
