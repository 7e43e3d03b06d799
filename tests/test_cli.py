"""The command line as a user meets it: what is printed, what is written, and one clear line for each mistake."""

import json
import sys
from dataclasses import replace

import mido
import numpy as np
import pytest
import soundfile

import corrections
from synth import SungNote, sing
from teaching import BandsTimbre, lesson
from vocalmidi.profile import NO_HABITS, read_profile, write_profile

RATE = 44100
SCALE = [SungNote(0.2 + 0.5 * step, 0.45, pitch) for step, pitch in enumerate((60, 62, 64, 65, 67, 67, 64, 60))]


@pytest.fixture
def voice(tmp_path):
    path = tmp_path / "scale.wav"
    soundfile.write(path, sing(SCALE, sample_rate_hz=RATE).samples, RATE)
    return path


def melody(path):
    track = next(track for track in mido.MidiFile(path).tracks if track.name == "Melody")
    return [message.note for message in track if message.type == "note_on" and message.velocity]


def test_a_sung_scale_comes_out_as_its_notes_on_four_tracks(vocalmidi, voice, tmp_path):
    outcome = vocalmidi("convert", voice, "-o", "scale.mid", "--plot", "scale.png", "--reaper", "scale.vocalmidi")
    assert outcome.status == 0, outcome.err
    assert melody(tmp_path / "scale.mid") == [note.pitch_midi for note in SCALE]
    assert [track.name for track in mido.MidiFile("scale.mid").tracks[1:]] == ["Melody", "Chords", "Bass", "Drums"]
    assert (tmp_path / "scale.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "scale.vocalmidi").stat().st_size > 0
    for said in ("key", "tempo", "heard", "parts", "scale.mid", "scale.png", "scale.vocalmidi"):
        assert said in outcome.out


def test_json_is_alone_on_stdout_and_says_what_was_made(vocalmidi, voice):
    outcome = vocalmidi("convert", voice, "-o", "a.mid", "--json", "--tempo", "120", "--key", "C major", "--seed", "7")
    table = json.loads(outcome.out)
    assert table["version"] == 1
    assert table["tempo_qpm"] == 120
    assert table["key"] == {"tonic": "C", "mode": "major", "probability": 1.0}
    assert (table["seed"], table["meter"], table["genre"], table["out"]) == (7, [4, 4], "pop", "a.mid")
    assert set(table["parts"]) == {"melody", "chords", "bass", "drums"}
    assert table["parts"]["melody"] == len(SCALE)
    assert table["origins"]["melody"] == {"sung": len(SCALE)}
    assert {name: sum(counts.values()) for name, counts in table["origins"].items()} == table["parts"]
    assert {"harmony", "drums"} <= set(table["models"])
    assert all(len(digest) == 64 for digest in table["models"].values())
    assert (table["mood"], table["density"], table["complexity"]) == ("plain", 50, 50)
    assert table["seeds"] == dict.fromkeys(("melody", "chords", "bass", "drums"), 7)


def test_the_same_voice_style_and_seed_give_the_same_bytes(vocalmidi, voice, tmp_path):
    for name in ("a.mid", "b.mid"):
        assert vocalmidi("convert", voice, "-o", name, "--genre", "jazz", "--seed", "3").status == 0
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_another_seed_is_another_take_of_the_same_melody(vocalmidi, voice, tmp_path):
    for seed in (1, 2):
        vocalmidi("convert", voice, "-o", f"{seed}.mid", "--seed", seed)
    assert (tmp_path / "1.mid").read_bytes() != (tmp_path / "2.mid").read_bytes()
    assert melody(tmp_path / "1.mid") == melody(tmp_path / "2.mid")


def test_only_the_parts_asked_for_are_written(vocalmidi, voice):
    vocalmidi("convert", voice, "-o", "a.mid", "--parts", "bass,melody")
    assert [track.name for track in mido.MidiFile("a.mid").tracks[1:]] == ["Melody", "Bass"]


def test_notes_are_drawn_to_the_grid_as_far_as_asked_for(vocalmidi):
    late_s = (0.0, 0.05, -0.04, 0.06, 0.0, -0.05, 0.05, 0.0)
    tune = [SungNote(0.5 + 0.5 * at + late, 0.35, 60 + at) for at, late in enumerate(late_s)]
    soundfile.write("late.wav", sing(tune, 44100).samples, 44100)
    starts = {}
    for percent in (0, 50, 100):
        options = ("--quantise", str(percent), "--parts", "melody", "--tempo", "120")
        vocalmidi("convert", "late.wav", "-o", "a.mid", *options)
        track = next(track for track in mido.MidiFile("a.mid").tracks if track.name == "Melody")
        ticks = np.cumsum([message.time for message in track])
        starts[percent] = [at for at, m in zip(ticks, track, strict=True) if m.type == "note_on" and m.velocity]
    # At 120 QN a minute 0.1 s are 192 ticks; the grid is a sixteenth, 240.
    assert np.diff(starts[100]).tolist() == [960] * 7
    sung = np.diff([1920 * note.onset_s for note in tune])
    assert np.abs(np.diff(starts[0]) - sung).max() < 40
    halfway = (np.array(starts[0]) + np.array(starts[100])) / 2
    assert np.abs(np.array(starts[50]) - halfway).max() <= 1


def test_a_grid_that_is_named_rules_and_a_feel_moves_off_it(vocalmidi):
    tune = [SungNote(0.5 + 0.25 * at, 0.2, 60 + at % 5) for at in range(16)]  # eighths at 120
    soundfile.write("eighths.wav", sing(tune, 44100).samples, 44100)
    starts = {}
    for name, options in {
        "auto": (),
        "triplets": ("--grid", "1/8T"),
        "feel": ("--feel", "100", "--genre", "rnb"),
    }.items():
        vocalmidi("convert", "eighths.wav", "-o", "a.mid", "--parts", "melody", "--tempo", "120", *options)
        track = next(track for track in mido.MidiFile("a.mid").tracks if track.name == "Melody")
        ticks = np.cumsum([message.time for message in track])
        starts[name] = np.array([at for at, m in zip(ticks, track, strict=True) if m.type == "note_on" and m.velocity])
    assert np.diff(starts["auto"]).tolist() == [480] * 15
    assert set((starts["triplets"] % 320).tolist()) == {0}
    moved = starts["feel"] - starts["auto"]
    assert 0 < np.abs(moved).max() < 96  # a tenth of a quarter note


def test_a_feel_that_nobody_has_played_is_refused_before_anything_is_heard(vocalmidi, voice):
    refused = vocalmidi("convert", voice, "-o", "a.mid", "--feel", "50", "--genre", "trap")
    assert refused.status == 2
    assert "how trap is played" in refused.err


def test_bends_are_written_only_when_asked_for(vocalmidi, voice):
    for bend, expected in (("off", False), ("true", True)):
        vocalmidi("convert", voice, "-o", "a.mid", "--bend", bend)
        bends = any(m.type == "pitchwheel" for track in mido.MidiFile("a.mid").tracks for m in track)
        assert bends is expected


def test_the_voice_s_level_and_the_channels_of_mpe_are_written_when_asked_for(vocalmidi, voice, tmp_path):
    vocalmidi("convert", voice, "-o", "a.mid", "--bend", "true", "--bend-as", "mpe", "--expression", "pressure")
    melody = next(track for track in mido.MidiFile("a.mid").tracks if track.name == "Melody")
    notes = {message.channel for message in melody if message.type == "note_on"}
    assert notes == set(range(1, 1 + len(SCALE)))
    assert {message.channel for message in melody if message.type == "aftertouch"} == notes
    again = vocalmidi("convert", voice, "--from", "a.mid", "-o", "b.mid")
    assert again.status == 0, again.err
    assert (tmp_path / "b.mid").read_bytes() == (tmp_path / "a.mid").read_bytes()


def test_without_a_name_the_file_is_called_after_the_voice(vocalmidi, voice, tmp_path):
    vocalmidi("convert", voice)
    assert (tmp_path / "scale.mid").is_file()


@pytest.mark.parametrize("kind", ["transcribe", "simulate"])
def test_events_are_written_for_each_recording(vocalmidi, voice, tmp_path, kind):
    second = tmp_path / "again.wav"
    second.write_bytes(voice.read_bytes())
    assert vocalmidi(kind, voice, second, "--out-dir", "results").status == 0
    for stem in ("scale", "again"):
        table = json.loads((tmp_path / "results" / f"{stem}.json").read_text())
        assert table["version"] == 1
        assert table["duration_s"] == pytest.approx(soundfile.info(voice).duration, abs=1e-3)
        heard = [round(note["pitch_midi"]) for note in table["notes"]]
        assert set(heard) == {note.pitch_midi for note in SCALE}
        assert all(note["onset_s"] < note["offset_s"] for note in table["notes"])
        if kind == "simulate":
            assert all(note["emitted_s"] >= note["onset_s"] for note in table["notes"])


def test_transcribed_onsets_are_where_the_singer_put_them(vocalmidi, voice):
    table = json.loads(vocalmidi("transcribe", voice, "--json").out)
    truth = [note.onset_s for note in sing(SCALE, sample_rate_hz=RATE).notes]
    assert [note["onset_s"] for note in table["notes"]] == pytest.approx(truth, abs=0.05)


# What goes wrong, each as (name, words after the command, what the line must say).


@pytest.fixture
def bad_recordings(tmp_path):
    """Make one file for each way of not being a usable recording."""
    tone = sing(SCALE[:2], sample_rate_hz=RATE).samples
    broken = tone.copy()
    broken[1000] = np.nan
    (tmp_path / "text.wav").write_text("not sound")
    (tmp_path / "zero.wav").write_bytes(b"")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE), RATE)
    soundfile.write(tmp_path / "nan.wav", broken, RATE, subtype="FLOAT")
    broken[1000] = np.inf
    soundfile.write(tmp_path / "inf.wav", broken, RATE, subtype="FLOAT")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.wav", "no such file"),
        ("text.wav", "text.wav"),
        ("zero.wav", "zero.wav"),
        ("empty.wav", "empty.wav"),
        ("silence.wav", "no note and no hit is heard"),
        ("nan.wav", "0.0"),
        ("inf.wav", "0.0"),
        (".", "folder"),
    ],
)
def test_a_recording_that_is_none_is_one_line_and_nothing_is_written(vocalmidi, bad_recordings, name, says):
    before = sorted(bad_recordings.iterdir())
    outcome = vocalmidi("convert", bad_recordings / name, "-o", "out.mid", "--plot", "out.png")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert says in outcome.err
    assert outcome.out == ""
    assert sorted(bad_recordings.iterdir()) == before


