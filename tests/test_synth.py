"""The test singer is held to its truth by means of its own: autocorrelation, band energy, spectra of the sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth import (
    BeatboxHit,
    SungNote,
    Voice,
    add_noise,
    at_level,
    beatbox,
    clip,
    formants_hz,
    mix,
    reverb,
    room_noise,
    scale_notes,
    silence,
    sing,
    speech_like,
)
from vocalmidi.values import HitLabel

RATE_HZ = 44100
VOWELS = ("a", "e", "i", "o", "u")


def autocorrelation_f0_hz(samples, sample_rate_hz, near_hz):
    """Return the f0 within a semitone and a half of `near_hz`: peak of the autocorrelation, many periods away."""
    samples = samples.astype(np.float64) * np.hanning(len(samples))
    spectrum = np.fft.rfft(samples, 4 * len(samples))
    finer = 8  # points of the correlation a sample, or strong partials near Nyquist would bend its peaks
    correlation = np.fft.irfft(np.abs(spectrum) ** 2, finer * 4 * len(samples))
    periods, lag = 1, finer * sample_rate_hz / near_hz
    while True:
        around = np.arange(int(periods * lag - lag / 12), int(periods * lag + lag / 12) + 2)
        peak = around[np.argmax(correlation[around])]
        left, middle, right = correlation[peak - 1 : peak + 2]
        lag = (peak + 0.5 * (left - right) / (left - 2 * middle + right)) / periods
        if periods >= 8:
            return finer * sample_rate_hz / lag
        periods *= 2


def cents(f_hz, reference_hz):
    return 1200 * np.log2(f_hz / reference_hz)


def midi_hz(pitch):
    return 440.0 * 2 ** ((pitch - 69) / 12)


def level_db(samples):
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-12)


def span(sung, note, inner_s=0.0):
    return sung.samples[
        round((note.onset_s + inner_s) * sung.sample_rate_hz) : round((note.offset_s - inner_s) * sung.sample_rate_hz)
    ]


def band_share(samples, low_hz, high_hz, sample_rate_hz=RATE_HZ):
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequencies_hz = np.fft.rfftfreq(len(samples), 1 / sample_rate_hz)
    return power[(frequencies_hz >= low_hz) & (frequencies_hz < high_hz)].sum() / power.sum()


@pytest.mark.parametrize("sample_rate_hz", [8000, 16000, 44100, 48000, 96000])
@pytest.mark.parametrize("vowel", [*VOWELS, "hum"])
def test_every_pitch_is_within_five_cents_at_every_rate_and_vowel(sample_rate_hz, vowel):
    pitches = (40, 45, 52, 57.37, 60, 69, 76, 84)
    notes = [SungNote(0.1 + 0.5 * i, 0.4, pitch, vowel) for i, pitch in enumerate(pitches)]
    sung = sing(notes, sample_rate_hz, voice=Voice("male"))
    for note in sung.notes:
        heard_hz = autocorrelation_f0_hz(span(sung, note, 0.06), sample_rate_hz, midi_hz(note.pitch_midi))
        assert abs(cents(heard_hz, midi_hz(note.pitch_midi))) < 5


@pytest.mark.parametrize("kind", ["male", "female", "child"])
@pytest.mark.parametrize("vowel", VOWELS)
def test_first_two_formants_stand_where_the_table_says(kind, vowel):
    # An octave's slide at a low pitch lets the harmonics paint the whole envelope.
    sung = sing([SungNote(0.1, 4.0, 40, vowel, slide_semitones=12.0)], voice=Voice(kind, breath_db=-90))
    spectrum = np.abs(np.fft.rfft(sung.samples)) ** 2
    frequencies_hz = np.fft.rfftfreq(len(sung.samples), 1 / RATE_HZ)
    for formant_hz in formants_hz(kind, vowel)[:2]:
        centres = formant_hz * np.array([0.75, 1.0, 1.3])
        # Against the source's own slope of 12 dB an octave, a formant is a hump above its neighbours on both sides.
        low, middle, high = (
            spectrum[np.abs(frequencies_hz - centre) < 0.06 * centre].mean() * centre**4 for centre in centres
        )
        neighbours = [abs(f - formant_hz) / formant_hz < 0.45 for f in formants_hz(kind, vowel) if f != formant_hz]
        if not any(neighbours):
            assert middle > 2 * low
            assert middle > 2 * high


def test_vowels_of_one_voice_sound_different():
    spectra = []
    for vowel in VOWELS:
        samples = sing([SungNote(0.1, 1.0, 50, vowel)], voice=Voice("male")).samples
        power = np.abs(np.fft.rfft(samples)) ** 2
        edges = np.searchsorted(np.fft.rfftfreq(len(samples), 1 / RATE_HZ), np.geomspace(200, 4000, 14))
        spectra.append(10 * np.log10(np.add.reduceat(power, edges)[:-1]))
    for i, one in enumerate(spectra):
        for other in spectra[i + 1 :]:
            assert np.sqrt(np.mean((one - other) ** 2)) > 4


@pytest.mark.parametrize("consonant", [None, "s", "t", "k", "p", "m", "l"])
def test_onsets_and_offsets_are_where_the_sound_is(consonant):
    notes = [SungNote(0.5, 0.6, 57, "a", consonant), SungNote(1.5, 0.6, 62, "o", consonant)]
    sung = sing(notes, voice=Voice(breath_db=-70))
    for note in sung.notes:
        before = sung.samples[: round(note.sound_onset_s * RATE_HZ)]
        assert np.abs(before[-round(0.05 * RATE_HZ) :]).max() < 1e-3
        assert level_db(sung.samples[round(note.onset_s * RATE_HZ) :][: round(0.03 * RATE_HZ)]) > -36
        assert level_db(span(sung, note)[-round(0.06 * RATE_HZ) : -round(0.03 * RATE_HZ)]) > -26
        after = sung.samples[round((note.offset_s + 0.03) * RATE_HZ) :][: round(0.05 * RATE_HZ)]
        assert level_db(after) < -50


@pytest.mark.parametrize("consonant", ["s", "t", "k", "p"])
def test_an_unvoiced_consonant_is_noise_just_before_the_onset(consonant):
    sung = sing([SungNote(0.5, 0.6, 45, "a", consonant)], voice=Voice("male", breath_db=-70))
    (note,) = sung.notes
    noise = sung.samples[round(note.sound_onset_s * RATE_HZ) : round(note.onset_s * RATE_HZ)]
    assert 0.015 < note.onset_s - note.sound_onset_s < 0.12
    assert -45 < level_db(noise) < -22
    assert not sung.f0_hz[: round(note.onset_s * RATE_HZ)].any()
    assert band_share(noise, 0, 300) < 0.2


def test_each_note_has_the_level_asked_for():
    notes = [
        SungNote(0.2 + i, 0.8, pitch, vowel, level_db=level)
        for i, (pitch, vowel, level) in enumerate([(43, "a", -12), (55, "i", -40), (67, "u", -25), (79, "o", -20)])
    ]
    sung = sing(notes)
    for note in sung.notes:
        assert level_db(span(sung, note, 0.1)) == pytest.approx(note.level_db, abs=0.5)


def test_vibrato_has_the_depth_and_rate_asked_for_and_stays_on_the_pitch():
    sung = sing([SungNote(0.1, 3.0, 60, vibrato_cents=50, vibrato_hz=6.0)])
    steady = cents(sung.f0_hz[round(0.65 * RATE_HZ) : round(2.65 * RATE_HZ)], midi_hz(60))
    assert steady.max() == pytest.approx(50, abs=1)
    assert steady.min() == pytest.approx(-50, abs=1)
    assert np.sum((steady[:-1] < 0) & (steady[1:] >= 0)) == 12
    # The sound moves as the contour says: windows of a third of a period, at a crest and at a trough.
    for place in (np.argmax(steady), np.argmin(steady)):
        middle = round(0.65 * RATE_HZ) + int(place)
        half = round(0.028 * RATE_HZ)
        heard_hz = autocorrelation_f0_hz(sung.samples[middle - half : middle + half], RATE_HZ, midi_hz(60))
        assert abs(cents(heard_hz, midi_hz(60)) - steady[place]) < 10


def test_legato_glides_and_is_half_way_at_the_onset():
    sung = sing([SungNote(0.2, 0.5, 60), SungNote(0.7, 0.5, 64, glide_s=0.1)])
    assert sung.notes[0].offset_s == sung.notes[1].onset_s == pytest.approx(0.7)
    at = round(0.7 * RATE_HZ)
    assert cents(sung.f0_hz[at], midi_hz(62)) == pytest.approx(0, abs=1)
    assert cents(sung.f0_hz[at - round(0.05 * RATE_HZ) - 2], midi_hz(60)) == pytest.approx(0, abs=1)
    assert cents(sung.f0_hz[at + round(0.05 * RATE_HZ) + 2], midi_hz(64)) == pytest.approx(0, abs=1)
    hop = round(0.01 * RATE_HZ)
    levels = [level_db(sung.samples[i : i + hop]) for i in range(at - 8 * hop, at + 8 * hop, hop)]
    assert min(levels) > -25


def test_a_repeated_note_is_sung_twice():
    sung = sing([SungNote(0.2, 0.5, 60), SungNote(0.7, 0.5, 60)])
    gap = sung.samples[round(0.68 * RATE_HZ) : round(0.699 * RATE_HZ)]
    assert sung.notes[0].offset_s < sung.notes[1].onset_s == pytest.approx(0.7)
    assert level_db(gap) < -35


def test_a_scoop_begins_below_and_arrives():
    sung = sing([SungNote(0.2, 0.5, 60, scoop_cents=150, scoop_s=0.1)])
    assert cents(sung.f0_hz[round(0.2 * RATE_HZ)], midi_hz(60)) == pytest.approx(-150, abs=1)
    assert cents(sung.f0_hz[round(0.31 * RATE_HZ)], midi_hz(60)) == pytest.approx(0, abs=1)


def test_drift_wanders_as_far_as_asked():
    sung = sing([SungNote(0.1, 20.0, 60)], voice=Voice(drift_cents=10.0), seed=3)
    wander = cents(sung.f0_hz[sung.f0_hz > 0], midi_hz(60))
    assert 6 < np.std(wander) < 14


def test_nothing_folds_back_from_above_nyquist():
    """A high note at a low rate: all power lies on its harmonics."""
    samples = sing([SungNote(0.1, 2.0, 76.5, "i")], 16000, voice=Voice(breath_db=-120)).samples[4000:28000]
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    harmonic = np.fft.rfftfreq(len(samples), 1 / 16000) / midi_hz(76.5)
    between = np.abs(harmonic - np.round(harmonic)) > 0.02
    assert 10 * np.log10(power[between].sum() / power.sum()) < -55


def test_no_room_for_a_note_is_refused():
    with pytest.raises(ValueError, match="no room"):
        sing([SungNote(0.2, 0.5, 60), SungNote(0.25, 0.5, 62)])
    with pytest.raises(ValueError, match="no room"):
        sing([SungNote(0.0, 0.5, 60, consonant="s")])


@given(
    st.lists(
        st.tuples(st.floats(36, 84), st.floats(0.2, 0.6), st.floats(0, 0.3), st.sampled_from([None, *"stkpml"])),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=15, deadline=None)
def test_truth_agrees_with_itself_for_any_line(line):
    notes, now_s = [], 0.2
    for pitch, duration_s, gap_s, consonant in line:
        notes.append(SungNote(now_s, duration_s, pitch, "a", consonant))
        now_s += duration_s + gap_s
    sung = sing(notes, 16000)
    assert len(sung.f0_hz) == len(sung.samples)
    assert np.isfinite(sung.samples).all()
    assert np.abs(sung.samples).max() < 1.0
    voiced = np.zeros(len(sung.samples), bool)
    for asked, note in zip(notes, sung.notes, strict=True):
        assert abs(note.onset_s - asked.onset_s) <= 0.5 / 16000
        voiced[round(note.onset_s * 16000) : round(note.offset_s * 16000)] = True
    assert np.array_equal(sung.f0_hz > 0, voiced)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    notes = [SungNote(0.2, 0.4, 60, "a", "s")]
    assert sing(notes, seed=1).samples.tobytes() == sing(notes, seed=1).samples.tobytes()
    assert sing(notes, seed=1).samples.tobytes() != sing(notes, seed=2).samples.tobytes()
    hits = [BeatboxHit(0.1, "snare")]
    assert beatbox(hits, seed=1).samples.tobytes() != beatbox(hits, seed=2).samples.tobytes()


def test_hits_begin_at_the_exact_sample_and_at_once():
    hits = [BeatboxHit(0.2 + 0.5 * i, label) for i, label in enumerate(HitLabel) if label != HitLabel.OTHER]
    made = beatbox(hits)
    for hit in made.hits:
        first = round(hit.onset_s * RATE_HZ)
        assert not made.samples[first - 200 : first].any()
        assert np.abs(made.samples[first : first + 90]).max() > 0.3 * 10 ** (-9 / 20)
        assert np.abs(made.samples[first : first + 4000]).max() == pytest.approx(10 ** (hit.level_db / 20), rel=0.01)


def test_hit_classes_differ_as_beatboxers_make_them():
    one = {label: beatbox([BeatboxHit(0.0, label)], tail_s=0.2).samples for label in HitLabel if label != "other"}
    assert band_share(one["kick"], 0, 200) > 0.7
    assert band_share(one["snare"], 800, 4000) > 0.5
    assert 0.05 < band_share(one["snare"], 150, 400) < 0.4
    assert band_share(one["hihat_closed"], 4000, 10000) > 0.7
    assert band_share(one["hihat_open"], 4000, 10000) > 0.8
    ring_s = {label: np.flatnonzero(np.abs(sound) > 0.05 * np.abs(sound).max())[-1] for label, sound in one.items()}
    assert ring_s["hihat_open"] > 4 * ring_s["hihat_closed"]


def test_the_beatboxer_refuses_what_it_can_not_make():
    with pytest.raises(ValueError, match="can't make"):
        beatbox([BeatboxHit(0.1, HitLabel.OTHER)])


def test_noise_is_as_loud_as_the_ratio_says():
    sung = sing(scale_notes([60, 64, 67])).samples
    noisy = add_noise(sung, 12.0)
    assert level_db(sung) - level_db(noisy - sung) == pytest.approx(12.0, abs=0.1)
    assert level_db(room_noise(2.0, level_db=-50.0)) == pytest.approx(-50.0, abs=0.1)
    assert level_db(at_level(sung, -33.0)) == pytest.approx(-33.0, abs=0.1)


def test_reverb_decays_sixty_decibels_in_its_time():
    click = np.zeros(RATE_HZ, np.float32)
    click[100] = 1.0
    tail = reverb(click, t60_s=0.5, wet_db=0.0)[101:]
    early, late = tail[round(0.05 * RATE_HZ) :][:2000], tail[round(0.30 * RATE_HZ) :][:2000]
    assert level_db(early) - level_db(late) == pytest.approx(30, abs=2)
    assert not reverb(click)[:100].any() or np.abs(reverb(click)[:100]).max() < 1e-6


def test_clipping_mixing_and_silence_do_what_they_say():
    tone = np.sin(np.arange(4410) * 0.05).astype(np.float32) * 0.1
    cut = clip(tone, 6.0)
    assert np.mean(np.abs(cut) == 1.0) == pytest.approx(2 / 3, abs=0.02)  # |sin| > 1/2 two thirds of the time
    assert not silence(0.5).any()
    assert len(silence(0.5, 16000)) == 8000
    assert np.allclose(mix(tone, tone[:100])[:200], np.concatenate([2 * tone[:100], tone[100:200]]))


def test_speech_slides_and_pauses():
    babble = speech_like(4.0, seed=5)
    assert len(babble) == 4 * RATE_HZ
    hop = round(0.02 * RATE_HZ)
    levels = np.array([level_db(babble[i : i + hop]) for i in range(0, len(babble) - hop, hop)])
    assert 0.2 < np.mean(levels > -35) < 0.9
