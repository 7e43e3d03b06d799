"""What one call from Python costs, by the way it is bound, and what the usual queues cost, in one run.

    python -m benchmarks.ring_calls [--block 128] [--json]

A call writes one block or reads one, ns, the loop's own cost taken off. The ways take turns in an order drawn by lot;
beside the medians stands the median of the ratios turn by turn. `pa-ringbuffer` is measured where the package
`rtmixer`, which has its C code, is installed. At real-time priority (`chrt -f 40 python …`) figures are steadier.
"""

import argparse
import ctypes
import json
import queue
import timeit
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module

import numpy as np
from native_ringbuf import Ring, _native
from native_ringbuf._native import ffi, lib

TURNS = 400
CAPACITY = 1 << 16
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to hand a block over: its name, and the calls that write and read one."""

    name: str
    write: Call
    read: Call


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of one way, ns a call; ratio: of a write and a read to those of the first way, turn by turn."""

    name: str
    write_ns: float
    read_ns: float
    ratio: float


class NumpyRing:
    """A ring as one would write it in Python: two counts and slices of an array."""

    def __init__(self) -> None:
        self._samples, self._head, self._tail = np.zeros(CAPACITY, np.float32), 0, 0

    def write(self, block: np.ndarray) -> None:
        """Copy a block in; nothing is refused here."""
        at = self._head % CAPACITY
        self._samples[at : at + len(block)] = block
        self._head += len(block)

    def read(self, count: int) -> np.ndarray:
        """Copy as many samples out."""
        at = self._tail % CAPACITY
        self._tail += count
        return self._samples[at : at + count].copy()


def by_pointer(block: np.ndarray) -> Way:
    """The C functions with a pointer made once, as the daemon's reader has it."""
    ring, count = Ring(CAPACITY), len(block)
    handle, out = ring.handle, np.empty_like(block)
    from_here, to_here = ffi.from_buffer("float[]", block), ffi.from_buffer("float[]", out)
    write, read, owner = lib.nrb_write, lib.nrb_read, ring.memory_owner
    return Way(
        "cffi, pointer made before",
        lambda: write(handle, from_here, count),
        lambda: read(handle, to_here, count) if owner is not None else None,
    )


def by_buffer(block: np.ndarray) -> Way:
    ring, count, out = Ring(CAPACITY), len(block), np.empty_like(block)
    handle, owner = ring.handle, ring.memory_owner
    return Way(
        "cffi, from_buffer in each call",
        lambda: lib.nrb_write(handle, ffi.from_buffer("float[]", block), count),
        lambda: lib.nrb_read(handle, ffi.from_buffer("float[]", out), count) if owner is not None else None,
    )


def by_methods(block: np.ndarray) -> Way:
    ring, count = Ring(CAPACITY), len(block)
    return Way("Ring.write, Ring.read", lambda: ring.write(block), lambda: ring.read(count))


def by_view(block: np.ndarray) -> Way:
    ring, count = Ring(CAPACITY), len(block)
    return Way(
        "Ring.write, Ring.peek and advance", lambda: ring.write(block), lambda: ring.advance(len(ring.peek(count)))
    )


def by_ctypes(block: np.ndarray) -> Way:
    """The same C functions, found by ctypes in the extension, with pointers made once."""
    ring, count, out = Ring(CAPACITY), len(block), np.empty_like(block)
    library = ctypes.CDLL(_native.__file__)
    handle = ctypes.c_void_p(int(ffi.cast("uintptr_t", ring.handle)))
    from_here, to_here, size = (
        ctypes.c_void_p(block.ctypes.data),
        ctypes.c_void_p(out.ctypes.data),
        ctypes.c_size_t(count),
    )
    write, read, owner = library.nrb_write, library.nrb_read, ring.memory_owner
    return Way(
        "ctypes, pointer made before",
        lambda: write(handle, from_here, size),
        lambda: read(handle, to_here, size) if owner is not None else None,
    )


def by_pa_ringbuffer(block: np.ndarray) -> Iterator[Way]:
    try:
        theirs, compiled = import_module("pa_ringbuffer"), import_module("_rtmixer")
    except ImportError:
        return
    ring, out = theirs.init(compiled.ffi, compiled.lib)(4, CAPACITY), np.empty_like(block)
    yield Way("pa-ringbuffer (PyPI)", lambda: ring.write(block), lambda: ring.readinto(out))


def by_queue(name: str, put: Callable[[object], object], get: Call, block: np.ndarray) -> Way:
    return Way(name, lambda: put(block.copy()), get)


def ways(block: np.ndarray) -> Iterator[Way]:
    yield by_pointer(block)
    yield by_buffer(block)
    yield by_methods(block)
    yield by_view(block)
    if hasattr(ctypes.CDLL(_native.__file__), "nrb_write"):
        yield by_ctypes(block)
    yield from by_pa_ringbuffer(block)
    rows, fifo, simple = deque[object](), queue.Queue[object](), queue.SimpleQueue[object]()
    yield by_queue("deque of copies", rows.append, rows.popleft, block)
    yield by_queue("SimpleQueue of copies", simple.put, simple.get, block)
    yield by_queue("queue.Queue of copies", fifo.put, fifo.get, block)
    in_numpy, count = NumpyRing(), len(block)
    yield Way("ring of numpy slices", lambda: in_numpy.write(block), lambda: in_numpy.read(count))


def all_costs(block_samples: int, turns: int = TURNS) -> list[Cost]:
    """Return what each way costs; a turn writes a quarter of the ring in blocks, then reads it."""
    calls = CAPACITY // 4 // block_samples
    known = list(ways(np.zeros(block_samples, np.float32)))
    writes, reads = np.zeros((2, len(known), turns))
    lot = np.random.default_rng(1)
    for turn in range(turns):
        for which in lot.permutation(len(known)):
            loop = timeit.timeit(_nothing, number=calls)
            writes[which, turn] = (timeit.timeit(known[which].write, number=calls) - loop) / calls * 1e9
            reads[which, turn] = (timeit.timeit(known[which].read, number=calls) - loop) / calls * 1e9
    ratios = np.median((writes + reads) / (writes[0] + reads[0]), axis=1)
    return [
        Cost(way.name, float(np.median(write)), float(np.median(read)), float(ratio))
        for way, write, read, ratio in zip(known, writes, reads, ratios, strict=True)
    ]


def _nothing() -> None:
    """Cost what any call of a function without arguments does."""


def table(costs: list[Cost], block_samples: int) -> Iterator[str]:
    """Say what each way costs, a line each."""
    yield f"{f'from Python, ns a call, {block_samples} samples':44}{'write':>7}{'read':>7}  to the first"
    for each in costs:
        yield f"{each.name:44}{each.write_ns:7.0f}{each.read_ns:7.0f}  {each.ratio:12.2f}"


def main() -> None:
    """Print every way's cost, and its ratio to the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--block", type=int, default=128)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    costs = all_costs(asked.block)
    if asked.json:
        print(json.dumps([asdict(each) for each in costs]))
        return
    print("\n".join(table(costs, asked.block)))


if __name__ == "__main__":
    main()
