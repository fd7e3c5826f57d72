"""Small models beside the families: which there are, which are here, which may be used. `repair/`, `enlarge/` open them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.errors import WeightsError
from engine.images.identity.models import Entry
from engine.images.pipelines.folders import lies
from engine.images.pipelines.port import Workshop

# The packages whose models.toml names such models.
ROOMS = ("engine.images.repair", "engine.images.enlarge")


@cache
def parts() -> Mapping[str, Entry]:
    """All of them by name."""
    tables = [files(room).joinpath("models.toml").read_text(encoding="utf-8") for room in ROOMS]
    entries = [Entry(**entry) for text in tables for entry in tomllib.loads(text)["model"]]
    return {entry.name: entry for entry in entries}


def find_part(name: str, workshop: Workshop) -> tuple[Path, ...]:
    """The files of a part in their order. Raises WeightsError where they are not here, or not accepted."""
    part = parts()[name]
    if part.terms != "open" and name not in workshop.config.accept:
        raise WeightsError(
            f'{part.title} comes under {part.licence}. If you accept that, write images.accept = ["{name}"].'
        )
    folder = lies(name, part.repo, workshop.config, workshop.data)
    paths = tuple(folder / file for file in part.files)
    for path in paths:
        if not path.is_file():
            raise WeightsError(f"{part.title} is not here ({path}). Fetch it: selfsame models pull {name}")
    return paths
