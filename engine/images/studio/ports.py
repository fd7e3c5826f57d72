"""What the studio asks of its neighbours beside a model: a judge, repairs, larger pictures.

`engine/images/repair/repair.py: open_repairer(workshop)` and `engine/images/enlarge/enlarge.py: open_enlarger(workshop)`
answer; tests write their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.images.identity.port import Box, Judge
from engine.images.pipelines.port import Canvas, Pipeline, Progress, Reference, Renderers
from engine.images.routing.route import Ground

if TYPE_CHECKING:
    from PIL.Image import Image

    from characters.character import StyleRegister
    from engine.images.pipelines.facts import Facts

# Renders canvases with the model that made the picture. All get the first canvas's references back, whatever they say:
# nothing but the canon is ever shown to a model (`render.py`).
Paint = Callable[[Sequence[Canvas]], "list[Image]"]
# The judge of a style of drawing, kept open. Raises nothing: where nobody can judge, the judge says so.
OpenJudge = Callable[["StyleRegister"], Judge]
# What is to be said of a new face that is too close to another character's; "" where there is nothing.
Collide = Callable[["StyleRegister", "Image", Sequence[Reference]], str]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired picture, and how: "face" (painted anew), "restored", "swapped". () where nothing could be done."""

    image: Image
    by: tuple[str, ...] = ()


class Repairer(Protocol):
    """Paints a face anew that is nearly the character's."""

    def repair(
        self, image: Image, face: Box, canvas: Canvas, render: Paint, facts: Facts, progress: Progress
    ) -> Repaired:
        """The same picture with the face at `face` painted anew: RGB, same size, the rest of it as it was.

        `canvas` is what a close-up of this face is asked for with: prompt, references (the canonical headshot first),
        sampler, a seed of its own; `render` paints it, cut to the crop, as a `Patch` where `facts.patch`.
        Raises RenderError, CancelledError.
        """

    def swap(self, image: Image, face: Box, canon: Image, progress: Progress) -> Repaired:
        """The picture with the canonical headshot's face put in, where the settings allow it. Raises RenderError."""


class Enlarger(Protocol):
    """Makes pictures larger."""

    def enlarge(self, image: Image, to: tuple[int, int], progress: Progress) -> Image:
        """The picture at that size in pixels, RGB. Raises WeightsError when no upscaler is here, CancelledError."""


@dataclass(frozen=True, slots=True)
class Ports:
    """All that the studio works with beside its settings; `parts.py` has the real ones, tests bring their own."""

    renderers: Renderers
    judge: OpenJudge
    repairer: Repairer
    enlarger: Enlarger
    collide: Collide
    illustrator: Pipeline
    ground: Callable[[], Ground]
