"""What of picture models is here, used and accepted, and what fits this machine: `selfsame models` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.config import EngineConfig, ImagesConfig
from engine.images.device.hardware import CPU, Card, card_of, devices, ledger_name
from engine.images.extra import absent
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.folders import is_here
from engine.images.pipelines.port import Workshop
from engine.images.routing.overview import Row, recommended, rows
from engine.provision.pictures.known import Job, Piece, along, find_piece, pieces
from engine.provision.remark import disk_free

AUTO = "auto"
# Small models that belong to every machine that draws with a model: who verifies each style, and what enlarges.
BESIDE = ("auraface", "yunet", "ccip", "dinov2", "upscaler")


class State(StrEnum):
    """What is so of a piece, as people read it."""

    USED = "used"
    HERE = "here"
    NOT_ACCEPTED = "here, not accepted"
    ABSENT = ""


@dataclass(frozen=True, slots=True)
class Small:
    """One of the small models beside the families."""

    piece: Piece
    state: State


@dataclass(frozen=True, slots=True)
class PictureSurvey:
    """What there is to choose from. `starter`: what `pull images` fetches; `more`: families that are worth it later."""

    configured: str
    device: str
    card: Card | None
    disk_free: int
    missing: tuple[str, ...]  # modules of the extra [images]
    rows: tuple[Row, ...]
    states: dict[str, State]  # of families
    small: tuple[Small, ...]
    starter: tuple[Piece, ...]
    more: tuple[Piece, ...]


def workshop_of(config: EngineConfig, data: Path) -> Workshop:
    """The workshop of the first device that would render with a model, whatever draws at the moment."""
    images = config.images
    wish = images.model_copy(update={"pipeline": AUTO}) if images.pipeline == "illustrator" else images
    device = devices(wish)[0]
    return Workshop(data, images, config.comfyui, config.image_server, device, ledger_name(device))


def survey(config: EngineConfig, data: Path) -> PictureSurvey:
    """Look at the settings, the folder of models and the cards. Blocks for milliseconds."""
    workshop = workshop_of(config, data)
    card = None if workshop.device == CPU else card_of(workshop.device)
    taken = recommended(workshop, card)
    table = rows(workshop, card)
    return PictureSurvey(
        configured=config.images.pipeline,
        device=workshop.device,
        card=card,
        disk_free=disk_free(data),
        missing=absent(),
        rows=table,
        states={row.family: _state_of(row, config.images) for row in table},
        small=tuple(Small(piece, _state(piece, config.images, data)) for piece in _small()),
        starter=starter(taken),
        more=tuple(find_piece(name) for name in taken[1:]),
    )


def starter(taken: tuple[str, ...]) -> tuple[Piece, ...]:
    """What a machine begins with: the family it uses most, and what verifies and enlarges; nothing without a family."""
    if not taken:
        return ()
    names = [piece.name for piece in along(find_piece(taken[0]))]
    return tuple(pieces()[name] for name in dict.fromkeys([*names, *BESIDE]))


def is_whole(piece: Piece, config: ImagesConfig, data: Path) -> bool:
    """Whether all its files are here; what is in them is `verify.py`'s affair."""
    if piece.files is None:
        return is_here(facts_of(piece.name), config, data)
    folder = piece.folder(config, data)
    return all((folder / file).is_file() for file in piece.files)


def _small() -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces().values() if piece.job is not Job.DRAWS)


def _state_of(row: Row, images: ImagesConfig) -> State:
    if not row.here:
        return State.ABSENT
    if not row.accepted:
        return State.NOT_ACCEPTED
    named = {images.pipeline, *(style.family for style in images.styles.values())}
    return State.USED if row.family in named or images.pipeline == AUTO else State.HERE


def _state(piece: Piece, images: ImagesConfig, data: Path) -> State:
    if not is_whole(piece, images, data):
        return State.ABSENT
    if not piece.is_accepted(images):
        return State.NOT_ACCEPTED
    return State.USED if _is_used(piece, images) else State.HERE


def _is_used(piece: Piece, images: ImagesConfig) -> bool:
    """Whether the settings have a use for a small model that is here."""
    if images.pipeline == "illustrator":
        return False
    if piece.job is Job.VERIFIES:
        return images.verify
    if piece.job is Job.MENDS:
        wishes = {images.restore, "inswapper" if images.swap else "", "upscaler" if images.upscale else ""}
        return piece.name in wishes
    return images.pipeline in (AUTO, "sdxl") or any(
        style.family == "sdxl" for style in images.styles.values()
    )