def test_silence_is_written_when_asked_for(vocalmidi, bad_recordings):
    outcome = vocalmidi("convert", bad_recordings / "silence.wav", "-o", "out.mid", "--allow-silence")
    assert outcome.status == 0
    assert [track.name for track in mido.MidiFile("out.mid").tracks[1:]] == ["Melody", "Chords", "Bass", "Drums"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--genre", "jaz"], "did you mean 'jazz'"),
        (["--tempo", "0"], "outside 20 to 400"),
        (["--tempo", "1000"], "outside 20 to 400"),
        (["--tempo", "fast"], "neither a number nor auto"),
        (["--key", "H"], "not understood"),
        (["--meter", "4/5"], "4/5"),
        (["--seed", "-1"], "outside 0"),
        (["--parts", "vocals"], "unknown part"),
        (["--bend", "wild"], "wild"),
        (["--bend", "true", "--bend-as", "wild"], "wheel, mpe or a controller"),
        (["--expression", "cc6"], "off, pressure or a controller"),
        (["--bend-as", "cc6"], "wheel, mpe or a controller"),
        (["--bend", "true", "--bend-as", "cc11", "--expression", "cc11"], "can't carry both"),
        (["--wrong"], "--wrong"),
    ],
)
def test_words_that_cant_be_obeyed_are_one_line_and_status_2(vocalmidi, voice, tmp_path, words, says):
    outcome = vocalmidi("convert", voice, "-o", "out.mid", *words)
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert says in outcome.err
    assert not (tmp_path / "out.mid").exists()


