"""Draws one place's SVG file in the light of the hour: colours are graded, `set:` elements become parts.

`scene.py` makes one brush for each picture. In a place's file, besides plain SVG:
- `<set:NAME …/>` is a part drawn by code (`parts*.py`): a window shows the weather, a lamp burns at night.
- `lit="1"` keeps an element's colours as they are: it shines by itself.
- `far="0.4"` lets an element fade into the haze of the distance; `out="1"`: it stands in outdoor light.
- `when="night"` draws an element only then; the conditions are listed in `Brush.conditions`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

from engine.types import TimeOfDay, Weather

from .air import Air
from .colour import checked, greyed, mix, saturated, tinted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_SET = "{selfsame:set}"
_SVG = "{http://www.w3.org/2000/svg}"
_PAINTS = frozenset({"fill", "stroke", "stop-color"})
_OWN = frozenset({"lit", "far", "out", "when"})
_HEX = re.compile(r"#[0-9a-fA-F]{6}$")
_URL = re.compile(r"url\(#([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of a `set:` element, read with defaults."""

    values: dict[str, str]

    def num(self, name: str, default: float = 0.0) -> float:
        """A number."""
        return float(self.values.get(name, default))

    def word(self, name: str, default: str = "") -> str:
        """A word."""
        return self.values.get(name, default)

    def colour(self, name: str, default: str) -> str:
        """A checked colour."""
        return checked(self.values.get(name, default).lower())

    def colours(self, name: str, default: str) -> list[str]:
        """Several checked colours, separated by blanks."""
        return [checked(each.lower()) for each in self.values.get(name, default).split()]


Part = Callable[["Brush", Attributes], str]


@dataclass(frozen=True, slots=True)
class RoomLight:
    """The colour a room is seen in, its strength, and how much its own lamps burn."""

    tint: str
    strength: float
    lamps: float


def _cheaper(attributes: dict[str, str]) -> dict[str, str]:
    """Where a shape has one paint only, its opacity belongs to the paint: resvg draws that without a layer."""
    fill, stroke = attributes.get("fill"), attributes.get("stroke")
    if fill and fill != "none" and not stroke and "url(" not in fill:
        name = "fill-opacity"
    elif stroke and fill in (None, "none") and "url(" not in stroke:
        name = "stroke-opacity" if fill == "none" else "opacity"
    else:
        name = "opacity"
    return {name if key == "opacity" else key: value for key, value in attributes.items()}


