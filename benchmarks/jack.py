"""A JACK server without hardware, and a client that plays as a microphone, for benchmarks and tests.

In: the size of a block. Out: a running server that only programs with `environment` see, and a built `jack_source`.
What is missing is said in words, never skipped silently.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

RATE_HZ = 48_000
UP_S = 10.0
REAL_TIME, NOT_REAL_TIME = ("-R", "-P", "70"), ("-r",)


class NoJackError(Exception):
    """Something that it takes is not there; says what to install."""


def environment() -> dict[str, str]:
    """Return the environment of a server of this process's own and of its clients."""
    name = f"vocalmidi{os.getpid()}"
    return {"JACK_DEFAULT_SERVER": name, "JACK_NO_AUDIO_RESERVATION": "1", "JACK_NO_START_SERVER": "1"}


def build_source(folder: Path) -> Path:
    """Return the client, built into a folder; raise NoJackError where that can't be."""
    for program in ("jackd", "jack_lsp", "cc"):
        if shutil.which(program) is None:
            raise NoJackError(f"{program} is not installed (Debian: jackd2, libjack-jackd2-dev, gcc)")
    program, source = folder / "jack_source", Path(__file__).with_name("jack_source.c")
    command = ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", str(source), "-o", str(program), "-ljack"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        raise NoJackError(f"the client does not build (Debian: libjack-jackd2-dev): {built.stderr}")
    return program


@contextmanager
def server(block_samples: int, own: Mapping[str, str], *options: str) -> Iterator[bool]:
    """Run a server meanwhile; raise NoJackError where it does not come up. Yields whether it is real-time scheduled.

    own: as `environment` returns it.
    """
    around = os.environ | own
    command = ["jackd", "-n", own["JACK_DEFAULT_SERVER"], "-t", "2000", *options]
    command += ["-d", "dummy", "-r", str(RATE_HZ), "-p", str(block_samples)]
    running = subprocess.Popen(command, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not _comes_up(running, around):
            raise NoJackError("jackd does not start with its dummy driver")
        yield _is_real_time(running.pid)
    finally:
        running.terminate()
        running.wait(timeout=UP_S)


def _comes_up(running: "subprocess.Popen[bytes]", around: Mapping[str, str]) -> bool:
    look = ["jack_lsp", "-s", around["JACK_DEFAULT_SERVER"]]
    deadline = time.monotonic() + UP_S
    while time.monotonic() < deadline and running.poll() is None:
        if subprocess.run(look, env=around, capture_output=True, check=False).returncode == 0:
            return True
        time.sleep(0.05)
    return False


def _is_real_time(pid: int) -> bool:
    """Return whether a thread of a process has the right that it asked for: jackd goes on without."""
    policies = [
        int(task.read_text().rpartition(")")[2].split()[38]) for task in Path(f"/proc/{pid}/task").glob("*/stat")
    ]
    return any(policy in (os.SCHED_FIFO, os.SCHED_RR) for policy in policies)


@contextmanager
def started(block_samples: int, own: Mapping[str, str]) -> Iterator[bool]:
    """Run a server meanwhile, real-time scheduled where the system lets us; yields whether that is so."""
    with ExitStack() as running:
        for options in (REAL_TIME, NOT_REAL_TIME):
            try:
                is_real_time = running.enter_context(server(block_samples, own, *options))
            except NoJackError:
                if options is NOT_REAL_TIME:
                    raise
            else:
                break
        yield is_real_time


class Source:
    """The client while it runs: told to go, told to rest, and asked at the end how often the server was late."""

    def __init__(self, program: Path, name: str, *what: object, own: Mapping[str, str] | None = None) -> None:
        command = [str(program), name, *map(str, what)]
        around = os.environ | (own or {})
        self._process = subprocess.Popen(command, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdout is None or self._process.stdout.readline() != "ready\n":
            self._process.kill()
            raise NoJackError("the JACK client does not run")

    def say(self, word: str) -> None:
        """Tell it to `go` or to `rest`."""
        if self._process.stdin is None:
            raise ValueError("it has no ear")
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def end(self) -> int:
        """End it and return how often the server was late."""
        told = self._process.communicate(timeout=UP_S)[0].strip()
        return int(told) if told else -1
