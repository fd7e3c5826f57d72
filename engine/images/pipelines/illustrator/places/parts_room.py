"""Parts of rooms: windows, walls, floors, lamps, shelves, crowds. Called by `brush.py` through `catalog.py`."""

from __future__ import annotations

from random import Random

from engine.types import Weather

from . import parts
from .brush import Attributes, Brush
from .colour import darker, lighter, mix

BOARD = 1024


def window(brush: Brush, a: Attributes) -> str:
    """A window. x y w h; view: city hills sea forest street none; frame; bars "2x3"; arch; curtain."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", 200), a.num("h", 300)
    shape = _pane_shape(x, y, w, h, a.num("arch"), a.num("rx"))
    inside = [
        parts.sky(
            brush,
            Attributes(
                {
                    "x": f"{x}",
                    "y": f"{y}",
                    "w": f"{w}",
                    "h": f"{h}",
                    "stars": "18",
                    "moonx": f"{x + w * 0.72}",
                    "moony": f"{y + h * 0.22}",
                    "sunx": f"{x + w * 0.66}",
                }
            ),
        )
    ]
    inside.append(_view(brush, a.word("view", "none"), x, y, w, h))
    inside.append(_weathered(brush, x, y, w, h))
    glare = brush.linear((0, "#ffffff", 0.16), (0.5, "#ffffff", 0.0))
    inside.append(
        f'<polygon points="{x:g},{y:g} {x + w * 0.6:g},{y:g} {x + w * 0.15:g},{y + h:g} {x:g},{y + h:g}" fill="{glare}"/>'
    )
    frame = brush.shade(a.colour("frame", "#f2e6d4"))
    thick = a.num("thick", 12)
    drawn = [f"<g {brush.clip(shape)}>{''.join(inside)}</g>", _bars(a, x, y, w, h, frame)]
    drawn.append(f'<g fill="none" stroke="{frame}" stroke-width="{thick:g}">{shape}</g>')
    if a.word("sill", "yes") == "yes":
        drawn.append(
            f'<rect x="{x - 16:g}" y="{y + h:g}" width="{w + 32:g}" height="16" rx="3" fill="{brush.shade(darker(a.colour("frame", "#f2e6d4"), 0.12))}"/>'
        )
    if a.word("curtain"):
        drawn.append(_curtains(brush, a.colour("curtain", "#c88a6a"), x, y, w, h))
    return "".join(drawn)


def _pane_shape(x: float, y: float, w: float, h: float, arch: float, rx: float) -> str:
    if not arch:
        return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{rx:g}"/>'
    return f'<path d="M{x:g} {y + h:g}V{y + arch:g}Q{x:g} {y:g} {x + w / 2:g} {y:g}Q{x + w:g} {y:g} {x + w:g} {y + arch:g}V{y + h:g}z"/>'


def _bars(a: Attributes, x: float, y: float, w: float, h: float, frame: str) -> str:
    columns, rows = (int(part) for part in a.word("bars", "2x2").split("x"))
    lines = [f"M{x + w * i / columns:.0f} {y:.0f}v{h:.0f}" for i in range(1, columns)]
    lines += [f"M{x:.0f} {y + h * i / rows:.0f}h{w:.0f}" for i in range(1, rows)]
    return (
        f'<path d="{"".join(lines)}" stroke="{frame}" stroke-width="{a.num("bar", 6):g}"/>' if lines else ""
    )


def _view(brush: Brush, kind: str, x: float, y: float, w: float, h: float) -> str:
    """What lies behind the glass."""
    low = y + h

    def ridge(at: float, rise: float, fill: str, far: float) -> str:
        box = {"x": f"{x}", "w": f"{w}", "y": f"{y + h * at}", "h": f"{h * rise}", "base": f"{low}"}
        return parts.ridge(brush, Attributes({**box, "fill": brush.outdoors(fill, far), "n": "2"}))

    if kind == "city":
        box = {"x": f"{x}", "w": f"{w}", "y": f"{low}", "fill": "#6a7390", "pane": f"{max(3.0, w / 60)}"}
        back = parts.skyline(brush, Attributes({**box, "h": f"{h * 0.6}", "n": "7", "fade": "0.45"}))
        return back + parts.skyline(brush, Attributes({**box, "h": f"{h * 0.38}", "n": "6", "fade": "0.1"}))
    if kind == "sea":
        box = {
            "x": f"{x}",
            "w": f"{w}",
            "y": f"{y + h * 0.58}",
            "h": f"{h * 0.42}",
            "ripples": "16",
            "glitter": "no",
        }
        return parts.water(brush, Attributes(box))
    if kind == "hills":
        with brush.unroomed():
            return (
                ridge(0.55, 0.22, "#7fa39a", 0.4)
                + ridge(0.7, 0.16, "#6c9a66", 0.15)
                + ridge(0.86, 0.12, "#557f4c", 0)
            )
    if kind == "forest":
        with brush.unroomed():
            return ridge(0.5, 0.12, "#7fa08a", 0.4) + _row_of_trees(brush, x, w, low, h)
    return ""


def _row_of_trees(brush: Brush, x: float, w: float, low: float, h: float) -> str:
    rng, drawn = brush.random(), []
    for index in range(9):
        far = 0.35 - index * 0.035
        at, tall = x + w * rng.random(), h * rng.uniform(0.45, 0.7)
        half = tall * 0.2
        colour = brush.outdoors("#3f6b4a", max(0.0, far))
        drawn.append(
            f'<polygon points="{at:.0f},{low - tall:.0f} {at - half:.0f},{low:.0f} {at + half:.0f},{low:.0f}" fill="{colour}"/>'
        )
    return "".join(drawn)


def _weathered(brush: Brush, x: float, y: float, w: float, h: float) -> str:
    """Drops, flakes or mist on and behind the glass."""
    weather, rng = brush.air.weather, brush.minor
    if weather in (Weather.RAIN, Weather.STORM):
        count = int(w * h / 1500)
        runs = "".join(
            f"M{x + rng.random() * w:.0f} {y + rng.random() * h:.0f}l-4 {rng.uniform(14, 40):.0f}"
            for _ in range(count)
        )
        return f'<path d="{runs}" stroke="#e4eefa" stroke-width="1.8" stroke-linecap="round" opacity="0.5"/>'
    if weather is Weather.SNOW:
        flakes = "".join(
            f'<circle cx="{x + rng.random() * w:.0f}" cy="{y + rng.random() * h:.0f}" r="{rng.uniform(1.5, 3.6):.1f}"/>'
            for _ in range(int(w * h / 1600))
        )
        return f'<g fill="#ffffff" opacity="0.85">{flakes}</g>'
    if weather is Weather.FOG:
        return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{brush.air.haze}" fill-opacity="0.55"/>'
    return ""


def _curtains(brush: Brush, colour: str, x: float, y: float, w: float, h: float) -> str:
    shade, fold = brush.shade(colour), brush.shade(darker(colour, 0.18))
    wide, low = w * 0.24, y + h + 40
    sides = []
    for left, inner in ((x - wide * 0.55, x + wide * 0.5), (x + w + wide * 0.55, x + w - wide * 0.5)):
        mid = (left + inner) / 2
        sides.append(
            f'<path d="M{left:.0f} {y - 26:.0f}H{inner:.0f}Q{inner:.0f} {y + h * 0.5:.0f} {mid:.0f} {low:.0f}H{left:.0f}z" fill="{shade}"/>'
        )
        sides.append(
            f'<path d="M{mid:.0f} {y - 20:.0f}Q{mid + (inner - mid) * 0.3:.0f} {y + h * 0.5:.0f} {(mid + left) / 2:.0f} {low:.0f}" stroke="{fold}" stroke-width="5" fill="none" opacity="0.7"/>'
        )
    rod = brush.shade("#5a4236")
    return (
        "".join(sides)
        + f'<rect x="{x - wide:.0f}" y="{y - 34:g}" width="{w + wide * 2:.0f}" height="9" rx="4" fill="{rod}"/>'
    )


def floor(brush: Brush, a: Attributes) -> str:
    """A floor in perspective. y; kind: planks, tiles, plain; fill."""
    y, kind = a.num("y", 700), a.word("kind", "planks")
    fill = a.colour("fill", "#9a6a48")
    paint = brush.linear((0, brush.shade(darker(fill, 0.28)), 1), (1, brush.shade(fill), 1))
    drawn = [f'<rect x="0" y="{y:g}" width="{BOARD}" height="{BOARD - y:g}" fill="{paint}"/>']
    line = brush.shade(darker(fill, 0.4))
    if kind in ("planks", "tiles"):
        spread = 12 if kind == "planks" else 9
        pieces = [
            f"M{512 + i * 46:.0f} {y:.0f}L{512 + i * 46 * 3.4:.0f} {BOARD}"
            for i in range(-spread, spread + 1)
        ]
        rows = 7 if kind == "tiles" else 4
        pieces += (
            [f"M0 {y + (BOARD - y) * (i / rows) ** 1.7:.0f}H{BOARD}" for i in range(1, rows)]
            if kind == "tiles"
            else []
        )
        drawn.append(f'<path d="{"".join(pieces)}" stroke="{line}" stroke-width="2.5" opacity="0.5"/>')
    return "".join(drawn)


def bricks(brush: Brush, a: Attributes) -> str:
    """A brick wall. x y w h; fill; size."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 700)
    fill, size, rng = a.colour("fill", "#8a4a3c"), a.num("size", 34), brush.random()
    drawn = [f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{brush.shade(fill)}"/>']
    lines, odd = [], []
    rows = int(h / size) + 1
    for row in range(rows):
        top = y + row * size
        lines.append(f"M{x:.0f} {top:.0f}h{w:.0f}")
        for column in range(int(w / size / 2) + 2):
            left = x + column * size * 2 - (size if row % 2 else 0)
            if x < left < x + w:
                lines.append(f"M{left:.0f} {top:.0f}v{min(size, y + h - top):.0f}")
            if rng.random() < 0.12 and x <= left and left + size * 2 <= x + w and top + size <= y + h:
                odd.append(f"M{left:.0f} {top:.0f}h{size * 2:.0f}v{size:.0f}h-{size * 2:.0f}z")
    drawn.append(f'<path d="{"".join(odd)}" fill="{brush.shade(lighter(fill, 0.12))}" opacity="0.7"/>')
    drawn.append(
        f'<path d="{"".join(lines)}" stroke="{brush.shade(darker(fill, 0.3))}" stroke-width="2.4" opacity="0.7"/>'
    )
    return "".join(drawn)


def panel(brush: Brush, a: Attributes) -> str:
    """A wall with soft light from its middle. x y w h; fill; edge: how much darker its edges are."""
    x, y, w, h = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 760)
    fill = a.colour("fill", "#d9c3a5")
    shade = brush.shade
    paint = brush.radial(
        (0, shade(lighter(fill, 0.12)), 1),
        (0.6, shade(fill), 1),
        (1, shade(darker(fill, a.num("edge", 0.22))), 1),
    )
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{paint}"/>'


