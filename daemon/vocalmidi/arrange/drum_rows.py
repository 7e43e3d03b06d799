"""A drum row with fewer or more strokes, plainer or busier, as wished: the same row in, another row of that length out.

Less density leaves out ghosts first, then weak strokes of timekeeping and colour; more adds ghosts between the strokes
of timekeeping and of toms. Low complexity makes rolls single strokes, high adds rolls where a row has some, as density
does. Kicks,
snares and accents stay: they are what a genre is known by. A row is changed once, so every bar is changed alike.
"""

from vocalmidi.arrange.amounts import freedom, fullness
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.drum_voices import VOICE_OF_KEY, VOICES
from vocalmidi.arrange.kit import Role, role_of
from vocalmidi.arrange.strokes import REST
from vocalmidi.arrange.style import DrumRow
from vocalmidi.arrange.wish import Wish

GHOSTS, ROLLS = "o?", "rt"
WEAK_FROM = 0.4
"""How far towards the lowest density weak strokes begin to be left out, after ghosts."""
KEEPS_TIME = 0.3
"""Share of steps struck in a row that runs through and may be filled; a clave or an open hat does not."""
PLAINEST_ROLLS = 0.25
"""Complexity below which nothing rolls."""


def wished_row(row: DrumRow, steps_per_qn: int, wish: Wish, dice: Dice) -> DrumRow:
    """Return a row as it is wished."""
    rolls = any(symbol in ROLLS for symbol in row.steps)
    steps = [
        _wished(symbol, on_beat=step % steps_per_qn == 0, row=row, rolls=rolls, wish=wish, share=dice.share())
        for step, symbol in enumerate(row.steps)
    ]
    return DrumRow(row.key, "".join(steps))


def _wished(symbol: str, *, on_beat: bool, row: DrumRow, rolls: bool, wish: Wish, share: float) -> str:
    """Return what becomes of one symbol of a row; share: 0–1, by chance."""
    full = fullness(wish)
    rolling = max(0.0, full) + max(0.0, freedom(wish))
    if symbol == REST:
        return "o" if _may_be_filled(row) and share < full else REST
    if symbol in GHOSTS:
        return REST if share < -full else symbol
    if symbol in ROLLS:
        return symbol if wish.complexity >= PLAINEST_ROLLS else "x"
    if symbol != "x" or role_of(row.key) in (Role.KICK, Role.SNARE):
        return symbol
    if not on_beat and share < (-full - WEAK_FROM) / (1.0 - WEAK_FROM):
        return REST
    return "r" if rolls and share < rolling / 4.0 else symbol


def _may_be_filled(row: DrumRow) -> bool:
    struck = sum(symbol.isalpha() for symbol in row.steps) / len(row.steps)
    voice = VOICES[VOICE_OF_KEY[row.key]] if row.key in VOICE_OF_KEY else ""
    return struck >= KEEPS_TIME and (role_of(row.key) is Role.TIME or voice.startswith("tom"))
