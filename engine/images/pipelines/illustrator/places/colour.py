"""Arithmetic on "#rrggbb" colours, for everything that lights a place. Called by `air.py`, `brush.py` and the parts."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

_HEX = re.compile(r"#[0-9a-f]{6}")

# Shades met while staging one place; a few hundred each, so several places fit.
_CACHE = 8192


def checked(colour: str) -> str:
    """The colour itself, if it is a plain lower-case hex colour. Nothing else may enter an SVG."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour of the form #rrggbb")
    return colour


@lru_cache(maxsize=_CACHE)
def parse(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def write(red: float, green: float, blue: float) -> str:
    """The hex form, clamped."""
    return "#" + "".join(f"{min(255, max(0, round(part))):02x}" for part in (red, green, blue))


@lru_cache(maxsize=_CACHE)
def mix(one: str, other: str, share: float) -> str:
    """`one` with a `share` (0..1) of `other` in it."""
    a, b = parse(one), parse(other)
    return write(*(x + (y - x) * share for x, y in zip(a, b, strict=True)))


@lru_cache(maxsize=_CACHE)
def tinted(colour: str, tint: str, strength: float) -> str:
    """The colour seen in light of colour `tint`."""
    a, b = parse(colour), parse(tint)
    return mix(colour, write(*(x * y / 255 for x, y in zip(a, b, strict=True))), strength)


@lru_cache(maxsize=_CACHE)
def greyed(colour: str, share: float) -> str:
    """The colour with a share of its saturation taken away."""
    red, green, blue = parse(colour)
    grey = 0.3 * red + 0.59 * green + 0.11 * blue
    return mix(colour, write(grey, grey, grey), share)


def lighter(colour: str, share: float) -> str:
    """Towards white."""
    return mix(colour, "#ffffff", share)


def darker(colour: str, share: float) -> str:
    """Towards a warm black: pure black looks dead in print."""
    return mix(colour, "#120c14", share)


@lru_cache(maxsize=_CACHE)
def saturated(colour: str, factor: float) -> str:
    """The colour with its saturation multiplied."""
    red, green, blue = (part / 255 for part in parse(colour))
    hue, light, sat = colorsys.rgb_to_hls(red, green, blue)
    return write(*(part * 255 for part in colorsys.hls_to_rgb(hue, light, min(1.0, sat * factor))))
