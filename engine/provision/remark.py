"""What all of provisioning shares: what the doctor is told, where models have their pages, how much disk is free."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the doctor says. `ok` is None for what is only good to know."""

    ok: bool | None
    title: str
    sentence: str


def disk_free(data: Path) -> int:
    """Bytes that are free where the data directory is, or will be."""
    return shutil.disk_usage(_existing(data)).free


def _existing(path: Path) -> Path:
    """The nearest directory that is there already."""
    path = path.absolute()
    return path if path.exists() else _existing(path.parent)