_SPINES = "#8c3b3a #c9803f #3f5d6b #6b7f52 #d8b268 #5a3f5e #a65a48 #e3d3b0 #2f4a4f"


def books(brush: Brush, a: Attributes) -> str:
    """Shelves full of books. x y w h rows; wood; full (0..1)."""
    x, y, w, h, rows = a.num("x"), a.num("y"), a.num("w", 240), a.num("h", 500), int(a.num("rows", 5))
    wood, rng, colours = a.colour("wood", "#6b4630"), brush.random(), a.colours("spines", _SPINES)
    drawn = [
        f'<rect x="{x - 12:g}" y="{y - 12:g}" width="{w + 24:g}" height="{h + 18:g}" fill="{brush.shade(wood)}"/>'
    ]
    tall = h / rows
    by_colour: dict[str, list[str]] = {}
    for row in range(rows):
        top = y + row * tall
        drawn.append(
            f'<rect x="{x:g}" y="{top:.0f}" width="{w:g}" height="{tall - 10:.0f}" fill="{brush.shade(darker(wood, 0.5))}"/>'
        )
        _row_of_books(rng, (x, w), top + tall - 10, tall - 16, (colours, by_colour), a.num("full", 0.93))
    for colour, pieces in by_colour.items():
        drawn.append(f'<path d="{"".join(pieces)}" fill="{brush.shade(colour)}"/>')
    return "".join(drawn)


