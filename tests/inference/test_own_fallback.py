"""ONNX Runtime is not left to fall back by itself: it says so on stdout alone, and the model would not know."""

import numpy as np
import pytest
from onnxruntime import InferenceSession
from onnxruntime.capi.onnxruntime_pybind11_state import EPFail

from vocalmidi.inference import open_model
from vocalmidi.inference.providers import new_session


class Lost:
    """What a session holds when its device has gone."""

    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def run(self, *_):
        raise EPFail("CUDA failure 999")


def test_a_device_that_fails_in_a_run_is_heard_of(capfd):
    model = open_model("timbre", "cpu")
    model.session._sess = Lost(model.session._sess)
    with pytest.raises(EPFail):
        model.run(patch=np.zeros((1, 64, 40)), age=np.zeros(1))
    assert capfd.readouterr().out == ""


def test_a_session_that_cannot_be_made_is_heard_of(monkeypatch, capfd):
    def refuses(*_):
        raise RuntimeError("This session cannot use the CUDA Graph feature as requested by the user")

    monkeypatch.setattr(InferenceSession, "_create_inference_session", refuses)
    with pytest.raises(RuntimeError, match="cannot use the CUDA Graph"):
        new_session(b"", "cpu")
    assert capfd.readouterr().out == ""
