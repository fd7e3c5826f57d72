"""Colour words and colour arithmetic: "faded copper", "light olive", "#3a6ea5" → "#rrggbb".

`words.py` and `wardrobe.py` call it. Nothing but "#rrggbb" ever leaves it, so words cannot reach the SVG.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from functools import cache

_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)?")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")

CLOTH: Mapping[str, str] = {
    "black": "#26252b", "jet": "#202026", "white": "#f3f1ec", "cream": "#efe4cc", "ivory": "#f1e9d8", "beige": "#d6c3a3",
    "off-white": "#ece6da", "tan": "#c49a6c", "camel": "#bd8f58", "khaki": "#a89a6b", "sand": "#d2b98f",
    "brown": "#7a5138", "chocolate": "#573a2b", "coffee": "#5d4334", "cognac": "#9a5a30", "chestnut": "#7b4630",
    "grey": "#8b8d94", "gray": "#8b8d94", "charcoal": "#43464e", "slate": "#5a6675", "silver": "#c3c8cf",
    "graphite": "#3f424a", "ash": "#a7a8a8", "red": "#c23b3b", "crimson": "#a8243c", "scarlet": "#cc3328",
    "burgundy": "#6f2138", "wine": "#6d2338", "maroon": "#6b2530", "oxblood": "#5e1f26", "rust": "#b35a32",
    "terracotta": "#c4694a", "brick": "#a44a3a", "copper": "#b4633a", "orange": "#e0803a", "apricot": "#eda46c",
    "peach": "#f2b494", "coral": "#ea7763", "salmon": "#ec9180", "pink": "#e48ba6", "rose": "#d0738a",
    "blush": "#e8b9b0", "fuchsia": "#c2377f", "magenta": "#b93484", "plum": "#6e3a5d", "purple": "#74509c",
    "violet": "#7a58a8", "lavender": "#b3a3d6", "lilac": "#c0a6d3", "mauve": "#a5839a", "indigo": "#3f4487",
    "navy": "#28365a", "midnight": "#232b47", "blue": "#3f6fae", "cobalt": "#2f55a4", "royal": "#3752a8",
    "sky": "#86b6dc", "denim": "#4f6d94", "teal": "#2c7a7b", "turquoise": "#3aa8a4", "cyan": "#46b3c4",
    "aqua": "#6cc4c0", "petrol": "#245a66", "green": "#4f8a54", "emerald": "#20805c", "forest": "#2f5a41",
    "olive": "#74763f", "moss": "#68733f", "sage": "#9caf8c", "mint": "#a5d4b8", "lime": "#a3c048",
    "bottle": "#234d3b", "jade": "#3b9274", "yellow": "#e7bd45", "mustard": "#cf9a35", "gold": "#caa04a",
    "golden": "#caa04a", "ochre": "#c0873c", "amber": "#d1902f", "honey": "#d3a04c", "saffron": "#e09a2f",
    "bronze": "#96693a", "brass": "#b08d45", "pearl": "#ece5db", "champagne": "#e6d2ae", "lemon": "#efd970",
}  # fmt: skip
HAIR: Mapping[str, str] = {
    "black": "#29242a", "jet": "#201d24", "raven": "#231f29", "blue-black": "#1f2331", "ebony": "#2b2523",
    "espresso": "#38271f", "dark": "#3c2a22", "brown": "#5e3d2a", "brunette": "#533525", "chocolate": "#4c3023",
    "chestnut": "#70402a", "mahogany": "#5a2a22", "auburn": "#84391f", "copper": "#b8582a", "ginger": "#c4662f",
    "red": "#a63d24", "redhead": "#b04f27", "rust": "#a24d28", "strawberry": "#d39363", "caramel": "#a06f42",
    "honey": "#c2914e", "golden": "#d1a455", "gold": "#d1a455", "blonde": "#d9b877", "blond": "#d9b877",
    "dirty": "#a98a5e", "sandy": "#b8996b", "wheat": "#d6bd8a", "platinum": "#e9dfc8", "ash": "#9b8d7d",
    "mousy": "#85705a", "grey": "#94949a", "gray": "#94949a", "silver": "#c2c5cb", "white": "#e9e7e3",
    "salt": "#8b8a8c", "steel": "#7d838c", "charcoal": "#46464d", "snow": "#efeeeb", "ivory": "#eee6d4",
    "pink": "#e08aa8", "rose": "#d9828f", "magenta": "#b93a86", "purple": "#6f4a97", "violet": "#70509f",
    "lavender": "#b1a0d2", "lilac": "#bda5d2", "blue": "#3d6fb0", "navy": "#29365f", "teal": "#2b7d7f",
    "turquoise": "#39a3a3", "mint": "#a0d4b8", "green": "#4c8a58", "emerald": "#1f7c5b", "orange": "#dc7a35",
    "sand": "#c3a877", "walnut": "#4e3526", "umber": "#4b3425", "burgundy": "#5f1f2e", "plum": "#583048",
    "indigo": "#3f4182", "bronze": "#8a5c35", "cinnamon": "#8c4c2c", "amber": "#b57838", "tawny": "#a0683c",
}  # fmt: skip
EYES: Mapping[str, str] = {
    "brown": "#6b4226", "dark": "#3d2718", "black": "#2c2120", "hazel": "#8c6d35", "amber": "#b87a26", "green": "#5c8a52",
    "emerald": "#2f8a5e", "olive": "#7a7a3f", "blue": "#4a80b4", "ice": "#a3c9de", "pale": "#a9c0cc", "grey": "#82929c",
    "gray": "#82929c", "silver": "#a9b5be", "steel": "#6d8294", "slate": "#62737f", "violet": "#7b5ea8",
    "purple": "#7b5ea8", "gold": "#c3942e", "golden": "#c3942e", "honey": "#a9752c", "red": "#a83232",
    "teal": "#33807f", "turquoise": "#3c9c9c", "sea": "#5b9690", "sky": "#72aad6", "chestnut": "#6e3f24",
    "chocolate": "#4e3020", "espresso": "#33211a", "copper": "#a85f2e", "moss": "#6c7a42", "jade": "#4a9274",
    "pink": "#d0789a", "white": "#d8dde0", "navy": "#33507f", "cobalt": "#3460a8", "sapphire": "#3460a8",
    "storm": "#67788a", "whisky": "#a0692a", "whiskey": "#a0692a", "mahogany": "#58301f", "lavender": "#9a8cc4",
}  # fmt: skip
# From light to dark; the first phrase that is found wins, so the longer ones stand first.
SKIN: tuple[tuple[str, str], ...] = (
    ("porcelain", "#f7dccd"), ("alabaster", "#f6dfd0"), ("ivory", "#f5dcc6"), ("very pale", "#f6ddd0"),
    ("very fair", "#f6dccb"), ("pale olive", "#ecd0ae"), ("light olive", "#e2bd95"), ("dark olive", "#a97c54"),
    ("deep olive", "#a2764e"), ("olive", "#cba379"), ("light brown", "#b98460"), ("medium brown", "#9c6846"),
    ("deep brown", "#693f2b"), ("dark brown", "#5f3927"), ("warm brown", "#8f5c3c"), ("rich brown", "#7a4a31"),
    ("golden brown", "#b27b4c"), ("reddish brown", "#8a523a"), ("very dark", "#472c22"), ("deep ebony", "#412820"),
    ("blue-black", "#382723"), ("ebony", "#4a2e23"), ("espresso", "#53332a"), ("mahogany", "#6b3e2c"),
    ("chocolate", "#68402d"), ("umber", "#774b33"), ("sienna", "#a0653f"), ("chestnut", "#88553a"), ("bronze", "#b27c52"),
    ("bronzed", "#b98458"), ("copper", "#b3754d"), ("caramel", "#bf8a5e"), ("honey", "#d3a273"), ("amber", "#c28c58"),
    ("golden", "#d9ab7b"), ("tawny", "#b98456"), ("tan", "#d0a079"), ("tanned", "#cf9d74"), ("sun-kissed", "#d9a981"),
    ("wheat", "#dcb58a"), ("sand", "#e3bf9c"), ("beige", "#e8c6a4"), ("peach", "#f1cbb0"), ("rosy", "#f2c9b5"),
    ("ruddy", "#e5b198"), ("cream", "#f3d7bd"), ("warm light", "#eecaa8"), ("cool light", "#f1cfbd"),
    ("light medium", "#e0b48e"), ("medium light", "#e0b48e"), ("medium dark", "#96633f"), ("light", "#efcdb0"),
    ("fair", "#f4d6c1"), ("pale", "#f5dacb"), ("medium", "#d2a27a"), ("deep", "#6f4530"), ("dark", "#6a4230"),
    ("black", "#593628"), ("brown", "#96623f"), ("white", "#f3d5c0"), ("green", "#8fb287"), ("blue", "#8fb0d2"),
    ("grey", "#a9abb0"), ("gray", "#a9abb0"), ("lavender", "#b7a5d0"), ("silver", "#c2c8d0"), ("red", "#b65a4e"),
)  # fmt: skip
_SHADES = {
    "dark": -0.28, "deep": -0.24, "darker": -0.2, "midnight": -0.4, "bottle": -0.3, "light": 0.3, "pale": 0.45,
    "pastel": 0.5, "soft": 0.15, "dusty": 0.12, "faded": 0.2, "washed": 0.25, "bright": 0.06, "icy": 0.45, "burnt": -0.18,
    "hot": 0.0, "muted": 0.05, "powder": 0.4, "baby": 0.45,
}  # fmt: skip
_GREYED = {"dusty": 0.4, "faded": 0.35, "muted": 0.4, "washed": 0.3, "ash": 0.4, "ashy": 0.4}


def channels(colour: str) -> tuple[float, float, float]:
    """ "#rrggbb" as three shares 0..1."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def from_channels(red: float, green: float, blue: float) -> str:
    """Three shares as "#rrggbb"."""
    return "#" + "".join(f"{round(max(0.0, min(1.0, each)) * 255):02x}" for each in (red, green, blue))


