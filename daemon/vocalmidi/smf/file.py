"""An arrangement to a Standard MIDI File of type 1.

Comes in: an `Arrangement`. Goes out: a conductor track (tempo, metre, key) and one track a part, named as in Reaper.
The same arrangement gives the same bytes. It decides nothing about the music.
Source: MIDI 1.0 Detailed Specification 4.2 and Standard MIDI Files 1.0 (RP-001).
"""

import io
from pathlib import Path

import mido

from vocalmidi.errors import SmfError
from vocalmidi.files import write_whole
from vocalmidi.smf.track import part_track
from vocalmidi.units import TICKS_PER_QN, qn_to_ticks, tempo_to_us_per_qn
from vocalmidi.values import Arrangement, Key

# Circle of fifths as RP-001's key signature names it; index = pitch class of the tonic.
_MAJOR_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_KEYS = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


def write_smf(arrangement: Arrangement, path: Path) -> None:
    """Write the arrangement to `path`, whole or not at all.

    Raises:
        SmfError: the path can't be written.
    """
    content = smf_bytes(arrangement)
    try:
        write_whole(path, content)
    except OSError as error:
        raise SmfError(f"{path}: can't write the MIDI file ({error.strerror}); choose another place with -o") from error


def smf_bytes(arrangement: Arrangement) -> bytes:
    """Return the arrangement as the bytes of a .mid file."""
    end = qn_to_ticks(arrangement.length_qn)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QN)
    file.tracks.append(_conductor(arrangement, end))
    file.tracks.extend(part_track(part, end) for part in arrangement.parts)
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def _conductor(arrangement: Arrangement, end: int) -> mido.MidiTrack:
    meter = arrangement.meter
    # RP-001: a metronome click lasts `clocks_per_click` MIDI clocks, 24 to the quarter note.
    clocks = max(1, 24 * 4 // meter.unit)
    return mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name="Vocal MIDI"),
            mido.MetaMessage("set_tempo", tempo=tempo_to_us_per_qn(arrangement.tempo_qpm)),
            mido.MetaMessage("time_signature", numerator=meter.beats, denominator=meter.unit, clocks_per_click=clocks),
            mido.MetaMessage("key_signature", key=_key_signature(arrangement.key)),
            mido.MetaMessage("end_of_track", time=end),
        ]
    )


def _key_signature(key: Key) -> str:
    return (_MAJOR_KEYS if key.mode == "major" else _MINOR_KEYS)[key.tonic]
