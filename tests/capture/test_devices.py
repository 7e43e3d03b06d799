"""Which devices there are, and finding the one that was meant."""

import importlib
import subprocess
import sys

import pytest

from capture.fake_portaudio import FakePortAudio, device
from vocalmidi.capture import Device, find_device, list_devices
from vocalmidi.errors import CaptureError


@pytest.fixture(autouse=True)
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio(
        device("Built-in Microphone", inputs=1, rate_hz=44_100.0),
        device("Speakers", inputs=0),
        device("Scarlett 2i2 USB", inputs=2),
        device("Scarlett 18i8 USB", inputs=18, host_api=1),
        default=2,
    )
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_only_inputs_are_listed_with_their_facts():
    assert list_devices() == (
        Device(0, "Built-in Microphone", "Fake API", 1, 44_100, is_default=False),
        Device(2, "Scarlett 2i2 USB", "Fake API", 2, 48_000, is_default=True),
        Device(3, "Scarlett 18i8 USB", "Other API", 18, 48_000, is_default=False),
    )


def test_no_devices_is_an_empty_tuple_and_a_clear_error_when_one_is_wanted(portaudio: FakePortAudio):
    portaudio.devices = []
    assert list_devices() == ()
    with pytest.raises(CaptureError, match="no audio input device; plug in"):
        find_device(None)


@pytest.mark.parametrize(
    ("wanted", "index"), [(None, 2), (0, 0), ("0", 0), ("built-in", 0), ("18i8", 3), ("SCARLETT 2I2 USB", 2)]
)
def test_a_device_is_found_by_number_name_or_part_of_it(wanted, index):
    assert find_device(wanted).index == index


def test_a_whole_name_wins_over_a_longer_one(portaudio: FakePortAudio):
    portaudio.devices.append(device("Scarlett 18i8 USB Monitor"))
    assert find_device("scarlett 18i8 usb").index == 3


def test_a_name_that_fits_several_lists_them():
    with pytest.raises(CaptureError, match=r"several .*'scarlett': 2 'Scarlett 2i2.*3 'Scarlett 18i8.*number"):
        find_device("scarlett")


@pytest.mark.parametrize("wanted", ["Scarlet 212 USB", "skarlett 2i2 usb"])
def test_a_misspelt_name_brings_the_nearest(wanted):
    with pytest.raises(CaptureError, match="did you mean 2 'Scarlett 2i2 USB'"):
        find_device(wanted)


@pytest.mark.parametrize("wanted", [1, 99, "-1", "zzz", ""])
def test_an_unknown_device_brings_all_there_are(wanted):
    with pytest.raises(CaptureError, match=r"there are 0 'Built-in Microphone' \(Fake API\), 2"):
        find_device(wanted)


def test_a_system_without_a_default_asks_for_a_choice(portaudio: FakePortAudio):
    portaudio.default.device = [-1, -1]
    with pytest.raises(CaptureError, match="names no default audio input; choose one of 0"):
        find_device(None)


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (OSError("PortAudio library not found"), "apt install libportaudio2"),
        (ModuleNotFoundError("No module named 'sounddevice'"), "pip install sounddevice"),
        (type("PortAudioError", (Exception,), {})("Error initializing PortAudio"), "sound server"),
    ],
)
def test_a_missing_portaudio_is_one_line_of_advice(monkeypatch: pytest.MonkeyPatch, failure, advice):
    def refuse(_name: str):
        raise failure

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(CaptureError, match=advice) as caught:
        list_devices()
    assert "\n" not in str(caught.value)


def test_importing_the_room_loads_no_portaudio():
    code = "import sys, vocalmidi.capture; assert 'sounddevice' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_real_library_answers():
    """Whatever this machine has, it is listed without an exception, or the reason is ours."""
    code = "from vocalmidi.capture import list_devices; print(list_devices())"
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ran.returncode == 0 or "CaptureError" in ran.stderr
