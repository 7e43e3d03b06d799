"""The live path measured where no daemon runs: a recording in time, with the daemon's own threads."""

import gc
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from vocalmidi.app import gauge_here
from vocalmidi.app.gauge_here import Paced, measure_here
from vocalmidi.app.gauging import Question
from vocalmidi.app.job import demo_voice
from vocalmidi.config import load_settings
from vocalmidi.errors import CaptureError, GaugeError
from vocalmidi.values import AudioBlock


@pytest.fixture(scope="module")
def settings():
    return replace(load_settings(), provider="cpu", voice_profile="none")


def test_each_stage_of_the_live_path_is_measured_and_everything_is_as_before_at_the_end(settings):
    before = gc.isenabled(), gc.get_freeze_count(), sys.getswitchinterval()
    said = []
    found = measure_here(settings, Question(4.0, traced=True), said.append, demo_voice())
    report = found.report
    rows = {row.stage: row for row in report.stages}
    assert report.measured == "recording"
    assert set(rows) >= {"capture", "handover", "features", "model", "strikes", "decode", "play", "block", "midi"}
    # A loaded machine may leave blocks out, never hear more than there are.
    for stage in ("features", "model"):
        assert 0 < rows[stage].count <= 1.02 * 100 * report.seconds
    assert rows["midi"].p50_ms >= rows["play"].p50_ms
    assert rows["decision"].p50_ms == pytest.approx(31.5, abs=15.0)
    assert {row.name for row in report.threads} >= {"live", "reader"}
    facts = {fact.name: fact.words for fact in report.facts}
    assert all(f"{name} on " in facts["live"] for name in ("voice_live", "timbre"))
    assert "live thread" in facts["real time"]
    assert {each.name for each in report.counters} >= {"gaps", "MIDI messages", "blocks left out since late"}
    assert found.trace
    assert len(said) == 1
    assert (gc.isenabled(), gc.get_freeze_count(), sys.getswitchinterval()) == before


def test_a_recording_goes_on_from_its_beginning_in_time(tmp_path):
    sound = np.linspace(0.1, 0.9, 500, dtype=np.float32)
    soundfile.write(tmp_path / "short.wav", sound, 8_000, subtype="FLOAT")
    blocks = []
    with Paced(tmp_path / "short.wav", 1.0) as source:
        for block in source.blocks():
            blocks.append(block)
            if len(blocks) == 10:
                source.stop()
    played = np.concatenate([block.samples for block in blocks])
    assert np.array_equal(played, np.resize(sound, len(played)))
    starts = [block.start for block in blocks]
    assert starts == [128 * number for number in range(len(blocks))]
    assert blocks[5].adc_time_s - blocks[0].adc_time_s == pytest.approx(5 * 128 / 8_000)


def test_of_a_long_recording_only_what_is_played_is_kept_in_memory(tmp_path):
    soundfile.write(tmp_path / "long.wav", np.zeros(80_000, np.float32), 8_000)
    with Paced(tmp_path / "long.wav", 2.0) as source:
        assert source.seconds == pytest.approx(2.0, abs=2.1)
        assert source.seconds < 10.0


def test_a_microphone_that_falls_silent_ends_it_with_its_own_words(settings, monkeypatch):
    class Broken:
        device, sample_rate_hz = Paced(demo_voice(), 1.0).device, 16_000

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def stop(self):
            pass

        def blocks(self):
            yield AudioBlock(0, 16_000, np.zeros(128, np.float32))
            raise CaptureError("audio input Mic has given nothing for 3 s; is it plugged in and on?")

    monkeypatch.setattr(gauge_here, "open_source", lambda *_, **__: Broken())
    with pytest.raises(CaptureError, match="given nothing"):
        measure_here(settings, Question(5.0), lambda _: None)


def test_nothing_is_opened_for_what_can_not_be_measured(settings, tmp_path):
    with pytest.raises(GaugeError, match="choose 1 to 600"):
        measure_here(settings, Question(0.0), lambda _: None, tmp_path / "missing.wav")
    with pytest.raises(CaptureError):
        measure_here(settings, Question(1.0), lambda _: None, tmp_path / "missing.wav")
