"""From what the network thinks to one chord a frame, as the genre and the wish have it.

In: probabilities a frame and the taste they are judged by. Out: a class of chord a frame, the likeliest path (best
guess) or one drawn by chance (free).
The genre speaks as a ratio: how much more often its progressions use a chord or a step than songs on the whole do, so
that it colours what the melody leaves open and doesn't count twice what songs have in common. Chords change less
gladly inside a bar than on its line; phrases open and close on the tonic where the melody allows. There is always a
chord: under a rest the harmony goes on.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vocalmidi.arrange.chord_chain import Chain, Path, drawn, likeliest_moving, without_none
from vocalmidi.arrange.chord_guess import FLATNESS, STEP_WEIGHT
from vocalmidi.arrange.chord_input import CLASSES, MINOR, NONE
from vocalmidi.arrange.dice import Dice
from vocalmidi.arrange.qualities import QUALITIES, Degree
from vocalmidi.arrange.style import Harmony
from vocalmidi.arrange.wish import AS_WRITTEN, Mood
from vocalmidi.values import Key

Floats = npt.NDArray[np.float64]

PRIOR_BARS = 8.0
"""Chords that songs on the whole weigh as, against those written in a genre's progressions (about 25)."""
MOST_RATIO = 1.5
"""Nats: the most that a genre speaks for or against one chord or step."""
SWAY = {False: 0.5, True: 0.25}
"""How loud the genre speaks in a best guess and in what is drawn: at 1 top-1 of nottingham falls by .02."""
BEST_STEPS = 0.1
"""How loud counted steps speak in a best guess: it is mainly the melody's."""
SLOW_COST, BAR_COST, HALF_BAR_COST = 2.0, 0.3, 0.1
"""Nats of a change inside a bar, by what a genre says of the change of its chords: `slow`, `bar` or `half bar`."""
FREE_SHARE = 0.3
"""Of that cost where chords are drawn: the steps they are drawn by already tend to stay."""
RESTLESS, STAYS = 0.4, 0.25
"""Nats that draw to another chord at a bar line, by how much less than this a genre likes to stay: without it, best
guesses of pop909 change .25 less often than people's chords, and are right less often."""
RESTS_BARS, TIRED = 3, 0.3
"""Nats that each half bar costs a chord held for longer than so many bars already: a tune of one note still moves, and
top-1 of nottingham falls by little."""
COMPLEXITY_COST = 1.6
"""Nats that the plainest wish adds to every change, and the most complex one takes away."""
OPENS, CLOSES = 1.8, 3.0
"""Nats of the tonic in the first and the last frame, where the melody there holds a tone of it."""
CHANCE = 0.3
"""Nats of the seed's own taste in a best guess: enough to choose between near equals only."""
BRIGHTNESS = 0.8
"""Nats that the brightest mood gives to major chords and takes from minor ones."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What a path is judged by: the genre's harmony, the key, the mood, how complex it may be, and whether it is drawn.

    mid_bar: whether every second frame begins inside a bar.
    """

    harmony: Harmony
    key: Key
    mood: Mood
    complexity: float
    free: bool
    mid_bar: bool


def class_of(degree: Degree, tonic: int) -> int:
    """Return the class of triad that a degree of a key is nearest to: minor where its third is minor."""
    return (degree.root + tonic) % 12 + (MINOR if 3 in QUALITIES[degree.quality] else 0)


def choose_path(told: Floats, weights: Floats, chain: Chain, taste: Taste, dice: Dice) -> Path:
    """Return the class of chord of each frame.

    told: (frames, CLASSES) probabilities; weights: (frames, 12) how much of each pitch class above the tonic is sung.
    """
    flavour, steps = _genre(taste, chain)
    scores = (FLATNESS if taste.free else 1.0) * np.log(np.maximum(told, 1e-9))
    sway = taste.key.probability * SWAY[taste.free]
    scores += sway * flavour
    scores[:, :NONE] += BRIGHTNESS * taste.mood.brightness * np.repeat([1.0, -1.0], 12)
    scores[:, :NONE] += _ends(weights, taste.key)
    scores = without_none(scores)
    moves = (STEP_WEIGHT if taste.free else BEST_STEPS) * chain.transitions() + sway * steps
    moves = moves[np.newaxis] + _change_costs(len(told), taste)
    if taste.free:
        path = drawn(scores, moves, np.array([dice.share() for _ in scores]))
    else:
        spread = CHANCE * (1.0 + max(0.0, taste.mood.tension))
        own = np.array([[spread * (dice.share() - 0.5) for _ in range(CLASSES)] for _ in scores])
        path = likeliest_moving(scores + own, moves, RESTS_BARS * (1 + taste.mid_bar), TIRED)
    return path


