"""Several servers and many who wait: failover, load, affinity, places, whose turn it is."""

from __future__ import annotations

import asyncio

import pytest

from engine.errors import BusyError, DeadlineError, DownError
from engine.models.openai.line import MOST_WAITING, WORTH_MOVING
from engine.models.port import Priority, Work
from tests.engine.models.openai.conftest import HASTY, opened, read
from tests.engine.models.openai.loopback import Loopback, Play

Pair = tuple[Loopback, Loopback]


@pytest.mark.parametrize(
    "play",
    [
        Play(status=500),
        Play(status=401),
        Play(status=404),
        Play(silent=True),
        Play(hangs_after=0),
        Play(drops_after=0),
        Play(status=429, headers={"Retry-After": "500"}),
        Play(content_type="text/html", raw=b"<html>"),
    ],
)
async def test_the_next_server_answers_where_one_fails(servers: Pair, play: Play) -> None:
    bad, good = servers
    bad.default = play
    async with opened(bad, good, pace=HASTY) as chat:
        for _ in range(2):
            assert (await read(chat))[0] == "Hello there."
    assert len(bad.bodies) <= 2
    assert len(good.bodies) == 2


async def test_a_server_that_is_away_costs_nothing(servers: Pair) -> None:
    away, good = servers
    await away.stop()
    async with opened(away, good) as chat:
        assert (await read(chat))[0] == "Hello there."
        assert chat.name == "tiny (2 servers)"
        assert chat.trouble == ""


async def test_all_away_is_said(servers: Pair) -> None:
    for server in servers:
        await server.stop()
    async with opened(*servers) as chat:
        with pytest.raises(DownError, match="No server can be reached"):
            await read(chat)


async def test_a_broken_stream_is_not_begun_anew_elsewhere(servers: Pair) -> None:
    bad, good = servers
    bad.default = good.default = Play(drops_after=2)
    async with opened(bad, good) as chat:
        with pytest.raises(Exception, match="broke off"):
            await read(chat)
    assert len(bad.bodies) + len(good.bodies) == 1


async def test_the_least_loaded_is_asked(servers: Pair) -> None:
    go = asyncio.Event()
    for server in servers:
        server.default = Play(waits=go)
    async with opened(*servers) as chat:
        readings = [asyncio.create_task(read(chat, work=Work(f"c{number}"))) for number in range(6)]
        for server in servers:
            await server.until(running=3)
        go.set()
        await asyncio.gather(*readings)


async def test_a_conversation_stays_where_it_is_known(servers: Pair) -> None:
    async with opened(*servers) as chat:
        for _ in range(5):
            for conversation in ("a", "b", "c", "d"):
                await read(chat, work=Work(conversation))
        counts = sorted(len(server.bodies) for server in servers)
    assert counts == [10, 10]


async def test_a_conversation_moves_only_where_its_server_has_much_more_to_do(servers: Pair) -> None:
    home, other = servers
    go = asyncio.Event()
    async with opened(home, other) as chat:
        for number in range(2 * (WORTH_MOVING + 1)):
            await read(chat, work=Work(f"c{number}"))  # one here, one there
        home.default = other.default = Play(waits=go)
        tasks = []
        for number in range(0, 2 * (WORTH_MOVING + 1), 2):
            tasks.append(asyncio.create_task(read(chat, work=Work(f"c{number}"))))
            await asyncio.sleep(0)
        await home.until(running=WORTH_MOVING)
        await other.until(running=1)
        go.set()
        await asyncio.gather(*tasks)


async def test_a_server_that_comes_back_is_found_without_being_asked(servers: Pair) -> None:
    away, good = servers
    await away.stop()
    async with opened(away, good) as chat:
        await read(chat)
        await away.start()
        async with asyncio.timeout(20):
            while not away.headers:
                await asyncio.sleep(0.01)
        for number in range(4):
            await read(chat, work=Work(f"c{number}"))
    assert away.bodies and good.bodies


