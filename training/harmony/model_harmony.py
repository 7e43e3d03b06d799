"""The harmony network: a small transformer encoder over half bars.

In: `features` (songs, frames, FEATURES). Out: logits of 25 classes of chord, (songs, frames, CLASSES).
Every frame sees all others, or in the live variant those before it. Attention turns queries and keys by number (rotary
embedding: Su et al. 2021) with periods of one bar, two, four and so on, since what recurs in a song recurs there.
Pre-norm blocks after nanoGPT (Karpathy), with dropout: there are only some two thousand songs to learn from.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.context.model_context import turned
from vocalmidi.arrange.chord_input import CLASSES, FEATURES

PERIODS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 3.0, 6.0, 12.0, 24.0)
"""In frames: the turns by which attention tells bars, phrases of four bars and of three, and sections apart."""


@dataclass(frozen=True, slots=True)
class Config:
    """The network's size.

    width: of the residual stream; heads times 2 × periods.
    layers: blocks; widening: hidden units of a block's perceptron over the width; dropout: the share left out.
    live: whether a frame sees only itself and those before it.
    """

    width: int = 168
    layers: int = 4
    widening: int = 4
    dropout: float = 0.15
    live: bool = False

    @property
    def heads(self) -> int:
        """Return how many heads of attention the width makes."""
        return self.width // (2 * len(PERIODS))


class Block(nn.Module):
    """Attention, then a perceptron, each about a normalised residual stream."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.before_attention = nn.LayerNorm(config.width)
        self.asked = nn.Linear(config.width, 3 * config.width, bias=False)
        self.told = nn.Linear(config.width, config.width, bias=False)
        self.before_perceptron = nn.LayerNorm(config.width)
        self.widen = nn.Linear(config.width, config.widening * config.width)
        self.narrow = nn.Linear(config.widening * config.width, config.width)
        self.dropout = config.dropout

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor) -> Tensor:
        """Return the stream after this block; hidden: −inf where a frame must not look, to be added to weights."""
        x = x + self.thinned(self.attend(self.before_attention(x), turn, hidden))
        wide = functional.gelu(self.widen(self.before_perceptron(x)), approximate="tanh")
        perceived: Tensor = x + self.thinned(self.narrow(self.thinned(wide)))
        return perceived

    def thinned(self, x: Tensor) -> Tensor:
        """Return x, in training without some channels, the same throughout a song: dice a frame cost a quarter more."""
        if not self.training:
            return x
        return x * functional.dropout(torch.ones_like(x[:, :1]), self.dropout)

    def attend(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor) -> Tensor:
        """Return what each frame is told by those that it sees."""
        songs, frames, width = x.shape
        query, key, value = self.asked(x).view(songs, frames, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key = turned(query, turn), turned(key, turn)
        weight = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + hidden
        seen = torch.softmax(weight, dim=-1) @ value
        told: Tensor = self.told(seen.transpose(1, 2).reshape(songs, frames, width))
        return told


class HarmonyModel(nn.Module):
    """Rows of features in, logits of chords out."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.taken = nn.Linear(FEATURES, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.last = nn.LayerNorm(config.width)
        self.answer = nn.Linear(config.width, CLASSES)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.05)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, features: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Return the logits; hidden: (songs, 1, 1, frames) −inf behind a song's end, or None."""
        number = torch.cumsum(torch.ones_like(features[:1, :, 0]), dim=1)
        angle = 2 * torch.pi * number[:, None, :, None] / torch.tensor(PERIODS)
        unseen = torch.zeros_like(angle[..., 0])[..., None, :]
        if self.config.live:
            later = number[:, None, None, :] > number[:, None, :, None]
            unseen = torch.where(later, torch.full_like(unseen, -1e9), torch.zeros_like(unseen))
        if hidden is not None:
            unseen = unseen + hidden
        x = self.taken(features)
        for block in self.blocks:
            x = block(x, (torch.cos(angle), torch.sin(angle)), unseen)
        told: Tensor = self.answer(self.last(x))
        return told


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers were learnt."""
    return sum(p.numel() for p in model.parameters())
