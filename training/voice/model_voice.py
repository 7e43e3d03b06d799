"""The considered voice model: the ears of `model_front.py` and a bidirectional LSTM, five kinds of heads.

In: (batch, frames, WIDTH) pictures of `vocalmidi.frames.features`. Out: (batch, frames, OUTPUTS) logits, in the order
of `vocalmidi.frames.heads.Heads`. It does not decode: `vocalmidi.events` turns the heads into notes.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.voice.model_front import PitchFront, TimbreFront, front_mflop_per_frame
from training.voice.model_vowels import VowelBranch, vowels_mflop_per_frame
from vocalmidi.frames.features import TONE_BINS
from vocalmidi.frames.heads import VOWEL_CLASSES, Heads


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
    dropout: float = 0.15
    """Before and after the recurrence: half an hour of labelled singing is soon known by heart."""
    vowel_channels: int = 0
    """Of the vowels' branch, which `train_vowels` adds; 0: there is none yet."""


class VoiceModel(nn.Module):
    """The considered model; see the module's docstring."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.tones = PitchFront(config.first_channels, config.pitch_channels, config.pitch_features, causal=False)
        self.mels = TimbreFront(config.mel_channels, causal=False)
        heard = config.pitch_features + config.mel_channels
        self.recurrent = nn.LSTM(heard, config.hidden, config.layers, batch_first=True, bidirectional=True)
        self.heads = nn.Linear(2 * config.hidden, Heads.OUTPUTS)
        self.dropout = nn.Dropout(config.dropout)
        if config.vowel_channels:
            self.vowels = VowelBranch(config.vowel_channels, config.pitch_features, VOWEL_CLASSES, causal=False)

    def forward(self, picture: Tensor) -> Tensor:
        """Return the logits of all heads."""
        salience, pitch, remembered = self.hear(picture)
        out = self.heads(self.dropout(remembered))
        parts = [out[..., : Heads.VOWELS.start], out[..., Heads.VOWELS], out[..., Heads.F0] + salience]
        if self.config.vowel_channels:
            parts[1] = parts[1] + self.vowels(picture[..., TONE_BINS:], pitch)
        return torch.cat(parts, dim=-1)

    def hear(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the trunk: salience, pitch features, and what is remembered of both ways."""
        salience, pitch = self.tones(picture[..., :TONE_BINS])
        heard = torch.cat([pitch, self.mels(picture[..., TONE_BINS:])], dim=-1)
        return salience, pitch, self.recurrent(self.dropout(heard))[0]


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers are learnt."""
    return sum(p.numel() for p in model.parameters())


def mflop_per_frame(config: Config) -> float:
    """Return the multiplications and additions of one frame, in millions."""
    h, layers = config.hidden, config.layers
    inputs = config.pitch_features + config.mel_channels + (layers - 1) * 2 * h
    recurrent = 2 * 4 * h * (inputs + layers * h)
    front = front_mflop_per_frame(
        config.first_channels, config.pitch_channels, config.pitch_features, config.mel_channels
    )
    vowels = vowels_mflop_per_frame(config.vowel_channels, config.pitch_features, VOWEL_CLASSES)
    return front + vowels + 2e-6 * (recurrent + 2 * h * Heads.OUTPUTS)
