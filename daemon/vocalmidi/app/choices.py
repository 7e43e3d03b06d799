"""What a user may type for tempo, key, metre and parts, turned into values.

Comes in: the words of a settings file or a command line. Goes out: values, or a `ConfigError` that says what is
allowed.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from typing import cast

from vocalmidi.arrange import has_part
from vocalmidi.config import SWING_RANGE_PERCENT
from vocalmidi.errors import ConfigError
from vocalmidi.phrase import TEMPO_RANGE_QPM, felt_genres
from vocalmidi.values import PART_NAMES, Instrument, InstrumentChoice, Key, Meter, PartName

_TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_KEY = re.compile(r"([A-G])([#b♯♭]?)\s*(major|minor|maj|min|m)?", re.IGNORECASE)
_TONIC_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
LAST_SEED = 2**32 - 1
_MINOR_TONIC_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


def parse_tempo(text: str) -> float | None:
    """Return quarter notes a minute, or None for `auto`."""
    low, high = TEMPO_RANGE_QPM
    return _number_or_auto("tempo", text, TEMPO_RANGE_QPM, f"{low:g} to {high:g} quarter notes a minute")


def parse_swing(text: str) -> float | None:
    """Return the share of a pair of swung notes that its first takes, 0.5–0.75, or None for `auto`: the genre's."""
    low, high = SWING_RANGE_PERCENT
    percent = _number_or_auto("swing", text, SWING_RANGE_PERCENT, f"{low:g} (straight) to {high:g} percent")
    return None if percent is None else percent / 100.0


def _number_or_auto(name: str, text: str, bounds: tuple[float, float], in_words: str) -> float | None:
    """Return a number within bounds, or None for `auto`; raise ConfigError for anything else."""
    if text.strip().lower() == "auto":
        return None
    low, high = bounds
    try:
        number = float(text)
    except ValueError:
        raise ConfigError(f"{name} {text!r} is neither a number nor auto") from None
    if not low <= number <= high:  # also refuses NaN
        raise ConfigError(f"{name} {text} is outside {in_words}")
    return number


def parse_key(text: str) -> Key | None:
    """Return the key, or None for `auto`; a key without a mode is major, as in a chord name."""
    if text.strip().lower() == "auto":
        return None
    found = _KEY.fullmatch(text.strip())
    if not found:
        raise ConfigError(f"key {text!r} is not understood; write auto or a key such as 'C minor', 'F# major', 'Bbm'")
    letter, accidental, mode = found.groups()
    # A lone lower-case letter is a common way to write a minor key, but also how people type; only words decide.
    shift = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[accidental.lower()]
    minor = mode is not None and mode.lower() in {"minor", "min", "m"} and mode != "M"
    return Key((_TONICS[letter.upper()] + shift) % 12, "minor" if minor else "major", 1.0)


def tonic_name(key: Key) -> str:
    """Return the name of the key's tonic as a musician writes it."""
    return (_TONIC_NAMES if key.mode == "major" else _MINOR_TONIC_NAMES)[key.tonic]


def parse_meter(text: str) -> Meter | None:
    """Return the metre of a time signature such as 4/4, or None for `auto`."""
    if text.strip().lower() == "auto":
        return None
    found = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*", text)
    if not found:
        raise ConfigError(f"metre {text!r} is not understood; write auto, or it as 4/4, 3/4 or 6/8")
    try:
        return Meter(int(found[1]), int(found[2]))
    except ValueError as error:
        raise ConfigError(str(error)) from None


def parse_parts(text: str) -> tuple[PartName, ...]:
    """Return the parts named in a comma-separated list, from top to bottom; `all` is the four."""
    words = _words(text)
    if words == ["all"]:
        return PART_NAMES
    named = {_part_named(word) for word in words}
    if not named:
        raise ConfigError(f"no part is named; {_parts_known()}")
    return tuple(name for name in PART_NAMES if name in named)


def parse_seeds(text: str, seed: int) -> dict[PartName, int]:
    """Return the seeds of parts that have one of their own, in track order; `seed` is that of all others.

    A part without a number gets the seed after that of all.
    """
    seeds: dict[PartName, int] = {}
    for word in _words(text):
        name, equals, number = word.partition("=")
        part = _part_named(name.strip())
        if part in seeds:
            raise ConfigError(f"{part} is given two seeds in {text!r}; name each part once")
        seeds[part] = _seed(number) if equals else next_seed(seed)
    return {part: seeds[part] for part in PART_NAMES if part in seeds}


def seeds_text(seeds: Mapping[PartName, int]) -> str:
    """Return the seeds as `parse_seeds` reads them."""
    return ", ".join(f"{part}={seeds[part]}" for part in PART_NAMES if part in seeds)


def next_seed(seed: int) -> int:
    """Return the seed of another take."""
    return (seed + 1) % (LAST_SEED + 1)


def _seed(text: str) -> int:
    if not re.fullmatch(r"\s*[0-9]{1,10}", text) or int(text) > LAST_SEED:
        raise ConfigError(f"seed {text.strip()!r} is not a whole number from 0 to {LAST_SEED}")
    return int(text)


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _part_named(word: str) -> PartName:
    if word not in set(PART_NAMES):
        near = difflib.get_close_matches(word, PART_NAMES, n=1)
        raise ConfigError(f"unknown part {word!r}; " + (f"did you mean {near[0]}?" if near else _parts_known()))
    return PartName(word)


WAYS = ("suggest", "auto", "off")
"""Values of the setting that name no instrument."""
SURE_SHARE = 0.9
"""From which `auto` goes by what a voice imitates: who sings a tune must not lose his melody."""
SURE_NOTES = 3
"""Fewer are a word, no phrase."""


def choose_part(word: str, suggested: InstrumentChoice | None, notes: int, parts: Collection[PartName]) -> Instrument:
    """Return the instrument that the notes are written for; `word` is the setting, `notes` how many were sung."""
    if word not in WAYS:
        return cast(Instrument, word)
    if word != "auto" or suggested is None or suggested.share < SURE_SHARE or notes < SURE_NOTES:
        return "lead"
    return suggested.instrument if has_part(suggested.instrument, parts) else "lead"


def check_part(word: str, parts: Collection[PartName]) -> None:
    """Raise ConfigError where an instrument is named whose part was not asked for."""
    if word not in WAYS and not has_part(cast(Instrument, word), parts):
        raise ConfigError(f"instrument {word} is written in another part than {', '.join(parts)}; name all the parts")


def check_feel(percent: int, genre: str) -> None:
    """Raise ConfigError where the feel of a genre is asked for that no human takes tell."""
    if percent > 0 and genre not in felt_genres():
        known = ", ".join(felt_genres())
        raise ConfigError(f"nothing is known of how {genre} is played: feel 0, or a genre of {known}")


def _parts_known() -> str:
    return f"there are {', '.join(PART_NAMES)}"
