"""How models are spoken to: the words of prompts and each family's manners, read from `prompts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from characters.character import Expression, StyleRegister
from engine.types import Framing, ReferenceRole, TimeOfDay, Weather


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Manner(_Strict):
    """One family's: whether it reads sentences or tags, how references are named, which help, how much it reads."""

    manner: Literal["sentences", "tags"]
    naming: str
    roles: tuple[ReferenceRole, ...]
    tokens: int


class Phrases(_Strict):
    """What differs between sentences and tags."""

    framing: Mapping[Framing, str]
    expression: Mapping[Expression, str]


class Skies(_Strict):
    """Weather, out of doors and seen through a window."""

    outside: Mapping[Weather, str]
    inside: Mapping[Weather, str]


class Style(_Strict):
    """How pictures of one style of drawing are described."""

    lead: str
    finish: str
    negative: str


class Words(_Strict):
    """Single phrases."""

    canon: str
    alone: Mapping[str, str]
    company: Mapping[str, str]
    keep: str
    also: str
    crop: str
    empty: str
    thing: str


class Never(_Strict):
    """What should be in no picture."""

    always: str
    scenery: str


class Book(_Strict):
    """The whole of `prompts.toml`."""

    family: Mapping[str, Manner]
    sentences: Phrases
    tags: Phrases
    time: Mapping[TimeOfDay, str]
    weather: Skies
    light: Mapping[str, str]
    hour: Mapping[TimeOfDay, str]
    words: Words
    style: Mapping[StyleRegister, Style]
    never: Never
    classes: Mapping[str, tuple[str, ...]]


@cache
def book() -> Book:
    """All words."""
    table = tomllib.loads(files(__package__).joinpath("prompts.toml").read_text(encoding="utf-8"))
    return Book(**table)


def manner_of(family: str) -> Manner:
    """A family's manners; one that the book does not know is spoken to plainly."""
    known = book().family
    return known.get(family) or known["comfyui"]