def _row_of_books(
    rng: Random,
    span: tuple[float, float],
    foot: float,
    tall: float,
    paints: tuple[list[str], dict[str, list[str]]],
    full: float,
) -> None:
    at, end = span[0] + 3, span[0] + span[1] - 6
    while at < end:
        wide, high = rng.uniform(9, 21), tall * rng.uniform(0.62, 0.97)
        wide = min(wide, end - at)
        if rng.random() < full:
            piece = f"M{at:.0f} {foot:.0f}v-{high:.0f}h{wide:.1f}v{high:.0f}z"
            paints[1].setdefault(rng.choice(paints[0]), []).append(piece)
        at += wide + 1.5


_GLASS = "#3f6b4f #8c5a2a #c99a3f #5a3038 #d8d2b8 #2f5560"


def bottles(brush: Brush, a: Attributes) -> str:
    """A row of bottles standing on y. x w y h; fills."""
    x, w, y, h = a.num("x"), a.num("w", 200), a.num("y"), a.num("h", 80)
    rng, colours, drawn = brush.random(), a.colours("fills", _GLASS), []
    at = x
    while at < x + w - 14:
        wide, tall = h * rng.uniform(0.2, 0.3), h * rng.uniform(0.75, 1)
        colour = brush.shade(rng.choice(colours))
        neck = wide * 0.3
        drawn.append(
            f'<path d="M{at:.0f} {y:.0f}v-{tall * 0.55:.0f}q0 -{tall * 0.12:.0f} {(wide - neck) / 2:.1f} -{tall * 0.17:.0f}v-{tall * 0.28:.0f}h{neck:.1f}v{tall * 0.28:.0f}q{(wide - neck) / 2:.1f} {tall * 0.05:.0f} {(wide - neck) / 2:.1f} {tall * 0.17:.0f}v{tall * 0.55:.0f}z" fill="{colour}"/>'
        )
        drawn.append(
            f'<rect x="{at + wide * 0.18:.0f}" y="{y - tall * 0.5:.0f}" width="3" height="{tall * 0.42:.0f}" rx="1.5" fill="#ffffff" fill-opacity="0.35"/>'
        )
        at += wide + h * 0.05
    return "".join(drawn)


