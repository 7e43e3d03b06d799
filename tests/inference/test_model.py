import hashlib
import subprocess
import sys

import numpy as np
import pytest

from vocalmidi.errors import FramesError
from vocalmidi.frames.features import CONSIDERED, WIDTH, FrameSpectra, phrase_picture
from vocalmidi.frames.heads import PAST, Heads
from vocalmidi.frames.posteriors import read_heads
from vocalmidi.inference import open_model, read_card


def tone(f0_hz, seconds=1.0):
    return np.sin(2 * np.pi * f0_hz * np.arange(round(16_000 * seconds)) / 16_000).astype(np.float32)


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Return a folder that stands in for the package of models."""
    folder = tmp_path / "stand_in_models"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("vocalmidi.inference.card.MODELS_PACKAGE", "stand_in_models")
    monkeypatch.setattr("vocalmidi.inference.model.MODELS_PACKAGE", "stand_in_models")
    yield folder
    sys.modules.pop("stand_in_models", None)


def write_card(folder, file, content, **changed):
    heading = {"name": file, "version": "1", "source": "here", "licence": "MIT"}
    heading |= {"sha256": hashlib.sha256(content).hexdigest()} | changed
    lines = [f"{key}: {value}" for key, value in heading.items() if value]
    (folder / f"{file}.md").write_text("\n".join(["---", *lines, "---", "prose"]), encoding="utf-8")


def test_the_considered_model_hears_a_tone_and_says_where_it_runs():
    model = open_model("voice_considered", "cpu")
    heads = model.run(picture=phrase_picture(tone(220.0), FrameSpectra(CONSIDERED))[None])["heads"]
    assert model.provider == "cpu"
    assert heads.shape == (1, 100, Heads.OUTPUTS)
    assert abs(1200 * np.log2(np.median(read_heads(heads[0]).f0_hz[20:80]) / 220.0)) < 15


def test_shapes_of_inputs_are_told_with_what_may_vary():
    shapes = open_model("voice_live", "cpu").input_shapes
    assert set(shapes) == {"picture", "hidden", "cell"}
    assert shapes["picture"] == (1, "seen", WIDTH)
    assert shapes["hidden"] == shapes["cell"]


def test_bound_runs_are_the_plain_ones_over_the_same_memory():
    model = open_model("voice_live", "cpu")
    rng = np.random.default_rng(0)
    given = {
        name: rng.random([PAST + 1 if length == "seen" else length for length in shape]).astype(np.float32)
        for name, shape in model.input_shapes.items()
    }
    bound = model.bound(**given)
    held = bound.outputs["heads"]
    for _ in range(2):
        given["picture"][:] = rng.random(given["picture"].shape)
        bound.run()
        for name, plain in model.run(**given).items():
            np.testing.assert_array_equal(bound.outputs[name], plain)
    assert bound.outputs["heads"] is held


def test_other_inputs_than_the_models_are_refused():
    model = open_model("voice_live", "cpu")
    with pytest.raises(FramesError, match=r"voice_live takes \['cell', 'hidden', 'picture'\], not \['audio'\]"):
        model.run(audio=np.zeros(3))
    with pytest.raises(FramesError, match="takes"):
        model.bound(audio=np.zeros(3, np.float32))


@pytest.mark.parametrize("picture", [np.zeros((1, 9, WIDTH)), np.zeros((1, 9, 2 * WIDTH), np.float32)[..., ::2]])
def test_memory_that_cannot_be_bound_is_refused(picture):
    model = open_model("voice_live", "cpu")
    state = np.zeros(model.input_shapes["hidden"], np.float32)
    with pytest.raises(ValueError, match="contiguous float32"):
        model.bound(picture=picture, hidden=state, cell=state.copy())


def test_auto_gives_what_really_runs_and_keeps_quiet_about_it(capfd):
    assert open_model("voice_considered").provider in ("cpu", "cuda")
    assert capfd.readouterr().err == ""


def test_cuda_asked_for_in_vain_is_an_error_with_advice():
    if open_model("voice_considered").provider == "cuda":
        assert open_model("voice_considered", "cuda").provider == "cuda"
    else:
        with pytest.raises(FramesError, match="CUDA 13 and cuDNN 9"):
            open_model("voice_considered", "cuda")


def test_an_unknown_provider_is_refused():
    with pytest.raises(ValueError, match="must be auto, cpu, cuda"):
        open_model("voice_considered", "gpu")


def test_the_card_names_source_licence_and_hash():
    card = read_card("voice_considered")
    assert card.licence == "MIT"
    assert card.source.startswith("training/voice")
    assert len(card.sha256) == 64


def test_a_model_without_a_card_is_missing():
    with pytest.raises(FramesError, match=r"no_such_model\.md is not in"):
        open_model("no_such_model", "cpu")


def test_a_name_that_is_a_path_is_refused():
    with pytest.raises(ValueError, match="letters, digits and underscores"):
        open_model("../voice_live", "cpu")


def test_a_model_without_its_file_is_missing(models):
    write_card(models, "gone", b"")
    with pytest.raises(FramesError, match=r"gone\.onnx is not in"):
        open_model("gone", "cpu")


def test_one_changed_byte_is_noticed(models):
    write_card(models, "hurt", b"the whole")
    (models / "hurt.onnx").write_bytes(b"the while")
    with pytest.raises(FramesError, match="damaged"):
        open_model("hurt", "cpu")


def test_weights_in_another_file_are_refused(models):
    content = b"\x08\x08" + b"\x0a\x08location\x12\x0bweights.bin"
    write_card(models, "split", content)
    (models / "split.onnx").write_bytes(content)
    with pytest.raises(FramesError, match="another file"):
        open_model("split", "cpu")


def test_a_file_that_is_no_network_is_refused(models):
    write_card(models, "prose", b"not a network")
    (models / "prose.onnx").write_bytes(b"not a network")
    with pytest.raises(FramesError, match="ONNX Runtime can't read it"):
        open_model("prose", "cpu")


@pytest.mark.parametrize("missing", ["version", "licence", "sha256"])
def test_an_incomplete_card_is_refused(models, missing):
    write_card(models, "bare", b"", **{missing: None})
    with pytest.raises(FramesError, match=missing):
        open_model("bare", "cpu")


def test_a_card_of_another_model_is_refused(models):
    write_card(models, "mine", b"", name="yours")
    with pytest.raises(FramesError, match="describes 'yours'"):
        open_model("mine", "cpu")


def test_importing_costs_no_onnxruntime():
    code = "import sys, vocalmidi.inference, vocalmidi.frames, vocalmidi.events; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
