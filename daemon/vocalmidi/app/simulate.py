"""The whole live path, fed from a file: what a player would have got, and when.

Comes in: a recording. Goes out: the live notes and hits, each with the last sample its decision needed, and chords
where a tempo is given. Sound passes the ring, the streaming analyser and the live decoder in device-sized blocks,
exactly as from a microphone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from vocalmidi.app.ears import open_timbre
from vocalmidi.app.live_harmony import ChordSaid, LiveHarmony
from vocalmidi.app.live_sound import LiveSound, Said
from vocalmidi.app.profile import open_profile
from vocalmidi.capture import Recording, paced
from vocalmidi.config import Settings, controllers
from vocalmidi.events import ControlSettings, LiveHitSettings, LiveSettings
from vocalmidi.frames import LIVE_LENGTHS
from vocalmidi.inference import Model, open_model
from vocalmidi.live import VoiceAt
from vocalmidi.profile import VoiceProfile
from vocalmidi.units import SampleIndex
from vocalmidi.values import HitRevision, LiveControl, LiveEvent, LiveHit, NoteOff, NoteOn, NoteRevision

LIVE_BLOCK_SAMPLES = 128
"""The usual block of an audio interface set for playing live: 2.7 ms at 48 kHz."""
LIVE_MODEL = "voice_live"
"""What hears hop by hop; models/voice_live.md is its card."""
Listener = Callable[[LiveEvent], None]


@dataclass(frozen=True, slots=True)
class LivePath:
    """What live sound passes: the networks, how far they may look ahead, the decoder's numbers, which controllers move.

    timbre: what hears strikes; profile: the user's own sounds among them.
    """

    model: Model
    timbre: Model
    look_ahead_ms: int
    decoder: LiveSettings
    controls: ControlSettings
    profile: VoiceProfile


def open_live_path(settings: Settings) -> LivePath:
    """Return the live path that the settings ask for, its model loaded."""
    hits = LiveHitSettings(corrections=settings.hit_corrections)
    decoder = LiveSettings(policy=settings.note_change, gate=settings.gate, hit=hits)
    model = open_model(LIVE_MODEL, settings.provider, LIVE_LENGTHS, is_live=True)
    timbre = open_timbre(settings.provider)
    profile = open_profile(settings, timbre)
    return LivePath(model, timbre, settings.look_ahead_ms, decoder, control_settings(settings), profile)


def control_settings(settings: Settings) -> ControlSettings:
    """Return which controllers the settings let a voice move, and how."""
    return ControlSettings(
        controllers=controllers(settings),
        smoothing_s=settings.control_smoothing_ms / 1000.0,
        step=settings.control_step,
        low_db=settings.envelope_low_db,
        high_db=settings.envelope_high_db,
    )


@dataclass(frozen=True, slots=True)
class LiveNote:
    """A note as the live path gave it out: its note-on, how its pitch was corrected, and where it ended."""

    on: NoteOn
    revisions: tuple[NoteRevision, ...]
    offset: SampleIndex

    @property
    def said(self) -> NoteOn | NoteRevision:
        """Return what was said last about its pitch."""
        return self.revisions[-1] if self.revisions else self.on


@dataclass(frozen=True, slots=True)
class PlayedHit:
    """A hit as the live path gave it out, and how it was corrected."""

    first: LiveHit
    revisions: tuple[HitRevision, ...] = ()

    @property
    def said(self) -> LiveHit | HitRevision:
        """Return what was said of it last."""
        return self.revisions[-1] if self.revisions else self.first


@dataclass(frozen=True, slots=True)
class LiveTake:
    """All that the live path gave out for one recording, in order of decision."""

    duration_samples: SampleIndex
    sample_rate_hz: int
    notes: tuple[LiveNote, ...]
    hits: tuple[PlayedHit, ...]
    controls: tuple[LiveControl, ...] = ()
    chords: tuple[ChordSaid, ...] = ()


def simulate(
    recording: Recording,
    path: LivePath,
    speed: float | None,
    on_event: Listener | None = None,
    harmony: LiveHarmony | None = None,
    *,
    on_said: Callable[[Said], None] | None = None,
) -> LiveTake:
    """Play the recording through the live path, `speed` times as fast as real time (None: as fast as it goes).

    on_event is told what is decided, on_said everything, the voice in each frame and the chords too.
    """
    sound = LiveSound(path, recording.sample_rate_hz, harmony)
    events: list[LiveEvent] = []
    chords: list[ChordSaid] = []
    for said in _said(recording, sound, speed):
        if on_said is not None:
            on_said(said)
        if isinstance(said, ChordSaid):
            chords.append(said)
        elif not isinstance(said, VoiceAt):
            events.append(said)
            if on_event is not None:
                on_event(said)
    return replace(_take(events, recording), chords=tuple(chords))


def _said(recording: Recording, sound: LiveSound, speed: float | None) -> Iterator[Said]:
    for block in paced(recording.blocks(LIVE_BLOCK_SAMPLES), speed):
        yield from sound.push(block)
    yield from sound.finish()


def _take(events: list[LiveEvent], recording: Recording) -> LiveTake:
    ends = {event.note_id: event.offset for event in events if isinstance(event, NoteOff)}
    corrected: dict[int, list[NoteRevision]] = {}
    for event in events:
        if isinstance(event, NoteRevision):
            corrected.setdefault(event.note_id, []).append(event)
    ons = [event for event in events if isinstance(event, NoteOn)]
    return LiveTake(
        duration_samples=SampleIndex(recording.n_samples),
        sample_rate_hz=recording.sample_rate_hz,
        notes=tuple(LiveNote(on, tuple(corrected.get(on.note_id, ())), ends[on.note_id]) for on in ons),
        hits=_hits(events),
        controls=tuple(event for event in events if isinstance(event, LiveControl)),
    )


def _hits(events: list[LiveEvent]) -> tuple[PlayedHit, ...]:
    corrected: dict[int, list[HitRevision]] = {}
    for event in events:
        if isinstance(event, HitRevision):
            corrected.setdefault(event.hit_id, []).append(event)
    firsts = [event for event in events if isinstance(event, LiveHit)]
    return tuple(PlayedHit(first, tuple(corrected.get(first.hit_id, ()))) for first in firsts)
