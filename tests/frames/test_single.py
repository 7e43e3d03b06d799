"""The single sounds of a lesson: each found once, placed, and described as a strike of the same age would be."""

import numpy as np
import pytest

from frames.timbre import KnownTimbre
from synth import BeatboxHit, beatbox
from vocalmidi.errors import FramesError
from vocalmidi.frames import SoundDescriber, single_sounds
from vocalmidi.frames.encoder import TimbreEncoder
from vocalmidi.frames.patches import patches_of
from vocalmidi.units import SampleIndex
from vocalmidi.values import AudioBlock

AGES_S = (0.008, 0.024, 0.16)


def blocks(samples, rate_hz, size=4096):
    return [AudioBlock(SampleIndex(at), rate_hz, samples[at : at + size]) for at in range(0, len(samples), size)]


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 96_000])
def test_each_sound_is_found_and_placed(rate_hz):
    hits = [BeatboxHit(0.3 + 0.7 * n, label) for n, label in enumerate(("kick", "snare", "hihat_closed", "kick"))]
    sound = beatbox(hits, rate_hz, seed=2).samples
    found = single_sounds(blocks(sound, rate_hz), SoundDescriber(KnownTimbre(), AGES_S))
    assert [each.onset / rate_hz for each in found] == pytest.approx([hit.onset_s for hit in hits], abs=0.002)


def test_a_sound_is_described_as_the_encoder_describes_it_at_each_age():
    hits = [BeatboxHit(0.3, "kick"), BeatboxHit(1.0, "hihat_closed", -30.0)]
    sound = beatbox(hits, 16_000, seed=2).samples
    encoder = TimbreEncoder(KnownTimbre())
    for each in single_sounds(blocks(sound, 16_000), SoundDescriber(KnownTimbre(), AGES_S)):
        for n, rows in enumerate((2, 6, 40)):
            said = encoder.hear(patches_of(sound, [each.onset], rows))
            assert np.allclose(each.description.embedding[n], said.embedding, atol=0.02)
            assert each.description.hit_share[n] == pytest.approx(said.hit_share, abs=0.02)


def test_what_was_kept_of_a_sound_is_described_the_same_again():
    sound = beatbox([BeatboxHit(0.05, "snare")], 48_000, seed=5).samples
    describer = SoundDescriber(KnownTimbre(), AGES_S)
    (one,) = single_sounds(blocks(sound, 48_000), describer)
    again = describer.describe(one.sound)
    assert np.array_equal(again.embedding, one.description.embedding)
    assert np.array_equal(again.hit_share, one.description.hit_share)


def test_silence_and_no_sound_at_all_hold_none():
    describer = SoundDescriber(KnownTimbre(), AGES_S)
    assert single_sounds([], describer) == []
    assert single_sounds(blocks(np.zeros(48_000, np.float32), 48_000), describer) == []
    assert single_sounds(blocks(np.zeros(3, np.float32), 48_000), describer) == []


def test_a_sound_of_another_length_is_refused():
    with pytest.raises(FramesError, match=r"of 100 samples was kept.*teach it anew"):
        SoundDescriber(KnownTimbre(), AGES_S).describe(np.zeros(100, np.int16))
