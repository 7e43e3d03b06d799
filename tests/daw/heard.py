"""What an instrument plays of a take: its notes with the pitch wheel applied, read from the events one by one."""

from dataclasses import dataclass

import numpy as np

NOTE_ON, CONTROL, WHEEL = 0x90, 0xB0, 0xE0
LINEAR = 16
CENTRE = 8192


@dataclass(frozen=True)
class Heard:
    """A note as it sounds: where, and how high in cents of MIDI pitch over its middle half."""

    start_qn: float
    stop_qn: float
    pitch_cents: float


def _raw(reaper, take):
    """Return the events as (tick, flags, bytes); Lua's bytes don't pass as text, so they come as hexadecimal."""
    for line in reaper.fake.midi_text(take).split("\n")[1:]:
        tick, flags, *text = line.split()
        yield int(tick), int(flags), bytes.fromhex(text[0])


def _semitones(events):
    """Return the bend range that registered parameter 0 sets, two semitones where nothing does."""
    parameter, semitones = (127, 127), 2
    for _, _, text in events:
        if text[0] & 0xF0 == CONTROL:
            if text[1] == 101:
                parameter = (text[2], parameter[1])
            elif text[1] == 100:
                parameter = (parameter[0], text[2])
            elif text[1] == 6 and parameter == (0, 0):
                semitones = text[2]
    return semitones


def _wheel_cents(events, ticks):
    """Return the wheel at these ticks: a step stays, a linear one glides to the next."""
    points = [(t, f & LINEAR, (x[1] | x[2] << 7) - CENTRE) for t, f, x in events if x[0] & 0xF0 == WHEEL]
    if not points:
        return np.zeros(len(ticks))
    at = np.array([tick for tick, _, _ in points])
    glides = np.array([glide for _, glide, _ in points]) > 0
    value = np.array([value for _, _, value in points], float)
    index = np.searchsorted(at, ticks, side="right") - 1
    after = np.minimum(index + 1, len(at) - 1)
    share = (ticks - at[index]) / np.maximum(at[after] - at[index], 1)
    now = np.where(glides[index], value[index] + share * (value[after] - value[index]), value[index])
    return np.where(index < 0, 0.0, now) / CENTRE * _semitones(events) * 100


def heard(reaper, track_name):
    """Return the notes of the one item on a track, in order."""
    (item,) = reaper.items(track_name)
    events = list(_raw(reaper, item.take))
    start_qn, ppq = reaper.fake.time_to_qn(reaper.project, item.start_s), item.take.ppq
    notes = []
    for note in reaper.fake.notes_of_take(item.take).values():
        quarter = (note.stop - note.start) / 4
        ticks = np.linspace(note.start + quarter, note.stop - quarter, 50)
        cents = 100 * note.pitch + float(np.mean(_wheel_cents(events, ticks)))
        notes.append(Heard(start_qn + note.start / ppq, start_qn + note.stop / ppq, cents))
    return sorted(notes, key=lambda note: note.start_qn)
