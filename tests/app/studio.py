"""A daemon that hears what the test plays, and a Reaper beside it, on one virtual clock: a block is three turns."""

from dataclasses import replace

import numpy as np

from reaper.in_memory import InMemoryReaper
from reaper.test_bridge_insert import as_user
from synth import SungNote, room_noise, sing
from vocalmidi.app.following import Following, Now
from vocalmidi.app.hearing import Hearing
from vocalmidi.app.takes import Memory
from vocalmidi.app.writer import Writer
from vocalmidi.app.writing import Band
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.values import AudioBlock

RATE = 16000
BLOCK = 1600
TURNS_A_BLOCK = 3
TUNE = [SungNote(0.25 + 0.5 * step, 0.42, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 60))]


def quiet(seconds):
    return room_noise(seconds, RATE, level_db=-70.0, seed=3)


class Studio:
    """The daemon, Reaper, and a user who sings, plays the project and runs actions."""

    def __init__(self, folder, ears, minutes=10, reaper=None, **settings):
        (folder / "config.toml").touch()
        self.said = []
        self.reaper = reaper or InMemoryReaper(folder)
        self.spool = self.reaper.spool()
        chosen = replace(load_settings(folder / "config.toml"), **settings)
        band = Band(chosen, ears, load_style("pop"), None)
        self.hearing = Hearing(ears, minutes, RATE)
        self.following = Following(self.spool, RATE, self.now)
        memory = Memory(self.hearing, self.following, chosen.phrase_gap_s)
        self.writer = Writer(band, memory, self.spool, self.said.append)
        self.heard = 0
        self.reaper.start()
        self.spool.beat()
        self.writer.show()

    def now(self):
        return Now(self.reaper.fake.clock_s, self.reaper.now())

    def user(self, code):
        as_user(self.reaper, code)

    def turns(self, count):
        """Let turns pass; a transport that plays moves, and goes round in its loop."""
        project = self.reaper.project
        for _ in range(count):
            if project.play_state & 1:
                project.play_s += (project.play_rate or 1.0) / 30
                if project.repeats == 1 and project.play_s >= project.loop[2]:
                    project.play_s -= project.loop[2] - project.loop[1]
            self.reaper.turn()

    def play(self, samples):
        """Let sound come in, in real time."""
        for at in range(0, len(samples), BLOCK):
            block = samples[at : at + BLOCK]
            self.spool.beat()
            self.turns(TURNS_A_BLOCK)
            self.heard += len(block)
            self.writer.hear(AudioBlock(self.heard - len(block), RATE, block))
            self.writer.work()
            self.writer.draw()
            self.writer.show()

    def act(self, action):
        """Run an action, let the bridge pass it on, let the daemon answer."""
        self.spool.beat()
        self.reaper.action(action)
        self.answer()

    def answer(self):
        """Let the bridge pass on what was asked, let the daemon answer."""
        self.spool.beat()
        self.turns(3)
        self.writer.answer_commands()
        self.writer.show()
        self.turns(6)

    def write_tune(self):
        """Sing the tune at bar 3 while the project plays, and write it."""
        self.user("project.play_state, project.play_s = 1, 4.0")
        self.play(np.concatenate([sing(TUNE, RATE).samples, quiet(1.0)]))
        self.write()
        assert self.told == []

    def write(self):
        self.act("Write what I just sang")

    @property
    def told(self):
        """What the user was shown in Reaper."""
        return list(self.reaper.fake.messages.values())

    def melody(self):
        return [(round(note.start_qn, 2), note.pitch) for note in self.reaper.notes("Melody")]
