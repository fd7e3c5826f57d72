"""All picture pipelines by name; `engine/images/worker.py` loads the one that a job asks for.

Loading is lazy: only the worker process pays for a pipeline, and only once a job needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from engine.errors import RefusedError
from engine.images.pipelines.port import Pipeline

PIPELINES: Mapping[str, str] = {
    "illustrator": "engine.images.pipelines.illustrator.compose:Illustrator",
}


class Registry:
    """Pipelines that are made when first asked for. `extra` names more of them as "module:Class"."""

    def __init__(self, extra: Mapping[str, str] | None = None) -> None:
        self._known = {**PIPELINES, **(extra or {})}
        self._made: dict[str, Pipeline] = {}

    def get(self, name: str) -> Pipeline:
        """The pipeline of that name. Raises RefusedError if there is none."""
        if name not in self._known:
            known = ", ".join(self._known)
            raise RefusedError(f"There is no picture model called “{name}”. There are: {known}.")
        if name not in self._made:
            module, _, attribute = self._known[name].partition(":")
            self._made[name] = cast("Pipeline", getattr(import_module(module), attribute)())
        return self._made[name]
