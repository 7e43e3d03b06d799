"""The Python face of ring.h: float32 samples from one writer thread to one reader thread.

In: blocks, all or nothing. Out: copies (`read`) or views without a copy (`peek`, then `advance`), never across a gap.
It does not wait, convert sample types or know of sample rates. Its views keep the memory alive, so `close` and garbage
collection can't pull it from under them; what they show is only good until `advance`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from native_ringbuf._native import ffi, lib

Floats = npt.NDArray[np.float32]

MAX_CAPACITY_SAMPLES = 2**28
"""As in ring.c: 1 GiB."""


class Ring:
    """A ring for at least `capacity_samples`; see ring.h for threads, memory and order.

    `write` and `has_room` belong to the one writer, `read`, `peek`, `advance`, `readable` and `window_start` to the one
    reader, the counters to anyone. Every method raises ValueError after `close`.
    """

    def __init__(self, capacity_samples: int, *, mirrored: bool = True) -> None:
        if not 1 <= capacity_samples <= MAX_CAPACITY_SAMPLES:
            raise ValueError(f"a ring holds 1 to {MAX_CAPACITY_SAMPLES} samples, not {capacity_samples}")
        ring = lib.nrb_open(capacity_samples, mirrored)
        if ring == ffi.NULL:
            raise MemoryError(f"there is no memory for a ring of {capacity_samples} samples")
        self._spans = ffi.new("nrb_spans *")
        self._capacity = int(lib.nrb_capacity(ring))
        self._mirrored = bool(lib.nrb_is_mirrored(ring))
        self._memory = _memory_of(ring, self._capacity * (1 + self._mirrored))
        self._ring = ring

    def close(self) -> None:
        """Let go of the ring; its memory is freed with the last view and the last capture on it."""
        self._memory = np.zeros(0, np.float32)
        self._ring = None

    @property
    def capacity_samples(self) -> int:
        """How many samples fit: a power of two, whole pages."""
        return self._capacity

    @property
    def mirrored(self) -> bool:
        """Whether every window is one piece of memory, so that `peek` never copies."""
        return self._mirrored

    @property
    def handle(self) -> Any:
        """The `nrb_ring *`, for C code that writes; keep `memory_owner` as long as you keep it."""
        return self._open()

    @property
    def memory_owner(self) -> object:
        """An object that keeps the C ring alive, even past `close`."""
        self._open()
        return self._memory

    @property
    def total_written(self) -> int:
        """Samples accepted since the start."""
        return int(lib.nrb_total_written(self._open()))

    @property
    def dropped_samples(self) -> int:
        """Samples refused because the ring was full."""
        return int(lib.nrb_dropped_samples(self._open()))

    @property
    def overruns(self) -> int:
        """Blocks refused because the ring was full."""
        return int(lib.nrb_overruns(self._open()))

    def has_room(self, samples: int) -> bool:
        """Return whether a block of that many samples would be taken now; asking counts nothing as lost."""
        if samples < 0:
            raise ValueError(f"samples {samples} must not be negative")
        return bool(lib.nrb_has_room(self._open(), samples))

    def write(self, samples: Floats) -> bool:
        """Put the whole block in, or drop and count all of it and return False.

        samples: (n,) float32, contiguous; anything else is a ValueError, never a silent conversion.
        """
        if samples.dtype != np.float32 or samples.ndim != 1 or not samples.flags.c_contiguous:
            raise ValueError(f"a ring takes contiguous (n,) float32, not {samples.dtype} of shape {samples.shape}")
        return bool(lib.nrb_write(self._open(), ffi.from_buffer("float[]", samples), len(samples)))

    @property
    def readable(self) -> int:
        """Samples waiting, on both sides of any gap."""
        return int(lib.nrb_readable(self._open()))

    @property
    def window_start(self) -> int:
        """Index in the source, dropped samples counted, of the first sample that the last `peek` or `read` returned."""
        self._open()
        return int(self._spans.start)

    def read(self, max_samples: int) -> Floats:
        """Take at most `max_samples` samples up to the next gap: (n,) float32, a copy."""
        window = self.peek(max_samples).copy()
        self.advance(len(window))
        return window

    def peek(self, max_samples: int) -> Floats:
        """Return at most `max_samples` samples up to the next gap, read-only, leaving them in the ring.

        It is a view that the writer may overwrite after `advance`; only where a ring without mirror wraps is it a copy.
        """
        if max_samples < 0:
            raise ValueError(f"max_samples {max_samples} must not be negative")
        count = lib.nrb_peek(self._open(), max_samples, self._spans)
        first = self._spans.offset
        window = self._memory[first : first + count]
        if len(window) < count:  # only without a mirror does a window reach past the memory's end
            window = np.concatenate([window, self._memory[: count - len(window)]])
            window.setflags(write=False)
        return window

    def advance(self, samples: int) -> None:
        """Give back the room of the first `samples` samples of the last `peek`; ValueError if it showed fewer."""
        if samples < 0 or not lib.nrb_advance(self._open(), samples):
            raise ValueError(f"can't give back {samples} samples: the last peek showed fewer")

    def _open(self) -> Any:
        if self._ring is None:
            raise ValueError("the ring is closed")
        return self._ring


def _memory_of(ring: Any, samples: int) -> Floats:
    """Return the ring's memory as one read-only array whose last view closes the C ring."""

    def close(_samples: Any) -> None:
        lib.nrb_close(ring)

    size = samples * np.dtype(np.float32).itemsize
    owner = ffi.gc(lib.nrb_memory(ring), close, size)
    memory: Floats = np.frombuffer(ffi.buffer(owner, size), dtype=np.float32)
    memory.setflags(write=False)
    return memory
