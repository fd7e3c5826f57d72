"""Who may use how much of a GPU's memory: a ledger in the data directory that our processes share.

The language model takes a lease while it is loaded (`choose.py`), the picture worker while it has models on the GPU.
Each lease is a file on which its process holds a lock of the operating system. The system lets go of the lock when
the process ends, however it ends, so a lease of a killed process is free at once, and a process id that is used again
means nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Seconds between two looks whether somebody has let go.
POLL = 0.25
# Where Windows locks: behind the text, because what is locked there cannot be read.
BEHIND = 2**30


@dataclass(frozen=True, slots=True)
class Row:
    """A lease as others see it: MiB for each device."""

    pid: int
    purpose: str
    mib: dict[str, int]


@dataclass(slots=True)
class Lease:
    """Memory that this process may use until it lets go."""

    row: Row
    _path: Path
    _file: BinaryIO | None = field(repr=False)

    def release(self) -> None:
        """Let go; once is enough."""
        if self._file is not None:
            if sys.platform == "win32":
                self._file.close()  # what is open there cannot be deleted
                self._path.unlink(missing_ok=True)
            else:
                self._path.unlink(missing_ok=True)
                self._file.close()
            self._file = None

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class VramLedger:
    """The leases in a directory, which is made when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, purpose: str, mib: Mapping[str, int], capacity: Mapping[str, int]) -> Lease | None:
        """A lease of MiB on each device, all or nothing; None while others have too much of their capacity."""
        with self._alone():
            held = _sum(self._living())
            if any(held.get(device, 0) + wanted > capacity.get(device, 0) for device, wanted in mib.items()):
                return None
            return self._write(Row(os.getpid(), purpose, dict(mib)))

    async def acquire(
        self, purpose: str, mib: Mapping[str, int], capacity: Mapping[str, int], *, wait_s: float
    ) -> Lease | None:
        """The same, waiting up to so many seconds for others to let go."""
        until = time.monotonic() + wait_s
        while True:
            lease = await asyncio.to_thread(self.take, purpose, mib, capacity)
            if lease is not None or time.monotonic() >= until:
                return lease
            await asyncio.sleep(POLL)

    def rows(self) -> tuple[Row, ...]:
        """All leases of living processes."""
        if not self._folder.is_dir():
            return ()
        with self._alone():
            return self._living()

    def promised(self) -> dict[str, int]:
        """MiB of each device that somebody has a lease of."""
        return _sum(self.rows())

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Nobody else reads or writes the ledger meanwhile; this takes milliseconds."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "ledger.lock").open("a+b") as guard:
            lock(guard, wait=True)
            yield

    def _living(self) -> tuple[Row, ...]:
        """The leases that are held. What a process left behind that ended without a word is removed."""
        rows = []
        for path in sorted(self._folder.glob("*.lease")):
            with contextlib.suppress(FileNotFoundError):  # let go of while we look
                with path.open("r+b") as file:
                    if not lock(file, wait=False):
                        rows.append(_parse(file.read()))
                        continue
                path.unlink()
        return tuple(rows)

    def _write(self, row: Row) -> Lease:
        path = self._folder / f"{uuid.uuid4().hex}.lease"
        file = path.open("w+b")
        lock(file, wait=False)
        file.write(json.dumps({"pid": row.pid, "purpose": row.purpose, "mib": row.mib}).encode())
        file.flush()
        return Lease(row, path, file)


def _parse(text: bytes) -> Row:
    told = json.loads(text)
    return Row(int(told["pid"]), str(told["purpose"]), {name: int(mib) for name, mib in told["mib"].items()})


def _sum(rows: tuple[Row, ...]) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in rows:
        for device, mib in row.mib.items():
            total[device] = total.get(device, 0) + mib
    return total


if sys.platform == "win32":

    def lock(file: BinaryIO, *, wait: bool) -> bool:
        """Lock an open file for this handle. False if somebody else has it."""
        file.seek(BEHIND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:

    def lock(file: BinaryIO, *, wait: bool) -> bool:
        """Lock an open file for this handle. False if somebody else has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
