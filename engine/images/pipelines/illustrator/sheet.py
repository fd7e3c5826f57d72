"""The contact sheet of `selfsame character sheet NAME`: one character through moods, framings, places, clothes and styles.

The command line calls `contact_sheet`; each tile is an ordinary picture of the illustrator.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from characters.character import Expression, Outfit, Persona, StyleRegister
from engine.types import Framing, PictureJob, PicturePurpose, Shot, TimeOfDay, Weather

from .colours import lighten
from .compose import compose, ink
from .words import read_looks

# The sheet's width and the gaps, in pixels.
_WIDTH, _GAP, _MARGIN = 1640, 14, 44
_HERO = 520
# Whole figures stand in upright tiles.
_TALL = 1.75
# Every tile is rendered at its own size; one seed for all, so that only what should vary varies.
_SEED = 7
_PLACES = (
    Shot(place="jazz bar", time_of_day=TimeOfDay.NIGHT, framing=Framing.MEDIUM, expression=Expression.HAPPY, action="holding a glass of wine"),
    Shot(place="beach", time_of_day=TimeOfDay.GOLDEN_HOUR, framing=Framing.MEDIUM, expression=Expression.LAUGHING),
    Shot(place="library", framing=Framing.MEDIUM, expression=Expression.FOCUSED, action="reading a book"),
    Shot(place="hiking trail", time_of_day=TimeOfDay.DAWN, framing=Framing.WIDE, expression=Expression.HAPPY),
    Shot(place="neon street", time_of_day=TimeOfDay.NIGHT, weather=Weather.RAIN, framing=Framing.CLOSE_UP),
    Shot(place="snowfield", time_of_day=TimeOfDay.DUSK, framing=Framing.MEDIUM, expression=Expression.HAPPY,
         outfit=Outfit("winter", "red wool coat, cream scarf, jeans, boots")),
)  # fmt: skip
_OUTFITS = (
    "denim jacket over a striped white t-shirt, black jeans, sneakers", "charcoal suit, white shirt, burgundy tie", "emerald evening gown, heels",
    "mustard knitted sweater, brown trousers, boots", "yellow raincoat, jeans, boots", "green cloak over a brown tunic, boots",
)  # fmt: skip
_ACTS = (
    "drinking coffee",
    "playing guitar",
    "waving",
    "holding a cat",
    "arms crossed",
    "holding an umbrella",
)


def contact_sheet(persona: Persona) -> bytes:
    """The sheet as PNG."""
    rows = _rows(persona)
    tiles, y = [], float(_MARGIN)
    hero = _HERO
    tiles.append(
        _tile(persona, Shot(framing=Framing.CLOSE_UP, expression=Expression.HAPPY), _MARGIN, y, hero, hero)
    )
    x, side = _MARGIN + hero + _GAP, (hero - _GAP) / 2
    moods = [
        Shot(framing=Framing.CLOSE_UP, expression=mood) for mood in Expression if mood is not Expression.HAPPY
    ]
    for at, shot in enumerate(moods):
        column, row = divmod(at, 2)
        tiles.append(_tile(persona, shot, x + column * (side + _GAP), y + row * (side + _GAP), side, side))
    right = x + 3 * (side + _GAP)
    tiles.append(_tile(persona, Shot(framing=Framing.WIDE), right, y, _WIDTH - _MARGIN - right, hero))
    y += hero + _GAP
    for row_shots in rows:
        wide = (_WIDTH - 2 * _MARGIN - _GAP * (len(row_shots) - 1)) / len(row_shots)
        high = wide * (_TALL if row_shots[0][1].framing is Framing.WIDE and row_shots[0][1].outfit else 1.0)
        tiles += [
            _tile(who, shot, _MARGIN + at * (wide + _GAP), y, wide, high)
            for at, (who, shot) in enumerate(row_shots)
        ]
        y += high + _GAP
    return _printed(persona, tiles, round(y - _GAP + _MARGIN))


def _rows(persona: Persona) -> list[list[tuple[Persona, Shot]]]:
    """Places, clothes, actions and styles, each tile with the persona that it shows."""
    places = [(persona, shot) for shot in _PLACES]
    clothes = [(persona, Shot(framing=Framing.WIDE, outfit=Outfit("", words))) for words in _OUTFITS]
    acts = [
        (persona, Shot(framing=Framing.MEDIUM, action=words, expression=Expression.HAPPY)) for words in _ACTS
    ]
    styles = [
        (
            replace(persona, style=style),
            Shot(place="café", framing=Framing.CLOSE_UP, expression=Expression.HAPPY),
        )
        for style in StyleRegister
    ]
    return [places[:3], places[3:], acts, clothes, styles]


def _tile(persona: Persona, shot: Shot, x: float, y: float, width: float, height: float) -> str:
    """One picture as an embedded image with rounded corners."""
    w, h = round(width), round(height)
    job = PictureJob(PicturePurpose.PREVIEW, persona, shot, _SEED, w, h)
    data = b64encode(ink(compose(job), w, h)).decode("ascii")
    name = f"t{round(x)}-{round(y)}"
    return (
        f'<clipPath id="{name}"><rect x="{x:.0f}" y="{y:.0f}" width="{w}" height="{h}" rx="16"/></clipPath>'
        f'<image clip-path="url(#{name})" x="{x:.0f}" y="{y:.0f}" width="{w}" height="{h}" href="data:image/png;base64,{data}"/>'
    )


def _printed(persona: Persona, tiles: list[str], height: int) -> bytes:
    paper = lighten(read_looks(persona.appearance).skin, 0.82)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}">'
        f'<rect width="{_WIDTH}" height="{height}" fill="{paper}"/>{"".join(tiles)}</svg>'
    )
    return ink(svg, _WIDTH, height)
