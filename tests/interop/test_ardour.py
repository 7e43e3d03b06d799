"""A second DAW is the judge: Ardour's own engine reads from our .mid files the notes that are in them.

The check itself is `interop/ardour/check_mid.sh` of the shared folder: each track into an empty Ardour session, then
every note Ardour understood (pitch, velocity, count) against what mido reads.
"""

import os
import subprocess
import sys

import mido
import pytest

from needs import program, shared
from vocalmidi.app.convert import hear_file, make_music
from vocalmidi.app.ears import open_ears
from vocalmidi.app.job import demo_voice
from vocalmidi.arrange import load_style
from vocalmidi.config import load_settings
from vocalmidi.smf import write_smf
from vocalmidi.values import PART_NAMES, Arrangement, BendPointQn, Chord, Key, Meter, Note, Part, PartName


def by_hand():
    """Return four parts with what makes files hard to read: bends, repeats that touch, chords, extremes, triplets."""
    bend = (BendPointQn(0.0, -80.0), BendPointQn(0.3, 0.0), BendPointQn(1.4, 35.0))
    melody = (
        Note(0.0, 1.5, 60, 90, bend),
        Note(1.5, 0.5, 60, 1),
        Note(2.0, 1 / 3, 64, 127),
        Note(7 / 3, 5 / 3, 67, 64),
    )
    chords = tuple(Note(float(bar * 4), 4.0, pitch, 70 + bar) for bar in range(2) for pitch in (48, 52, 55))
    bass = (Note(0.0, 3.9, 0, 100), Note(4.0, 4.0, 36, 100))
    drums = tuple(Note(i / 4, 0.25, 42 if i % 4 else 36, 60 + i) for i in range(32))
    parts = tuple(
        Part(name, channel, 0, notes)
        for name, channel, notes in zip(PART_NAMES, (0, 1, 2, 9), (melody, chords, bass, drums), strict=True)
    )
    harmony = (Chord(0.0, 8.0, 0, "maj", 0),)
    return Arrangement("pop", 1, 97.3, Meter(), Key(0, "major", 1.0), 8.0, harmony, parts)


def check(mid, tracks):
    """Run the check; fail with its own words unless Ardour read the same notes in so many tracks."""
    program("ardour7-lua")
    script = shared("interop/ardour/check_mid.sh")
    done = subprocess.run(
        ["bash", str(script), str(mid), sys.executable],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().splitlines()[-1] == f"OK: Ardour read the same notes in {tracks} tracks"


def tracks_with_notes(mid):
    return {t.name for t in mido.MidiFile(mid).tracks if any(m.type == "note_on" for m in t)}


def converted(voice, folder):
    """Return the .mid that a recording becomes in the default style."""
    config = folder / "config.toml"
    config.write_text("", encoding="utf-8")
    settings = load_settings(config)
    ears = open_ears("cpu")
    conversion = make_music(hear_file(voice, ears), settings, load_style("pop"), ears.context, networks=None)
    write_smf(conversion.arrangement, folder / "out.mid")
    return folder / "out.mid"


def test_ardour_reads_a_file_made_by_hand(tmp_path):
    write_smf(by_hand(), tmp_path / "hand.mid")
    check(tmp_path / "hand.mid", 4)


def test_the_judge_sees_a_note_that_never_ends(tmp_path):
    write_smf(by_hand(), tmp_path / "hand.mid")
    broken = mido.MidiFile(tmp_path / "hand.mid")
    melody = next(track for track in broken.tracks if track.name == PartName.MELODY.title())
    melody.remove(next(m for m in melody if m.type == "note_off" or (m.type == "note_on" and not m.velocity)))
    broken.save(tmp_path / "broken.mid")
    with pytest.raises(AssertionError, match="never end"):
        check(tmp_path / "broken.mid", 4)


def test_ardour_reads_what_the_bundled_clip_becomes(tmp_path):
    mid = converted(demo_voice(), tmp_path)
    assert tracks_with_notes(mid) == {"Melody", "Chords", "Bass", "Drums"}
    check(mid, 4)


@pytest.mark.parametrize("number", [0, 23, 47])
def test_ardour_reads_what_a_real_recording_becomes(tmp_path, number):
    voices = sorted(shared("data/vocal/ssvd2").glob("*.flac"))
    mid = converted(voices[number], tmp_path)
    check(mid, len(tracks_with_notes(mid)))
