"""The fake GPU for every test here."""

from inference.fake_gpu import gpu

__all__ = ["gpu"]
