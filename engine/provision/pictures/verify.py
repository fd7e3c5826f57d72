"""Whether what was fetched for pictures is whole, said in one sentence each: `selfsame models verify`.

A family: is it this family, are all its parts there, is any file cut short – without loading it. Everything that was
fetched: has each file still the bytes that were checked then. What loading alone can tell, `try_to_load` finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config import EngineConfig
from engine.errors import WeightsError
from engine.images.pipelines.diffusion.folder import check
from engine.images.pipelines.facts import facts_of
from engine.images.trial import Trial, attempt
from engine.models.download import Progress, is_intact
from engine.provision.pictures.known import Piece, find_piece, pieces
from engine.provision.pictures.survey import is_whole, workshop_of


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found out of one piece. `ok` None: it could not all be found out."""

    piece: Piece
    folder: Path
    ok: bool | None
    sentence: str


def here(config: EngineConfig, data: Path) -> tuple[Piece, ...]:
    """What there is to verify: whatever has a folder, whole or not."""
    return tuple(piece for piece in pieces().values() if _has_begun(piece, config, data))


def verify(piece: Piece, config: EngineConfig, data: Path, progress: Progress) -> Verified:
    """Look at one piece. Reads all its bytes. Raises nothing that a person can meet."""
    folder = piece.folder(config.images, data)
    try:
        sentence, ok = _look(piece, folder, progress)
    except WeightsError as error:
        sentence, ok = error.sentence, False
    except OSError as error:
        sentence, ok = f"{error.filename or folder} cannot be read: {error.strerror}.", False
    return Verified(piece, folder, ok, sentence)


def try_to_load(piece: Piece, config: EngineConfig, data: Path) -> Verified:
    """Load one piece as the worker does, in a process of its own. Blocks for as long as that takes."""
    workshop = workshop_of(config, data)
    folder = piece.folder(config.images, data)
    trial = Trial(folder, piece.name) if piece.files is None else Trial(folder, files=piece.files)
    trouble = attempt(trial, workshop)
    return Verified(piece, folder, not trouble, trouble or "It loads as pictures are made with it.")


def wanted(names: Sequence[str], config: EngineConfig, data: Path) -> tuple[Piece, ...]:
    """The pieces of these names, all that are here if none is named. Raises InputError."""
    return tuple(find_piece(name) for name in names) or here(config, data)


def _look(piece: Piece, folder: Path, progress: Progress) -> tuple[str, bool | None]:
    again = f"Fetch it again with: selfsame models pull {piece.name}"
    if piece.files is None:
        check(folder, facts_of(piece.name))
    elif missing := [file for file in piece.files if not (folder / file).is_file()]:
        raise WeightsError(f"{piece.title} is not here: {folder / missing[0]} is missing. {again}")
    files = list(_files(piece, folder))
    told = [(file, is_intact(file, told)) for file, told in _told(files, progress)]
    damaged = [file for file, intact in told if intact is False]
    if damaged:
        many = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        raise WeightsError(f"{damaged[0]}{many} is damaged: it is not what was fetched. {again}")
    known = sum(intact is True for _, intact in told)
    size = sum(file.stat().st_size for file in files)
    if known == len(told):
        return f"Whole: {_count(known)}, {size / 1e9:.1f} GB, all checksums right.", True
    if known:
        return (
            f"Whole; {known} of {_count(len(told))} have the checksums of the hub, nobody knows the others'.",
            True,
        )
    return (
        f"{_count(len(told))}, {size / 1e9:.1f} GB, nothing is missing. No checksums are known: it was not fetched by Selfsame.",
        None,
    )


def _files(piece: Piece, folder: Path) -> Iterator[Path]:
    """What belongs to a piece, without notes, and without what is still arriving."""
    if piece.files is not None:
        yield from (folder / file for file in piece.files)
        return
    for path in sorted(folder.rglob("*")):
        note = path.suffix == ".json" and path.with_suffix("").is_file()
        if path.is_file() and not note and not path.name.startswith("."):
            yield path


def _told(files: Sequence[Path], progress: Progress) -> Iterator[tuple[Path, Progress]]:
    """Each file with a progress that tells of all of them."""
    before, total = 0, sum(file.stat().st_size for file in files)
    for file in files:

        def tell(have: int, _: int, doing: str, before: int = before) -> None:
            progress(before + have, total, doing)

        yield file, tell
        before += file.stat().st_size


def _has_begun(piece: Piece, config: EngineConfig, data: Path) -> bool:
    """Whether anything of it is here, though it may not be whole."""
    folder = piece.folder(config.images, data)
    if piece.files is None:
        return folder.is_dir()
    return is_whole(piece, config.images, data) or any((folder / file).exists() for file in piece.files)


def _count(files: int) -> str:
    return "one file" if files == 1 else f"{files} files"