def test_no_recording_named_says_how_to_name_one(vocalmidi):
    outcome = vocalmidi("convert")
    assert outcome.status == 2
    assert "vocalmidi convert VOICE.wav" in outcome.err


@pytest.mark.parametrize("out", ["missing/out.mid", "."])
def test_an_output_that_cant_be_written_is_refused_before_the_work(vocalmidi, voice, out):
    outcome = vocalmidi("convert", voice, "-o", out)
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1


def test_the_recording_is_never_overwritten_nor_one_result_by_another(vocalmidi, voice, tmp_path):
    before = voice.read_bytes()
    for words in (["-o", voice], ["-o", "a.mid", "--plot", voice], ["-o", "a.mid", "--plot", "./a.mid"]):
        outcome = vocalmidi("convert", voice, *words)
        assert outcome.status == 2
        assert "choose" in outcome.err
    assert voice.read_bytes() == before
    assert not (tmp_path / "a.mid").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc, where nobody can make a file, is Linux's")
def test_a_write_that_the_system_refuses_is_one_line(vocalmidi, voice):
    outcome = vocalmidi("convert", voice, "-o", "/proc/out.mid")
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert "choose another" in outcome.err


@pytest.mark.parametrize(
    ("rate", "subtype", "channels"), [(8000, "PCM_16", 1), (192000, "PCM_16", 1), (48000, "PCM_24", 2)]
)
def test_any_usual_rate_depth_and_channel_count_is_heard(vocalmidi, tmp_path, rate, subtype, channels):
    samples = sing(SCALE, sample_rate_hz=rate).samples
    soundfile.write(tmp_path / "v.wav", np.column_stack([samples] * channels), rate, subtype=subtype)
    assert vocalmidi("convert", tmp_path / "v.wav", "-o", "v.mid").status == 0
    assert melody(tmp_path / "v.mid") == [note.pitch_midi for note in SCALE]


