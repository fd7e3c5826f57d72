"""bot/router.py, `accept`: nothing that a messenger sent is lost or handled twice, and its order is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access import Access
from bot.commands.command import Command, Option, Request, Tools
from bot.messages import Call, Inbound, Origin, Outbound, Text, Tone
from bot.router import REPEATS, Router
from engine.errors import FullError, NotFoundError, SelfsameError
from engine.types import Waiting
from tests.bot.conftest import Recorder

ORIGIN = Origin("recorder", "ana", channel="den")


@dataclass
class MemoryInbox:
    """The inbox at the port: survives its routers, takes as long as a test says, and fails when told to."""

    delays: Callable[[], int] = lambda: 0
    broken: Exception | None = None
    kept: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    handled: list[str] = field(default_factory=list)

    async def take(self, surface: str, event_id: str, person_id: str, body: str) -> bool:
        for _ in range(self.delays()):
            await asyncio.sleep(0)
        if self.broken is not None:
            raise self.broken
        if (surface, event_id) in self.kept or event_id in self.handled:
            return False
        self.kept[surface, event_id] = Waiting(
            surface, event_id, person_id, body, datetime(2026, 1, 1, tzinfo=UTC), 0
        )
        return True

    async def begin(self, surface: str, event_id: str) -> int:
        kept = self.kept[surface, event_id]
        self.kept[surface, event_id] = replace(kept, attempts=kept.attempts + 1)
        return kept.attempts + 1

    async def done(self, surface: str, event_id: str) -> None:
        if self.kept.pop((surface, event_id), None) is None:
            raise NotFoundError
        self.handled.append(event_id)

    async def waiting(self) -> list[Waiting]:
        return list(self.kept.values())


@dataclass
class Bench:
    """A router with one command that writes down who began and ended, and stops where it is told to."""

    inbox: MemoryInbox = field(default_factory=MemoryInbox)
    surface: Recorder = field(default_factory=Recorder)
    log: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    steps: Callable[[], int] = lambda: 0
    stuck: asyncio.Event = field(default_factory=asyncio.Event)

    async def echo(self, request: Request) -> AsyncGenerator[Outbound]:
        words = request.text("words")
        self.log.append(f"{words} begins")
        if words in self.held:
            self.stuck.set()
            await asyncio.Event().wait()
        for _ in range(self.steps()):
            await asyncio.sleep(0)
        self.log.append(f"{words} ends")
        yield Text(words)

    def router(self, per_minute: int = 1000) -> Router:
        option = (Option("words", "Words."),)
        commands = (
            Command("echo", "Say it again.", self.echo, option, paced=True),
            Command("look", "Look.", self.echo, option, at_once=True),
        )
        tools = cast("Tools", SimpleNamespace(commands={command.name: command for command in commands}))
        return Router(tools, Access(per_minute, lambda: 0.0), self.inbox)

    @property
    def said(self) -> list[str]:
        return [shown.text for shown in self.surface.shown if isinstance(shown, Text)]


def event(words: str, *, name: str = "echo", origin: Origin = ORIGIN, event_id: str = "") -> Inbound:
    return Inbound(origin, event_id or f"m{words}", call=Call(name, {"words": words}))


async def settled(router: Router) -> None:
    """Wait until the router has nothing in hand."""
    while tasks := list(router._events):
        await asyncio.wait(tasks)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), lanes=st.lists(st.sampled_from("abc"), min_size=2, max_size=14))
def test_order_within_a_lane_is_the_order_of_the_calls(seed: int, lanes: list[str]) -> None:
    chance = random.Random(seed)

    async def run() -> list[str]:
        bench = Bench(MemoryInbox(lambda: chance.randrange(6)), steps=lambda: chance.randrange(4))
        router = bench.router()
        async with router.running({"recorder": bench.surface}):
            accepting = [
                asyncio.ensure_future(
                    router.accept(event(f"{lane}{number}", origin=replace(ORIGIN, channel=lane)))
                )
                for number, lane in enumerate(lanes)
            ]
            assert all(await asyncio.gather(*accepting))
            await settled(router)
        assert not bench.inbox.kept
        return bench.log

    log = asyncio.run(run())
    for lane in set(lanes):
        mine = [f"{lane}{number}" for number, one in enumerate(lanes) if one == lane]
        expected = [line for words in mine for line in (f"{words} begins", f"{words} ends")]
        assert [line for line in log if line.startswith(lane)] == expected


async def test_a_repeated_event_is_handled_once() -> None:
    bench = Bench()
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        first, second = await asyncio.gather(router.accept(event("a")), router.accept(event("a")))
        assert (first, second) == (True, False)
        await settled(router)
        assert await router.accept(event("a")) is False
        await settled(router)
    assert bench.said == ["a"] and bench.inbox.handled == ["ma"]


async def test_what_a_stop_interrupted_is_handled_at_the_next_start_and_before_anything_new() -> None:
    bench = Bench(held={"a"})
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("a"))
        await router.accept(event("b"))
        await bench.stuck.wait()
    assert [one.event_id for one in await bench.inbox.waiting()] == ["ma", "mb"] and not bench.said
    bench.held.clear()
    router = bench.router(per_minute=1)  # what was let in once is not counted again
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("c", name="echo"))
        await settled(router)
    assert bench.said == ["a", "b", "c"] and not bench.inbox.kept


async def test_an_event_that_ends_the_process_every_time_is_given_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench(held={"poison"})
    for start in range(REPEATS + 1):
        bench.stuck.clear()
        router = bench.router()
        async with router.running({"recorder": bench.surface}):
            if start == 0:
                await router.accept(event("poison"))
                await router.accept(event("b"))
            await bench.stuck.wait()
    assert not bench.said
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await settled(router)
    given_up, after = bench.surface.shown
    assert isinstance(given_up, Text) and given_up.tone is Tone.ERROR and "several times" in given_up.text
    assert after == Text("b") and not bench.inbox.kept
    assert bench.log.count("poison begins") == REPEATS + 1
    assert "given up" in caplog.text and "poison" not in caplog.text


async def test_a_surface_that_is_not_connected_yet_costs_no_attempt() -> None:
    bench = Bench(held={"a"})
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("a"))
        await bench.stuck.wait()
    bench.held.clear()
    for _ in range(REPEATS + 3):
        router = bench.router()
        async with router.running({"recorder": bench.surface}, connecting=["recorder"]):
            await asyncio.sleep(0)
    (waiting,) = await bench.inbox.waiting()
    assert waiting.attempts == 0 and not bench.said
    router = bench.router()
    async with router.running({"recorder": bench.surface}, connecting=["recorder"]):
        router.connected("recorder")
        await settled(router)
    assert bench.said == ["a"]


async def test_events_of_a_surface_that_is_switched_off_wait_for_it() -> None:
    bench = Bench(held={"a"})
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("a"))
        await bench.stuck.wait()
    async with bench.router().running({}):
        pass
    assert len(bench.inbox.kept) == 1


async def test_a_cancelled_caller_does_not_lose_the_event() -> None:
    bench = Bench(MemoryInbox(lambda: 5))
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        accepting = asyncio.ensure_future(router.accept(event("a")))
        await asyncio.sleep(0)
        accepting.cancel()
        with suppress(asyncio.CancelledError):
            await accepting
        await settled(router)
    assert bench.said == ["a"] and bench.inbox.handled == ["ma"]


async def test_what_comes_in_while_everything_stops_is_kept_for_the_next_start() -> None:
    bench = Bench(MemoryInbox(lambda: 5), held={"a"})
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("a"))
        await bench.stuck.wait()
        being_kept = asyncio.ensure_future(router.accept(event("b")))
        await asyncio.sleep(0)
        router.stop()
        assert await being_kept and await router.accept(event("c"))
        with pytest.raises(SelfsameError, match="shutting down"):
            router.submit(event("d"))
    assert [one.event_id for one in await bench.inbox.waiting()] == ["ma", "mb", "mc"] and not bench.said
    bench.held.clear()
    async with (router := bench.router()).running({"recorder": bench.surface}):
        await settled(router)
    assert bench.said == ["a", "b", "c"]


@pytest.mark.looptime
async def test_nothing_that_is_being_told_holds_up_the_end() -> None:
    class Gone(Recorder):
        async def deliver(self, origin: Origin, outbound: Outbound) -> str:
            await asyncio.Event().wait()
            return ""

    router = Bench(MemoryInbox(broken=FullError())).router()
    async with asyncio.timeout(60), router.running({"recorder": Gone()}):
        accepting = asyncio.ensure_future(router.accept(event("a")))
        await asyncio.sleep(1)
    with pytest.raises(SelfsameError, match="shutting down"):
        await accepting


async def test_a_full_disk_is_told_and_not_confirmed() -> None:
    bench = Bench(MemoryInbox(broken=FullError()))
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        for _ in range(3):  # the surface tries again; the person is told once
            with pytest.raises(FullError):
                await router.accept(event("a"))
        assert bench.surface.shown == [Text(FullError().sentence, Tone.ERROR)]
        bench.inbox.broken = None
        assert await router.accept(event("a"))
        await settled(router)
    assert bench.said[1:] == ["a"]


async def test_events_of_somebody_forgotten_are_dropped_quietly(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(MemoryInbox(broken=NotFoundError()))
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        assert await router.accept(event("a")) is False
        await settled(router)
    assert not bench.surface.shown and not caplog.records


async def test_looking_does_not_wait_for_the_lane() -> None:
    bench = Bench(held={"a"})
    router = bench.router()
    async with router.running({"recorder": bench.surface}):
        await router.accept(event("a"))
        await bench.stuck.wait()
        await router.accept(event("b", name="look"))
        await bench.surface.until(lambda: bench.said == ["b"])


async def test_whose_event_it_was_is_asked_of_the_inbox_when_it_is_handled_again() -> None:
    who: list[str] = []

    async def tell(request: Request) -> AsyncGenerator[Outbound]:
        who.append(request.person_id)
        yield Text("")

    bench = Bench()
    waiting = Waiting("recorder", "ma", "joined", event("a").to_json(), datetime(2026, 1, 1, tzinfo=UTC), 0)
    unreadable = replace(waiting, event_id="m0", body='{"origin": 3}')
    bench.inbox.kept = {("recorder", one.event_id): one for one in (unreadable, waiting)}
    tools: Any = SimpleNamespace(commands={"echo": Command("echo", "Tell.", tell, (Option("words", "W."),))})
    router = Router(tools, Access(1, lambda: 0.0), bench.inbox)
    async with router.running({"recorder": bench.surface}):
        await settled(router)
    assert who == ["joined"] and not bench.inbox.kept


async def test_a_flood_is_answered_once() -> None:
    bench = Bench()
    router = bench.router(per_minute=2)
    async with router.running({"recorder": bench.surface}):
        for number in range(9):
            await router.accept(event(str(number)))
        await settled(router)
    assert bench.said[:2] == ["0", "1"] and len(bench.said) == 3 and "breath" in bench.said[2]
    assert not bench.inbox.kept


async def test_what_cannot_be_shown_counts_as_handled() -> None:
    class Deaf(Recorder):
        async def deliver(self, origin: Origin, outbound: Outbound) -> str:
            raise RuntimeError("no")

    bench = Bench()
    router = bench.router()
    async with router.running({"recorder": Deaf()}):
        await router.accept(event("a"))
        await settled(router)
    assert bench.inbox.handled == ["ma"]


async def test_accepting_after_the_end_is_explained() -> None:
    router = Bench().router()
    with pytest.raises(SelfsameError, match="shutting down"):
        await router.accept(event("a"))
