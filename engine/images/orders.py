"""What the worker takes on: claimed jobs with all that they are made from, several at once where they go together."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Hashable, Sequence

from engine.errors import RefusedError, SelfsameError
from engine.images.device.ladder import LadderBook
from engine.images.job import PICTURE, from_json
from engine.images.materials import Gatherer
from engine.images.pipelines.port import Materials
from engine.images.pipelines.registry import ILLUSTRATOR
from engine.images.previews import Previews
from engine.images.queue.embedded import EmbeddedQueue
from engine.images.underway import Underway
from engine.safety.picture import check_picture
from engine.safety.text import Action, Gate
from engine.types import Job, PictureJob

# Queued jobs that make the line a long one, how many are looked at, and how many are made together at most.
LONG, LOOKED_AT, MOST_TOGETHER = 2, 12, 4

# For each order what `Together.key` says of it.
Keys = Callable[[Sequence[Underway]], Awaitable[Sequence[Hashable | None]]]


class Orders:
    """Takes jobs on for the worker of a name. `previews`: None where nobody wants to see them."""

    def __init__(
        self,
        worker: str,
        queue: EmbeddedQueue,
        gatherer: Gatherer,
        book: LadderBook,
        gate: Gate,
        previews: Previews | None,
    ) -> None:
        self._worker, self._queue, self._gatherer = worker, queue, gatherer
        self._book, self._gate, self._previews = book, gate, previews

    async def open(self, job: Job) -> Underway:
        """A claimed job with what it is made from. Raises SelfsameError if it cannot be read or may not be made."""
        return await self._prepared(job, self._asked(job))

    async def alike(self, first: Underway, keys: Keys) -> list[Underway]:
        """Others in a long line that can be made together with this one, claimed.

        What has failed before is made alone: if it brings the worker down, it does so to nobody else.
        """
        line = await self._queue.head(LOOKED_AT) if self._is_fresh(first.job, 1) else ()
        if len(line) < LONG or first.asked.pipeline == ILLUSTRATOR:
            return []
        others = [await self._prepared(job, asked) for job, asked in self._candidates(first, line)]
        wanted, *found = await keys((first, *others)) if others else (None,)
        alike = [order for order, key in zip(others, found, strict=True) if key is not None and key == wanted]
        wished = [order.job for order in alike[: MOST_TOGETHER - 1]]
        taken = {job.id: job for job in await self._queue.claim_these(self._worker, wished)} if wished else {}
        mine = [order for order in alike if order.job.id in taken]
        for order in mine:
            order.job = taken[order.job.id]
        return mine

    async def _prepared(self, job: Job, asked: PictureJob) -> Underway:
        drawn = asked.pipeline == ILLUSTRATOR
        materials = Materials() if drawn else await self._gatherer.gather(job, asked)
        return Underway(job, asked, materials, self._previews)

    def _candidates(self, first: Underway, line: Sequence[Job]) -> list[tuple[Job, PictureJob]]:
        found = []
        for job in line:
            if job.kind != PICTURE or job.job_class is not first.job.job_class or not self._is_fresh(job, 0):
                continue
            with contextlib.suppress(SelfsameError):  # it says so once it is claimed
                asked = self._asked(job)
                if asked.pipeline == first.asked.pipeline:
                    found.append((job, asked))
        return found

    def _asked(self, job: Job) -> PictureJob:
        """What a job asks for. Raises SelfsameError; RefusedError where the operator's rules have changed since."""
        asked = read(job)
        verdict = check_picture(asked, self._gate)
        if verdict.action is not Action.ALLOW:
            raise RefusedError(verdict.sentence)
        return asked

    def _is_fresh(self, job: Job, attempts: int) -> bool:
        return job.attempts == attempts and not self._book.restarted(job.id)


def read(job: Job) -> PictureJob:
    """What a job asks for. Raises SelfsameError."""
    try:
        return from_json(job.payload)
    except ValueError as error:
        raise SelfsameError("This picture was asked for in a form that cannot be read any more.") from error
