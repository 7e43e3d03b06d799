"""What an arrangement remembers of the sound and the models it was made by, and what is said when these are others."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
import soundfile

from vocalmidi.app.ears import open_ears
from vocalmidi.app.job import Targets, convert, demo_voice
from vocalmidi.app.origin import (
    UNKNOWN,
    Heard,
    Making,
    ModelMark,
    changed_since,
    heard_in,
    heard_of,
    making_of,
    making_table,
    read_making,
)
from vocalmidi.app.source import read_source
from vocalmidi.arrange import open_networks
from vocalmidi.capture import History, open_recording
from vocalmidi.config import load_settings
from vocalmidi.reaper import InsertRequest, decode
from vocalmidi.values import AudioBlock, Events

RATE = 16000
SOUND = np.sin(np.arange(5 * RATE) / 20).astype(np.float32)
THEN = Making(
    "0.9",
    Heard("ab" * 32, 3, 9, RATE, "Mikrofon „Süd“"),
    (ModelMark("voice", "1" * 64),),
    (ModelMark("drums", "2" * 64),),
)


def sha_of(samples):
    return sha256(np.asarray(samples, "<f4").tobytes()).hexdigest()


@pytest.mark.parametrize("making", [THEN, UNKNOWN, Making("1.0", around="melody, drums")])
def test_it_comes_back_from_its_table_as_it_was(making):
    assert read_making(making_table(making)) == making


@pytest.mark.parametrize("broken", [{}, {"heard": 3}, {"heard": [1]}, {"band": ["drums"]}, {"ears": None}])
def test_what_is_no_such_table_is_refused(broken):
    table = {**making_table(THEN), **broken} if broken else {}
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_making(table)


def test_the_sound_is_known_by_its_samples():
    history = History(1.0, RATE)
    history.append(AudioBlock(1000, RATE, SOUND))
    events = Events(RATE, 2 * RATE, RATE, (), ())
    heard = heard_of(events, history, "mic")
    assert heard == Heard(sha_of(SOUND[RATE - 1000 : 2 * RATE - 1000]), RATE, 2 * RATE, RATE, "mic")
    assert heard_of(replace(events, start=0), history, "mic") is None
    assert heard_of(replace(events, stop=99 * RATE), history, "mic") is None


def test_a_part_of_a_recording_is_known_by_the_same_samples(tmp_path):
    soundfile.write(tmp_path / "a.wav", SOUND, RATE, subtype="FLOAT")
    heard = heard_in(open_recording(tmp_path / "a.wav"), RATE, 3 * RATE, "a.wav")
    assert heard == Heard(sha_of(SOUND[RATE : 3 * RATE]), RATE, 3 * RATE, RATE, "a.wav")


def test_other_models_and_another_version_are_named_and_the_same_are_not():
    now = replace(THEN, version="1.0", band=(ModelMark("bass", "4" * 64), ModelMark("drums", "3" * 64)))
    assert changed_since(THEN, THEN) == ""
    said = "vocalmidi 1.0, then 0.9, bass 44444444, then none, drums 33333333, then 22222222"
    assert changed_since(THEN, now) == said
    assert changed_since(UNKNOWN, now) == ""
    # Who listens now has no part in what was heard then.
    assert changed_since(THEN, replace(THEN, ears=())) == ""
    many = tuple(ModelMark(f"m{number}", "5" * 64) for number in range(9))
    assert changed_since(replace(THEN, band=()), replace(THEN, band=many)).endswith(
        "m3 55555555, then none, and 5 more"
    )


def test_a_converted_file_for_reaper_remembers_its_recording_and_every_model(tmp_path):
    settings = replace(load_settings(), provider="cpu")
    convert(demo_voice(), Targets(tmp_path / "a.mid", reaper=tmp_path / "a.vocalmidi"), settings)
    request = decode((tmp_path / "a.vocalmidi").read_bytes())
    assert isinstance(request, InsertRequest)
    making = read_source(request.sources[0], settings).making
    samples, rate_hz = soundfile.read(demo_voice(), dtype="float32")
    assert making.heard == Heard(sha_of(samples), 0, len(samples), rate_hz, demo_voice().name)
    now = making_of(None, open_ears("cpu"), open_networks("cpu"))
    assert (making.ears, making.band, making.version) == (now.ears, now.band, now.version)
    assert len(making.ears) == 3
    assert len(making.band) >= 1
