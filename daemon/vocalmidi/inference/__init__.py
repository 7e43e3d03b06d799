"""Trained networks from the package, checked before they run; `open_model` is the only door."""

from vocalmidi.inference.bound import BoundRun
from vocalmidi.inference.card import ModelCard, read_card
from vocalmidi.inference.model import Model, open_model
from vocalmidi.inference.placement import Placement
from vocalmidi.inference.providers import Provider

__all__ = ["BoundRun", "Model", "ModelCard", "Placement", "Provider", "open_model", "read_card"]
