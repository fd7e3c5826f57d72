"""The studio's real parts, wired once for a process: `studio.py: open_studio` asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from characters.character import StyleRegister
from engine.errors import WeightsError
from engine.images.device.hardware import card_of
from engine.images.device.warm import Warm
from engine.images.enlarge.enlarge import open_enlarger
from engine.images.identity.choose import Judges
from engine.images.identity.collision import collision
from engine.images.pipelines.illustrator.compose import Illustrator
from engine.images.pipelines.port import Reference, Workshop
from engine.images.repair.repair import open_repairer
from engine.images.routing.route import Ground, ground
from engine.images.studio.ports import Ports

if TYPE_CHECKING:
    from PIL.Image import Image


def real_ports(workshop: Workshop) -> Ports:
    """All parts; models are loaded when they are first needed."""
    judges = Judges(workshop)

    def here() -> Ground:
        return ground(workshop, card_of(workshop.device))

    return Ports(
        renderers=workshop.renderers or Warm(workshop),
        judge=judges.get,
        repairer=open_repairer(workshop),
        enlarger=open_enlarger(workshop),
        collide=Likenesses(judges).collide,
        illustrator=Illustrator(),
        ground=here,
    )


class Likenesses:
    """Says when a new face is too close to another character's, with the eyes of the judges."""

    def __init__(self, judges: Judges) -> None:
        self._judges = judges

    def collide(self, style: StyleRegister, image: Image, cast: Sequence[Reference]) -> str:
        """A sentence, or "" where there is nothing to say, nobody to compare with, or nobody who can. Raises RenderError."""
        if not cast:
            return ""
        try:
            gallery = self._judges.gallery(style)
        except WeightsError:
            return ""
        found = collision(gallery, image, cast)
        return found.sentence if found else ""
