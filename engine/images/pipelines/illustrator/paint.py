"""Colours of a picture: looks, clothes and light → one stylesheet and its gradients.

Shapes carry classes only, so a face is the same SVG in every scene; here is where the light falls on it.
`figure.py` calls `palette` and `stylesheet`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .colours import brightness, deepen, lighten, mix, multiply, vivid
from .light import Light
from .looks import Looks
from .register import Rendering

# Where the key light stands, as the ends of a gradient over the figure: lit end, shaded end (board units).
_AIMS = {
    "left": (0.0, 0.25, 1.0, 0.75), "right": (1.0, 0.25, 0.0, 0.75), "above": (0.4, 0.0, 0.6, 1.0),
    "below": (0.5, 1.0, 0.5, 0.0), "front": (0.2, 0.0, 0.8, 1.0), "behind": (0.15, 0.0, 0.85, 1.0),
}  # fmt: skip
# Boxes (x, y, width, height) over which each group of surfaces is shaded.
_BOXES = {
    "skin": (395.0, 120.0, 210.0, 310.0),
    "hair": (365.0, 95.0, 270.0, 420.0),
    "cloth": (290.0, 440.0, 420.0, 700.0),
    "hat": (370.0, 40.0, 260.0, 260.0),
}
# Colours that shine or are too small to be shaded.
_PLAIN = ("glint", "lamp", "screen")
# A photographer lifts the face out of a dark place; so do we, by this share of the ambient light.
_FACE_LIGHT = 0.72
CLOTHES = ("top", "inner", "lower", "shoe", "extra", "hat")
_HAIRY = ("hair", "second", "beard")


def palette(looks: Looks, clothes: Mapping[str, str]) -> dict[str, str]:
    """Every colour by name, in white light."""
    skin, dark = looks.skin, brightness(looks.skin) < 0.42
    made = looks.face.makeup
    lip_share = (0.2 + 0.13 * looks.feminine) if not dark else (0.16 + 0.1 * looks.feminine)
    lip = mix(
        mix(skin, "#a8324a" if not dark else "#8a2b42", lip_share),
        "#b3263c",
        0.5 if made >= 1 else 0.22 * made,
    )
    lash = mix("#241818", deepen(looks.hair.colour, 0.5), 0.35)
    colours = {
        **_skin(skin), "blush": _blush(skin),
        "lip": lip, "lip-deep": deepen(lip, 0.22), "lip-light": lighten(lip, 0.35), "mouth": "#54202a", "tongue": "#c4666c",
        "teeth": "#fbf6ee", "white": mix("#f7f2ec", skin, 0.1), "lid-shade": "#6b5560", "pupil": "#17100f", "glint": "#ffffff",
        "lash": lash, "brow": _brow(looks), "metal": looks.metal, "metal-light": lighten(looks.metal, 0.5),
        "metal-deep": deepen(looks.metal, 0.4), "metal-line": deepen(looks.metal, 0.55), "frame": looks.glasses_colour or "#2b2a30",
        "frame-light": lighten(looks.glasses_colour or "#2b2a30", 0.3),
        "freckle": mix(skin, "#8a4a26" if not dark else "#3a2016", 0.55), "scar": mix(lighten(skin, 0.3), "#c8626a", 0.22),
        "vitiligo": lighten(mix(skin, "#f6d9c6", 0.75), 0.1), "ink": mix(skin, "#23343f", 0.72), "mole": deepen(skin, 0.62),
        "birthmark": mix(skin, "#8d3145", 0.4), "paint": "#b23b3b", "dark": "#2b2a30", "petal": "#e8879b", "petal-deep": "#b34d66", "leaf": "#5d8a55", "wood": "#a86f3f", "wood-dark": "#6a4226",
        "paper": "#f5eedd", "paper-shade": "#c9bda2", "steel": "#b9c0ca", "steel-dark": "#6f7783", "drink": "#6b3a22",
        "screen": "#8fc1e0", "fur": "#c98d55", "fur-dark": "#8a5a34", "lamp": "#ffd98a",
    }  # fmt: skip
    for name, iris in (("iris-a", looks.irises[0]), ("iris-b", looks.irises[1])):
        colours |= {name: iris, f"{name}-deep": deepen(iris, 0.5), f"{name}-light": lighten(iris, 0.35)}
    colours |= _ramp("hair", looks.hair.colour) | _ramp("second", looks.hair.second or looks.hair.colour)
    colours |= _ramp("beard", looks.beard_colour or looks.hair.colour)
    for name in CLOTHES:
        default = looks.hat_colour if name == "hat" else ""
        colours |= _ramp(name, clothes.get(name) or default or "#8b8d94")
    return colours


def _ramp(name: str, base: str) -> dict[str, str]:
    """A surface in light and shade."""
    dark = brightness(base)
    lift = 0.16 if dark > 0.25 else 0.12
    return {
        name: base, f"{name}-light": lighten(base, lift), f"{name}-shade": deepen(base, 0.22 if dark > 0.2 else 0.3),
        f"{name}-deep": deepen(base, 0.46), f"{name}-line": deepen(base, 0.58),
    }  # fmt: skip


def _skin(base: str) -> dict[str, str]:
    """Skin in light and shade: its shadows are less saturated than those of cloth, or pale skin looks burnt."""
    ramp = _ramp("skin", base)
    light = _paleness(base)
    calm = {
        name: vivid(mix(ramp[name], base, 0.12 + 0.22 * (1 - light)), -0.3 * light)
        for name in ("skin-shade", "skin-deep")
    }
    return {**ramp, **calm}


def _paleness(skin: str) -> float:
    """0 for dark skin, 1 for pale skin."""
    return max(0.0, min(1.0, (brightness(skin) - 0.25) / 0.4))


def _blush(skin: str) -> str:
    """Warm cheeks: rosy on pale skin, a russet glow on dark skin, where red would look like a bruise."""
    light = _paleness(skin)
    return mix(skin, mix("#b4583a", "#dd4f5a", light), 0.3 + 0.2 * light)


def _brow(looks: Looks) -> str:
    hair = looks.hair.colour
    light = brightness(hair)
    natural = mix(hair, "#2c1b14", 0.3)
    if light > 0.62:  # pale brows would vanish
        natural = mix(hair, "#6b4c34" if looks.age < 65 else "#77726f", 0.6)
    return natural


def lit(colours: Mapping[str, str], light: Light, rendering: Rendering) -> dict[str, str]:
    """The colours in the ambient light of the scene, as vivid as the style has them."""
    return {
        name: value
        if name in _PLAIN
        else multiply(vivid(value, rendering.vivid), light.ambient, _FACE_LIGHT * light.ambient_strength)
        for name, value in colours.items()
    }


def stylesheet(
    colours: Mapping[str, str], light: Light, looks: Looks, rendering: Rendering
) -> tuple[str, str]:
    """The rules for all classes, and the gradients they use."""
    rules, gradients, line = [], [], rendering.line
    for name, value in sorted(colours.items()):
        fill = value
        box = _box(name)
        if box:
            fill = f"url(#g-{name})"
            gradients.append(_gradient(name, colours, light, box, rendering))
        rules.append(f".f-{name}{{fill:{fill}}}")
        rules.append(f".s-{name}{{fill:none;stroke:{value};stroke-linecap:round;stroke-linejoin:round}}")
    if looks.hair.second:
        gradients[:] = [each for each in gradients if 'id="g-hair"' not in each]
        gradients.append(_two_tone(looks, colours))
    gradients += _effects(colours, light, rendering)
    rules.append(f".edge{{stroke-opacity:{line:.2f}}}.edge-soft{{stroke-opacity:{0.65 * line:.2f}}}")
    return "<style>" + "".join(rules) + "</style>", "".join(gradients)


def _box(name: str) -> tuple[float, float, float, float] | None:
    if name == "skin":
        return _BOXES["skin"]
    if name == "hat":
        return _BOXES["hat"]
    if name in _HAIRY:
        return _BOXES["hair"]
    return _BOXES["cloth"] if name in CLOTHES else None


def _ends(light: Light, box: tuple[float, float, float, float]) -> str:
    x1, y1, x2, y2 = _AIMS.get(light.key_from, _AIMS["left"])
    x, y, width, height = box
    return (
        f'gradientUnits="userSpaceOnUse" x1="{x + x1 * width:.0f}" y1="{y + y1 * height:.0f}" '
        f'x2="{x + x2 * width:.0f}" y2="{y + y2 * height:.0f}"'
    )


def _gradient(
    name: str,
    colours: Mapping[str, str],
    light: Light,
    box: tuple[float, float, float, float],
    rendering: Rendering,
) -> str:
    """One surface from its lit side to its shaded side."""
    strength = light.key_strength
    bright = mix(
        mix(colours[name], colours[f"{name}-light"], 0.45 + 0.45 * rendering.gloss),
        light.key,
        0.28 * strength,
    )
    if light.key_from == "behind":
        bright = mix(colours[name], colours[f"{name}-shade"], 0.2)
    share = (0.4 + 0.35 * strength + 0.25 * light.shadow_strength) * rendering.depth
    dim = mix(colours[name], colours[f"{name}-shade"], min(1.0, share))
    dim = mix(dim, light.shadow, 0.12 * light.shadow_strength)
    if rendering.cel:
        return (
            f'<linearGradient id="g-{name}" {_ends(light, box)}><stop offset="0.66" stop-color="{colours[name]}"/>'
            f'<stop offset="0.668" stop-color="{dim}"/></linearGradient>'
        )
    return (
        f'<linearGradient id="g-{name}" {_ends(light, box)}><stop offset="0" stop-color="{bright}"/>'
        f'<stop offset="0.5" stop-color="{colours[name]}"/><stop offset="1" stop-color="{dim}"/></linearGradient>'
    )


def _two_tone(looks: Looks, colours: Mapping[str, str]) -> str:
    """Hair in two colours: from roots to tips, or one half each."""
    one, two, blend = colours["hair"], colours["second"], looks.hair.blend
    if blend == "split":
        where, stops = 'x1="370" y1="0" x2="630" y2="0"', ((0.499, one), (0.501, two))
    elif blend == "tips":
        where, stops = 'x1="0" y1="200" x2="0" y2="560"', ((0.25, one), (0.85, two))
    elif blend == "roots":
        where, stops = 'x1="0" y1="120" x2="0" y2="260"', ((0.1, two), (0.8, one))
    elif blend == "grey":
        where, stops = (
            'x1="0" y1="110" x2="0" y2="330"',
            ((0.1, mix(one, two, 0.22)), (0.95, mix(one, two, 0.72))),
        )
    else:
        where, stops = (
            'x1="380" y1="120" x2="640" y2="420"',
            ((0.0, mix(one, colours["hair-light"], 0.4)), (1.0, colours["hair-shade"])),
        )
    inner = "".join(f'<stop offset="{at}" stop-color="{colour}"/>' for at, colour in stops)
    return f'<linearGradient id="g-hair" gradientUnits="userSpaceOnUse" {where}>{inner}</linearGradient>'


def _effects(colours: Mapping[str, str], light: Light, rendering: Rendering) -> list[str]:
    """Soft blots and veils that faces and bodies use."""
    shade, deep = colours["skin-shade"], colours["skin-deep"]
    dim = (0.3 + 0.45 * light.shadow_strength) * rendering.depth
    soft = 0.62 if rendering.cel else 0.55
    hard = 0.63 if rendering.cel else 1.0
    dim = dim * 0.4 if rendering.cel else min(0.8, dim)
    return [
        f'<radialGradient id="g-cheek"><stop offset="0" stop-color="{colours["blush"]}"/><stop offset="1" stop-color="{colours["blush"]}" stop-opacity="0"/></radialGradient>',
        f'<radialGradient id="g-glow"><stop offset="0" stop-color="{colours["skin-light"]}"/><stop offset="1" stop-color="{colours["skin-light"]}" stop-opacity="0"/></radialGradient>',
        f'<radialGradient id="g-dusk"><stop offset="0" stop-color="{shade}"/><stop offset="1" stop-color="{shade}" stop-opacity="0"/></radialGradient>',
        f'<linearGradient id="g-side" {_ends(light, _BOXES["skin"])}><stop offset="{soft}" stop-color="{deep}" stop-opacity="0"/><stop offset="{hard}" stop-color="{deep}" stop-opacity="{dim:.2f}"/></linearGradient>',
        f'<linearGradient id="g-key" {_ends(light, _BOXES["skin"])}><stop offset="0" stop-color="{light.key}" stop-opacity="{0.5 * light.key_strength:.2f}"/><stop offset="0.4" stop-color="{light.key}" stop-opacity="0"/></linearGradient>',
        f'<linearGradient id="g-throat" gradientUnits="userSpaceOnUse" x1="0" y1="396" x2="0" y2="450"><stop offset="0" stop-color="{deep}" stop-opacity="0.75"/><stop offset="1" stop-color="{deep}" stop-opacity="0"/></linearGradient>',
        f'<radialGradient id="g-contact"><stop offset="0" stop-color="{light.shadow}" stop-opacity="{min(0.9, 0.35 + light.shadow_strength):.2f}"/><stop offset="1" stop-color="{light.shadow}" stop-opacity="0"/></radialGradient>',
    ]
