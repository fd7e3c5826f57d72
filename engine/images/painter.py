"""The render thread's side of the worker: everything here blocks. `worker.py` calls it through its executor.

Errors come back as values: jobs that are made together end each in its own way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from characters.character import Persona
from engine.errors import CancelledError
from engine.images.device.ladder import RestartNeeded, Trouble, attempt, trouble_of
from engine.images.pipelines.port import Materials, Pipeline, Rendered, Together, Workshop
from engine.images.pipelines.registry import ILLUSTRATOR, Registry
from engine.images.provenance.stamp import Stamp
from engine.images.underway import Underway
from engine.types import PictureJob, PicturePurpose, Shot

log = logging.getLogger(__name__)

Painted = Rendered | Exception
T = TypeVar("T")

# Pixels of the picture that warms a pipeline up.
WARM_SIZE = 256


class Painter:
    """Paints with the pipelines of a registry."""

    def __init__(self, workshop: Workshop, registry: Registry) -> None:
        self._workshop, self._registry = workshop, registry
        self._stamp: Stamp | None = None

    def warm(self, name: str) -> str:
        """Load a pipeline and draw a small picture. What is to be said of it, "" where it went as it should."""
        asked = PictureJob(PicturePurpose.PREVIEW, Persona("Nobody"), Shot(), 0, WARM_SIZE, WARM_SIZE, name)
        heard = ""

        def progress(_share: float, words: str) -> None:
            nonlocal heard
            stage = words.partition(",")[0]  # each step would be too much of it
            if stage != heard and name != ILLUSTRATOR:  # which is ready at once
                log.info("Warming up: %s", stage)
                heard = stage

        rendered = self._braved(lambda: self._registry.get(name).render(asked, progress, Materials()))
        return rendered.making.note if rendered.making else ""

    def key(self, order: Underway) -> Hashable | None:
        """Orders of the same key are made together; None: alone."""
        pipeline = self._registry.get(order.asked.pipeline)
        return pipeline.key(order.asked, order.materials) if isinstance(pipeline, Together) else None

    def paint(self, orders: Sequence[Underway]) -> list[Painted]:
        """For each order its picture, or what came in its way; RestartNeeded where this process cannot go on."""
        if len(orders) == 1:
            return [self._alone(orders[0])]
        try:
            pipeline = self._registry.get(orders[0].asked.pipeline)
            painted = self._braved(partial(self._together, pipeline, orders))
            return self._each(orders, painted)
        except RestartNeeded as need:
            return [need for _ in orders]
        except Exception:
            log.exception("Pictures could not be made together; they are made one after another.")
            return [self._alone(order) for order in orders]

    def stamp(self, rendered: Rendered, asked: PictureJob) -> bytes:
        """The picture's bytes as they are stored: made by a machine, and they say so."""
        if self._stamp is None:
            self._stamp = Stamp(self._workshop)
        return self._stamp.stamp(rendered, asked)

    def make_room(self) -> None:
        """Unload all models."""
        self._registry.make_room()

    def _together(self, pipeline: Pipeline, orders: Sequence[Underway]) -> list[Painted]:
        assert isinstance(pipeline, Together)
        return pipeline.render_many([(order.asked, order, order.materials) for order in orders])

    def _each(self, orders: Sequence[Underway], painted: Sequence[Painted]) -> list[Painted]:
        """What came out for each; memory that ran out for one of them is met as it is for one alone."""
        return [
            _named(one, order.asked)
            if isinstance(one, Rendered)
            else (self._alone(order) if trouble_of(one) else one)
            for order, one in zip(orders, painted, strict=True)
        ]

    def _alone(self, order: Underway) -> Painted:
        if order.stop.is_set():
            return CancelledError()

        def render() -> Rendered:
            return self._registry.get(order.asked.pipeline).render(order.asked, order, order.materials)

        try:
            return _named(self._braved(render), order.asked)
        except Exception as error:  # noqa: BLE001 - the worker tells the job's record, and logs what is a defect
            return error

    def _braved(self, call: Callable[[], T]) -> T:
        """Memory that runs out beside the models (they have their own ladder): unload them, and try once more.

        Raises RestartNeeded where that does not help, or the card failed.
        """
        outcome = attempt(call)
        if outcome is Trouble.MEMORY:
            self._registry.make_room()
            outcome = attempt(call)
        if isinstance(outcome, Trouble):
            raise RestartNeeded(outcome)
        return outcome


def _named(rendered: Rendered, asked: PictureJob) -> Rendered:
    """With the name of what made it: of "auto" it is a model's."""
    name = rendered.pipeline or (rendered.making.family if rendered.making else "") or asked.pipeline
    return replace(rendered, pipeline=name)
