"""The trained networks that an arrangement asks, opened together by whoever starts the program."""

from dataclasses import dataclass

from vocalmidi.inference import Model, Provider, open_model

HARMONY_MODEL = "harmony"
"""Chords of a whole phrase; models/harmony.md is its card."""
DRUM_MODEL = "drums"
"""A kit from a tap or from a style; models/drums.md is its card."""
TAP_MODEL = "drums_tap"
"""A kit for a whole tap: the mean of several networks of the same kind; models/drums_tap.md is its card."""
CONTINUATION_MODEL = "continuation"
"""How a melody goes on; models/continuation.md is its card."""


@dataclass(frozen=True, slots=True)
class Networks:
    """What chooses chords, plays drums and goes on with melodies."""

    harmony: Model
    drums: Model
    taps: Model
    continuation: Model


def open_networks(provider: Provider) -> Networks:
    """Return the networks; raise FramesError where one can't run there."""
    # All are small: a GPU would take longer, so only who insists gets them there.
    where: Provider = "cpu" if provider == "auto" else provider
    names = (HARMONY_MODEL, DRUM_MODEL, TAP_MODEL, CONTINUATION_MODEL)
    return Networks(*(open_model(name, where) for name in names))
