"""Case 3 of docs/DAW_TESTING.md: another genre changes how it is accompanied, never what was sung."""

import numpy as np

from app.studio import RATE, TUNE, quiet
from reaper.test_bridge_remake import CHANGE, deselect
from reaper.test_bridge_strength import select
from synth import sing

ACCOMPANIMENT = ("Chords", "Bass", "Drums")


def sung(studio, start_s):
    """Sing the tune from a bar line of the playing project; return each track's notes from there on."""
    studio.user(f"project.play_state, project.play_s = 1, {start_s}")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()
    assert studio.told == []
    return {name: notes_from(studio, name, start_s * 2) for name in ("Melody", *ACCOMPANIMENT)}


def notes_from(studio, name, start_qn):
    notes = [note for note in studio.reaper.notes(name) if note.start_qn >= start_qn - 0.1]
    return [(round(note.start_qn - start_qn, 3), note.pitch) for note in notes]


def test_the_next_genre_accompanies_the_same_tune_otherwise(open_studio):
    studio = open_studio()
    first = sung(studio, 4.0)
    studio.act("Next genre")
    assert "genre" in studio.said[-1]
    second = sung(studio, 44.0)
    assert second["Melody"] == first["Melody"]
    assert all(second[name] for name in ACCOMPANIMENT)
    assert all(second[name] != first[name] for name in ACCOMPANIMENT)
    studio.act("Previous genre")
    third = sung(studio, 84.0)
    assert third["Melody"] == first["Melody"]
    assert third["Drums"] == first["Drums"]


def test_a_written_arrangement_is_changed_in_place_and_undo_brings_it_back(open_studio):
    studio = open_studio()
    before = sung(studio, 4.0)
    deselect(studio.reaper)
    select(studio.reaper, "Chords")
    studio.reaper.fake.typed = "jazz,,,"
    studio.act(CHANGE)
    assert studio.told == []
    after = {name: notes_from(studio, name, 8.0) for name in before}
    assert after["Melody"] == before["Melody"]
    assert all(after[name] != before[name] for name in ACCOMPANIMENT)
    assert [len(studio.reaper.items(name)) for name in before] == [1, 1, 1, 1]
    studio.reaper.fake.undo(studio.reaper.project)
    assert {name: notes_from(studio, name, 8.0) for name in before} == before
