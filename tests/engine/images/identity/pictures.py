"""Pictures with faces that the tiny models find, of people who are as alike as a test wants; and whole characters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engine.images.pipelines.port import Materials, Reference
from engine.types import ReferenceRole
from tests.engine.images.identity.tiny import ABOVE

# Pixels of a side: what insightface and YuNet look at without resizing, so that faces lie on the detectors' cells.
SIDE = 640
MARKERS = {8: (0, 0, 255), 16: (255, 0, 0), 32: (0, 255, 0)}
# Far enough from the pure colours of the markers.
STRENGTH = 76.0


def person(number: int) -> np.ndarray:
    """One of twelve people, who have nothing in common: the colours of four quarters."""
    turned, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((12, 12)))
    return np.asarray(turned[number])


def between(one: np.ndarray, other: np.ndarray, cosine: float) -> np.ndarray:
    """Somebody who is that much like the one, and otherwise like the other."""
    mixed = cosine * one + np.sqrt(1 - cosine**2) * other
    return np.asarray(mixed / np.linalg.norm(mixed))


@dataclass(frozen=True)
class Face:
    """A face in a picture: whose, and where its marker is, in cells of `size` pixels; it is six cells tall."""

    who: np.ndarray
    size: int = 16
    column: int = 20
    row: int = 20


def photograph(
    *faces: Face, side: int = SIDE, background: tuple[int, int, int] = (96, 96, 96)
) -> Image.Image:
    """A picture of some faces."""
    image = Image.new("RGB", (side, side), background)
    draw = ImageDraw.Draw(image)
    for face in faces:
        size = face.size
        left, top = face.column * size, face.row * size
        x, y = left + size / 2, top + size / 2 - ABOVE * size
        colours = np.clip(128 + STRENGTH * face.who / np.abs(face.who).max(), 0, 255).round().astype(int)
        for at, (across, down) in enumerate(((-4, -4), (0, -4), (-4, 0), (0, 0))):
            corner = x + across * size, y + down * size
            end = corner[0] + 4 * size - 1, corner[1] + 4 * size - 1
            draw.rectangle((*corner, *end), fill=tuple(int(one) for one in colours[3 * at : 3 * at + 3]))
        draw.rectangle((left, top, left + size - 1, top + size - 1), fill=MARKERS[size])
    return image


def drawing(who: np.ndarray, *, side: int = 384) -> Image.Image:
    """A picture that is one character all over: its quarters, for the models that see whole pictures."""
    colours = np.clip(128 + 100 * who / np.abs(who).max(), 0, 255).round().astype(np.uint8)
    quarters = Image.fromarray(colours.reshape(2, 2, 3), "RGB")
    return quarters.resize((side, side), Image.Resampling.NEAREST)


def keep(
    image: Image.Image, folder: Path, name: str, role: ReferenceRole = ReferenceRole.HEADSHOT
) -> Reference:
    """A picture as a reference on disk."""
    path = folder / f"{name}.png"
    folder.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return Reference(role, name, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def materials(folder: Path, own: int, others: int, *, alike: float = 0.97, rival: float = 0.0) -> Materials:
    """A character with `own` references that are so alike, among `others` of whom one is that much like her."""
    she = person(0)
    pictures = [drawing(she if not at else between(she, person(at % 6 + 1), alike)) for at in range(own)]
    rivals = [drawing(between(she, person(6 + at % 6), 0.0 if at else rival)) for at in range(others)]
    return Materials(
        tuple(
            keep(one, folder, f"own {at}", ReferenceRole.ANGLE if at else ReferenceRole.HEADSHOT)
            for at, one in enumerate(pictures)
        ),
        tuple(keep(one, folder, f"other {at}") for at, one in enumerate(rivals)),
        "she",
    )
