"""The page over a scripted door, and a browser of its own that keeps cookies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.surface import WebSurface
from tests.bot.surfaces.web.scripted import PaintedPictures, ScriptedDoor

OWNER = "owner"


@dataclass
class Browser:
    """What a person does with a browser: opens pages, presses buttons."""

    client: httpx.AsyncClient
    door: ScriptedDoor
    surface: WebSurface
    token: str = field(default="")

    async def open(self, path: str, **headers: str) -> httpx.Response:
        answer = await self.client.get(path, headers={"accept": "text/html", **headers})
        if found := re.search(r'name="csrf-token" content="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    async def press(self, path: str, *, json: bool = False, **fields: str) -> httpx.Response:
        if not self.token:
            await self.open("/help")
        if not self.token:
            await self.open("/login")
        accept = "application/json" if json else "text/html"
        return await self.client.post(path, data={"csrf": self.token, **fields}, headers={"accept": accept})


def browse(
    folder: Path,
    door: ScriptedDoor | None = None,
    config: WebConfig | None = None,
    host: str = "127.0.0.1:8420",
) -> Browser:
    door, surface = door or ScriptedDoor(), WebSurface(heartbeat=0.05)
    pictures = PaintedPictures(folder)
    app = create_app(
        door=door, pictures=pictures, surface=surface, config=config or WebConfig(), person=lambda: OWNER
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return Browser(httpx.AsyncClient(transport=transport, base_url=f"http://{host}"), door, surface)


@pytest.fixture
def door() -> ScriptedDoor:
    return ScriptedDoor()


@pytest.fixture
async def browser(tmp_path: Path, door: ScriptedDoor) -> AsyncIterator[Browser]:
    browser = browse(tmp_path, door)
    async with browser.client:
        yield browser
