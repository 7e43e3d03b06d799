"""The drum network's rivals, for its benchmark alone: a variational autoencoder and an adversarial pair.

In and out: as `model_drums`, so that one benchmark asks all; cells that are settled are not looked at. `DrumVae` is
built as GrooVAE's tap2drum (Gillick et al. 2019): recurrent encoder of the tap, one latent vector for two bars,
recurrent decoder; ours says all steps at once instead of one after the other, and what it says adds to the tap as in
the drum network, so that what differs is the bottleneck. `DrumGan` is the drum network given noise, taught by a critic
beside the examples (Isola et al. 2017). Neither is shipped.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.drums.loops import KINDS, STEPS, STYLES
from training.drums.model_drums import FEATURES, MANY, SETTLED, Block, Bumps, Config, DrumModel, answered

TAP_COLUMNS = SETTLED


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """Width of each direction of the recurrent layers, numbers of the latent vector, bumps as in `model_drums`."""

    width: int = 128
    latent: int = 128
    bumps: int = 16


class DrumVae(nn.Module):
    """Tap, style and kind in; strokes, velocities and shifts out, through one latent vector."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.bumps = Bumps(config.bumps)
        self.style = nn.Embedding(len(STYLES) + 1, config.width)
        self.kind = nn.Embedding(len(KINDS) + 1, config.width)
        given = TAP_COLUMNS + 2 * config.bumps + config.width
        self.encoder = nn.GRU(given, config.width, batch_first=True, bidirectional=True)
        self.latent = nn.Linear(2 * config.width, 2 * config.latent)
        self.place = nn.Parameter(0.05 * torch.randn(STEPS, config.width))
        self.opened = nn.Linear(config.latent, config.width)
        self.decoder = nn.GRU(config.width, config.width, 2, batch_first=True, bidirectional=True)
        self.answer = nn.Linear(2 * config.width, 3 * MANY)

    def latents(self, steps: Tensor, style: Tensor, kind: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and logarithm of variance of the latent vectors, (loops, latent) each."""
        told = (self.style(style) + self.kind(kind))[:, None].expand(-1, STEPS, -1)
        heard = torch.cat([self.bumps(steps[..., :TAP_COLUMNS]), told], dim=-1)
        last = self.encoder(heard)[1].transpose(0, 1).reshape(len(steps), -1)
        mean, spread = self.latent(last).float().chunk(2, dim=-1)
        return mean, spread.clamp(-8.0, 4.0)

    def decoded(self, latent: Tensor, told: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return what latent vectors say, beside steps, style and kind."""
        steps, style, kind = told
        x = (self.opened(latent) + self.style(style) + self.kind(kind))[:, None] + self.place
        return answered(self.answer(self.decoder(x)[0]), steps)

    def forward(self, steps: Tensor, style: Tensor, kind: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the likeliest latent vector says."""
        return self.decoded(self.latents(steps, style, kind)[0], (steps, style, kind))


class DrumGan(nn.Module):
    """The drum network with noise in the columns of what is settled; without noise it says what is likeliest."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.body = DrumModel(config)

    def forward(
        self, steps: Tensor, style: Tensor, kind: Tensor, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the network says; noise: (loops, 18), none where None."""
        width = FEATURES - TAP_COLUMNS
        noise = steps.new_zeros(len(steps), width) if noise is None else noise
        given = torch.cat([steps[..., :TAP_COLUMNS], noise[:, None].expand(-1, STEPS, -1)], dim=-1)
        told: tuple[Tensor, Tensor, Tensor] = self.body(given, style, kind)
        return told


class Critic(nn.Module):
    """Says how human a groove is for its tap and style: above 0 human, below made."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.taken = nn.Linear(TAP_COLUMNS + 3 * MANY, config.width)
        self.place = nn.Parameter(0.05 * torch.randn(STEPS, config.width))
        self.style = nn.Embedding(len(STYLES) + 1, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.answer = nn.Linear(config.width, 1)

    def forward(self, steps: Tensor, style: Tensor, groove: Tensor) -> Tensor:
        """Return (loops,); groove: (loops, 32, 27), struck, loud and late cells side by side."""
        x = self.taken(torch.cat([steps[..., :TAP_COLUMNS], groove], dim=-1)) + self.place + self.style(style)[:, None]
        for block in self.blocks:
            x = block(x)
        said: Tensor = self.answer(x.mean(dim=1))[:, 0].float()
        return said
