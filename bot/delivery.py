"""Engine events → the right surface: progress, edits, exactly once.

A picture is delivered by editing the message that showed its progress, which may be repeated; only then is it marked
delivered. Whatever a crash left between the two is done again on start, by editing the same message.

Each message that waits for pictures has a courier, which always shows the newest state: a surface that takes its time
misses steps in between, and holds nobody else up. The takes of a draft share one message, and so one courier.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import views
from bot.messages import MessageView, Origin, Replied, Surface, Wizard
from bot.ports import Files
from engine.build import Engine
from engine.errors import NotFoundError
from engine.images.job import PICTURE, from_json
from engine.types import Job, JobStatus, Message, PicturePurpose

log = logging.getLogger(__name__)

# Seconds until a surface that could not show something is asked again: the first time, and at most.
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
# Seconds that whoever deletes something waits until a picture's message elsewhere says that it does not come.
WITHDRAWAL = 5.0

# The step a draft is at, by the draft's and its person's id. Raises NotFoundError.
ShowDraft = Callable[[str, str], Awaitable[Wizard]]


class Delivery:
    """Tells people what became of their pictures."""

    def __init__(self, engine: Engine, surfaces: Mapping[str, Surface], show_draft: ShowDraft) -> None:
        self._engine = engine
        self._surfaces = surfaces
        self._show_draft = show_draft
        self._waiting: set[str] = set()
        self._withdrawn: set[str] = set()  # cancelled; nothing more is shown of them
        self._news: dict[str, dict[str, None]] = {}  # courier → ids of the jobs that changed, in order
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Deliver what an earlier process left, then follow the queue for ever. Owned by the app's TaskGroup."""
        updates = self._engine.queue.updates()
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                for name in tuple(self._surfaces):
                    for job in await self._engine.queue.undelivered(name):
                        self._bring(job)
                async for job in updates:
                    self._bring(job)
            finally:
                self._tasks = None

    def fetch(self, surface: str, ref: str) -> AsyncIterable[bytes]:
        """A file that somebody sent along with a command. Raises NotFoundError where none can be sent."""
        found: object = self._surfaces.get(surface)
        if not isinstance(found, Files):
            raise NotFoundError("That file is not here. Please send it again.")
        return found.fetch(ref)

    async def track(self, job_id: str) -> None:
        """Show a job whose message has just been stored: it may have been finished before that."""
        self._waiting.add(job_id)
        job = await self._engine.queue.get(job_id)
        if job.status.final:
            self._bring(job)

    async def withdraw(self, concerns: Callable[[Job], bool]) -> None:
        """Stop pictures whose messages are about to be deleted; nothing would change those messages any more."""
        for job_id in tuple(self._waiting):
            try:
                job = await self._engine.queue.get(job_id)
                if not job.status.final and concerns(job):
                    await self._withdraw(await self._engine.queue.cancel(job.id, job.person_id))
            except NotFoundError:  # deleted meanwhile
                self._waiting.discard(job_id)

    async def _withdraw(self, job: Job) -> None:
        """Say where a picture is waited for that it is cancelled, whatever its worker is still at."""
        message = await self._engine.conversations.by_job(job.id)
        if message is None or job.surface not in self._surfaces:
            return
        self._withdrawn.add(job.id)
        view = Replied(await self._view(replace(job, status=JobStatus.CANCELLED), message))
        try:
            async with asyncio.timeout(WITHDRAWAL):
                if (courier := self._couriers.get(_courier(job))) is not None:
                    await asyncio.wait((courier,))  # what it still shows is older
                await self._surfaces[job.surface].edit(_origin(job), message.id, view)
        except Exception as error:  # noqa: BLE001 - nobody's deletion fails because a messenger is away
            log.warning("a withdrawn picture could not be shown (%s)", type(error).__name__)

    # ------------------------------------------------------------ couriers

    def _bring(self, job: Job) -> None:
        """Let the message's courier know that a job changed; without one, start one."""
        if job.surface not in self._surfaces or self._tasks is None:
            return  # polled for, or brought by the next start
        name = _courier(job)
        self._news.setdefault(name, {})[job.id] = None
        if name not in self._couriers:
            self._couriers[name] = self._tasks.create_task(self._carry(name))

    async def _carry(self, name: str) -> None:
        """Show what changed until nothing has; there is no step between the last look and going home."""
        wait = FIRST_WAIT
        try:
            while changed := self._news.pop(name, None):
                try:
                    await self._show(tuple(changed))
                    wait = FIRST_WAIT
                except Exception as error:
                    # Whatever the surface stumbled over, the others' pictures come, and this one is tried again.
                    trace = error if wait == FIRST_WAIT else None
                    log.warning("a picture could not be shown; trying again in %.0f s", wait, exc_info=trace)
                    self._news[name] = {**changed, **self._news.get(name, {})}
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
        finally:
            del self._couriers[name]

    async def _show(self, job_ids: Iterable[str]) -> None:
        """Show jobs as they are now, which may be later than the change that was told of."""
        takes: dict[str, list[Job]] = {}
        for job_id in job_ids:
            try:
                job = await self._engine.queue.get(job_id)
            except NotFoundError:
                self._waiting.discard(job_id)
                self._withdrawn.discard(job_id)
                continue
            if job_id in self._withdrawn:
                await self._let_go(job)
            elif job.delivered_at is None and (draft_id := _draft_of(job)):
                takes.setdefault(draft_id, []).append(job)
            elif job.delivered_at is None:
                await self._unless_deleted((job,), self._show_picture(job))
        for draft_id, jobs in takes.items():
            finished = [job for job in jobs if job.status.final]
            if finished:
                await self._unless_deleted(finished, self._show_takes(draft_id, finished))

    async def _let_go(self, job: Job) -> None:
        """A withdrawn picture has been told of; once its worker has stopped, too, it is over."""
        if job.status.final:
            self._withdrawn.discard(job.id)
            await self._settle((job,))

    async def _unless_deleted(self, jobs: Sequence[Job], showing: Coroutine[Any, Any, None]) -> None:
        try:
            await showing
        except NotFoundError:  # deleted between two steps: nobody waits for it any more
            await self._settle(jobs)

    # ------------------------------------------------------------ what is shown

    async def _show_picture(self, job: Job) -> None:
        message = await self._engine.selfie.settle(job)
        if message is None:
            return  # its message is being stored right now; `track` comes after that
        view = Replied(await self._view(job, message))
        await self._surfaces[job.surface].edit(_origin(job), message.id, view)
        if not job.status.final:
            self._waiting.add(job.id)
            return
        await self._settle((job,))
        await self._move_up()

    async def _show_takes(self, draft_id: str, finished: Sequence[Job]) -> None:
        """Show a draft's takes once some have come, unless the person has gone on to something else."""
        job = finished[-1]
        wizard = await self._show_draft(draft_id, job.person_id)
        offered = {take.job_id for take in wizard.takes}
        if any(one.id in offered for one in finished):
            await self._surfaces[job.surface].edit(_origin(job), f"draft:{draft_id}", wizard)
        await self._settle(finished)

    async def _settle(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._waiting.discard(job.id)
            if job.status.final and await self._engine.queue.mark_delivered(job.id):
                log.info("picture %s: %s", job.id, job.status.value)

    async def _move_up(self) -> None:
        """Those who still wait have moved up in the line."""
        for job_id in tuple(self._waiting):
            try:
                job = await self._engine.queue.get(job_id)
            except NotFoundError:
                self._waiting.discard(job_id)
                continue
            if job.status is JobStatus.QUEUED:
                self._bring(job)

    async def _view(self, job: Job, message: Message) -> MessageView:
        conversation = await self._engine.conversations.get(message.conversation_id)
        record = await self._engine.characters.get(conversation.character_id)
        speaker = views.speaker(record)
        if job.status is JobStatus.DONE and job.media_id:
            media = await self._engine.media.get(job.media_id)
            return views.message(message, media=media, speaker=speaker, mine=record.owner_id == job.person_id)
        ticket = await self._engine.queue.ticket(job.id)
        if job.status is JobStatus.CANCELLED:  # asked for, and its worker has not noticed yet
            ticket = replace(ticket, job=job)
        return views.message(message, ticket=ticket, speaker=speaker)


def _courier(job: Job) -> str:
    """Who carries a job's news: one for each message that shows it."""
    draft_id = _draft_of(job)
    return f"draft:{draft_id}" if draft_id else job.id


def _draft_of(job: Job) -> str:
    """The draft that a job's picture is a take for, "" for any other picture."""
    if job.kind != PICTURE:
        return ""
    picture = from_json(job.payload)
    return picture.draft_id or "" if picture.purpose is PicturePurpose.TAKE else ""


def _origin(job: Job) -> Origin:
    """Where a job was asked for; whose it is may have changed since, because accounts can be joined."""
    return replace(Origin.from_json(job.origin), person_id=job.person_id)
