"""The training itself, on a minute of made-up sound: without SSVD, resumed, by two processes, and what it leaves."""

import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from needs import ROOT, libraries

libraries("torch", "pyworld", "zstandard")

import torch
from training.voice import train_voice
from training.voice.data_batches import Pool
from training.voice.data_voice import Sample, write
from training.voice.model_voice import Config
from training.voice.model_voice_live import LiveConfig
from training.voice.train_voice import Recipe, Trainer, step

SMALL = Config(first_channels=4, pitch_channels=4, pitch_features=8, mel_channels=8, hidden=8)
SMALL_LIVE = LiveConfig(first_channels=4, pitch_channels=4, pitch_features=8, mel_channels=8, hidden=8)
SHORT = Recipe(frames=60, batch=2, steps=4, warmup=2, most_ssvd=0.0)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shared folder with a room and a noise but no SSVD, and two synthetic clips."""
    folder = tmp_path_factory.mktemp("material")
    rng = np.random.default_rng(0)
    for name, sound in (("rooms/box", np.eye(1, 800)[0]), ("noise/hiss", 0.1 * rng.standard_normal(64_000))):
        (folder / name).parent.mkdir(parents=True)
        soundfile.write(folder / f"{name}.flac", sound, 16_000)
    (folder / "synthetic").mkdir()
    for number, hz in enumerate((220.0, 330.0)):
        sound = 0.3 * np.sin(2 * np.pi * hz * np.arange(96_000) / 16_000)
        f0_hz = np.full(600, hz, np.float32)
        notes = np.array([[0.0, 6.0, 69.0 + 12.0 * np.log2(hz / 440.0)]])
        write(folder / f"synthetic/{number:05d}.npz", Sample(sound, f0_hz, notes, np.zeros((0, 2)), "test"))
    return folder


def command(material: Path, out: Path, *more: str) -> list[str]:
    return ["--out", str(out), "--shared", str(material), "--synthetic", str(material / "synthetic"), *more]


def test_one_flag_trains_without_ssvd(material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not (material / "vocal").exists()  # so that opening any file of SSVD fails, as it does without the flag
    monkeypatch.setattr(sys, "argv", ["train_voice", *command(material, tmp_path / "with", "--steps", "2")])
    with pytest.raises(FileNotFoundError, match="ssvd2"):
        train_voice.main()
    monkeypatch.setattr(sys, "argv", ["train_voice", *command(material, tmp_path, "--steps", "2", "--no-ssvd")])
    train_voice.main()
    held = torch.load(tmp_path / "last.pt")
    assert held["step"] == 2
    assert held["recipe"] == asdict(Recipe(steps=2, most_ssvd=0.0))


def test_a_checkpoint_says_all_that_it_depends_on(material: Path, tmp_path: Path) -> None:
    pool = Pool(material, material / "synthetic", use_ssvd=False, seed=1)
    Trainer(SMALL, SHORT, "cpu").save(tmp_path / "c.pt", pool.fingerprint())
    held = torch.load(tmp_path / "c.pt")
    assert held["config"] == asdict(SMALL)
    assert held["recipe"] == asdict(SHORT)
    assert "seed" in held["recipe"]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert held["commit"] == head.stdout.strip()
    assert held["material"] == pool.fingerprint()


def test_the_hash_of_the_material_tells_sounds_apart_not_names(material: Path, tmp_path: Path) -> None:
    def hash_of(folder: Path, seed: int = 1) -> str:
        return Pool(material, folder, use_ssvd=False, seed=seed).fingerprint()

    original = material / "synthetic" / "00000.npz"
    (tmp_path / "00000.npz").write_bytes(original.read_bytes())
    first = hash_of(tmp_path)
    assert hash_of(tmp_path) == first
    (tmp_path / "00000.npz").write_bytes((material / "synthetic" / "00001.npz").read_bytes())
    assert hash_of(tmp_path) != first


@pytest.mark.parametrize("config", [SMALL, SMALL_LIVE])
def test_a_training_that_stopped_and_went_on_is_the_same(
    config: Config | LiveConfig, material: Path, tmp_path: Path
) -> None:
    config = replace(config, dropout=0.3)  # what is random while learning must come back too
    pool = Pool(material, material / "synthetic", use_ssvd=False, seed=1)
    whole = Trainer(config, SHORT, "cpu")
    for _ in range(4):
        step(whole, pool, 0)
    stopped = Trainer(config, SHORT, "cpu")
    for _ in range(2):
        step(stopped, pool, 0)
    stopped.save(tmp_path / "c.pt", pool.fingerprint())
    torch.manual_seed(99)
    resumed = Trainer(config, SHORT, "cpu")
    resumed.resume(tmp_path / "c.pt")
    again = Pool(material, material / "synthetic", use_ssvd=False, seed=1)
    for _ in range(2):
        step(resumed, again, 0)
    for one, other in zip(whole.mean.parameters(), resumed.mean.parameters(), strict=True):
        assert torch.equal(one, other)


def test_two_processes_train_one_model(material: Path, tmp_path: Path) -> None:
    several = [sys.executable, "-W", "ignore", "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    asked = ["-m", "training.voice.train_voice", *command(material, tmp_path, "--live", "--no-ssvd", "--steps", "2")]
    done = subprocess.run([*several, *asked], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert torch.load(tmp_path / "last.pt")["step"] == 2
