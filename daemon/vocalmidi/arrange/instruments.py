"""What instruments can play: their keys, and which of these hands, strings or a section can sound at once.

In: a General MIDI program 0–127 and keys. Out: a range; whether a chord can be played. Ranges are those of the
instruments that the programs are named after (Adler 2016, The Study of Orchestration); synthesizers and effects have
all keys. It judges single chords, not how fast one follows another.
"""

from functools import lru_cache
from itertools import combinations

from vocalmidi.arrange.style import Span

_RANGES = (
    (range(8), Span(21, 108)),  # pianos
    (range(8, 16), Span(48, 96)),  # celesta to dulcimer; the vibraphone below
    (range(16, 24), Span(36, 96)),  # organs and accordions
    (range(24, 32), Span(40, 86)),  # guitars: E2 to the 22nd fret
    (range(32, 38), Span(28, 67)),  # basses: E1 to the 24th fret
    (range(40, 41), Span(55, 103)),  # violin
    (range(41, 42), Span(48, 91)),  # viola
    (range(42, 43), Span(36, 76)),  # cello
    (range(43, 44), Span(28, 67)),  # contrabass
    (range(44, 46), Span(28, 100)),  # strings tremolo and pizzicato
    (range(46, 47), Span(23, 103)),  # harp
    (range(48, 52), Span(28, 100)),  # string sections
    (range(52, 55), Span(40, 84)),  # choirs
    (range(56, 64), Span(28, 86)),  # brass, alone and in sections
    (range(80, 104), Span(24, 108)),  # synthesizers
)
_VIBRAPHONE = 11
_VIBRAPHONE_RANGE = Span(53, 89)
EVERY_KEY = Span(0, 127)
GUITARS = range(24, 32)
KEYBOARDS = (*range(8), *range(16, 24))
MALLETS = range(8, 16)
OPEN_STRINGS = (40, 45, 50, 55, 59, 64)
"""Standard tuning, E2 to E4."""
FRETS = 19
"""Reachable on an acoustic guitar as well."""
FRET_SPAN = 4
"""Frets from the first finger to the fourth, one of them stretched."""
HAND_SPAN = 12
"""Semitones that a hand of middle size takes at once."""
FINGERS = 5
MALLETS_AT_ONCE = 4
"""Two a hand."""
SECTION_VOICES = 6
"""A section divides in this many at most before it thins out."""


def range_of(program: int) -> Span:
    """Return the lowest and the highest key of an instrument."""
    if program == _VIBRAPHONE:
        return _VIBRAPHONE_RANGE
    return next((span for programs, span in _RANGES if program in programs), EVERY_KEY)


def within_range(register: Span, program: int) -> Span:
    """Return the register as far as the instrument has it; the instrument's own where they don't meet."""
    own = range_of(program)
    low, high = max(register.low, own.low), min(register.high, own.high)
    return Span(low, high) if low <= high else own


@lru_cache(maxsize=1 << 14)
def can_play(program: int, keys: tuple[int, ...]) -> bool:
    """Tell whether an instrument can sound these keys together; keys: low to high, at least one."""
    own = range_of(program)
    if keys[0] < own.low or keys[-1] > own.high:
        return False
    if program in GUITARS:
        return _on_six_strings(keys)
    if program in KEYBOARDS:
        return _in_two_hands(keys)
    return len(keys) <= (MALLETS_AT_ONCE if program in MALLETS else SECTION_VOICES)


def _on_six_strings(keys: tuple[int, ...]) -> bool:
    """Tell whether some strings, low to high, hold the keys within one grip; open strings need no finger."""
    return any(
        _is_grip([key - string for key, string in zip(keys, strings, strict=True)])
        for strings in combinations(OPEN_STRINGS, len(keys))
    )


def _is_grip(frets: list[int]) -> bool:
    if not all(0 <= fret <= FRETS for fret in frets):
        return False
    pressed = [fret for fret in frets if fret > 0]
    return not pressed or max(pressed) - min(pressed) <= FRET_SPAN


def _in_two_hands(keys: tuple[int, ...]) -> bool:
    return any(_in_a_hand(keys[:split]) and _in_a_hand(keys[split:]) for split in range(len(keys) + 1))


def _in_a_hand(keys: tuple[int, ...]) -> bool:
    return not keys or (len(keys) <= FINGERS and keys[-1] - keys[0] <= HAND_SPAN)
