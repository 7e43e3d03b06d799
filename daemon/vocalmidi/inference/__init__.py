"""Trained networks from the package, checked before they run; `open_model` is the only door."""

from vocalmidi.inference.card import ModelCard, read_card
from vocalmidi.inference.model import Model, Provider, open_model

__all__ = ["Model", "ModelCard", "Provider", "open_model", "read_card"]
