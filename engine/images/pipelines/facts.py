"""What each family of picture models can do, needs and asks for; data: families.toml. Nothing is loaded here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from characters.character import StyleRegister
from engine.errors import InputError
from engine.images.pipelines.port import Precision


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Facts(_Strict):
    """One family; families.toml explains the keys."""

    name: str
    title: str
    repo: str = ""
    licence: str
    terms: Literal["open", "non-commercial", "its own terms", "the server's"]
    gigabytes: float = 0.0
    pipeline: str = ""
    references: int = 0
    negative: bool = False
    patch: bool = False
    batch: bool = True
    size: int = 1024
    multiple: int = 16
    steps: int = 0
    guidance: float = 0.0
    samplers: tuple[str, ...] = ()
    vram: Mapping[Precision, float] = {}
    train: tuple[str, ...] = ()
    registers: tuple[StyleRegister, ...] = ()
    note: str = ""


@cache
def families() -> Mapping[str, Facts]:
    """All families by name."""
    text = files(__package__).joinpath("families.toml").read_text(encoding="utf-8")
    return {entry["name"]: Facts(**entry) for entry in tomllib.loads(text)["family"]}


def facts_of(name: str) -> Facts:
    """One family. Raises InputError."""
    known = families()
    if name not in known:
        raise InputError(f"There is no picture model called “{name}”. There are: {', '.join(known)}.")
    return known[name]
