"""Engine events → the right surface: progress, edits, exactly once.

A picture is delivered by editing the message that showed its progress, which may be repeated; only then is it marked
delivered. Whatever a crash left between the two is done again on start, by editing the same message.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot import views
from bot.messages import Origin, Replied, Surface
from engine.build import Engine
from engine.errors import NotFoundError
from engine.types import Job, JobStatus, Message

log = logging.getLogger(__name__)


class Delivery:
    """Tells people what became of their pictures."""

    def __init__(self, engine: Engine, surfaces: Mapping[str, Surface]) -> None:
        self._engine = engine
        self._surfaces = surfaces
        self._waiting: set[str] = set()

    async def run(self) -> None:
        """Deliver what an earlier process left, then follow the queue for ever. Owned by the app's TaskGroup."""
        updates = self._engine.queue.updates()
        for name in self._surfaces:
            for job in await self._engine.queue.undelivered(name):
                await self._show(job)
        async for job in updates:
            if job.surface in self._surfaces:
                await self._show(job)

    async def track(self, job_id: str) -> None:
        """Show a job whose message has just been stored: it may have been finished before that."""
        self._waiting.add(job_id)
        job = await self._engine.queue.get(job_id)
        if job.status.final:
            await self._show(job)

    async def _show(self, job: Job) -> None:
        try:
            await self._tell(job)
        except NotFoundError:  # deleted between two steps: nobody waits for it any more
            self._waiting.discard(job.id)
            if job.status.final:
                await self._engine.queue.mark_delivered(job.id)

    async def _tell(self, job: Job) -> None:
        surface = self._surfaces[job.surface]
        message = await self._engine.selfie.settle(job)
        if message is None:
            return  # its message is being stored right now; `track` comes after that
        await surface.edit(
            Origin.from_json(job.origin), job.delivery_ref or message.id, await self._view(job, message)
        )
        if not job.status.final:
            self._waiting.add(job.id)
            return
        self._waiting.discard(job.id)
        if await self._engine.queue.mark_delivered(job.id):
            log.info("picture %s: %s", job.id, job.status.value)
        await self._move_up()

    async def _move_up(self) -> None:
        """Those who still wait have moved up in the line."""
        for job_id in tuple(self._waiting):
            try:
                await self._show_place(await self._engine.queue.get(job_id))
            except NotFoundError:
                self._waiting.discard(job_id)

    async def _show_place(self, job: Job) -> None:
        if job.status.final:
            self._waiting.discard(job.id)
        if job.status is not JobStatus.QUEUED:
            return
        message = await self._engine.selfie.settle(job)
        if message is not None:
            view = await self._view(job, message)
            origin = Origin.from_json(job.origin)
            await self._surfaces[job.surface].edit(origin, job.delivery_ref or message.id, view)

    async def _view(self, job: Job, message: Message) -> Replied:
        if job.status is JobStatus.DONE and job.media_id:
            return Replied(views.message(message, media=await self._engine.media.get(job.media_id)))
        return Replied(views.message(message, ticket=await self._engine.queue.ticket(job.id)))
