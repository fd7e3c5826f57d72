"""Vector parts: SVG files read once, bent to a head or a body, and written out again.

`face.py`, `hair.py` and `figure.py` call it. A part's file is an ordinary SVG on the figure's board (1000 wide; crown
at y=130, chin at y=404) whose groups are layers ("back", "front", …). Shapes carry classes ("f-hair", "s-top-line")
instead of colours; the file's own <style> is only for the designer's eyes. Paths use absolute M, L, C, Q and Z.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # only our own files are parsed
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

Bend = Callable[[float, float], tuple[float, float]]

_NUMBER = re.compile(r"[MLCQZ]|-?\d*\.?\d+")
_OPACITY = re.compile(r' opacity="[^"]*"')
_KEPT = ("class", "stroke-width", "opacity", "fill-opacity", "stroke-linecap", "clip-path")
# Parts mirror at the figure's middle.
MIDDLE = 500.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn shape: path tokens (letters and numbers) or an ellipse, and its attributes as text."""

    tokens: tuple[str | float, ...]
    ellipse: tuple[float, float, float, float] | None
    attributes: str


Layers = Mapping[str, tuple[Shape, ...]]


@cache
def part(folder: str, name: str) -> Layers:
    """The layers of parts/FOLDER/NAME.svg."""
    text = files(__package__).joinpath("parts", folder, f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 (a file of this package)
    return {group.get("id", ""): tuple(_shapes(group)) for group in root if group.tag.endswith("}g")}


def _shapes(group: ET.Element) -> list[Shape]:
    shapes: list[Shape] = []
    for element in group:
        kind = element.tag.rpartition("}")[2]
        if kind == "use":  # the only transformation that parts know: the mirror image of what stands before
            shapes += [mirrored(each) for each in shapes]
        elif kind in ("path", "circle", "ellipse"):
            shapes.append(_shape(element, kind))
    return shapes


def _shape(element: ET.Element, kind: str) -> Shape:
    kept = sheer(" ".join(f'{name}="{element.get(name)}"' for name in _KEPT if element.get(name)))
    if kind == "path":
        return Shape(tokens_of(element.get("d", "")), None, kept)
    cx, cy, rx, ry, r = (float(element.get(name, 0)) for name in ("cx", "cy", "rx", "ry", "r"))
    return Shape((), (cx, cy, rx or r, ry or r), kept)


def sheer(attributes: str) -> str:
    """Opacity as the opacity of the paint: resvg makes a layer for each `opacity`, which costs far more."""
    if "edge" in attributes and " opacity=" in attributes:
        return _OPACITY.sub("", attributes).replace("edge", "edge-soft")
    return attributes.replace(
        " opacity=", " stroke-opacity=" if 'class="s-' in attributes else " fill-opacity="
    )


def tokens_of(data: str) -> tuple[str | float, ...]:
    """Path data as letters and numbers."""
    return tuple(each if each in "MLCQZ" else float(each) for each in _NUMBER.findall(data))


def mirrored(shape: Shape) -> Shape:
    """The shape on the other side of the middle."""
    if shape.ellipse:
        cx, cy, rx, ry = shape.ellipse
        return Shape((), (2 * MIDDLE - cx, cy, rx, ry), shape.attributes)
    flipped = _bent(shape.tokens, lambda x, y: (2 * MIDDLE - x, y))
    return Shape(tuple(flipped), None, shape.attributes)


def _bent(tokens: tuple[str | float, ...], bend: Bend) -> list[str | float]:
    out: list[str | float] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, str):
            out.append(token)
            at += 1
        else:
            out += bend(token, float(tokens[at + 1]))
            at += 2
    return out


def bent_path(data: str, bend: Bend) -> str:
    """Path data, bent."""
    return text_of(_bent(tokens_of(data), bend))


def text_of(tokens: list[str | float]) -> str:
    """Path tokens as path data."""
    return " ".join(each if isinstance(each, str) else number(each) for each in tokens)


def number(value: float) -> str:
    """A coordinate, to a tenth: short and the same on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def draw(shapes: tuple[Shape, ...], bend: Bend | None = None) -> str:
    """The shapes as SVG, bent."""
    return "".join(_drawn(shape, bend or _straight) for shape in shapes)


def _straight(x: float, y: float) -> tuple[float, float]:
    return x, y


def _drawn(shape: Shape, bend: Bend) -> str:
    if shape.ellipse:
        cx, cy, rx, ry = shape.ellipse
        x, y = bend(cx, cy)
        right, low = bend(cx + rx, cy)[0] - x, bend(cx, cy + ry)[1] - y
        size = f'rx="{number(abs(right))}" ry="{number(abs(low))}"'
        return f'<ellipse cx="{number(x)}" cy="{number(y)}" {size} {shape.attributes}/>'
    return f'<path d="{text_of(_bent(shape.tokens, bend))}" {shape.attributes}/>'


def ramp(points: tuple[tuple[float, float], ...], at: float) -> float:
    """The value at `at` on a smooth curve through (position, value) points."""
    if at <= points[0][0]:
        return points[0][1]
    for (low, first), (high, second) in pairwise(points):
        if at <= high:
            share = (at - low) / (high - low)
            return first + (second - first) * share * share * (3 - 2 * share)
    return points[-1][1]


def path(data: str, kind: str, extra: str = "") -> str:
    """A path with classes."""
    attributes = sheer(f'class="{kind}" {extra}')
    return f'<path d="{data}" {attributes}/>'
