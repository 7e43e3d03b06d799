"""The context network: a small transformer encoder over the moments of a take.

In: `features` (takes, moments, FEATURES) and `beats` (takes, moments), places in beats of the tempo supposed.
Out: logits of every head of `HEADS`, (takes, moments, classes) each.
Every moment sees all others. Attention turns queries and keys by place in beats and by number (rotary embedding: Su et
al. 2021), so that what counts is how far two moments lie apart. After nanoGPT's pre-norm blocks (Karpathy), without
causal mask, dropout or biases in attention.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from vocalmidi.phrase.context_input import FEATURES, HEADS

BEAT_PERIODS = (0.5, 1.0, 2.0, 4.0, 8.0, 32.0)
"""In beats: the turns by which attention tells halves of a beat up to a phrase apart."""
NUMBER_PERIODS = (4.0, 8.0, 16.0, 48.0, 160.0, 640.0)
"""In moments: so that the next but one can be found whatever the rhythm."""


@dataclass(frozen=True, slots=True)
class Config:
    """The network's size.

    width: of the residual stream; heads times 2 × (periods of both kinds).
    layers: blocks.
    widening: hidden units of a block's perceptron over the width.
    """

    width: int = 96
    layers: int = 4
    widening: int = 4

    @property
    def heads(self) -> int:
        """Return how many heads of attention the width makes."""
        return self.width // (2 * len(BEAT_PERIODS + NUMBER_PERIODS))


class Attention(nn.Module):
    """Every moment looks at every other."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.asked = nn.Linear(config.width, 3 * config.width, bias=False)
        self.told = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor | None) -> Tensor:
        """Return what was told; hidden: (takes, 1, 1, moments) −inf where a take has ended, or None."""
        takes, moments, width = x.shape
        query, key, value = self.asked(x).view(takes, moments, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key = turned(query, turn), turned(key, turn)
        weight = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        if hidden is not None:
            weight = weight + hidden
        seen = torch.softmax(weight, dim=-1) @ value
        told: Tensor = self.told(seen.transpose(1, 2).reshape(takes, moments, width))
        return told


class Block(nn.Module):
    """Attention, then a perceptron, each about a normalised residual stream."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.before_attention = nn.LayerNorm(config.width)
        self.attention = Attention(config)
        self.before_perceptron = nn.LayerNorm(config.width)
        self.widen = nn.Linear(config.width, config.widening * config.width)
        self.narrow = nn.Linear(config.widening * config.width, config.width)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], hidden: Tensor | None) -> Tensor:
        """Return the stream after this block."""
        x = x + self.attention(self.before_attention(x), turn, hidden)
        wide = functional.gelu(self.widen(self.before_perceptron(x)), approximate="tanh")
        narrowed: Tensor = x + self.narrow(wide)
        return narrowed


class ContextModel(nn.Module):
    """Rows of features in, logits of all heads out."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.taken = nn.Linear(FEATURES, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.last = nn.LayerNorm(config.width)
        self.answer = nn.Linear(config.width, sum(HEADS.values()))
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.05)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, features: Tensor, beats: Tensor, hidden: Tensor | None = None) -> tuple[Tensor, ...]:
        """Return the logits in the order of HEADS."""
        turn = turns(beats)
        x = self.taken(features)
        for block in self.blocks:
            x = block(x, turn, hidden)
        return torch.split(self.answer(self.last(x)), list(HEADS.values()), dim=-1)


def turns(beats: Tensor) -> tuple[Tensor, Tensor]:
    """Return cosine and sine, (takes, 1, moments, pairs), of the angles by which queries and keys are turned."""
    number = torch.cumsum(torch.ones_like(beats), dim=1)
    angles = [2 * torch.pi * beats / period for period in BEAT_PERIODS]
    angles += [2 * torch.pi * number / period for period in NUMBER_PERIODS]
    angle = torch.stack(angles, dim=-1)[:, None]
    return torch.cos(angle), torch.sin(angle)


def turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Return x, (…, moments, 2 × pairs), with the pairs (first half, second half) turned."""
    first, second = x.chunk(2, dim=-1)
    cosine, sine = (part.to(x.dtype) for part in turn)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers were learnt."""
    return sum(p.numel() for p in model.parameters())
