"""Ports by name, their errors in words, polling, and a ReaStream as a port; a real virtual port where there is one."""

import os
import random
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from benchmarks import jack as jack_servers
from live import fake_rtmidi
from needs import absent, program
from vocalmidi.capture.reastream_format import read_midi
from vocalmidi.errors import MidiError
from vocalmidi.live import open_inlet, open_port, port, port_names
from vocalmidi.live.messages import note_off, note_on

PERIOD = 128


@pytest.fixture
def rtmidi(monkeypatch):
    def use(*ports, **kind):
        library = fake_rtmidi.library(ports, **kind)
        monkeypatch.setattr(port, "import_module", lambda _: library)
        return library

    return use


def test_a_virtual_port_is_made_and_played_at(rtmidi):
    library = rtmidi()
    out = open_port("virtual")
    out.send(note_on(0, 60, 90))
    (client,) = library.clients
    assert (client.virtual, client.sent, out.label) == ("Vocal MIDI", [b"\x90\x3c\x5a"], "Vocal MIDI")
    out.close()
    assert client.deleted
    assert open_port("virtual:Choir").label == "Choir"


def test_a_port_is_found_by_part_of_its_name(rtmidi):
    library = rtmidi("Midi Through 14:0", "loopMIDI Port 1", "loopMIDI Port 10")
    assert open_port("through").label == "Midi Through 14:0"
    assert open_port("loopmidi port 1").label == "loopMIDI Port 1"  # the whole name wins over a part of another
    assert library.clients[-1].opened == (1, "Vocal MIDI")
    assert port_names() == tuple(library.ports)


@pytest.mark.parametrize(
    ("name", "message"),
    [("loop", "several MIDI outputs are called 'loop'"), ("synth", "there is no MIDI output 'synth'; there are")],
)
def test_a_name_that_fits_none_or_several_is_an_error_and_leaves_no_client(rtmidi, name, message):
    library = rtmidi("loopMIDI Port 1", "loopMIDI Port 2")
    with pytest.raises(MidiError, match=message):
        open_port(name)
    assert all(client.deleted for client in library.clients)


def test_without_a_sequencer_the_error_says_what_to_do(rtmidi):
    rtmidi(working=())
    with pytest.raises(MidiError, match=r"ALSA: error creating.*JACK: .*modprobe snd-seq.*reastream:"):
        open_port("virtual")


def test_the_next_interface_is_tried_where_the_first_does_not_work(rtmidi):
    library = rtmidi(working=(3,))
    open_port("virtual")
    assert library.clients[0].api == 3


def test_windows_has_no_virtual_ports_and_is_told_of_loop_drivers(rtmidi):
    library = rtmidi(is_windows=True)
    with pytest.raises(MidiError, match="loopMIDI"):
        open_port("virtual")
    assert library.clients[0].deleted


def test_a_port_that_takes_nothing_more_is_an_error_in_words(rtmidi):
    library = rtmidi()
    out = open_port("virtual")
    library.broken = True
    with pytest.raises(MidiError, match="took no message"):
        out.send(note_on(0, 60, 90))


def test_an_input_is_polled_to_its_end_but_never_without_one(rtmidi):
    library = rtmidi("Keystation 0")
    inlet = open_inlet("keystation")
    (client,) = library.clients
    client.waiting = [([0x90, 60, 90], 0.0)] * 1500
    assert len(inlet.read()) == 1024
    assert len(inlet.read()) == 476
    assert inlet.read() == []
    inlet.close()
    assert client.deleted


def test_a_reastream_takes_what_is_played():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reaper:
        reaper.bind(("127.0.0.1", 0))
        reaper.settimeout(5)
        out = open_port(f"reastream:voice@127.0.0.1:{reaper.getsockname()[1]}")
        out.send(note_on(0, 60, 90))
        out.send(b"\xd0\x20")
        assert read_midi(reaper.recv(4096)) == (note_on(0, 60, 90),)
        content = reaper.recv(4096)
        assert content[8:14] == b"voice\0"
        assert read_midi(content) == (b"\xd0\x20",)
        out.close()


def test_nobody_at_a_reastream_is_no_error():
    out = open_port("reastream:voice@127.0.0.1:9")
    for _ in range(3):
        out.send(note_on(0, 60, 90))
        time.sleep(0.01)
    out.close()


@pytest.mark.parametrize("where", ["x" * 40, "voice@host:port", "voice@127.0.0.1:99999999"])
def test_a_reastream_that_cannot_be_is_refused(where):
    with pytest.raises(MidiError, match="IDENTIFIER@HOST"):
        open_port(f"reastream:{where}")


def test_a_machine_without_midi_gets_one_line_and_nothing_else_on_its_screen():
    code = (
        "from vocalmidi.live import open_port\nfrom vocalmidi.errors import MidiError\n"
        "try:\n    open_port('virtual').close()\nexcept MidiError as error:\n    print('MIDI:', error)\n"
    )
    environment = os.environ | {"JACK_DEFAULT_SERVER": "nobody", "JACK_NO_START_SERVER": "1"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert told.stderr == ""
    assert not told.stdout or "modprobe snd-seq" in told.stdout


@pytest.fixture
def jack(monkeypatch):
    """A JACK server of the test's own, for machines whose kernel has no sequencer."""
    program("jackd")
    own = jack_servers.environment() | {"JACK_DEFAULT_SERVER": f"midi{os.getpid()}"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as server:
        try:
            server.enter_context(jack_servers.started(PERIOD, own))
        except jack_servers.NoJackError as error:
            absent(str(error))
        yield


@pytest.mark.usefixtures("jack")
def test_a_real_virtual_port_carries_a_burst_whole_and_in_order():
    inlet = open_inlet("virtual:Vocal MIDI test")
    try:
        out = open_port("Vocal MIDI test")
        draw = random.Random(1)
        sent = [draw.choice((note_on, lambda c, k, _: note_off(c, k)))(0, draw.randrange(128), 90) for _ in range(500)]
        for message in sent:
            out.send(message)
        heard, deadline = [], time.monotonic() + 5
        while len(heard) < len(sent) and time.monotonic() < deadline:
            heard += inlet.read()
            time.sleep(0.002)
        assert heard == sent
        out.close()
    finally:
        inlet.close()
