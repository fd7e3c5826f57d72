"""Nightly work: what has outlived its use is removed: old records, and live portraits that nobody looks at.

`engine/build.py` makes it, `Engine.run` keeps it running. Nothing here is remembered between runs: the store is the
truth, and what a missed night left is removed the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from engine.config import ImagesConfig
from engine.store.store import Store
from engine.types import Clock

log = logging.getLogger(__name__)

# The hour of the night, local time, in which the work is least in anybody's way.
NIGHT_HOUR = 4
# Seconds that a night's work may come late, e.g. after the machine slept; later than that it waits for the next.
GRACE = 6 * 3600
# Live portraits are kept for a wizard that is resumed soon; later they are drawn again.
KEEP_PREVIEWS = timedelta(days=2)
# Handled events of messengers are known again when they are repeated, which happens within a day.
KEEP_EVENTS = timedelta(days=7)
# A reply to one of our messages, or an edit of it, may come this late.
KEEP_SHOWN = timedelta(days=400)
# Buttons whose command is kept here work this long after they were last shown.
KEEP_CALLS = timedelta(days=180)


class Schedule:
    """What is done while nobody waits for it."""

    def __init__(self, store: Store, clock: Clock, images: ImagesConfig) -> None:
        self._store = store
        self._clock = clock
        self._keep_jobs = timedelta(days=images.keep_jobs_days)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep the schedule for the length of a block; needs a running event loop."""
        # Imported here: the library takes longer to import than everything else of this file to run.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler()
        scheduler.add_job(self.tidy, "cron", hour=NIGHT_HOUR, misfire_grace_time=GRACE, coalesce=True)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    async def tidy(self) -> None:
        """Remove what has outlived its use."""
        now = self._clock()
        jobs = await self._store.jobs.prune(now - self._keep_jobs)
        previews = await self._store.media.prune_previews(now - KEEP_PREVIEWS)
        await self._store.drafts.prune(now - KEEP_PREVIEWS)
        await self._store.inbox.prune(now - KEEP_EVENTS)
        await self._store.ledger.prune(now - KEEP_SHOWN)
        await self._store.calls.prune(now - KEEP_CALLS)
        log.info("tidied up: %d records of jobs, %d live portraits", jobs, previews)
