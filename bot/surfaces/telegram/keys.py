"""Buttons as they sit well on a phone: short labels, few in a row, colours as dots. Views and wizard use it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.surfaces.telegram.html import shorten
from bot.surfaces.telegram.post import Key, Keyboard

T = TypeVar("T")

# A phone shows about so many characters of a row's labels, in at most three buttons.
ROW_LENGTH, ROW_KEYS = 34, 3
LABEL = 40  # characters
_DOTS = {
    "⚫": (0x18, 0x18, 0x1C),
    "⚪": (0xE8, 0xE6, 0xE2),
    "🔴": (0xC0, 0x2B, 0x30),
    "🟠": (0xD0, 0x70, 0x30),
    "🟡": (0xE8, 0xC8, 0x60),
    "🟢": (0x4A, 0x90, 0x50),
    "🔵": (0x48, 0x80, 0xC0),
    "🟣": (0x80, 0x50, 0xA0),
    "🟤": (0x80, 0x52, 0x38),
}


def rows(keys: Iterable[Key]) -> Keyboard:
    """Buttons in rows: as many in one as can be read."""
    lines: list[list[Key]] = []
    for key in keys:
        row = lines[-1] if lines else []
        room = ROW_LENGTH - sum(len(one.label) + 2 for one in row)
        if row and len(row) < ROW_KEYS and len(key.label) <= room:
            row.append(key)
        else:
            lines.append([key])
    return tuple(map(tuple, lines))


def label(text: str, mark: str = "") -> str:
    """A button's words, on one line."""
    return f"{mark} {shorten(' '.join(text.split()), LABEL)}".strip()


def dot(swatch: str) -> str:
    """The dot that comes nearest to a colour like "#a0522d", "" for none."""
    try:
        red, green, blue = bytes.fromhex(swatch.removeprefix("#"))
    except ValueError:
        return ""
    return min(
        _DOTS,
        key=lambda one: sum((a - b) ** 2 for a, b in zip(_DOTS[one], (red, green, blue), strict=True)),
    )


def page(items: Sequence[T], number: int, size: int) -> tuple[Sequence[T], int, int]:
    """A page of a list, its number from 0, and how many there are; a page that is gone is the last one."""
    count = max(1, -(-len(items) // size))
    number = min(max(number, 0), count - 1)
    return items[number * size : (number + 1) * size], number, count


def number_of(look: str, letter: str) -> int:
    """The number after a letter of a look: 2 of "f1p2" for "p"; 0 if there is none."""
    digits = look.partition(letter)[2]
    found = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return int(found) if found else 0
