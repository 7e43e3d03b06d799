"""Live playing in a controller's hands: notes and hits told, settings turned while it plays, silence at once."""

import time
from dataclasses import replace

import pytest

from app import test_live_play
from app.test_live_play import BLOCK, PITCHES, RATE, blocks, waited_for
from live.listener import Listener
from vocalmidi.app import live_ear, live_play
from vocalmidi.app.controlled import Controlled
from vocalmidi.app.errands import Errands
from vocalmidi.app.live_ear import LiveEar
from vocalmidi.app.live_told import LiveNews
from vocalmidi.app.meter import SILENCE
from vocalmidi.app.simulate import open_live_path
from vocalmidi.app.sitting import Sitting
from vocalmidi.control import HIT, NOTE, Message, orders_of
from vocalmidi.errors import ConfigError
from vocalmidi.live.messages import control
from vocalmidi.reaper import Spool
from vocalmidi.values import HitEvent, HitLabel, HitRevision, LiveHit, NoteOff, NoteOn, NoteRevision, Trigger

settings, studio, sung = test_live_play.settings, test_live_play.studio, test_live_play.sung


class NoLessons:
    """Nothing is taught here."""

    is_learning = False

    def turn(self):
        return ()


class Ear:
    """A controller that hears, or not."""

    def __init__(self, *, is_heard=True):
        self.is_heard, self.told = is_heard, []

    def happened(self, message):
        self.told.append((message.address.removeprefix("/vocalmidi/"), *message.arguments))


class Hand:
    """Turns what a controller can, of a live player."""

    def __init__(self, play, settings, folder):
        spool = Spool(folder)
        spool.prepare()
        self.sitting = Sitting(settings)
        self.errands = Errands(spool, NoLessons())
        self.program = Controlled(self.sitting, self.errands, lambda: SILENCE, lambda: False)
        self.program.play = play

    def turn(self, name, *arguments):
        """Send a message; return what then holds at its address."""
        for entry, order in orders_of(Message(f"/vocalmidi/{name}", arguments)):
            self.program.obey(order)
            if entry.has_state:
                return self.program.holds(entry.address).arguments[0]
        return None


def sing_to(play, samples, first=0):
    for block in blocks(samples, first):
        play.heard(block)
        time.sleep(BLOCK / RATE / 4)
    waited_for(lambda: play.waiting == 0)


def test_notes_and_hits_are_told_as_they_are_sung():
    news, ear = LiveNews(), Ear()
    news.to = ear
    hit = HitEvent(0, HitLabel.SNARE, 90, 1.0)
    for said in (
        NoteOn(1, 0, 60.2, 80, 1.0, 0), NoteRevision(1, 60.4, 1.0, 10), NoteRevision(1, 62.1, 1.0, 20),
        NoteOff(7, 30, 30), NoteOn(2, 40, 64.0, 70, 1.0, 40), NoteOff(2, 50, 50),
        LiveHit(1, hit, 60), HitRevision(1, replace(hit, velocity=99), 61),
        HitRevision(1, replace(hit, trigger=Trigger("rim", 37)), 62), NoteOn(3, 70, 130.0, 1, 1.0, 70),
    ):  # fmt: skip
        news.hear(said)
    news.quiet()
    news.quiet()
    assert ear.told == [
        ("note", 60, 80), ("note", 60, 0), ("note", 62, 80), ("note", 62, 0), ("note", 64, 70), ("note", 64, 0),
        ("hit", "snare", 90), ("hit", "rim", 90), ("note", 127, 1), ("note", 127, 0),
    ]  # fmt: skip
    assert (NOTE, HIT) == ("/vocalmidi/note", "/vocalmidi/hit")


def test_nobody_is_told_while_nobody_is_subscribed_but_a_note_ends_for_who_was_told():
    news, ear = LiveNews(), Ear()
    news.hear(NoteOn(0, 0, 60.0, 80, 1.0, 0))
    news.to = ear
    news.hear(NoteOn(1, 0, 60.0, 80, 1.0, 0))
    ear.is_heard = False
    news.hear(NoteOn(2, 0, 62.0, 80, 1.0, 0))
    news.hear(LiveHit(1, HitEvent(0, HitLabel.KICK, 90, 1.0), 0))
    news.hear(NoteOff(1, 9, 9))
    assert ear.told == [("note", 60, 80), ("note", 60, 0)]


