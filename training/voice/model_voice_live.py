"""The live voice model: the considered one's convolutions made causal, one LSTM, and heads at several delays.

In: (1 or batch, PAST + frames, WIDTH) pictures of which the first PAST were seen before, and the LSTM's state. Out:
(batch, frames, LiveHeads.OUTPUTS) logits and the new state. The same graph serves training (a phrase, zeros before it)
and streaming (one hop at a time), so that they're equal by construction. A head at delay d says at frame k what it
thinks of frame k - d: the latency is chosen where the heads are read, not when training.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.voice.model_voice import Heads
from vocalmidi.frames.features import F0_BINS, HARMONIC_SHIFTS, MEL_BANDS, TONE_BINS

PAST = 8
"""Frames before the present that the convolutions see: 5 + 5 mel frames less 2."""
DELAYS = (0, 2, 5, 10)
"""Frames of 10 ms by which the heads look back: the choice of latency against accuracy."""
F0_DELAY = 2
"""The window that ends at now weighs most what was 30 ms ago: the pitch is the pitch of that."""


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
    hidden: int = 128
    """The experiment's figure."""


class LiveHeads:
    """Where the heads lie: for each of DELAYS the block of `Heads` without f0, then f0 at F0_DELAY."""

    BLOCK = Heads.F0.start
    F0 = slice(len(DELAYS) * BLOCK, len(DELAYS) * BLOCK + F0_BINS)
    OUTPUTS = len(DELAYS) * BLOCK + F0_BINS


class LiveModel(nn.Module):
    """The live model; see the module's docstring."""

    def __init__(self, config: LiveConfig) -> None:
        super().__init__()
        c, p, m = config.first_channels, config.pitch_channels, config.mel_channels
        self.config = config
        self.first = nn.Conv2d(len(HARMONIC_SHIFTS), c, (1, 5), padding=(0, 2))
        self.second = nn.Conv2d(c, p, (3, 5), padding=(0, 2))
        self.salience = nn.Conv2d(p, 1, 1)
        self.gather = nn.Conv2d(p, p, (1, 5), stride=(1, 5))
        self.pitch = nn.Linear(p * F0_BINS // 5, config.pitch_features)
        self.mel_first = nn.Conv1d(MEL_BANDS, m, 5)
        self.mel_second = nn.Conv1d(m, m, 5)
        self.recurrent = nn.LSTM(config.pitch_features + m, config.hidden, batch_first=True)
        self.heads = nn.Linear(config.hidden, LiveHeads.OUTPUTS)
        self.dropout = nn.Dropout(0.1)

    def forward(self, picture: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of the frames after the first PAST, and the state after the last."""
        tones, mels = picture[:, PAST - 2 :, :TONE_BINS], picture[..., TONE_BINS:]
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
        remembered, (hidden, cell) = self.recurrent(self.dropout(heard), (hidden, cell))
        out = self.heads(self.dropout(remembered))
        first = LiveHeads.F0.start
        return torch.cat([out[..., :first], out[..., first:] + salience], dim=-1), hidden, cell

    def from_nothing(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what `forward` takes for phrases (batch, frames, WIDTH) before which nothing was heard."""
        before = picture.new_zeros(len(picture), PAST, picture.shape[-1])
        state = picture.new_zeros(1, len(picture), self.config.hidden)
        return torch.cat([before, picture], dim=1), state, state


def at_delay(out: Tensor, number: int) -> Tensor:
    """Return the block of one of DELAYS and the f0, in the order of `Heads`."""
    block = out[..., number * LiveHeads.BLOCK : (number + 1) * LiveHeads.BLOCK]
    return torch.cat([block, out[..., LiveHeads.F0]], dim=-1)
