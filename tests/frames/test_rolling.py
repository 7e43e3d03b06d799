"""The considered pass of somebody who still sings hears what a recording heard whole tells."""

from dataclasses import replace

import numpy as np
import pytest

from needs import shared
from synth import SungNote, room_noise, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.capture import open_recording
from vocalmidi.events import transcribe
from vocalmidi.frames import RollingAnalyser, analyse, features, frames_between
from vocalmidi.values import AudioBlock, Frames

TUNE = [SungNote(0.4 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 60))]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


def blocks(samples, rate, size):
    return [AudioBlock(at, rate, samples[at : at + size]) for at in range(0, len(samples), size)]


def rolled(ears, samples, rate, size):
    """Return the analyser after all blocks, and what settled meanwhile."""
    analyser, settled = RollingAnalyser(rate, ears.voice, timbre=ears.timbre), []
    for block in blocks(samples, rate, size):
        analyser.take(block)
        while (frames := analyser.settle()) is not None:
            settled.append(frames)
    return analyser, settled


def clip(name, seconds):
    recording = open_recording(shared("data/vocal") / name)
    samples = np.concatenate([block.samples for block in recording.blocks()])
    return samples[: seconds * recording.sample_rate_hz], recording.sample_rate_hz


@pytest.mark.parametrize("name", ["ssvd2/1011.flac", "beatboxset1/callout_adiao.flac"])
def test_what_is_heard_while_it_is_sung_is_what_the_whole_recording_tells(ears, name):
    samples, rate = clip(name, 16)
    analyser, settled = rolled(ears, samples, rate, rate // 10)
    whole = transcribe(analyse(blocks(samples, rate, rate), ears.voice, timbre=ears.timbre))
    rolling = transcribe(Frames.joined([*settled, analyser.waiting()]))
    same = [
        note
        for note in whole.notes
        if any(
            abs(note.onset - other.onset) < 0.05 * rate and abs(note.pitch_midi - other.pitch_midi) < 0.5
            for other in rolling.notes
        )
    ]
    assert len(same) >= 0.95 * len(whole.notes)
    assert len(rolling.notes) <= 1.05 * len(whole.notes) + 1
    places = [(hit.label, hit.onset) for hit in rolling.hits]
    assert [hit for hit in whole.hits if (hit.label, hit.onset) not in places] == []
    assert len(whole.notes) + len(whole.hits) > 20


def test_asking_for_what_waits_changes_nothing(ears):
    samples = np.concatenate([sing(TUNE, 16000).samples, room_noise(3.0, 16000, level_db=-70.0, seed=3)])
    asked, silent = (RollingAnalyser(16000, ears.voice, timbre=ears.timbre) for _ in range(2))
    for block in blocks(samples, 16000, 1600):
        asked.take(block)
        silent.take(block)
        asked.waiting()
        first, second = asked.settle(), silent.settle()
        assert (first is None) == (second is None)
        assert first is None or first.same_as(second)
    assert asked.waiting().same_as(silent.waiting())


def test_what_waits_is_all_that_has_not_settled(ears):
    samples = sing(TUNE, 44100).samples
    analyser, settled = rolled(ears, samples, 44100, 4410)
    waiting = analyser.waiting()
    stop = settled[-1].sample_at(len(settled[-1]))
    assert abs(waiting.start - stop) <= 1
    # The resampler still holds a tenth of a second at most.
    assert waiting.sample_at(len(waiting)) > len(samples) - 0.13 * 44100


def test_how_far_behind_it_is_is_how_often_it_can_settle(ears):
    analyser = RollingAnalyser(16000, ears.voice)
    analyser.take(AudioBlock(0, 16000, sing(TUNE, 16000).samples))
    for left in range(analyser.behind, 0, -1):
        assert analyser.behind == left
        assert analyser.settle() is not None
    assert analyser.settle() is None


def test_pieces_that_overlap_are_joined_once_and_cut_to_the_span(ears):
    samples = sing(TUNE, 44100).samples
    analyser, settled = rolled(ears, samples, 44100, 4410)
    early = RollingAnalyser(44100, ears.voice, timbre=ears.timbre)
    early.take(AudioBlock(0, 44100, samples))
    frames = frames_between([*settled, early.waiting(), analyser.waiting()], 22050, 110250)
    assert len(frames) == pytest.approx(200, abs=1)
    assert abs(frames.start - 22050) <= 441
    joined = Frames.joined([*settled, analyser.waiting()])
    first = round((frames.start - joined.start) / 441)
    settled_count = sum(len(piece) for piece in settled) - first
    assert np.array_equal(frames.f0_hz[:settled_count], joined.f0_hz[first : first + min(settled_count, len(frames))])


def test_a_span_of_no_frames_is_empty(ears):
    analyser, _ = rolled(ears, np.zeros(1600, np.float32), 16000, 1600)
    assert len(frames_between([analyser.waiting()], 50000, 60000)) == 0


class Counted:
    """A model that counts how often it runs."""

    def __init__(self, model):
        self.card, self.runs, self._model = model.card, 0, model

    def run(self, **inputs):
        self.runs += 1
        return self._model.run(**inputs)


def test_in_long_silence_the_model_rests_and_says_the_same(ears, monkeypatch):
    """Switched off, or with a muted microphone, an hour costs next to nothing; afterwards it hears as before."""
    tune = sing(TUNE, 16_000).samples
    sound = np.concatenate([tune, np.zeros(60 * 16_000, np.float32), tune])
    counted = Counted(ears.voice)
    resting = replace(ears, voice=counted)
    analyser, settled = rolled(resting, sound, 16_000, 1600)
    known = [*settled, analyser.waiting()]
    assert counted.runs < len(sound) / 16_000 - 20
    monkeypatch.setattr(np, "array_equal", lambda *_: False)
    monkeypatch.setattr(features, "_is_silent", lambda _: False)
    analyser, settled = rolled(ears, sound, 16_000, 1600)
    monkeypatch.undo()
    for mine, whole in zip(known, [*settled, analyser.waiting()], strict=True):
        for name in ("f0_hz", "voicing", "level_db", "onset", "active", "vowel"):
            assert np.array_equal(getattr(mine, name), getattr(whole, name)), name
