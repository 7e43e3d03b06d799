"""Live playing from settings to bytes at a port: a recording as a file, and the daemon's thread."""

import io
import itertools
import json
import threading
import time
from contextlib import nullcontext
from dataclasses import replace

import mido
import numpy as np
import pytest
import soundfile

from live.listener import Listener
from synth import SungNote, sing
from vocalmidi.app import job, live_play, live_port
from vocalmidi.app.live_playing import MidiTake, playing_of
from vocalmidi.app.live_sound import LiveSound
from vocalmidi.app.live_stage import Stage
from vocalmidi.app.simulate import open_live_path, simulate
from vocalmidi.config import load_settings
from vocalmidi.errors import ConfigError, MidiError
from vocalmidi.gauge import Gauges
from vocalmidi.gauge import Stage as Timed
from vocalmidi.live import ALL_TONES, Player, Playing, VoiceAt, left_open
from vocalmidi.live.messages import control, note_on
from vocalmidi.profile import VoiceProfile
from vocalmidi.values import AudioBlock, HitEvent, Key, LiveHit, NoteOff, NoteOn

RATE = 48_000
BLOCK = 128
PITCHES = (60, 64, 67, 64)


class MemoryPort:
    label = "memory"

    def __init__(self):
        self.sent, self.closed, self.broken = [], False, False

    def send(self, message):
        if self.broken:
            raise MidiError("it was unplugged; plug it in")
        self.sent.append(message)

    def close(self):
        self.closed = True


@pytest.fixture(scope="module")
def sung():
    notes = [SungNote(0.5 * k, 0.4, pitch) for k, pitch in enumerate(PITCHES, 1)]
    return sing(notes, sample_rate_hz=RATE).samples


@pytest.fixture(scope="module")
def settings():
    return replace(load_settings(), provider="cpu", voice_profile="none")


@pytest.fixture
def studio(monkeypatch, tmp_path):
    ports = {}

    def open_port(name):
        if name == "missing":
            raise MidiError("there is no MIDI output 'missing'; there are: none")
        return ports.setdefault(name, MemoryPort())

    monkeypatch.setattr(live_port, "open_port", open_port)
    monkeypatch.setattr(live_play, "LATE_S", 60.0)  # it is sung to as fast as it can hear
    monkeypatch.setattr(live_port, "midi_open_file", lambda: tmp_path / "midi_open.json")
    return ports


def blocks(samples, first=0):
    for start in range(0, len(samples), BLOCK):
        yield AudioBlock(first + start, RATE, samples[start : start + BLOCK])


def waited_for(condition, patience_s=20.0):
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_simulate_writes_what_would_have_been_played(tmp_path, sung, settings):
    voice, midi = tmp_path / "voice.wav", tmp_path / "live.mid"
    soundfile.write(voice, sung, RATE)
    (result,) = job.simulate((voice,), settings, None, None, midi)
    now_s, ons, down = 0.0, [], set()
    for message in mido.MidiFile(midi):
        now_s += message.time
        if message.type == "note_on":
            ons.append((message.note, now_s))
            down.add(message.note)
        elif message.type == "note_off":
            down.remove(message.note)
    assert not down
    assert [note for note, _ in ons] == list(PITCHES)
    said = [note["note_on_s"] for note in json.loads(json.dumps(result.table))["notes"]]
    assert [at for _, at in ons] == pytest.approx(said, abs=0.001)


