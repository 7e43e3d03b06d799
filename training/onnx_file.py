"""A torch network as one small ONNX file: weights in half precision, short names; and how long a reading takes.

In: a network and what it is shown. Out: the file. The numbers are computed in single precision; weights that are to be
compared with the file are rounded first (`halved`), so that both hold the same.
"""

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

LEAST_PACKED = 256
"""Smaller tensors (biases, constants) stay as they are."""
ModelT = TypeVar("ModelT", bound=nn.Module)
Axes = Mapping[str, Mapping[int, str]]


def halved(model: ModelT) -> ModelT:
    """Return the network with its weights rounded to half precision, for use."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.numel() >= LEAST_PACKED:
                weight.copy_(weight.half().float())
    model.eval()
    return model


def write(
    model: nn.Module,
    shown: tuple[Tensor, ...],
    path: Path,
    outputs: Sequence[str],
    axes: Mapping[str, Mapping[int, str]],
) -> None:
    """Write a network; axes: of every input, in order, and of every output, which are of any length, by what name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter warns that it is the older one; it is asked for
        torch.onnx.export(
            model,
            shown,
            str(path),
            input_names=[name for name in axes if name not in outputs],
            output_names=list(outputs),
            dynamic_axes=axes,
            dynamo=False,
        )
    packed = onnx.load(str(path))
    pack(packed)
    shorten(packed)
    onnx.save(packed, str(path))


def pack(model: onnx.ModelProto) -> None:
    """Keep large weights in half precision, each with a cast before its use; ONNX Runtime folds these when it opens."""
    graph = model.graph
    casts = list[onnx.NodeProto]()
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < LEAST_PACKED:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def shorten(model: onnx.ModelProto) -> None:
    """Give values short names and nodes none: paths of modules, which the graph tells too, are 6 % of the file."""
    graph = model.graph
    kept = {value.name for value in (*graph.input, *graph.output)}
    short: dict[str, str] = {}
    for node in graph.node:
        node.ClearField("name")
        node.ClearField("doc_string")
        for names in (node.input, node.output):
            for index, name in enumerate(names):
                if name and name not in kept:
                    names[index] = short.setdefault(name, f"v{len(short)}")
    for tensor in graph.initializer:
        tensor.name = short.get(tensor.name, tensor.name)


def median_s(reading: Callable[[], object], times: int = 30) -> float:
    """Return the median time of a reading, in seconds."""
    taken = list[float]()
    for _ in range(times):
        begun = time.perf_counter()
        reading()
        taken.append(time.perf_counter() - begun)
    return float(np.median(taken))