@cache
def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` of `other` in it."""
    pairs = zip(channels(one), channels(other), strict=True)
    return from_channels(*(a + (b - a) * share for a, b in pairs))


@cache
def multiply(one: str, other: str, strength: float) -> str:
    """`one` as seen in the light `other`."""
    pairs = zip(channels(one), channels(other), strict=True)
    return from_channels(*(a * (1 - strength + strength * b) for a, b in pairs))


@cache
def lighten(colour: str, share: float) -> str:
    """Towards white for positive shares, towards a warm black for negative ones, hue kept alive."""
    hue, light, saturation = colorsys.rgb_to_hls(*channels(colour))
    light = light + (1 - light) * share if share > 0 else light * (1 + share)
    return from_channels(*colorsys.hls_to_rgb(hue, light, saturation))


@cache
def deepen(colour: str, share: float) -> str:
    """A shadow of the colour: darker, more saturated, turned a little towards purple-red like real shade."""
    return mix(lighten(colour, -share), "#4a1f3a", share * 0.32)


@cache
def vivid(colour: str, share: float) -> str:
    """More saturated for positive shares, greyer for negative ones."""
    if not share:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*channels(colour))
    return from_channels(*colorsys.hls_to_rgb(hue, light, max(0.0, min(1.0, saturation * (1 + share)))))


def brightness(colour: str) -> float:
    """Perceived lightness, 0..1."""
    red, green, blue = channels(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def hex_in(words: str) -> str:
    """The first hex colour among the words, or ""."""
    found = _HEX.search(words)
    if not found:
        return ""
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))


def tuned(base: str, before: list[str]) -> str:
    """The base colour with "dark", "pale", "dusty" … standing before it."""
    for word in before:
        if word in _SHADES:
            base = lighten(base, _SHADES[word])
        if word in _GREYED:
            base = mix(base, "#8d8a88", _GREYED[word])
    return base


def colours_in(words: str, table: Mapping[str, str]) -> list[tuple[int, str]]:
    """All colours among the words with their positions (in words), in order."""
    own = hex_in(words)
    if own:
        return [(0, own)]
    matches = list(_TOKEN.finditer(words))
    tokens = [match[0] for match in matches]
    found: list[tuple[int, str]] = []
    last = -2
    for at, token in enumerate(tokens):
        name = next((each for each in (token, *token.split("-")[::-1]) if each in table), "")
        if not name or _qualifies(tokens, at, table):
            continue
        colour = tuned(table[name], [*token.split("-")[:-1], *tokens[max(0, at - 2) : at]])
        if found and at == last + 1 and words[matches[last].end() : matches[at].start()].strip(" -") == "":
            found[-1] = (at, mix(found[-1][1], colour, 0.35))  # "strawberry blonde" is one colour
        else:
            found.append((at, colour))
        last = at
    return found


def _qualifies(tokens: list[str], at: int, table: Mapping[str, str]) -> bool:
    """Whether the word only shades the next colour, as in "dark green"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    return following in table and (
        tokens[at] in _SHADES or tokens[at] in {"dirty", "salt", "ash", "dark", "jet"}
    )


def first_colour(words: str, table: Mapping[str, str], default: str) -> str:
    """The first colour named, or the default."""
    found = colours_in(words, table)
    return found[0][1] if found else default


def skin_in(words: str, default: str) -> str:
    """A skin tone with its undertone."""
    base = hex_in(words)
    if not base:
        base = next((tone for name, tone in SKIN if re.search(rf"\b{name}\b", words)), default)
        for hint, tint, share in (
            (r"pink|rosy|cool", "#e08a90", 0.1), (r"golden|yellow|warm", "#dba04e", 0.1), (r"\bred", "#b4523c", 0.1),
            (r"olive undertone|green", "#8a8f4e", 0.1),
        ):  # fmt: skip
            if re.search(rf"({hint})[a-z ]*undertone", words):
                base = mix(base, tint, share)
    return base
