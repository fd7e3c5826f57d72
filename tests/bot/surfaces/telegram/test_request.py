"""Requests by aiohttp: what may go wrong is told as the library tells it, and tells how far the request came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot

from bot.surfaces.telegram.errors import never_sent
from bot.surfaces.telegram.request import AiohttpRequest
from tests.loopback.telegram import TelegramServer

TOKEN = "1:secret"


@asynccontextmanager
async def requests(seconds: float = 5.0) -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(2, seconds=seconds)
    await request.initialize()
    try:
        yield request
    finally:
        await request.shutdown()


async def test_words_and_files_arrive_as_they_were_sent(server: TelegramServer) -> None:
    bot = ExtBot(server.token, server.base_url, request=AiohttpRequest(2, seconds=5.0))
    async with bot:
        ada = server.control.user("Ada")
        chat = server.control.private(ada)
        words = "“Grüße” & 猫\n🦔 = + %41"
        await bot.send_message(ada.id, words)
        await bot.send_document(ada.id, InputFile(b"\x00\xffzip", filename="a b “c”.zip"))
        said, sent = chat.visible()[-2:]
    assert said.text == words
    assert sent.media is not None
    assert sent.media.file.name == "a b “c”.zip"


async def test_nobody_there_was_never_sent() -> None:
    async with requests() as request:
        with pytest.raises(NetworkError) as caught:
            await request.do_request(f"http://127.0.0.1:1/bot{TOKEN}/getMe", "POST")
    assert never_sent(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"])
async def test_a_broken_answer_may_have_been_sent(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as platform, requests() as request:
        port = platform.sockets[0].getsockname()[1]
        with pytest.raises(NetworkError) as caught:
            await request.do_request(f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage", "POST")
    assert not never_sent(caught.value)
    assert TOKEN not in str(caught.value)


async def test_silence_ends() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as platform, requests(0.05) as request:
        port = platform.sockets[0].getsockname()[1]
        with pytest.raises(TimedOut) as caught:
            await request.do_request(f"http://127.0.0.1:{port}/botx/getMe", "POST")
    assert not never_sent(caught.value)


async def test_the_environments_proxy_is_used(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)  # it does not mind being asked for another host's address
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with requests() as request:
        status, body = await request.do_request(f"http://telegram.invalid/bot{server.token}/getMe", "POST")
    assert status == 200 and b"selfsame_bot" in body
