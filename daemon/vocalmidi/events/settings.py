"""The numbers of the decoders, each with its reason; frozen, and given, never read from elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """Numbers of the considered note decoder.

    hold_s: a new pitch a semitone away becomes a note when it is held longer than this.
    onset_bonus: how much of that an onset saves; the cost of so many frames a semitone off.
    most_off_semitones: beyond this a wrong pitch costs no more, so an octave error can't break a note.
    dip_reach_s, dip_slack_db: a frame this much below louder ones within reach on both sides begins to cost.
    least_s: the shortest note, 60 ms: a sixteenth at 250 QN a minute.
    range_db: notes this far below the loud ones are not the singer.
    """

    hold_s: float = 0.11
    onset_bonus: float = 6.0
    most_off_semitones: float = 2.0
    dip_reach_s: float = 0.064
    dip_slack_db: float = 3.0
    least_s: float = 0.06
    range_db: float = 35.0
    level_percentile: float = 80.0
    curve_voicing: float = 0.3
    curve_reach_semitones: float = 3.0
    scoop_share: float = 0.2
    fall_share: float = 0.1
    steady_semitones: float = 0.05


@dataclass(frozen=True, slots=True)
class HitSettings:
    """Numbers of the hit decoder.

    least_probability: a hit is reported when it is likelier than not.
    apart_s: two hits can't be nearer than this.
    """

    least_probability: float = 0.5
    apart_s: float = 0.03


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Numbers of the live decoder, which can't take anything back.

    on_voicing, off_voicing: a note needs more to begin than to go on (hysteresis).
    on_frames: so many frames (24 ms) in a row must be pitched before a note-on: a period and a half at 60 Hz.
    off_frames: so many without pitch (32 ms) end a note; a tongue's `l` or `r` is shorter.
    settled_semitones: a pitch that moves more than this within `on_frames` is still on its way.
    away_semitones, away_frames: a new pitch is a new note when it stays this far off for so long: 80 ms, for a vibrato
        of ±100 cents at 4 Hz is beyond 70 cents for 63 ms at a time.
    leap_semitones, leap_frames: a leap, which no vibrato makes, needs half that.
    again_frames: a note is not struck again sooner than this (64 ms).
    again_dip_db: and only after the level dipped so far.
    onset: probability from which an onset counts.
    """

    on_voicing: float = 0.5
    off_voicing: float = 0.3
    on_frames: int = 3
    off_frames: int = 4
    settled_semitones: float = 0.5
    away_semitones: float = 0.7
    away_frames: int = 10
    leap_semitones: float = 1.5
    leap_frames: int = 5
    again_frames: int = 8
    again_dip_db: float = 4.0
    onset: float = 0.5
    hit: HitSettings = HitSettings()
