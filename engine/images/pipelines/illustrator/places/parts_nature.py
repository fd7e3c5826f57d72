"""Parts of nature: trees, grass, rocks, and the weather that falls before everything. Called through `catalog.py`."""

from __future__ import annotations

from random import Random

from engine.types import Weather

from .brush import Attributes, Brush
from .colour import darker, lighter, mix

BOARD = 1024


def trees(brush: Brush, a: Attributes) -> str:
    """A stand of trees along y. x w n; kind: pine round palm bare; h; fill; trunk."""
    x, w, y, h = a.num("x"), a.num("w", BOARD), a.num("y", 700), a.num("h", 200)
    rng, n, kind = brush.random(), int(a.num("n", 8)), a.word("kind", "pine")
    fill = a.colour("fill", "#3f6b4a")
    tones = [
        brush.shade(mix(fill, tone, share))
        for tone, share in ((fill, 0.0), ("#1c3a34", 0.2), ("#c8d08a", 0.14))
    ]
    trunk = brush.shade(a.colour("trunk", "#5a4030"))
    spots = [(x + w * (i + rng.uniform(0.1, 0.9)) / n, h * rng.uniform(0.7, 1.05)) for i in range(n)]
    return "".join(_TREES[kind](rng, at, y, tall, (rng.choice(tones), trunk)) for at, tall in spots)


def _pine(rng: Random, x: float, y: float, h: float, paint: tuple[str, str]) -> str:
    half = h * rng.uniform(0.2, 0.26)
    layers = []
    for index, (top, foot) in enumerate(((1.0, 0.6), (0.8, 0.36), (0.58, 0.1))):
        wide = half * (0.55 + 0.225 * index)
        layers.append(f"M{x:.0f} {y - h * top:.0f}L{x - wide:.0f} {y - h * foot:.0f}H{x + wide:.0f}z")
    return f'<rect x="{x - h * 0.02:.1f}" y="{y - h * 0.15:.0f}" width="{h * 0.04:.1f}" height="{h * 0.15:.0f}" fill="{paint[1]}"/><path d="{"".join(layers)}" fill="{paint[0]}"/>'


def _round(rng: Random, x: float, y: float, h: float, paint: tuple[str, str]) -> str:
    r = h * 0.25
    blobs = ((0, 0.74, 1.0), (-0.2, 0.6, 0.78), (0.21, 0.62, 0.74), (-0.08, 0.86, 0.66), (0.12, 0.52, 0.7))
    leaves = "".join(
        f'<circle cx="{x + dx * h + rng.uniform(-3, 3):.0f}" cy="{y - dy * h:.0f}" r="{r * size:.0f}"/>'
        for dx, dy, size in blobs
    )
    light = f'<g fill="#ffffff" opacity="0.09"><circle cx="{x - 0.1 * h:.0f}" cy="{y - 0.84 * h:.0f}" r="{r * 0.55:.0f}"/><circle cx="{x - 0.24 * h:.0f}" cy="{y - 0.66 * h:.0f}" r="{r * 0.42:.0f}"/></g>'
    trunk = f'<path d="M{x - h * 0.035:.1f} {y:.0f}l{h * 0.012:.1f} -{h * 0.5:.0f}h{h * 0.046:.1f}l{h * 0.012:.1f} {h * 0.5:.0f}z" fill="{paint[1]}"/>'
    return f'{trunk}<g fill="{paint[0]}">{leaves}</g>{light}'


def _palm(rng: Random, x: float, y: float, h: float, paint: tuple[str, str]) -> str:
    lean = rng.choice((-1, 1)) * h * rng.uniform(0.08, 0.18)
    tx, ty = x + lean, y - h
    fronds = []
    for dx, dy in (
        (-0.42, 0.1),
        (-0.36, -0.14),
        (-0.14, -0.26),
        (0.16, -0.25),
        (0.38, -0.12),
        (0.42, 0.12),
        (0.05, 0.2),
    ):
        ex, ey = tx + dx * h, ty + dy * h + h * 0.06
        fronds.append(
            f"M{tx:.0f} {ty:.0f}Q{tx + dx * h * 0.5:.0f} {ty + dy * h - h * 0.13:.0f} {ex:.0f} {ey:.0f}Q{tx + dx * h * 0.45:.0f} {ty + dy * h - h * 0.03:.0f} {tx:.0f} {ty:.0f}z"
        )
    stem = f'<path d="M{x:.0f} {y:.0f}Q{x + lean * 0.2:.0f} {y - h * 0.6:.0f} {tx:.0f} {ty:.0f}" stroke="{paint[1]}" stroke-width="{h * 0.05:.0f}" fill="none" stroke-linecap="round"/>'
    return f'{stem}<path d="{"".join(fronds)}" fill="{paint[0]}"/>'


def _bare(rng: Random, x: float, y: float, h: float, paint: tuple[str, str]) -> str:
    limbs = [f"M{x:.0f} {y:.0f}V{y - h:.0f}"]
    for at in (0.4, 0.52, 0.64, 0.76, 0.86):
        side, reach = rng.choice((-1, 1)), h * (1 - at) * rng.uniform(0.5, 0.8) + h * 0.05
        foot = y - h * at
        limbs.append(
            f"M{x:.0f} {foot:.0f}l{side * reach:.0f} -{reach * 0.9:.0f}M{x + side * reach * 0.5:.0f} {foot - reach * 0.45:.0f}l{side * reach * 0.1:.0f} -{reach * 0.6:.0f}"
        )
    return f'<path d="{"".join(limbs)}" stroke="{paint[1]}" stroke-width="{max(2.5, h * 0.03):.1f}" stroke-linecap="round" fill="none"/>'


_TREES = {"pine": _pine, "round": _round, "palm": _palm, "bare": _bare}


