"""The timbre encoder: what a sound that begins is, and where it lies among all sounds.

In: `patch` (n, ROWS, PATCH_BANDS) and `age` (n,) of `vocalmidi.frames.patches`. Out: `embedding` (n, EMBEDDING) of
length 1, `logits` (n, len(CLASSES)), `instrument` (n, INSTRUMENTS). Rows not heard yet are told apart from silence by a
second picture, made of the age. Five convolutions; the last picture is read by place, for where in time a sound is
bright or dark says what it is. `Autoencoder` is the baseline: the same encoder, taught to draw the patch again.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.timbre.sounds import CLASSES
from vocalmidi.frames.patches import AFTER, BEFORE, PATCH_BANDS, ROWS

EMBEDDING = 32
INSTRUMENTS = ("bass", "lead", "pad", "brass", "pluck")


@dataclass(frozen=True, slots=True)
class Config:
    """Channels after each convolution and the width of what the heads read: 0.7 MB, 4 million products a patch."""

    first: int = 16
    second: int = 32
    third: int = 48
    fourth: int = 64
    last: int = 32
    features: int = 96
    dropout: float = 0.1
    instrument_features: int = 0
    """Of the instruments' own layer on the last picture, which `train_instruments` adds; 0: there is none yet."""


def _step(inner: int, outer: int, stride: tuple[int, int], size: int = 3) -> nn.Sequential:
    layer = nn.Conv2d(inner, outer, size, stride, size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outer), nn.ReLU())


class TimbreModel(nn.Module):
    """The encoder and its heads."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.look = nn.Sequential(
            _step(2, config.first, (1, 2)),
            _step(config.first, config.second, (2, 2)),
            _step(config.second, config.third, (2, 2)),
            _step(config.third, config.fourth, (2, 1)),
            _step(config.fourth, config.last, (1, 1), 1),
        ).to(memory_format=torch.channels_last)
        places = ROWS // 8 * (PATCH_BANDS // 8)
        self.features = nn.Sequential(
            nn.Flatten(), nn.Dropout(config.dropout), nn.Linear(places * config.last, config.features), nn.ReLU()
        )
        self.embedding = nn.Linear(config.features, EMBEDDING)
        self.logits = nn.Linear(config.features, len(CLASSES))
        self.instrument = instrument_head(config, places * config.last)
        self.alike = nn.Parameter(torch.tensor([10.0, 5.0]))
        """How surely two sounds are the same: the logistic of the first times their cosine less the second."""
        self.register_buffer("rows", (torch.arange(ROWS) - BEFORE).float() / AFTER, persistent=False)

    def look_at(self, patch: Tensor, age: Tensor) -> Tensor:
        """Return the last picture, (n, last, rows, bands)."""
        known = (self.rows[None, :] < age[:, None] - 1e-4).to(patch.dtype)
        both = torch.stack([patch, known[:, :, None].expand(-1, -1, PATCH_BANDS)], dim=1)
        # A training takes half the time with convolutions in bfloat16, channels last, on a CPU that has them.
        with torch.autocast(both.device.type, torch.bfloat16, enabled=self.training):
            seen: Tensor = self.look(both.contiguous(memory_format=torch.channels_last))
        return seen.float()

    def read(self, patch: Tensor, age: Tensor) -> Tensor:
        """Return what the heads see, (n, features)."""
        read: Tensor = self.features(self.look_at(patch, age))
        return read

    def forward(self, patch: Tensor, age: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return embedding, logits, instrument."""
        drawn = self.look_at(patch, age)
        seen = self.features(drawn)
        pointed = self.embedding(seen)
        length = pointed.pow(2).sum(dim=1, keepdim=True).add(1e-12).sqrt()
        instrument = self.instrument(drawn if self.config.instrument_features else seen)
        return pointed / length, self.logits(seen), instrument


def instrument_head(config: Config, places: int) -> nn.Module:
    """Return the head of the instruments: a layer of its own, for what tells hits apart is too little."""
    if not config.instrument_features:
        return nn.Linear(config.features, len(INSTRUMENTS))
    return nn.Sequential(
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(places, config.instrument_features),
        nn.ReLU(),
        nn.Linear(config.instrument_features, len(INSTRUMENTS)),
    )


class Pair(nn.Module):
    """Two encoders side by side in one file: the embedding of the first, the classes and the instruments of the second.

    Little training makes the better neighbours for a user's own sounds, much makes the better classes.
    """

    def __init__(self, first: TimbreModel, second: TimbreModel) -> None:
        super().__init__()
        self.first, self.second = first, second

    @property
    def alike(self) -> Tensor:
        """Return how surely two embeddings are the same sound."""
        return self.first.alike

    def forward(self, patch: Tensor, age: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return embedding, logits, instrument."""
        _, logits, instrument = self.second(patch, age)
        return self.first(patch, age)[0], logits, instrument


class Autoencoder(nn.Module):
    """The baseline: the encoder's embedding, from which the patch is drawn again."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.encoder = TimbreModel(config)
        places = (config.last, ROWS // 8, PATCH_BANDS // 8)
        self.draw = nn.Sequential(
            nn.Linear(EMBEDDING + 1, config.features), nn.ReLU(),
            nn.Linear(config.features, places[0] * places[1] * places[2]), nn.Unflatten(1, places), nn.ReLU(),
            nn.ConvTranspose2d(config.last, config.second, 4, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(config.second, config.first, 4, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(config.first, 1, 4, 2, 1),
        )  # fmt: skip

    def forward(self, patch: Tensor, age: Tensor) -> Tensor:
        """Return the patch drawn again, (n, ROWS, PATCH_BANDS), from a point of length 1 and the age."""
        point = self.encoder(patch, age)[0]
        drawn: Tensor = self.draw(torch.cat([point, age[:, None]], dim=1))[:, 0]
        return drawn


def parameter_count(model: nn.Module) -> int:
    """Return how many numbers were learnt."""
    return sum(p.numel() for p in model.parameters())


def mflop_per_patch(config: Config) -> float:
    """Return the work of one patch: two operations a product."""
    sides = ((ROWS, PATCH_BANDS // 2), (ROWS // 2, PATCH_BANDS // 4), (ROWS // 4, PATCH_BANDS // 8))
    steps = ((2, config.first), (config.first, config.second), (config.second, config.third))
    products = sum(rows * bands * 9 * inner * outer for (rows, bands), (inner, outer) in zip(sides, steps, strict=True))
    last = ROWS // 8 * (PATCH_BANDS // 8)
    products += last * config.fourth * (9 * config.third + config.last)
    products += config.features * (last * config.last + EMBEDDING + len(CLASSES) + len(INSTRUMENTS))
    if config.instrument_features:
        products += config.instrument_features * (last * config.last + len(INSTRUMENTS))
    return 2e-6 * products
