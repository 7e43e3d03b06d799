"""The player, by the ear of a synthesiser that knows only the specification."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.listener import Listener
from vocalmidi.live import ALL_TONES, ChordAt, Player, Playing, VoiceAt
from vocalmidi.values import (
    HitEvent,
    HitLabel,
    HitRevision,
    Key,
    LiveControl,
    LiveHit,
    NoteOff,
    NoteOn,
    NoteRevision,
    Trigger,
)

RATE = 48_000
C_MAJOR, A_MINOR = Key(0, "major", 1.0), Key(9, "minor", 1.0)
WHITE = frozenset({0, 2, 4, 5, 7, 9, 11})


def on(pitch, note_id=1, at=4800, velocity=90):
    return NoteOn(note_id, at, pitch, velocity, 0.9, at)


def off(note_id=1, at=48_000):
    return NoteOff(note_id, at, at)


def revision(pitch, note_id=1, at=9600):
    return NoteRevision(note_id, pitch, 0.9, at)


def hit(label=HitLabel.KICK, hit_id=1, at=4800, trigger=None, velocity=100):
    return LiveHit(hit_id, HitEvent(at, label, velocity, 0.9, trigger), at)


def voice(*pitches, at=9600, level_db=-20.0):
    return VoiceAt(pitches, level_db, at)


class Band:
    """A player and who listens to it."""

    def __init__(self, **playing):
        self.playing = Playing(**playing)
        self.player, self.ear = Player(self.playing, RATE), Listener()
        self.ear.hear(self.player.begin())

    def play(self, *said):
        for each in said:
            self.ear.hear(self.player.play(each))
        return self

    def change(self, **changes):
        self.playing = replace(self.playing, **changes)
        self.ear.hear(self.player.change(self.playing))
        return self

    @property
    def sounding(self):
        return {(channel, round(self.ear.pitch_of(channel, key), 2)) for channel, key in self.ear.down}


def test_a_note_sounds_from_its_note_on_to_its_note_off():
    band = Band().play(on(60.3))
    assert band.ear.down == {(0, 60): 90}
    assert band.play(off()).ear.down == {}


def test_without_bend_another_pitch_is_another_key():
    band = Band(bend="off").play(on(60.0), revision(60.4))
    assert [key for _, key, _ in band.ear.notes] == [60]
    assert [key for _, key, _ in band.play(revision(62.0)).ear.notes] == [60, 62]
    assert set(band.ear.down) == {(0, 62)}
    assert band.ear.wheels == {}


def test_a_glide_snaps_from_note_to_note():
    band = Band(bend="snap").play(on(60.0))
    heard = []
    for step in range(41):
        band.play(voice(60.0 + step / 20, at=9600 + 480 * step))
        heard += [band.ear.pitch_of(0, 60)]
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(62.0, abs=0.011)
    at_rest = sum(min(abs(pitch - key) for key in (60, 61, 62)) < 0.011 for pitch in heard)
    assert at_rest >= 24  # of 41 frames of an even glide: most of the time it is on a note
    assert len({round(pitch, 2) for pitch in heard}) > 6  # and in between it is a glide, not a jump


def test_vibrato_of_half_a_semitone_does_not_move_the_snapped_wheel():
    band = Band(bend="snap").play(on(60.0), *(voice(60.0 + 0.5 * (-1) ** n, at=9600 + 480 * n) for n in range(40)))
    assert band.ear.wheels.get(0, 8192) == 8192


@pytest.mark.parametrize("bend_range", [2, 12, 48])
def test_true_bend_follows_the_voice_within_two_cents(bend_range):
    band = Band(bend="true", bend_range=bend_range).play(on(60.37))
    assert band.ear.ranges == {0: bend_range}
    assert band.ear.notes[0][2] == pytest.approx(60.37, abs=0.02)
    for step in range(60):
        pitch = 60.37 + 1.2 * step / 60
        band.play(voice(pitch, at=9600 + 480 * step))
        assert band.ear.pitch_of(0, 60) == pytest.approx(pitch, abs=0.02)


def test_the_wheel_does_not_leap_an_octave_where_the_pitch_is_mistaken():
    band = Band(bend="true", bend_range=24).play(on(60.0), voice(72.0, at=9600), voice(72.1, 60.1, at=10_080))
    assert band.sounding == {(0, 60.1)}


def test_a_correction_beyond_the_wheel_strikes_the_other_key():
    band = Band(bend="snap", bend_range=2).play(on(60.0), revision(61.9))
    assert band.sounding == {(0, 62.0)}
    assert list(band.ear.down) == [(0, 60)]
    assert list(band.play(revision(67.0)).ear.down) == [(0, 67)]


def test_a_new_note_starts_with_the_wheel_where_it_belongs():
    band = Band(bend="snap").play(on(60.0), revision(62.0), off(), on(65.0, note_id=2, at=50_000))
    assert band.ear.notes[-1] == (0, 65, 65.0)


def test_octave_and_transpose_shift_what_is_sung():
    assert Band(octave=-1, transpose=2).play(on(60.0)).sounding == {(0, 50.0)}


def test_a_scale_mask_draws_notes_to_its_tones():
    band = Band(tones=frozenset({0, 4, 7}), bend="off")
    assert band.play(on(61.9)).sounding == {(0, 60.0)}
    assert band.play(on(62.1, note_id=2)).sounding == {(0, 64.0)}


def test_keys_beyond_midi_are_folded_by_octaves():
    assert Band(octave=3).play(on(120.0)).sounding == {(0, 120.0)}
    assert Band(octave=-3).play(on(20.0)).sounding == {(0, 8.0)}


def test_chords_of_the_key_stand_on_the_sung_note():
    band = Band(chords="key", key=C_MAJOR, tones=WHITE)
    for sung, chord in ((60.0, (60, 64, 67)), (62.0, (62, 65, 69)), (71.0, (71, 74, 77))):
        band.play(on(sung, note_id=int(sung)))
        assert sorted(key for channel, key in band.ear.down if channel == 1) == list(chord)


@pytest.mark.parametrize(
    ("voicing", "chord"),
    [
        ("open", (57, 64, 72)),
        ("power", (57, 64, 69)),
        ("octaves", (45, 57)),
        ("seventh", (57, 60, 64, 67)),
    ],
)
def test_voicings_lay_the_same_chord_out(voicing, chord):
    band = Band(chords="key", key=A_MINOR, voicing=voicing).play(on(57.0))
    assert sorted(key for channel, key in band.ear.down if channel == 1) == list(chord)


def test_the_songs_chord_lies_under_the_sung_note_and_changes_under_it():
    band = Band(chords="song").play(on(72.0))
    assert len(band.ear.down) == 1  # nobody has said a chord yet
    band.play(ChordAt(9, "min", C_MAJOR, 9600))
    keys = sorted(key for channel, key in band.ear.down if channel == 1)
    assert {key % 12 for key in keys} == {9, 0, 4}
    assert max(keys) <= 72
    band.play(ChordAt(5, "maj", C_MAJOR, 19_200))
    assert {key % 12 for channel, key in band.ear.down if channel == 1} == {5, 9, 0}
    assert band.play(off()).ear.down == {}


def test_the_seventh_of_the_dominant_is_minor():
    band = Band(chords="song", voicing="seventh").play(ChordAt(7, "maj", C_MAJOR, 0), on(79.0))
    assert {key % 12 for channel, key in band.ear.down if channel == 1} == {7, 11, 2, 5}


def test_hits_play_the_general_midi_kit_and_ones_own_sounds_their_key():
    band = Band().play(hit(), hit(HitLabel.HIHAT_OPEN, 2), hit(HitLabel.OTHER, 3, trigger=Trigger("pff", 60)))
    assert set(band.ear.down) == {(9, 36), (9, 46), (9, 60)}


def test_a_hit_ends_by_itself_when_time_has_passed():
    band = Band().play(hit(at=4800), voice(at=4800 + 4000))
    assert (9, 36) in band.ear.down
    assert band.play(voice(at=4800 + 6000)).ear.down == {}


def test_a_hit_that_turns_out_to_be_another_drum_plays_that_one():
    band = Band().play(hit(), HitRevision(1, HitEvent(4800, HitLabel.SNARE, 80, 0.9), 5200))
    assert band.ear.down == {(9, 38): 80}
    louder = HitRevision(1, HitEvent(4800, HitLabel.SNARE, 110, 0.9), 5300)
    assert len(band.play(louder).ear.notes) == 2


def test_level_moves_aftertouch_or_expression_while_a_note_sounds():
    band = Band(level="pressure").play(voice(60.0, level_db=-10.0), on(60.0), voice(60.0, level_db=-30.0))
    assert band.ear.pressures == {0: 64}
    assert band.play(off()).ear.pressures == {0: 0}
    band = Band(level="expression").play(on(60.0), voice(60.0, level_db=-50.0))
    assert band.ear.controls[0, 11] == 0
    assert band.ear.hear(band.player.stop()).controls[0, 11] == 127


def test_vowels_move_their_controllers():
    band = Band(melody=4).play(LiveControl("vowel_brightness", 74, 99, 4800))
    assert band.ear.controls[4, 74] == 99


def test_mpe_gives_every_note_a_channel_of_its_own():
    band = Band(mpe=True, bend="true", chords="key", key=C_MAJOR, voicing="seventh").play(on(60.2))
    assert band.ear.zones == {0: 8}
    assert {band.ear.ranges[channel] for channel in range(1, 9)} == {48}
    channels = [channel for channel, _ in band.ear.down]
    assert len(set(channels)) == len(channels) == 5
    assert set(channels) <= set(range(1, 9))
    sung = band.ear.notes[0][0]
    band.play(voice(61.0), LiveControl("vowel_brightness", 74, 99, 9700), LiveControl("envelope", 1, 9, 9700))
    assert band.ear.pitch_of(sung, 60) == pytest.approx(61.0, abs=0.02)
    assert [band.ear.wheels.get(each, 8192) for each in channels if each != sung] == [8192] * 4
    assert band.ear.controls[sung, 74] == 99
    assert band.ear.controls[0, 1] == 9
    band.play(off(), on(67.0, note_id=2))
    assert band.ear.notes[5][0] != sung  # the tail of the last note is not bent


def test_stop_lifts_everything_and_says_so_on_every_channel():
    band = Band(chords="key", key=C_MAJOR, bend="true").play(on(60.4), hit())
    band.ear.hear(band.player.stop())
    assert band.ear.down == {}
    assert {channel for channel, number in band.ear.controls if number == 123} == {0, 1, 9}
    assert set(band.ear.wheels.values()) == {8192}
    assert band.play(on(62.0, note_id=3)).ear.down == {}


@pytest.mark.parametrize(
    "change", [{"melody": 3}, {"mpe": True}, {"bend": "off"}, {"chords": "off"}, {"drums": 11}, {"level": "pressure"}]
)
def test_a_change_of_channel_or_mode_ends_what_sounds(change):
    band = Band(chords="key", key=C_MAJOR).play(on(60.0), hit()).change(**change)
    assert band.ear.down == {}
    assert band.play(revision(64.0), off()).ear.down == {}
    assert len(band.play(on(60.0, note_id=2)).ear.down) >= 1


@pytest.mark.parametrize("change", [{"octave": 1}, {"transpose": 5}, {"tones": frozenset({3})}, {"voicing": "open"}])
def test_a_change_of_pitches_leaves_what_sounds_and_lets_it_end(change):
    band = Band(chords="key", key=C_MAJOR).play(on(60.0)).change(**change)
    assert (0, 60) in band.ear.down
    assert band.play(off()).ear.down == {}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"melody": 16}, "must be 0–15"),
        ({"mpe": True, "drums": 5}, "above the zone's"),
        ({"bend_range": 0}, "1–96"),
        ({"tones": frozenset()}, "some of 0–11"),
        ({"chords": "key"}, "need a key"),
        ({"low_db": 0.0}, "must be below"),
    ],
)
def test_what_cannot_be_played_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Playing(**wrong)


PITCH = st.floats(0.0, 127.0)
AT = st.integers(0, 20_000)
IDS = st.integers(1, 4)
VELOCITY = st.integers(1, 127)
TRIGGERS = st.none() | st.builds(Trigger, st.just("x"), st.integers(0, 127))
HITS = st.builds(HitEvent, AT, st.sampled_from(HitLabel), VELOCITY, st.just(0.5), TRIGGERS)
SAID = st.one_of(
    st.builds(NoteOn, IDS, AT, PITCH, VELOCITY, st.just(0.5), AT),
    st.builds(NoteRevision, IDS, PITCH, st.just(0.5), AT),
    st.builds(NoteOff, IDS, AT, AT),
    st.builds(LiveHit, IDS, HITS, AT),
    st.builds(HitRevision, IDS, HITS, AT),
    st.builds(LiveControl, st.just("vowel_a"), st.integers(0, 95), st.integers(0, 127), AT),
    st.builds(VoiceAt, st.lists(PITCH, max_size=3).map(tuple), st.floats(-120.0, 12.0), AT),
    st.builds(ChordAt, st.integers(0, 11), st.sampled_from(["maj", "min"]), st.just(C_MAJOR), AT),
)
PLAYING = st.builds(
    Playing,
    melody=st.sampled_from([0, 1, 9]),
    chords_on=st.sampled_from([0, 1, 9]),
    drums=st.sampled_from([9, 15]),
    mpe=st.booleans(),
    bend=st.sampled_from(["off", "snap", "true"]),
    bend_range=st.sampled_from([1, 2, 12, 96]),
    level=st.sampled_from(["off", "pressure", "expression"]),
    octave=st.integers(-2, 2),
    transpose=st.integers(-12, 12),
    tones=st.frozensets(st.integers(0, 11), min_size=1) | st.just(ALL_TONES),
    chords=st.sampled_from(["off", "key", "song"]),
    voicing=st.sampled_from(["close", "open", "power", "octaves", "seventh"]),
    key=st.sampled_from([C_MAJOR, A_MINOR]),
)


@settings(max_examples=400, deadline=None)
@given(PLAYING, st.lists(SAID | PLAYING | st.sampled_from(["stop", "begin", "panic"]), max_size=60))
def test_whatever_is_said_and_changed_no_key_is_doubled_stray_or_left_down(playing, said):
    player, ear = Player(playing, RATE), Listener()
    ear.hear(player.begin())
    for each in said:
        if isinstance(each, str):
            messages = getattr(player, each)()
        else:
            messages = player.change(each) if isinstance(each, Playing) else player.play(each)
        ear.hear(messages)
        assert set(ear.down) == player.down
        if each in ("stop", "panic"):
            assert ear.down == {}
    assert ear.hear(player.stop()).down == {}
    assert all(position == 8192 for position in ear.wheels.values())
