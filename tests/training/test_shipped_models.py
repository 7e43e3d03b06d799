"""The shipped files against torch: weights read back from ONNX's initialisers, on pictures of singing.

Checkpoints aren't in the repository, so that the networks of `training.voice` are filled from the files: what is
compared is how both compute, not where the numbers come from. `tests/training` exports small fresh models.
"""

from importlib.resources import files

import numpy as np
import pytest

import needs

needs.libraries("torch", "onnx")

import onnx
import torch
from training.voice.model_voice import Config, VoiceModel
from training.voice.model_voice_live import LiveConfig, LiveModel

from synth import add_noise, scale_notes, sing
from vocalmidi.frames.features import (
    CONSIDERED,
    LIVE,
    FrameSpectra,
    followed_reference_db,
    phrase_levels,
    phrase_reference_db,
    picture,
)
from vocalmidi.inference import open_model

GATES = [0, 2, 3, 1]
"""Where torch's input, forget, cell and output gates are among ONNX's input, output, forget, cell."""


def weights_of(name):
    """Return the initialisers of a shipped model and its nodes, in order."""
    graph = onnx.load_from_string(files("vocalmidi.models").joinpath(f"{name}.onnx").read_bytes()).graph
    return {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}, list(graph.node)


def gates_of_torch(array):
    """Return (4 h, ...) of ONNX with its gates in torch's order."""
    parts = np.split(array, 4)
    return np.concatenate([parts[k] for k in GATES])


def vowel_channels(name):
    """Return how wide the vowels' branch of the file is, 0 where it has none."""
    first = weights_of(name)[0].get("vowels.first.weight")
    return 0 if first is None else len(first)


def fill(model, name):
    """Give a torch model the weights of the file."""
    held, nodes = weights_of(name)
    state = {key: held[key] for key in model.state_dict() if key in held}
    products = [held[i] for node in nodes if node.op_type == "MatMul" for i in node.input if i in held]
    named = ["tones.pitch.weight", "heads.weight", *(f"vowels.{name}.weight" for name in ("mix", "say"))]
    for key, product in zip(named if vowel_channels(name) else named[:2], products, strict=True):
        state[key] = product.T
    for layer, node in enumerate(node for node in nodes if node.op_type == "LSTM"):
        inner, outer, bias = (held[i] for i in node.input[1:4])
        for side, ending in enumerate(["", "_reverse"][: len(inner)]):
            own = {
                "weight_ih": gates_of_torch(inner[side]),
                "weight_hh": gates_of_torch(outer[side]),
                "bias_ih": gates_of_torch(np.split(bias[side], 2)[0]),
                "bias_hh": gates_of_torch(np.split(bias[side], 2)[1]),
            }
            state |= {f"recurrent.{key}_l{layer}{ending}": value for key, value in own.items()}
    model.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in state.items()})
    return model.eval()


@pytest.fixture(scope="module")
def sound():
    sung = sing(scale_notes([50, 57, 60, 64, 67, 72], 0.45), 16_000).samples
    return add_noise(sung, 25, 16_000).astype(np.float32)


def test_the_considered_file_computes_what_torch_does(sound):
    levels = phrase_levels(sound, FrameSpectra(CONSIDERED))
    shown = picture(levels, phrase_reference_db(levels.frames_db))[None]
    with torch.no_grad():
        wanted = fill(VoiceModel(Config(vowel_channels=vowel_channels("voice_considered"))), "voice_considered")(
            torch.from_numpy(shown)
        ).numpy()
    assert np.abs(wanted).max() > 3.0
    assert np.abs(open_model("voice_considered", "cpu").run(picture=shown)["heads"] - wanted).max() < 1e-4


def test_the_live_file_computes_what_torch_does(sound):
    levels = phrase_levels(sound, FrameSpectra(LIVE))
    shown = torch.from_numpy(picture(levels, followed_reference_db(levels.frames_db)))[None]
    network = fill(LiveModel(LiveConfig(vowel_channels=vowel_channels("voice_live"))), "voice_live")
    seen = network.from_nothing(shown)
    with torch.no_grad():
        wanted = network(*seen)
    found = open_model("voice_live", "cpu").run(
        **dict(zip(("picture", "hidden", "cell"), (part.numpy() for part in seen), strict=True))
    )
    assert np.abs(wanted[0].numpy()).max() > 3.0
    assert np.abs(found["heads"] - wanted[0].numpy()).max() < 1e-4
    # Cells have values of 50 and more.
    for key, part in zip(("hidden_out", "cell_out"), wanted[1:], strict=True):
        np.testing.assert_allclose(found[key], part.numpy(), rtol=1e-4, atol=1e-4)
