"""The ring and the callback between real threads, under the sanitizers: no race, no bad address, no wrong sample."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from native.conftest import Build, without_aslr

BLOCKS = 30_000


def run_stress(
    program: Path, *, mirrored: bool, blocks: int = BLOCKS, patient: bool = False
) -> subprocess.CompletedProcess[str]:
    command = [*without_aslr(), str(program), str(blocks), str(int(mirrored)), *(["patient"] if patient else [])]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def counts(output: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", output)}


def test_thread_sanitizer_finds_no_race_in_either_layout(build_stress: Build):
    program = build_stress("-fsanitize=thread")
    for mirrored in (True, False):
        ran = run_stress(program, mirrored=mirrored)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "WARNING: ThreadSanitizer" not in ran.stderr
        # Otherwise the run would not have met a full ring, and would prove little.
        assert counts(ran.stdout)["gaps"] > 10, ran.stdout


def test_a_writer_who_waits_for_room_loses_nothing_and_races_with_nobody(build_stress: Build):
    program = build_stress("-fsanitize=thread")
    for mirrored in (True, False):
        ran = run_stress(program, mirrored=mirrored, patient=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "WARNING: ThreadSanitizer" not in ran.stderr
        told = counts(ran.stdout)
        assert (told["dropped"], told["gaps"]) == (0, 0)
        assert told["written"] > 1000 * 1024  # a page of floats, a thousand times around


SIDES = ("HEAD", "TAIL", "GAP_HEAD", "GAP_TAIL")


@pytest.mark.parametrize("order", [f"NRB_{side}_{way}" for side in SIDES for way in ("STORE", "LOAD")])
def test_thread_sanitizer_sees_each_order_that_is_weakened(build_stress: Build, order: str):
    # With room for one gap its place is used again at once, as that of 64 gaps is only after a while.
    program = build_stress("-fsanitize=thread", "-DNRB_GAPS=1", f"-D{order}=memory_order_relaxed")
    # Now and then a run meets no such moment: the list of gaps is looked at just after the count of samples.
    for _ in range(5):
        ran = run_stress(program, mirrored=False)
        if "WARNING: ThreadSanitizer: data race" in ran.stderr:
            break
    assert "WARNING: ThreadSanitizer: data race" in ran.stderr
    assert ran.returncode != 0


def test_address_and_undefined_behaviour_sanitizers_find_nothing(build_stress: Build):
    program = build_stress("-fsanitize=address", "-fsanitize=undefined", "-fno-sanitize-recover=all")
    for mirrored in (True, False):
        ran = run_stress(program, mirrored=mirrored)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no POSIX shared memory")
def test_the_mirror_of_systems_without_memfd_works(build_stress: Build):
    ran = run_stress(build_stress("-DNRB_USE_SHM"), mirrored=True, blocks=200_000)
    assert ran.returncode == 0, ran.stdout
    assert counts(ran.stdout)["mirrored"] == 1
    assert counts(ran.stdout)["written"] > 100 * 1024  # a page of floats, a hundred times around
