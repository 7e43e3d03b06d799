"""Tones of the room are no notes; soft singing and steady instruments are."""

import numpy as np
import pytest

from events.scores import RATE_HZ, frames_of, held, melody, part, rest
from vocalmidi.events import LiveDecoder, LiveSettings, transcribe
from vocalmidi.values import Frames, NoteOff, NoteOn

HUM_DB = -52.0
SETTINGS = [LiveSettings(gate=True), LiveSettings(gate=False)]


def at(frames, level_db):
    """Return the frames with other levels."""
    arrays = {name: getattr(frames, name) for name in Frames.__slots__}
    return Frames(**arrays | {"level_db": np.asarray(level_db, np.float32)})


def hum(seconds, *, moves_db=0.2, moves_cents=4.0, seed=0):
    """Return frames of a tone as steady as the mains' and heard now and then, at the level of its room."""
    rng = np.random.default_rng(seed)
    pitch = held(55.2, seconds) + rng.normal(0, moves_cents / 100, round(seconds * 100))
    pitch[150:190] = pitch[400:430] = np.nan
    return at(frames_of(pitch, onsets=()), HUM_DB + rng.normal(0, moves_db, len(pitch)))


def live_notes(frames, settings):
    decoder = LiveDecoder(RATE_HZ, 480, settings)
    rows = [decoder.push(part(frames, row, row + 1)) for row in range(len(frames))]
    return [event for said in (*rows, decoder.finish()) for event in said if isinstance(event, NoteOn | NoteOff)]


def test_a_hum_that_was_always_there_is_no_considered_note():
    assert transcribe(hum(8.0)).notes == ()


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_hum_that_was_always_there_is_no_live_note(settings):
    assert live_notes(hum(8.0), settings) == []


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_click_over_a_hum_does_not_make_it_a_note(settings):
    frames = hum(8.0)
    level = frames.level_db.copy()
    level[[300, 301, 302, 303, 550, 551, 552]] += 10.0
    assert live_notes(at(frames, level), settings) == []
    assert transcribe(at(frames, level)).notes == ()


def test_a_hum_switched_on_is_one_live_note_of_a_second_and_no_considered_one():
    tone = frames_of(melody(rest(1.0), held(55.2, 6.0)))
    frames = at(tone, np.concatenate([np.full(100, -68.0), np.full(600, HUM_DB)]))
    on, off = live_notes(frames, LiveSettings(gate=False))
    assert (off.offset - on.onset) / RATE_HZ <= 1.3
    assert transcribe(frames).notes == ()


@pytest.mark.parametrize("level_db", [-20.0, -40.0])
def test_a_tone_as_steady_but_meant_to_be_heard_is_a_note(level_db):
    frames = frames_of(melody(rest(1.0), held(55.2, 6.0), rest(1.0)), level_db=level_db)
    (note,) = transcribe(frames).notes
    assert (note.offset - note.onset) / RATE_HZ > 5.9
    assert len(live_notes(frames, LiveSettings())) == 2


def test_soft_singing_is_notes():
    rng = np.random.default_rng(1)
    tune = melody(rest(0.5), *(p for k in (60, 62, 64, 65) for p in (held(k, 1.5) + drift(rng, 150), rest(0.2))))
    level = np.where(np.isfinite(tune), -50.0 + 10.0 * drift(rng, len(tune)), -62.0)
    frames = at(frames_of(tune, onsets=()), level)
    assert len(transcribe(frames).notes) == 4
    assert len(live_notes(frames, LiveSettings())) == 8


def drift(rng, count):
    """Return how a sung pitch wanders, in semitones: 15 cents, a few times a second."""
    at = np.arange(0, count + 15, 15)
    return np.interp(np.arange(count), at, rng.normal(0, 0.15, len(at)))


def test_singing_over_a_hum_is_the_singing_alone():
    pitch, level = held(55.2, 8.0), np.full(800, HUM_DB)
    pitch[300:360], pitch[380:440] = 60.0, 64.0
    level[300:360] = level[380:440] = -25.0
    sung = at(frames_of(pitch, onsets=[300, 380]), level)
    assert [round(note.pitch_midi) for note in transcribe(sung).notes] == [60, 64]
    ons = [event for event in live_notes(sung, LiveSettings()) if isinstance(event, NoteOn)]
    assert [round(on.pitch_midi) for on in ons] == [60, 64]
