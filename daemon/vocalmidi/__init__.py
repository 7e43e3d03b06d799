"""Vocal MIDI: a voice in, an editable multi-track arrangement out.

Each sub-package is one room of the way from sound to MIDI; `app` alone knows them all. Importing this package
opens no device, loads no model and needs neither PortAudio nor a MIDI system.
"""

from importlib.metadata import version

__version__ = version("vocalmidi")
