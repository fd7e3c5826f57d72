"""A file that is sent with /import: named in the event, fetched from Discord when it is needed, and from nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.messages import Inbound, Outbound, Text
from bot.surfaces.discord.downloads import download
from engine.errors import NotFoundError
from tests.bot.surfaces.discord.conftest import Open
from tests.loopback.discord import DiscordServer

CHAT = b"Ada: hello\nMaya: hi\n" * 10_000


async def noted(inbound: Inbound, show: Callable[[Outbound], Awaitable[str]]) -> None:
    await show(Text("Noted."))


async def test_a_file_of_the_command(discord: DiscordServer, connect: Open) -> None:
    ada = discord.control.user("Ada")
    dm = discord.control.dm(ada)
    async with connect() as house:
        house.door.script = noted
        asked = await discord.control.slash(dm, ada, "import", {"file": ("chat.txt", CHAT), "me": "Ada"})
        await asked.reply()
        await house.door.settled()
        (inbound,) = house.door.taken
        assert inbound.call is not None and inbound.call.name == "import"
        assert inbound.call.options["me"] == "Ada"
        address = str(inbound.call.options["file"])
        assert b"".join([piece async for piece in house.surface.fetch(address)]) == CHAT
        with pytest.raises(NotFoundError, match="send it again"):
            [piece async for piece in house.surface.fetch(f"{discord.url}/attachments/1/2/chat.txt")]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x",
        "https://example.org/x",
        "http://cdn.discordapp.com/x",
        "https://cdn.discordapp.com.example.org/x",
        "https://user@cdn.discordapp.com@example.org/x",
        "https://cdn.discordapp.com:8443/x",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
async def test_no_other_server_is_asked(address: str) -> None:
    with pytest.raises(NotFoundError):
        [piece async for piece in download(address, "")]


async def test_discord_leads_nowhere_else() -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound("/secret")

    async def secret(request: web.Request) -> web.Response:
        return web.Response(text="secret")

    app = web.Application()
    app.router.add_get("/file", elsewhere)
    app.router.add_get("/secret", secret)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        with pytest.raises(NotFoundError):
            [piece async for piece in download(f"{url}/file", url)]
        assert [piece async for piece in download(f"{url}/secret", url)] == [b"secret"]
    finally:
        await runner.cleanup()
