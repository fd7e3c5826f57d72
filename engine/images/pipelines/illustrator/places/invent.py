"""Places that nobody has drawn, put together from their words. `scene.py` calls `invent` where no known place fits.

Words only choose: among sets (`set-*.svg`), colours and props of `invent.toml`. None of them enters the drawing.
"""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from random import Random
from zlib import crc32

from .book import Lighting, Place
from .colour import checked, darker, lighter, mix, saturated
from .naming import plain, stem

_G = "{http://www.w3.org/2000/svg}g"
_PROP = "{selfsame:set}prop"

# Which sets are rooms, with the light they have of themselves.
_ROOMS = frozenset({"cave", "underwater", "room", "attic", "hall"})
# Sets for words that name none; which one is settled by the words.
_ANY = ("field", "town", "hall", "room", "shore", "garden")
# Where props stand: x, foot, scale; the first two are nearest to the eye.
_SPOTS = ((140.0, 880.0, 1.0), (880.0, 880.0, 1.0), (265.0, 790.0, 0.62), (765.0, 790.0, 0.62))
# A colour of its own is wanted where the words name none.
_HUES = ("#c0785a", "#8a9a5a", "#5a8a9a", "#8a6aa8", "#c09a5a", "#6a8ac0", "#b06a7a", "#5aa08a")
# Worlds that would look wrong in any other colours.
_NATURAL = {
    "field": "#6f9a50",
    "garden": "#5f9a52",
    "ice": "#8ab4d8",
    "underwater": "#2f7f9a",
    "shore": "#8a8078",
    "clouds": "#e8c8c0",
}
# Captions never repeat the person's words either: a picture's caption is read aloud elsewhere.
_CAPTIONS = {
    "underwater": "a place under water", "lava": "a land of lava", "cave": "a cave", "cosmos": "a far world among stars",
    "clouds": "a place above the clouds", "ice": "a land of ice", "attic": "an attic under old beams", "hall": "a hall with columns",
    "shore": "a shore between rocks", "garden": "an overgrown garden", "town": "an old town", "field": "open country",
    "room": "a room of its own kind",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the words chose."""

    kind: str
    colours: tuple[tuple[str, str], ...]
    props: tuple[str, ...]


@cache
def _tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(files(__package__).joinpath("invent.toml").read_text("utf-8"))


def invent(words: str) -> tuple[Place, ET.Element]:
    """A place for any words, always the same for the same words."""
    flat = plain(words)
    plan = _plan(flat)
    return _place(flat, plan), _built(plan)


def _plan(flat: str) -> _Plan:
    tables, rng = _tables(), Random(crc32(flat.encode()))
    said = f" {flat} {' '.join(stem(word) for word in flat.split())} "
    kind = next((name for name, names in tables["sets"].items() if _names(said, names)), "") or rng.choice(
        _ANY
    )
    hues = [row[0] for row in tables["colours"].values() if _names(said, row[1:])]
    props = [name for name, names in tables["props"].items() if _names(said, names)][:4]
    while len(props) < 2:
        props.append(rng.choice(_COMPANY[kind]))
    return _Plan(kind, tuple(_palette(kind, hues, rng).items()), tuple(props))


# What stands about where the words name too little.
_COMPANY = {
    "underwater": ("chest", "column", "ruin"), "lava": ("ruin", "tower", "arch"), "cave": ("mushroom", "crystal", "lantern", "chest"),
    "cosmos": ("rover", "rocket", "crystal"), "clouds": ("column", "arch", "tower"), "ice": ("crystal", "snowman", "ruin"),
    "attic": ("books", "mirror", "armchair", "clock", "globe"), "hall": ("statue", "candles", "vase"),
    "shore": ("boat", "signpost", "lantern"), "garden": ("fountain", "statue", "bench", "flowers"),
    "town": ("fountain", "bicycle", "bench", "barrel"), "field": ("signpost", "tent", "sunflower", "ruin"),
    "room": ("armchair", "shelf", "monstera", "clock", "table"),
}  # fmt: skip


def _names(said: str, names: Sequence[str]) -> bool:
    return any(f" {name} " in said for name in names)


def _palette(kind: str, hues: list[str], rng: Random) -> dict[str, str]:
    """Five colours of a set: around the hue that was named, or one that the words settle."""
    own = rng.choice(_HUES)
    main = checked(hues[0]) if hues else mix(_NATURAL.get(kind, own), own, 0.3)
    second = checked(hues[1]) if len(hues) > 1 else mix(rng.choice(_HUES), main, 0.25)
    return {
        "{wall}": main,
        "{deep}": darker(main, 0.58),
        "{ground}": mix(darker(main, 0.18), "#a08468", 0.3),
        "{accent}": saturated(second, 1.15),
        "{light}": lighter(mix(main, second, 0.4), 0.5),
    }


@lru_cache(maxsize=64)
def _built(plan: _Plan) -> ET.Element:
    """The set's file in the plan's colours, with the props on their spots."""
    text = files(__package__).joinpath(f"set-{plan.kind}.svg").read_text("utf-8")
    for name, colour in plan.colours:
        text = text.replace(name, checked(colour))
    root = ET.fromstring(text)  # noqa: S314  # our own packaged file
    back = next(child for child in root if child.tag == _G and child.attrib["id"] == "back")
    accent = dict(plan.colours)["{accent}"]
    for index in range(len(_SPOTS) - 1, -1, -1):
        _put(back, plan.props[index % len(plan.props)], index, accent)
    return root


# Props that are drawn larger than life beside a person's head, made to fit.
_SIZES = {"column": 0.8, "house": 0.9, "tower": 1.1, "bed": 0.62, "sofa": 0.7, "car": 0.75, "beanstalk": 0.9, "piano": 0.85, "boat": 0.75,
          "fireplace": 0.8, "fountain": 0.85, "crystal": 1.5, "mushroom": 1.2, "chest": 1.2, "planet": 1.1, "lantern": 1.3, "candles": 1.5,
          "flowers": 1.4, "vase": 1.4, "cat": 1.1, "flasks": 1.6, "globe": 1.5, "bathtub": 0.7, "arch": 0.75, "crate": 1.2, "barrel": 1.1,
          "trunk": 1.2, "guitar": 1.1, "shelf": 1.15, "books": 1.15, "bicycle": 1.1}  # fmt: skip


def _put(back: ET.Element, name: str, index: int, accent: str) -> None:
    x, foot, size = _SPOTS[index]
    flip = {"flip": "1"} if x > 512 else {}
    scale = size * _SIZES.get(name, 1.0)
    ET.SubElement(
        back, _PROP, {"name": name, "x": f"{x}", "y": f"{foot}", "s": f"{scale:.2f}", "fill": accent, **flip}
    )


def _place(flat: str, plan: _Plan) -> Place:
    colours = dict(plan.colours)
    glow = colours["{light}"]
    dim = plan.kind in ("cave", "underwater")
    tint = mix("#fff4e6", colours["{wall}"], 0.55 if dim else 0.25)
    return Place(
        name=f"invented {crc32(flat.encode()):08x}",
        art="",
        words=(),
        caption=_CAPTIONS[plan.kind],
        inside=plan.kind in _ROOMS,
        horizon=690.0,
        glow="" if plan.kind in _ROOMS else "#ffd09a",
        day=Lighting(
            tint=tint,
            strength=0.35 if dim else 0.15,
            lamps=0.4 if dim else 0.12,
            key=lighter(glow, 0.3),
            rim=glow if dim else "",
            rim_strength=0.5 if dim else 0.0,
        ),
        night=Lighting(
            tint=mix("#8a7088", colours["{wall}"], 0.35),
            strength=0.7,
            lamps=1.0,
            key="#ffd09a",
            key_strength=0.42,
            rim=glow,
            rim_strength=0.45,
        ),
    )
