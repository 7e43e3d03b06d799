"""The styles that come with Vocal MIDI: one TOML file each in `genres/`, found by name however it is written."""

import difflib
import re
from functools import cache
from importlib import resources

from vocalmidi.arrange.style import Style
from vocalmidi.arrange.style_file import read_style
from vocalmidi.errors import ArrangeError

_GENRES = "vocalmidi.arrange.genres"
_ALIASES = {
    "r_b": "rnb",
    "r_and_b": "rnb",
    "r_n_b": "rnb",
    "hiphop": "hip_hop",
    "edm": "electronic",
    "afro": "afrobeat",
}
"""Other spellings in use, after lower case and underscores."""


@cache
def style_names() -> tuple[str, ...]:
    """Return the names that `load_style` knows, in order of the alphabet."""
    files = resources.files(_GENRES).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load_style(name: str) -> Style:
    """Return a style by its name, in any case, with spaces, hyphens or `&`; raise ArrangeError for an unknown one."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    plain = _ALIASES.get(plain, plain)
    if plain not in style_names():
        near = difflib.get_close_matches(plain, style_names(), 1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ArrangeError(f"unknown genre {name!r}; {hint}known are {', '.join(style_names())}")
    return read_style(plain, resources.files(_GENRES).joinpath(f"{plain}.toml").read_text("utf-8"))
