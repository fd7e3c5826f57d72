"""Loopback servers, and the real client on them at a quick pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from engine.config import ServerConfig
from engine.models.openai.chat import ServerChat
from engine.models.openai.opening import open_servers
from engine.models.openai.pace import Pace
from engine.models.port import Finish, Prompt, PromptTurn, Sampling, Section, SectionKind, Work
from tests.engine.models.openai.loopback import Loopback

# As short as a busy machine allows; silence is not hurried, so that nothing but the test itself ends a reply.
QUICK = Pace(
    connect=5, look=10, well=30, ill=0.02, knock=5, first_rest=0.01, longest_rest=0.05, counts=0.1, silence=60
)
# Where silence is what is tested.
HASTY = replace(QUICK, silence=1.0)
PROMPT = Prompt(
    (
        Section(SectionKind.PERSONA, "Name: Maya"),
        Section(SectionKind.RELATIONSHIP, "You have known each other for a week."),
        Section(SectionKind.SCENE, "Now: Saturday evening"),
    ),
    (
        PromptTurn("character", "Hey you!"),
        PromptTurn("person", "Hi Maya."),
        PromptTurn("character", "How was the market?"),
        PromptTurn("person", "Loud."),
    ),
)


def opened(
    *servers: Loopback | str, pace: Pace = QUICK, **settings: Any
) -> AbstractAsyncContextManager[ServerChat]:
    """A chat on these servers."""
    urls = tuple(server if isinstance(server, str) else server.url for server in servers)
    return open_servers(ServerConfig(urls=urls, **settings), pace=pace)


async def read(
    chat: ServerChat, sampling: Sampling | None = None, work: Work | None = None, prompt: Prompt = PROMPT
) -> tuple[str, Finish]:
    """A whole reply."""
    *pieces, finish = [
        piece async for piece in chat.stream(prompt, sampling or Sampling(), work or Work("c"))
    ]
    assert isinstance(finish, Finish)
    return "".join(str(piece) for piece in pieces), finish


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback() as started:
        yield started


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Loopback, Loopback]]:
    async with AsyncExitStack() as stack:
        first, second = Loopback(), Loopback()
        await stack.enter_async_context(first)
        await stack.enter_async_context(second)
        yield first, second
