"""The shipped weights hear what the test singer sings, and have the layout that the training code gives them."""

import numpy as np
import pytest

from needs import libraries

libraries("torch", "pyworld", "mir_eval")

from training.voice.evaluate import found_in, frames_of

from synth import SungNote, sing
from vocalmidi.events import ScoreSettings
from vocalmidi.frames.features import CONSIDERED, WIDTH, FrameSpectra, phrase_picture
from vocalmidi.frames.heads import PAST, Heads, LiveHeads
from vocalmidi.inference import open_model

TUNE = [SungNote(0.3 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 67, 64, 60))]


def test_a_sung_tune_is_heard_note_for_note() -> None:
    sung = sing(TUNE, 16_000)
    picture = phrase_picture(sung.samples, FrameSpectra(CONSIDERED))[None]
    heads = open_model("voice_considered", "cpu").run(picture=picture)["heads"][0]
    assert heads.shape[1] == Heads.OUTPUTS
    notes = found_in(frames_of(heads, np.full(len(heads), -20.0, np.float32)), ScoreSettings(syllable_share=0.0))
    assert np.round(notes[:, 2]).tolist() == [note.pitch_midi for note in TUNE]
    assert notes[:, 0] == pytest.approx([note.onset_s for note in sung.notes], abs=0.05)


def test_the_live_model_gives_its_heads_for_each_hop_and_a_state_for_the_next() -> None:
    model = open_model("voice_live", "cpu")
    state = np.zeros(model.input_shapes["hidden"], np.float32)
    said = model.run(picture=np.zeros((1, PAST + 3, WIDTH), np.float32), hidden=state, cell=state)
    assert said["heads"].shape == (1, 3, LiveHeads.OUTPUTS)
    assert said["hidden_out"].shape == said["cell_out"].shape == state.shape
