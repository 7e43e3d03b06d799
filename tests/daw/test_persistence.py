"""Case 7 of docs/DAW_TESTING.md: saved, all closed and opened again, it is as it was and can still be worked on."""

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from reaper.test_bridge_remake import AGAIN, LOCK, ROLL, ROLL_ALL, deselect, transpose
from reaper.test_bridge_strength import select
from synth import sing

NAMES = ("Melody", "Chords", "Bass", "Drums")


def sing_from(studio, start_s):
    studio.user(f"project.play_state, project.play_s = 1, {start_s}")
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.write()


def act(studio, action, name):
    deselect(studio.reaper)
    select(studio.reaper, name)
    studio.act(action)


def reopened(studio, folder, ears):
    """Save the project, end Reaper and daemon, start both and open it; return the new studio and what was saved."""
    reaper = studio.reaper
    fake, path = reaper.fake, str(folder / "song.rpp")
    fake.api.Main_SaveProjectEx(reaper.project, path, 8)
    saved = reaper.state()
    fake.end_scripts(True)
    fake.forget_session()
    fake.close(reaper.project)
    fake.load(fake.current, path)
    reaper.project = fake.current
    (folder / "later").mkdir()
    return Studio(folder / "later", ears, reaper=reaper), saved


@pytest.fixture
def later(tmp_path, ears, open_studio):
    """A studio that was closed and opened again: drums locked, bass edited by hand, nothing touched since."""
    studio = open_studio()
    sing_from(studio, 4.0)
    act(studio, LOCK, "Drums")
    transpose(studio.reaper, "Bass", studio.reaper.notes("Bass")[0].pitch)
    assert studio.told == []
    studio, saved = reopened(studio, tmp_path, ears)
    assert studio.reaper.state() == saved
    return studio


def midi(studio):
    """Every item's MIDI, byte for byte, by track."""
    return {name: [studio.reaper.fake.midi_text(item.take) for item in studio.reaper.items(name)] for name in NAMES}


def changed(before, after):
    return {name for name in NAMES if before[name] != after[name]}


def test_a_part_is_rolled_again_without_singing(later):
    before = midi(later)
    act(later, ROLL, "Chords")
    assert later.told == []
    assert changed(before, midi(later)) == {"Chords"}


def test_what_was_locked_and_what_was_edited_are_still_kept(later):
    before = midi(later)
    act(later, ROLL_ALL, "Melody")
    assert later.told == []
    assert not changed(before, midi(later)) & {"Melody", "Bass", "Drums"}


def test_the_same_again_is_byte_for_byte_what_was_written(later):
    before = midi(later)
    later.user("project.play_state, project.cursor_s = 0, 40.0")
    act(later, AGAIN, "Chords")
    assert later.told == []
    after = midi(later)
    assert [after[name][1] for name in ("Melody", "Chords", "Drums")] == [
        before[name][0] for name in ("Melody", "Chords", "Drums")
    ]


def test_the_notes_move_between_as_sung_and_as_meant(later):
    meant = [note.start_qn for note in later.reaper.notes("Melody")]
    act(later, "Quantise 0 percent", "Melody")
    played = [note.start_qn for note in later.reaper.notes("Melody")]
    assert played != meant
    assert played == pytest.approx(meant, abs=0.2)
    act(later, "Quantise 100 percent", "Melody")
    assert [note.start_qn for note in later.reaper.notes("Melody")] == meant


def test_what_is_sung_next_lands_on_the_same_four_tracks(later):
    sing_from(later, 24.0)
    assert later.told == []
    assert later.reaper.track_names() == list(NAMES)
    assert [len(later.reaper.items(name)) for name in NAMES] == [2, 2, 2, 2]


def test_what_was_answered_before_is_not_inserted_a_second_time(later):
    before = later.reaper.state()
    for path in (later.reaper.root / "done").glob("*.vocalmidi"):
        path.rename(later.reaper.root / "inbox" / path.name)
    later.turns(80)
    assert later.reaper.state() == before
