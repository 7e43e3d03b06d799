"""Which taught sound a strike is, if any.

In: a profile, and a `Strike` as the encoder describes it. Out: the same, known as one of the user's sounds or as none.
First the likeliest of the taught sounds is found, then whether it is that at all: within `REACH` spreads of its
examples. If not, it is a default class that was not taught, as the encoder has it, or unknown.
Deliberately not here: whether a hit is said, which depends on more than one strike.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from math import exp

import numpy as np

from vocalmidi.profile.neighbourhood import Array, Neighbourhood, beside, features, neighbourhood
from vocalmidi.profile.voice_profile import AGES_S, Example, Taught, VoiceProfile
from vocalmidi.values import HIT_LABELS, Floats, HitLabel, Strike

REACH = 2.6
"""Spreads from a prototype at which a taught sound and one that isn't are as likely as each other."""
SIDE_BY_SIDE: tuple[tuple[int, ...], ...] = ((0,), (1,), (1, 2), (1, 2), (1, 2))
"""For a strike of each of `AGES_S`, the ages that are looked at together: 24 ms tell how it begins and 64 how it goes
on; later than that the next hit has often begun."""
AGE_TOLERANCE_S = 0.004
"""A row of a patch: a strike heard by less than that short of an age is of that age."""
REMEMBERED = 32
"""Strikes whose younger ages are kept: a second of the fastest roll."""
TAUGHT_HIT = 0.9
"""A strike like its examples is a hit at least this surely, whatever the encoder takes it for: the user said it is."""
LIKENESS, NEITHER = 2.0, 1.6
"""Nats a spread by which nearness to a taught sound speaks for a hit, and where it says nothing:
by `benchmarks/few_shot.py`, where 1 to 3 and 1.5 to 1.8 do about as well."""
FARTHEST = 3.0
"""Beyond so many spreads further away says no more."""
_OTHER = HIT_LABELS.index(HitLabel.OTHER)


