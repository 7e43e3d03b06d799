"""The live voice model: the considered one's convolutions made causal, one LSTM, and heads at several delays.

In: (1 or batch, PAST + frames, WIDTH) pictures of which the first PAST were seen before, and the LSTM's state. Out:
(batch, frames, LiveHeads.OUTPUTS) logits and the new state. The same graph serves training (a phrase, zeros before it)
and streaming (one hop at a time), so that they're equal by construction. A head at delay d says at frame k what it
thinks of frame k - d: the latency is chosen where the heads are read, not when training.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.voice.model_front import PITCH_REACH, PitchFront, TimbreFront, front_mflop_per_frame
from training.voice.model_vowels import VowelBranch, vowels_mflop_per_frame
from vocalmidi.frames.features import TONE_BINS
from vocalmidi.frames.heads import DELAYS, PAST, VOWEL_CLASSES, Heads, LiveHeads


@dataclass(frozen=True, slots=True)
class LiveConfig:
    """The size of the live model."""

    first_channels: int = 16
    """As the considered one."""
    pitch_channels: int = 8
    """As the considered one."""
    pitch_features: int = 48
    """As the considered one."""
    mel_channels: int = 32
    """A little fewer: every hop pays them five frames at a time."""
    hidden: int = 192
    """Half as much again as the experiment's: a fifth more work a hop."""
    dropout: float = 0.1
    """As the considered one, less: one layer that sees only the past."""
    vowel_channels: int = 0
    """As the considered one."""


class LiveModel(nn.Module):
    """The live model; see the module's docstring."""

    def __init__(self, config: LiveConfig) -> None:
        super().__init__()
        self.config = config
        self.tones = PitchFront(config.first_channels, config.pitch_channels, config.pitch_features, causal=True)
        self.mels = TimbreFront(config.mel_channels, causal=True)
        self.recurrent = nn.LSTM(config.pitch_features + config.mel_channels, config.hidden, batch_first=True)
        self.heads = nn.Linear(config.hidden, LiveHeads.OUTPUTS)
        self.dropout = nn.Dropout(config.dropout)
        if config.vowel_channels:
            every = len(DELAYS) * VOWEL_CLASSES
            self.vowels = VowelBranch(config.vowel_channels, config.pitch_features, every, causal=True)

    def forward(self, picture: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of the frames after the first PAST, and the state after the last."""
        salience, pitch, remembered, (hidden, cell) = self.hear(picture, hidden, cell)
        out = self.heads(self.dropout(remembered))
        first = LiveHeads.F0.start
        blocks = out[..., :first]
        if self.config.vowel_channels:
            blocks = with_vowels(blocks, self.vowels(picture[..., TONE_BINS:], pitch))
        return torch.cat([blocks, out[..., first:] + salience], dim=-1), hidden, cell

    def hear(
        self, picture: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Return the trunk: salience, pitch features, what is remembered, and the state after the last frame."""
        salience, pitch = self.tones(picture[:, PAST - PITCH_REACH :, :TONE_BINS])
        heard = torch.cat([pitch, self.mels(picture[..., TONE_BINS:])], dim=-1)
        remembered, state = self.recurrent(self.dropout(heard), (hidden, cell))
        return salience, pitch, remembered, state

    def from_nothing(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what `forward` takes for phrases (batch, frames, WIDTH) before which nothing was heard."""
        before = picture.new_zeros(len(picture), PAST, picture.shape[-1])
        state = picture.new_zeros(1, len(picture), self.config.hidden)
        return torch.cat([before, picture], dim=1), state, state


def with_vowels(blocks: Tensor, added: Tensor) -> Tensor:
    """Return the blocks of all delays with (..., len(DELAYS) * VOWEL_CLASSES) added to the logits of their vowels."""
    parts = []
    for number in range(len(DELAYS)):
        at, own = number * LiveHeads.BLOCK, slice(number * VOWEL_CLASSES, (number + 1) * VOWEL_CLASSES)
        vowels = slice(at + Heads.VOWELS.start, at + Heads.VOWELS.stop)
        parts += [blocks[..., at : vowels.start], blocks[..., vowels] + added[..., own]]
    return torch.cat(parts, dim=-1)


def at_delay(out: Tensor, number: int) -> Tensor:
    """Return the block of one of DELAYS and the f0, in the order of `Heads`."""
    block = out[..., number * LiveHeads.BLOCK : (number + 1) * LiveHeads.BLOCK]
    return torch.cat([block, out[..., LiveHeads.F0]], dim=-1)


def mflop_per_frame(config: LiveConfig) -> float:
    """Return the multiplications and additions of one hop, in millions."""
    h = config.hidden
    front = front_mflop_per_frame(
        config.first_channels, config.pitch_channels, config.pitch_features, config.mel_channels
    )
    vowels = vowels_mflop_per_frame(config.vowel_channels, config.pitch_features, len(DELAYS) * VOWEL_CLASSES)
    return front + vowels + 2e-6 * h * (4 * (config.pitch_features + config.mel_channels + h) + LiveHeads.OUTPUTS)
