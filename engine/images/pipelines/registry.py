"""All picture pipelines by name; `engine/images/worker.py` loads the one that a job asks for.

Loading is lazy: only the worker process pays for a pipeline, and only once a job needs it. The illustrator is a
pipeline by itself; every model is rendered through the studio, and all of them share one set of warm renderers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, cast

from engine.errors import RefusedError
from engine.images.device.warm import FAMILIES, Warm
from engine.images.pipelines.port import Pipeline, Workshop

ILLUSTRATOR = "illustrator"
PIPELINES: Mapping[str, str] = {
    ILLUSTRATOR: "engine.images.pipelines.illustrator.compose:Illustrator",
}
# Opens every model by name; "auto" chooses among them.
STUDIO = "engine.images.studio.studio:open_studio"
AUTO = "auto"


class Registry:
    """Pipelines that are made when first asked for.

    `extra` names more of them, `families` names models to be loaded instead of the real ones: "module:Class".
    """

    def __init__(
        self,
        workshop: Workshop,
        extra: Mapping[str, str] | None = None,
        families: Mapping[str, str] | None = None,
    ) -> None:
        self._known = {**PIPELINES, **(extra or {})}
        self._models = (AUTO, *FAMILIES)
        self._warm = Warm(workshop, {**FAMILIES, **(families or {})})
        self._workshop = replace(workshop, renderers=self._warm)
        self._made: dict[str, Pipeline] = {}

    def get(self, name: str) -> Pipeline:
        """The pipeline of that name. Raises RefusedError if there is none."""
        if name not in self._made:
            self._made[name] = self._open(name)
        return self._made[name]

    @property
    def slow(self) -> bool:
        """Whether a model is at something that tells nothing for minutes, such as being loaded."""
        return self._warm.slow

    def make_room(self) -> None:
        """Unload all models: memory ran out beside them."""
        self._warm.close()

    def _open(self, name: str) -> Pipeline:
        if name in self._known:
            return cast("Pipeline", _named(self._known[name])())
        if name in self._models:
            return cast("Pipeline", _named(STUDIO)(name, self._workshop))
        known = ", ".join((*self._known, *self._models))
        raise RefusedError(f"There is no picture model called “{name}”. There are: {known}.")


def _named(where: str) -> Any:
    module, _, attribute = where.partition(":")
    return getattr(import_module(module), attribute)
