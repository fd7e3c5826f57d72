"""Where files that people send wait to be imported: a folder of the data directory, each under a name nobody can guess.

Surfaces put them in and hand the name on as an option of `/import`; the command takes them out when it is done. What a
crash left goes at a later start: whoever sent it sends it again.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterable
from pathlib import Path

from engine.errors import NotFoundError
from engine.memory.imports.source import CHUNK, MOST_BYTES, TOO_LARGE, UnreadableError

# Seconds after which a file is nobody's any more: the longest import takes minutes, and other processes may be at one.
KEPT_S = 3600.0
_NAME = re.compile(r"[0-9a-f]{32}")


class Tray:
    """The files that wait."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, pieces: AsyncIterable[bytes]) -> str:
        """Keep a file that comes in pieces. Returns its name. Raises UnreadableError for one that is too large."""
        name = secrets.token_hex(16)
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        size = 0
        file = await asyncio.to_thread((self._folder / name).open, "wb")
        try:
            async for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise UnreadableError(TOO_LARGE.format(most=MOST_BYTES // 1_000_000))
                await asyncio.to_thread(file.write, piece)
        except BaseException:
            file.close()
            self.drop(name)
            raise
        await asyncio.to_thread(file.close)
        return name

    async def copy(self, path: Path) -> str:
        """Keep a copy of a file of this machine. Raises UnreadableError."""
        return await self.put(_pieces(path))

    @staticmethod
    def named(name: str) -> bool:
        """Whether this can be the name of a file here, and is no reference of a messenger's."""
        return _NAME.fullmatch(name) is not None

    def path(self, name: str) -> Path:
        """Where a file lies. Raises NotFoundError for one that is not there, and for what is no name of ours."""
        path = self._folder / name
        if not self.named(name) or not path.is_file():
            raise NotFoundError("That file is not here any more. Please send it again.")
        return path

    def drop(self, name: str) -> None:
        """Remove a file."""
        if self.named(name):
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what nobody came back to."""
        old = time.time() - KEPT_S
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if path.is_file() and path.stat().st_mtime < old:
                path.unlink(missing_ok=True)


async def _pieces(path: Path) -> AsyncIterable[bytes]:
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError:
        raise UnreadableError("There is no such file, or it may not be read.") from None
    with file:
        while piece := await asyncio.to_thread(file.read, CHUNK * 16):
            yield piece
