"""Picture files by content: `media/ab/<sha256>.png`, written whole or not at all. Used by `media.py`.

A file is staged (written and pressed to the disk under another name) before the transaction that adds its
row, and takes its name within it. Files are removed within a transaction too, so that both can never cross.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, exists, select

from engine.store.db import Database
from engine.store.ids import new_id
from engine.store.tables import media, trash

_SUFFIXES = {"image/png": ".png", "image/webp": ".webp", "image/jpeg": ".jpg"}
# Seconds after which a staged file has no writer any more: staging takes well under one.
STALE = 600.0


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that waits for its name."""

    temporary: Path
    final: Path
    sha256: str
    size: int  # bytes


class Files:
    """The media directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str, mime: str) -> Path:
        """Where a picture of this content is kept."""
        return self._root / sha256[:2] / (sha256 + _SUFFIXES.get(mime, ".bin"))

    async def stage(self, content: bytes, mime: str) -> Staged:
        """Write the content beside its place, safe from a power cut."""
        return await asyncio.to_thread(self._stage, content, mime)

    async def settle(self, staged: Staged) -> None:
        """Give a staged file its name. Call it inside of the write transaction that adds its row."""
        await asyncio.to_thread(_settle, staged)

    async def empty_trash(self, db: Database) -> None:
        """Remove the files whose last row is gone."""
        async with db.read() as connection:
            if not (await connection.execute(select(trash).limit(1))).first():
                return
        used = exists().where(media.c.sha256 == trash.c.sha256)
        async with db.write() as connection:
            unused = (await connection.execute(select(trash.c.sha256).where(~used))).scalars().all()
            await asyncio.to_thread(self._remove, unused)
            await connection.execute(delete(trash))

    async def sweep(self) -> None:
        """Remove what writers left behind when they died."""
        await asyncio.to_thread(self._sweep)

    def _stage(self, content: bytes, mime: str) -> Staged:
        sha256 = hashlib.sha256(content).hexdigest()
        final = self.path(sha256, mime)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.with_name(f"{sha256}.{new_id()}.tmp")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Staged(temporary, final, sha256, len(content))

    def _remove(self, shas: Sequence[str]) -> None:
        for sha256 in shas:
            for path in (self._root / sha256[:2]).glob(f"{sha256}.*"):
                path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        before = time.time() - STALE
        for path in self._root.glob("*/*.tmp"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)


def drop(staged: Staged) -> None:
    """Remove a staged file that did not get its name."""
    staged.temporary.unlink(missing_ok=True)


def _settle(staged: Staged) -> None:
    staged.temporary.replace(staged.final)
    if os.name == "posix":  # elsewhere a directory cannot be opened, and renames are ordered anyway
        handle = os.open(staged.final.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
