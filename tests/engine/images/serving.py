"""Loopback servers in a thread of their own, for renderers that block the thread they are called in."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Generator
from contextlib import contextmanager

from aiohttp import web
from PIL import Image

from engine.errors import CancelledError


@contextmanager
def serving(app: web.Application) -> Generator[str]:
    """The address of a server that runs until the block ends."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def png(colour: str, size: tuple[int, int] = (64, 64), form: str = "PNG") -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


class Watching:
    """A watch that remembers, and may stop at a step."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.steps: list[tuple[int, int]] = []
        self.previews: list[tuple[int, int]] = []
        self.stop = stop or threading.Event()

    def step(self, done: int, of: int) -> None:
        if self.stop.is_set():
            raise CancelledError
        if not self.steps or self.steps[-1] != (done, of):
            self.steps.append((done, of))

    def preview(self, image: Image.Image) -> None:
        self.previews.append(image.size)
