"""From settings to what the arrangement room is asked for."""

from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from vocalmidi.app.choices import (
    LAST_SEED,
    check_feel,
    check_part,
    parse_key,
    parse_meter,
    parse_parts,
    parse_seeds,
    parse_swing,
    parse_tempo,
)
from vocalmidi.app.expressing import expression_of
from vocalmidi.arrange import Kept, MelodyWish, Style, Wish, load_mood, load_style
from vocalmidi.config import Settings
from vocalmidi.errors import ArrangeError, ConfigError
from vocalmidi.values import Instrument, PartName


def wish_of(settings: Settings, style: Style, instrument: Instrument, kept: Kept | None = None) -> Wish:
    """Return the wish that the settings say; kept: what stays of an earlier arrangement.

    Raises:
        ArrangeError: no such mood.
        ConfigError: parts or seeds are not understood.
    """
    return Wish(
        style,
        settings.seed,
        parse_parts(settings.parts),
        instrument,
        mood=load_mood(settings.mood),
        density=settings.density / 100,
        complexity=settings.complexity / 100,
        melody=MelodyWish(settings.melody),
        seeds=parse_seeds(settings.reseed, settings.seed),
        kept=kept or Kept(),
        free_chords=settings.chords == "free",
        continue_bars=settings.continue_bars,
    )


class _Said(NamedTuple):
    """The settings that may contradict each other, or be words that mean nothing."""

    genre: str
    mood: str
    tempo: str
    key: str
    meter: str
    parts: str
    seed: int
    reseed: str
    instrument: str
    swing: str
    feel: int
    bend: str
    bend_as: str
    expression: str


_said = attrgetter(*_Said._fields)


def check_music(settings: Settings) -> tuple[Style, tuple[PartName, ...]]:
    """Return the style, swung as asked for, and the parts, having checked every musical setting."""
    return _checked(_Said(*_said(settings)))


@lru_cache(maxsize=64)  # a fader that is moved changes one setting hundreds of times a second, and mostly none of these
def _checked(said: _Said) -> tuple[Style, tuple[PartName, ...]]:
    parse_tempo(said.tempo)
    parse_key(said.key)
    parse_meter(said.meter)
    if not 0 <= said.seed <= LAST_SEED:
        raise ConfigError(f"seed {said.seed} is outside 0 to {LAST_SEED}")
    parse_seeds(said.reseed, said.seed)
    parts, swing = parse_parts(said.parts), parse_swing(said.swing)
    check_part(said.instrument, parts)
    check_feel(said.feel, said.genre)
    expression_of(said)
    try:
        load_mood(said.mood)
        style = load_style(said.genre)
    except ArrangeError as error:
        raise ConfigError(str(error)) from error
    return (style if swing is None else replace(style, swing=swing)), parts
