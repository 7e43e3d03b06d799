"""Opens a network of the package and runs it with ONNX Runtime.

In: the name of a model and where it should run. Out: a `Model` that says where it does run; `Model.bound` gives
runs over the same memory every time, for the live hop.
The file's SHA-256 must be the one on its card before a byte of it is parsed. A network on a device has a session on the
CPU beside it: by that one it is judged when it is opened, and with that one it goes on when the device is lost.
"""

import threading
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from vocalmidi.errors import FallbackWarning, FramesError
from vocalmidi.inference.bound import Array, BoundRun, check_memory
from vocalmidi.inference.card import MODELS_PACKAGE, ModelCard, read_card
from vocalmidi.inference.placement import Outputs, Placement, Unfit, compared, judged, on_the_cpu
from vocalmidi.inference.providers import (
    CPU,
    IN_WORDS,
    Provider,
    Unavailable,
    advice_on,
    new_session,
    on_device,
    runtime,
    wanted,
)

EXTERNAL_LOCATION = b"\x0a\x08location\x12"
"""How protobuf writes the key `location` of TensorProto.external_data: weights kept outside the hashed file."""
TAKES_ON_A_DEVICE = 8
"""Inputs that a device is given at once, where the network takes several: a GPU has work for all its parts then. On the
CPU there is nothing to win: `python -m benchmarks.gpu` shows both."""
AT_ONCE = 2
"""Memories of one network that are tried by turns."""
TRIAL_LENGTH = 16
"""Of what has no length of its own in a trial."""
HOP_S = 0.01
"""Between two live runs; without a rest they are several times as quick, on either side."""
Lengths = Mapping[str, int]


class Model:
    """A network ready to run.

    card: what it is. placement: where it runs, and why. has_graphs: whether each bound run is a CUDA graph.
    """

    def __init__(self, card: ModelCard, cpu: Any, asked: str = CPU) -> None:
        """Run on the CPU, by the session `cpu`."""
        self.card = card
        self.placement: Placement = on_the_cpu(asked)
        self.has_graphs = False
        self._cpu = self._session = cpu
        self._losing = threading.Lock()
        self._inputs = {given.name for given in cpu.get_inputs()}
        self._outputs = [output.name for output in cpu.get_outputs()]

    @property
    def provider(self) -> str:
        """What it runs on in truth: `cpu`, `cuda`, `coreml` or `directml`."""
        return self.placement.got

    @property
    def session(self) -> Any:
        """The session that runs it; another one once a device is lost."""
        return self._session

    @property
    def input_shapes(self) -> Mapping[str, tuple[int | str, ...]]:
        """Return the shape of each input by its name; a word stands for a length that is chosen with each run."""
        return {given.name: tuple(given.shape) for given in self._cpu.get_inputs()}

    @property
    def takes_at_once(self) -> int:
        """How many inputs are best given in one run: 1 but on a device, for a network that takes several."""
        is_open = all(isinstance(shape[0], str) for shape in self.input_shapes.values())
        return TAKES_ON_A_DEVICE if is_open and self.provider != CPU else 1

    def run(self, **inputs: npt.ArrayLike) -> Mapping[str, Array]:
        """Return the outputs by their names in the ONNX file, for inputs by theirs (float32).

        A device that fails is left for the CPU, which is asked the same. Raises FramesError when the file has other
        inputs than these.
        """
        feeds = {name: np.asarray(value, np.float32) for name, value in inputs.items()}
        self._check_names(feeds)
        # A graph holds addresses, which a plain run has not.
        session = self._cpu if self.has_graphs else self._session
        try:
            found = session.run(self._outputs, feeds)
        except Exception as error:
            if session is self._cpu:
                raise
            # What fails there as well is no fault of the device.
            found = self._cpu.run(self._outputs, feeds)
            self.fell_back(session, error)
        return dict(zip(self._outputs, found, strict=True))

    def bound(self, **inputs: Array) -> BoundRun:
        """Return runs over these very arrays (float32, contiguous), which the caller fills anew before each."""
        self._check_names(inputs)
        check_memory(inputs)
        return BoundRun(self, inputs, self._first(inputs))

    def fell_back(self, session: Any, error: Exception) -> bool:
        """Go over to the CPU where a device has failed; return whether there is another session now."""
        with self._losing:
            if session is self._cpu:
                return False
            if session is self._session:
                why = f"{IN_WORDS[self.provider]} was lost: {' '.join(str(error).split())[:200]}"
                self._session = self._cpu
                self.placement = on_the_cpu(self.placement.asked, why, is_fallback=True)
                self.warn()
            return True

    def warn(self) -> None:
        """Say it where this computer seemed to have a device, and yet the network runs on the CPU."""
        if self.placement.is_fallback:
            words = f"model {self.card.name} runs on {self.placement.words}"
            warnings.warn("; ".join(filter(None, (words, self.placement.advice))), FallbackWarning, stacklevel=3)

    def move(self, content: bytes, name: str, lengths: Lengths, *, is_live: bool) -> None:
        """Run on a device from now on; raise Unavailable or Unfit, and stay where it is, where that can't be."""
        for graphs in (True, False) if is_live and name == "cuda" else (False,):
            try:
                device = on_device(content, name, with_graph=graphs)
                self._move(device, name, lengths, HOP_S if is_live else 0.0, has_graphs=graphs)
            except (Unavailable, Unfit) as error:
                # Without a driver, or too slow even with graphs, it is not tried without them.
                if not graphs or not error.is_surprising:
                    raise
            else:
                return

    def _move(self, device: Any, name: str, lengths: Lengths, rest_s: float, *, has_graphs: bool) -> None:
        asked = self.placement.asked
        moved = Model(self.card, self._cpu, asked)
        moved._session, moved.placement, moved.has_graphs = device, Placement(asked, name), has_graphs
        # Two memories by turns: each is to keep its own.
        given = tuple(self._made_up(lengths, seed) for seed in range(AT_ONCE))
        runs = (partial(_outputs_of, tuple(model.bound(**each) for each in given)) for model in (moved, self))
        trial = compared(*runs, count=AT_ONCE, rest_s=rest_s)
        if moved.provider != name:
            raise Unfit(moved.placement.why, is_surprising=True)
        why = judged(trial, name, must_be_quicker=asked == "auto")
        self._session, self.placement, self.has_graphs = device, Placement(asked, name, why), has_graphs

    def _made_up(self, lengths: Lengths, seed: int) -> dict[str, Array]:
        """Return inputs of these lengths."""
        drawn = np.random.default_rng(seed)
        shapes = {
            name: [each if isinstance(each, int) else lengths.get(each, TRIAL_LENGTH) for each in shape]
            for name, shape in self.input_shapes.items()
        }
        return {name: drawn.random(shape, np.float32) for name, shape in shapes.items()}

    def _first(self, inputs: Mapping[str, Array]) -> Mapping[str, Array]:
        return dict(zip(self._outputs, self._cpu.run(self._outputs, dict(inputs)), strict=True))

    def _check_names(self, inputs: Mapping[str, Any]) -> None:
        if set(inputs) != self._inputs:
            raise FramesError(
                f"model {self.card.name} takes {sorted(self._inputs)}, not {sorted(inputs)}: reinstall vocalmidi"
            )


