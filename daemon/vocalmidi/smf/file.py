"""An arrangement to a Standard MIDI File of type 1.

Comes in: an `Arrangement`. Goes out: a conductor track (tempo, metre, key) and one track a part, named as in Reaper.
Text events say what `remarks` has of it. The same arrangement gives the same bytes. It decides nothing about music.
Source: MIDI 1.0 Detailed Specification 4.2 and Standard MIDI Files 1.0 (RP-001).
"""

import io
from collections.abc import Iterator
from pathlib import Path

import mido

from vocalmidi.errors import SmfError
from vocalmidi.files import write_whole
from vocalmidi.smf.remarks import MUSIC, chord_remark
from vocalmidi.smf.track import part_track
from vocalmidi.units import TICKS_PER_QN, qn_to_ticks, seconds_to_qn, tempo_to_us_per_qn
from vocalmidi.values import Arrangement, Chord, Key

STEP_S = 0.01
"""Between two messages of a curve; a MIDI cable carries ten in it."""
# Circle of fifths as RP-001's key signature names it; index = pitch class of the tonic.
_MAJOR_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_KEYS = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


def write_smf(arrangement: Arrangement, path: Path, music: str = "") -> None:
    """Write the arrangement to `path`, whole or not at all.

    music: one line of ASCII about the settings that made it, which the file keeps; "" for none.

    Raises:
        SmfError: the path can't be written.
    """
    content = smf_bytes(arrangement, music)
    try:
        write_whole(path, content)
    except OSError as error:
        raise SmfError(f"{path}: can't write the MIDI file ({error.strerror}); choose another place with -o") from error


def smf_bytes(arrangement: Arrangement, music: str = "") -> bytes:
    """Return the arrangement as the bytes of a .mid file; music as in `write_smf`."""
    end = qn_to_ticks(arrangement.length_qn)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QN)
    file.tracks.append(_conductor(arrangement, end, music))
    step = max(1, qn_to_ticks(seconds_to_qn(STEP_S, arrangement.tempo_qpm)))
    file.tracks.extend(part_track(part, end, step) for part in arrangement.parts)
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def _conductor(arrangement: Arrangement, end: int, music: str) -> mido.MidiTrack:
    meter = arrangement.meter
    # RP-001: a metronome click lasts `clocks_per_click` MIDI clocks, 24 to the quarter note.
    clocks = max(1, 24 * 4 // meter.unit)
    track = mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name="Vocal MIDI"),
            *([mido.MetaMessage("text", text=MUSIC + music)] if music else []),
            mido.MetaMessage("set_tempo", tempo=tempo_to_us_per_qn(arrangement.tempo_qpm)),
            mido.MetaMessage("time_signature", numerator=meter.beats, denominator=meter.unit, clocks_per_click=clocks),
            mido.MetaMessage("key_signature", key=_key_signature(arrangement.key)),
        ]
    )
    now = 0
    for tick, text in _chord_remarks(arrangement.chords, end):
        track.append(mido.MetaMessage("text", text=text, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - now)))
    return track


def _chord_remarks(chords: tuple[Chord, ...], end: int) -> Iterator[tuple[int, str]]:
    """Yield where a chord begins and what is said of it; a gap after one is said too."""
    starts = [*(qn_to_ticks(chord.start_qn) for chord in chords[1:]), end]
    for chord, following in zip(chords, starts, strict=True) if chords else ():
        yield qn_to_ticks(chord.start_qn), chord_remark(chord)
        stop = qn_to_ticks(chord.start_qn + chord.length_qn)
        if stop < following:
            yield stop, chord_remark(None)


def _key_signature(key: Key) -> str:
    return (_MAJOR_KEYS if key.mode == "major" else _MINOR_KEYS)[key.tonic]
