"""A real audio server plays a known signal; what the real callback delivers must be exactly that."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from needs import absent

HERE = Path(__file__).parent
RATE_HZ = 48_000
PERIOD = 128


@pytest.fixture(scope="module")
def feeder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for program in ("jackd", "jack_lsp", "cc"):
        if shutil.which(program) is None:
            absent(f"{program} is not installed (Debian: jackd2, libjack-jackd2-dev, gcc)")
    program = tmp_path_factory.mktemp("jack") / "jack_feeder"
    command = ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", str(HERE / "jack_feeder.c"), "-o", str(program), "-ljack"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        absent(f"the feeder does not build (Debian: libjack-jackd2-dev): {built.stderr}")
    return program


@contextmanager
def jack_server(environment: dict[str, str], *options: str) -> Iterator[bool]:
    """Run a server of our own without hardware; yields whether it came up."""
    command = ["jackd", "-n", environment["JACK_DEFAULT_SERVER"], "-t", "2000", *options]
    command += ["-d", "dummy", "-r", str(RATE_HZ), "-p", str(PERIOD)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _comes_up(server, environment)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _comes_up(server: subprocess.Popen[bytes], environment: dict[str, str]) -> bool:
    look = ["jack_lsp", "-s", environment["JACK_DEFAULT_SERVER"]]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(look, env=environment, capture_output=True, check=False).returncode == 0:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The environment of clients of a running server; real-time scheduled where the system lets us."""
    names = {"JACK_DEFAULT_SERVER": f"vocalmidi{os.getpid()}", "JACK_NO_AUDIO_RESERVATION": "1"}
    environment = os.environ | names | {"JACK_NO_START_SERVER": "1"}
    for options in (["-R", "-P", "70"], ["-r"]):
        with jack_server(environment, *options) as running:
            if running:
                yield environment
                return
    absent("jackd does not start with its dummy driver")


def capture(feeder: Path, environment: dict[str, str], *arguments: object) -> dict[str, float]:
    command = [sys.executable, str(HERE / "jack_capture.py"), str(feeder), *map(str, arguments)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=90)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_every_sample_arrives_once_and_in_order_faster_than_real_time(feeder: Path, environment: dict[str, str]):
    count = 3_000_000
    report = capture(feeder, environment, count, 1.2 * count / RATE_HZ, "freewheel", 0)
    assert (report["first"], report["last"], report["received"]) == (1, count, count)
    assert report["in_order"]
    assert report["one_run"]
    assert report["places_wrong"] == report["dropped_samples"] == report["bad_samples"] == 0
    assert report["peak"] == count
    assert (report["min_block"], report["max_block"]) == (PERIOD, PERIOD)


def test_every_sample_arrives_once_and_in_order_in_real_time(feeder: Path, environment: dict[str, str]):
    """A machine that stops for milliseconds makes the server itself skip a block; it says so, and we try again."""
    count = 2 * RATE_HZ
    for _ in range(3):
        report = capture(feeder, environment, count, 10, "realtime", 0)
        assert report["dropped_samples"] == 0, report
        if report["xruns"] == 0 or report["received"] == count:
            break
    assert (report["first"], report["last"], report["received"]) == (1, count, count), report
    assert report["in_order"]
    assert report["places_wrong"] == 0


def test_what_a_late_reader_loses_is_counted_and_keeps_its_place(feeder: Path, environment: dict[str, str]):
    count = 3_000_000
    report = capture(feeder, environment, count, 0.5, "freewheel", 0.05)
    lost = count - report["received"]
    assert lost > 0
    assert report["places_wrong"] == 0
    assert report["in_order"]
    assert report["dropped_samples"] >= lost  # more where silence around the numbers was lost
