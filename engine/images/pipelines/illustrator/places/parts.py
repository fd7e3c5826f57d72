"""The parts that code draws better than a hand: sky, land, water, windows, lamps. `brush.py` calls them by name."""

from __future__ import annotations

import math
from random import Random

from engine.types import TimeOfDay, Weather

from .brush import Attributes, Brush
from .colour import darker, lighter, mix

BOARD = 1024


def sky(brush: Brush, a: Attributes) -> str:
    """The sky: gradient, stars or sun or moon, clouds. x y w h."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 600)
    air = brush.air
    paint = brush.linear((0, air.top, 1), (0.6, air.mid, 1), (1, air.low, 1))
    drawn = [f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{paint}"/>']
    if air.time is TimeOfDay.NIGHT and not air.grey:
        drawn.append(stars(brush, Attributes({**a.values, "n": a.word("stars", "110")})))
        drawn.append(_moon(brush, a.num("moonx", air.sun_at[0]), a.num("moony", air.sun_at[1])))
    if air.sun and a.word("sun") != "no":
        drawn.append(_sun(brush, a.num("sunx", air.sun_at[0]), min(air.sun_at[1], y + h * 0.8)))
    if a.word("clouds") != "no":
        drawn.append(clouds(brush, a))
    return "".join(drawn)


def stars(brush: Brush, a: Attributes) -> str:
    """A field of stars."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 600)
    rng, drawn = brush.random(), []
    for index in range(int(a.num("n", 110))):
        px, py = x + rng.random() * w, y + rng.random() ** 1.5 * h * 0.9
        size = rng.choice((0.9, 1.1, 1.4, 2.1 if index % 7 == 0 else 1.2))
        drawn.append(
            f'<circle cx="{px:.0f}" cy="{py:.0f}" r="{size}" fill-opacity="{rng.uniform(0.35, 1):.2f}"/>'
        )
    return f'<g fill="#f4f2ff">{"".join(drawn)}</g>'


def _moon(brush: Brush, x: float, y: float) -> str:
    glow = brush.glow(x, y, 190, "#c8d4ff", 0.4)
    return f'{glow}<circle cx="{x:g}" cy="{y:g}" r="34" fill="#f6f1e0"/><circle cx="{x - 10:g}" cy="{y - 7:g}" r="7" fill="#e2dcc8"/><circle cx="{x + 11:g}" cy="{y + 9:g}" r="5" fill="#e2dcc8"/><circle cx="{x + 8:g}" cy="{y - 13:g}" r="3.5" fill="#e6e0cf"/>'


def _sun(brush: Brush, x: float, y: float) -> str:
    colour, low = brush.air.sun, y > 240
    glow = brush.glow(x, y, 420 if low else 300, mix(colour, brush.air.low, 0.35), 0.85 if low else 0.6)
    return f'{glow}<circle cx="{x:g}" cy="{y:g}" r="{46 if low else 38}" fill="{colour}"/>'


# How many clouds each weather carries.
_CLOUDS = {
    Weather.CLEAR: 4,
    Weather.CLOUDY: 13,
    Weather.RAIN: 15,
    Weather.SNOW: 11,
    Weather.FOG: 5,
    Weather.STORM: 18,
}


