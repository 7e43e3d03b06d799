"""A model's card: it names the very file, says what was measured by which command, and what was not."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from needs import libraries

libraries("torch", "onnx", "pyworld")

from training.voice import export_onnx
from training.voice.card import FIGURES, card
from training.voice.model_voice import Config
from training.voice.model_voice_live import LiveConfig
from training.voice.train_voice import Recipe, Trainer

from vocalmidi.inference.card import _heading

SIZES = (Config(4, 4, 8, 8, 8), LiveConfig(4, 4, 8, 8, 8))
SCORES = {
    "con": 0.9,
    "conp": 0.8,
    "conpoff": 0.7,
    "conp100": 0.85,
    "right": 90,
    "pitched": 100,
    "alarms": 1,
    "silent": 50,
}
COMPARE = {
    "scores": [
        {"group": "set, clean", "system": name, **SCORES, "conp100": value}
        for name, value in (("considered own", 0.95), ("live50 own", 0.93), ("swift-f0 own", 0.81), ("pyin *", 0.82))
    ],
    "cpu_s_per_s": {"considered": 0.01, "live50": 0.05},
}


def written(config: Config | LiveConfig, folder: Path, figures: dict[str, object], most_ssvd: float = 0.3) -> str:
    trainer = Trainer(config, Recipe(most_ssvd=most_ssvd), "cpu")
    trainer.save(folder / "c.pt", "abcdef")
    model = export_onnx.read(folder / "c.pt")
    write = export_onnx.export_live if isinstance(config, LiveConfig) else export_onnx.export
    write(model, folder / "voice.onnx")
    known = {name: json.loads(json.dumps(figures.get(name))) for name in FIGURES}
    return card(folder / "c.pt", folder / "voice.onnx", "1.2.3", "|source|\n|-|", known)


@pytest.mark.parametrize("config", SIZES)
def test_the_head_is_what_the_program_reads(config: Config | LiveConfig, tmp_path: Path) -> None:
    head = _heading(written(config, tmp_path, {}))
    digest = hashlib.sha256((tmp_path / "voice.onnx").read_bytes()).hexdigest()
    assert head == {
        "name": "voice",
        "version": "1.2.3",
        "source": "training/voice of this repository",
        "licence": "MIT",
        "sha256": digest,
    }


@pytest.mark.parametrize("config", SIZES)
def test_what_was_not_measured_is_said_with_the_command_that_would(config: Config | LiveConfig, tmp_path: Path) -> None:
    text = written(config, tmp_path, {})
    assert len(re.findall("Not measured for these weights", text)) >= 3
    assert FIGURES["compare"] in text
    assert "hash of the examples abcdef" in text


def test_figures_stand_beside_the_best_rival(tmp_path: Path) -> None:
    text = written(SIZES[0], tmp_path, {"compare": COMPARE})
    (row,) = [line for line in text.splitlines() if line.startswith("| set, clean")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "set, clean", "considered", "0.900", "0.800", "0.700", "0.950", "0.900", "0.020",
        "0.820 pyin in the common segmentation",
    ]  # fmt: skip


def test_ssvd_is_named_only_where_it_was_heard(tmp_path: Path) -> None:
    assert "30% of the crops" in written(SIZES[0], tmp_path, {})
    assert "SSVD was left out" in written(SIZES[0], tmp_path, {}, most_ssvd=0.0)
