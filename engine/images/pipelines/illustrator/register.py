"""Style registers: how the same figure is rendered. Identity never changes here, only lines, shading and texture.

`compose.py` calls `rendering` and `texture`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from characters.character import StyleRegister


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a register is rendered. `cel` shades in two flat tones; `gloss` adds highlights; shares are 0..1."""

    line: float = 0.75
    cel: bool = False
    depth: float = 1.0  # contrast between the lit and the shaded side
    vivid: float = 0.0  # how much saturation is added
    gloss: float = 0.0
    texture: str = ""
    grain: float = 0.0  # opacity of the texture
    large_eyes: bool = False


RENDERINGS: Mapping[StyleRegister, Rendering] = {
    StyleRegister.PHOTOREAL: Rendering(
        line=0.1, depth=1.25, vivid=-0.08, gloss=0.25, texture="grain", grain=1.0
    ),
    StyleRegister.ANIME: Rendering(line=1.0, cel=True, depth=1.15, vivid=0.16, large_eyes=True),
    StyleRegister.PAINTERLY: Rendering(line=0.5, depth=1.1, texture="brush", grain=0.5),
    StyleRegister.THREE_D: Rendering(line=0.0, depth=1.55, vivid=0.08, gloss=0.75),
    StyleRegister.HYBRID: Rendering(line=0.8, depth=1.2, gloss=0.3, texture="brush", grain=0.35),
}


@cache
def _tile(name: str) -> str:
    data = files(__package__).joinpath("parts", "texture", f"{name}.png").read_bytes()
    return b64encode(data).decode("ascii")


@cache
def _strokes(strength: float) -> str:
    """Broad translucent brush strokes: they compress far better than a noise of canvas, and render quicker."""
    chance = Random(11)
    out = []
    for _ in range(54):
        x, y, long, wide = (
            chance.uniform(-120, 1000),
            chance.uniform(-40, 1040),
            chance.uniform(160, 420),
            chance.uniform(10, 34),
        )
        rise, tone = -long * chance.uniform(0.2, 0.42), chance.choice(("#ffffff", "#ffffff", "#2a1830"))
        out.append(
            f'<path fill="{tone}" fill-opacity="{strength * chance.uniform(0.05, 0.11):.3f}" d="M {x:.0f} {y:.0f} '
            f"C {x + long * 0.3:.0f} {y + rise * 0.5 - wide:.0f} {x + long * 0.7:.0f} {y + rise - wide:.0f} {x + long:.0f} {y + rise:.0f} "
            f'C {x + long * 0.7:.0f} {y + rise * 0.8 + wide:.0f} {x + long * 0.3:.0f} {y + rise * 0.3 + wide:.0f} {x:.0f} {y:.0f} Z"/>'
        )
    return "".join(out)


def texture(rendering: Rendering) -> tuple[str, str, str]:
    """The texture of the picture: its pattern, brush strokes behind the figure, and a grain over everything."""
    if not rendering.texture:
        return "", "", ""
    if rendering.texture == "brush":
        return "", _strokes(rendering.grain), ""
    pattern = (
        '<pattern id="g-texture" patternUnits="userSpaceOnUse" width="192" height="192">'
        f'<image width="192" height="192" href="data:image/png;base64,{_tile(rendering.texture)}"/></pattern>'
    )
    return (
        pattern,
        "",
        f'<rect width="1024" height="1024" fill="url(#g-texture)" fill-opacity="{rendering.grain:.2f}"/>',
    )