def test_the_daemon_plays_the_same_bytes_as_the_simulation(studio, sung, settings):
    played = replace(settings, midi_port="virtual", live_bend="true", live_level="pressure")
    take = MidiTake(played, RATE)

    class Sung:
        sample_rate_hz, n_samples = RATE, len(sung)

        def blocks(self, _):
            return blocks(sung)

    simulate(Sung(), open_live_path(played), None, on_said=take.play)
    gauges = Gauges()
    gauges.begin()
    with live_play.live_play(played, RATE, lambda _: None, gauge=gauges) as play:
        for block in blocks(sung):
            play.heard(block)
            time.sleep(BLOCK / RATE / 4)
        waited_for(lambda: play.figures.blocks == -(-len(sung) // BLOCK))
        heard = list(studio["virtual"].sent)
    wanted = [m.bytes() for m in mido.MidiFile(file=io.BytesIO(take.file_bytes())) if not m.is_meta]
    assert [list(message) for message in heard] == wanted[: len(heard)]
    assert len([message for message in heard if message[0] & 0xF0 == 0x90]) == len(PITCHES)
    assert play.figures.skipped == play.figures.gaps == 0
    assert 0.0 < play.figures.core_share < 1.0
    counts = [len(histogram) for histogram in gauges.end().histograms]
    assert counts[Timed.BLOCK] == play.figures.blocks
    assert counts[Timed.DECISION] == len(PITCHES)
    hops = [counts[stage] for stage in (Timed.FEATURES, Timed.MODEL, Timed.DECODE)]
    assert hops == pytest.approx([100 * len(sung) / RATE] * 3, rel=0.02)
    assert 0 < counts[Timed.PLAY] <= play.figures.messages


def played_pitches(sound, settings):
    """Return (n, 2): the pitch that a synthesiser plays and the one that is sung, at each frame with a key down."""
    path = open_live_path(settings)
    heard, player, ear = LiveSound(path, RATE), Player(playing_of(settings), RATE), Listener()
    ear.hear(player.begin())
    pairs = []
    for block in blocks(sound.samples):
        for said in heard.push(block):
            ear.hear(player.play(said))
            if isinstance(said, VoiceAt) and ear.down:
                ((channel, key),) = ear.down
                sung_hz = sound.f0_hz[min(said.decided - heard._look_ahead, len(sound.f0_hz) - 1)]
                if sung_hz > 0:
                    pairs.append((ear.pitch_of(channel, key), 69 + 12 * np.log2(sung_hz / 440)))
    return np.array(pairs)


WAVERING = (SungNote(0.3, 2.0, 60, vibrato_cents=40), SungNote(2.6, 1.5, 67, slide_semitones=4.0))


def test_true_bend_plays_the_pitch_that_is_sung(settings):
    sound = sing(WAVERING, sample_rate_hz=RATE)
    pairs = played_pitches(sound, replace(settings, live_bend="true", bend_range=12))
    off_cents = 100 * np.abs(pairs[:, 0] - pairs[:, 1])
    assert len(pairs) > 300
    assert np.median(off_cents) < 8
    assert np.percentile(off_cents, 90) < 30


def test_snap_plays_vibrato_as_one_pitch_and_a_slide_mostly_on_notes(settings):
    sound = sing(WAVERING, sample_rate_hz=RATE)
    played = played_pitches(sound, replace(settings, live_bend="snap", bend_range=12))[:, 0]
    assert np.all(np.abs(played[20:150] - 60) < 0.02)
    slide = played[200:]
    assert slide.max() - slide.min() > 2.5
    assert np.mean(np.abs(slide - np.round(slide)) < 0.05) > 0.6


def test_everything_is_off_and_closed_at_the_end(studio, sung, settings, tmp_path):
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        assert left_open(tmp_path / "midi_open.json").channels == (0, 1, 9)
        for block in blocks(sung[: RATE * 7 // 10]):  # in the middle of the first note
            play.heard(block)
            time.sleep(BLOCK / RATE / 4)
    port = studio["virtual"]
    ear = Listener().hear(port.sent)
    assert len(ear.notes) == 1
    assert not ear.down
    assert port.closed
    assert left_open(tmp_path / "midi_open.json") is None


def test_after_a_kill_the_next_start_ends_every_note_there_and_once_more_before_the_first(
    studio, sung, settings, tmp_path
):
    told = []
    (tmp_path / "midi_open.json").write_text('{"version": 1, "port": "old synth", "channels": [3]}')
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, told.append) as play:
        for block in blocks(sung[: RATE * 7 // 10]):
            play.heard(block)
            time.sleep(BLOCK / RATE / 4)
    for name in ("virtual", "old synth"):
        sent = studio[name].sent
        assert {message[1] for message in sent if message[0] == 0x83} == set(range(128))
        assert control(3, 123, 0) in sent
    sent = studio["virtual"].sent
    first = next(place for place, message in enumerate(sent) if message[0] & 0xF0 == 0x90)
    assert control(3, 120, 0) in sent[first - 4 : first]
    assert any("killed" in text for text in told)
    assert studio["old synth"].closed


def test_lost_sound_ends_what_sounds_and_playing_goes_on(studio, sung, settings):
    half = RATE * 7 // 10 // BLOCK * BLOCK
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        for block in (*blocks(sung[:half]), *blocks(sung[half:], first=half + 4800)):
            play.heard(block)
            time.sleep(BLOCK / RATE / 4)
    assert play.figures.gaps == 1
    assert [key for _, key, _ in Listener().hear(studio["virtual"].sent).notes][-3:] == [64, 67, 64]


@pytest.mark.usefixtures("studio")
def test_sound_that_waited_too_long_is_left_out(sung, settings, monkeypatch):
    monkeypatch.setattr(live_play, "LATE_S", -1.0)
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        for block in blocks(sung[:RATE]):
            play.heard(block)
    assert play.figures.skipped == play.figures.blocks == -(-RATE // BLOCK)


@pytest.mark.usefixtures("studio")
def test_sound_that_comes_faster_than_it_can_be_played_is_left_out_and_begins_anew_seldom(sung, settings, monkeypatch):
    monkeypatch.setattr(live_play, "LATE_S", 0.3)
    begun = []
    begin_anew = live_play.LivePlay._begin_anew

    def watched(play):
        begun.append(time.monotonic())
        begin_anew(play)

    monkeypatch.setattr(live_play.LivePlay, "_begin_anew", watched)
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        for block in blocks(np.tile(sung, 40)):
            play.heard(block)
        waited_for(lambda: play.waiting == 0)
    assert play.figures.skipped > play.figures.blocks / 2
    assert all(later - earlier >= live_play.CALM_S for earlier, later in itertools.pairwise(begun))


def test_sound_in_pieces_leaves_no_note_down_between_them(studio, sung, settings):
    pieces = [blocks(sung[: RATE // 2], first=number * RATE) for number in range(3)]  # each begins with a note
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        for number, piece in enumerate(pieces):
            for block in piece:
                play.heard(block)
            waited_for(lambda: play.waiting == 0)
            if number:
                assert not Listener().hear(studio["virtual"].sent).down
    assert play.figures.gaps == 1
    assert play.figures.skipped > 0


def test_a_port_that_goes_away_ends_playing_in_words_and_not_the_daemon(studio, sung, settings, tmp_path):
    told = []
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, told.append) as play:
        waited_for(lambda: studio["virtual"].sent)
        studio["virtual"].broken = True
        for block in blocks(sung):
            play.heard(block)
        waited_for(lambda: not play._thread.is_alive())
        play.heard(next(blocks(sung)))
    assert told[-1] == "live playing has ended: it was unplugged; plug it in"
    assert left_open(tmp_path / "midi_open.json") is not None  # what sounds there is ended by the next start


def _sing_all(sung, settings, say):
    with live_play.live_play(settings, RATE, say) as play:
        for block in blocks(sung):
            play.heard(block)


def test_a_failure_ends_all_notes_and_is_raised_at_the_end(studio, sung, settings, monkeypatch):
    def failing(_stage):
        if any(message[0] & 0xF0 == 0x90 for message in studio["virtual"].sent):
            raise ZeroDivisionError

    monkeypatch.setattr(Stage, "look", failing)
    said = []
    with pytest.raises(ZeroDivisionError):
        _sing_all(sung, replace(settings, midi_port="virtual"), said.append)
    assert said == ["playing live at MIDI port memory"]
    ear = Listener().hear(studio["virtual"].sent)
    assert len(ear.notes) == 1
    assert not ear.down


class Deaf:
    """Sound of which nothing is said, and the voice profiles that it was told to know."""

    def __init__(self, known):
        self.known = known

    def know(self, profile):
        self.known.append(profile)

    def push(self, _block):
        return iter(())


def test_a_sound_taught_while_it_plays_is_known_from_then_on_and_after_a_gap(settings, monkeypatch):
    monkeypatch.setattr(live_play, "LATE_S", 60.0)
    streams = []

    def hears():
        streams.append([])
        return Deaf(streams[-1])

    taught = VoiceProfile("0" * 64)
    play = live_play.LivePlay(Stage(settings, MemoryPort(), None, RATE), hears, print, lambda _: nullcontext())
    play.start()
    play.heard(next(blocks(np.zeros(BLOCK, np.float32))))
    play.know(taught)
    play.heard(next(blocks(np.zeros(BLOCK, np.float32), first=48_000)))
    play.end()
    assert streams == [[taught], [taught]]


def test_settings_change_while_it_plays_and_wrong_ones_change_nothing(studio, settings):
    told = []
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, told.append) as play:
        play.change(replace(settings, live_scale="diatonic"))
        play.change(replace(settings, melody_channel=5))
        waited_for(lambda: any(message[0] == 0xB4 for message in studio["virtual"].sent))
    assert [text for text in told if "goes on as before" in text and "needs a key" in text]


def test_channels_that_change_are_written_down_before_anything_sounds_there(studio, settings, tmp_path):
    note = tmp_path / "midi_open.json"
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        play.change(replace(settings, melody_channel=5))
        waited_for(lambda: any(message[0] == 0xB4 for message in studio["virtual"].sent))
        assert left_open(note).channels == (0, 1, 4, 9)
        play.change(replace(settings, mpe=True, drums_channel=12))
        waited_for(lambda: any(message[0] == 0xB8 for message in studio["virtual"].sent))
        assert left_open(note).channels == (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11)
    assert left_open(note) is None


def sounding(player_settings, changed):
    """Return what sounds on a port after a note was sung, the settings changed in its middle, and it ended."""
    port = MemoryPort()
    stage = Stage(player_settings, port, None, RATE)
    stage.begin()
    stage.play(NoteOn(1, 0, 60.0, 90, 0.9, 0))
    stage.play(LiveHit(1, HitEvent(10, "kick", 90, 0.9), 20))
    assert Listener().hear(port.sent).down
    stage.change(changed)
    stage.play(NoteOff(1, RATE, RATE))
    stage.play(NoteOn(2, RATE + 100, 62.0, 90, 0.9, RATE + 100))
    stage.play(NoteOff(2, 2 * RATE, 2 * RATE))
    ear = Listener().hear(port.sent)
    return ear.down, len(ear.notes)


@pytest.mark.parametrize(
    "changes",
    [
        {"melody_channel": 5},
        {"chords_channel": 6},
        {"drums_channel": 12},
        {"mpe": True},
        {"live_bend": "off"},
        {"live_bend": "true"},
        {"bend_range": 12},
        {"live_level": "pressure"},
        {"live_level": "expression"},
        {"live_octave": 2},
        {"live_transpose": -5},
        {"live_scale": "pentatonic"},
        {"live_scale": "keys"},
        {"live_chords": "key"},
        {"live_chords": "key", "voicing": "open"},
        {"live_chords": "off", "melody_channel": 3, "mpe": True, "drums_channel": 16},
    ],
    ids=str,
)
@pytest.mark.parametrize("chords", ["off", "key"])
def test_no_setting_that_changes_under_a_note_leaves_it_down(settings, changes, chords):
    before = replace(settings, key="C major", live_chords=chords)
    down, notes = sounding(before, replace(before, **changes))
    assert not down
    assert notes >= 2


def test_without_a_port_and_controllers_there_is_no_thread(settings):
    before = threading.active_count()
    with live_play.live_play(replace(settings, port=0), RATE, lambda _: None) as play:
        assert play is None
        assert threading.active_count() == before


@pytest.mark.usefixtures("studio")
def test_a_port_that_is_not_there_is_said_before_anything_starts(settings, tmp_path):
    with (
        pytest.raises(MidiError, match="there is no MIDI output"),
        live_play.live_play(replace(settings, midi_port="missing"), RATE, lambda _: None),
    ):
        pass
    assert left_open(tmp_path / "midi_open.json") is None


class Keyboard:
    def __init__(self):
        self.waiting = []

    def read(self):
        found, self.waiting = self.waiting, []
        return found


def test_held_keys_are_the_tones_and_panic_ends_all_notes(settings):
    port, keyboard = MemoryPort(), Keyboard()
    stage = Stage(replace(settings, live_scale="keys"), port, keyboard, RATE)
    stage.begin()
    keyboard.waiting = [note_on(0, 48, 90), note_on(0, 55, 90)]
    stage.look()
    stage.play(NoteOn(1, 0, 62.0, 90, 0.9, 0))
    assert set(Listener().hear(port.sent).down) == {(0, 60)}
    keyboard.waiting = [control(0, 123, 0)]
    stage.look()
    assert not Listener().hear(port.sent).down
    stage.play(NoteOff(1, 10, 10))
    stage.play(NoteOn(2, 20, 62.0, 90, 0.9, 20))
    assert set(Listener().hear(port.sent).down) == {(0, 62)}  # the keys were let go


def test_settings_become_playing(settings):
    assert playing_of(settings) == Playing()
    chosen = replace(settings, melody_channel=3, key="A minor", live_scale="pentatonic", live_chords="key", mpe=True)
    playing = playing_of(chosen)
    assert (playing.melody, playing.tones, playing.key) == (2, {9, 0, 2, 4, 7}, Key(9, "minor", 1.0))
    assert playing_of(replace(settings, live_scale="keys")).tones == ALL_TONES


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"live_scale": "blues"}, "needs a key"),
        ({"live_chords": "key"}, "need a key"),
        ({"live_chords": "song"}, "needs a tempo"),
        ({"mpe": True, "drums_channel": 9}, "above the zone's"),
    ],
)
def test_settings_that_contradict_themselves_are_refused(settings, changes, message):
    with pytest.raises(ConfigError, match=message):
        playing_of(replace(settings, **changes))


def test_silence_plays_nothing(studio, settings):
    with live_play.live_play(replace(settings, midi_port="virtual"), RATE, lambda _: None) as play:
        for block in blocks(np.zeros(RATE, np.float32)):
            play.heard(block)
    assert not [message for message in studio["virtual"].sent if message[0] & 0xF0 == 0x90]
