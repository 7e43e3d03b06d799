"""The networks that hear a whole recording, opened together.

Comes in: where to run. Goes out: the voice model, which hears notes, and the timbre encoder, which hears strikes.
"""

from dataclasses import dataclass

from vocalmidi.inference import Model, Provider, open_model

VOICE_MODEL = "voice_considered"
"""What hears a whole recording; models/voice_considered.md is its card."""
TIMBRE_MODEL = "timbre"
"""What hears a sound that begins, live as well; models/timbre.md is its card."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears notes, and what hears strikes."""

    voice: Model
    timbre: Model


def open_ears(provider: Provider) -> Ears:
    """Return both networks; raise FramesError where one of them can't run there."""
    return Ears(open_model(VOICE_MODEL, provider), open_timbre(provider))


def open_timbre(provider: Provider) -> Model:
    """Return the encoder; on a GPU one small patch at a time would take longer, so only who insists gets it there."""
    return open_model(TIMBRE_MODEL, "cpu" if provider == "auto" else provider)
