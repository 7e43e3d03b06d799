"""The daemon's side of a recording: whose it is, when it is drawn, and that it waits for nobody and nobody for it."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from app.studio import RATE, TUNE, Studio, quiet
from synth import sing
from vocalmidi.app import drafting
from vocalmidi.app.drafting import PERIOD_S, Drafting
from vocalmidi.app.ears import open_ears
from vocalmidi.app.simulate import open_live_path
from vocalmidi.app.writing import Band
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.errors import FramesError
from vocalmidi.reaper import Draft, decode
from vocalmidi.values import AudioBlock

ID = "abcdef-01"


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture(scope="module")
def path():
    return open_live_path(load_settings())


class Booth:
    """A studio in which the project plays, and a `Drafting` beside the daemon's own."""

    def __init__(self, folder, ears, open_path):
        self.studio = Studio(folder, ears)
        self.opened = []
        self.band = Band(load_settings(folder / "config.toml"), ears, load_style("pop"), None)

        def opened(settings):
            self.opened.append(settings)
            return open_path(settings)

        self.drafting = Drafting(self.studio.spool, self.studio.writer.memory, opened)
        self.studio.user("project.play_state, project.play_s = 1, 4.0")
        self.studio.play(quiet(0.5))

    def hear(self, samples):
        """Let sound come in and be drawn."""
        drafts = []
        for at in range(0, len(samples), 1600):
            self.studio.play(samples[at : at + 1600])
            self.drafting.work()
            drafts.append(self.shown)
        return drafts

    @property
    def shown(self) -> Draft | None:
        place = self.studio.spool.root / "daemon.draft"
        return decode(place.read_bytes()) if place.exists() else None


@pytest.fixture
def booth(tmp_path, ears, path):
    return Booth(tmp_path, ears, lambda _: path)


def test_nothing_is_heard_while_nothing_is_recorded(booth):
    booth.hear(sing(TUNE[:2], RATE).samples)
    assert booth.opened == []
    assert booth.shown is None


def test_it_is_drawn_some_times_a_second_each_picture_once(booth):
    booth.drafting.start(ID, 1, booth.band)
    drafts = [draft for draft in booth.hear(sing(TUNE, RATE).samples) if draft]
    numbers = [draft.number for draft in drafts]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, numbers[-1] + 1))
    assert numbers[-1] <= 4.2 / PERIOD_S
    assert {draft.draft_id for draft in drafts} == {ID}
    assert [note.pitch_midi for note in drafts[-1].parts[0].notes] == [note.pitch_midi for note in TUNE]


def test_in_silence_the_same_picture_stays(booth):
    booth.drafting.start(ID, 1, booth.band)
    booth.hear(np.concatenate([sing(TUNE[:2], RATE).samples, quiet(0.6)]))
    before = booth.shown
    booth.hear(quiet(1.0))
    assert booth.shown == before


def test_it_spans_what_came_from_a_moment_before_its_start_to_its_end(booth):
    history = booth.studio.hearing.history
    begun = history.available.stop
    booth.drafting.start(ID, 1, booth.band)
    booth.hear(quiet(1.0))
    span = booth.drafting.stop(ID)
    assert span.start == begun - RATE // 10
    assert span.stop == history.available.stop
    assert booth.drafting.stop(ID) is None


def test_only_the_one_that_goes_on_can_be_stopped(booth):
    booth.drafting.start(ID, 1, booth.band)
    assert booth.drafting.stop("abcdef-02") is None
    booth.drafting.start("abcdef-02", 1, booth.band)
    assert booth.drafting.stop(ID) is None
    assert booth.drafting.stop("abcdef-02") is not None


def test_its_end_takes_the_picture_away(booth):
    for end in (lambda: booth.drafting.stop(ID), booth.drafting.close):
        booth.drafting.start(ID, 1, booth.band)
        booth.hear(np.concatenate([sing(TUNE[:2], RATE).samples, quiet(0.3)]))
        assert booth.shown is not None
        end()
        assert booth.shown is None
        booth.hear(sing(TUNE[:1], RATE).samples)
        assert booth.shown is None