def lamp(brush: Brush, a: Attributes) -> str:
    """A lamp at (x, y). kind: pendant bulb lantern table floor street; fill: its shade; light; r: reach; drop."""
    x, y, kind = a.num("x"), a.num("y"), a.word("kind", "pendant")
    light, reach = a.colour("light", "#ffcf85"), a.num("r", 190)
    on = brush.lamps
    body = brush.shade(a.colour("fill", "#3a2c2c"))
    glass = mix(brush.shade("#efe2c8"), lighter(light, 0.45), on)
    glow = brush.glow(x, y, reach, light, a.num("strength", 0.7) * on)
    return glow + _LAMPS[kind](x, y, a.num("drop", y), body, glass)


def _pendant(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x:g} {y - drop:g}V{y - 36:g}" stroke="{body}" stroke-width="3"/><path d="M{x - 46:g} {y:g}Q{x - 40:g} {y - 40:g} {x - 9:g} {y - 44:g}h18Q{x + 40:g} {y - 40:g} {x + 46:g} {y:g}z" fill="{body}"/><ellipse cx="{x:g}" cy="{y + 1:g}" rx="40" ry="8" fill="{glass}"/>'


def _bulb(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x:g} {y - drop:g}V{y - 24:g}" stroke="{body}" stroke-width="2.5"/><rect x="{x - 6:g}" y="{y - 30:g}" width="12" height="14" rx="2" fill="{body}"/><circle cx="{x:g}" cy="{y:g}" r="17" fill="{glass}"/>'


def _lantern(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x:g} {y - drop:g}V{y - 44:g}" stroke="{body}" stroke-width="2.5"/><rect x="{x - 18:g}" y="{y - 26:g}" width="36" height="50" rx="4" fill="{glass}"/><path d="M{x - 22:g} {y - 26:g}l10 -18h24l10 18zM{x - 22:g} {y + 24:g}h44v8h-44zM{x - 2:g} {y - 26:g}h4v50h-4z" fill="{body}"/>'


def _table(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x - 4:g} {y + 20:g}h8v60h-8z" fill="{body}"/><ellipse cx="{x:g}" cy="{y + 82:g}" rx="30" ry="8" fill="{body}"/><path d="M{x - 28:g} {y - 34:g}h56l22 62h-100z" fill="{glass}"/>'


def _standing(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x - 4:g} {y + 20:g}h8V{drop:g}h-8z" fill="{body}"/><ellipse cx="{x:g}" cy="{drop:g}" rx="48" ry="9" fill="{body}"/><path d="M{x - 40:g} {y - 44:g}h80l26 80h-132z" fill="{glass}"/>'


def _street(x: float, y: float, drop: float, body: str, glass: str) -> str:
    return f'<path d="M{x - 6:g} {y + 30:g}h12V{drop:g}h-12z" fill="{body}"/><path d="M{x - 14:g} {drop:g}l6 -60h16l6 60z" fill="{body}"/><path d="M{x - 17:g} {y - 28:g}h34l-6 56h-22z" fill="{glass}"/><path d="M{x - 24:g} {y - 28:g}q24 -34 48 0zM{x - 14:g} {y + 26:g}h28v7h-28z" fill="{body}"/>'


