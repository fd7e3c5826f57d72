"""Where the files lie that SDXL sees references with, and whether they may be used. `family.py` asks."""

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

FACEID = "faceid"


@cache
def models() -> Mapping[str, Entry]:
    """All of them by name."""
    text = files(__package__).joinpath("models.toml").read_text(encoding="utf-8")
    return {entry["name"]: Entry(**entry) for entry in tomllib.loads(text)["model"]}


def find(name: str, folder: Path, workshop: Workshop) -> tuple[Path, ...] | None:
    """The files of a model; None unless all of them are here. `folder`: SDXL's own.

    Raises WeightsError where images.folders names a place and they are not there.
    """
    entry = models()[name]
    fetched = lies(name, entry.repo, workshop.config, workshop.data)
    if workshop.config.folders.get(name):
        paths = _in(fetched, entry)
        if missing := _missing(paths):
            raise WeightsError(
                f"{entry.title}: {missing} is missing, which images.folders.{name} should hold."
            )
        return paths
    for place in (folder / name, fetched):
        paths = _in(place, entry)
        if not _missing(paths):
            return paths
    return None


def wants_faceid(workshop: Workshop) -> bool:
    """Whether FaceID was accepted. Raises WeightsError where it is asked for and was not."""
    if FACEID in workshop.config.accept:
        return True
    if FACEID in workshop.config.folders:
        entry = models()[FACEID]
        raise WeightsError(
            f"{entry.title} may only be used under its own licence ({entry.licence}). "
            f'If you accept it, write in config.toml under [images]: accept = ["{FACEID}"]'
        )
    return False


def _in(place: Path, entry: Entry) -> tuple[Path, ...]:
    return tuple(place / file for file in entry.files)


def _missing(paths: tuple[Path, ...]) -> Path | None:
    return next((path for path in paths if not path.is_file()), None)
