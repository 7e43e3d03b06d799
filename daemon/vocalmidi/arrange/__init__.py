"""From a phrase to an arrangement in a style: Melody, Chords, Bass and Drums.

`arrange` is a pure function of phrase, wish and networks; styles are TOML files in `genres/`.
"""

from vocalmidi.arrange.arrange import CHANNELS, arrange
from vocalmidi.arrange.heard_chords import chords_heard
from vocalmidi.arrange.kit import DRUM_KEYS, HIT_KEYS
from vocalmidi.arrange.library import load_style, style_names
from vocalmidi.arrange.live_chords import LIVE_HARMONY_MODEL, LiveChord, LiveChords
from vocalmidi.arrange.mood import load_mood, mood_names
from vocalmidi.arrange.networks import Networks, open_networks
from vocalmidi.arrange.routing import has_part, sung_part
from vocalmidi.arrange.style import Style
from vocalmidi.arrange.style_file import read_style
from vocalmidi.arrange.wish import PLAIN, Kept, MelodyWish, Mood, Wish

__all__ = [
    "CHANNELS",
    "DRUM_KEYS",
    "HIT_KEYS",
    "LIVE_HARMONY_MODEL",
    "PLAIN",
    "Kept",
    "LiveChord",
    "LiveChords",
    "MelodyWish",
    "Mood",
    "Networks",
    "Style",
    "Wish",
    "arrange",
    "chords_heard",
    "has_part",
    "load_mood",
    "load_style",
    "mood_names",
    "open_networks",
    "read_style",
    "style_names",
    "sung_part",
]
