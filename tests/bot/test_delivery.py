"""bot/delivery.py: couriers show the newest state, stumble alone, and mark delivered only what was shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.delivery import Delivery
from bot.messages import MessageView, Origin, Outbound, Replied, Surface, Take, Wizard
from characters.character import Appearance, Persona
from engine.build import Engine
from engine.errors import NotFoundError
from engine.images.job import to_json
from engine.types import Job, JobClass, JobStatus, Message, PictureJob, PicturePurpose, Role, Shot, Ticket
from tests.bot.conftest import Guest, working

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERSONA = Persona(name="Noor", appearance=Appearance())


def job(
    job_id: str, status: JobStatus = JobStatus.QUEUED, *, draft_id: str = "", surface: str = "slow"
) -> Job:
    purpose = PicturePurpose.TAKE if draft_id else PicturePurpose.SELFIE
    picture = PictureJob(purpose, PERSONA, Shot(), 1, draft_id=draft_id or None)
    return Job(
        id=job_id,
        kind="picture",
        person_id="ana",
        payload=to_json(picture),
        job_class=JobClass.INTERACTIVE,
        origin=Origin(surface, "before the join", channel="den").to_json(),
        surface=surface,
        status=status,
        priority=1,
        attempts=0,
        fence=0,
        progress=0.0,
        stage="",
        created_at=NOW,
    )


class Queue:
    """The queue at the port: jobs as a test sets them."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.delivered: list[str] = []
        self._news: asyncio.Queue[Job] = asyncio.Queue()

    def put(self, one: Job) -> None:
        self.jobs[one.id] = one
        self._news.put_nowait(one)

    def move(self, job_id: str, status: JobStatus, progress: float = 0.0) -> None:
        self.put(replace(self.jobs[job_id], status=status, progress=progress))

    async def updates(self) -> AsyncIterator[Job]:
        while True:
            yield await self._news.get()

    async def undelivered(self, surface: str) -> list[Job]:
        return [
            one
            for one in self.jobs.values()
            if one.surface == surface and one.status.final and one.delivered_at is None
        ]

    async def get(self, job_id: str) -> Job:
        if job_id not in self.jobs:
            raise NotFoundError
        return self.jobs[job_id]

    async def ticket(self, job_id: str) -> Ticket:
        return Ticket(await self.get(job_id), 0, None)

    async def cancel(self, job_id: str, person_id: str) -> Job:
        assert person_id == self.jobs[job_id].person_id
        self.put(replace(self.jobs[job_id], cancel_requested=True))
        return self.jobs[job_id]

    async def mark_delivered(self, job_id: str) -> bool:
        if job_id not in self.jobs or self.jobs[job_id].delivered_at:
            return False
        self.jobs[job_id] = replace(self.jobs[job_id], delivered_at=NOW)
        self.delivered.append(job_id)
        return True


@dataclass
class Screen:
    """A surface that takes its time, and breaks when told to."""

    name: str = "slow"
    seconds: float = 0.0
    failures: int = 0
    tries: list[float] = field(default_factory=list)
    shown: list[tuple[str, Outbound]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        raise NotImplementedError

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        self.tries.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.seconds)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("secret words")
        self.origins.append(origin)
        self.shown.append((ref, outbound))

    @property
    def steps(self) -> list[tuple[str, JobStatus, float]]:
        """What was shown: message, status, progress."""
        shown = [(ref, one.message.progress) for ref, one in self.shown if isinstance(one, Replied)]
        return [(ref, view.status, view.progress) for ref, view in shown if view is not None]


class Bench:
    """A delivery between a queue and surfaces; drafts show the takes that they offer."""

    def __init__(self, *screens: Screen) -> None:
        self.queue = Queue()
        self.offered: dict[str, tuple[str, ...]] = {}
        surfaces = cast("dict[str, Surface]", {screen.name: screen for screen in screens})
        character = SimpleNamespace(id="c", persona=PERSONA, owner_id=None)
        engine = SimpleNamespace(
            queue=self.queue,
            selfie=SimpleNamespace(settle=self._settle),
            conversations=SimpleNamespace(
                get=self._some(SimpleNamespace(character_id="c")), by_job=self._by_job
            ),
            characters=SimpleNamespace(get=self._some(character)),
        )
        self.delivery = Delivery(cast("Engine", engine), surfaces, self._draft)
        self.messages: dict[str, Message] = {}

    def put(self, *jobs: Job) -> None:
        for one in jobs:
            self.messages[one.id] = Message(
                f"message of {one.id}", "talk", Role.CHARACTER, "at the beach", NOW, job_id=one.id
            )
            self.queue.put(one)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.delivery.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _by_job(self, job_id: str) -> Message | None:
        return self.messages.get(job_id)

    async def _settle(self, one: Job) -> Message | None:
        return self.messages.get(one.id)

    async def _draft(self, draft_id: str, person_id: str) -> Wizard:
        assert person_id == "ana"
        if draft_id not in self.offered:
            raise NotFoundError
        takes = tuple(
            Take(job_id, job_id if self.queue.jobs[job_id].status is JobStatus.DONE else "")
            for job_id in self.offered[draft_id]
        )
        return Wizard(draft_id, "takes", "", "", 0, 1, (), takes=takes)

    @staticmethod
    def _some(value: object) -> object:
        async def get(_: str) -> object:
            return value

        return get