class Brush:
    """One drawing under way: collects gradients in `defs`, knows the hour, and counts ids."""

    def __init__(
        self,
        name: str,
        air: Air,
        room: RoomLight | None,
        seed: int,
        parts: dict[str, Part],
        vivid: float = 1.0,
    ) -> None:
        self.name = name
        self.air = air
        self.room = room
        self.parts = parts
        self._vivid = vivid  # saturation, by the character's style
        self.defs: list[str] = []
        self.minor = Random(seed)  # clouds, drops, sparkles: what may differ between two visits
        self._paints: dict[tuple[str, ...], str] = {}
        self._shades: dict[tuple[str, bool, float, bool], str] = {}
        self._ids = 0
        self._lit = False
        self._far = 0.0
        self._out = room is None
        self._drawn = 0
        self._swaps: dict[str, str] = {}

    @property
    def lamps(self) -> float:
        """How much the lamps burn, 0..1."""
        return self.room.lamps if self.room and not self._out else self.air.night

    def conditions(self) -> set[str]:
        """What `when` may ask for."""
        air = self.air
        night = air.night >= 0.6
        found = {"night" if night else "day", air.weather.value, air.time.value.replace(" ", "-")}
        found.add("lamps" if self.lamps > 0.3 else "dark-lamps")
        if air.sun:
            found.add("sun")
        if air.weather in (Weather.CLEAR, Weather.CLOUDY):
            found.add("dry")
        else:
            found.add("wet")
        if air.time is not TimeOfDay.NIGHT:
            found.add("light")
        return found

    def shade(self, colour: str, far: float = 0.0) -> str:
        """A colour of the set as it looks now."""
        key = (colour, self._lit, max(far, self._far), self._out)
        if key not in self._shades:
            self._shades[key] = saturated(self._graded(*key), self._vivid)
        return self._shades[key]

    def outdoors(self, colour: str, far: float = 0.0) -> str:
        """A colour as it looks outside, whatever the room."""
        air = self.air
        seen = greyed(tinted(colour, air.tint, air.strength), air.grey * 0.7)
        return mix(seen, air.haze, min(0.95, far + air.murk * min(1.0, far * 1.6 + 0.1)))

    def _graded(self, colour: str, lit: bool, far: float, out: bool) -> str:
        if lit:
            return colour
        if out or self.room is None:
            return self.outdoors(colour, far)
        return tinted(colour, self.room.tint, self.room.strength)

    def random(self) -> Random:
        """The same for the same element of the same place, so that architecture stays."""
        self._drawn += 1
        return Random(crc32(f"{self.name}:{self._drawn}".encode()))

    def new_id(self) -> str:
        """A fresh id; all carry the scene's prefix."""
        self._ids += 1
        return f"sc-x{self._ids}"

    def linear(self, *stops: tuple[float, str, float], across: bool = False) -> str:
        """A vertical (or horizontal) gradient of (offset, colour, opacity); returns the paint."""
        ends = 'x1="0" y1="0" x2="1" y2="0"' if across else 'x1="0" y1="0" x2="0" y2="1"'
        return self._gradient("linearGradient", ends, stops)

    def radial(self, *stops: tuple[float, str, float]) -> str:
        """A round gradient; returns the paint."""
        return self._gradient("radialGradient", "", stops)

    def _gradient(self, kind: str, ends: str, stops: tuple[tuple[float, str, float], ...]) -> str:
        key = (kind, ends, repr(stops))
        if key not in self._paints:
            name = self.new_id()
            body = "".join(
                f'<stop offset="{at:g}" stop-color="{colour}" stop-opacity="{opacity:.3g}"/>'
                for at, colour, opacity in stops
            )
            self.defs.append(f'<{kind} id="{name}" {ends}>{body}</{kind}>')
            self._paints[key] = f"url(#{name})"
        return self._paints[key]

    def clip(self, shape: str) -> str:
        """A clip path around a shape; returns the attribute."""
        name = self.new_id()
        self.defs.append(f'<clipPath id="{name}">{shape}</clipPath>')
        return f'clip-path="url(#{name})"'

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float) -> str:
        """A soft pool of light, round."""
        if strength < 0.01:
            return ""
        # In steps, so that glows share gradients; in the stops, because an opacity would cost a layer each.
        full = round(min(1.0, strength) * 20) / 20 or 0.05
        paint = self.radial((0, colour, full), (0.35, colour, 0.45 * full), (1, colour, 0))
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{paint}"/>'

    def prop(self, element: Element, place: str, fills: dict[str, str]) -> str:
        """A thing of the props' file, moved to its place; `fills` replaces its named colours."""
        before, self._swaps = self._swaps, fills
        drawn = self.draw(element)
        self._swaps = before
        return f'<g transform="{place}">{drawn}</g>'

    def draw(self, element: Element) -> str:
        """All children of an element, drawn."""
        return "".join(self._element(child) for child in element)

    def _element(self, element: Element) -> str:
        attributes = element.attrib
        wanted = attributes.get("when")
        if wanted and not all(self._holds(each) for each in wanted.split()):
            self._drawn += 1
            return ""
        if not attributes.keys() & _OWN:
            return self._plain(element)
        with self._mood(attributes):
            return self._plain(element)

    def _holds(self, wanted: str) -> bool:
        if wanted.startswith("not-"):
            return wanted[4:] not in self.conditions()
        return wanted in self.conditions()

    @contextmanager
    def _mood(self, attributes: dict[str, str]) -> Iterator[None]:
        before = self._lit, self._far, self._out
        self._lit = attributes.get("lit", "1" if before[0] else "") == "1"
        self._far = float(attributes.get("far", before[1]))
        self._out = attributes.get("out", "1" if before[2] else "") == "1"
        yield
        self._lit, self._far, self._out = before

    @contextmanager
    def unroomed(self) -> Iterator[None]:
        """Colours as they come, because the caller has graded them."""
        before, self._lit = self._lit, True
        yield
        self._lit = before

    def _plain(self, element: Element) -> str:
        tag = element.tag
        if tag.startswith(_SET):
            return self.parts[tag[len(_SET) :]](self, Attributes(element.attrib))
        name = tag.removeprefix(_SVG)
        attributes = _cheaper(element.attrib) if "opacity" in element.attrib else element.attrib
        written = "".join(self._attribute(*pair) for pair in attributes.items() if pair[0] not in _OWN)
        body = self.draw(element)
        return f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>"

    def _attribute(self, name: str, value: str) -> str:
        if name in _PAINTS and _HEX.match(value):
            value = self.shade(self._swaps.get(value.lower(), value.lower()))
        elif name == "id":
            value = f"sc-{value}"
        elif name == "href" or "url(" in value:
            value = _URL.sub(r"url(#sc-\1)", value)
        return f' {name}="{value}"'
