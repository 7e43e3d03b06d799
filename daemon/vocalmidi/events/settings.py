"""The numbers of the decoders, each with its reason; frozen, and given, never read from elsewhere."""

from dataclasses import dataclass, field
from typing import Literal

from vocalmidi.events.hit_settings import HitSettings, LiveHitSettings


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """Weights of the note search, in both its forms; a score is in nats.

    Found by a random walk on the training part of SSVD and the validation side of the synthetic set (`python -m
    training.voice.evaluate --tune`); the development part of SSVD and the independent set had no say.

    syllable_share: 0 reads notes as the sound begins, 1 as people label them, between mixes the log odds of both.
    begin, end: weight of the onset's log odds where a note begins, of the offset's where it ends.
    inside: weight of each frame's log odds of a note going on.
    skipped: weight of an onset passed over within a note.
    one_pitch: weight of what a single pitch loses against a free one, per frame.
    bonus: worth of a note as such; below zero, notes have to pay for themselves.
    shortest_s: no note is sung shorter; a sixteenth at 250 QN a minute.
    lowest_top: an onset or offset less likely is no candidate.
    """

    syllable_share: float = 1.0
    begin: float = 2.826
    end: float = 0.618
    inside: float = 0.227
    skipped: float = 0.643
    one_pitch: float = 0.123
    bonus: float = -3.938
    shortest_s: float = 0.06
    lowest_top: float = 0.03


@dataclass(frozen=True, slots=True)
class RangeSettings:
    """Numbers by which octave errors are told from leaps: the range of one singer in one take.

    reach_semitones: this far from the middle of what is sung a pitch costs nothing: an octave either way, for a tune of
        an octave and a half has its middle 9 from its ends.
    cost: nats for every semitone beyond.
    most_cost: at most; a leap sung for a fifth of a second says more.
    least_notes: fewer give no range.
    """

    reach_semitones: float = 12.0
    cost: float = 0.7
    most_cost: float = 6.0
    least_notes: int = 4


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """Numbers by which tones of the room (hum, fans) are told from notes.

    loudest_db: louder is no room at the gain that suits a voice: rooms are near -55 dBFS, give or take 6.
    least_rise_db: a note is louder than the room before it by so much. Of the notes in the synthetic validation set,
        whose noise is as loud as the voice at worst, half a percent is below, none in the training part of SSVD.
    around_s: the floor is looked for so far around a considered note.
    still_s, still_cents, still_db: what keeps its pitch and level so well for so long is no voice: no second of the
        training part of SSVD does, three in four of a hum do.
    tone_cents: a soft note so near such a tone is that tone.
    click_db: live, a note in a room with a tone is louder than the tone by so much, for keys click over it,
    lasting_db: or, at another pitch, by so much for a tenth of a second.
    """

    loudest_db: float = -45.0
    least_rise_db: float = 2.5
    around_s: float = 3.0
    still_s: float = 1.0
    still_cents: float = 10.0
    still_db: float = 0.7
    tone_cents: float = 20.0
    click_db: float = 20.0
    lasting_db: float = 6.0


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


LIVE_SCORE = ScoreSettings(begin=2.0, end=0.7, inside=0.6, skipped=0.63, one_pitch=0.15, bonus=-3.7)
"""The live search weighs a beginning less against what follows: it has not heard yet what follows."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Nats by which a note must be the better explanation before it is said; below zero it is said on the rise.

    on: where none sounds. change: a new note of another pitch after the one that sounds. restrike: one of the same
    pitch. A note of another pitch is said early best as a restrike, its pitch revised when it is there.
    """

    on: float
    change: float
    restrike: float


QUICK = Margins(on=-3.5, change=-3.0, restrike=-3.5)
"""Half of all notes are said within 30 ms of their sound, of which 30 are the look-ahead and the hop in hand. On the
training part of SSVD the median waits 20 ms for a COnP of .908; at -2.5, -2.5, -3.5 it was 24 ms and .917."""
PATIENT = Margins(on=-1.5, change=-1.5, restrike=-0.5)
"""Who waits wants right notes, not early ones: COnP .939 at 50 ms there (.929 with the above), .940 at 100 ms."""


@dataclass(frozen=True, slots=True)
class GateSettings:
    """Numbers of the gate that keeps speech from being played.

    start_odds: log odds of singing that a stream begins with: a tone still for 0.14 s turns them.
    lowest_odds: that speech can't lower further: then it takes one for 0.25 s, or several short ones.
    relax_s: time in which most of that is forgotten while nobody speaks.
    highest_odds: that singing can't raise further: so many spoken syllables turn them.
    weight: nats by which a note must be heard better for each nat that speech is likelier than singing: 1.1 notes a
        minute in nine minutes of speech (0.8 at 3, 1.4 at 2, 3.4 without a gate), and a first note comes 55 ms after
        its sound in the middle (60, 50, 25). To say nothing below even odds cost a quarter of all first notes.
    """

    start_odds: float = -2.5
    lowest_odds: float = -7.0
    relax_s: float = 5.0
    highest_odds: float = 6.0
    weight: float = 2.5


Policy = Literal["eager", "hold", "lock"]
"""What a live note does when the voice moves on: follow it, hold until it has settled, or keep its first pitch."""


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Numbers of the live decoder, which can't take anything back.

    policy: eager says a note at once, revises its pitch and follows every change; hold keeps the note that sounds until
        the new pitch has settled; lock keeps the pitch first settled on until the voice stops.
    gate: say nothing where it sounds like speech; gating: its numbers.
    score: of the search.
    margins: of saying a note; patient: the same where the analyser is let look further ahead than patient_s.
    off_margin: nats by which silence must be the better explanation before a note is ended.
    same_frames: a note that turns out to have begun this little later (80 ms) is the one that was said.
    grace_frames, grace_margin: a note said on the rise is given so long (70 ms) before it needs less than this to end.
    again_margin: what ended is not said again unless by so much.
    look_back_s: the syllable may have begun so long before its pitched sound.
    least_syllable: and is placed there where that is at least this likely.
    revise_semitones: a pitch better known by this is said; by half a semitone the key would be wrong.
    settle_frames, settled_semitones: a pitch that moved less for so long (80 ms) has settled.
    """

    policy: Policy = "eager"
    gate: bool = True
    gating: GateSettings = GateSettings()
    score: ScoreSettings = LIVE_SCORE
    range: RangeSettings = RangeSettings()
    room: RoomSettings = RoomSettings()
    margins: Margins = QUICK
    patient: Margins = PATIENT
    patient_s: float = 0.04
    off_margin: float = 1.13
    same_frames: int = 8
    grace_frames: int = 7
    grace_margin: float = 6.0
    again_margin: float = 1.0
    look_back_s: float = 0.15
    least_syllable: float = 0.15
    revise_semitones: float = 0.4
    settle_frames: int = 8
    settled_semitones: float = 0.5
    hit: LiveHitSettings = field(default_factory=LiveHitSettings)


@dataclass(frozen=True, slots=True)
class TranscriptionSettings:
    """All numbers of the considered reading."""

    score: ScoreSettings = ScoreSettings()
    range: RangeSettings = RangeSettings()
    room: RoomSettings = RoomSettings()
    hit: HitSettings = field(default_factory=HitSettings)
    weighing: WeighingSettings = WeighingSettings()