@pytest.mark.looptime
async def test_a_slow_surface_misses_steps_but_never_the_end() -> None:
    screen = Screen(seconds=10)
    bench = Bench(screen)
    async with bench.running():
        bench.put(job("j"))
        for step in range(1, 10):
            await asyncio.sleep(2)
            bench.queue.move("j", JobStatus.RUNNING, step / 10)
        bench.queue.move("j", JobStatus.FAILED)
        await asyncio.sleep(100)
    assert screen.steps == [
        ("message of j", JobStatus.QUEUED, 0.0),
        ("message of j", JobStatus.RUNNING, 0.4),
        ("message of j", JobStatus.FAILED, 0.0),
    ]
    assert bench.queue.delivered == ["j"]


@pytest.mark.looptime
async def test_nobody_waits_for_somebody_elses_slow_surface() -> None:
    slow, quick = Screen(seconds=1000), Screen("quick")
    bench = Bench(slow, quick)
    async with bench.running():
        bench.put(job("a"), job("b"), job("c", surface="quick"))
        await asyncio.sleep(1)
        assert [ref for ref, _ in quick.shown] == ["message of c"]
        assert len(slow.tries) == 2  # neither do two pictures of one surface wait for each other


@pytest.mark.looptime
async def test_a_surface_that_breaks_is_asked_again_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    screen = Screen(failures=8)
    bench = Bench(screen)
    async with bench.running():
        bench.put(job("j", JobStatus.FAILED))
        await asyncio.sleep(30)
        assert not bench.queue.delivered
        bench.put(job("later", JobStatus.FAILED))
        await asyncio.sleep(300)
    pauses = [round(after - before) for before, after in zip(screen.tries, screen.tries[1:], strict=False)]
    assert max(pauses) <= 60 and len(screen.tries) == 10
    assert sorted(bench.queue.delivered) == ["j", "later"]
    assert caplog.text.count("Traceback") <= 2