def test_two_recordings_of_one_name_are_refused_where_results_would_collide(vocalmidi, voice, tmp_path):
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / voice.name
    twin.write_bytes(voice.read_bytes())
    outcome = vocalmidi("transcribe", voice, twin, "--out-dir", "results")
    assert outcome.status == 2
    assert "scale" in outcome.err
    assert not (tmp_path / "results").exists()


def test_doctor_names_every_check_and_its_advice(vocalmidi):
    checks = {check["name"]: check for check in json.loads(vocalmidi("doctor", "--json").out)["checks"]}
    assert {"version", "styles", "ring", "model", "hearing", "microphone", "reaper"} <= set(checks)
    assert all(checks[name]["status"] == "ok" for name in ("version", "styles", "ring", "model", "hearing"))
    assert checks["reaper"]["status"] == "ok" or checks["reaper"]["advice"]


def test_reaper_scripts_go_in_and_out_of_a_resource_folder(vocalmidi, tmp_path):
    folder = tmp_path / "REAPER"
    folder.mkdir()
    (folder / "reaper.ini").touch()
    assert vocalmidi("reaper", "install", "--resource-path", folder).status == 0
    assert (folder / "Scripts" / "Vocal MIDI" / "bridge.lua").is_file()
    assert "scripts  installed" in vocalmidi("reaper", "status", "--resource-path", folder).out
    assert vocalmidi("reaper", "uninstall", "--resource-path", folder).status == 0
    assert not (folder / "Scripts" / "Vocal MIDI").exists()


def test_a_reaper_that_is_not_there_is_one_line(vocalmidi, tmp_path):
    outcome = vocalmidi("reaper", "install", "--resource-path", tmp_path)
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1


def test_the_version_is_one_word(vocalmidi):
    assert vocalmidi("--version").out.strip().count(".") == 2


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """Put recordings to learn from into the folder, and a plain encoder in the place of the model."""
    monkeypatch.setattr("vocalmidi.app.ears.open_model", lambda *_words: BandsTimbre())
    soundfile.write(tmp_path / "pff.wav", lesson("snare", 6), RATE)
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE), RATE)


