"""The numbers of the decoders, each with its reason; frozen, and given, never read from elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """Numbers of the considered note decoder.

    The segmentation; its unit of cost is one frame (8 ms) a semitone off the note's pitch:
    hold_s: a new pitch a semitone away becomes a note when it is held longer than this.
    onset_bonus: how much of that a certain onset saves.
    least_begin_cost: what beginning a note costs at least, so that an onset alone does not cut a steady tone.
    most_off_semitones: beyond this a wrong pitch costs no more, so an octave error can't break a note.
    dip_reach_s, dip_slack_db, dip_cost: a frame this many dB below louder ones within reach on both sides costs so much
        for every further dB. An `m` or `l` is 8 dB below its vowels for 70 ms, which parts two notes of one pitch; on
        SSVD costs between 1.5 and 2 are best.
    least_s: the shortest note, 60 ms: a sixteenth at 250 QN a minute.

    The note's own pitch, level and span:
    level_percentile: its level is what it exceeds a fifth of the time.
    curve_voicing, curve_reach_semitones: frames less voiced or further off are bridged in the bend curve.
    scoop_share, fall_share: parts of its beginning and end that don't count for its pitch.
    arrive_s: a note may be heard this much later than its first pitched frame, when a voiced consonant leads,
    arrive_db, arrive_semitones: namely when level and pitch have come within this of the note's own.
    release_db: and it ends when the level has fallen this far.
    """

    hold_s: float = 0.11
    onset_bonus: float = 10.0
    least_begin_cost: float = 1.0
    most_off_semitones: float = 2.0
    dip_reach_s: float = 0.064
    dip_slack_db: float = 3.0
    dip_cost: float = 1.75
    least_s: float = 0.06
    level_percentile: float = 80.0
    curve_voicing: float = 0.3
    curve_reach_semitones: float = 3.0
    scoop_share: float = 0.2
    fall_share: float = 0.1
    arrive_s: float = 0.048
    arrive_db: float = 5.0
    arrive_semitones: float = 1.0
    release_db: float = 15.0


@dataclass(frozen=True, slots=True)
class MendingSettings:
    """Numbers for telling an error of the tracker from what was sung.

    slip_frames: there and back within this (0.4 s) is no melody when nothing is struck anew.
    edge_frames: an octave off at a note's beginning or end for less than this (120 ms) is its attack or release.
    near_frames: frames (32 ms) within which an attack or a slide belongs to a boundary, and a gap is none.
    attack: probability from which an onset is one.
    lost_frames: a pitch lost no longer than this (160 ms) may have been there all the while,
    lost_voicing, lost_dip_db: when it was voiced less than this and the level fell no further; consonants fall further.
    """

    slip_frames: int = 50
    edge_frames: int = 15
    near_frames: int = 4
    attack: float = 0.5
    lost_frames: int = 20
    lost_voicing: float = 0.5
    lost_dip_db: float = 2.0


@dataclass(frozen=True, slots=True)
class HitSettings:
    """Numbers of the hit decoder.

    least_probability: a hit is reported when it is likelier than not.
    apart_s: two hits can't be nearer than this.
    """

    least_probability: float = 0.5
    apart_s: float = 0.03


@dataclass(frozen=True, slots=True)
class WeighingSettings:
    """Numbers by which the notes and hits of one take are weighed against each other.

    ring_s: a pitch shorter than this may be the ring of a drum; of SSVD's sung notes 1.3 % are shorter.
    before_s, after_s: a vowel follows its consonant by no more (a long `s` or `sh` takes 0.2 s).
    stands_out_db: but a drum is this much louder than the vowel that happens to follow.
    below_voice_db: in a sung take, softer than this re the notes is a breath or a click of the tongue.
    drummed_share: a take is drummed when it has at least this many firm hits for each note.
    together_s: a note and a hit begin together within this.
    note_range_db, hit_range_db: the dynamic range of a take; softer is the room. A soft hat is 35 dB below a kick.
    """

    ring_s: float = 0.13
    before_s: float = 0.2
    after_s: float = 0.04
    stands_out_db: float = 6.0
    below_voice_db: float = 15.0
    drummed_share: float = 0.1
    together_s: float = 0.04
    note_range_db: float = 30.0
    hit_range_db: float = 40.0


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Numbers of the live decoder, which can't take anything back.

    on_voicing, off_voicing: a note needs more to begin than to go on (hysteresis).
    on_frames: so many frames (48 ms) in a row must be pitched before a note-on; with 24 ms COnP on SSVD falls from .60
        to .41, for the pitch is still on its way.
    off_frames: so many without pitch (32 ms) end a note; a tongue's `l` or `r` is shorter.
    settled_semitones: a pitch that moves more than this within `on_frames`, or `away_frames`, is still on its way.
    away_semitones, away_frames: a new pitch is a new note when it stays this far off, and settled, for so long: 80 ms;
        at 72 ms a vibrato of ±100 cents at 4 Hz makes ten notes of one.
    leap_semitones, leap_frames: a leap, wider than any vibrato from its one edge to the other, needs half that.
    again_frames: a note is not struck again sooner than this (64 ms).
    again_dip_db: and only after the level dipped so far.
    onset: probability from which an onset counts.
    """

    on_voicing: float = 0.6
    off_voicing: float = 0.3
    on_frames: int = 6
    off_frames: int = 4
    settled_semitones: float = 0.5
    away_semitones: float = 0.7
    away_frames: int = 10
    leap_semitones: float = 2.5
    leap_frames: int = 5
    again_frames: int = 8
    again_dip_db: float = 4.0
    onset: float = 0.5
    hit: HitSettings = HitSettings()


@dataclass(frozen=True, slots=True)
class TranscriptionSettings:
    """All numbers of the considered reading."""

    note: NoteSettings = NoteSettings()
    mending: MendingSettings = MendingSettings()
    hit: HitSettings = HitSettings()
    weighing: WeighingSettings = WeighingSettings()