def test_without_a_port_notes_are_told_and_nothing_is_opened_before_somebody_hears(monkeypatch, sung, settings):
    opened, ear = [], Ear(is_heard=False)
    monkeypatch.setattr(live_play, "LATE_S", 60.0)  # a busy machine takes its time to open the models
    monkeypatch.setattr(live_ear, "open_live_path", lambda said: opened.append(said) or open_live_path(said))
    with live_play.live_play(settings, RATE, print) as play:
        play.news.to = ear
        sing_to(play, sung)
        assert (opened, play.figures.blocks) == ([], 0)
        ear.is_heard = True
        sing_to(play, sung, first=len(sung))
        ear.is_heard = False
        sing_to(play, sung[: 4 * BLOCK], first=2 * len(sung))
        blocks_heard = play.figures.blocks
        ear.is_heard = True
        sing_to(play, sung, first=9 * len(sung))
    assert [said[1] for said in ear.told if said[2]] == list(PITCHES) * 2
    assert blocks_heard == -(-len(sung) // BLOCK)
    assert len(opened) == 1
    assert play.figures.gaps == 0


def test_who_rests_ends_its_notes_and_begins_anew(studio, sung, settings):
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, print) as play:
        sing_to(play, sung[: RATE * 7 // 10])
        waited_for(lambda: Listener().hear(studio["virtual"].sent).down)
        play.rest()
        play.rest()
        waited_for(lambda: not Listener().hear(studio["virtual"].sent).down)
        sing_to(play, sung, first=10 * RATE)
    assert [key for _, key, _ in Listener().hear(studio["virtual"].sent).notes][-4:] == list(PITCHES)
    assert play.figures.gaps == 0


def test_panic_silences_the_port_at_once_and_is_no_error_without_reaper(studio, sung, settings, tmp_path):
    played = replace(settings, midi_port="virtual")
    with live_play.live_play(played, RATE, print) as play:
        hand = Hand(play, played, tmp_path)
        sing_to(play, sung[: RATE * 7 // 10])
        assert Listener().hear(studio["virtual"].sent).down
        hand.turn("panic")
        waited_for(lambda: not Listener().hear(studio["virtual"].sent).down)
        assert control(0, 123, 0) in studio["virtual"].sent
        hand.errands.turn()
        assert hand.program.news() == [Message("/vocalmidi/written", ("all notes off",))]
    with live_play.live_play(settings, RATE, print) as silent:
        hand.program.play = silent
        hand.turn("panic")
        hand.errands.turn()
        [refused] = hand.program.news()
        assert refused.address == "/vocalmidi/error"


TURNS = [
    ("live/bend", "live_bend", "true"), ("live/bend_range", "bend_range", 12), ("live/octave", "live_octave", -1),
    ("live/transpose", "live_transpose", 7), ("live/voicing", "voicing", "power"),
    ("live/level", "live_level", "pressure"), ("live/mpe", "mpe", True), ("live/scale", "live_scale", "keys"),
    ("bend", "live_bend", "off"), ("octave", "live_octave", 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "setting", "value"), TURNS, ids=[each[0] for each in TURNS])
@pytest.mark.usefixtures("studio")
def test_every_live_setting_is_turned_while_it_plays(settings, tmp_path, name, setting, value):
    played = replace(settings, midi_port="virtual")
    turned = []
    with live_play.live_play(played, RATE, turned.append) as play:
        hand = Hand(play, played, tmp_path)
        play.retuned = lambda said: turned.append(getattr(said, setting))
        assert hand.turn(name, value) == value
        waited_for(lambda: value in turned)
    assert getattr(hand.sitting.now.settings, setting) == value


def test_what_contradicts_itself_is_refused_and_holds_for_nobody(settings, tmp_path):
    hand = Hand(None, replace(settings, midi_port="virtual", drums_channel=5), tmp_path)
    for name, value in (("live/chords", "key"), ("live/chords", "song"), ("live/scale", "blues"), ("live/mpe", 1)):
        before = hand.sitting.now
        with pytest.raises(ConfigError):
            hand.turn(name, value)
        assert hand.sitting.now is before
    hand.turn("key", "C minor")
    assert hand.turn("live/chords", "key") == "key"
    with pytest.raises(ConfigError, match="need a key"):
        hand.turn("key", "auto")


def test_live_playing_is_switched_on_only_where_it_can_be_played(settings, tmp_path):
    hand = Hand(None, replace(settings, live_chords="key"), tmp_path)
    assert hand.program.holds("/vocalmidi/live").arguments == (False,)
    hand.turn("genre", "jazz")
    with pytest.raises(ConfigError, match="need a key"):
        hand.turn("live", 1)
    hand.turn("key", "D major")
    assert hand.turn("live", 1) is True
    assert hand.turn("live", 0) is False


def test_another_tempo_gives_live_chords_another_half_bar(settings):
    ear = LiveEar(replace(settings, tempo="auto"), RATE)
    assert ear.sound()._chords is None
    assert not ear.change(replace(settings, tempo="auto", live_octave=1))
    assert ear.change(replace(settings, tempo="100"))
    assert ear.begin()._chords is not None


def test_settings_that_no_port_plays_are_nobody_s_fault(settings):
    said = []
    with live_play.live_play(replace(settings, live_chords="key"), RATE, said.append) as play:
        play.change(replace(settings, live_chords="key", live_octave=1))
    assert said == []
