"""Models that verify pictures, and which of them are here. `choose.py` opens them; `selfsame models` lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.images.pipelines.folders import lies
from engine.images.pipelines.port import Workshop


class Entry(BaseModel):
    """A model; models.toml explains the keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    repo: str
    files: tuple[str, ...]
    gigabytes: float
    licence: str
    terms: Literal["open", "non-commercial"]
    sees: tuple[str, ...]
    note: str


@cache
def verifiers() -> Mapping[str, Entry]:
    """All of them by name."""
    text = files(__package__).joinpath("models.toml").read_text(encoding="utf-8")
    return {entry["name"]: Entry(**entry) for entry in tomllib.loads(text)["model"]}


def folder_of(name: str, workshop: Workshop) -> Path:
    """Where its files lie: named in images.folders, or under its repository's name in models/."""
    return lies(name, verifiers()[name].repo, workshop.config, workshop.data)


def find(name: str, workshop: Workshop) -> tuple[Path, ...] | None:
    """The model's files in their order; None unless all of them are here."""
    folder = folder_of(name, workshop)
    paths = tuple(folder / file for file in verifiers()[name].files)
    return paths if all(path.is_file() for path in paths) else None