@pytest.mark.looptime
async def test_pauses_grow_from_a_second_to_a_minute() -> None:
    screen = Screen(failures=9)
    bench = Bench(screen)
    async with bench.running():
        bench.put(job("j", JobStatus.FAILED))
        await asyncio.sleep(1000)
    pauses = [round(after - before) for before, after in zip(screen.tries, screen.tries[1:], strict=False)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.looptime
async def test_what_a_crash_left_is_delivered_at_the_next_start_and_once() -> None:
    screen = Screen(seconds=10)
    bench = Bench(screen)
    bench.queue.jobs["j"] = job("j", JobStatus.FAILED)
    bench.put(bench.queue.jobs["j"])
    async with bench.running():
        await asyncio.sleep(5)  # stopped while it is being shown
    assert not bench.queue.delivered
    async with bench.running():
        await asyncio.sleep(50)
    async with bench.running():
        await asyncio.sleep(50)
    assert bench.queue.delivered == ["j"] and len(screen.shown) == 1
    assert screen.origins[0].person_id == "ana"  # whose it is now


@pytest.mark.looptime
async def test_those_behind_move_up() -> None:
    screen = Screen()
    bench = Bench(screen)
    async with bench.running():
        bench.put(job("first"), job("second"))
        await asyncio.sleep(1)
        screen.shown.clear()
        bench.queue.move("first", JobStatus.CANCELLED)
        await asyncio.sleep(1)
    assert [step[:2] for step in screen.steps] == [
        ("message of first", JobStatus.CANCELLED),
        ("message of second", JobStatus.QUEUED),
    ]


@pytest.mark.looptime
async def test_a_picture_whose_message_comes_later_is_shown_when_it_is_tracked() -> None:
    screen = Screen()
    bench = Bench(screen)
    async with bench.running():
        bench.queue.put(job("j", JobStatus.FAILED))
        await asyncio.sleep(1)
        assert not screen.shown and not bench.queue.delivered
        bench.messages["j"] = Message("m", "talk", Role.CHARACTER, "", NOW, job_id="j")
        await bench.delivery.track("j")
        await asyncio.sleep(1)
    assert [ref for ref, _ in screen.shown] == ["m"] and bench.queue.delivered == ["j"]


@pytest.mark.looptime
async def test_a_withdrawn_picture_ends_as_cancelled_whatever_was_on_its_way() -> None:
    screen = Screen(seconds=2)
    bench = Bench(screen)
    async with bench.running():
        bench.put(job("j", JobStatus.RUNNING), job("another"))
        await asyncio.sleep(5)
        bench.queue.move("j", JobStatus.RUNNING, 0.5)
        await asyncio.sleep(1)  # this is being shown
        await bench.delivery.withdraw(lambda one: one.id == "j")
        del bench.messages["j"]
        bench.queue.move("j", JobStatus.CANCELLED)  # its worker has noticed
        await asyncio.sleep(20)
    assert [step[1] for step in screen.steps if step[0] == "message of j"][-2:] == [
        JobStatus.RUNNING,
        JobStatus.CANCELLED,
    ]
    assert bench.queue.delivered == ["j"]
    assert all(step[1] is JobStatus.QUEUED for step in screen.steps if step[0] == "message of another")


@pytest.mark.looptime
async def test_a_surface_that_is_away_holds_up_no_deletion() -> None:
    bench = Bench(Screen(seconds=1000))
    async with bench.running():
        bench.put(job("j"))
        await bench.delivery.track("j")
        await asyncio.sleep(1)
        before = asyncio.get_running_loop().time()
        await bench.delivery.withdraw(lambda _: True)
        assert asyncio.get_running_loop().time() - before <= 6


@pytest.mark.looptime
async def test_takes_share_one_message_and_its_last_state_has_them_all() -> None:
    screen = Screen(seconds=10)
    bench = Bench(screen)
    bench.offered["d"] = ("a", "b", "c")
    async with bench.running():
        for name in "abc":
            bench.queue.put(job(name, JobStatus.RUNNING, draft_id="d"))
        await asyncio.sleep(20)
        assert not screen.tries  # the step shows them being made; what is new is a face
        for name in "abc":
            await asyncio.sleep(1)
            bench.queue.move(name, JobStatus.DONE)
        await asyncio.sleep(100)
    assert [ref for ref, _ in screen.shown] == ["draft:d", "draft:d"]
    assert all(isinstance(shown, Wizard) for _, shown in screen.shown)
    last = cast("Wizard", screen.shown[-1][1])
    assert [take.media_id for take in last.takes] == ["a", "b", "c"]
    assert sorted(bench.queue.delivered) == ["a", "b", "c"]


@pytest.mark.looptime
async def test_takes_of_a_draft_that_went_on_or_is_gone_disturb_nobody() -> None:
    screen = Screen()
    bench = Bench(screen)
    bench.offered["moved on"] = ()
    async with bench.running():
        bench.queue.put(job("a", JobStatus.DONE, draft_id="moved on"))
        bench.queue.put(job("b", JobStatus.DONE, draft_id="deleted"))
        await asyncio.sleep(1)
    assert not screen.shown and sorted(bench.queue.delivered) == ["a", "b"]


async def test_takes_come_by_themselves_where_nobody_looks_again(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        engine = guest.house.engine
        noor = await engine.characters.by_slug("noor")
        draft = await engine.drafts.create(guest.origin.person_id, noor.persona, "takes")
        (offered,) = await guest.call("create", draft=draft.id, action="takes")
        assert isinstance(offered, Wizard) and offered.takes

        def complete() -> bool:
            last = recorder.edits[-1][1] if recorder.edits else None
            return isinstance(last, Wizard) and all(take.media_id for take in last.takes)

        await recorder.until(complete)
        assert {ref for ref, _ in recorder.edits} == {f"draft:{draft.id}"}
        last = cast("Wizard", recorder.edits[-1][1])
        assert [take.job_id for take in last.takes] == [take.job_id for take in offered.takes]


async def test_a_page_looks_at_its_takes_itself(guest: Guest) -> None:
    engine = guest.house.engine
    noor = await engine.characters.by_slug("noor")
    draft = await engine.drafts.create(guest.origin.person_id, noor.persona, "takes")
    page = replace(guest, origin=Origin("web", guest.origin.person_id))
    (offered,) = await page.call("create", draft=draft.id, action="takes")
    assert isinstance(offered, Wizard)
    for take in offered.takes:
        assert (await engine.queue.get(take.job_id)).surface == ""


async def test_a_picture_comes_from_its_character(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        await guest.talk()
        await guest.say("/selfie at the beach")

        def line() -> MessageView | None:
            last = recorder.edits[-1][1] if recorder.edits else None
            return last.message if isinstance(last, Replied) and last.message.picture else None

        await recorder.until(lambda: line() is not None)
        found = line()
        assert found is not None and found.speaker is not None and found.speaker.name.startswith("Noor")
