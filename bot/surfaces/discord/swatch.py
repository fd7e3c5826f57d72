"""A colour as the nearest of the squares that there are as emoji: menus cannot show any other colours."""

from __future__ import annotations

import re

_SQUARES = (
    ("⬛", (25, 23, 26)),
    ("⬜", (240, 236, 228)),
    ("🟫", (110, 66, 38)),
    ("🟥", (178, 48, 40)),
    ("🟧", (195, 105, 45)),
    ("🟨", (222, 178, 90)),
    ("🟩", (110, 150, 80)),
    ("🟦", (70, 110, 180)),
    ("🟪", (165, 105, 165)),
)
_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


def square(swatch: str) -> str:
    """The emoji nearest to "#rrggbb"; "" for anything else."""
    parts = _HEX.fullmatch(swatch)
    if parts is None:
        return ""
    colour = [int(part, 16) for part in parts.groups()]
    return min(_SQUARES, key=lambda one: sum((a - b) ** 2 for a, b in zip(one[1], colour, strict=True)))[0]
