"""Serving the page: bot/app.py awaits `serve` in its TaskGroup and cancels it to stop; open streams end first."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.surface import WebSurface
from engine.errors import ConfigError

# Seconds that answers under way may take once the server stops.
GRACE = 5


async def serve(
    app: Starlette, *, config: WebConfig, surface: WebSurface, started: Callable[[str], None] | None = None
) -> None:
    """Serve until cancelled. `started` is told the address once the page answers. Raises ConfigError if it cannot listen."""
    listener = _listen(config.host, config.port)
    settings = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        log_config=None,
        proxy_headers=False,  # an address that a client may write itself is no address
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="off",
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = _Server(settings, started, _address(listener, config.host))
    running = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    try:
        await asyncio.shield(running)
    finally:
        surface.close()
        server.should_exit = True
        await running


class _Server(uvicorn.Server):
    """uvicorn, without its own signal handlers (bot/__main__.py has them), and with a word when it is up."""

    def __init__(self, settings: uvicorn.Config, started: Callable[[str], None] | None, address: str) -> None:
        super().__init__(settings)
        self._tell, self._address = started, address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._tell:
            self._tell(self._address)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    bare = host.strip("[]")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere the option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.set_inheritable(False)
    except OSError as error:
        raise ConfigError(_why(error, host, port)) from error
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use already; perhaps Selfsame is running. Choose another with --port, or --port 0."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than Selfsame has. Choose one above 1023 with --port."
    return f"The page cannot listen on {host}:{port}: {error.strerror}."


def _address(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - only compared
    return f"http://{f'[{shown}]' if ':' in shown and not shown.startswith('[') else shown}:{port}/"
