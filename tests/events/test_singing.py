"""From sound to notes and hits: the test singer and beatboxer against their truth, and real recordings."""

import csv

import mir_eval
import numpy as np
import pytest
import soundfile

from needs import shared
from synth import BeatboxHit, SungNote, Voice, add_noise, beatbox, mix, reverb, scale_notes, sing, speech_like
from vocalmidi.events import LiveDecoder, LiveSettings, transcribe
from vocalmidi.frames import LiveAnalyser, analyse
from vocalmidi.inference import open_model
from vocalmidi.units import midi_to_hz
from vocalmidi.values import AudioBlock, HitLabel, NoteOn, NoteRevision

MAJOR = (0, 2, 4, 5, 7, 9, 11, 12)


@pytest.fixture(scope="module")
def model():
    return open_model("voice_considered", "cpu")


@pytest.fixture(scope="module")
def live_model():
    return open_model("voice_live", "cpu")


def hear(samples, sample_rate_hz, model):
    blocks = [AudioBlock(0, sample_rate_hz, np.asarray(samples, np.float32))]
    return transcribe(analyse(blocks, model, timbre=open_model("timbre", "cpu")))


def score(truth, events):
    """Return mir_eval's note F1 (onset 50 ms, pitch 50 cents) for (onset_s, offset_s, pitch_midi) rows."""
    rate = events.sample_rate_hz
    heard = np.array([(n.onset / rate, n.offset / rate, n.pitch_midi) for n in events.notes]).reshape(-1, 3)
    if not len(heard):
        return 0.0
    spans_and_pitches = (truth[:, :2], midi_to_hz(truth[:, 2]), heard[:, :2], midi_to_hz(heard[:, 2]))
    return mir_eval.transcription.precision_recall_f1_overlap(*spans_and_pitches, offset_ratio=None)[2]


def truth_of(sung):
    return np.array([(note.onset_s, note.offset_s, note.pitch_midi) for note in sung.notes])


@pytest.mark.parametrize(("kind", "tonic"), [("male", 45), ("female", 60), ("child", 67)])
def test_a_sung_scale_is_its_notes_and_no_hits(kind, tonic, model):
    sung = sing(scale_notes([tonic + step for step in MAJOR]), voice=Voice(kind, drift_cents=8.0))
    events = hear(sung.samples, 44_100, model)
    assert score(truth_of(sung), events) == 1.0
    assert events.hits == ()


def test_fast_legato_is_heard_note_by_note(model):
    sung = sing([SungNote(0.3 + 0.15 * i, 0.15, 60 + step) for i, step in enumerate(MAJOR)])
    assert score(truth_of(sung), hear(sung.samples, 44_100, model)) > 0.9


@pytest.mark.parametrize("consonant", [None, "s", "t", "k", "p", "m", "l"])
def test_one_pitch_on_six_syllables_is_six_notes(consonant, model):
    sung = sing([SungNote(0.4 + 0.4 * i, 0.4, 62, consonant=consonant) for i in range(6)])
    events = hear(sung.samples, 44_100, model)
    assert len(events.notes) == 6
    assert events.hits == ()
    # A voiced consonant has pitch 70 ms before its vowel does, and either may be called the note's beginning.
    late = [note.onset / 44_100 - true.onset_s for note, true in zip(events.notes, sung.notes, strict=True)]
    assert all(-0.02 < each < 0.1 for each in late)


def test_scoops_and_wide_leaps_make_no_ghosts(model):
    scooped = [SungNote(0.3 + 0.5 * i, 0.4, p, scoop_cents=300, scoop_s=0.12) for i, p in enumerate((60, 64, 67))]
    leaping = [SungNote(2.0 + 0.4 * i, 0.4, p, glide_s=0.1) for i, p in enumerate((60, 72, 55, 62))]
    sung = sing([*scooped, *leaping])
    assert len(hear(sung.samples, 44_100, model).notes) == 7


@pytest.mark.parametrize("spoil", [lambda s: add_noise(s, 10), lambda s: reverb(s, t60_s=0.6)], ids=["noise", "room"])
def test_noise_and_a_room_do_not_break_the_tune(spoil, model):
    sung = sing(scale_notes([60 + step for step in MAJOR]))
    assert score(truth_of(sung), hear(spoil(sung.samples), 44_100, model)) > 0.85


def test_a_take_30_db_down_is_the_same_tune(model):
    sung = sing(scale_notes([57, 60, 64, 62]))
    loud, soft = hear(sung.samples, 44_100, model), hear(sung.samples * np.float32(0.0316), 44_100, model)
    assert [n.velocity for n in loud.notes] == pytest.approx([n.velocity for n in soft.notes], abs=1)
    assert [n.pitch_midi for n in loud.notes] == pytest.approx([n.pitch_midi for n in soft.notes], abs=0.05)