@pytest.mark.usefixtures("lessons")
def test_a_profile_is_taught_listed_and_cleared(vocalmidi, tmp_path):
    assert "none yet" in vocalmidi("profile", "list").out
    outcome = vocalmidi("profile", "learn", "pff", "pff.wav", "--pitch", "56", "--examples", "5")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("learnt pff from 5 examples, key 56")
    table = json.loads(vocalmidi("profile", "list", "--json").out)
    assert table["sounds"] == [{"name": "pff", "pitch_midi": 56, "examples": 5}]
    assert str(tmp_path / "data") in table["profile"]
    assert json.loads(vocalmidi("profile", "clear", "pff", "--json").out)["sounds"] == []


@pytest.mark.usefixtures("lessons")
def test_what_was_learnt_from_edits_is_listed_and_cleared(vocalmidi, tmp_path):
    vocalmidi("profile", "learn", "pff", "pff.wav", "--pitch", "56")
    path = tmp_path / "data" / "vocalmidi" / "voice_profile.json"
    habits = NO_HABITS
    for number in range(3):
        habits = habits.with_new(corrections.phrase(number, (48, 50, 52), octaves=1))
    write_profile(path, replace(read_profile(path), habits=habits))
    lines = vocalmidi("profile", "list").out.splitlines()
    assert lines[2] == "learnt from edits of 9 notes in 3 phrases:"
    assert lines[3] == "  melody sung around A♯2 to F♯3 is written 1 octave higher"
    assert json.loads(vocalmidi("profile", "list", "--json").out)["edits"]["notes"] == 9
    left = json.loads(vocalmidi("profile", "clear", "--edits", "--json").out)
    assert left["edits"] == {"notes": 0, "phrases": 0, "habits": []}
    assert [each["name"] for each in left["sounds"]] == ["pff"]
    write_profile(path, replace(read_profile(path), habits=habits))
    assert json.loads(vocalmidi("profile", "clear", "--all", "--json").out)["edits"]["notes"] == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("clear", "pff", "--edits"), 2, "name one sound, or --edits"),
        (("learn", "pff"), 2, "name a recording, or --seconds"),
        (("learn", "a b", "pff.wav"), 2, "can't be taught"),
        (("learn", "pff", "pff.wav", "--pitch", "128"), 2, "128"),
        (("learn", "pff", "pff.wav", "--examples", "2"), 2, "3<=x<=10"),
        (("learn", "pff", "nowhere.wav"), 1, "no such file"),
        (("learn", "pff", "silence.wav"), 1, "no sound is heard"),
        (("learn", "pff", "pff.wav", "--profile", "none"), 1, "no voice profile is used"),
        (("clear",), 2, "name one sound, or --edits, or --all"),
        (("clear", "pff"), 1, "no such voice profile"),
    ],
)
@pytest.mark.usefixtures("lessons")
def test_what_can_t_be_taught_is_one_line(vocalmidi, words, status, said):
    outcome = vocalmidi("profile", *words)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_doctor_tells_whether_the_midi_port_can_be_played_at(vocalmidi, tmp_path):
    def midi_check(line):
        (tmp_path / "midi.toml").write_text(f"[midi]\n{line}\n", encoding="utf-8")
        checks = json.loads(vocalmidi("--config", str(tmp_path / "midi.toml"), "doctor", "--json").out)["checks"]
        return next(check for check in checks if check["name"] == "midi")

    assert midi_check("")["status"] == "ok"
    assert midi_check('midi_port = "reastream:voice"')["detail"] == "ReaStream voice can be played at"
    wrong = midi_check('midi_port = "reastream:"\nlive_scale = "blues"')
    assert (wrong["status"], "needs a key" in wrong["detail"]) == ("warn", True)


def test_doctor_tells_of_the_sounds_taught_and_of_a_damaged_profile(vocalmidi, tmp_path):
    def looked_at():
        checks = json.loads(vocalmidi("doctor", "--json").out)["checks"]
        return next(check for check in checks if check["name"] == "profile")

    assert (looked_at()["status"], looked_at()["advice"]) == ("ok", "")
    (tmp_path / "data" / "vocalmidi").mkdir(parents=True)
    (tmp_path / "data" / "vocalmidi" / "voice_profile.json").write_text("{", encoding="utf-8")
    assert looked_at()["status"] == "fail"
    assert "put a copy of it back" in looked_at()["advice"]


