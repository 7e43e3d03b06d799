"""Which of the singer's hits are a tap: a rhythm on whatever is at hand, and no word on which drums play it.

In: a lead sheet. Out: the sung groove in two, what names its drums and what is tapped; without a network that could
play a kit for it nothing is a tap. A tap is a passage of bars, one after the other, that hits rule, where

- nearly all hits are of no drum class, or nearly all of the whole take are of one: who beatboxes tells at least two
  drums apart somewhere, and a bar of hats alone is then meant as such;
- none is a sound of the user's own, which says what it plays;
- there is on the whole a hit a quarter: fewer are claps to a groove, and no groove, so the genre's plays around them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from vocalmidi.arrange.lead_sheet import LeadSheet
from vocalmidi.arrange.sung_groove import SungGroove, sung_groove
from vocalmidi.values import HitLabel, Phrase

LEARNED_BAR_QN = 4.0
"""The network has learnt from 4/4 alone."""
NEARLY_ALL = 0.9
"""Share of hits: among ten, the ear that tells classes may be wrong once."""


def is_drawn(sheet: LeadSheet) -> bool:
    """Tell whether the network plays the kit: where it is there and has learnt the genre and the metre."""
    learned = sheet.style.drum_way.learned is not None and sheet.phrase.meter.bar_qn == LEARNED_BAR_QN
    return learned and sheet.networks is not None


def without_taps(sheet: LeadSheet) -> tuple[SungGroove, SungGroove]:
    """Return what names its drums, still with all its bars, and what is tapped with the bars that this rules."""
    phrase, sung = sheet.phrase, sung_groove(sheet.phrase, sheet.style.other_key)
    of_one = _share(Counter(hit.label for hit in phrase.hits)) >= NEARLY_ALL
    passages = _passages(sorted(sung.bars)) if is_drawn(sheet) else ()
    tapped = frozenset(bar for run in passages if _is_tap(phrase, sung, run, of_one) for bar in run)
    named, taps = (tuple(hit for hit in sung.hits if (hit.bar in tapped) is yes) for yes in (False, True))
    return SungGroove(named, sung.bars), SungGroove(taps, tapped)


def _passages(bars: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of bars that follow each other."""
    run = list[int]()
    for bar in bars:
        if run and bar != run[-1] + 1:
            yield run
            run = []
        run.append(bar)
    if run:
        yield run


def _is_tap(phrase: Phrase, sung: SungGroove, bars: Sequence[int], of_one: bool) -> bool:
    hits = [hit for hit, at in zip(phrase.hits, sung.hits, strict=True) if bars[0] <= at.bar <= bars[-1]]
    unnamed = sum(hit.label is HitLabel.OTHER for hit in hits) >= NEARLY_ALL * len(hits)
    full = len(hits) >= len(bars) * LEARNED_BAR_QN
    return (unnamed or of_one) and full and all(hit.trigger is None for hit in hits)


def _share(counts: Counter[HitLabel]) -> float:
    """Return the share of what is counted most."""
    return max(counts.values(), default=0) / max(1, counts.total())