def test_a_beat_is_heard_with_its_drums_within_a_millisecond(model):
    bar = [(0, "kick"), (0.25, "hihat_closed"), (0.5, "snare"), (0.75, "hihat_closed"), (1.0, "kick"), (1.5, "snare")]
    loud = {"kick": -9.0, "snare": -9.0, "hihat_closed": -18.0}
    kit = beatbox([BeatboxHit(0.2 + 2 * i + t, label, loud[label]) for i in range(3) for t, label in bar])
    events = hear(kit.samples, 44_100, model)
    assert events.notes == ()
    assert [hit.label for hit in events.hits] == [HitLabel(hit.label) for hit in kit.hits]
    assert [hit.onset / 44_100 for hit in events.hits] == pytest.approx([hit.onset_s for hit in kit.hits], abs=0.001)


def test_singing_then_drumming_is_both(model):
    sung = sing(scale_notes([60, 64, 67], 0.5), tail_s=3.0)
    kit = beatbox([BeatboxHit(2.5 + 0.4 * i, ("kick", "snare")[i % 2]) for i in range(5)])
    events = hear(mix(sung.samples, kit.samples), 44_100, model)
    assert score(truth_of(sung), events) == 1.0
    assert len(events.hits) == 5


def test_speech_makes_few_hits(model):
    assert len(hear(speech_like(10.0), 44_100, model).hits) <= 8


def hear_live(samples, live_model, **numbers):
    """Return what is said live of a sound at 44.1 kHz, in blocks of 512, at 20 ms of look-ahead."""
    analyser = LiveAnalyser(44_100, live_model, 20, timbre=open_model("timbre", "cpu"))
    decoder = LiveDecoder(44_100, analyser.look_ahead_samples, LiveSettings(**numbers))
    events = []
    for start in range(0, len(samples), 512):
        events += decoder.push(analyser.push(AudioBlock(start, 44_100, samples[start : start + 512])))
        assert all(event.decided <= start + 512 + 1 for event in events)  # rounded to a sample
    return [*events, *decoder.push(analyser.finish()), *decoder.finish()]


def said_notes(events):
    """Return (onset_s, first decided_s, last pitch) of each note."""
    rows = {
        event.note_id: [event.onset / 44_100, event.decided / 44_100, event.pitch_midi]
        for event in events
        if isinstance(event, NoteOn)
    }
    for event in events:
        if isinstance(event, NoteRevision):
            rows[event.note_id][2] = event.pitch_midi
    return np.array(list(rows.values())).reshape(-1, 3)


def test_the_live_path_gives_the_scale_too(live_model):
    sung = sing(scale_notes([60 + step for step in MAJOR]))
    said = said_notes(hear_live(sung.samples, live_model))
    found = [
        (np.abs(said[:, 0] - note.onset_s) < 0.06) & (np.abs(said[:, 2] - note.pitch_midi) < 0.5) for note in sung.notes
    ]
    assert np.mean([each.any() for each in found]) >= 0.8


def test_live_notes_are_said_soon(live_model):
    sung = sing(scale_notes([60 + step for step in MAJOR]))
    said = said_notes(hear_live(sung.samples, live_model, gate=False))
    waits = [np.abs(said[:, 1] - note.onset_s).min() for note in sung.notes]
    assert np.median(waits) <= 0.06


def test_speech_opens_the_gate_hardly_ever(live_model):
    speech = speech_like(20.0)
    gated, open_wide = (said_notes(hear_live(speech, live_model, gate=gate)) for gate in (True, False))
    assert len(gated) <= max(2, len(open_wide) // 5)


def real(relative, model):
    path = shared(f"data/vocal/{relative}.flac")
    samples, sample_rate_hz = soundfile.read(path, dtype="float32")
    return path, hear(samples, sample_rate_hz, model)


@pytest.mark.parametrize("clip", ["1072", "1307"])
def test_real_sight_singing_is_mostly_right(clip, model):
    path, events = real(f"ssvd2/{clip}", model)
    with path.with_suffix(".notes.csv").open(encoding="utf-8") as file:
        rows = [
            (float(r["onset_s"]), float(r["offset_s"]), float(r.get("f0_median_midi") or r["midi_pitch"]))
            for r in csv.DictReader(file)
        ]
    assert score(np.array(rows), events) > 0.7
    assert len(events.hits) <= 2


def test_real_beatboxing_is_mostly_right(model):
    path, events = real("beatboxset1/callout_luckeymonkey", model)
    with path.with_suffix(".perc.csv").open(encoding="utf-8") as file:
        truth = np.sort([float(row["onset_s"]) for row in csv.DictReader(file)])
    heard = np.array([hit.onset for hit in events.hits]) / events.sample_rate_hz
    assert mir_eval.onset.f_measure(truth, heard, window=0.025)[0] > 0.85
    assert len(events.notes) <= 2