class Recogniser:
    """Decides by one profile; use one for each source, for it remembers what a strike was like when it was younger."""

    def __init__(self, profile: VoiceProfile) -> None:
        self._taught = profile.taught
        self._younger: OrderedDict[int, dict[int, Strike]] = OrderedDict()
        # All at once, for a live strike can't wait for it.
        combinations = {*((age,) for age in range(len(AGES_S))), *SIDE_BY_SIDE} if profile.taught else ()
        self._near = {ages: _neighbourhood_of(profile.taught, ages) for ages in combinations}
        self._labels = np.array([HIT_LABELS.index(each.label) for each in profile.taught], np.intp)
        self._is_own = self._labels == _OTHER
        # Classes that nobody taught answer for themselves; all else that isn't near a taught sound is unknown.
        self._is_untaught = np.array([n not in self._labels and n != _OTHER for n in range(len(HIT_LABELS))])
        self._usual_hit = [np.median([e.hit_share for e in each.examples], axis=0) for each in profile.taught]

    @property
    def knows_any(self) -> bool:
        """Return whether anything is taught."""
        return bool(self._taught)

    def known(self, strike: Strike) -> Strike:
        """Return the strike with its class, its chance of being a hit and its trigger as the profile has them.

        A sound of the user's own and an unknown sound are of class `OTHER`; only the first has a trigger.
        """
        if not self._taught:
            return strike
        age = age_number(strike.age_s)
        seen = self._seen(strike, age)
        near = self._near[tuple(seen)]
        among = near.chances(_seen_features(list(seen.values())), next(reversed(seen.values())).spectrum)
        best = int(among.argmax())
        away = near.away(beside([each.embedding for each in seen.values()]))
        is_taught = _is_taught(float(away[best]))
        strike = replace(strike, likeness=self._likeness(float(away.min()), strike.label_share))
        untaught = self._untaught_share(strike.label_share) * (1.0 - is_taught)
        if is_taught <= untaught.max():
            return replace(strike, label_share=self._label_share(among * is_taught, untaught))
        hit_share = _as_usual(strike.hit_share, float(self._usual_hit[best][age]))
        trigger = self._taught[best].trigger
        if self._is_own[best]:
            only_other = np.asarray(np.eye(len(HIT_LABELS))[_OTHER], np.float32)
            return replace(strike, label_share=only_other, hit_share=hit_share, trigger=trigger)
        label_share = self._label_share(among * is_taught, untaught)
        return replace(strike, label_share=label_share, hit_share=hit_share, trigger=trigger)

    def _likeness(self, away: float, encoder_share: Floats) -> float:
        """Return for how much the nearest taught sound speaks; what nobody taught need not be near any."""
        speaks = LIKENESS * (NEITHER - min(away, FARTHEST))
        return speaks if speaks > 0.0 else speaks * float(encoder_share[self._labels[~self._is_own]].sum())

    def _label_share(self, taught: Array, untaught: Array) -> Floats:
        """Return the shares of the classes where the strike is no sound of the user's own."""
        shares = untaught.copy()
        np.add.at(shares, self._labels[~self._is_own], taught[~self._is_own])
        return np.asarray(shares / shares.sum(), np.float32)

    def _untaught_share(self, encoder_share: Floats) -> Array:
        """Return the encoder's shares of the classes that nobody taught, with all the rest, unknown, under `OTHER`."""
        share = np.where(self._is_untaught, np.asarray(encoder_share, np.float64), 0.0)
        share[_OTHER] = max(0.0, 1.0 - share.sum())
        return share

    def _seen(self, strike: Strike, age: int) -> dict[int, Strike]:
        """Return the strike at the ages that are looked at together; itself alone where it wasn't heard younger."""
        ages = self._younger.setdefault(strike.onset, {})
        ages |= {age_number(each.age_s): each for each in (*strike.younger, strike)}
        if len(self._younger) > REMEMBERED:
            self._younger.popitem(last=False)
        wanted = SIDE_BY_SIDE[age]
        return {each: ages[each] for each in wanted} if all(each in ages for each in wanted) else {age: strike}


def _neighbourhood_of(taught: Sequence[Taught], ages: tuple[int, ...]) -> Neighbourhood:
    """Return the neighbourhood of taught sounds at some ages side by side."""
    embeddings = [np.stack([beside([e.embedding[age] for age in ages]) for e in each.examples]) for each in taught]
    coordinates = [np.stack([_example_features(e, ages) for e in each.examples]) for each in taught]
    return neighbourhood(
        embeddings, coordinates, [np.stack([e.spectrum[ages[-1]] for e in t.examples]) for t in taught]
    )


def _seen_features(seen: Sequence[Strike]) -> Array:
    """Return what the encoder said at each age."""
    return np.concatenate([features(each.embedding, each.label_share, each.hit_share) for each in seen])


def _example_features(example: Example, ages: tuple[int, ...]) -> Array:
    rows = [features(example.embedding[n], example.label_share[n], float(example.hit_share[n])) for n in ages]
    return np.concatenate(rows)


def _is_taught(away: float) -> float:
    """Return the chance that a sound so many spreads from its likeliest name is of that name."""
    return 1.0 / (1.0 + exp(min(0.5 * (away**2 - REACH**2), 50.0)))


def age_number(age_s: float) -> int:
    """Return which of the ages taught a strike is compared at: the oldest that it has reached."""
    return max((n for n, reached_s in enumerate(AGES_S) if age_s + AGE_TOLERANCE_S > reached_s), default=0)


def _as_usual(hit_share: float, usual: float) -> float:
    """Return the chance of a hit: its odds raised by what the sound's own examples lack of a sure hit."""
    if usual >= TAUGHT_HIT:
        return hit_share
    odds = _odds(hit_share) * _odds(TAUGHT_HIT) / _odds(usual)
    return odds / (1.0 + odds)


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-3), 1.0 - 1e-3)
    return bounded / (1.0 - bounded)
