from importlib.resources import files

import pytest

from vocalmidi.inference import open_model
from vocalmidi.inference.card import MODELS_PACKAGE

SHIPPED = sorted(
    file.name.removesuffix(".onnx") for file in files(MODELS_PACKAGE).iterdir() if file.name[-5:] == ".onnx"
)
MOST_BYTES = 8_000_000


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_network_is_small_has_the_hash_on_its_card(name):
    assert len(files(MODELS_PACKAGE).joinpath(f"{name}.onnx").read_bytes()) <= MOST_BYTES
    model = open_model(name, "cpu")
    assert model.card.name == name


def test_both_drum_networks_answer_the_same_question():
    one, mean = (open_model(name, "cpu") for name in ("drums", "drums_tap"))
    assert one.input_shapes == mean.input_shapes
    loops, steps, features = 3, *one.input_shapes["steps"][1:]
    asked = {"steps": [[[0.0] * features] * steps] * loops, "style": [0.0] * loops, "kind": [0.0] * loops}
    for model in (one, mean):
        told = model.run(**asked)
        assert {name: part.shape for name, part in told.items()} == dict.fromkeys(
            ("logits", "velocity", "shift"), (loops, steps, 9)
        )
