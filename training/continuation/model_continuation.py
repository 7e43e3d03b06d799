"""The continuation network: a gated recurrent network over sixteenths that may copy.

In: `indices` (tunes, steps, INDICES) and `numbers` (tunes, steps, NUMBERS) of `vocalmidi.arrange.continuation_input`,
and `state` (LAYERS, tunes, width), zeros at a melody's first step. Out: logits (tunes, steps, CLASSES) of what comes
next and the state after it: a step at a time or a whole song gives the same. Each candidate for a repetition adds to
the logit of its own class as much as the network trusts it just then, so that copying need not be learnt note by note
(the mixture of See, Liu & Manning 2017, on logits). GRU: Cho et al. 2014.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from vocalmidi.arrange.continuation_input import CANDIDATES, CLASSES, HYPER, NUMBERS, PLACES

SIZES = (*[CLASSES + 1] * (1 + CANDIDATES), PLACES, PLACES + 1, HYPER)
"""How many classes each index has."""
WIDTHS = (32, *[24] * CANDIDATES, 24, 12, 4)
"""How many numbers each is told by."""


@dataclass(frozen=True, slots=True)
class Config:
    """The network's size: what is seen is taken in by `taken` numbers; width and layers of the GRU; share dropped."""

    taken: int = 256
    width: int = 320
    layers: int = 1
    dropout: float = 0.2


class ContinuationModel(nn.Module):
    """What is seen and the state in; logits of the next step and the state out."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.named = nn.ModuleList(nn.Embedding(many, wide) for many, wide in zip(SIZES, WIDTHS, strict=True))
        self.taken = nn.Linear(sum(WIDTHS) + NUMBERS, config.taken)
        self.memory = nn.GRU(config.taken, config.width, config.layers, batch_first=True)
        self.widened = nn.Linear(config.width + config.taken, config.taken)
        self.answer = nn.Linear(config.taken, CLASSES)
        self.trust = nn.Linear(config.taken, CANDIDATES)
        self.dropped = nn.Dropout(config.dropout)
        for table in self.named:
            nn.init.normal_(table.weight, std=0.3)  # type: ignore[arg-type] # of an Embedding

    def forward(self, indices: Tensor, numbers: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (tunes, steps, CLASSES) and the state after the last step."""
        indices = indices.long()
        told = [table(indices[..., place]) for place, table in enumerate(self.named)]
        seen = functional.gelu(self.taken(self.dropped(torch.cat([*told, numbers], dim=-1))))
        kept, state = self.memory(self.dropped(seen), state)
        wide = functional.gelu(self.widened(self.dropped(torch.cat([kept, seen], dim=-1))))
        wide = self.dropped(wide)
        logits, trust = self.answer(wide).float(), self.trust(wide).float()
        offered = functional.one_hot(indices[..., 1 : 1 + CANDIDATES], CLASSES + 1)[..., :CLASSES].to(logits.dtype)
        return logits + (trust.unsqueeze(-2) @ offered).squeeze(-2), state

    def begin(self, tunes: int) -> Tensor:
        """Return the state before a melody's first step."""
        return torch.zeros(self.config.layers, tunes, self.config.width)


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers were learnt."""
    return sum(p.numel() for p in model.parameters())
