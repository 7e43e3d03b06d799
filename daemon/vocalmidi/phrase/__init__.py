"""From events to a phrase: tempo, bar line, key, tuning, and every note and hit on the grid.

`build_phrase` takes what was sung in samples and gives it in quarter notes. Source: this room's files, one step each.
"""

from vocalmidi.phrase.build import build_phrase
from vocalmidi.phrase.feel import felt_genres, with_feel
from vocalmidi.phrase.key import EARLIER_WEIGHT, PROJECT_WEIGHT, KeyHint, estimate_key, evidence_of
from vocalmidi.phrase.key_features import KeyEvidence
from vocalmidi.phrase.last import last_phrase
from vocalmidi.phrase.onsets import Onsets, onsets_of
from vocalmidi.phrase.passes import LoopTake, combine_passes, split_passes
from vocalmidi.phrase.scale_lock import ScaleLock, locked, scale_tones
from vocalmidi.phrase.settings import TEMPO_RANGE_QPM, Grid, PhraseSettings
from vocalmidi.phrase.strength import with_strength
from vocalmidi.phrase.timing import Timing, free_timing

__all__ = [
    "EARLIER_WEIGHT",
    "PROJECT_WEIGHT",
    "TEMPO_RANGE_QPM",
    "Grid",
    "KeyEvidence",
    "KeyHint",
    "LoopTake",
    "Onsets",
    "PhraseSettings",
    "ScaleLock",
    "Timing",
    "build_phrase",
    "combine_passes",
    "estimate_key",
    "evidence_of",
    "felt_genres",
    "free_timing",
    "last_phrase",
    "locked",
    "onsets_of",
    "scale_tones",
    "split_passes",
    "with_feel",
    "with_strength",
]
