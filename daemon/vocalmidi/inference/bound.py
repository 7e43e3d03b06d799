"""Runs of one network over the same memory every time, for the live hop.

Comes in: arrays that the caller fills anew before each run. Goes out: arrays that each run writes over. On the CPU ONNX
Runtime reads and writes these very arrays. On a device it has memory of its own there, at addresses that stay, as a
CUDA graph needs it; what goes there and comes back is copied.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vocalmidi.inference.providers import CPU, runtime

Array = npt.NDArray[Any]
DEVICES = {"cuda": "cuda"}
"""Providers whose memory can be held from Python; the others take arrays of the CPU and copy by themselves."""
_graphs = count(1)


class Lender(Protocol):
    """Whose network it is."""

    @property
    def provider(self) -> str:
        """What it runs on in truth."""
        ...

    @property
    def session(self) -> Any:
        """The session that runs."""
        ...

    @property
    def has_graphs(self) -> bool:
        """Whether each run is a CUDA graph."""
        ...

    def fell_back(self, session: Any, error: Exception) -> bool:
        """Go over to the CPU where a device has failed; return whether there is another session now."""
        ...


class BoundRun:
    """Runs of one model over the same memory every time.

    outputs: by their names in the ONNX file; each run writes over them.
    """

    def __init__(self, lender: Lender, inputs: Mapping[str, Array], first: Mapping[str, Array]) -> None:
        """Read `inputs`; `first`: what a run on the CPU gives for them, for the shapes."""
        self._lender = lender
        self._held = dict(inputs)  # ONNX Runtime knows their addresses only
        # No numbers until it has run: what a device forgets to write is seen.
        self.outputs: dict[str, Array] = {
            name: np.full(array.shape, np.nan, array.dtype) for name, array in first.items()
        }
        self._there: dict[str, Any] = {}  # what is copied to a device
        self._back: dict[str, Any] = {}
        self._options: Any = None
        self._session: Any = None
        self._bind()

    def run(self) -> None:
        """Read the inputs, write the outputs; on the CPU where a device has failed meanwhile."""
        if self._session is not self._lender.session:
            self._bind()  # another run of the same model has seen its device fail
        try:
            self._run()
        except Exception as error:
            if not self._lender.fell_back(self._session, error):
                raise
            self._bind()
            self._run()

    def _run(self) -> None:
        for name, value in self._there.items():
            value.update_inplace(self._held[name])
        self._session.run_with_iobinding(self._binding, self._options)
        for name, value in self._back.items():
            self.outputs[name][...] = value.numpy()

    def _bind(self) -> None:
        self._session = self._lender.session
        self._binding = self._session.io_binding()
        self._there, self._back, self._options = {}, {}, None
        if self._lender.provider in DEVICES:
            self._bind_there(DEVICES[self._lender.provider])
        else:
            self._bind_here()

    def _bind_here(self) -> None:
        for name, array in self._held.items():
            self._binding.bind_input(name, CPU, 0, array.dtype, array.shape, array.ctypes.data)
        for name, array in self.outputs.items():
            self._binding.bind_output(name, CPU, 0, array.dtype, array.shape, array.ctypes.data)

    def _bind_there(self, device: str) -> None:
        if self._lender.has_graphs:
            # A graph holds the addresses with which it was caught, so each memory has a graph of its own.
            self._options = runtime().RunOptions()
            self._options.add_run_config_entry("gpu_graph_id", str(next(_graphs)))
        new = runtime().OrtValue.ortvalue_from_numpy
        self._there = {name: new(array, device, 0) for name, array in self._held.items()}
        self._back = {name: new(array, device, 0) for name, array in self.outputs.items()}
        for name, value in self._there.items():
            self._binding.bind_ortvalue_input(name, value)
        for name, value in self._back.items():
            self._binding.bind_ortvalue_output(name, value)


def check_memory(inputs: Mapping[str, Array]) -> None:
    """Raise ValueError where arrays can't be read in place."""
    for name, array in inputs.items():
        if array.dtype != np.float32 or not array.flags.c_contiguous:
            raise ValueError(f"input {name} must be contiguous float32, not {array.dtype} with strides {array.strides}")
