import hashlib
import subprocess
import sys

import numpy as np
import pytest

from vocalmidi.errors import FramesError
from vocalmidi.inference import open_model, read_card


def tone(f0_hz, seconds=1.0):
    return np.sin(2 * np.pi * f0_hz * np.arange(round(16_000 * seconds)) / 16_000)[None]


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


def test_the_pitch_model_hears_a_tone_and_says_where_it_runs():
    model = open_model("swift_f0", "cpu")
    answer = model.run(audio=tone(220.0), fmin=60.0, fmax=1000.0)
    assert model.provider == "cpu"
    assert abs(1200 * np.log2(np.median(answer["pitch"]) / 220.0)) < 10


def test_auto_gives_what_really_runs_and_keeps_quiet_about_it(capfd):
    assert open_model("swift_f0").provider in ("cpu", "cuda")
    assert capfd.readouterr().err == ""


def test_cuda_asked_for_in_vain_is_an_error_with_advice():
    if open_model("swift_f0").provider == "cuda":
        assert open_model("swift_f0", "cuda").provider == "cuda"
    else:
        with pytest.raises(FramesError, match="CUDA 13 and cuDNN 9"):
            open_model("swift_f0", "cuda")


def test_an_unknown_provider_is_refused():
    with pytest.raises(ValueError, match="must be auto, cpu or cuda"):
        open_model("swift_f0", "gpu")


def test_the_card_names_source_licence_and_hash():
    card = read_card("swift_f0")
    assert card.licence == "MIT"
    assert card.source.startswith("https://pypi.org/project/swift-f0/")
    assert len(card.sha256) == 64


def test_a_model_without_a_card_is_missing():
    with pytest.raises(FramesError, match=r"no_such_model\.md is not in"):
        open_model("no_such_model", "cpu")


def test_a_name_that_is_a_path_is_refused():
    with pytest.raises(ValueError, match="letters, digits and underscores"):
        open_model("../swift_f0", "cpu")


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
