"""What handing one device block to Python costs, through our ring and through the usual queues, in one run.

    python benchmarks/ring_calls.py [BLOCK_SAMPLES]

Prints the median time of one hand-over (in and out again, one thread) in ns, and its ratio to `queue.Queue`.
Only the ratios mean anything on a shared machine.
"""

import queue
import statistics
import sys
import timeit
from collections import deque
from collections.abc import Callable

import numpy as np
from native_ringbuf import Ring

CALLS = 20_000
REPEATS = 9


def through_view(ring: Ring, block: np.ndarray) -> Callable[[], None]:
    def hand_over() -> None:
        ring.write(block)
        ring.advance(len(ring.peek(len(block))))

    return hand_over


def through_copy(ring: Ring, block: np.ndarray) -> Callable[[], None]:
    def hand_over() -> None:
        ring.write(block)
        ring.read(len(block))

    return hand_over


def through_queue(fifo: queue.Queue, block: np.ndarray) -> Callable[[], None]:
    def hand_over() -> None:
        fifo.put(block.copy())
        fifo.get()

    return hand_over


def through_deque(fifo: deque, block: np.ndarray) -> Callable[[], None]:
    def hand_over() -> None:
        fifo.append(block.copy())
        fifo.popleft()

    return hand_over


def median_ns(hand_over: Callable[[], None]) -> float:
    return statistics.median(timeit.repeat(hand_over, number=CALLS, repeat=REPEATS)) / CALLS * 1e9


def main(block_samples: int) -> None:
    block = np.zeros(block_samples, np.float32)
    ways = {
        "queue.Queue of copies": through_queue(queue.Queue(), block),
        "deque of copies": through_deque(deque(), block),
        "Ring, copied out": through_copy(Ring(1 << 16), block),
        "Ring, viewed": through_view(Ring(1 << 16), block),
        "Ring without mirror, viewed": through_view(Ring(1 << 16, mirrored=False), block),
    }
    times_ns = {name: median_ns(way) for name, way in ways.items()}
    for name, time_ns in times_ns.items():
        print(f"{name:30} {time_ns:7.0f} ns  {time_ns / times_ns['queue.Queue of copies']:5.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 128)
