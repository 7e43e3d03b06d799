"""An arrangement as a Standard MIDI File, for every DAW that is not Reaper."""

from vocalmidi.smf.file import smf_bytes, write_smf

__all__ = ["smf_bytes", "write_smf"]
