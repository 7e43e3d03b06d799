"""What a network can run on here: which providers are tried, and why one of them is not to be had.

Comes in: what was asked for. Goes out: names to try, sessions, reasons in words. ONNX Runtime falls back to the CPU
without a word and says why on stderr alone, so the reasons are looked for here: is there a driver, can the provider's
own library be loaded. It is imported on first use: commands that need no model must not pay for it.
"""

import ctypes
import io
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Literal

from vocalmidi.errors import FramesError

Provider = Literal["auto", "cpu", "cuda", "coreml", "directml"]

CPU = "cpu"
ORT_NAMES = {
    CPU: "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
IN_WORDS = {CPU: "the CPU", "cuda": "CUDA", "coreml": "Core ML", "directml": "DirectML"}
OWN = {"darwin": "coreml", "win32": "directml"}
"""What a system brings along itself; tried after CUDA."""
DRIVERS = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
"""What every NVIDIA driver installs."""
CUDA_LIBRARY = "libonnxruntime_providers_cuda.so"
CUDA_ADVICE = "pip install 'vocalmidi[cuda]' brings CUDA 13 and cuDNN 9; the driver must be new enough for them"
SILENCE = "ORT_DISABLE_TELEMETRY"
"""What ONNX Runtime asks whether it is to report."""
LOG_FATAL, LOG_WARNING = 4, 2
"""Severities of ONNX Runtime; warning is its default."""


class Unavailable(Exception):  # noqa: N818 -- it is an answer, which never leaves the room
    """A provider can't be had; says why. is_surprising: this computer has what it needs, and yet."""

    def __init__(self, why: str, *, is_surprising: bool) -> None:
        super().__init__(why)
        self.is_surprising = is_surprising


def wanted(provider: str, built_in: Sequence[str], platform: str = sys.platform) -> tuple[str, ...]:
    """Return what is tried, the best first, not counting the CPU; `auto` leaves out what is not built in.

    Raises:
        ValueError: an unknown provider.
    """
    if provider == "auto":
        both = ("cuda", OWN.get(platform, ""))
        return tuple(name for name in both if name and ORT_NAMES[name] in built_in)
    if provider not in ORT_NAMES:
        raise ValueError(f"provider {provider!r} must be auto, cpu, cuda, coreml or directml")
    return () if provider == CPU else (provider,)


def check_here(name: str, built_in: Sequence[str], platform: str = sys.platform) -> None:
    """Raise Unavailable where a provider can't run, as far as that is known before it is tried."""
    if ORT_NAMES[name] not in built_in:
        raise Unavailable(f"this onnxruntime has no {IN_WORDS[name]}", is_surprising=False)
    if name != "cuda":
        return
    try:
        load_library(DRIVERS.get(platform, "libcuda.so.1"))
    except OSError:
        raise Unavailable("there is no NVIDIA driver", is_surprising=False) from None


def new_session(content: bytes, name: str, *, with_graph: bool = False) -> Any:
    """Return a session of a network on a provider, or whatever ONNX Runtime has put in its place."""
    ort = runtime()
    options = ort.SessionOptions()
    # One thread and no spinning: the models are small, run beside a real-time callback, and on a paced hop more threads
    # only add jitter.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = LOG_FATAL
    if name == "directml":
        options.enable_mem_pattern = False  # it refuses to start with it
    tried: list[Any] = [] if name == CPU else [(ORT_NAMES[name], _options(name, with_graph=with_graph))]
    with quiet(ort):
        # Left to itself it goes over to the CPU where a device fails, prints that on stdout and raises nothing.
        session = ort.InferenceSession(content, options, providers=[*tried, ORT_NAMES[CPU]], enable_fallback=0)
    # The file, which it keeps for that fall-back alone: 18 MB for all networks of the daemon.
    session._model_bytes = None  # noqa: SLF001 -- there is no other way to have it gone
    return session


def _options(name: str, *, with_graph: bool) -> dict[str, str]:
    if name != "cuda":
        return {}
    # TF32 has ten bits of mantissa: what is heard would depend on where it is heard.
    return {"use_tf32": "0"} | ({"enable_cuda_graph": "1"} if with_graph else {})


def on_device(content: bytes, name: str, *, with_graph: bool = False) -> Any:
    """Return a session that in truth runs on a provider; with_graph: each run as one CUDA graph.

    Raises:
        Unavailable: there is none.
    """
    ort = runtime()
    check_here(name, ort.get_available_providers())
    if name == "cuda" and hasattr(ort, "preload_dlls"):
        # CUDA and cuDNN from pip lie where no loader looks; what it can't find is looked at below.
        with quiet(ort), redirect_stdout(io.StringIO()), suppress(OSError):
            ort.preload_dlls()
    # What can't be had raises as it likes; a graph with a node that has to run on the CPU is refused as a whole.
    with suppress(Exception):
        session = new_session(content, name, with_graph=with_graph)
        if running_on(session) == name:
            return session
    raise Unavailable(_why_not(name, Path(ort.__file__).parent / "capi"), is_surprising=True)


def _why_not(name: str, libraries: Path) -> str:
    path = libraries / CUDA_LIBRARY
    if name == "cuda" and path.is_file():
        try:
            load_library(str(path))
        except OSError as error:
            return f"CUDA does not start: {str(error).partition(': ')[0]} is missing or of another version"
    return f"{IN_WORDS[name]} does not start"


def advice_on(name: str) -> str:
    """Return what to do where a provider is wanted and can't be had."""
    return CUDA_ADVICE if name == "cuda" else f"install a build of onnxruntime that has {IN_WORDS[name]}"


def load_library(name: str) -> None:
    """Load a library of the system's; raise OSError where that can't be."""
    ctypes.CDLL(name)


def running_on(session: Any) -> str:
    """Return what a session runs on in truth: the list of providers compiled in says nothing."""
    first = session.get_providers()[0]
    for name, ort_name in ORT_NAMES.items():
        if first == ort_name:
            return name
    raise FramesError(f"ONNX Runtime runs on {first}, which was not asked for: reinstall onnxruntime")


def runtime() -> Any:
    """Return ONNX Runtime, kept from telling anybody what is run.

    From 1.29 on its official Linux and macOS builds report each model and session to their maker unless a variable
    forbids it before the first import; on Windows they tell the system until they are told not to
    (microsoft/onnxruntime, pull request 27379 and docs/Privacy.md).
    """
    os.environ[SILENCE] = "1"
    import onnxruntime  # noqa: PLC0415 - 0.1 s and 60 MB that commands without a model don't pay

    onnxruntime.disable_telemetry_events()
    return onnxruntime


@contextmanager
def quiet(ort: Any) -> Generator[None]:
    """Keep failed searches off stderr: a `Placement` tells them in words."""
    ort.set_default_logger_severity(LOG_FATAL)
    try:
        yield
    finally:
        ort.set_default_logger_severity(LOG_WARNING)
