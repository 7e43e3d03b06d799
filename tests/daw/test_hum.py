"""Case 1 of docs/DAW_TESTING.md: C-D-E-F-G is hummed, and is there within 50 cents."""

import numpy as np
import pytest

from app.studio import RATE, quiet
from daw.heard import heard
from synth import SungNote, Voice, sing

SCALE = (60, 62, 64, 65, 67)
OFF_CENTS = (12, -18, 25, -30, 20)
"""How far from each key an untrained voice sings."""


def hummed(low, kind):
    """Return the five tones, hummed, and what was really sung in cents."""
    pitches = [pitch + low + off / 100 for pitch, off in zip(SCALE, OFF_CENTS, strict=True)]
    notes = [SungNote(0.25 + 0.5 * step, 0.42, pitch, "u", "m") for step, pitch in enumerate(pitches)]
    return sing(notes, RATE, voice=Voice(kind)).samples, [100 * pitch for pitch in pitches]


@pytest.mark.parametrize(("low", "kind"), [(0, "female"), (-12, "male"), (-17, "male"), (7, "child")])
def test_what_is_hummed_is_written_on_its_keys_and_sounds_within_50_cents(open_studio, low, kind):
    studio = open_studio(bend="true")
    samples, sung_cents = hummed(low, kind)
    studio.user("project.play_state, project.play_s = 1, 4.0")
    studio.play(np.concatenate([samples, quiet(1.0)]))
    studio.write()
    assert studio.told == []
    assert [pitch for _, pitch in studio.melody()] == [pitch + low for pitch in SCALE]
    sounding = [note.pitch_cents for note in heard(studio.reaper, "Melody")]
    assert sounding == pytest.approx(sung_cents, abs=50)
    # The voice's own intonation is in the bend: closer to it than the bare key on the whole.
    off = np.abs(np.array(sounding) - sung_cents)
    assert np.median(off) < np.median(np.abs(OFF_CENTS))
