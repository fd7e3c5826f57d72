"""How a scene lights the character: scenes give a `Light`, the composer applies it to the figure."""

from __future__ import annotations

from dataclasses import dataclass

# The drawing board: all coordinates of scenes and figures are in this square, 1024 units a side.
BOARD = 1024


@dataclass(frozen=True, slots=True)
class Light:
    """Colours are "#rrggbb"; strengths are 0..1. `key_from` is left, right, above, below, front or behind."""

    ambient: str = "#ffffff"  # multiplied over the figure
    ambient_strength: float = 0.0
    key: str = "#fff4e0"  # added (screen/soft-light) from one side
    key_from: str = "left"
    key_strength: float = 0.25
    rim: str = ""  # an edge of light from behind, "" for none
    rim_strength: float = 0.0
    shadow: str = "#1a1a2e"  # of the cast and contact shadow
    shadow_strength: float = 0.25


@dataclass(frozen=True, slots=True)
class Scene:
    """A lit place as SVG fragments on the 1024 board. Ids inside start with "sc-"."""

    name: str  # "jazz bar"
    defs: str  # gradients, filters, patterns, clip paths
    back: str  # behind the character
    front: str  # before the character: a table edge, steam, rain, bokeh
    light: Light
    horizon: float = 560.0  # y of the horizon or of the back wall's foot, for wide shots
    ground: float = 930.0  # y where the feet stand in wide shots
    caption: str = ""  # "a dim jazz bar with a saxophone player on stage"
