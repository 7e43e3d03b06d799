"""Others who speak OSC: python-osc, liblo's oscsend and oscdump, npm's node-osc, each as client and as listener."""

import json
import os
import socket
import subprocess
import threading
import time

import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

from app.test_run import free_port
from control.test_desk import Program
from needs import absent, program
from vocalmidi.control import Desk, serving

LOOPBACK = "127.0.0.1"


@pytest.fixture
def ours():
    return Program()


@pytest.fixture
def port(ours):
    with serving(Desk(ours), LOOPBACK, 0) as server:
        yield server.port


def wait_for(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


class PythonOsc:
    """A python-osc server in a thread."""

    def __init__(self):
        self.heard = []
        dispatcher = Dispatcher()
        dispatcher.set_default_handler(lambda address, *arguments: self.heard.append((address, *arguments)))
        self.server = BlockingOSCUDPServer((LOOPBACK, 0), dispatcher)
        self.port = self.server.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def test_python_osc_subscribes_changes_and_hears(port, ours):
    client = SimpleUDPClient(LOOPBACK, port)
    with PythonOsc() as listener:
        client.send_message("/vocalmidi/subscribe", listener.port)
        wait_for(lambda: ("/vocalmidi/genre", "pop") in listener.heard)
        client.send_message("/vocalmidi/genre", "jazz")
        client.send_message("/vocalmidi/octave", 1.0)
        wait_for(lambda: ("/vocalmidi/octave", 1) in listener.heard)
        client.send_message("/vocalmidi/octave", [1, 2])
        wait_for(lambda: [each for each in listener.heard if each[0] == "/vocalmidi/error"])
    client._sock.close()
    assert ("/vocalmidi/genre", "jazz") in listener.heard
    assert ours.values == {"genre": "jazz", "octave": 1}


class Oscdump:
    """liblo's oscdump, its lines as they come."""

    def __init__(self):
        self.port = free_port()
        self.lines = []
        self.process = subprocess.Popen(
            [program("oscdump"), "-L", str(self.port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def __enter__(self):
        self.thread = threading.Thread(target=self._read)
        self.thread.start()
        return self

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()

    def has(self, text):
        return any(text in line for line in list(self.lines))


def oscsend(port, *words):
    subprocess.run([program("oscsend"), LOOPBACK, str(port), *map(str, words)], check=True)


def test_liblo_subscribes_changes_and_hears(port, ours):
    with Oscdump() as dump:
        for _ in range(50):  # oscdump says nothing when it is ready
            oscsend(port, "/vocalmidi/subscribe", "i", dump.port)
            time.sleep(0.1)
            if dump.has("/vocalmidi/genre"):
                break
        wait_for(lambda: dump.has('/vocalmidi/genre s "pop"'))
        oscsend(port, "/vocalmidi/genre", "s", "jazz")
        wait_for(lambda: dump.has('/vocalmidi/genre s "jazz"'))
        for tag, value in (("i", "1"), ("f", "2.0"), ("s", "-1"), ("d", "-2"), ("h", "3")):
            oscsend(port, "/vocalmidi/octave", tag, value)
            wait_for(lambda: dump.has(f"/vocalmidi/octave i {int(float(value))}"))  # noqa: B023 - called at once
        oscsend(port, "/vocalmidi/octave", "s", "up")
        wait_for(lambda: dump.has('/vocalmidi/error s "/vocalmidi/octave: octave'))
        wait_for(lambda: dump.has("/vocalmidi/heartbeat i"))
    assert ours.values == {"genre": "jazz", "octave": 3}


def test_liblo_s_types_without_bytes_are_read(port, ours):
    oscsend(port, "/vocalmidi/octave", "T")
    wait_for(lambda: ours.values["octave"] == 1)
    oscsend(port, "/vocalmidi/octave", "F")
    wait_for(lambda: ours.values["octave"] == 0)


NODE_CLIENT = """
const { Client, Server, Bundle } = require('node-osc');
const [port, mine] = process.argv.slice(1).map(Number);
const server = new Server(mine, '127.0.0.1', () => {
  const client = new Client('127.0.0.1', port);
  const say = (...message) => console.log(JSON.stringify(message));
  server.on('message', (message) => say(...message));
  server.on('bundle', (bundle) => bundle.elements.forEach((element) => say(...element)));
  client.send('/vocalmidi/subscribe', mine, () => {
    client.send('/vocalmidi/genre', 'jazz', () => {
      client.send(new Bundle(['/vocalmidi/octave', 2], ['/vocalmidi/octave', 'nine']), () => {
        setTimeout(() => { client.close(); server.close(); process.exit(0); }, 1500);
      });
    });
  });
});
"""


def test_node_osc_subscribes_changes_and_hears(port, ours):
    node = program("node")
    if subprocess.run([node, "-e", "require('node-osc')"], capture_output=True, check=False, env=os.environ).returncode:
        absent("npm's node-osc is not here: npm install node-osc, and its folder in NODE_PATH")
    done = subprocess.run(
        [node, "-e", NODE_CLIENT, str(port), str(free_port())], capture_output=True, text=True, timeout=60, check=True
    )
    heard = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["/vocalmidi/genre", "pop"] in heard
    assert ["/vocalmidi/genre", "jazz"] in heard
    assert ["/vocalmidi/octave", 2] in heard
    assert [each for each in heard if each[0] == "/vocalmidi/error" and "octave" in each[1]]
    assert ours.values == {"genre": "jazz", "octave": 2}


def test_nothing_is_left_open(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"", (LOOPBACK, port))
