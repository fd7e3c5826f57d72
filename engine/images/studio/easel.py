"""The only door from the studio to the models, and why there is never an edit of an edit.

A model is shown the references of the character, and nothing else: a canvas that asks for another picture is refused.
A part of a picture is painted anew only in `mend`, which the studio opens for the picture that it has just made itself;
no finished picture ever comes in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.errors import RenderError
from engine.images.pipelines.port import Canvas, Materials, Renderers, Watch
from engine.images.routing.route import Route
from engine.images.studio.ports import Paint

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Easel:
    """Renders canvases of one job."""

    renderers: Renderers
    materials: Materials

    def paint(self, route: Route, canvas: Canvas, watch: Watch) -> Image:
        """A picture from words and references alone. Its size may be smaller than asked where memory ran out."""
        return together(self.renderers, route, [(self, canvas)], watch)[0]

    def mend(self, route: Route, near: Canvas, watch: Watch) -> Paint:
        """What a repairer renders with: parts of the job's own picture, with the references of `near` and no others."""

        def paint(canvases: Sequence[Canvas]) -> list[Image]:
            canonical = [self.proved(replace(canvas, references=near.references)) for canvas in canvases]
            images = self.renderers.render(route.family, route.precision, canonical, watch)
            return [
                image
                if image.size == (canvas.width, canvas.height)
                else image.resize((canvas.width, canvas.height))
                for image, canvas in zip(images, canonical, strict=True)
            ]

        return paint

    def proved(self, canvas: Canvas) -> Canvas:
        """The canvas, if it shows the model nothing but the character's own references. Raises RenderError."""
        if not set(canvas.references) <= set(self.materials.own):
            raise RenderError("A picture is made from the character's own references only.")
        return canvas


def together(
    renderers: Renderers, route: Route, asked: Sequence[tuple[Easel, Canvas]], watch: Watch
) -> list[Image]:
    """Pictures of several jobs in one batch, each from its own character's references. Raises as `Renderers` does."""
    canvases = [easel.proved(canvas) for easel, canvas in asked]
    if any(canvas.patch for canvas in canvases):
        raise RenderError("A picture is made anew each time, never from another picture.")
    return renderers.render(route.family, route.precision, canvases, watch)
