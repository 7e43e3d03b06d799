"""Every real recording goes the whole way: no crash, a valid file, four parts with notes where notes were heard."""

import csv
import io

import mido
import pytest

from needs import shared
from vocalmidi.app.convert import hear_file, make_music
from vocalmidi.app.ears import open_ears
from vocalmidi.arrange import load_style, open_networks, style_names
from vocalmidi.config import load_settings
from vocalmidi.smf import smf_bytes


def notes_per_track(content):
    """Count note-ons a track and check that every one ends, with the library's reader."""
    counts = {}
    for track in mido.MidiFile(file=io.BytesIO(content)).tracks:
        sounding = []
        for message in track:
            if message.type == "note_on" and message.velocity:
                sounding.append(message.note)
                counts[track.name] = counts.get(track.name, 0) + 1
            elif message.type in {"note_off", "note_on"}:
                sounding.remove(message.note)
        assert not sounding
    return counts


@pytest.mark.parametrize("folder", ["ssvd2", "beatboxset1"])
def test_every_recording_becomes_four_tracks(folder, tmp_path):
    settings = load_settings(_no_settings(tmp_path))
    ears = open_ears("cpu")
    recordings = sorted(shared(f"data/vocal/{folder}").glob("*.flac"))
    assert recordings
    for number, voice in enumerate(recordings):
        events = hear_file(voice, ears)
        style = load_style(style_names()[number % len(style_names())])
        conversion = make_music(events, settings, style, ears.context, networks=open_networks("cpu"))
        counts = notes_per_track(smf_bytes(conversion.arrangement))
        wanted = {"Melody", "Chords", "Bass", "Drums"} if events.notes else {"Drums"}
        assert set(counts) >= wanted, f"{voice.name} in {style.name}: {counts}"


def test_a_sung_clip_is_written_down_about_as_its_annotators_did():
    # Half as many notes or twice as many would be a broken decoder, whatever its exact score.
    ratios = []
    ears = open_ears("cpu")
    for voice in sorted(shared("data/vocal/ssvd2").glob("*.flac"))[:12]:
        with voice.with_suffix("").with_suffix(".notes.csv").open() as file:
            wanted = sum(1 for _ in csv.DictReader(file))
        ratios.append(len(hear_file(voice, ears).notes) / wanted)
    assert 0.7 < sorted(ratios)[len(ratios) // 2] < 1.4


def _no_settings(folder):
    path = folder / "config.toml"
    path.touch()
    return path
