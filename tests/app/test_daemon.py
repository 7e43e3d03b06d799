"""The daemon and the real Lua scripts together: what is sung lands in a Reaper in memory when its action is run."""

import numpy as np
import pytest

from reaper.in_memory import InMemoryReaper
from synth import SungNote, room_noise, sing
from vocalmidi.app.daemon import Band, Writer, serve, told_of_gaps
from vocalmidi.app.ears import open_ears
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.values import AudioBlock

RATE = 16000
BLOCK = 1600
EARLY = [SungNote(0.3 + 0.5 * step, 0.4, 72) for step in range(3)]
TUNE = [SungNote(0.25 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 60))]


@pytest.fixture(scope="module")
def ears():
    return open_ears("cpu")


@pytest.fixture
def studio(tmp_path, ears):
    return Studio(tmp_path, ears)


class Studio:
    """A daemon that hears what the test plays, and a Reaper beside it, on one virtual clock."""

    def __init__(self, folder, ears):
        (folder / "config.toml").touch()
        self.said = []
        self.reaper = InMemoryReaper(folder)
        self.spool = self.reaper.spool()
        band = Band(load_settings(folder / "config.toml"), ears, load_style("pop"))
        self.writer = Writer(band, self.spool, RATE, self.said.append)
        self.heard = 0
        self.reaper.start()
        self.spool.beat()

    def play(self, samples):
        for at in range(0, len(samples), BLOCK):
            self.writer.hear(AudioBlock(self.heard, RATE, samples[at : at + BLOCK]))
            self.heard += len(samples[at : at + BLOCK])

    def write(self):
        """Run the action, let the bridge pass it on, let the daemon answer."""
        self.spool.beat()
        self.reaper.action("Write what I just sang")
        self.reaper.turn(3)
        self.writer.answer_commands()
        self.reaper.turn(6)


def quiet(seconds):
    return room_noise(seconds, RATE, level_db=-70.0, seed=3)


def test_what_was_just_sung_lands_at_the_edit_cursor_once(studio):
    studio.play(np.concatenate([sing(EARLY, RATE).samples, quiet(2.5), sing(TUNE, RATE).samples, quiet(0.5)]))
    studio.write()
    assert studio.reaper.track_names() == ["Melody", "Chords", "Bass", "Drums"]
    melody = studio.reaper.notes("Melody")
    # The earlier phrase lies before a silence and is not part of this one.
    assert [note.pitch for note in melody] == [note.pitch_midi for note in TUNE]
    assert all(studio.reaper.notes(name) for name in ("Chords", "Bass", "Drums"))
    assert len(studio.reaper.undo_titles()) == 1
    studio.reaper.check()


def test_while_reaper_plays_the_phrase_lands_where_it_was_sung(studio):
    # 120 BPM: half a second is a quarter note. The transport started with the first sample, so source time is
    # project time, and the first note is sung at 0.25 s.
    studio.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
    studio.reaper.project.play_state = 1
    studio.reaper.project.play_s = studio.heard / RATE
    studio.write()
    starts = [note.start_qn for note in studio.reaper.notes("Melody")]
    assert starts == pytest.approx([0.5 + step for step in range(len(TUNE))], abs=0.26)


def test_nothing_sung_is_said_and_changes_nothing(studio):
    before = studio.reaper.state()
    studio.play(quiet(3.0))
    studio.write()
    assert studio.reaper.state() == before
    assert "nothing was sung" in studio.said[-1]
    # The user, who waits inside Reaper, is told there; the answer is not left lying about.
    assert "nothing was sung" in list(studio.reaper.fake.messages.values())[-1]
    assert not list((studio.spool.root / "commands").iterdir())


def test_a_daemon_that_never_answers_is_told_to_the_user(studio):
    studio.reaper.action("Write what I just sang")
    studio.reaper.turn(30 * 32)
    assert "has not answered" in list(studio.reaper.fake.messages.values())[-1]


def test_a_phrase_longer_than_the_first_look_is_written_whole(studio):
    long = [SungNote(0.5 * step + 0.2, 0.42, 60 + step % 5) for step in range(56)]
    studio.play(np.concatenate([sing(long, RATE).samples, quiet(0.3)]))
    studio.write()
    assert len(studio.reaper.notes("Melody")) == len(long)


def test_serving_ends_with_the_sound_and_leaves_no_sign_of_life(studio):
    blocks = [AudioBlock(0, RATE, quiet(0.1))]
    serve(blocks, studio.writer, studio.spool)
    assert not (studio.spool.root / "daemon.heartbeat").exists()


def test_a_command_before_the_first_sound_is_answered_too(studio):
    studio.write()
    assert "nothing was sung" in studio.said[-1]


def test_sound_that_was_lost_is_said_once_where_it_was_lost():
    said = []
    blocks = [AudioBlock(start, RATE, quiet(0.1)) for start in (0, 1600, 4800, 6400)]
    assert list(told_of_gaps(blocks, said.append)) == blocks
    assert len(said) == 1
    assert "0.100 s of sound were lost" in said[0]