def open_model(
    name: str, provider: Provider = "auto", lengths: Lengths | None = None, *, is_live: bool = False
) -> Model:
    """Return a network of the package.

    provider: `auto` is a device where one works, agrees with the CPU and is quicker, else the CPU.
    lengths: what the words in its shapes will be, for inputs to try a device with; without them `auto` is the CPU.
    is_live: it will run hop by hop with one shape: a device is tried at that pace, each run as one CUDA graph.
    Warns of a FallbackWarning where there is a device and it does not work, or agree.

    Raises:
        FramesError: the file is missing, damaged or keeps weights elsewhere, or a device was asked for in vain.
        ValueError: an unknown provider.
    """
    devices = wanted(provider, runtime().get_available_providers())
    card = read_card(name)
    content = _checked_bytes(card)
    try:
        model = Model(card, new_session(content, CPU), provider)
    except Exception as error:  # ONNX Runtime's errors share no root but this one
        raise FramesError(f"model {name}.onnx: ONNX Runtime can't read it: {error}") from error
    if provider == "auto" and lengths is None:
        return model
    for device in devices:
        try:
            model.move(content, device, lengths or {}, is_live=is_live)
            break
        except (Unavailable, Unfit) as error:
            if provider != "auto":
                raise FramesError(
                    f"model {name} can't run on {IN_WORDS[device]} here: {error}; {advice_on(device)}, or ask for auto"
                ) from error
            # What is said is what stands between this computer and the best that it could have.
            if error.is_surprising or not model.placement.why:
                model.placement = on_the_cpu(provider, str(error), is_fallback=error.is_surprising)
    model.warn()
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


def _outputs_of(runs: Sequence[BoundRun]) -> Outputs:
    """Run all and return what they give, each under a name of its own."""
    for run in runs:
        run.run()
    return {f"{name} {number}": found for number, run in enumerate(runs) for name, found in run.outputs.items()}
