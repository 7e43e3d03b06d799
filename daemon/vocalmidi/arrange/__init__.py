"""From a phrase to an arrangement in a style: Melody, Chords, Bass and Drums.

`arrange` is a pure function of phrase, style, seed and the parts asked for; styles are TOML files in `genres/`.
"""

from vocalmidi.arrange.arrange import arrange
from vocalmidi.arrange.kit import DRUM_KEYS
from vocalmidi.arrange.library import load_style, style_names
from vocalmidi.arrange.routing import has_part
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.style_file import read_style

__all__ = ["DRUM_KEYS", "Style", "arrange", "has_part", "load_style", "read_style", "style_names"]