def clouds(brush: Brush, a: Attributes) -> str:
    """Clouds in the hour's colours; they drift a little with the seed."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 600)
    air, rng, drawn = brush.air, brush.random(), []
    shift = brush.minor.uniform(-60, 60)
    dark = {Weather.STORM: 0.5, Weather.RAIN: 0.3}.get(air.weather, 0.0)
    for _ in range(_CLOUDS[air.weather]):
        deep = rng.random()
        size = (0.35 + 0.65 * (1 - deep)) * w / BOARD
        px, py = x + rng.random() * w + shift * size, y + h * (0.05 + 0.68 * deep)
        light = lighter(mix(air.low, air.mid, 0.35 * (1 - deep)), 0.35 if air.night < 0.5 else 0.06)
        colour = mix(light, mix(air.top, "#2a3040", 0.5), dark * (0.5 + 0.5 * rng.random()))
        drawn.append(_cloud(px, py, size * rng.uniform(0.8, 1.4), colour, rng))
    return f'<g opacity="{0.55 if air.weather is Weather.CLEAR else 0.8}">{"".join(drawn)}</g>'


def _cloud(x: float, y: float, size: float, colour: str, rng: Random) -> str:
    """A flat-bottomed cloud of overlapping pills."""
    rows = []
    for row in range(3):
        length = (230 - row * 55) * size * rng.uniform(0.8, 1.15)
        height = 34 * size
        left = x - length / 2 + rng.uniform(-26, 26) * size
        rows.append(
            f'<rect x="{left:.0f}" y="{y - row * height * 0.62:.0f}" width="{length:.0f}" height="{height:.0f}" rx="{height / 2:.0f}"/>'
        )
    return f'<g fill="{colour}">{"".join(rows)}</g>'


def ridge(brush: Brush, a: Attributes) -> str:
    """A line of land across the board. y: its mean; h: how high it rises; kind: hills, peaks, dunes; fill."""
    y, h, kind = a.num("y", 560), a.num("h", 120), a.word("kind", "hills")
    x, w, base = a.num("x"), a.num("w", BOARD), a.num("base", BOARD)
    rng = brush.random()
    colour = brush.shade(a.colour("fill", "#6f8f6a"))
    points = (
        _peaks(rng, x, w, y, h, a.num("n", 5)) if kind == "peaks" else _waves(rng, x, w, y, h, a.num("n", 2))
    )
    line = " ".join(f"{px:.0f},{py:.0f}" for px, py in points)
    foot = brush.outdoors(a.colour("fill", "#6f8f6a"), min(0.9, a.num("mist", 0) + a.num("far", 0)))
    paint = brush.linear((0, colour, 1), (1, foot, 1)) if a.num("mist") else colour
    drawn = f'<polygon points="{x:g},{base:g} {line} {x + w:g},{base:g}" fill="{paint}"/>'
    if kind == "peaks" and a.word("snow"):
        drawn += _snowcaps(points, brush.shade(a.colour("snow", "#f2f5fa")), h)
    return drawn


def _waves(rng: Random, x: float, w: float, y: float, h: float, n: float) -> list[tuple[float, float]]:
    phases = [(n * (i + 1), rng.random() * 6.3, 1 / (i + 1)) for i in range(3)]
    steps = 48
    points = []
    for step in range(steps + 1):
        t = step / steps
        lift = sum(math.sin(t * 3.14 * freq + phase) * size for freq, phase, size in phases) / 1.8
        points.append((x + t * w, y - lift * h / 2))
    return points


def _peaks(rng: Random, x: float, w: float, y: float, h: float, n: float) -> list[tuple[float, float]]:
    points, count = [], int(n) * 2
    for step in range(count + 1):
        top = step % 2
        at = x + w * (step + rng.uniform(-0.28, 0.28)) / count
        points.append((at, y - h * rng.uniform(0.55, 1) if top else y - h * rng.uniform(0.0, 0.25)))
    points[0] = (x, points[0][1])
    points[-1] = (x + w, points[-1][1])
    return points


def _snowcaps(points: list[tuple[float, float]], colour: str, h: float) -> str:
    drawn = []
    for before, top, after in zip(points, points[1:], points[2:], strict=False):
        if top[1] >= min(before[1], after[1]):
            continue
        left = _along(top, before, 0.42)
        right = _along(top, after, 0.36)
        mid = (top[0] + h * 0.03, top[1] + (left[1] - top[1]) * 0.62)
        inner = ((left[0] + mid[0]) / 2, left[1] * 0.9 + top[1] * 0.1)
        drawn.append(" ".join(f"{px:.0f},{py:.0f}" for px, py in (top, left, inner, mid, right)))
    return "".join(f'<polygon points="{each}" fill="{colour}"/>' for each in drawn)


def _along(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def skyline(brush: Brush, a: Attributes) -> str:
    """City blocks with windows that are lit by night. x w: extent; y: the foot; h: the tallest; fill; n."""
    x, w, y, h = a.num("x"), a.num("w", BOARD), a.num("y", 620), a.num("h", 300)
    far, rng = a.num("fade", 0.3), brush.random()
    colour = brush.outdoors(a.colour("fill", "#7d86a0"), far)
    lit = mix("#ffd890", brush.air.haze, far * 0.5)
    walls, panes, at = [], [], x
    mean = w / a.num("n", 12)
    while at < x + w:
        wide, tall = mean * rng.uniform(0.6, 1.3), h * rng.uniform(0.35, 1) ** 1.2
        top = y - tall
        walls.append(f"M{at:.0f} {y:.0f}V{top:.0f}h{wide:.0f}V{y:.0f}z")
        if rng.random() < 0.25:
            walls.append(f"M{at + wide * 0.46:.0f} {top:.0f}v{-h * 0.12:.0f}h3v{h * 0.12:.0f}z")
        panes.extend(_panes(rng, at, top, wide, tall, a.num("pane", mean / 9)))
        at += wide * rng.uniform(0.92, 1.12)
    strength = brush.air.night * 0.9
    shown = panes if strength > 0.1 else panes[::2]
    pane = lit if strength > 0.1 else lighter(colour, 0.18)
    return f'<path d="{"".join(walls)}" fill="{colour}"/><path d="{"".join(shown)}" fill="{pane}" opacity="{max(0.45, strength):.2f}"/>'


def _panes(rng: Random, x: float, top: float, wide: float, tall: float, size: float) -> list[str]:
    """Lit windows of one block, as path pieces."""
    step = size * 2.1
    columns, rows = int((wide - size) / step), int((tall - size) / (step * 1.2))
    return [
        f"M{x + size * 0.8 + col * step:.0f} {top + size + row * step * 1.2:.0f}h{size:.1f}v{size * 1.3:.1f}h-{size:.1f}z"
        for col in range(columns)
        for row in range(rows)
        if rng.random() < 0.38
    ]


def water(brush: Brush, a: Attributes) -> str:
    """Water that mirrors the sky. y h; fill: its own colour; deep."""
    x, w, y, h = a.num("x"), a.num("w", BOARD), a.num("y", 560), a.num("h", 240)
    air, rng = brush.air, brush.random()
    own = brush.outdoors(a.colour("fill", "#3f8fb0"))
    paint = brush.linear(
        (0, mix(own, air.low, 0.55), 1), (0.25, mix(own, air.mid, 0.35), 1), (1, darker(own, 0.12), 1)
    )
    drawn = [f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{paint}"/>']
    light = lighter(air.low, 0.35 if air.night < 0.6 else 0.1)
    strokes = []
    for _ in range(int(a.num("ripples", 46))):
        deep = rng.random() ** 1.4
        long = (14 + 90 * deep) * rng.uniform(0.5, 1.2)
        strokes.append(f"M{x + rng.random() * w - long / 2:.0f} {y + 3 + deep * (h - 8):.0f}h{long:.0f}")
    drawn.append(
        f'<path d="{"".join(strokes)}" stroke="{light}" stroke-width="2.6" stroke-linecap="round" opacity="0.4"/>'
    )
    if (air.sun or air.time is TimeOfDay.NIGHT) and not air.grey and a.word("glitter") != "no":
        drawn.append(_glitter(brush, rng, x, w, y, h))
    clip = brush.clip(f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"/>')
    return f"<g {clip}>{''.join(drawn)}</g>"


def _glitter(brush: Brush, rng: Random, x: float, w: float, y: float, h: float) -> str:
    """The path of light under sun or moon."""
    at = min(x + w - 40, max(x + 40, brush.air.sun_at[0]))
    colour = brush.air.sun or "#dfe6ff"
    pieces = []
    for step in range(26):
        deep = step / 26
        half = (12 + 60 * deep) * rng.uniform(0.4, 1)
        pieces.append(f"M{at - half + rng.uniform(-14, 14):.0f} {y + 2 + deep * h:.0f}h{half * 2:.0f}")
    return f'<path d="{"".join(pieces)}" stroke="{colour}" stroke-width="3.4" stroke-linecap="round" opacity="0.6"/>'


def glow(brush: Brush, a: Attributes) -> str:
    """A pool of light. x y r fill strength; on: lamps (default), always, night, sun."""
    on = a.word("on", "lamps")
    share = {
        "lamps": brush.lamps,
        "always": 1.0,
        "night": brush.air.night,
        "sun": 1.0 if brush.air.sun else 0.0,
        "day": 1 - brush.air.night,
    }[on]
    return brush.glow(
        a.num("x"), a.num("y"), a.num("r", 160), a.colour("fill", "#ffc878"), a.num("strength", 0.6) * share
    )


def beam(brush: Brush, a: Attributes) -> str:
    """A cone of light from (x, y) down to a foot at (x2, y2), `w` wide."""
    share = {"lamps": brush.lamps, "always": 1.0, "sun": 1.0 if brush.air.sun else 0.0}[a.word("on", "lamps")]
    if share < 0.05:
        return ""
    colour = a.colour("fill", "#ffe0a8")
    x, y, x2, y2, w, top = a.num("x"), a.num("y"), a.num("x2"), a.num("y2"), a.num("w", 240), a.num("top", 14)
    paint = brush.linear((0, colour, a.num("strength", 0.55) * share), (1, colour, 0))
    return f'<polygon points="{x - top:g},{y:g} {x + top:g},{y:g} {x2 + w / 2:g},{y2:g} {x2 - w / 2:g},{y2:g}" fill="{paint}"/>'
