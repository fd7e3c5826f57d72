"""What models have parked on disk, erased without a model: `engine/build.py` calls `erase_parked`.

A model erases what it keeps itself. But whoever forgets something may have another model by then, or none that can be
loaded, and what an earlier one has read must go all the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

if os.name == "posix":
    import fcntl

from engine.errors import ModelError

LEFT = (
    "What a chat model had read of the conversation could not be erased from {folder}: {why}. "
    "Stop Selfsame and delete that folder; it holds nothing that is needed."
)


def erase_parked(folder: Path, conversations: Collection[str]) -> None:
    """Erase what is parked of these conversations, by whatever model. Raises ModelError with what to do."""
    try:
        files = [folder / parked_file(conversation) for conversation in conversations]
        there = [file for file in files if file.exists()]
        for file in there:
            with suppress(FileNotFoundError):  # the model itself was quicker
                file.unlink()
        there += _erase_stems(folder)
        if there:
            _press(folder)
    except OSError as error:
        raise ModelError(LEFT.format(folder=folder, why=error.strerror or "the system refuses it")) from error


def _erase_stems(folder: Path) -> list[Path]:
    """Erase what was read of characters, unless a model here uses it: that one knows which of it is still needed."""
    if os.name != "posix" or not (folder / "lock").exists():
        return []
    with (folder / "lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return []
        stems = list(folder.glob("*.stem.kv"))
        for stem in stems:
            stem.unlink(missing_ok=True)
        return stems


def parked_file(conversation: str) -> str:
    """The name of its file, as `engine/models/llama/shelf_folder.py` gives it, which needs an extra."""
    return hashlib.sha256(conversation.encode()).hexdigest() + ".kv"


def _press(folder: Path) -> None:
    """Have the disk know that the files are gone."""
    if os.name == "posix":  # elsewhere a directory cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
