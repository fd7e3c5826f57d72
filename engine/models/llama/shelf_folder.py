"""The folder of parked states: whose it is, what lies in it, how files come and go for good. Used by `shelf_disk.py`.

Nothing here raises when the disk fails: what goes wrong is said once, in a sentence, until a file is written again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

from engine.models.llama.shelf_file import STEM

if os.name == "posix":
    import fcntl

log = logging.getLogger(__name__)
T = TypeVar("T")

_PARKED = re.compile(r"[0-9a-f]{64}(\.stem)?\.kv")
_TEMPORARY = ".tmp"
_UNFINISHED = re.compile(r"([0-9a-f]{64}(\.stem)?\.kv|salt)\.[0-9a-f]{8}\.tmp")
_SALT_BYTES = 16

_CANNOT_WRITE = "Parked conversations cannot be written to %s; they stay in memory while there is room (%s)"
_CANNOT_READ = "Parked conversations in %s cannot be read; what they held is computed anew (%s)"
_CANNOT_ERASE = "Parked conversations in %s cannot be erased; make the folder writable, or remove it (%s)"
_IN_USE = "Parked conversations in %s are another Selfsame's that runs; this one parks in memory only (%s)"


def file_name(name: str) -> str:
    """What the file of this state is called: nothing can be told from it but whether it is a stem's."""
    return hashlib.sha256(name.encode()).hexdigest() + (".stem.kv" if name.startswith(STEM) else ".kv")


def is_stem(file: str) -> bool:
    """Whether the file is a stem's, of whatever scope."""
    return file.endswith(".stem.kv")


class Folder:
    """One folder, which only one process at a time writes into: what one erases, no other must write again."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self._path = path
        self._said: set[str] = set()
        self._lock = self._own() if write else None

    @property
    def writes(self) -> bool:
        """Whether it is ours to write into."""
        return self._lock is not None

    def close(self) -> None:
        """Let another process have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def salt(self) -> bytes:
        """What makes a passphrase's key this folder's own: without it, nothing encrypted here is read again."""
        path = self._path / "salt"
        with self._saying(_CANNOT_READ):
            salt = path.read_bytes() if path.exists() else b""
            if len(salt) == _SALT_BYTES:
                return salt
        salt = secrets.token_bytes(_SALT_BYTES)
        if self.writes:
            with self._saying(_CANNOT_WRITE):
                self._write_salt(salt)
        return salt

    def files(self) -> dict[str, tuple[int, int]]:
        """The states that lie here: bytes, and when each was last used, in ns."""
        found = {}
        with self._saying(_CANNOT_READ), suppress(FileNotFoundError), os.scandir(self._path) as entries:
            for entry in entries:
                if _PARKED.fullmatch(entry.name):
                    stat = entry.stat()
                    found[entry.name] = (stat.st_size, stat.st_mtime_ns)
        return found

    def sweep(self) -> None:
        """Remove what a killed writer left."""
        with self._saying(_CANNOT_ERASE):
            for path in self._path.glob(f"*{_TEMPORARY}"):
                if _UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)
        self.press()

    def read(self, file: str, read: Callable[[BufferedReader], T]) -> T | None:
        """What `read` makes of the file, None if it is not there or the disk fails."""
        with (
            self._saying(_CANNOT_READ),
            suppress(FileNotFoundError),
            (self._path / file).open("rb") as opened,
        ):
            return read(opened)
        return None

    def create(self, file: str) -> tuple[Path, int] | None:
        """A file that will be called so: its path until then, and its descriptor. None if it cannot be written."""
        path = self._path / f"{file}.{secrets.token_hex(4)}{_TEMPORARY}"
        with self._saying(_CANNOT_WRITE):
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return None

    def write(self, descriptor: int, parts: Iterable[bytes | memoryview]) -> bool:
        """All of the file, as far as the disk. The descriptor is closed."""
        with self._saying(_CANNOT_WRITE), os.fdopen(descriptor, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(descriptor)
            return True
        return False

    def settle(self, temporary: Path, file: str, used_ns: int) -> bool:
        """Give a written file its name. It is safe from a power cut after the next `press`."""
        with self._saying(_CANNOT_WRITE):
            os.utime(temporary, ns=(used_ns, used_ns))
            temporary.replace(self._path / file)
            self._said.clear()
            return True
        return False

    def remove(self, file: str | Path) -> bool:
        """Whether the file is gone, or was not there. It is so after a power cut too after the next `press`."""
        with self._saying(_CANNOT_ERASE):
            (self._path / file).unlink(missing_ok=True)
            return True
        return False

    def use(self, file: str, used_ns: int) -> None:
        """Note when a state was used, for the next start."""
        with self._saying(_CANNOT_WRITE):
            os.utime(self._path / file, ns=(used_ns, used_ns))

    def press(self) -> None:
        """Let renames and removals reach the disk."""
        if os.name == "posix":  # elsewhere a folder cannot be opened, and renames are ordered anyway
            with self._saying(_CANNOT_WRITE):
                handle = os.open(self._path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def _own(self) -> int | None:
        lock = None
        with self._saying(_CANNOT_WRITE):
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.chmod(0o700)
            lock = os.open(self._path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if lock is None or os.name != "posix":
            return lock
        with self._saying(_IN_USE):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        os.close(lock)
        return None

    def _write_salt(self, salt: bytes) -> None:
        created = self.create("salt")
        if (
            created is not None
            and self.write(created[1], [salt])
            and self.settle(created[0], "salt", time.time_ns())
        ):
            self.press()

    def _saying(self, sentence: str) -> _Saying:
        return _Saying(self._path, sentence, self._said)


@dataclass(frozen=True, slots=True)
class _Saying:
    """Says what is wrong with the disk, once, and goes on after the block."""

    path: Path
    sentence: str
    said: set[str]

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> bool:
        if isinstance(error, OSError) and self.sentence not in self.said:
            self.said.add(self.sentence)
            log.warning(self.sentence, self.path, error.strerror or type(error).__name__)
        return isinstance(error, OSError)