def test_what_is_sung_to_another_project_is_not_drawn(booth):
    booth.drafting.start(ID, 2, booth.band)
    booth.hear(sing(TUNE[:3], RATE).samples)
    assert booth.shown is None


def test_a_bridge_that_is_another_or_silent_for_long_ends_it(booth):
    booth.drafting.start(ID, 1, booth.band)
    booth.studio.reaper.start()
    booth.hear(quiet(0.2))
    assert booth.drafting.stop(ID) is None
    booth.drafting.start(ID, 1, booth.band)
    booth.studio.reaper.fake.end_scripts(False)
    booth.studio.reaper.turn(30 * 30)  # a dialog is open: it goes on
    booth.drafting.work()
    assert booth.drafting.stop(ID) is not None
    booth.drafting.start(ID, 1, booth.band)
    booth.studio.reaper.turn(30 * 62)
    booth.drafting.work()
    assert booth.drafting.stop(ID) is None


def test_without_a_live_path_nothing_is_drawn_and_all_else_goes_on(tmp_path, ears):
    def broken(_settings):
        raise FramesError("the model can't run there")

    booth = Booth(tmp_path, ears, broken)
    booth.drafting.start(ID, 1, booth.band)
    booth.hear(sing(TUNE[:2], RATE).samples)
    assert booth.shown is None
    assert booth.drafting.stop(ID) is not None


def test_the_live_path_is_opened_once_for_the_same_settings(booth):
    for octave in (0, 0, 1):
        band = replace(booth.band, settings=replace(booth.band.settings, octave=octave))
        booth.drafting.start(ID, 1, band)
        booth.hear(quiet(0.2))
        booth.drafting.stop(ID)
    assert len(booth.opened) == 2


def test_sound_that_the_history_has_forgotten_ends_the_drawing_not_the_recording(tmp_path, ears, path):
    booth = Booth(tmp_path, ears, lambda _: path)
    booth.studio.hearing.history = type(booth.studio.hearing.history)(1 / 60, RATE)
    booth.studio.hearing.append(AudioBlock(0, RATE, quiet(1.0)))
    booth.drafting.start(ID, 1, booth.band)
    booth.drafting.work()
    booth.studio.hearing.append(AudioBlock(RATE, RATE, np.concatenate([sing(TUNE, RATE).samples])))
    booth.drafting.work()
    assert booth.shown is None
    assert booth.drafting.stop(ID) is not None


def test_one_look_hears_half_a_second_at_most(booth, monkeypatch):
    """So that who stops it, and the other threads, never wait for a backlog."""
    booth.drafting.start(ID, 1, booth.band)
    booth.drafting.work()
    seconds = []
    push = drafting._LiveStream.push
    monkeypatch.setattr(
        drafting._LiveStream, "push", lambda self, block: seconds.append(len(block.samples) / RATE) or push(self, block)
    )
    booth.studio.hearing.append(AudioBlock(booth.studio.heard, RATE, quiet(3.0)))
    booth.drafting.work()
    assert sum(seconds) == pytest.approx(0.5)


def test_stopping_does_not_wait_for_what_is_being_heard(booth, monkeypatch):
    """The live path is in the middle of its work when it is stopped: the span comes, and no picture after it."""
    hearing, stopped = threading.Event(), threading.Event()
    push = drafting._LiveStream.push

    def slow(self, block):
        hearing.set()
        assert stopped.wait(10)
        return push(self, block)

    booth.drafting.start(ID, 1, booth.band)
    monkeypatch.setattr(drafting._LiveStream, "push", slow)
    booth.studio.play(sing(TUNE[:2], RATE).samples)
    worker = threading.Thread(target=booth.drafting.work)
    worker.start()
    assert hearing.wait(10)
    assert booth.drafting.stop(ID) is not None
    stopped.set()
    worker.join(10)
    assert booth.shown is None
