"""One sung note to a chord: on the note, of a key; or under the note, of the song's harmony.

In: the key that is sung and what the chord goes by. Out: the keys of the chord, low to high. It decides no harmony:
which triad a song has at the moment is said by others (`ChordAt`).
"""

from vocalmidi.live.playing import ChordAt, Voicing
from vocalmidi.live.tuning import HIGHEST_KEY
from vocalmidi.values import Key

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
"""The key's own seven tones; in minor the natural ones."""
LOWEST_KEY = 36
"""C2: below it close chords are mud."""


def chord_on(sung: int, key: Key, voicing: Voicing) -> tuple[int, ...]:
    """Return the chord of the key whose root is the sung key; on the tone next below where the key has not that one."""
    scale = MAJOR if key.mode == "major" else MINOR
    degree = max(place for place, step in enumerate(scale) if step <= (sung - key.tonic) % 12)
    root = sung - ((sung - key.tonic) % 12 - scale[degree])
    third, fifth, seventh = (_step(scale, degree, up) for up in (2, 4, 6))
    return _in_range(_laid(root, (third, fifth, seventh), voicing))


def chord_under(sung: int, chord: ChordAt, voicing: Voicing) -> tuple[int, ...]:
    """Return the triad with its root at most an octave below the sung key, and nothing of it above that."""
    third = 3 if chord.quality == "min" else 4
    scale = MAJOR if chord.key.mode == "major" else MINOR
    seventh = 11 if third == 4 and (chord.root + 11 - chord.key.tonic) % 12 in scale else 10
    root = sung - (sung - chord.root) % 12
    keys = _laid(root, (third, 7, seventh), voicing)
    while max(keys) > sung:
        keys = tuple(sorted((*keys[:-1], keys[-1] - 12)))
    return _in_range(keys)


def _step(scale: tuple[int, ...], degree: int, up: int) -> int:
    return scale[(degree + up) % 7] + 12 * ((degree + up) // 7) - scale[degree]


def _laid(root: int, above: tuple[int, int, int], voicing: Voicing) -> tuple[int, ...]:
    third, fifth, seventh = above
    steps = {
        "close": (0, third, fifth),
        "open": (0, fifth, third + 12),
        "power": (0, fifth, 12),
        "octaves": (-12, 0),
        "seventh": (0, third, fifth, seventh),
    }[voicing]
    return tuple(sorted(root + step for step in steps))


def _in_range(keys: tuple[int, ...]) -> tuple[int, ...]:
    """Return the chord by octaves where it can be heard as one, without keys that MIDI hasn't."""
    up = max(0, -(-(LOWEST_KEY - keys[0]) // 12))
    down = max(0, -(-(keys[-1] + 12 * up - HIGHEST_KEY) // 12))
    return tuple(sorted({key + 12 * (up - down) for key in keys}))