def tracks(path):
    """Return every track's messages by its name, conductor left out."""
    return {track.name: [str(message) for message in track] for track in mido.MidiFile(path).tracks[1:]}


def changed(first, second):
    before, after = tracks(first), tracks(second)
    return {name for name in before if before[name] != after[name]}


def test_from_an_earlier_result_one_part_is_rolled_and_the_others_stay(vocalmidi, voice, tmp_path):
    assert vocalmidi("convert", voice, "-o", "a.mid", "--genre", "rock", "--seed", "3").status == 0
    outcome = vocalmidi("convert", voice, "-o", "b.mid", "--from", "a.mid", "--reseed", "drums")
    assert outcome.status == 0, outcome.err
    assert changed("a.mid", "b.mid") == {"Drums"}
    assert "rock, seed 3" in outcome.out
    assert "kept   Melody, Chords, Bass" in outcome.out
    # Once more it is another take again; and with nothing said, the same again.
    vocalmidi("convert", voice, "-o", "c.mid", "--from", "b.mid", "--reseed", "drums")
    assert changed("b.mid", "c.mid") == {"Drums"}
    vocalmidi("convert", voice, "-o", "d.mid", "--from", "c.mid")
    assert (tmp_path / "c.mid").read_bytes() == (tmp_path / "d.mid").read_bytes()


def test_what_is_locked_stays_in_another_genre_and_the_json_says_so(vocalmidi, voice):
    vocalmidi("convert", voice, "-o", "a.mid", "--reaper", "a.vocalmidi")
    for old in ("a.mid", "a.vocalmidi"):
        options = ("--from", old, "--lock", "drums", "--genre", "jazz", "--mood", "calm", "--json")
        table = json.loads(vocalmidi("convert", voice, "-o", "b.mid", *options).out)
        assert (table["genre"], table["mood"], table["kept"]) == ("jazz", "calm", ["drums"])
        assert "Drums" not in changed("a.mid", "b.mid")
        assert {"Chords", "Bass"} <= changed("a.mid", "b.mid")


def test_notes_that_were_edited_in_the_file_stay_and_say_so(vocalmidi, voice):
    vocalmidi("convert", voice, "-o", "a.mid")
    file = mido.MidiFile("a.mid")
    bass = next(track for track in file.tracks if track.name == "Bass")
    bass[:] = [
        message.copy(velocity=9) if message.type == "note_on" and message.velocity else message for message in bass
    ]
    file.save("a.mid")
    outcome = vocalmidi("convert", voice, "-o", "b.mid", "--from", "a.mid", "--seed", "8")
    assert "kept   Bass (edited)" in outcome.out
    track = next(track for track in mido.MidiFile("b.mid").tracks if track.name == "Bass")
    assert {m.velocity for m in track if m.type == "note_on" and m.velocity} == {9}


def test_only_a_span_of_the_recording_is_written(vocalmidi, voice):
    vocalmidi("convert", voice, "-o", "a.mid", "--from-s", "1.1", "--to-s", "2.6", "--tempo", "120")
    assert melody("a.mid") == [64, 65, 67]
    vocalmidi("convert", voice, "-o", "a.mid", "--from-s", "3.1", "--tempo", "120")
    assert melody("a.mid") == [64, 60]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from-s", "60"), "is no span of a recording of"),
        (("--from-s", "2", "--to-s", "1"), "is no span"),
        (("--from-s", "-1"), "-1"),
        (("--lock", "bass"), "--lock needs --from"),
        (("--from", "none.mid"), "none.mid"),
        (("--mood", "hapy"), "did you mean 'happy'"),
        (("--reseed", "drumz"), "did you mean drums"),
    ],
)
def test_what_cannot_be_gone_on_from_is_one_line_and_writes_nothing(vocalmidi, voice, tmp_path, options, said):
    outcome = vocalmidi("convert", voice, "-o", "a.mid", *options)
    assert outcome.status in (1, 2)
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert not (tmp_path / "a.mid").exists()
