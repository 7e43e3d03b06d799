"""The live decoder: at once, in order, and honest about what it needed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.scores import (
    HOP_S,
    LOOK_AHEAD,
    RATE_HZ,
    as_known,
    frames_of,
    grown,
    held,
    melody,
    part,
    random_frames,
    rest,
)
from vocalmidi.events import LiveDecoder, LiveHitSettings, LiveSettings, ScoreSettings, TakeSettings
from vocalmidi.values import Convention, Frames, HitLabel, LiveHit, NoteOff, NoteOn, NoteRevision

SURE_TAKE = LiveHitSettings(take=TakeSettings(unknown_share=0.9, doubt=1e3))
"""Of a take that is known to be drummed."""


def decode(frames, sizes=(), **numbers):
    decoder, events, first = LiveDecoder(RATE_HZ, LOOK_AHEAD, LiveSettings(**{"gate": False, **numbers})), [], 0
    for size in (*sizes, len(frames)):
        events += decoder.push(part(frames, first, first + size))
        first += size
    return [*events, *decoder.finish()]


def note_ons(events):
    return [event for event in events if isinstance(event, NoteOn)]


def test_each_note_goes_on_and_off_in_order():
    events = decode(frames_of(melody(rest(0.3), held(60, 0.4), rest(0.2), held(64, 0.4), rest(0.3))))
    assert [type(event) for event in events] == [NoteOn, NoteOff, NoteOn, NoteOff]
    assert [event.note_id for event in events] == [1, 1, 2, 2]
    assert [round(event.pitch_midi) for event in note_ons(events)] == [60, 64]
    assert [event.onset / RATE_HZ for event in note_ons(events)] == pytest.approx([0.3, 0.9], abs=0.01)


def test_a_note_is_said_within_10_ms_of_frames_and_with_their_look_ahead():
    (on, _) = decode(frames_of(melody(rest(0.3), held(60, 0.4), rest(0.2))))
    waited = on.decided - LOOK_AHEAD - 0.3 * RATE_HZ
    assert abs(waited) <= 0.01 * RATE_HZ


def test_legato_changes_the_note():
    events = decode(frames_of(melody(held(60, 0.5), held(62, 0.5), held(67, 0.5))))
    assert [said[-1] for said in pitches_said(events)] == [60, 62, 67]


@pytest.mark.parametrize("vibrato_hz", [4.0, 5.5, 7.0])
def test_vibrato_is_one_note(vibrato_hz):
    wave = np.sin(2 * np.pi * vibrato_hz * np.arange(300) * HOP_S) * np.clip(np.arange(300) / 50, 0, 1)
    assert len(note_ons(decode(frames_of(held(62, 3.0) + wave)))) == 1


def test_a_note_struck_again_is_said_again():
    assert len(note_ons(decode(frames_of(held(60, 1.0), onsets=[60])))) == 2


def test_a_hit_does_not_wait_for_frames():
    drum = replace(frames_of(rest(1.0)), strikes=as_known(grown(8000, HitLabel.SNARE, hit_share=0.999, rise_db=25.0)))
    decoder = LiveDecoder(RATE_HZ, LOOK_AHEAD, LiveSettings(hit=SURE_TAKE))
    decoder.push(part(drum, 0, 45))
    only_strikes = replace(part(drum, 45, 45), strikes=drum.strikes[:1])
    (event,) = decoder.push(only_strikes)
    assert isinstance(event, LiveHit)
    assert (event.hit.label, event.hit.onset, event.decided) == (HitLabel.SNARE, 8000, 8000 + 128)


def test_a_kick_on_a_held_note_is_a_hit_and_the_note_goes_on():
    hum = frames_of(melody(rest(0.3), held(45, 2.0), rest(0.2)))
    kicks = [strike for onset in (12_000, 24_000) for strike in grown(onset, HitLabel.KICK)]
    events = decode(replace(hum, strikes=as_known(kicks)), hit=SURE_TAKE)
    assert [event.hit.label for event in events if isinstance(event, LiveHit)] == [HitLabel.KICK] * 2
    assert len(note_ons(events)) == 1


def test_a_note_that_sounds_at_the_end_is_ended():
    on, off = decode(frames_of(held(60, 0.5)))
    assert isinstance(on, NoteOn)
    assert isinstance(off, NoteOff)
    assert off.offset <= 0.5 * RATE_HZ


def test_no_frames_say_nothing():
    assert decode(frames_of([])) == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), sizes=st.lists(st.integers(0, 60), max_size=8))
def test_what_is_said_does_not_depend_on_the_pieces_and_ends_what_it_begins(seed, sizes):
    frames = random_frames(seed, 360)
    events = decode(frames, sizes)
    assert events == decode(frames)
    sounding = None
    for event in events:
        if isinstance(event, NoteOn):
            assert sounding is None
            sounding = event
        elif isinstance(event, NoteOff | NoteRevision):
            assert sounding is not None
            assert event.note_id == sounding.note_id
        if isinstance(event, NoteOff):
            assert event.offset > sounding.onset
            sounding = None
    assert sounding is None
    decided = [event.decided for event in events]
    assert decided == sorted(decided)


def test_frames_of_another_rate_are_refused():
    with pytest.raises(ValueError, match="16000 Hz in a stream at 48000 Hz"):
        LiveDecoder(48_000, 0).push(frames_of(held(60, 0.1)))


@pytest.mark.parametrize(("rate_hz", "look_ahead"), [(0, 0), (16_000, -1)])
def test_a_decoder_needs_a_rate_and_a_look_ahead(rate_hz, look_ahead):
    with pytest.raises(ValueError, match="look-ahead"):
        LiveDecoder(rate_hz, look_ahead)


SLIDE = np.linspace(60, 67, 20)


def pitches_said(events):
    """Return the pitches of each note, in the order in which they were said."""
    said = {}
    for event in events:
        if isinstance(event, NoteOn | NoteRevision):
            said.setdefault(event.note_id, []).append(round(event.pitch_midi))
    return list(said.values())


def test_an_eager_note_follows_the_slide_into_it_and_makes_no_ghosts():
    scoop = np.linspace(57, 60, 12)
    (said,) = pitches_said(decode(frames_of(melody(rest(0.3), scoop, held(60, 0.5)), onsets=())))
    assert said[0] < 60
    assert said[-1] == 60


@pytest.mark.parametrize("policy", ["eager", "hold"])
def test_a_slide_between_two_notes_is_no_note(policy):
    frames = frames_of(melody(rest(0.3), held(60, 0.5), SLIDE, held(67, 0.5)), onsets=[90])
    said = pitches_said(decode(frames, policy=policy))
    assert [each[-1] for each in said] == [60, 67]


def test_a_held_note_holds_until_the_new_pitch_has_settled():
    frames = frames_of(melody(rest(0.3), held(60, 0.5), held(62, 0.04), held(64, 0.5)))
    said = pitches_said(decode(frames, policy="hold"))
    assert said == [[60], [64]]


def test_a_locked_note_stays_until_the_voice_stops():
    tune = melody(rest(0.3), held(60, 0.4), held(64, 0.4), held(67, 0.4), rest(0.3), held(72, 0.4))
    assert pitches_said(decode(frames_of(tune), policy="lock")) == [[60], [72]]


def test_the_syllable_before_the_sound_is_where_the_note_begins():
    frames = frames_of(melody(rest(0.5), held(60, 0.5)))
    onset = frames.onset.copy()
    onset[:, Convention.SYLLABLE] = np.exp(-0.5 * ((np.arange(len(onset)) - 43) / 1.5) ** 2)
    earlier = Frames(**{name: getattr(frames, name) for name in Frames.__slots__} | {"onset": onset})
    (on, *_) = note_ons(decode(earlier, score=ScoreSettings(syllable_share=0.0)))
    assert on.onset == pytest.approx(0.43 * RATE_HZ, abs=80)
    assert on.decided - LOOK_AHEAD == pytest.approx(0.5 * RATE_HZ, abs=320)


def test_the_gate_keeps_sliding_syllables_out_and_lets_a_tune_through():
    rng = np.random.default_rng(1)
    syllables = [
        part for _ in range(60) for part in (rng.uniform(44, 50) + np.linspace(0, rng.uniform(2, 5), 18), rest(0.1))
    ]
    speech = frames_of(melody(*syllables), onsets=())
    assert len(note_ons(decode(speech, gate=False))) > 30
    assert len(note_ons(decode(speech, gate=True))) <= 2  # of 60: a first syllable may yet become a note
    tune = frames_of(melody(rest(0.3), *(part for p in (60, 62, 64, 65) for part in (held(p, 0.3), rest(0.1)))))
    assert len(note_ons(decode(tune, gate=True))) == 4


def test_the_gate_delays_the_first_note_of_a_singer_by_no_more_than_50_ms():
    tune = frames_of(melody(rest(0.3), held(60, 0.4), rest(0.3)))
    (waited, at_once) = (note_ons(decode(tune, gate=gate))[0].decided for gate in (True, False))
    assert 0 <= waited - at_once <= 0.05 * RATE_HZ
