"""The table of routes, read from `routes.toml`: works, tiers of hardware, precisions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from characters.character import StyleRegister
from engine.images.pipelines.port import Precision
from engine.types import PictureJob, PicturePurpose, Shot

# In a list of families: the one that made the picture.
SAME = "same"


class Work(StrEnum):
    """What kind of picture it is, for a model."""

    SELFIE = "selfie"
    SECOND = "second"
    INTRODUCTION = "introduction"
    COMPANY = "company"
    SCENERY = "scenery"
    REPAIR = "repair"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(_Strict):
    """What machines with a card of at least so many gigabytes take by themselves."""

    name: str
    card: float
    gigabytes: float
    families: tuple[str, ...]


class Needs(_Strict):
    """What families cannot do without."""

    references: tuple[str, ...]


class Company(_Strict):
    """Words that bring somebody else into the picture."""

    words: tuple[str, ...]


class Table(_Strict):
    """The whole of `routes.toml`."""

    work: Mapping[Work, Mapping[StyleRegister, tuple[str, ...]]]
    tier: tuple[Tier, ...]
    precisions: Mapping[str, tuple[Precision, ...]]
    needs: Needs
    company: Company


@cache
def table() -> Table:
    """All routes."""
    return Table(**tomllib.loads(files(__package__).joinpath("routes.toml").read_text(encoding="utf-8")))


@cache
def _company() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table().company.words)})\b", re.IGNORECASE)


def work_of(job: PictureJob, *, canon: bool) -> Work:
    """What kind of picture a job is. `canon`: whether the character has a headshot to paint from.

    A take is a new face, whatever the character looked like before: nothing is painted from.
    """
    if job.shot.scenery:
        return Work.SCENERY
    if not canon or job.purpose in (PicturePurpose.TAKE, PicturePurpose.PREVIEW):
        return Work.INTRODUCTION
    return Work.COMPANY if accompanied(job.shot) else Work.SELFIE


def accompanied(shot: Shot) -> bool:
    """Whether somebody else is to be in the picture."""
    return company(shot) != ""


def company(shot: Shot) -> str:
    """The words that bring somebody else into the picture: "with her sister". "" where she is alone."""
    found = _company().search(f"{shot.action}\n{shot.request}")
    return found.group(0) if found else ""
