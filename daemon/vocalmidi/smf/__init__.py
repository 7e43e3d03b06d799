"""An arrangement as a Standard MIDI File, for every DAW that is not Reaper, and read again; notes of any file."""

from vocalmidi.smf.file import smf_bytes, write_smf
from vocalmidi.smf.notes import read_notes
from vocalmidi.smf.written import WrittenFile, read_written

__all__ = ["WrittenFile", "read_notes", "read_written", "smf_bytes", "write_smf"]
