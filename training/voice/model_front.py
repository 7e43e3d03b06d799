"""The ears of both voice models: harmonically stacked convolutions for pitch, mel convolutions for timing and timbre.

In: the tones and the mels of pictures of `vocalmidi.frames.features`. Out: what a recurrent layer hears of them, and a
salience for each f0. Convolutions over frequency are narrow: the harmonics are stacked as channels first (HCQT,
Bittner 2017), so that a few channels see a whole harmonic series. While training they run in bfloat16: a fifth of the
time on a core with AMX. Causal ears see the past alone; their input begins with the frames before the first.
"""

import torch
from torch import Tensor, nn

from vocalmidi.frames.features import F0_BINS, HARMONIC_SHIFTS, MEL_BANDS

PITCH_REACH, TIMBRE_REACH = 2, 8
"""Frames that each looks beyond its own: all behind where causal, half on either side where not."""


class PitchFront(nn.Module):
    """(b, n, TONE_BINS) to a salience (b, m, F0_BINS) and features (b, m, `features`)."""

    def __init__(self, first_channels: int, channels: int, features: int, *, causal: bool) -> None:
        super().__init__()
        around = 0 if causal else PITCH_REACH // 2
        self.first = nn.Conv2d(len(HARMONIC_SHIFTS), first_channels, (1, 5), padding=(0, 2))
        self.second = nn.Conv2d(first_channels, channels, (3, 5), padding=(around, 2))
        self.salience = nn.Conv2d(channels, 1, 1)
        self.gather = nn.Conv2d(channels, channels, (1, 5), stride=(1, 5))
        self.pitch = nn.Linear(channels * F0_BINS // 5, features)

    def forward(self, tones: Tensor) -> tuple[Tensor, Tensor]:
        """Return (salience, features)."""
        lowest = HARMONIC_SHIFTS[0]
        stack = torch.stack([tones[..., s - lowest : s - lowest + F0_BINS] for s in HARMONIC_SHIFTS], dim=1)
        if self.training:
            stack = stack.contiguous(memory_format=torch.channels_last)
        with torch.autocast(stack.device.type, torch.bfloat16, enabled=self.training):
            field = torch.relu(self.second(torch.relu(self.first(stack))))
            salience = self.salience(field)[:, 0]
            gathered = torch.relu(self.gather(field)).permute(0, 2, 1, 3).flatten(2)
        return salience.float(), torch.relu(self.pitch(gathered.float()))


class TimbreFront(nn.Module):
    """(b, n, MEL_BANDS) to features (b, m, `channels`)."""

    def __init__(self, channels: int, *, causal: bool) -> None:
        super().__init__()
        around = 0 if causal else TIMBRE_REACH // 4
        self.first = nn.Conv1d(MEL_BANDS, channels, 5, padding=around)
        self.second = nn.Conv1d(channels, channels, 5, padding=around)

    def forward(self, mels: Tensor) -> Tensor:
        """Return the features."""
        return torch.relu(self.second(torch.relu(self.first(mels.transpose(1, 2))))).transpose(1, 2)


def front_mflop_per_frame(first_channels: int, channels: int, features: int, mel_channels: int) -> float:
    """Return the multiplications and additions of one frame in both, in millions."""
    c, p = first_channels, channels
    convolutions = F0_BINS * (len(HARMONIC_SHIFTS) * c * 5 + c * p * 15 + p + p * p)
    timbre = 5 * mel_channels * (MEL_BANDS + mel_channels)
    return 2e-6 * (convolutions + timbre + p * F0_BINS // 5 * features)
