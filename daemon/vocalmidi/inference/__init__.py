"""Trained networks from the package, checked before they run; `open_model` is the only door."""

from vocalmidi.inference.card import ModelCard, read_card
from vocalmidi.inference.model import BoundRun, Model, Provider, open_model

__all__ = ["BoundRun", "Model", "ModelCard", "Provider", "open_model", "read_card"]
