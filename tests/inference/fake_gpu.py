"""A GPU that is none: ONNX Runtime as it behaves with one, on the CPU, as quick, wrong or mortal as a test wants it.

Its sessions are the real ones of the CPU that say CUDA. Memory on the device is a copy, so that what is not copied
there or back is missed; a graph reads and writes the memory with which it was caught, whatever is bound later.
"""

import sys
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest

from vocalmidi.inference import bound, model, providers

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


class Value:
    """An OrtValue of the device."""

    def __init__(self, array):
        self.held = array.copy()

    def update_inplace(self, array):
        self.held[...] = array

    def numpy(self):
        return self.held.copy()


class Binding:
    """What is bound: values of the device, or memory of the CPU by its address."""

    def __init__(self, real):
        self.real, self.inputs, self.outputs = real, {}, {}

    def bind_ortvalue_input(self, name, value):
        self.inputs[name] = value

    def bind_ortvalue_output(self, name, value):
        self.outputs[name] = value

    def bind_input(self, *given):
        self.real.bind_input(*given)

    def bind_output(self, *given):
        self.real.bind_output(*given)


@dataclass
class Gpu:
    """How it behaves: what it does, and what became of it.

    slow_s: what each run takes more; wrong_by: added to each output; lives: runs before it is lost.
    """

    driver: bool = True
    libraries: bool = True
    starts: bool = True
    slow_s: float = 0.0
    wrong_by: float = 0.0
    lives: int = 10**9
    refuses_graphs: bool = False
    knows_graph_ids: bool = True
    runs: int = 0
    opened: list = field(default_factory=list)
    cpu_slow_s: float = 0.0

    def ran(self):
        self.runs += 1
        if self.runs > self.lives:
            raise RuntimeError("CUDA failure 999: unknown error")
        time.sleep(self.slow_s)


class Session:
    """A session that says it runs on the GPU, or on the CPU where that one is asked for."""

    def __init__(self, gpu, real, options):
        self.gpu, self.real, self.options, self.graphs = gpu, real, options, {}
        self.get_inputs, self.get_outputs = real.get_inputs, real.get_outputs

    @property
    def is_there(self):
        return self.options is not None

    def get_providers(self):
        return [CUDA, CPU] if self.is_there else [CPU]

    def run(self, names, feeds):
        if not self.is_there:
            time.sleep(self.gpu.cpu_slow_s)
            return self.real.run(names, feeds)
        self.gpu.ran()
        return [found + np.float32(self.gpu.wrong_by) for found in self.real.run(names, feeds)]

    def io_binding(self):
        return Binding(self.real.io_binding())

    def run_with_iobinding(self, binding, options):
        if not self.is_there:
            time.sleep(self.gpu.cpu_slow_s)
            self.real.run_with_iobinding(binding.real)
            return
        if "enable_cuda_graph" in self.options:
            graph = options.entries["gpu_graph_id"] if self.gpu.knows_graph_ids else "0"
            binding = self.graphs.setdefault(graph, binding)
        names = list(binding.outputs)
        found = self.run(names, {name: value.held for name, value in binding.inputs.items()})
        for name, array in zip(names, found, strict=True):
            binding.outputs[name].held[...] = array


class RunOptions:
    def __init__(self):
        self.entries = {}

    def add_run_config_entry(self, key, value):
        self.entries[key] = value


def runtime_with(gpu):
    """Return ONNX Runtime, with this GPU."""

    def session(content, options, providers, enable_fallback):
        assert not enable_fallback, "ONNX Runtime would fall back by itself, and say so on stdout alone"
        asked = [each for each in providers if isinstance(each, tuple)]
        real = onnxruntime.InferenceSession(content, options, providers=[CPU])
        if not asked or not gpu.starts:
            return Session(gpu, real, None)
        ((_, options),) = asked
        if gpu.refuses_graphs and "enable_cuda_graph" in options:
            raise RuntimeError("This session cannot use the CUDA Graph feature as requested by the user")
        gpu.opened.append(options)
        return Session(gpu, real, options)

    return SimpleNamespace(
        __file__=onnxruntime.__file__,
        SessionOptions=onnxruntime.SessionOptions,
        RunOptions=RunOptions,
        InferenceSession=session,
        OrtValue=SimpleNamespace(ortvalue_from_numpy=lambda array, _device, _number: Value(array)),
        get_available_providers=lambda: [CUDA, CPU],
        set_default_logger_severity=lambda _: None,
        preload_dlls=lambda: sys.stdout.write("Failed to load libcublasLt.so.13\n"),
    )


@pytest.fixture
def gpu(monkeypatch):
    """A GPU in this computer; what it is like is set before a model is opened."""
    gpu = Gpu()
    runtime = runtime_with(gpu)
    for room in (providers, model, bound):
        monkeypatch.setattr(room, "runtime", lambda: runtime)

    def load_library(name):
        if not gpu.driver or (CUDA_LIBRARY in name and not gpu.libraries):
            raise OSError("libcublasLt.so.13: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(providers, "load_library", load_library)
    return gpu


CUDA_LIBRARY = providers.CUDA_LIBRARY
