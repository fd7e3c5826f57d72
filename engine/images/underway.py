"""One picture under way: what its thread says of it, and whether it should stop. `worker.py` watches over it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING

from engine.errors import CancelledError
from engine.images.pipelines.port import Materials
from engine.images.previews import Previews
from engine.types import Job, PictureJob

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

# Seconds between two records of progress: every one is a commit. Previews keep to it, too.
PACE = 0.25


class Underway:
    """A claimed job with all that it is made from. Pipelines call it as their `progress`, from their thread."""

    def __init__(
        self, job: Job, asked: PictureJob, materials: Materials, previews: Previews | None = None
    ) -> None:
        self.job, self.asked, self.materials = job, asked, materials
        self.share, self.stage, self.steps = 0.0, "", 0
        self.stop = threading.Event()
        self.lost = False  # the lease is somebody else's
        self.moved, self.rung = asyncio.Event(), asyncio.Event()
        self._previews, self._shown_at = previews, 0.0
        self._loop = asyncio.get_running_loop()

    def __call__(self, share: float, stage: str) -> None:
        """What the pipeline says. Raises CancelledError once the picture is not wanted."""
        self._go_on()
        self.share, self.stage, self.steps = min(max(share, 0.0), 1.0), stage, self.steps + 1
        self._tell()

    def preview(self, image: Image) -> None:
        """What the picture looks like so far. Raises CancelledError once it is not wanted."""
        self._go_on()
        if self._previews is None or time.monotonic() - self._shown_at < PACE:
            return
        try:
            self._previews.show(self.job.id, image)
        except OSError as error:  # a full disk is no reason to lose the picture itself
            log.warning("A preview could not be written (%s).", error.strerror)
            self._previews = None
            return
        self._shown_at = time.monotonic()

    def ring(self) -> None:
        """The bot says that something may have changed, perhaps that this one is to stop."""
        self.rung.set()

    def _go_on(self) -> None:
        if self.stop.is_set():
            raise CancelledError

    def _tell(self) -> None:
        self._loop.call_soon_threadsafe(self.moved.set)