_LAMPS = {
    "pendant": _pendant,
    "bulb": _bulb,
    "lantern": _lantern,
    "table": _table,
    "floor": _standing,
    "street": _street,
}


def strings(brush: Brush, a: Attributes) -> str:
    """A string of little lights from (x, y) to (x2, y2), hanging `sag` low."""
    x, y, x2, y2, sag = a.num("x"), a.num("y"), a.num("x2", BOARD), a.num("y2"), a.num("sag", 60)
    n, light = int(a.num("n", 11)), a.colours("lights", "#ffd98a")
    wire = brush.shade("#2a2226")
    drawn = [
        f'<path d="M{x:g} {y:g}Q{(x + x2) / 2:g} {(y + y2) / 2 + sag * 2:g} {x2:g} {y2:g}" fill="none" stroke="{wire}" stroke-width="2.5"/>'
    ]
    for index in range(1, n):
        t = index / n
        px = x + (x2 - x) * t
        py = y + (y2 - y) * t + sag * 4 * t * (1 - t)
        colour = light[index % len(light)]
        bulb = mix(brush.shade("#e8dcc4"), lighter(colour, 0.4), brush.lamps)
        drawn.append(brush.glow(px, py + 8, 40, colour, 0.75 * brush.lamps))
        drawn.append(f'<circle cx="{px:.0f}" cy="{py + 8:.0f}" r="7" fill="{bulb}"/>')
    return "".join(drawn)


def crowd(brush: Brush, a: Attributes) -> str:
    """Heads and shoulders of a crowd along y. x w; size; fill; arms (share raised)."""
    x, w, y, size = a.num("x"), a.num("w", BOARD), a.num("y", 900), a.num("size", 60)
    fill, rng, drawn = a.colour("fill", "#241c30"), brush.random(), []
    at = x
    while at < x + w:
        own = size * rng.uniform(0.85, 1.15)
        top = y - own * rng.uniform(0.9, 1.3)
        drawn.append(
            f'<circle cx="{at:.0f}" cy="{top:.0f}" r="{own * 0.36:.0f}"/><path d="M{at - own * 0.75:.0f} {y + own:.0f}q0 -{own * 1.5:.0f} {own * 0.75:.0f} -{own * 1.6:.0f}q{own * 0.75:.0f} 0 {own * 0.75:.0f} {own * 1.6:.0f}z"/>'
        )
        if rng.random() < a.num("arms"):
            side = rng.choice((-1, 1))
            drawn.append(
                f'<path d="M{at + side * own * 0.5:.0f} {y:.0f}q{side * own * 0.5:.0f} -{own * 0.7:.0f} {side * own * 0.2:.0f} -{own * 1.9:.0f}" stroke="{brush.shade(fill)}" stroke-width="{own * 0.24:.0f}" stroke-linecap="round" fill="none"/>'
            )
        at += own * 1.15
    return f'<g fill="{brush.shade(fill)}">{"".join(drawn)}</g>'


def bokeh(brush: Brush, a: Attributes) -> str:
    """Blurred lights out of focus. x y w h n; fills; r; on: lamps or always."""
    share = brush.lamps if a.word("on", "lamps") == "lamps" else 1.0
    if share < 0.1:
        return ""
    x, y, w, h, r = a.num("x"), a.num("y"), a.num("w", BOARD), a.num("h", 400), a.num("r", 20)
    rng, colours, drawn = brush.random(), a.colours("fills", "#ffc878 #ff9a6a #ffe2b0"), []
    for _ in range(int(a.num("n", 24))):
        px, py, size = (
            x + rng.random() * w + brush.minor.uniform(-6, 6),
            y + rng.random() * h,
            r * rng.uniform(0.4, 1.3),
        )
        colour, strength = rng.choice(colours), rng.uniform(0.12, 0.45) * share
        if not _on_face(px, py, size):
            drawn.append(
                f'<circle cx="{px:.0f}" cy="{py:.0f}" r="{size:.0f}" fill="{colour}" fill-opacity="{strength:.2f}"/>'
            )
    return "".join(drawn)


# Where faces are in medium framing, with a margin for how near the place comes: x, y, x, y.
_FACE = (345.0, 145.0, 685.0, 530.0)


def _on_face(x: float, y: float, size: float) -> bool:
    """Whether a light would lie on the face."""
    left, top, right, bottom = _FACE
    return left - size < x < right + size and top - size < y < bottom + size
