"""The drum network: a small transformer encoder over the 32 steps of two bars.

In: `steps` (loops, 32, FEATURES): the tap, what is already settled of the groove, tempo; `style` and `kind` (loops,),
numbers of STYLES and KINDS, 0 where not told. Out: (loops, 32, 9) each: logits of a stroke, velocity 0–1, shift in
steps. Loudness and timing are said as what to add to the tap's, so that a network that says nothing copies the tap.
Where the tap is complete, a step without tap has no stroke. A settled cell stays what it is: by settling a few cells at
a time, grooves are drawn whose voices know of each other (order-agnostic drawing: Uria et al. 2014; MaskGIT, Chang et
al. 2022). Pre-norm blocks as in `training.context`.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.drums.loops import KINDS, STEPS, STYLES, VOICES

MANY = len(VOICES)
TAPPED, LOUD, SHIFT, COMPLETE, TEMPO, TEMPO_KNOWN, SETTLED = range(7)
"""Columns of `steps`: tapped 0/1, its velocity 0–1, its shift in steps; whether the tap is all there is; octaves above
120 a minute and whether that is told; from SETTLED on, for each voice whether its cell is settled, then whether it is
struck."""
FEATURES = SETTLED + 2 * MANY
PLAIN_LOUDNESS = 0.5
"""What velocities are added to where there is no tap: about the mean of the dataset."""
STILL = 0.15
"""In tenths of a step: a smaller difference from the tap is none. Most strokes are just where the tap is, being it."""
NEVER = -20.0
"""Logit of what can't be."""


@dataclass(frozen=True, slots=True)
class Config:
    """The network's size: width of the residual stream, heads, blocks, widening of a perceptron, share dropped.

    bumps: in how many each tap's loudness and timing are told beside their numbers.
    """

    width: int = 128
    heads: int = 4
    layers: int = 4
    widening: int = 3
    dropout: float = 0.25
    bumps: int = 16


class Block(nn.Module):
    """Attention over all steps with a learnt lean towards distances, then a perceptron."""

    apart: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.before_attention = nn.LayerNorm(config.width)
        self.asked = nn.Linear(config.width, 3 * config.width, bias=False)
        self.told = nn.Linear(config.width, config.width, bias=False)
        self.lean = nn.Parameter(torch.zeros(config.heads, 2 * STEPS - 1))
        self.before_perceptron = nn.LayerNorm(config.width)
        self.widen = nn.Linear(config.width, config.widening * config.width)
        self.narrow = nn.Linear(config.widening * config.width, config.width)
        self.dropped = nn.Dropout(config.dropout)
        apart = torch.arange(STEPS)[:, None] - torch.arange(STEPS)[None] + STEPS - 1
        self.register_buffer("apart", apart, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the stream after this block."""
        loops, steps, width = x.shape
        parts = self.asked(self.before_attention(x)).view(loops, steps, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        weight = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5 + self.lean[:, self.apart]
        seen = torch.softmax(weight, dim=-1) @ value
        x = x + self.dropped(self.told(seen.transpose(1, 2).reshape(loops, steps, width)))
        wide = functional.gelu(self.widen(self.before_perceptron(x)), approximate="tanh")
        narrowed: Tensor = x + self.dropped(self.narrow(wide))
        return narrowed


class Bumps(nn.Module):
    """Tells the tap's loudness and timing as how near each is to some fixed values: what is loud as only a snare is."""

    loudness: Tensor
    lateness: Tensor

    def __init__(self, many: int) -> None:
        super().__init__()
        self.many = many
        self.register_buffer("loudness", torch.linspace(0.0, 1.0, many), persistent=False)
        self.register_buffer("lateness", torch.linspace(-0.5, 0.5, many), persistent=False)

    def forward(self, steps: Tensor) -> Tensor:
        """Return `steps` with (loops, 32, 2 * many) more columns, 0 where nothing is tapped."""
        tapped = steps[..., TAPPED, None]
        off = (steps[..., LOUD, None] - self.loudness, steps[..., SHIFT, None] - self.lateness)
        near = [tapped * torch.exp(-0.5 * (self.many * apart) ** 2) for apart in off]
        return torch.cat([steps, *near], dim=-1)


class DrumModel(nn.Module):
    """Steps, style and kind in; strokes, velocities and shifts out."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.bumps = Bumps(config.bumps)
        self.taken = nn.Linear(FEATURES + 2 * config.bumps, config.width)
        self.place = nn.Parameter(torch.zeros(STEPS, config.width))
        self.style = nn.Embedding(len(STYLES) + 1, config.width)
        self.kind = nn.Embedding(len(KINDS) + 1, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.last = nn.LayerNorm(config.width)
        self.answer = nn.Linear(config.width, 3 * MANY)
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=0.05)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.place, std=0.05)

    def forward(self, steps: Tensor, style: Tensor, kind: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits, velocities and shifts, (loops, 32, 9) each."""
        told = self.style(style) + self.kind(kind)
        x = self.taken(self.bumps(steps)) + self.place + told[:, None]
        for block in self.blocks:
            x = block(x)
        return answered(self.answer(self.last(x)), steps)


def answered(answer: Tensor, steps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return logits, velocities and shifts for (loops, 32, 27) numbers: what a network adds to the tap."""
    logits, louder, later = answer.float().split(MANY, dim=-1)
    tapped, loud = steps[..., TAPPED, None], steps[..., LOUD, None]
    none = (1.0 - tapped) * steps[..., COMPLETE, None]
    base = tapped * loud + (1.0 - tapped) * PLAIN_LOUDNESS
    return (
        logits * (1.0 - none) + NEVER * none,
        torch.clamp(base + 0.25 * louder, 0.01, 1.0),
        torch.clamp(steps[..., SHIFT, None] + 0.1 * functional.softshrink(later, STILL), -0.5, 0.5),
    )


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers were learnt."""
    return sum(p.numel() for p in model.parameters())