async def test_places_in_line_are_told_and_kept(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    told: list[list[int]] = [[], [], []]
    async with opened(server, slots=1) as chat:
        readings = []
        for number in range(3):
            work = Work(f"c{number}", on_place=told[number].append)
            readings.append(asyncio.create_task(read(chat, work=work)))
            await asyncio.sleep(0)
        await server.until(running=1)
        assert told == [[0], [1], [2]]
        go.set()
        await asyncio.gather(*readings)
    assert told == [[0], [1, 0], [2, 1, 0]]
    assert server.most_running == 1


async def test_leaving_the_line_moves_the_others_up(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    places: list[int] = []
    async with opened(server, slots=1) as chat:
        first = asyncio.create_task(read(chat, work=Work("a")))
        await server.until(running=1)
        leaves = asyncio.create_task(read(chat, work=Work("b")))
        await asyncio.sleep(0)
        stays = asyncio.create_task(read(chat, work=Work("c", on_place=places.append)))
        await asyncio.sleep(0)
        leaves.cancel()
        await asyncio.wait([leaves])
        assert places == [2, 1]
        go.set()
        await asyncio.gather(first, stays)
    assert len(server.bodies) == 2


async def test_a_person_goes_before_background_work(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    done: list[str] = []

    async def ask(name: str, priority: Priority = Priority.REPLY) -> None:
        await read(chat, work=Work(name, priority))
        done.append(name)

    async with opened(server, slots=1) as chat:
        tasks = [asyncio.create_task(ask("first"))]
        await server.until(running=1)
        tasks.append(asyncio.create_task(ask("background", Priority.BACKGROUND)))
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(ask("person")))
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(*tasks)
    assert done == ["first", "person", "background"]


async def test_background_work_leaves_a_place_for_people(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    async with opened(server, slots=3) as chat:
        tasks = [asyncio.create_task(read(chat, work=Work("", Priority.BACKGROUND))) for _ in range(5)]
        await server.until(running=2)
        tasks.append(asyncio.create_task(read(chat, work=Work("person"))))
        await server.until(running=3)
        go.set()
        await asyncio.gather(*tasks)


async def test_too_long_a_line_is_refused(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    async with opened(server, slots=1) as chat:
        tasks = [asyncio.create_task(read(chat)) for _ in range(MOST_WAITING + 1)]
        await server.until(running=1)
        with pytest.raises(BusyError):
            await read(chat)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_a_deadline_counts_in_line_too(server: Loopback) -> None:
    server.default = Play(hangs_after=0)
    async with opened(server, slots=1) as chat:
        first = asyncio.create_task(read(chat))
        await server.until(running=1)
        with pytest.raises(DeadlineError):
            await read(chat, work=Work("b", deadline_s=0.05))
        first.cancel()
        await asyncio.wait([first])
        server.default = Play()
        assert (await read(chat))[0] == "Hello there."


async def test_who_tries_again_keeps_the_place(server: Loopback) -> None:
    go = asyncio.Event()
    server.plays = [Play(status=500), Play(words=("first",)), Play(words=("second",))]
    server.default = Play(waits=go)
    async with opened(server, slots=1) as chat:
        first = asyncio.create_task(read(chat, work=Work("a")))
        await asyncio.sleep(0)
        second = asyncio.create_task(read(chat, work=Work("b")))
        assert (await first)[0] == "first"
        assert (await second)[0] == "second"


async def test_many_at_once_on_servers_that_fail_at_random_all_get_whole_replies(servers: Pair) -> None:
    bad = [Play(status=500), Play(drops_after=0), Play(status=429), Play(hangs_after=0), Play(status=503)]
    for number, server in enumerate(servers):
        server.plays = [
            bad[(place + number) % 5] if place % 4 == 0 else Play(by_byte=True) for place in range(40)
        ]
    async with opened(*servers, slots=3, pace=HASTY) as chat:
        replies = await asyncio.gather(*(read(chat, work=Work(f"c{number}")) for number in range(24)))
    assert {text for text, _ in replies} == {"Hello there."}
    assert all(server.running == 0 and server.most_running <= 3 for server in servers)


async def test_an_erased_conversation_has_no_server_any_more(servers: Pair) -> None:
    async with opened(*servers) as chat:
        await read(chat, work=Work("a"))
        await chat.forget(["a"])
        await read(chat, work=Work("a"))
    assert [len(server.bodies) for server in servers] == [1, 1]
