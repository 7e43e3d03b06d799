"""An arrangement as a Standard MIDI File, for every DAW that is not Reaper; and the notes of one, for their key."""

from vocalmidi.smf.file import smf_bytes, write_smf
from vocalmidi.smf.notes import read_notes

__all__ = ["read_notes", "smf_bytes", "write_smf"]
