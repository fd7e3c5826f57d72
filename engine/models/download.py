"""Fetches a file from the hub into the folder of models. `engine/provision/chat.py` calls `fetch`.

The requests are huggingface_hub's own, so that HF_ENDPOINT, proxies and the token of the environment work as people
know them. Its high-level call begins anew after an interruption; ours goes on: what has arrived waits beside the file
under a name that holds the checksum, and becomes the file only when all of it has been checked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import InputError, ModelError
from engine.models.hub import FULL, SHA256, BrokenError, Hub, Listing, There, is_checksum
from engine.models.hub import Source as Source
from engine.models.lease import lock

# Bytes that stay free on the disk for the database and what is parked.
DISK_RESERVE = 1 << 30
# Bytes that are read at once to check what is there.
STRETCH = 1 << 20
# Seconds before a broken connection is taken up again; after the last one it is given up.
PAUSES = (0.5, 2.0, 8.0)
NAME = re.compile(r"[\w.][\w.-]*")

# Told the bytes that are there, all bytes, and what is done: "fetching" or "checking".
Progress = Callable[[int, int, str], None]


def source(name: str) -> Source:
    """The source of that name. Raises InputError unless it is OWNER/REPO/FILE.gguf."""
    owner, _, rest = name.removeprefix("https://huggingface.co/").partition("/")
    repo, _, file = rest.partition("/")
    file = file.removeprefix("resolve/main/").removeprefix("blob/main/")
    parts = [owner, repo, *file.split("/")]
    if not file.endswith(".gguf") or not all(NAME.fullmatch(one) and one.strip(".") for one in parts):
        raise InputError(
            f"{name} is no file of the hub. Write OWNER/REPO/FILE.gguf, e.g. Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf."
        )
    return Source(f"{owner}/{repo}", file)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is here, whole and checked."""

    path: Path
    size: int
    checksum: str
    already: bool  # it was here before


def fetch(
    wanted: Source, folder: Path, progress: Progress, *, endpoint: str | None = None
) -> tuple[Fetched, ...]:
    """All parts of a model, in the folder under its name on the hub. Blocks. Raises ModelError, which says what to do.

    Whatever ends it, the next call goes on where this one stopped. `endpoint`: another hub than the environment's.
    """
    return tuple(_Fetch(part, folder, progress, endpoint).run() for part in wanted.parts)


def list_repo(repo: str, *, endpoint: str | None = None) -> Listing:
    """What a repository of the hub holds now. Blocks. Raises ModelError."""
    return Hub(Source(repo, ""), endpoint).listing()


def is_intact(path: Path, progress: Progress) -> bool | None:
    """Whether a file that was fetched still has the bytes that were checked; None if nobody noted any. Blocks.

    One that has not is fetched anew the next time. Raises OSError.
    """
    size, checksum = _noted(path)
    if not is_checksum(checksum):
        return None
    there = There(size, checksum, "", "", own=False)
    if path.stat().st_size == size:
        digest = there.digest()
        with path.open("rb") as file:
            _read_over(file, digest, size, progress)
        if digest.hexdigest() == checksum:
            return True
    _noted_path(path).unlink(missing_ok=True)
    return False