def _genre(taste: Taste, chain: Chain) -> tuple[Floats, Floats]:
    """Return what the genre speaks for: (CLASSES,) chords and (CLASSES, CLASSES) steps, nats."""
    mode, tonic = int(taste.key.mode == "minor"), taste.key.tonic
    songs = np.exp(chain.keyed_steps[mode])
    usual = _settled(songs)
    np.fill_diagonal(songs, 0.0)
    songs /= songs.sum(axis=1, keepdims=True)
    counts = np.zeros((NONE, NONE))
    for progression in taste.harmony.minor if mode else taste.harmony.major:
        around = [class_of(degree, 0) for degree in progression]
        for one, other in zip(around, around[1:] + around[:1], strict=True):
            counts[one, other] += 1.0
    used = counts.sum(axis=0)
    flavour = _ratio(used / used.sum(), usual, used.sum())
    np.fill_diagonal(counts, 0.0)
    many = counts.sum(axis=1, keepdims=True)
    steps = _ratio(counts / np.maximum(many, 1.0), songs, many)
    np.fill_diagonal(steps, 0.0)
    turn = np.concatenate([(np.arange(12) - tonic) % 12, MINOR + (np.arange(12) - tonic) % 12])
    whole, table = np.zeros(CLASSES), np.zeros((CLASSES, CLASSES))
    whole[:NONE] = flavour[turn]
    table[:NONE, :NONE] = steps[np.ix_(turn, turn)]
    return whole, table


def _ratio(genre: Floats, songs: Floats, many: Floats | float) -> Floats:
    """Return log of a genre's shares over those of songs, shrunk by how much the genre has written down."""
    mixed = (many * genre + PRIOR_BARS * songs) / (many + PRIOR_BARS)
    ratio = np.log(np.maximum(mixed, 1e-9) / np.maximum(songs, 1e-9))
    return np.asarray(np.clip(ratio, -MOST_RATIO, MOST_RATIO), np.float64)


def _settled(steps: Floats) -> Floats:
    """Return how often each chord sounds in the long run, (24,)."""
    shares = np.full(len(steps), 1.0 / len(steps))
    for _ in range(200):  # far more steps than it takes to settle
        shares = shares @ steps
    return shares


def _ends(weights: Floats, key: Key) -> Floats:
    """Return (frames, 24) nats for the tonic where a phrase opens and closes on a tone of it."""
    tonic = key.tonic + (MINOR if key.mode == "minor" else 0)
    tones = [0, 3, 7] if key.mode == "minor" else [0, 4, 7]
    table = np.zeros((len(weights), NONE))
    table[0, tonic] += OPENS * _share(weights[0], tones)
    sung = np.flatnonzero(weights.sum(axis=1) > 0.0)
    if len(sung):
        # After the last note the harmony stays where that note closed.
        table[sung[-1] :, tonic] += CLOSES * _share(weights[sung[-1]], tones)
    return table


def _share(weights: Floats, tones: list[int]) -> float:
    """Return what share of a frame's melody lies on some tones."""
    return float(weights[tones].sum() / max(weights.sum(), 1e-9))


def _change_costs(frames: int, taste: Taste) -> Floats:
    """Return (frames, CLASSES, CLASSES) nats of a change of chord into each frame."""
    plainer = COMPLEXITY_COST * (AS_WRITTEN - taste.complexity)
    restless = RESTLESS * float(np.log(STAYS / taste.harmony.stay))
    costs = np.full(frames, plainer - restless)
    inside = SLOW_COST if taste.harmony.slow else HALF_BAR_COST if taste.harmony.half_bars else BAR_COST
    if taste.mid_bar:
        costs[1::2] = plainer + (FREE_SHARE if taste.free else 1.0) * inside
    return np.asarray(-costs[:, None, None] * (1.0 - np.eye(CLASSES)), np.float64)
