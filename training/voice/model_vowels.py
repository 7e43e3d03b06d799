"""The vowels' side branch of both voice models: two convolutions over the mel bands and what the model hears of pitch.

In: (b, n, MEL_BANDS) pictures, and the pitch features of the trunk, (b, m, features). Out: (b, m, outputs) logits to be
added to those of the vowel heads. The trunk was taught notes, and of its memory alone the vowels of strangers are told
less well (`train_vowels.py` prints both); a branch leaves every other output what it was, to the bit.
"""

import torch
from torch import Tensor, nn

from training.voice.model_front import TIMBRE_REACH
from vocalmidi.frames.features import MEL_BANDS

MIXED = 48
"""Numbers between the two and the vowels."""


class VowelBranch(nn.Module):
    """See the module's docstring."""

    def __init__(self, channels: int, pitch_features: int, outputs: int, *, causal: bool) -> None:
        super().__init__()
        around = 0 if causal else TIMBRE_REACH // 4
        self.first = nn.Conv1d(MEL_BANDS, channels, 5, padding=around)
        self.second = nn.Conv1d(channels, channels, 5, padding=around)
        self.mix = nn.Linear(channels + pitch_features, MIXED)
        self.say = nn.Linear(MIXED, outputs)
        nn.init.zeros_(self.say.weight)
        nn.init.zeros_(self.say.bias)

    def forward(self, mels: Tensor, pitch: Tensor) -> Tensor:
        """Return what is to be added to the vowels' logits."""
        # How loud it is, is no vowel: each frame about its own mean.
        shape = (mels - mels.mean(dim=-1, keepdim=True)).transpose(1, 2)
        seen = torch.relu(self.second(torch.relu(self.first(shape)))).transpose(1, 2)
        added: Tensor = self.say(torch.relu(self.mix(torch.cat([seen, pitch], dim=-1))))
        return added


def vowels_mflop_per_frame(channels: int, pitch_features: int, outputs: int) -> float:
    """Return the multiplications and additions of one frame, in millions."""
    if not channels:
        return 0.0
    return 2e-6 * (5 * channels * (MEL_BANDS + channels) + MIXED * (channels + pitch_features + outputs))
