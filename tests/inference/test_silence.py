"""ONNX Runtime tells nobody what is run: where its reporting is on, it leaves an identity and a queue in the cache."""

import os
import subprocess
import sys

from needs import ROOT

ASK = "from vocalmidi.inference import open_model; print(open_model('timbre', 'cpu').provider)"
SUPPRESSING = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
"""What keeps it quiet in tests of others, and would hide that it is not in a user's hands."""


def test_a_model_that_runs_leaves_no_report(tmp_path):
    outside = {name: value for name, value in os.environ.items() if name not in SUPPRESSING}
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "USERPROFILE", "LOCALAPPDATA")}
    told = subprocess.run([sys.executable, "-c", ASK], env=outside | home, capture_output=True, text=True, check=True)
    assert told.stdout == "cpu\n"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_of_ours_imports_it_by_another_way():
    importing = "import onnxruntime", "from onnxruntime", 'import_module("onnxruntime'
    folder = ROOT / "daemon" / "vocalmidi"
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    assert [name for name, text in texts.items() if any(each in text for each in importing)] == [
        "inference/providers.py"
    ]
