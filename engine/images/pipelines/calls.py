"""What the two kinds of picture servers share: a call that can be given up at any moment, and pictures as bytes.

`comfyui/` and `openai_images/` use it in the worker's thread, which may block: each render has an event loop of its own.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import aiohttp
from PIL import Image, UnidentifiedImageError

from engine.errors import RenderError
from engine.images.pipelines.port import Canvas, Relief, Watch

T = TypeVar("T")

# Seconds between two looks whether the picture is still wanted, while a server is silent.
LOOK = 0.2
# Seconds to open a connection.
CONNECT = 10.0
# Bytes of a picture that is taken from a server; more is not a picture of ours.
LARGEST = 64 * 2**20


class Remote:
    """What renderers have in common whose model is a server's affair."""

    def render(self, canvases: Sequence[Canvas], watch: Watch) -> list[Image.Image]:
        """One after the other: such servers work on one at a time. Raises RenderError, CancelledError."""
        return [self.one(canvas, watch) for canvas in canvases]

    def one(self, canvas: Canvas, watch: Watch) -> Image.Image:
        """The picture in the canvas's size, RGB."""
        raise NotImplementedError

    def relieve(self, relief: Relief) -> bool:
        """Its memory is the server's affair."""
        return False

    def close(self) -> None:
        """Nothing is held."""


def fitted(image: Image.Image, canvas: Canvas) -> Image.Image:
    """The picture in the size that was asked for: servers round it, and workflows may have their own."""
    size = (canvas.width, canvas.height)
    return image if image.size == size else image.resize(size)


def waited(
    work: Coroutine[Any, Any, T], look: Callable[[], None], give_up: Callable[[], Awaitable[None]]
) -> T:
    """Run the work to its end in a loop of its own. `look` raises once it is not wanted: then `give_up` is awaited.

    Raises what the work or `look` raises.
    """
    return asyncio.run(_watched(work, look, give_up))


async def _watched(
    work: Coroutine[Any, Any, T], look: Callable[[], None], give_up: Callable[[], Awaitable[None]]
) -> T:
    task = asyncio.ensure_future(work)
    try:
        while True:
            done, _ = await asyncio.wait((task,), timeout=LOOK)
            if done:
                return await task
            look()
    except BaseException:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await give_up()
        raise


def session(timeout: float, headers: dict[str, str] | None = None) -> aiohttp.ClientSession:
    """A session whose calls take at most `timeout` seconds."""
    limits = aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT)
    return aiohttp.ClientSession(timeout=limits, headers=headers)


async def read(response: aiohttp.ClientResponse) -> bytes:
    """The body of a response. Raises RenderError if it is too long."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(2**16):
        size += len(part)
        if size > LARGEST:
            raise RenderError("The picture server sent more than a picture. Look at its log.")
        parts.append(part)
    return b"".join(parts)


def picture(data: bytes, whose: str) -> Image.Image:
    """The picture of these bytes as RGB. Raises RenderError."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise RenderError(f"{whose} sent something that is not a picture. Look at its log.") from error
