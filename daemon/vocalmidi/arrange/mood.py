"""Moods by name, and a genre's sounds in a mood: louder or softer, higher or lower, mellower or sharper.

In: the name of a mood; a style. Out: a `Mood`; the style in that mood. It chooses no note: grooves, chords and strokes
go by the mood's axes where they are written. The moods are `moods.toml`, read by `mood_file.py`.
"""

import difflib
import math
import re
from dataclasses import replace
from functools import cache
from importlib import resources

from vocalmidi.arrange.mood_file import MoodFile, read_moods
from vocalmidi.arrange.style import PartStyle, Span, Style
from vocalmidi.arrange.wish import PLAIN, Mood
from vocalmidi.errors import ArrangeError

LOUDER = 16
"""Velocity steps at full energy: how far human takes of one genre lie apart (gmd, training split: the standard
deviation of their median velocities is 15 to 25)."""
HIGHER_CHORDS = 5
"""Semitones at full brightness: a fourth moves a piano's middle without leaving the genre's register."""
HIGHER_BASS = 3
"""Semitones; the lowest string stays the lowest."""
NARROWEST_BASS = 12
"""As in a genre file: every root finds a place in an octave."""
BASS_CEILING = 55
"""G3, the highest key that a bass part is written on in any genre."""
NO_CRASH = -0.5
"""Energy from which down no crash cymbal opens a section."""


def mood_names() -> tuple[str, ...]:
    """Return the names that `load_mood` knows, `plain` first."""
    return (PLAIN.name, *(mood.name for mood in _moods().moods))


def load_mood(name: str) -> Mood:
    """Return a mood by its name or another word for it, in any case; raise ArrangeError for an unknown one."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    file = _moods()
    known = {PLAIN.name: PLAIN} | {mood.name: mood for mood in file.moods}
    words = known | {alias.word: known[alias.mood] for alias in file.aliases}
    if plain in words:
        return words[plain]
    near = difflib.get_close_matches(plain, words, 1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ArrangeError(f"unknown mood {name!r}; {hint}known are {', '.join(known)}")


def coloured(style: Style, mood: Mood) -> Style:
    """Return a style in a mood: its velocities, registers, sounds and cymbals; the plain mood changes nothing."""
    if mood == PLAIN:
        return style
    louder, palette = round(LOUDER * mood.energy), _moods()
    sharper = math.floor(mood.energy + mood.brightness + 0.5)
    return replace(
        style,
        melody_program=palette.instrument(style.melody_program, sharper),
        chords=_sound(style.chords, louder, sharper, _raised(style.chords.register, HIGHER_CHORDS * mood.brightness)),
        bass=_sound(style.bass, louder, sharper, _ceiling(style.bass.register, HIGHER_BASS * mood.brightness)),
        drum_kit=palette.kit(style.drum_kit, sharper),
        drum_velocity=_louder(style.drum_velocity, louder),
        crash=style.crash and mood.energy > NO_CRASH,
    )


@cache
def _moods() -> MoodFile:
    return read_moods(resources.files("vocalmidi.arrange").joinpath("moods.toml").read_text("utf-8"))


def _sound(sound: PartStyle, louder: int, sharper: int, register: Span) -> PartStyle:
    program = _moods().instrument(sound.program, sharper)
    return PartStyle(program, _louder(sound.velocity, louder), register)


def _louder(velocity: Span, by: int) -> Span:
    return Span(max(1, min(127, velocity.low + by)), max(1, min(127, velocity.high + by)))


def _raised(register: Span, semitones: float) -> Span:
    shift = max(-register.low, min(127 - register.high, round(semitones)))
    return Span(register.low + shift, register.high + shift)


def _ceiling(register: Span, semitones: float) -> Span:
    """Return a bass register whose top moves alone, since its lowest string does not."""
    highest = min(BASS_CEILING, register.high + round(semitones))
    return Span(register.low, max(register.low + NARROWEST_BASS, highest))
