"""Trained networks, one card each."""
