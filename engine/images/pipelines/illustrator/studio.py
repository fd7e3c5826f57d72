"""The plain backdrop of canonical pictures, coloured to suit the character. `compose.py` calls it where no place is named."""

from __future__ import annotations

from random import Random

from characters.character import Appearance

from .colours import brightness, lighten, mix
from .light import Light, Scene
from .words import read_looks

# Warm, quiet papers; the hair decides which of them stands out best.
_PAPERS = (
    "#d9c7b0",
    "#c9b8c4",
    "#b5c4bd",
    "#aebfd0",
    "#d6b9a6",
    "#c7c3a4",
    "#b9b3cf",
    "#9fb7b8",
    "#d3a98f",
    "#8ea3a0",
)


def studio(appearance: Appearance) -> Scene:
    """A studio wall with soft light from the left."""
    hair = read_looks(appearance).hair.colour
    paper = _PAPERS[Random(appearance.face_seed ^ 0xBAC).randrange(len(_PAPERS))]
    if abs(brightness(paper) - brightness(hair)) < 0.2:
        paper = lighten(paper, 0.45) if brightness(hair) < 0.6 else lighten(paper, -0.35)
    glow, edge = lighten(paper, 0.35), mix(lighten(paper, -0.22), "#5a4a63", 0.15)
    defs = (
        f'<radialGradient id="sc-wall" gradientUnits="userSpaceOnUse" cx="430" cy="380" r="780"><stop offset="0" stop-color="{glow}"/>'
        f'<stop offset="0.45" stop-color="{paper}"/><stop offset="1" stop-color="{edge}"/></radialGradient>'
        f'<linearGradient id="sc-floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{edge}" stop-opacity="0"/><stop offset="1" stop-color="{edge}" stop-opacity="0.8"/></linearGradient>'
    )
    disc = lighten(paper, 0.22)
    back = (
        '<rect width="1024" height="1024" fill="url(#sc-wall)"/>'
        f'<circle cx="556" cy="430" r="352" fill="{disc}" opacity="0.55"/>'
        '<rect y="760" width="1024" height="264" fill="url(#sc-floor)"/>'
    )
    return Scene(
        "studio",
        defs,
        back,
        "",
        Light(key_strength=0.35, shadow_strength=0.25),
        760,
        950,
        "a plain studio backdrop",
    )
