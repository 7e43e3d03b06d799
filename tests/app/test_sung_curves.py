"""A voice with scoops, vibrato and swells, all the way from its sound to what an instrument in Reaper makes of it."""

import numpy as np
import pytest

from app.studio import RATE, Studio, quiet
from app.test_remaking import act
from performed import performed
from reaper.test_bridge_insert import messages
from reaper.test_bridge_remake import AGAIN
from reaper.test_bridge_strength import quantise, select
from synth import SungNote, sing
from vocalmidi.app.ears import open_ears
from vocalmidi.units import hz_to_midi

TICKS_A_SECOND = 1920
"""960 a quarter note at the project's 120."""
TUNE = [
    SungNote(0.25, 0.9, 60, scoop_cents=150.0, scoop_s=0.15),
    SungNote(1.25, 1.2, 64, vibrato_cents=60.0),
    SungNote(2.55, 0.6, 62),
    SungNote(3.25, 1.2, 60, vibrato_cents=40.0, vibrato_hz=6.0),
]
SWELL_DB = {2: (-10.0, 0.0), 3: (0.0, -14.0)}
"""Of the third and the fourth note: from where to where its level goes."""
WAYS = [("wheel", "cc11"), ("mpe", "pressure"), ("mpe", "cc11"), ("cc16", "pressure")]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture(scope="module")
def voice():
    """Return the sound, and its truth."""
    sung = sing(TUNE, RATE)
    gain_db = np.zeros(len(sung.samples))
    for index, (first, last) in SWELL_DB.items():
        start, stop = (round(at * RATE) for at in (TUNE[index].onset_s, TUNE[index].onset_s + TUNE[index].duration_s))
        gain_db[start:stop] = np.linspace(first, last, stop - start)
    return np.asarray(sung.samples * 10 ** (gain_db / 20), np.float32), sung


def written(tmp_path, ears, sound, way):
    """Return a studio in which the voice was written, as it was sung."""
    bend_as, expression = way
    studio = Studio(tmp_path, ears, bend="true", bend_as=bend_as, expression=expression, quantise=0)
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([sound, quiet(1.0)]))
    studio.write()
    assert studio.told == []
    return studio


def pitch_of(note, tick, way):
    cents = (note.control_at(16, tick) - 64) / 64 * 200 if way[0] == "cc16" else note.cents_at(tick)
    return note.pitch + cents / 100


def level_of(note, tick, way):
    value = note.pressure_at(tick) if way[1] == "pressure" else note.control_at(11, tick)
    return 40 * np.log10(max(value, 0.5) / 127)


def sung_places(notes):
    """Yield, for each note, ticks inside it, and the samples of the voice that were sung then."""
    # What is sung first lies at the item's begin or after it; all else is told against that.
    first = notes[0].start
    for note, true in zip(notes, TUNE, strict=True):
        length = note.stop - note.start
        ticks = np.linspace(note.start + length * 0.1, note.stop - length * 0.15, 40).astype(int)
        yield note, ticks, np.round((TUNE[0].onset_s + (ticks - first) / TICKS_A_SECOND) * RATE).astype(int), true


@pytest.mark.parametrize("way", WAYS, ids=["-".join(way) for way in WAYS])
def test_what_an_instrument_plays_is_what_was_sung(tmp_path, ears, voice, way):
    sound, truth = voice
    studio = written(tmp_path, ears, sound, way)
    notes = performed(messages(studio.reaper, "Melody"))
    assert [note.pitch for note in notes] == [60, 64, 62, 60]
    levels = []
    for note, ticks, samples, true in sung_places(notes):
        played = np.array([pitch_of(note, tick, way) for tick in ticks])
        error = np.abs(played - hz_to_midi(truth.f0_hz[samples])) * 100
        assert np.median(error) < 15, (true, error)
        assert np.percentile(error, 90) < 35, (true, error)
        heard = np.array([level_of(note, tick, way) for tick in ticks])
        rms = np.array([np.sqrt(np.mean(sound[at - 240 : at + 240] ** 2)) for at in samples])
        levels.append(heard - 20 * np.log10(rms))
    # The instrument's gain is its own; but for that the level is the voice's.
    beside = np.concatenate(levels) - np.median(np.concatenate(levels))
    assert np.percentile(np.abs(beside), 95) < 2.5
    studio.reaper.check()


@pytest.mark.parametrize("way", WAYS, ids=["-".join(way) for way in WAYS])
def test_an_item_is_rebuilt_with_its_curves_byte_for_byte(tmp_path, ears, voice, way):
    studio = written(tmp_path, ears, voice[0], way)
    before = messages(studio.reaper, "Melody")
    select(studio.reaper, "Melody")
    quantise(studio.reaper, 100)
    assert messages(studio.reaper, "Melody") != before
    quantise(studio.reaper, 0)
    act(studio, "Rebuild this item", "Melody")
    assert studio.told == []
    assert messages(studio.reaper, "Melody") == before
    studio.reaper.check()


@pytest.mark.parametrize("way", WAYS[:2], ids=["-".join(way) for way in WAYS[:2]])
def test_the_same_again_and_an_octave_higher_have_the_same_curves(tmp_path, ears, voice, way):
    studio = written(tmp_path, ears, voice[0], way)
    first = messages(studio.reaper, "Melody")
    act(studio, AGAIN, "Melody")
    again = studio.reaper.items("Melody")[-1]
    rows = [row.split() for row in studio.reaper.fake.midi_text(again.take).splitlines() if row]
    assert [(int(tick), int(flags), bytes.fromhex(octets)) for tick, flags, octets in rows] == first
    studio.act("Octave up")
    higher = next(item for item in studio.reaper.items("Melody") if item.selected)
    rows = [row.split() for row in studio.reaper.fake.midi_text(higher.take).splitlines() if row]
    now = [(int(tick), int(flags), bytes.fromhex(octets)) for tick, flags, octets in rows]
    is_note = [octets[0] & 0xF0 in (0x80, 0x90) for _, _, octets in first]
    assert [m for m, note in zip(now, is_note, strict=True) if not note] == [
        m for m, note in zip(first, is_note, strict=True) if not note
    ]
    assert [m[2][1] for m, note in zip(now, is_note, strict=True) if note] == [
        m[2][1] + 12 for m, note in zip(first, is_note, strict=True) if note
    ]
