"""The notes of a Standard MIDI File that have a pitch, for what they tell of the key of other music.

Comes in: a path. Goes out: `Note`s in quarter notes from the file's start, of all tracks together. Drums (channel 10)
are left out, as are files that count in seconds (SMPTE). It makes no arrangement of them.
"""

from pathlib import Path

import mido

from vocalmidi.errors import SmfError
from vocalmidi.units import QuarterNotes
from vocalmidi.values import Note

DRUM_CHANNEL = 9
"""Counted from 0; General MIDI keeps the tenth for drums."""
LARGEST_BYTES = 16 << 20
"""Some hundred times a long song; more is not music for a key."""


def read_notes(path: Path) -> tuple[Note, ...]:
    """Return the pitched notes in order of start.

    Raises:
        SmfError: the file can't be read, or is no MIDI file with notes of a pitch.
    """
    file = open_smf(path)
    notes = [note for track in file.tracks for note in _notes_of(track, file.ticks_per_beat)]
    if not notes:
        raise SmfError(f"{path}: holds no note with a pitch, so it tells no key; leave it out or name another file")
    return tuple(sorted(notes, key=lambda note: (note.start_qn, note.pitch_midi)))


def open_smf(path: Path) -> mido.MidiFile:
    """Return the file at `path`, which counts in beats; raise SmfError where there is none."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SmfError(f"{path}: is larger than any MIDI file should be; name another file")
        file = mido.MidiFile(path, clip=True)
    except OSError as error:
        raise SmfError(
            f"{path}: can't be read as a MIDI file ({error.strerror or error}); name another file"
        ) from error
    except (EOFError, ValueError, KeyError, IndexError, mido.KeySignatureError) as error:
        raise SmfError(f"{path}: is damaged or no MIDI file; export it anew or name another file") from error
    # The highest bit says that ticks are parts of a second.
    if not 0 < file.ticks_per_beat < 0x8000:
        raise SmfError(f"{path}: counts in seconds, not in beats; export it with a tempo map or name another file")
    return file


def _notes_of(track: mido.MidiTrack, ticks_per_beat: int) -> list[Note]:
    """Return a track's notes; one that is never ended is left out, one begun again ends there."""
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    notes: list[Note] = []
    tick = 0
    for message in track:
        tick += message.time
        if message.type not in ("note_on", "note_off") or message.channel == DRUM_CHANNEL:
            continue
        voice = (message.channel, message.note)
        if voice in sounding:
            start, velocity = sounding.pop(voice)
            if tick > start:
                length_qn = QuarterNotes((tick - start) / ticks_per_beat)
                notes.append(Note(QuarterNotes(start / ticks_per_beat), length_qn, message.note, velocity))
        if message.type == "note_on" and message.velocity > 0:
            sounding[voice] = (tick, message.velocity)
    return notes
