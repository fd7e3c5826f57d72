"""Everything that can be fetched for pictures: families of models, and the small models beside them.

Families: pipelines/families.toml. What sees, verifies, repairs and enlarges: models.toml of its room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path

from engine.config import ImagesConfig
from engine.errors import InputError
from engine.images.identity.models import Entry, verifiers
from engine.images.parts import parts
from engine.images.pipelines.facts import Facts, families
from engine.images.pipelines.folders import lies
from engine.images.pipelines.sdxl.beside import FACEID
from engine.images.pipelines.sdxl.beside import models as beside_sdxl


class Job(StrEnum):
    """What a piece is for."""

    DRAWS = "draws"
    SEES = "sees references"
    VERIFIES = "verifies"
    MENDS = "repairs, enlarges"


# What is fetched along with a piece, because it does not work without.
WITH: Mapping[str, tuple[str, ...]] = {
    "sdxl": ("ip_adapter",),
    FACEID: ("ip_adapter", "arcface", "yunet"),
    "auraface": ("yunet",),
    "scrfd": ("auraface", "yunet"),
    "sface": ("yunet",),
    "ccip": ("yunet",),
    "dinov2": ("yunet",),
}
# Pieces that are used under another one's name in images.accept.
ACCEPTED_AS: Mapping[str, str] = {"arcface": FACEID}


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that can be fetched. `files` None: a whole diffusers folder."""

    name: str
    title: str
    job: Job
    repo: str
    files: tuple[str, ...] | None
    gigabytes: float
    licence: str
    terms: str
    note: str

    @property
    def open(self) -> bool:
        """Whether it may be used for anything."""
        return self.terms == "open"

    @property
    def accept(self) -> str:
        """What has to stand in images.accept before it is used; "" if nothing."""
        return "" if self.open else ACCEPTED_AS.get(self.name, self.name)

    def folder(self, config: ImagesConfig, data: Path) -> Path:
        """Where it lies: where images.folders says, or where it is fetched to."""
        return lies(self.name, self.repo, config, data)

    def is_accepted(self, config: ImagesConfig) -> bool:
        """Whether the settings allow its use."""
        return not self.accept or self.accept in config.accept


@cache
def pieces() -> Mapping[str, Piece]:
    """All of them by name, families first."""
    made = [
        *(_family(facts) for facts in families().values() if facts.repo),
        *_entries(beside_sdxl().values(), Job.SEES),
        *_entries(verifiers().values(), Job.VERIFIES),
        *_entries(parts().values(), Job.MENDS),
    ]
    return {piece.name: piece for piece in made}


def find_piece(name: str) -> Piece:
    """The piece of that name. Raises InputError, with the nearest ones."""
    wanted = name.casefold().replace("-", "_")
    if wanted in pieces():
        return pieces()[wanted]
    if wanted in families():
        raise InputError(
            f"{families()[wanted].title} is a server of yours: docs/images.md says how to use it."
        )
    near = get_close_matches(wanted, pieces(), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(pieces())}."
    raise InputError(f"There is nothing called {name} to fetch. {hint} All of them: selfsame models")


def along(piece: Piece) -> tuple[Piece, ...]:
    """The piece, and what it does not work without."""
    return (piece, *(pieces()[name] for name in WITH.get(piece.name, ())))


def _family(facts: Facts) -> Piece:
    return Piece(
        facts.name,
        facts.title,
        Job.DRAWS,
        facts.repo,
        None,
        facts.gigabytes,
        facts.licence,
        facts.terms,
        facts.note,
    )


def _entries(entries: Iterable[Entry], job: Job) -> list[Piece]:
    return [
        Piece(
            entry.name,
            entry.title,
            job,
            entry.repo,
            entry.files,
            entry.gigabytes,
            entry.licence,
            entry.terms,
            entry.note,
        )
        for entry in entries
    ]
