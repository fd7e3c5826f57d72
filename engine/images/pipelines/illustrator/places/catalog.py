"""The parts by name, and the props' file. `scene.py` hands them to the brush."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from . import parts, parts_nature, parts_room
from .brush import Attributes, Brush, Part

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# The colour in props.svg that the attribute `fill` of <set:prop> replaces.
_MAIN = "#ff00ff"


@cache
def props() -> dict[str, Element]:
    """All props of props.svg by their id; each stands on (0, 0)."""
    root = _parsed("props.svg")
    return {child.attrib["id"]: child for child in root if "id" in child.attrib}


@cache
def artwork(name: str) -> Element:
    """A place's SVG file, parsed once."""
    return _parsed(name)


def _parsed(name: str) -> Element:
    # Our own packaged files, never anybody's upload.
    return ET.fromstring(files(__package__).joinpath(name).read_text("utf-8"))  # noqa: S314


def prop(brush: Brush, a: Attributes) -> str:
    """A thing from props.svg. name; x y: where it stands; s: scale; flip; fill: its main colour; turn: degrees."""
    size = a.num("s", 1)
    wide = -size if a.word("flip") else size
    place = f"translate({a.num('x'):g} {a.num('y'):g})"
    if a.word("turn"):
        place += f" rotate({a.num('turn'):g})"
    fills = {_MAIN: a.colour("fill", "#c0603f")}
    return brush.prop(props()[a.word("name")], f"{place} scale({wide:g} {size:g})", fills)


PARTS: dict[str, Part] = {
    "sky": parts.sky,
    "stars": parts.stars,
    "clouds": parts.clouds,
    "ridge": parts.ridge,
    "skyline": parts.skyline,
    "water": parts.water,
    "glow": parts.glow,
    "beam": parts.beam,
    "window": parts_room.window,
    "floor": parts_room.floor,
    "bricks": parts_room.bricks,
    "panel": parts_room.panel,
    "books": parts_room.books,
    "bottles": parts_room.bottles,
    "lamp": parts_room.lamp,
    "strings": parts_room.strings,
    "crowd": parts_room.crowd,
    "bokeh": parts_room.bokeh,
    "trees": parts_nature.trees,
    "grass": parts_nature.grass,
    "rocks": parts_nature.rocks,
    "prop": prop,
}
