from dataclasses import replace

import numpy as np
import pytest
import soundfile

from synth import SungNote, sing
from vocalmidi.app.report import live_json
from vocalmidi.app.simulate import LiveNote, LiveTake, open_live_path, simulate
from vocalmidi.capture import open_recording
from vocalmidi.config import load_settings
from vocalmidi.errors import ConfigError
from vocalmidi.values import NoteOff, NoteOn, NoteRevision

RATE = 48_000


@pytest.fixture(scope="module")
def melody(tmp_path_factory):
    path = tmp_path_factory.mktemp("live") / "melody.wav"
    notes = [SungNote(0.5 * k, 0.4, pitch) for k, pitch in enumerate((60, 64, 67, 64), 1)]
    soundfile.write(path, sing(notes, sample_rate_hz=RATE).samples, RATE)
    return path


@pytest.fixture(scope="module")
def settings():
    return replace(load_settings(), provider="cpu")


def test_a_corrected_note_says_when_it_sounded_and_when_it_was_right():
    on = NoteOn(1, 4800, 60.4, 90, 0.5, decided=6000)
    correction = NoteRevision(1, 62.0, 0.9, decided=7200)
    (note,) = live_json(LiveTake(RATE, RATE, (LiveNote(on, (correction,), 24_000),), ()))["notes"]
    assert (note["first_pitch_midi"], note["note_on_s"]) == (60.4, 0.125)
    assert (note["pitch_midi"], note["emitted_s"], note["confidence"]) == (62.0, 0.15, 0.9)


def test_every_live_note_ends_and_is_only_corrected_while_it_sounds(melody, settings):
    heard = []
    take = simulate(open_recording(melody), open_live_path(settings), None, heard.append)
    assert [round(note.said.pitch_midi) for note in take.notes] == [60, 64, 67, 64]
    sounding = set()
    for event in heard:
        if isinstance(event, NoteOn):
            sounding.add(event.note_id)
        elif isinstance(event, NoteRevision):
            assert event.note_id in sounding
        elif isinstance(event, NoteOff):
            sounding.remove(event.note_id)
    assert not sounding


def test_a_longer_look_ahead_decides_later(melody, settings):
    waits_ms = []
    for look_ahead_ms in (20, 50, 100):
        path = open_live_path(replace(settings, look_ahead_ms=look_ahead_ms))
        notes = simulate(open_recording(melody), path, None).notes
        waits_ms.append(np.median([1000 * (note.on.decided - note.on.onset) / RATE for note in notes]))
    assert 20 < waits_ms[0] < 120
    assert waits_ms[0] + 15 < waits_ms[1] < waits_ms[2] - 25


@pytest.mark.parametrize("gate", [False, True])
@pytest.mark.parametrize("look_ahead_ms", [20, 50, 100])
def test_each_note_is_decided_within_a_tenth_of_a_second_of_its_look_ahead(melody, settings, look_ahead_ms, gate):
    path = open_live_path(replace(settings, look_ahead_ms=look_ahead_ms, gate=gate))
    for note in simulate(open_recording(melody), path, None).notes:
        # The hop in hand adds 10 ms, the short resampler 2.
        assert note.on.decided >= note.on.onset + 0.5 * look_ahead_ms * RATE / 1000
        assert note.on.decided <= note.on.onset + (look_ahead_ms + 100) * RATE / 1000


def test_a_locked_note_keeps_its_pitch_over_a_slide(tmp_path, settings):
    path = tmp_path / "slide.wav"
    slurred = [SungNote(0.3, 0.5, 60), SungNote(0.8, 0.5, 64, glide_s=0.1)]
    soundfile.write(path, sing(slurred, sample_rate_hz=RATE).samples, RATE)
    locked = simulate(open_recording(path), open_live_path(replace(settings, note_change="lock")), None)
    followed = simulate(open_recording(path), open_live_path(settings), None)
    assert [round(note.said.pitch_midi) for note in locked.notes] == [60]
    assert [round(note.said.pitch_midi) for note in followed.notes] == [60, 64]


@pytest.mark.parametrize("policy", ["eager", "hold", "lock"])
def test_note_change_and_gate_reach_the_decoder(settings, policy):
    decoder = open_live_path(replace(settings, note_change=policy, gate=False)).decoder
    assert (decoder.policy, decoder.gate) == (policy, False)


@pytest.mark.parametrize(
    ("line", "said"),
    [("look_ahead_ms = 30", "one of 20, 50, 100"), ('note_change = "late"', "eager, hold, lock"), ("gate = 1", "bool")],
)
def test_an_unknown_live_setting_is_refused_with_what_is_known(tmp_path, line, said):
    path = tmp_path / "config.toml"
    path.write_text(f"[live]\n{line}\n")
    with pytest.raises(ConfigError, match=said):
        load_settings(path)


def test_controllers_that_were_asked_for_move_and_say_when_they_knew(melody, settings):
    asked = replace(settings, vowel_openness=74, envelope=11)
    table = live_json(simulate(open_recording(melody), open_live_path(asked), None))
    moved = table["controls"]
    assert {(each["source"], each["controller"]) for each in moved} == {("vowel_openness", 74), ("envelope", 11)}
    times = [each["emitted_s"] for each in moved]
    assert times == sorted(times)
    assert max(each["value"] for each in moved if each["source"] == "envelope") > 40
    assert live_json(simulate(open_recording(melody), open_live_path(settings), None))["controls"] == []


@pytest.mark.parametrize("pitch", [50, 62])
def test_a_held_vowel_of_the_test_singer_moves_nothing_after_it_has_settled(pitch, settings, tmp_path):
    path = tmp_path / "held.wav"
    soundfile.write(path, sing([SungNote(0.3, 3.0, pitch, "a")], sample_rate_hz=RATE).samples, RATE)
    asked = replace(settings, **{f"vowel_{vowel}": 20 + k for k, vowel in enumerate("aeiou")}, gate=False)
    controls = simulate(open_recording(path), open_live_path(asked), None).controls
    assert any(control.decided < 1.0 * RATE for control in controls)
    assert [control for control in controls if 1.0 * RATE < control.decided < 3.2 * RATE] == []
