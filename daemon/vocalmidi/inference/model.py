"""Opens a network of the package and runs it with ONNX Runtime.

In: the name of a model and where it should run. Out: a `Model` that says where it does run; `Model.bound` gives
runs over the same memory every time, for the live hop.
The file's SHA-256 must be the one on its card before a byte of it is parsed. One thread and no spinning: the models
are small, run beside a real-time callback, and on a paced hop more threads only add jitter.
ONNX Runtime falls back to the CPU without a word, so what runs is read from the session, never from the list of
providers compiled in. It is imported on first use: commands that need no model must not pay for it.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vocalmidi.errors import FramesError
from vocalmidi.inference.card import MODELS_PACKAGE, ModelCard, read_card

Provider = Literal["auto", "cpu", "cuda"]
Array = npt.NDArray[Any]

ORT_NAMES = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
EXTERNAL_LOCATION = b"\x0a\x08location\x12"
"""How protobuf writes the key `location` of TensorProto.external_data: weights kept outside the hashed file."""
LOG_FATAL, LOG_WARNING = 4, 2
"""Severities of ONNX Runtime; warning is its default."""


class Model:
    """A network ready to run.

    card: what it is.
    provider: what it runs on in truth, `cpu` or `cuda`.
    """

    def __init__(self, card: ModelCard, session: Any) -> None:
        self.card = card
        self.provider = _running_on(session)
        self._session = session
        self._inputs = {given.name for given in session.get_inputs()}
        self._outputs = [output.name for output in session.get_outputs()]

    @property
    def input_shapes(self) -> Mapping[str, tuple[int | str, ...]]:
        """Return the shape of each input by its name; a word stands for a length that is chosen with each run."""
        return {given.name: tuple(given.shape) for given in self._session.get_inputs()}

    def run(self, **inputs: npt.ArrayLike) -> Mapping[str, Array]:
        """Return the outputs by their names in the ONNX file, for inputs by theirs (float32).

        Raises FramesError when the file has other inputs than these.
        """
        feeds = {name: np.asarray(value, np.float32) for name, value in inputs.items()}
        self._check_names(feeds)
        return dict(zip(self._outputs, self._session.run(self._outputs, feeds), strict=True))

    def bound(self, **inputs: Array) -> "BoundRun":
        """Return runs over these very arrays (float32, contiguous), which the caller fills anew before each."""
        self._check_names(inputs)
        return BoundRun(self._session, inputs)

    def _check_names(self, inputs: Mapping[str, Array]) -> None:
        if set(inputs) != self._inputs:
            raise FramesError(
                f"model {self.card.name} takes {sorted(self._inputs)}, not {sorted(inputs)}: reinstall vocalmidi"
            )


class BoundRun:
    """Runs of one model over the same memory every time.

    outputs: by their names in the ONNX file; each run writes over them.
    """

    def __init__(self, session: Any, inputs: Mapping[str, Array]) -> None:
        self._session = session
        self._binding = session.io_binding()
        self._held = dict(inputs)  # ONNX Runtime knows their addresses only
        outputs = session.get_outputs()
        for name, array in self._held.items():
            _checked(name, array)
        first = session.run([output.name for output in outputs], self._held)
        self.outputs = {output.name: np.ascontiguousarray(a) for output, a in zip(outputs, first, strict=True)}
        for name, array in self._held.items():
            self._binding.bind_input(name, "cpu", 0, _checked(name, array).dtype, array.shape, array.ctypes.data)
        for name, array in self.outputs.items():
            self._binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)

    def run(self) -> None:
        """Read the inputs, write the outputs."""
        self._session.run_with_iobinding(self._binding)


def _checked(name: str, array: Array) -> Array:
    if array.dtype != np.float32 or not array.flags.c_contiguous:
        raise ValueError(f"input {name} must be contiguous float32, not {array.dtype} with strides {array.strides}")
    return array


def open_model(name: str, provider: Provider = "auto") -> Model:
    """Return a network of the package; `auto` is CUDA where it works, else the CPU.

    Raises FramesError when the file is missing, damaged or keeps weights elsewhere, or CUDA was asked for in vain.
    """
    if provider not in ("auto", "cpu", "cuda"):
        raise ValueError(f"provider {provider!r} must be auto, cpu or cuda")
    card = read_card(name)
    content = _checked_bytes(card)
    try:
        session = _session(content, provider)
    except Exception as error:  # ONNX Runtime's errors share no root but this one
        raise FramesError(f"model {name}.onnx: ONNX Runtime can't read it: {error}") from error
    model = Model(card, session)
    if provider not in ("auto", model.provider):
        raise FramesError(
            f"model {name} can't run on {provider} here, only on {model.provider}: "
            "install CUDA 13 and cuDNN 9 with a driver that fits, or ask for auto"
        )
    return model


def _checked_bytes(card: ModelCard) -> bytes:
    path = files(MODELS_PACKAGE) / f"{card.name}.onnx"
    if not path.is_file():
        raise FramesError(f"model {card.name}.onnx is not in {MODELS_PACKAGE}: reinstall vocalmidi")
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    if digest != card.sha256:
        raise FramesError(
            f"model {card.name}.onnx is damaged, its SHA-256 is {digest[:12]}… instead of {card.sha256[:12]}…: "
            "reinstall vocalmidi"
        )
    if EXTERNAL_LOCATION in content:
        raise FramesError(
            f"model {card.name}.onnx keeps weights in another file, which no hash covers: export it whole"
        )
    return content


def _session(content: bytes, provider: Provider) -> Any:
    import onnxruntime as ort  # noqa: PLC0415 - 0.1 s and 60 MB that commands without a model don't pay

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = LOG_FATAL
    wanted = ["cpu"] if provider == "cpu" else ["cuda", "cpu"]
    built_in = ort.get_available_providers()
    with _quiet(ort):
        return ort.InferenceSession(
            content, options, providers=[ORT_NAMES[name] for name in wanted if ORT_NAMES[name] in built_in]
        )


@contextmanager
def _quiet(ort: Any) -> Generator[None, None, None]:
    """Keep the failed search for CUDA off stderr: `provider` and `doctor` tell it in words."""
    ort.set_default_logger_severity(LOG_FATAL)
    try:
        yield
    finally:
        ort.set_default_logger_severity(LOG_WARNING)


def _running_on(session: Any) -> str:
    first = session.get_providers()[0]
    for name, ort_name in ORT_NAMES.items():
        if first == ort_name:
            return name
    raise FramesError(f"ONNX Runtime runs on {first}, which was not asked for: reinstall onnxruntime")
