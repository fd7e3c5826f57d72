"""Fetching what pictures are made with. `bot/models/pictures.py` calls it; everything here blocks.

Files come as the hub lists them at one commit, each resumed and checked (`engine/models/download.py`), into
models/OWNER/REPO of the data directory: where the families look for them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import ImagesConfig
from engine.errors import InputError, ModelError
from engine.images.pipelines.diffusion.folder import INDEX, check
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.folders import MODELS
from engine.models.download import DISK_RESERVE, Fetched, Progress, Source, fetch, list_repo
from engine.models.hub import Listed
from engine.provision.pictures.known import Piece
from engine.provision.pictures.select import needed
from engine.provision.pictures.survey import is_whole
from engine.provision.remark import HUB, disk_free

# In the folder of models: what is looked at before anything is fetched for good.
ASIDE = ".looked-at"


@dataclass(frozen=True, slots=True)
class Pulled:
    """A piece that is here now. `instead`: another folder that images.folders names, and that is used."""

    piece: Piece
    folder: Path
    size: int
    already: bool
    instead: Path | None = None


def page(piece: Piece) -> str:
    """Where it can be read about, its licence too."""
    return f"{HUB}/{piece.repo}"


def must_be_accepted(piece: Piece, *, accepted: bool) -> None:
    """Raises InputError where a licence has to be read first."""
    if piece.open or accepted:
        return
    what = (
        "may not be used commercially" if piece.terms == "non-commercial" else "comes with terms of its own"
    )
    raise InputError(
        f"{piece.title} {what}: {piece.licence}. Read it at {page(piece)}, and add --accept-licence if you accept it."
    )


def must_have_room_for(chosen: Sequence[Piece], config: ImagesConfig, data: Path) -> None:
    """Whether the disk holds several pieces, by their rounded sizes. Raises ModelError before any is fetched."""
    absent = [piece for piece in chosen if not is_whole(piece, config, data)]
    need, free = sum(piece.gigabytes for piece in absent) * 1e9, disk_free(data)
    if absent and free < need + DISK_RESERVE:
        raise ModelError(
            f"{_named(absent)} take {need / 1e9:.1f} GB and 1 GB to spare, and {free / 1e9:.1f} GB are free in {data}. "
            "Make room, choose another directory with --data, or a smaller model."
        )


def pull(
    piece: Piece, config: ImagesConfig, data: Path, progress: Progress, *, endpoint: str | None = None
) -> Pulled:
    """Fetch one piece; what was interrupted goes on. Raises ModelError, WeightsError."""
    folder = data / MODELS / piece.repo
    files = _whole(piece, data, progress, endpoint) if piece.files is None else _some(piece)
    fetched: list[Fetched] = []
    before, total = 0, sum(file.size for file in files)
    for file, source in zip(files, _sources(piece, files), strict=True):
        fetched += fetch(source, data / MODELS, _over(progress, before, total), endpoint=endpoint)
        before += file.size
    if piece.files is None:
        check(folder, facts_of(piece.name))
    used = piece.folder(config, data)
    return Pulled(
        piece,
        folder,
        sum(one.size for one in fetched),
        all(one.already for one in fetched),
        None if used == folder else used,
    )


@dataclass(frozen=True, slots=True)
class _Wanted(Listed):
    """A file that is to be fetched. `commit`: of the repository; None for the newest."""

    commit: str | None = None


def _sources(piece: Piece, files: Sequence[_Wanted]) -> list[Source]:
    return [Source(piece.repo, file.path, file.commit) for file in files]


def _some(piece: Piece) -> list[_Wanted]:
    """Files that are known by name. How large they are is said when they come."""
    return [_Wanted(path, 0) for path in piece.files or ()]


def _whole(piece: Piece, data: Path, progress: Progress, endpoint: str | None) -> list[_Wanted]:
    """All files of a diffusers folder. Raises ModelError, where there is no room for them as well."""
    listing = list_repo(piece.repo, endpoint=endpoint)
    if not any(file.path == INDEX for file in listing.files):
        raise ModelError(
            f"{piece.repo} has no {INDEX}, so it is no model that Selfsame can load. See: {page(piece)}"
        )
    parts = _index(Source(piece.repo, INDEX, listing.commit), data / MODELS / ASIDE, progress, endpoint)
    files = needed(parts, listing.files, piece.repo)
    _must_have_room(piece, files, data)
    last = sorted(files, key=lambda file: file.path == INDEX)  # with it, a model is taken to be here
    return [_Wanted(file.path, file.size, listing.commit) for file in last]


def _index(source: Source, aside: Path, progress: Progress, endpoint: str | None) -> dict[str, Any]:
    """What a model_index.json says. Raises ModelError."""
    try:
        (index,) = fetch(source, aside, progress, endpoint=endpoint)
        parts = json.loads(index.path.read_text(encoding="utf-8"))
    except ValueError:
        parts = None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    if not isinstance(parts, dict):
        raise ModelError(f"{INDEX} of {source.repo} cannot be read. See: {HUB}/{source.repo}")
    return parts


def _must_have_room(piece: Piece, files: Sequence[Listed], data: Path) -> None:
    """Before anything large is fetched. Raises ModelError."""
    missing, free = sum(_missing(file, data / MODELS / piece.repo) for file in files), disk_free(data)
    if missing and free < missing + DISK_RESERVE:
        raise ModelError(
            f"{piece.title} needs {missing / 1e9:.1f} GB and 1 GB to spare, and {free / 1e9:.1f} GB are free in {data}. "
            "Make room, or choose a smaller model."
        )


def _missing(file: Listed, folder: Path) -> int:
    """Bytes of a file that have not arrived."""
    path = folder / file.path
    if path.is_file() and path.stat().st_size == file.size:
        return 0
    arrived = max((part.stat().st_size for part in path.parent.glob(f".{path.name}.*.part")), default=0)
    return max(file.size - arrived, 0)


def _over(progress: Progress, before: int, total: int) -> Progress:
    """What is told of one file, told of all of them; of one file alone where sizes are not known."""
    if not total:
        return progress

    def tell(have: int, _: int, doing: str) -> None:
        progress(before + have, total, doing)

    return tell


def _named(chosen: Sequence[Piece]) -> str:
    return ", ".join(piece.title for piece in chosen)
