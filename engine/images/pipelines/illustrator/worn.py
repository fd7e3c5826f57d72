"""Glasses, jewellery, hats and head coverings. `figure.py` calls it for each layer."""

from __future__ import annotations

from .looks import Looks


def draw_worn(looks: Looks, turn: float, layer: str) -> str:
    """What is worn on one layer: "neck", "under" the front hair, or "over" it."""
    return ""


def draw_hat(looks: Looks, layer: str, turn: float) -> str:
    """A hat's back or front."""
    return ""
