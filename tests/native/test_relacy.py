"""The ring under Relacy: what the memory model allows and this processor never shows. It is ring.c itself.

All schedules of two blocks and one look are tried; with `VOCALMIDI_LOOKS=2` those of two, 24 million in 45 s.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from needs import ROOT, absent

HERE = ROOT / "tests" / "native" / "relacy"
Model = Callable[..., Path]
ORDERS = [f"NRB_{side}_{way}" for side in ("HEAD", "TAIL", "GAP_HEAD", "GAP_TAIL") for way in ("STORE", "LOAD")]


@pytest.fixture
def build_model(tmp_path: Path) -> Model:
    """Return a function that compiles model_ring.cpp with the flags given and returns the program."""
    if shutil.which("g++") is None or not Path("/usr/include/relacy/relacy.hpp").exists():
        absent("Relacy and a C++ compiler are not here (apt-get install g++ relacy-dev)")

    def build(*flags: str) -> Path:
        program = tmp_path / "model_ring"
        # Permissive: the ring is C, whose void pointers become any other.
        command = ["g++", "-std=c++17", "-O1", "-w", "-fpermissive", *flags, "-I", HERE, HERE / "model_ring.cpp"]
        subprocess.run([*command, "-o", program], check=True)
        return program

    return build


def ran(program: Path, search: str, count: int) -> tuple[int, str]:
    told = subprocess.run([program, search, str(count)], capture_output=True, text=True, check=False, timeout=300)
    return told.returncode, told.stdout


def schedules(output: str) -> int:
    return int(re.findall(r"schedules=(\d+)", output)[-1])


def test_no_schedule_of_two_blocks_shows_a_wrong_sample(build_model: Model):
    looks = os.environ.get("VOCALMIDI_LOOKS", "1")
    status, said = ran(build_model("-DBLOCKS=2", f"-DLOOKS={looks}"), "full", 0)
    assert status == 0, said
    assert schedules(said) > 100_000


def test_laps_and_gaps_in_schedules_at_random_show_none_either(build_model: Model):
    status, said = ran(build_model(), "random", 300_000)
    assert status == 0, said
    assert schedules(said) == 300_000


def test_room_that_is_promised_is_given_in_every_schedule_at_random(build_model: Model):
    status, said = ran(build_model("-DASKS=1"), "random", 200_000)
    assert status == 0, said
    assert schedules(said) == 200_000


@pytest.mark.parametrize("order", ORDERS)
def test_each_order_that_is_weakened_is_found(build_model: Model, order: str):
    status, said = ran(build_model(f"-D{order}=memory_order_relaxed"), "random", 300_000)
    assert status == 1
    assert "DATA RACE" in said
    assert schedules(said) < 1000


def test_samples_published_before_they_are_written_are_found(build_model: Model, tmp_path: Path):
    ring = (ROOT / "native_ringbuf" / "ring.c").read_text()
    body = "    nrb_commit(ring, count);\n    return true;"
    early = ring.replace(body, "    return true;").replace(
        "    memcpy(spans.part[0], samples,", "    nrb_commit(ring, count);\n    memcpy(spans.part[0], samples,", 1
    )
    assert early.count("nrb_commit(ring, count);") == ring.count("nrb_commit(ring, count);")
    (tmp_path / "early.c").write_text(early.replace('#include "', f'#include "{ROOT / "native_ringbuf"}/'))
    status, said = ran(build_model(f'-DRING_SOURCE="{tmp_path / "early.c"}"'), "random", 300_000)
    assert status == 1
    assert "DATA RACE" in said
