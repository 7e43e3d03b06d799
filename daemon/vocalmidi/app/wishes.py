"""From settings to what the arrangement room is asked for."""

from dataclasses import replace

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


def check_music(settings: Settings) -> tuple[Style, tuple[PartName, ...]]:
    """Return the style, swung as asked for, and the parts, having checked every musical setting."""
    swing = parse_swing(settings.swing)
    parse_tempo(settings.tempo)
    parse_key(settings.key)
    parse_meter(settings.meter)
    if not 0 <= settings.seed <= LAST_SEED:
        raise ConfigError(f"seed {settings.seed} is outside 0 to {LAST_SEED}")
    parse_seeds(settings.reseed, settings.seed)
    parts = parse_parts(settings.parts)
    check_part(settings.instrument, parts)
    check_feel(settings.feel, settings.genre)
    expression_of(settings)
    try:
        load_mood(settings.mood)
        style = load_style(settings.genre)
    except ArrangeError as error:
        raise ConfigError(str(error)) from error
    return (style if swing is None else replace(style, swing=swing)), parts
