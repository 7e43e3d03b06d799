"""The only place that imports sounddevice, and it does so when called: nothing else needs PortAudio to be there.

Comes in: nothing. Goes out: the module, or a `CaptureError` that says how to get what is missing.
"""

import importlib
from typing import Any

from vocalmidi.errors import CaptureError


def load_portaudio() -> Any:
    """Return the sounddevice module with PortAudio initialised."""
    try:
        return importlib.import_module("sounddevice")
    except ModuleNotFoundError:
        raise CaptureError(
            "sounddevice is not installed, so no audio device can be used; `pip install sounddevice`"
        ) from None
    except OSError as error:  # the words of sounddevice when the library is not found
        raise CaptureError(
            f"PortAudio is missing, so no audio device can be used ({error}); "
            "Debian and Ubuntu: `apt install libportaudio2`, macOS: `brew install portaudio`"
        ) from None
    # PortAudioError comes out of Pa_Initialize while the module is still being imported, so it can't be named here.
    except Exception as error:
        if type(error).__name__ != "PortAudioError":
            raise
        raise CaptureError(f"PortAudio can't start: {error}; is the sound server running?") from None