def grass(brush: Brush, a: Attributes) -> str:
    """Tufts of blades along a band. x w y h n; tall; fill; flowers: colours."""
    x, w, y, h = a.num("x"), a.num("w", BOARD), a.num("y", 800), a.num("h", 200)
    rng, tall = brush.random(), a.num("tall", 26)
    fill = a.colour("fill", "#5f8a4a")
    flowers = a.colours("flowers", "")
    light: list[str] = []
    dark: list[str] = []
    drawn: list[str] = []
    for _ in range(int(a.num("n", 60))):
        deep = rng.random()
        px, py, own = x + rng.random() * w, y + deep * h, tall * (0.5 + deep)
        blades = "".join(
            f"M{px + dx:.0f} {py:.0f}q{dx * 0.3:.0f} -{own * 0.6:.0f} {dx * 1.3:.0f} -{own * high:.0f}"
            for dx, high in ((-5, 0.8), (0, 1), (5, 0.75))
        )
        (light if rng.random() < 0.5 else dark).append(blades)
        if flowers and rng.random() < 0.45:
            drawn.append(
                f'<circle cx="{px:.0f}" cy="{py - own:.0f}" r="{3 + 3.5 * deep:.1f}" fill="{brush.shade(rng.choice(flowers))}"/>'
            )
    return "".join(
        f'<path d="{"".join(blades)}" stroke="{brush.shade(tone)}" stroke-width="3" stroke-linecap="round" fill="none"/>'
        for blades, tone in ((light, lighter(fill, 0.14)), (dark, darker(fill, 0.2)))
        if blades
    ) + "".join(drawn)


def rocks(brush: Brush, a: Attributes) -> str:
    """Boulders along y. x w n size fill."""
    x, w, y, size = a.num("x"), a.num("w", BOARD), a.num("y", 860), a.num("size", 60)
    rng, fill, n = brush.random(), a.colour("fill", "#8a8078"), int(a.num("n", 6))
    drawn = []
    for index in range(n):
        own, px = size * rng.uniform(0.5, 1.3), x + w * (index + rng.random()) / n
        top, tilt = own * rng.uniform(0.6, 0.9), own * rng.uniform(-0.3, 0.3)
        drawn.append(
            f'<path d="M{px - own:.0f} {y:.0f}L{px - own * 0.7:.0f} {y - top * 0.7:.0f}L{px + tilt:.0f} {y - top:.0f}L{px + own * 0.75:.0f} {y - top * 0.6:.0f}L{px + own:.0f} {y:.0f}z" fill="{brush.shade(darker(fill, 0.12))}"/>'
        )
        drawn.append(
            f'<path d="M{px - own * 0.7:.0f} {y - top * 0.7:.0f}L{px + tilt:.0f} {y - top:.0f}L{px + own * 0.2:.0f} {y - top * 0.45:.0f}L{px - own * 0.3:.0f} {y:.0f}H{px - own:.0f}z" fill="{brush.shade(lighter(fill, 0.1))}"/>'
        )
    return "".join(drawn)


def falling(brush: Brush, depth: str) -> str:
    """The weather in the open air; `depth` "back" is fine and far, "front" coarse and near."""
    near = depth == "front"
    weather = brush.air.weather
    if weather in (Weather.RAIN, Weather.STORM):
        return _rain(brush, near, weather is Weather.STORM)
    if weather is Weather.SNOW:
        return _snow(brush, near)
    if weather is Weather.FOG:
        return _fog(brush, near)
    return ""


def _rain(brush: Brush, near: bool, storm: bool) -> str:
    rng, count = brush.minor, (70 if near else 130)
    slant, long = (0.42, 62.0) if storm else (0.2, 50.0)
    if not near:
        long *= 0.5
    drops = "".join(
        f"M{rng.uniform(-40, BOARD + 80):.0f} {rng.uniform(-60, BOARD):.0f}l-{long * slant:.0f} {long * rng.uniform(0.7, 1.2):.0f}"
        for _ in range(count)
    )
    bolt = ""
    if storm and not near:
        bolt = f'{brush.glow(820, 130, 320, "#dfe6ff", 0.5)}<path d="M850 0L806 118L836 122L786 236L812 240L770 350L842 216L816 212L872 104L838 100L884 0z" fill="#f4f2ff" opacity="0.9"/>'
    return f'{bolt}<path d="{drops}" stroke="#dce8f6" stroke-width="{2.6 if near else 1.5}" stroke-linecap="round" stroke-opacity="{0.38 if near else 0.3}"/>'


def _snow(brush: Brush, near: bool) -> str:
    rng = brush.minor
    low, high, count = (4.0, 9.0, 46) if near else (1.6, 4.0, 130)
    flakes = "".join(
        f'<circle cx="{rng.uniform(0, BOARD):.0f}" cy="{rng.uniform(0, BOARD):.0f}" r="{rng.uniform(low, high):.1f}"/>'
        for _ in range(count)
    )
    return f'<g fill="#ffffff" fill-opacity="{0.7 if near else 0.85}">{flakes}</g>'


def _fog(brush: Brush, near: bool) -> str:
    haze = lighter(brush.air.haze, 0.12)
    paint = brush.linear((0, haze, 0), (0.5, haze, 0.75), (1, haze, 0))
    bands = ((640, 300, 0.5), (850, 260, 0.55)) if near else ((300, 420, 0.6), (520, 360, 0.7))
    drift = brush.minor.uniform(-30, 30)
    return "".join(
        f'<ellipse cx="{512 + drift * (1 + i):.0f}" cy="{y}" rx="900" ry="{h / 2}" fill="{paint}" fill-opacity="{strength}"/>'
        for i, (y, h, strength) in enumerate(bands)
    )
