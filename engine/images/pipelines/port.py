"""The port of every image pipeline: the illustrator here, diffusers families later.

`engine/images/worker.py` calls `render` in its own process, so a pipeline may block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.types import PictureJob

Progress = Callable[[float, str], None]  # (share done 0..1, words for people); raises CancelledError to stop


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished picture: PNG bytes, its size in pixels, and a caption for people who cannot see it."""

    png: bytes
    width: int
    height: int
    caption: str


class Pipeline(Protocol):
    """Something that turns a picture job into a picture."""

    @property
    def name(self) -> str:
        """The name stored with each picture."""

    def render(self, job: PictureJob, progress: Progress) -> Rendered:
        """Make the picture; the same job gives the same bytes. Raises RenderError, or what `progress` raises."""
