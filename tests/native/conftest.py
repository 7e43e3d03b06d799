"""A C compiler for the tests: builds the ring with a test program, with the sanitizers asked for."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from needs import ROOT, absent

SOURCES = [ROOT / "native_ringbuf" / name for name in ("ring.c", "mapping.c", "wake.c", "capture_callback.c")]
Build = Callable[..., Path]


def sanitizer_runs(flag: str, folder: Path) -> str | None:
    """Return why a program with this sanitizer can't be built and run here, or None."""
    source, program = folder / "empty.c", folder / "empty"
    source.write_text("int main(void) { return 0; }\n")
    built = subprocess.run(["cc", flag, source, "-o", program], capture_output=True, text=True, check=False)
    if built.returncode != 0:
        return f"cc {flag} does not build: {built.stderr.strip().splitlines()[-1:]}"
    ran = subprocess.run([*without_aslr(), program], capture_output=True, text=True, check=False)
    return f"a program with {flag} does not run: {ran.stderr.strip()}" if ran.returncode else None


def without_aslr() -> list[str]:
    """ThreadSanitizer's fixed shadow does not fit the address randomisation of newer kernels."""
    return ["setarch", "-R"] if shutil.which("setarch") else []


@pytest.fixture
def build_stress(tmp_path: Path) -> Build:
    """Return a function that compiles stress_ring.c with the flags given and returns the program."""
    if shutil.which("cc") is None:
        absent("there is no C compiler (cc)")

    def build(*flags: str, source: Path = ROOT / "tests/native/stress_ring.c") -> Path:
        for flag in flags:
            if flag.startswith("-fsanitize=") and (reason := sanitizer_runs(flag, tmp_path)):
                absent(reason)
        program = tmp_path / "stress_ring"
        command = ["cc", "-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", *flags, f"-I{ROOT / 'native_ringbuf'}"]
        command += [*map(str, SOURCES), str(source), "-o", str(program), "-pthread", "-lm"]
        subprocess.run(command, check=True)
        return program

    return build
