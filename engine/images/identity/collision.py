"""Points out that a new canon is too close to another character's: for takes of the wizard and for imports.

People could not tell the two apart, and the verifier would take one for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from engine.images.identity.gallery import Gallery, Shown, stack
from engine.images.identity.gates import gates_of
from engine.images.pipelines.port import Materials, Reference

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Collision:
    """A character whose canon is too close; `name` is its id."""

    name: str
    similarity: float

    @property
    def sentence(self) -> str:
        """What the maker of the new character is told. The other one may be somebody else's: it is not named."""
        return (
            "This face is very close to that of another character here. Choose another take, or change the looks, "
            "so that nobody takes one for the other."
        )


def collision(gallery: Gallery, canon: Image, cast: Sequence[Reference]) -> Collision | None:
    """The character that a new canon is too close to, the closest one; None if there is none. Raises RenderError."""
    eye, gates = gallery.eye, gates_of(gallery.eye.kind)
    others = gallery.cast(Materials(cast=tuple(cast)))
    seen = eye.look(canon)
    if not seen or not others:
        return None
    likeness = eye.compare(seen[0].vector, stack([other.vector for other in others]))
    closest = int(likeness.argmax())
    found = Collision(others[closest].reference.name, float(likeness[closest]))
    if found.similarity < gates.collide:
        return None
    if gates.ranks and found.similarity <= _closest_pair(gallery, others):
        return None  # the cast looks that much alike already: it is the style
    return found


def _closest_pair(gallery: Gallery, others: Sequence[Shown]) -> float:
    """How alike the two most alike of the cast are; -1 where there are no two."""
    pairs = combinations([other.vector for other in others], 2)
    return max((float(gallery.eye.compare(one, stack([two]))[0]) for one, two in pairs), default=-1.0)
