"""Case 5 of docs/DAW_TESTING.md: tempo and metre change while the project plays; notes lie where they were sung."""

import numpy as np
import pytest

from app.studio import RATE, quiet
from synth import SungNote, sing

START_S = 4.0
MAPS = {
    "a tempo change": "{ time_s = 0, bpm = 120, beats = 4, unit = 4 }, { time_s = 8, bpm = 84, beats = 4, unit = 4 }",
    "a ramp down": (
        "{ time_s = 0, bpm = 120, beats = 4, unit = 4, glides = false }, "
        "{ time_s = 6, bpm = 120, beats = 4, unit = 4, glides = true }, { time_s = 16, bpm = 70, beats = 4, unit = 4 }"
    ),
    "a ramp up out of 3/4": (
        "{ time_s = 0, bpm = 90, beats = 3, unit = 4 }, { time_s = 6, bpm = 90, beats = 4, unit = 4, glides = true }, "
        "{ time_s = 14, bpm = 150, beats = 4, unit = 4 }"
    ),
    "a change from 4/4 to 6/8": (
        "{ time_s = 0, bpm = 120, beats = 4, unit = 4 }, { time_s = 8, bpm = 180, beats = 6, unit = 8 }"
    ),
}
RISING = (60, 62, 64, 65, 67, 69, 71, 72)


def sung_over(studio, onsets_s):
    """Play the project from 4 s on and sing at these times of it; return each note's time in the project."""
    studio.user(f"project.play_state, project.play_s = 1, {START_S}")
    tune = [
        SungNote(at - START_S, 0.8 * (after - at), RISING[number % 8])
        for number, (at, after) in enumerate(zip(onsets_s, [*onsets_s[1:], onsets_s[-1] + 0.5], strict=True))
    ]
    studio.play(np.concatenate([sing(tune, RATE).samples, quiet(1.0)]))
    studio.write()
    assert studio.told == []
    project = studio.reaper.project
    notes = studio.reaper.notes("Melody")
    assert [note.pitch for note in notes] == [note.pitch_midi for note in tune]
    return notes, [studio.reaper.fake.qn_to_time(project, note.start_qn) for note in notes]


def with_map(studio, name):
    studio.user(f"project.markers = {{ {MAPS[name]} }}")


def beats_s(studio, first_qn, count):
    """Return when quarter notes from this one on are played."""
    return [studio.reaper.fake.qn_to_time(studio.reaper.project, first_qn + step) for step in range(count)]


@pytest.mark.parametrize("name", MAPS)
def test_as_sung_each_note_lies_at_the_time_at_which_it_was_sung(open_studio, name):
    studio = open_studio(quantise=0)
    with_map(studio, name)
    # At no beat of anything: what was sung is what counts.
    onsets_s = [4.31, 5.02, 5.6, 6.43, 7.1, 7.93, 8.71, 9.3, 10.2, 11.04, 11.9, 12.65]
    _, found_s = sung_over(studio, onsets_s)
    assert found_s == pytest.approx(onsets_s, abs=0.04)


@pytest.mark.parametrize("name", MAPS)
def test_sung_on_the_beat_each_note_lies_on_the_projects_beat(open_studio, name):
    studio = open_studio(quantise=100)
    with_map(studio, name)
    first_qn = np.ceil(studio.reaper.fake.time_to_qn(studio.reaper.project, START_S + 0.3))
    onsets_s = beats_s(studio, first_qn, 12)
    notes, _ = sung_over(studio, onsets_s)
    assert [note.start_qn for note in notes] == pytest.approx([first_qn + step for step in range(12)], abs=0.01)


def test_a_tempo_that_is_changed_afterwards_takes_the_notes_along_on_their_beats(open_studio):
    studio = open_studio()
    first_qn = 10
    notes, _ = sung_over(studio, beats_s(studio, first_qn, 8))
    studio.user("fake.set_markers(project, { { time_s = 0, bpm = 75, beats = 4, unit = 4 } })")
    assert studio.reaper.notes("Melody") == notes
    assert studio.reaper.items("Melody")[0].start_s == pytest.approx(8 * 60 / 75)
