"""The page on a real port: it says where it is, streams to real clients, and stops with streams open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from bot.messages import Origin, Replied
from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.server import serve
from bot.surfaces.web.surface import WebSurface
from engine.errors import ConfigError
from engine.types import Role
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.scripted import PaintedPictures, ScriptedDoor

CONFIG = WebConfig(port=0)
ORIGIN = Origin("web", "owner", conversation_id="conversation-1")


class Running:
    def __init__(self, folder: Path) -> None:
        self.surface = WebSurface(heartbeat=0.05)
        self._address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        app = create_app(
            door=ScriptedDoor(),
            pictures=PaintedPictures(folder),
            surface=self.surface,
            config=CONFIG,
            person=lambda: "owner",
        )
        served = serve(app, config=CONFIG, surface=self.surface, started=self._address.set_result)
        self.task = asyncio.create_task(served)

    async def address(self) -> str:
        return await asyncio.wait_for(self._address, 20)

    async def stop(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(self.task, 4)


async def test_it_answers_where_it_says(tmp_path: Path) -> None:
    running = Running(tmp_path)
    address = await running.address()
    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.get("/healthz")
        assert answer.text == "ok" and "server" not in answer.headers
    await running.stop()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{address}healthz")


async def test_it_streams_and_stops_with_the_stream_open(tmp_path: Path) -> None:
    running = Running(tmp_path)
    lines: list[str] = []
    async with (
        httpx.AsyncClient(base_url=await running.address(), timeout=10) as client,
        client.stream("GET", "/conversations/conversation-1/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        received = stream.aiter_lines()
        assert (await anext(received)).startswith("retry")
        await running.surface.deliver(ORIGIN, Replied(views.line("m1", Role.CHARACTER, "Hello there")))
        async for line in received:
            lines.append(line)
            if line.startswith("data:"):
                break
        assert "event: message" in lines and "Hello there" in lines[-1]
        await running.stop()
        assert [line async for line in received if line and not line.startswith(":")] == []


async def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    running = Running(tmp_path)
    port = int((await running.address()).rsplit(":", 1)[1].rstrip("/"))
    surface, config = WebSurface(), WebConfig(port=port)
    app = create_app(
        door=ScriptedDoor(),
        pictures=PaintedPictures(tmp_path),
        surface=surface,
        config=config,
        person=lambda: "o",
    )
    with pytest.raises(ConfigError, match=f"Port {port} is in use already"):
        await serve(app, config=config, surface=surface)
    await running.stop()
