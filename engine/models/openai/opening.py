"""Opens the servers, or only looks at them; `choose.py` and `selfsame doctor` come in here.

The SDK `openai` is an extra and takes a second to import: it is, in a thread, when somebody comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.config import ServerConfig
from engine.errors import ModelError
from engine.models.openai.pace import Pace

if TYPE_CHECKING:
    from engine.models.openai.chat import ServerChat
    from engine.models.openai.server import Server

NO_SDK = (
    'chat.model = "server" needs the package openai, which is not installed. '
    'In Selfsame\'s folder: make server, or pip install ".[server]"'
)
NO_URLS = (
    'chat.model = "server" needs to know where the servers are: set server.urls, '
    'for example ["http://127.0.0.1:8080/v1"].'
)
USUAL_PACE = Pace()


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What a look at one server found."""

    url: str
    trouble: str  # a sentence that says what to change; "" if it can be used
    software: str = ""
    model: str = ""
    context_tokens: int = 0


@asynccontextmanager
async def open_servers(config: ServerConfig, *, pace: Pace = USUAL_PACE) -> AsyncGenerator[ServerChat]:
    """A chat model on these servers. Raises ModelError if the configuration names none, or the SDK is missing.

    Servers that are away, still loading or set up wrongly are no error here: each is a sentence in the log, they are
    looked at again every few seconds, and a reply that finds none raises DownError.
    """
    _check(config)
    await asyncio.to_thread(_import_sdk)
    from engine.models.openai.chat import run_chat

    async with _servers(config, pace) as servers, run_chat(servers, pace) as chat:
        yield chat


async def check_servers(config: ServerConfig, *, pace: Pace = USUAL_PACE) -> tuple[ServerReport, ...]:
    """Look once at each server. Raises ModelError as `open_servers` does."""
    _check(config)
    await asyncio.to_thread(_import_sdk)
    async with _servers(config, pace) as servers:
        return tuple(_report(server) for server in servers)


@asynccontextmanager
async def _servers(config: ServerConfig, pace: Pace) -> AsyncGenerator[tuple[Server, ...]]:
    """The servers, looked at once; their connections are closed at the end."""
    from engine.models.openai.server import Server

    async with AsyncExitStack() as stack:
        servers = tuple(Server(url, config, pace) for url in dict.fromkeys(config.urls))
        for server in servers:
            stack.push_async_callback(server.close)
        await asyncio.gather(*(server.look() for server in servers))
        yield servers


def _report(server: Server) -> ServerReport:
    if server.out is not None:
        return ServerReport(server.shown, server.out.sentence)
    return ServerReport(server.shown, "", server.known.software, server.known.title, server.context_tokens)


def _check(config: ServerConfig) -> None:
    """Raises ModelError if an address cannot be one."""
    if not config.urls:
        raise ModelError(NO_URLS)
    for url in config.urls:
        if not _is_address(url):
            raise ModelError(
                f"“{url}” in server.urls is no address: it should look like http://127.0.0.1:8080/v1."
            )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _import_sdk() -> None:
    try:
        import openai  # noqa: F401 - only so that what follows finds it loaded
    except ModuleNotFoundError:
        raise ModelError(NO_SDK) from None
