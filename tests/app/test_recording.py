"""Record phrase, end to end: what is sung appears in the items while it is sung, and the considered notes take them."""

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from synth import sing
from vocalmidi.app.ears import open_ears

PITCHES = [note.pitch_midi for note in TUNE]
ACTION = "Record phrase"


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    studio = Studio(tmp_path, ears)
    studio.play(quiet(0.5))
    return studio


def tune():
    return sing(TUNE, RATE).samples


def marks(studio):
    return [item.strings["P_EXT:vocalmidi_draft"] for item in studio.reaper.all_items()]


def lit(studio):
    return studio.reaper.fake.toggles[ACTION]


def test_notes_appear_while_they_are_sung_and_become_the_considered_ones_in_the_same_item(studio):
    studio.user("project.cursor_s = 4.0")
    before = studio.reaper.state()
    studio.act(ACTION)
    assert lit(studio) == 1
    assert studio.reaper.project.play_state == 1
    studio.play(tune()[: 2 * RATE])
    (drawn,) = studio.reaper.items("Melody")
    assert marks(studio) == [drawn.strings["P_EXT:vocalmidi_draft"]]
    early = [note.pitch for note in studio.reaper.notes("Melody")]
    # Four notes a second apart at half a second each: all but the last have been heard, 0.5 s behind at most.
    assert early[:3] == PITCHES[:3]
    assert studio.reaper.undo_titles() == []
    guid = drawn.guid
    studio.play(np.concatenate([tune()[2 * RATE :], quiet(1.0)]))
    studio.act(ACTION)
    assert lit(studio) == 0
    assert studio.reaper.project.play_state == 0
    (written,) = studio.reaper.items("Melody")
    assert written.guid == guid
    assert marks(studio) == [None] * 4
    assert [pitch for _, pitch in studio.melody()] == PITCHES
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    assert np.diff(starts) == pytest.approx([1.0] * 7, abs=0.02)
    assert studio.reaper.undo_titles() == ["Vocal MIDI: record phrase (pop)"]
    assert not (studio.spool.root / "daemon.draft").exists()
    studio.reaper.fake.undo(studio.reaper.project)
    assert studio.reaper.state() == before
    studio.reaper.check()
