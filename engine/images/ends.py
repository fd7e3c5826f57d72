"""How a claimed job ends: with a picture, a sentence, another try, or a worker that is started anew for it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from engine.errors import (
    CancelledError,
    LostLeaseError,
    RenderError,
    SelfsameError,
    VramError,
    WeightsError,
)
from engine.images.device.ladder import LadderBook, RestartNeeded, Trouble
from engine.images.painter import Painted
from engine.images.pipelines.port import Rendered
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.underway import Underway
from engine.store.media import Picture
from engine.store.store import Store
from engine.types import Job, PictureJob

log = logging.getLogger(__name__)

# Stamps a picture: its bytes as they are stored.
Stamped = Callable[[Rendered, PictureJob], Awaitable[bytes]]


class Ends:
    """Brings jobs to their ends. `over`: whether this process has to end, so that another one goes on."""

    def __init__(self, store: Store, queue: EmbeddedQueue, book: LadderBook, stamped: Stamped) -> None:
        self._store, self._queue, self._book, self._stamped = store, queue, book, stamped
        self.over = False

    async def settle(self, order: Underway, painted: Painted) -> None:
        """Whatever came of an order ends in its job's record."""
        if order.lost:
            painted = LostLeaseError()
        if isinstance(painted, Rendered):
            await self._end(order.job, self._store_picture(order, painted))
        elif isinstance(painted, RestartNeeded):
            await self._end(order.job, self._start_anew(order.job, painted))
        else:
            await self.fail(order.job, painted)

    async def fail(self, job: Job, error: Exception) -> None:
        """Nothing came of a job, or nobody wants it any more."""
        await self._end(job, self._failed(job, error))

    async def _end(self, job: Job, end: Coroutine[Any, Any, None]) -> None:
        """Bring a job to its end, and if that fails, to another one."""
        try:
            try:
                await end
            except LostLeaseError:
                raise
            except Exception as error:  # noqa: BLE001 - `_failed` logs what is a defect
                await self._failed(job, error)
        except LostLeaseError:
            log.warning("Picture %s was given to another worker, or its person is gone.", job.id)

    async def _store_picture(self, order: Underway, rendered: Rendered) -> None:
        png = await self._stamped(rendered, order.asked)
        await self._store.finish_picture(order.job, png, _picture(order, rendered))

    async def _failed(self, job: Job, error: Exception) -> None:
        if isinstance(error, LostLeaseError):
            raise error
        if isinstance(error, CancelledError):
            await self._queue.cancelled(job)
        elif isinstance(error, SelfsameError):
            # What lacks memory or files lacks them the next time, too.
            again = isinstance(error, RenderError) and not isinstance(error, VramError | WeightsError)
            await self._queue.fail(job, error.sentence, retry=again)
        else:
            log.error("Picture %s failed.", job.id, exc_info=error)
            await self._queue.fail(job, RenderError().sentence, retry=True)

    async def _start_anew(self, job: Job, need: RestartNeeded) -> None:
        """Leave a job to the next process, if it is the first time; otherwise it ends with a sentence."""
        log.warning("Picture %s needs the worker to be started anew (%s).", job.id, need)
        if not self._book.restarted(job.id):
            self._book.note(need, [job.id])
            self.over = True
            return
        if need.trouble is Trouble.MEMORY:
            raise VramError
        self.over = True  # nothing more can be done with a card that failed
        raise SelfsameError(RenderError.usual())


def _picture(order: Underway, rendered: Rendered) -> Picture:
    asked = order.asked
    return Picture(
        mime="image/png",
        width=rendered.width,
        height=rendered.height,
        person_id=order.job.person_id,
        character_id=asked.character_id,
        purpose=asked.purpose,
        seed=asked.seed,
        pipeline=rendered.pipeline,
        shot=asked.shot,
        caption=rendered.caption,
        job_id=order.job.id,
        draft_id=asked.draft_id,
        making=rendered.making,
    )
