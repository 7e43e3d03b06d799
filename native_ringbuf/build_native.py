"""Builds `native_ringbuf._native` with cffi in API mode, from the declarations in the headers.

In: ring.h and capture_callback.h. Out: `ffibuilder`, which setup.py names. VOCALMIDI_WERROR=1 turns warnings into
errors; only our own checks set it, since a compiler not yet released may warn of more.
"""

import os
import sys
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).parent
HEADERS = ("ring.h", "capture_callback.h")
SOURCES = ("ring.c", "mapping.c", "wake.c", "capture_callback.c")


def declarations(header: str) -> str:
    """Return the header without its preprocessor lines, which is all that cffi's parser can't read."""
    lines = (HERE / header).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def compiler_flags() -> list[str]:
    """Return C11 with all warnings, in the words of the platform's compiler."""
    werror = os.environ.get("VOCALMIDI_WERROR") == "1"
    if sys.platform == "win32":
        return ["/O2", "/std:c11", "/experimental:c11atomics", "/W3", *(["/WX"] if werror else [])]
    # cffi's generated wrappers leave their `self` unused.
    flags = ["-O3", "-std=c11", "-Wall", "-Wextra", "-Wno-unused-parameter"]
    return [*flags, *(["-Werror"] if werror else [])]


ffibuilder = FFI()
for name in HEADERS:
    ffibuilder.cdef(declarations(name))
ffibuilder.set_source(
    "native_ringbuf._native",
    '#include "capture_callback.h"',
    sources=[f"native_ringbuf/{name}" for name in SOURCES],
    depends=[f"native_ringbuf/{name}" for name in (*HEADERS, "cache_hints.h", "ring_orders.h", "mapping.h", "wake.h")],
    include_dirs=[str(HERE)],
    extra_compile_args=compiler_flags(),
)