class _Fetch:
    """One file on its way."""

    def __init__(self, wanted: Source, folder: Path, progress: Progress, endpoint: str | None) -> None:
        self._source = wanted
        self._hub = Hub(wanted, endpoint)
        self._path = folder / wanted.repo / wanted.file
        self._progress = progress

    def run(self) -> Fetched:
        """Fetch what is missing of it, and check all of it."""
        there = self._hub.ask()
        if self._is_here(there):
            return Fetched(self._path, there.size, there.checksum, already=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_name(f".{self._path.name}.{there.checksum[:16]}.part")
            self._must_have_room(there, part)
            with part.open("a+b") as file:
                if not lock(file, wait=False):
                    raise ModelError(f"{self._source.name} is being fetched by another process already.")
                self._fill(file, there)
            return self._finish(part, there)
        except OSError as error:
            raise ModelError(_disk_sentence(error, self._path)) from None

    def _is_here(self, there: There) -> bool:
        """Whether the file is here as the hub has it. It is read only if nobody noted down that it was checked."""
        if not self._path.is_file() or self._path.stat().st_size != there.size:
            return False
        if _noted(self._path)[1] != there.checksum:
            digest = there.digest()
            with self._path.open("rb") as file:
                _read_over(file, digest, there.size, self._progress)
            if digest.hexdigest() != there.checksum:
                return False
            _note(self._path, self._source, there)
        return True

    def _must_have_room(self, there: There, part: Path) -> None:
        have = part.stat().st_size if part.exists() else 0
        free = shutil.disk_usage(self._path.parent).free
        if free < there.size - have + DISK_RESERVE:
            raise ModelError(
                f"{self._source.name} needs {(there.size - have) / 1e9:.1f} GB and 1 GB to spare, and {free / 1e9:.1f} GB "
                f"are free in {self._path.parent}. Make room, or choose a smaller model."
            )

    def _fill(self, file: BinaryIO, there: There) -> None:
        """Fetch the rest of the file and check it. A broken connection is taken up again, soon while anything arrives."""
        arriving = _Arriving(file, there, self._progress)
        pauses, anew = iter(PAUSES), False
        while arriving.size < there.size:
            before = arriving.size
            try:
                there = self._hub.ask(again=there) if anew else there  # the address was good for one time
                self._hub.get(there, arriving)
            except (BrokenError, ModelError) as error:
                pauses = iter(PAUSES) if arriving.size > before else pauses
                pause = next(pauses, None)
                if pause is None:
                    raise ModelError(self._broken(arriving.size, there.size)) from error
                time.sleep(pause)
                anew = True
        arriving.flush()
        os.fsync(file.fileno())
        if arriving.checksum() != there.checksum:
            file.truncate(0)
            raise ModelError(
                f"{self._source.name} arrived damaged: its checksum is not the hub's. It was thrown away; fetch it again."
            )

    def _broken(self, have: int, size: int) -> str:
        return (
            f"The connection broke after {have / 1e9:.2f} of {size / 1e9:.2f} GB. What has arrived is kept: "
            "the same command goes on from there."
        )

    def _finish(self, part: Path, there: There) -> Fetched:
        part.replace(self._path)
        _note(self._path, self._source, there)
        for older in self._path.parent.glob(f".{self._path.name}.*.part"):
            older.unlink(missing_ok=True)
        return Fetched(self._path, there.size, there.checksum, already=False)


class _Arriving:
    """The file that is being filled, as huggingface_hub writes to it: counts and checks what passes.

    What is there already is read once for its checksum.
    """

    def __init__(self, file: BinaryIO, there: There, progress: Progress) -> None:
        self._file = file
        self._there = there
        self._total = there.size
        self._progress = progress
        self._digest = there.digest()
        if os.fstat(file.fileno()).st_size > there.size:
            file.truncate(0)
        file.seek(0)
        self.size = _read_over(file, self._digest, there.size, progress)

    def checksum(self) -> str:
        """The checksum of all that has arrived."""
        return str(self._digest.hexdigest())

    def write(self, data: bytes) -> int:
        """Take what has arrived."""
        if self.size + len(data) > self._total:
            raise BrokenError  # more than the file has: the server sends something else
        written = self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        self._progress(self.size, self._total, "fetching")
        return written

    def tell(self) -> int:
        """Where the next bytes go."""
        return self.size

    def seek(self, position: int, whence: int = 0) -> int:
        """The library only ever goes back to the start, where a server cannot send a part."""
        if (position, whence) != (0, 0):
            raise OSError("only the start of the file can be gone back to")
        self.size = 0
        return 0

    def truncate(self) -> int:
        """Begin again from here: the start."""
        self._file.truncate(self.size)
        self._digest = self._there.digest()
        return self.size

    def flush(self) -> None:
        """Nothing is held back for long."""
        self._file.flush()


def _read_over(file: BinaryIO, digest: Any, total: int, progress: Progress) -> int:
    """Add what is in a file to a checksum. Returns its bytes."""
    size = 0
    while data := file.read(STRETCH):
        digest.update(data)
        size += len(data)
        progress(size, total, "checking")
    return size


def _note(path: Path, wanted: Source, there: There) -> None:
    """Note down beside the file where it is from and that it was checked."""
    kind = "sha256" if SHA256.fullmatch(there.checksum) else "git"
    note = {"from": wanted.name, "commit": there.commit, kind: there.checksum, "size": there.size}
    _noted_path(path).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def _noted(path: Path) -> tuple[int, str]:
    """The bytes and the checksum that were noted down beside a file; (0, "") if none were."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        note = json.loads(_noted_path(path).read_text(encoding="utf-8"))
        return int(note.get("size", 0)), str(note.get("sha256") or note.get("git", ""))
    return 0, ""


def _noted_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _disk_sentence(error: OSError, path: Path) -> str:
    if error.errno in FULL:
        return f"The disk is full. What has arrived of {path.name} is kept: make room, and the same command goes on."
    return f"{path} cannot be written: {error.strerror}."
