"""The weights that lie beside the training code hear what the test singer sings, and are what their card says."""

import hashlib
import re

import numpy as np
import onnxruntime
import pytest
from training.voice.evaluate import found_in, frames_of

from needs import ROOT
from synth import SungNote, sing
from vocalmidi.events import ScoreSettings
from vocalmidi.frames.features import CONSIDERED, F0_BINS, FrameSpectra, phrase_picture
from vocalmidi.frames.heads import VOWEL_CLASSES, Heads

WEIGHTS = ROOT / "training" / "voice" / "weights"
TUNE = [SungNote(0.3 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 67, 64, 60))]


def test_the_card_names_the_file_it_describes():
    named = re.search(r"^sha256: (\w+)$", (WEIGHTS / "considered.md").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert hashlib.sha256((WEIGHTS / "considered.onnx").read_bytes()).hexdigest() == named


def test_a_sung_tune_is_heard_note_for_note():
    session = onnxruntime.InferenceSession(WEIGHTS / "considered.onnx", providers=["CPUExecutionProvider"])
    sung = sing(TUNE, 16_000)
    heads = session.run(["heads"], {"picture": phrase_picture(sung.samples, FrameSpectra(CONSIDERED))[None]})[0][0]
    assert heads.shape[1] == 13 + F0_BINS
    # These weights know no vowels.
    heads = np.insert(heads, [Heads.VOWELS.start] * VOWEL_CLASSES, 0.0, axis=1)
    notes = found_in(frames_of(heads, np.full(len(heads), -20.0, np.float32)), ScoreSettings(syllable_share=0.0))
    assert np.round(notes[:, 2]).tolist() == [note.pitch_midi for note in TUNE]
    assert notes[:, 0] == pytest.approx([note.onset_s for note in sung.notes], abs=0.05)
