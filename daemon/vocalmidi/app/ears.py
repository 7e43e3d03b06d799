"""What hears a whole recording, opened together.

Comes in: settings. Goes out: the voice model, which hears notes, the timbre encoder, which hears strikes, and the voice
profile, by which these are known as the user's own sounds; beside them the context network, which reads their rhythm.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vocalmidi.app.profile import open_profile, with_own_sounds
from vocalmidi.config import Settings
from vocalmidi.events import transcribe
from vocalmidi.frames import FOLLOWED_LENGTHS, analyse
from vocalmidi.inference import Model, Provider, open_model
from vocalmidi.profile import Recogniser, VoiceProfile
from vocalmidi.values import AudioBlock, Events, Frames

VOICE_MODEL = "voice_considered"
"""What hears a whole recording; models/voice_considered.md is its card."""
TIMBRE_MODEL = "timbre"
"""What hears a sound that begins, live as well; models/timbre.md is its card."""
CONTEXT_MODEL = "context"
"""What reads the rhythm meant of what was heard; models/context.md is its card."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears notes, what hears strikes, the user's own sounds, and what reads the rhythm of all of them."""

    voice: Model
    timbre: Model
    profile: VoiceProfile
    context: Model

    @property
    def models(self) -> tuple[Model, ...]:
        """The networks."""
        return self.voice, self.timbre, self.context

    def hear(self, blocks: Iterable[AudioBlock]) -> Events:
        """Return the notes and hits of a recording."""
        return self.events_of(analyse(blocks, self.voice, timbre=self.timbre))

    def events_of(self, frames: Frames) -> Events:
        """Return the notes and hits in frames that were heard already."""
        return transcribe(with_own_sounds(frames, Recogniser(self.profile)))


def open_ears(provider: Provider) -> Ears:
    """Return ears for which no sound is anybody's own; raise FramesError where a network can't run there."""
    timbre = open_timbre(provider)
    context = open_model(CONTEXT_MODEL, _small(provider))
    voice = open_model(VOICE_MODEL, provider, FOLLOWED_LENGTHS)
    return Ears(voice, timbre, VoiceProfile(timbre.card.sha256), context)


def open_own_ears(settings: Settings) -> Ears:
    """Return ears that know the sounds of the profile in use.

    Raises:
        FramesError: a network can't run there.
        ProfileError: the voice profile can't be used.
    """
    ears = open_ears(settings.provider)
    return replace(ears, profile=open_profile(settings, ears.timbre))


def open_timbre(provider: Provider) -> Model:
    """Return the encoder."""
    return open_model(TIMBRE_MODEL, _small(provider))


def _small(provider: Provider) -> Provider:
    """Return where a small network runs: on a GPU it would take longer, so only who insists gets it there."""
    return "cpu" if provider == "auto" else provider
