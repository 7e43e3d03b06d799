"""The sung note that sounds: its key, its wheel and level, and the chord with it.

In: what the live decoder says of notes, the voice in each frame, the song's harmony. Out: messages, appended. One note
sounds at a time. Where it bends, a correction of its pitch turns the wheel as far as that reaches; else, and beyond,
the other key is struck.
"""

from dataclasses import dataclass, replace

from vocalmidi.live.channels import Channels
from vocalmidi.live.chords import chord_on, chord_under
from vocalmidi.live.keys import Keys
from vocalmidi.live.playing import ChordAt, Playing, VoiceAt
from vocalmidi.live.tuning import folded, nearest_tone, snapped, wheel_position
from vocalmidi.values import NoteOff, NoteOn, NoteRevision

MELODY, CHORD = 0, 1
"""Holders of keys; the drums have numbers of their own."""
LEAP_SEMITONES = 2.0
"""From one frame to the next: faster than that no voice moves in 10 ms, it is a mistaken octave or a fifth."""


@dataclass(slots=True)
class _Sounding:
    """The note: what was said of it last, its channel, the sung tone that its key stands for, the pitch followed last.

    home: the tone that it is bent to.
    """

    on: NoteOn
    channel: int
    tone: int
    key: int
    voice: float
    home: int


class Singing:
    """The sung note of one player."""

    def __init__(self, playing: Playing, keys: Keys, channels: Channels) -> None:
        self.playing = playing
        self._keys, self._channels = keys, channels
        self._note: _Sounding | None = None
        self._chord: tuple[int, ...] = ()
        self._harmony: ChordAt | None = None

    @property
    def channel(self) -> int | None:
        """The channel of the note that sounds."""
        return None if self._note is None else self._note.channel

    def begin(self, on: NoteOn, out: list[bytes]) -> None:
        """Sound a note; the one before ends."""
        self._end(out)
        tone = nearest_tone(on.pitch_midi, self.playing.tones)
        key = folded(tone + self.playing.shift)
        channel = self._channels.take(self.playing.melody)
        self._note = note = _Sounding(on, channel, tone, key, on.pitch_midi, tone)
        self._turn_to_said(note, out)
        self._keys.press(MELODY, channel, key, on.velocity, out)
        self._sound_chord(out)

    def end(self, off: NoteOff, out: list[bytes]) -> None:
        """End the note where it is the one that sounds."""
        if self._note is not None and self._note.on.note_id == off.note_id:
            self._end(out)

    def revise(self, revision: NoteRevision, out: list[bytes]) -> None:
        """Play the pitch that is known now."""
        note, playing = self._note, self.playing
        if note is None or note.on.note_id != revision.note_id:
            return
        tone = nearest_tone(revision.pitch_midi, playing.tones)
        reach = 0 if playing.bend == "off" else playing.note_bend_range
        if abs(tone - note.tone) > reach:
            self.begin(replace(note.on, pitch_midi=revision.pitch_midi, decided=revision.decided), out)
        elif tone != note.home:
            note.voice, note.home = revision.pitch_midi, tone
            self._turn_to_said(note, out)
            self._sound_chord(out)

    def follow(self, voice: VoiceAt, out: list[bytes]) -> None:
        """Let level and wheel go with the voice."""
        note = self._note
        if note is None:
            return
        self._level(note, voice.level_db, out)
        if self.playing.bend == "off" or not voice.pitches_midi:
            return
        pitch = min(voice.pitches_midi, key=lambda each: abs(each - note.voice))
        if abs(pitch - note.voice) > LEAP_SEMITONES:
            return
        note.voice = pitch
        if self.playing.bend == "true":
            self._turn(note, pitch, out)
            return
        drawn = snapped(pitch, note.home, self.playing.tones)
        moved, note.home = drawn.home != note.home, drawn.home
        self._turn(note, drawn.pitch_midi, out)
        if moved:
            self._sound_chord(out)

    def harmonise(self, chord: ChordAt, out: list[bytes]) -> None:
        """Go by another chord of the song from now on."""
        self._harmony = chord
        self._sound_chord(out)

    def forget(self, channels: Channels) -> None:
        """Hold nothing any more and use these channels; whoever asks lifts the keys."""
        if self._note is not None:
            self._channels.give_back(self._note.channel)
        self._note, self._chord, self._channels = None, (), channels

    def _end(self, out: list[bytes]) -> None:
        note, self._note = self._note, None
        if note is None:
            return
        self._keys.release(MELODY, out)
        if self.playing.level == "pressure":
            self._channels.press(note.channel, 0, out)
        self._channels.give_back(note.channel)
        self._sound_chord(out)

    def _level(self, note: _Sounding, level_db: float, out: list[bytes]) -> None:
        playing = self.playing
        if playing.level == "off":
            return
        share = (level_db - playing.low_db) / (playing.high_db - playing.low_db)
        value = round(127 * min(max(share, 0.0), 1.0))
        if playing.level == "pressure":
            self._channels.press(note.channel, value, out)
        else:
            self._channels.express(value, out)

    def _turn_to_said(self, note: _Sounding, out: list[bytes]) -> None:
        self._turn(note, note.voice if self.playing.bend == "true" else float(note.home), out)

    def _turn(self, note: _Sounding, sung_midi: float, out: list[bytes]) -> None:
        if self.playing.bend != "off":
            position = wheel_position(sung_midi - note.tone, self.playing.note_bend_range)
            self._channels.bend(note.channel, position, out)

    def _sound_chord(self, out: list[bytes]) -> None:
        """Put the chord to the note that sounds, unless it is there already."""
        keys = self._chord_keys()
        if keys == self._chord:
            return
        self._keys.release(CHORD, out)
        self._chord = keys
        for key in keys:
            channel = self._channels.take(self.playing.chords_on)
            self._channels.rest(channel, out)
            self._keys.press(CHORD, channel, key, self._note.on.velocity if self._note else 1, out)
            self._channels.give_back(channel)

    def _chord_keys(self) -> tuple[int, ...]:
        note, playing = self._note, self.playing
        if note is None or playing.chords == "off":
            return ()
        sung = folded(note.home + note.key - note.tone)
        if playing.chords == "key" and playing.key is not None:
            return chord_on(sung, playing.key, playing.voicing)
        return () if self._harmony is None else chord_under(sung, self._harmony, playing.voicing)
