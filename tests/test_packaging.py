"""What a wheel must hold, and what importing must not need."""

import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

from packaging.requirements import Requirement

from needs import ROOT
from vocalmidi.inference.providers import CUDA_ADVICE

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_folder_is_listed():
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {
        "vocalmidi" + "".join(f".{part}" for part in path.parent.relative_to(ROOT / "daemon" / "vocalmidi").parts)
        for path in (ROOT / "daemon" / "vocalmidi").rglob("__init__.py")
    }
    assert listed == found | {"native_ringbuf", "vocalmidi.models", "vocalmidi.reaper_scripts"}


def test_models_demo_and_scripts_are_found_by_import():
    for package, name in (
        ("vocalmidi.models", "voice_considered.onnx"),
        ("vocalmidi.models", "voice_live.onnx"),
        ("vocalmidi", "demo/demo_voice.flac"),
        ("vocalmidi.reaper_scripts", "bridge.lua"),
        ("vocalmidi.reaper_scripts", "track_icons/Vocal MIDI/melody.png"),
        ("vocalmidi.arrange.genres", "trap.toml"),
        ("vocalmidi.arrange", "moods.toml"),
    ):
        assert resources.files(package).joinpath(name).is_file()


def test_every_file_read_at_run_time_is_packed():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    root = ROOT / "daemon" / "vocalmidi"
    packed = {
        path
        for package, globs in patterns.items()
        if package.split(".")[0] == "vocalmidi" and (root / Path(*package.split(".")[1:])).is_dir()
        for glob in globs
        for path in (root / Path(*package.split(".")[1:])).glob(glob)
    }
    found = {path for path in root.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert found <= packed


def test_every_script_and_icon_is_packed():
    root = ROOT / "reaper_scripts"
    packed = {
        path
        for glob in PROJECT["tool"]["setuptools"]["package-data"]["vocalmidi.reaper_scripts"]
        for path in root.glob(glob)
    }
    assert packed == {path for path in root.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}


def test_importing_opens_no_audio_midi_or_model_library():
    code = (
        "import sys, vocalmidi.cli, vocalmidi.app.job, vocalmidi.app.daemon, vocalmidi.app.doctor, native_ringbuf\n"
        "print(sorted({'sounddevice', 'rtmidi', 'torch', 'onnxruntime', 'matplotlib'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_exactly_one_onnxruntime_fits_each_machine():
    runtimes = [Requirement(line) for line in PROJECT["project"]["dependencies"] if line.startswith("onnxruntime")]
    machines = {
        ("linux", "x86_64"): "onnxruntime-gpu",
        ("win32", "AMD64"): "onnxruntime-gpu",
        ("darwin", "arm64"): "onnxruntime",
        ("linux", "aarch64"): "onnxruntime",
        ("win32", "ARM64"): "onnxruntime",
    }
    for (system, machine), name in machines.items():
        fitting = [r.name for r in runtimes if r.marker.evaluate({"sys_platform": system, "platform_machine": machine})]
        assert fitting == [name]


def test_what_is_advised_for_a_gpu_can_be_installed_beside_the_same_runtime():
    (extra,) = re.findall(r"'vocalmidi\[(\w+)\]'", CUDA_ADVICE)
    (brought,) = map(Requirement, PROJECT["project"]["optional-dependencies"][extra])
    plain = next(
        need for need in map(Requirement, PROJECT["project"]["dependencies"]) if need.name == "onnxruntime-gpu"
    )
    assert (brought.name, brought.extras) == (plain.name, {"cuda", "cudnn"})
    # Elsewhere it would be a second library of the same import name.
    assert str(brought.marker) == str(plain.marker)
