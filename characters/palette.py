"""Named colours of skin, hair and eyes, each with the swatch that a wizard shows beside it.

The wizard's questions offer them, and the coach's stronger wordings use their names. From light to dark,
and no shade is "the" default.
"""

from __future__ import annotations

# Pairs of words and their colour as "#rrggbb".
Swatches = tuple[tuple[str, str], ...]

SKIN_TONES: Swatches = (
    ("porcelain", "#f6e0d3"),
    ("fair, pink undertone", "#f1cdb9"),
    ("light beige", "#e8c3a0"),
    ("light olive", "#d9b48a"),
    ("golden beige", "#dcae7c"),
    ("olive", "#bf9566"),
    ("warm tan", "#c68f5f"),
    ("golden brown", "#ad7444"),
    ("bronze", "#9c6a3c"),
    ("warm brown", "#84532f"),
    ("deep brown", "#5f3a22"),
    ("cool deep brown", "#4c3029"),
    ("ebony", "#37231b"),
)

HAIR_COLOURS: Swatches = (
    ("jet black", "#17141a"),
    ("blue-black", "#1b2133"),
    ("dark brown", "#3b2618"),
    ("chestnut", "#5c3521"),
    ("ash brown", "#6f5d4c"),
    ("auburn", "#75321c"),
    ("copper", "#b4602a"),
    ("strawberry blonde", "#d5935d"),
    ("honey blonde", "#cf9f56"),
    ("platinum", "#eae3cf"),
    ("salt-and-pepper", "#7c7a78"),
    ("silver", "#bfc2c6"),
    ("white", "#f0eee9"),
    ("cobalt blue", "#2f58b5"),
    ("rose pink", "#de8aa2"),
    ("mint green", "#8fd0ac"),
)

EYE_COLOURS: Swatches = (
    ("near-black", "#1e1614"),
    ("dark brown", "#3d2716"),
    ("amber", "#b0762a"),
    ("hazel", "#86692f"),
    ("moss green", "#627a3e"),
    ("grey-green", "#7b8b76"),
    ("slate grey", "#6d7780"),
    ("pale blue", "#8fb4d0"),
    ("deep blue", "#2f5b93"),
)
