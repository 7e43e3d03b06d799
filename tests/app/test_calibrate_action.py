"""One click in Reaper: the claps that the running daemon heard last are taken, applied at once and kept."""

import numpy as np
import pytest

from app.studio import RATE, Studio
from app.test_calibrate import clapping
from vocalmidi.app import writer
from vocalmidi.app.ears import open_ears
from vocalmidi.errors import CaptureError
from vocalmidi.reaper import MAX_TEXT

ACTION = "Calibrate by the claps just heard"


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    studio = Studio(tmp_path, ears)
    studio.kept = []
    studio.writer._keep = studio.kept.append
    return studio


def told(studio):
    """What the user sees and hears of: messages inside Reaper, and the daemon's last line."""
    return studio.said[-1]


def test_claps_to_the_click_are_applied_and_kept_and_nothing_is_written(studio):
    studio.user("project.play_state = 1")
    sound = clapping(0.043, 45)
    studio.play(sound)
    studio.act(ACTION)
    assert "45 claps; kept" in told(studio)
    [found] = studio.kept
    assert studio.following.shift_s == found.shift_s
    # What was heard before is read anew: the claps are on the click now.
    [piece] = studio.following.pieces(0, len(sound))
    clap = RATE * (10.0 + 0.043)
    assert piece.project_s(clap) == pytest.approx(round(2 * piece.project_s(clap)) / 2, abs=0.003)
    assert studio.reaper.undo_titles() == []


def test_claps_that_do_not_tell_change_nothing_and_are_said_inside_reaper(studio):
    studio.user("project.play_state = 1")
    studio.play(np.concatenate([clapping(0.0, 4)]))
    studio.act(ACTION)
    assert "4 claps were heard" in told(studio)
    assert "4 claps were heard" in list(studio.reaper.fake.messages.values())[-1]
    assert studio.kept == []
    assert studio.following.shift_s == 0.0


def test_a_reason_longer_than_a_message_is_cut_and_the_daemon_goes_on(studio, monkeypatch):
    def fails(*_):
        raise CaptureError("no clap\n" + "was heard " * 100)

    monkeypatch.setattr(writer, "calibrate_by_last_claps", fails)
    studio.act(ACTION)
    assert told(studio).startswith("no clap was heard")
    assert len(told(studio)) == MAX_TEXT
    studio.act("Next genre")
    assert told(studio) == "genre: rnb"
