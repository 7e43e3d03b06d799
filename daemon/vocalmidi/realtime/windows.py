"""Windows: the Multimedia Class Scheduler's "Pro Audio".

Comes in: the calling thread. Goes out: what it was given, and the undoing, which must be called by the same thread.
Source: Microsoft's documentation of avrt.h.
"""

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

from vocalmidi.realtime.asking import Given, Refused, Way

ADVICE = "start the service 'Multimedia Class Scheduler'"
TASK = "Pro Audio"


def _load() -> Any:
    library = ctypes.WinDLL("avrt")  # type: ignore[attr-defined,unused-ignore] # only Windows has it
    library.AvSetMmThreadCharacteristicsW.argtypes = (ctypes.c_wchar_p, ctypes.c_void_p)
    library.AvSetMmThreadCharacteristicsW.restype = ctypes.c_void_p
    library.AvRevertMmThreadCharacteristics.argtypes = (ctypes.c_void_p,)
    return library


def ways(load: Callable[[], Any] = _load) -> Sequence[Way]:
    """Return what is tried."""
    return (lambda: _pro_audio(load),)


def _pro_audio(load: Callable[[], Any]) -> Given:
    try:
        system = load()
    except OSError as error:
        raise Refused(f"avrt.dll can't be loaded: {error}") from None
    task = ctypes.c_uint32(0)
    handle = system.AvSetMmThreadCharacteristicsW(TASK, ctypes.addressof(task))
    if not handle:
        raise Refused(f"the scheduler does not take it as {TASK}")

    def undo() -> None:
        system.AvRevertMmThreadCharacteristics(handle)

    return Given(f"MMCSS {TASK}", undo)
