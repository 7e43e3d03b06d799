"""The considered voice model: harmonically stacked convolutions and a bidirectional LSTM, five kinds of heads.

In: (batch, frames, WIDTH) pictures of `vocalmidi.frames.features`. Out: (batch, frames, OUTPUTS) logits, in the order
of `Heads`. Convolutions over frequency are narrow: the harmonics are stacked as channels first (HCQT, Bittner 2017), so
that a few channels see a whole harmonic series. While training they run in bfloat16: a fifth of the time on a core with
AMX. It does not decode: `decode.py` turns the heads into notes.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vocalmidi.frames.features import F0_BINS, HARMONIC_SHIFTS, MEL_BANDS, TONE_BINS

HIT_CLASSES = 5
"""kick, snare, hihat_closed, hihat_open, other."""


@dataclass(frozen=True, slots=True)
class Config:
    """The size of the model."""

    first_channels: int = 16
    """Out of 8 harmonics; in bf16 on a core with AMX as quick as 12."""
    pitch_channels: int = 8
    """Between the two pitch layers and the rest."""
    pitch_features: int = 48
    """What the recurrent layer hears of the pitch map."""
    mel_channels: int = 40
    """What it hears of timing and timbre."""
    hidden: int = 96
    """Each direction; the experiment's figure."""
    layers: int = 2
    """Recurrent; the second cost 0.1 s a step."""


class Heads:
    """Where each head lies in the last axis of the output."""

    ONSET, OFFSET, ACTIVE = 0, 1, 2
    """Of notes as the sound has them: the first pitched sample."""
    LABEL_ONSET, LABEL_OFFSET, LABEL_ACTIVE = 3, 4, 5
    """Of notes as people label recordings: from the syllable's start. Learnt from labelled recordings alone."""
    VOICING, LEVEL = 6, 7
    HITS = slice(8, 8 + HIT_CLASSES)
    F0 = slice(8 + HIT_CLASSES, 8 + HIT_CLASSES + F0_BINS)
    OUTPUTS = 8 + HIT_CLASSES + F0_BINS


class VoiceModel(nn.Module):
    """The considered model; see the module's docstring."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        c, p = config.first_channels, config.pitch_channels
        self.config = config
        self.first = nn.Conv2d(len(HARMONIC_SHIFTS), c, (1, 5), padding=(0, 2))
        self.second = nn.Conv2d(c, p, (3, 5), padding=(1, 2))
        self.salience = nn.Conv2d(p, 1, 1)
        self.gather = nn.Conv2d(p, p, (1, 5), stride=(1, 5))
        self.pitch = nn.Linear(p * F0_BINS // 5, config.pitch_features)
        self.mel_first = nn.Conv1d(MEL_BANDS, config.mel_channels, 5, padding=2)
        self.mel_second = nn.Conv1d(config.mel_channels, config.mel_channels, 5, padding=2)
        heard = config.pitch_features + config.mel_channels
        self.recurrent = nn.LSTM(heard, config.hidden, config.layers, batch_first=True, bidirectional=True)
        self.heads = nn.Linear(2 * config.hidden, Heads.OUTPUTS)
        self.dropout = nn.Dropout(0.1)

    def forward(self, picture: Tensor) -> Tensor:
        """Return the logits of all heads."""
        tones, mels = picture[..., :TONE_BINS], picture[..., TONE_BINS:]
        lowest = HARMONIC_SHIFTS[0]
        stack = torch.stack([tones[..., s - lowest : s - lowest + F0_BINS] for s in HARMONIC_SHIFTS], dim=1)
        if self.training:
            stack = stack.contiguous(memory_format=torch.channels_last)
        with torch.autocast(stack.device.type, torch.bfloat16, enabled=self.training):
            field = torch.relu(self.second(torch.relu(self.first(stack))))
            salience = self.salience(field)[:, 0]
            gathered = torch.relu(self.gather(field)).permute(0, 2, 1, 3).flatten(2)
        salience, gathered = salience.float(), gathered.float()
        timbre = torch.relu(self.mel_second(torch.relu(self.mel_first(mels.transpose(1, 2))))).transpose(1, 2)
        heard = torch.cat([torch.relu(self.pitch(gathered)), timbre], dim=-1)
        remembered, _ = self.recurrent(self.dropout(heard))
        out = self.heads(self.dropout(remembered))
        first = Heads.F0.start
        return torch.cat([out[..., :first], out[..., first:] + salience], dim=-1)


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers are learnt."""
    return sum(p.numel() for p in model.parameters())


def mflop_per_frame(config: Config) -> float:
    """Return the multiplications and additions of one frame, in millions."""
    c, p, h = config.first_channels, config.pitch_channels, config.hidden
    convolutions = F0_BINS * (len(HARMONIC_SHIFTS) * c * 5 + c * p * 15 + p + p * p)
    timbre = 5 * config.mel_channels * (MEL_BANDS + config.mel_channels)
    heard = p * F0_BINS // 5 * config.pitch_features
    inputs = config.pitch_features + config.mel_channels + (config.layers - 1) * 2 * h
    recurrent = 2 * 4 * h * (inputs + config.layers * h)
    return 2e-6 * (convolutions + timbre + heard + recurrent + 2 * h * Heads.OUTPUTS)
