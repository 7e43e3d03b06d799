"""From settings to what the arrangement room is asked for."""

from vocalmidi.app.choices import parse_parts
from vocalmidi.arrange import Style, Wish
from vocalmidi.config import Settings
from vocalmidi.values import Instrument


def wish_of(settings: Settings, style: Style, instrument: Instrument) -> Wish:
    """Return the wish that the settings say."""
    return Wish(style, settings.seed, parse_parts(settings.parts), instrument)
