"""What an eye saw in reference pictures: of each only once. `verify.py`, `calibrate.py` and `collision.py` read it.

It is kept in memory and in `identity/` of the data directory, by the pictures' SHA-256; what is removed there is not
known here any more either.
"""

from __future__ import annotations

import io
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.images.identity.eye import Eye, Floats
from engine.images.identity.gates import write_whole
from engine.images.identity.kept import path_of
from engine.images.pipelines.port import Materials, Reference
from engine.types import ReferenceRole

log = logging.getLogger(__name__)

# References that show the character; the others show places and things.
SHOWING = (
    ReferenceRole.HEADSHOT,
    ReferenceRole.ANGLE,
    ReferenceRole.EXPRESSION,
    ReferenceRole.OUTFIT,
)
# Pictures whose vectors are held in memory, a few kilobytes each.
HELD = 2048


@dataclass(frozen=True, slots=True)
class Shown:
    """The character in one reference picture."""

    reference: Reference
    vector: Floats


class Gallery:
    """Reference pictures as one eye sees them. Not for two threads at a time."""

    def __init__(self, eye: Eye, data: Path) -> None:
        self.eye = eye
        self.data = data
        self.looked = 0  # pictures that were really looked at
        self._held: OrderedDict[str, Floats] = OrderedDict()

    def own(self, materials: Materials) -> list[Shown]:
        """The character in each reference in which it can be seen, the headshot first.

        Of several faces it is the tallest in the headshot, and in the others the one most like that.
        """
        shown: list[Shown] = []
        for reference in _headshot_first(materials.own):
            seen = self.seen(reference)
            if len(seen):
                which = int(np.argmax(self.eye.compare(shown[0].vector, seen))) if shown else 0
                shown.append(Shown(reference, seen[which]))
        return shown

    def cast(self, materials: Materials) -> list[Shown]:
        """Of every other character's canon in which it can be seen."""
        canons = ((reference, self.seen(reference)) for reference in materials.cast)
        return [Shown(reference, seen[0]) for reference, seen in canons if len(seen)]

    def seen(self, reference: Reference) -> Floats:
        """The vectors of all that is seen in a reference (n × width), the tallest first. Raises RenderError."""
        path = path_of(self.data, self.eye.model, reference.sha256)
        if reference.sha256 in self._held and path.exists():
            self._held.move_to_end(reference.sha256)
            return self._held[reference.sha256]
        seen = _load(path)
        if seen is None:
            seen = self._look(reference, path)
        self._held[reference.sha256] = seen
        if len(self._held) > HELD:
            self._held.popitem(last=False)
        return seen

    def close(self) -> None:
        """Give the memory back."""
        self._held.clear()
        self.eye.close()

    def _look(self, reference: Reference, path: Path) -> Floats:
        try:
            with Image.open(reference.path) as file:
                picture = file.convert("RGB")
        except (OSError, UnidentifiedImageError) as error:
            log.warning("A reference picture cannot be read: %s (%s)", reference.path, error)
            return stack([])
        self.looked += 1
        seen = stack([sight.vector for sight in self.eye.look(picture)])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            content = io.BytesIO()
            np.save(content, seen, allow_pickle=False)
            write_whole(path, content.getvalue())
        except OSError as error:
            log.warning("What was seen in a reference cannot be kept: %s", error)
        return seen


def stack(vectors: Sequence[Floats]) -> Floats:
    """Vectors as rows."""
    return np.stack(vectors).astype(np.float32) if vectors else np.zeros((0, 0), np.float32)


def _headshot_first(references: Sequence[Reference]) -> list[Reference]:
    showing = [reference for reference in references if reference.role in SHOWING]
    return sorted(showing, key=lambda reference: reference.role is not ReferenceRole.HEADSHOT)


def _load(path: Path) -> Floats | None:
    """What was kept; None where nothing was, or a broken file."""
    try:
        seen: Floats = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return seen if seen.ndim == 2 and seen.dtype == np.float32 else None
