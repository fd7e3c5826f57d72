"""Servers that are broken, or not what their owner thinks: nothing they send costs more than their own reply."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from engine.errors import DownError, ModelError
from engine.models.openai.connections import MOST_BYTES
from engine.models.port import Ending, Sampling
from tests.engine.models.openai.conftest import opened, read
from tests.engine.models.openai.loopback import Loopback, Play

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
LIST = b'{"object": "list", "data": [{"id": "tiny"}]}'


@asynccontextmanager
async def raw_server(answer: Answer) -> AsyncIterator[str]:
    """A server that lists its model, and answers a chat in its own way."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"GET /v1/models " in head:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                writer.write(b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(LIST) + LIST)
            elif head.startswith(b"GET"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await answer(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()


def event(content: str) -> bytes:
    return (
        b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": content}}]}).encode() + b"\n\n"
    )


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_words_go_to_no_other_address(server: Loopback, status: int) -> None:
    other = Loopback()
    async with other:
        to = {"Location": f"{other.url}/chat/completions"}
        server.default = Play(status=status, headers=to)
        async with opened(server) as chat:
            with pytest.raises(ModelError, match="another address"):
                await read(chat)
    assert not other.bodies
    assert not other.headers


async def test_a_reply_that_never_ends_is_ended() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + b"\r\n")
        while True:
            writer.write(event("word "))
            await writer.drain()

    async with raw_server(endless) as url, opened(url) as chat:
        text, finish = await read(chat, Sampling(max_tokens=50))
    assert finish.ending is Ending.LENGTH
    assert len(text) < 50 * 30


async def test_a_line_that_never_ends_fills_no_memory() -> None:
    sent = 0

    async def giant(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(STREAM + b"\r\n" + event("Hello") + b"data: ")
        while sent < 8 * MOST_BYTES:
            writer.write(b"a" * (1 << 20))
            sent += 1 << 20
            await writer.drain()

    async with raw_server(giant) as url, opened(url) as chat:
        with pytest.raises(ModelError, match="broke off"):
            await read(chat)
    assert sent < 2 * MOST_BYTES


async def test_what_is_packed_stays_small() -> None:
    bomb = gzip.compress(b"data: " + b"a" * (64 << 20))

    async def packed(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + b"Content-Encoding: gzip\r\n\r\n" + bomb)
        await writer.drain()

    async with raw_server(packed) as url, opened(url) as chat:
        with pytest.raises(DownError):
            await read(chat)


async def test_counts_that_are_none_are_not_believed(server: Loopback) -> None:
    server.default = Play(usage={"prompt_tokens": 10**400, "completion_tokens": 10**400})
    async with opened(server) as chat:
        text, finish = await read(chat)
    assert text == "Hello there."
    assert finish.read == 0


async def test_halves_of_characters_can_be_stored() -> None:
    async def halves(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + b"\r\n" + event("Hi \ud83d there \ud83d\ude00") + event("."))
        writer.write(b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n')

    async with raw_server(halves) as url, opened(url) as chat:
        text, _ = await read(chat)
    assert text == "Hi \ufffd there \U0001f600."


async def test_nobody_is_sent_away_for_ever(server: Loopback) -> None:
    server.default = Play(status=429, headers={"Retry-After": "99999999"})
    async with opened(server) as chat:
        with pytest.raises(ModelError):
            await read(chat)
        rests = min(one.rests_until for one in chat._servers)
        assert rests - asyncio.get_running_loop().time() <= 1000
