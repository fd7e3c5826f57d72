"""Whether pictures will work: the doctor's lines, one for each thing that it takes. Nothing is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from characters.character import StyleRegister
from engine.config import EngineConfig
from engine.errors import SelfsameError, WeightsError
from engine.images.device.hardware import CPU
from engine.images.extra import INSTALL_IMAGES
from engine.images.identity.gates import eyes_of
from engine.images.identity.models import find, verifiers
from engine.images.pipelines.diffusion.folder import check
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.folders import folder_of
from engine.images.pipelines.port import Workshop
from engine.images.routing.overview import Row
from engine.provision.pictures.survey import PictureSurvey, State, survey, workshop_of
from engine.provision.remark import Remark

ILLUSTRATOR = "illustrator"
SERVERS = {"comfyui": "/system_stats", "openai_images": "/models"}
# Seconds that a picture server may take to answer that it is there.
PATIENCE = 5.0


async def examine(config: EngineConfig, data: Path) -> tuple[Remark, ...]:
    """One remark for each: what draws, its weights, what is installed, the card, who verifies."""
    name = config.images.pipeline
    if name == ILLUSTRATOR:
        said = "The built-in illustrator, without any model. Picture models: selfsame models, docs/images.md"
        return (Remark(True, "Pictures", said),)
    if name in SERVERS:
        return await _examine_server(config, data)
    return await asyncio.to_thread(_examine_models, config, data)


def _examine_models(config: EngineConfig, data: Path) -> tuple[Remark, ...]:
    seen = survey(config, data)
    workshop = workshop_of(config, data)
    return (*_drawing(seen, workshop), _extra(seen), _card(seen, workshop), *_verifying(workshop))


def _drawing(seen: PictureSurvey, workshop: Workshop) -> Iterator[Remark]:
    """What draws, and whether its files can be loaded."""
    used = [row for row in seen.rows if seen.states[row.family] is State.USED and row.download]
    if not used:
        wanted = next((row for row in seen.rows if row.family == seen.configured), None)
        yield Remark(False, "Pictures", f"The illustrator draws instead: {_why(seen, wanted)}")
        return
    for row in used:
        facts = facts_of(row.family)
        folder = folder_of(facts, workshop.config, workshop.data)
        try:
            check(folder, facts)
        except WeightsError as error:
            yield Remark(False, "Weights", error.sentence)
            continue
        except OSError as error:
            yield Remark(False, "Weights", f"{error.filename or folder} cannot be read: {error.strerror}.")
            continue
        yield Remark(True, "Pictures", f"{row.title} ({row.licence}): {folder}")


def _why(seen: PictureSurvey, row: Row | None) -> str:
    if row is None:
        return "no picture model is here. Fetch what suits this machine: selfsame models pull images"
    if seen.states[row.family] is State.NOT_ACCEPTED:
        return f'{row.title} comes under {row.licence}. If you accept that, write images.accept = ["{row.family}"].'
    return f"{row.title} is not here. Fetch it: selfsame models pull {row.family}"


def _extra(seen: PictureSurvey) -> Remark:
    if seen.missing:
        return Remark(
            False, "Picture packages", f"Not installed: {', '.join(seen.missing)}. {INSTALL_IMAGES}"
        )
    return Remark(True, "Picture packages", "Everything that picture models need is installed.")


def _card(seen: PictureSurvey, workshop: Workshop) -> Remark:
    """What renders, and at which precision it holds what is here."""
    held = ", ".join(_held(row) for row in seen.rows if row.here and row.precision)
    if seen.device == CPU:
        return Remark(
            None,
            "Card",
            f"None that could render is seen, so the processor does: minutes for each picture. {held}",
        )
    if seen.card is None:
        return Remark(
            None, "Card", f"{seen.device}, of which nobody knows the memory: set images.vram_mb. {held}"
        )
    tight = [
        row.title
        for row in seen.rows
        if seen.states[row.family] is State.USED and row.download and not row.precision
    ]
    if tight:
        return Remark(False, "Card", f"{_named(seen)}, which is too little for {', '.join(tight)}.")
    return Remark(True, "Card", f"{_named(seen)}. {held}")


def _named(seen: PictureSurvey) -> str:
    card = seen.card
    assert card is not None
    return f"{card.name}, {card.free_mib / 1024:.1f} of {card.total_mib / 1024:.1f} GiB free"


def _held(row: Row) -> str:
    return f"{row.title} in {row.precision}" + ("" if row.whole else ", block by block")


def _verifying(workshop: Workshop) -> Iterator[Remark]:
    """Who verifies which style."""
    if not workshop.config.verify:
        yield Remark(None, "Verifier", "Pictures are not verified, as images.verify says.")
        return
    able = [style for style in StyleRegister if any(_is_here(kind, workshop) for kind in eyes_of(style))]
    blind = [style for style in StyleRegister if style not in able]
    if able:
        names = ", ".join(style.value for style in able)
        yield Remark(True, "Verifier", f"Faces are compared with the canon in these styles: {names}.")
    if blind:
        wanted = dict.fromkeys(
            entry.name for style in blind for entry in verifiers().values() if eyes_of(style)[0] in entry.sees
        )
        names = ", ".join(style.value for style in blind)
        fetch = ", ".join(f"selfsame models pull {name}" for name in wanted)
        yield Remark(None, "Verifier", f"Nobody compares faces in these styles: {names}. Fetch: {fetch}")


def _is_here(kind: str, workshop: Workshop) -> bool:
    needs = [entry.name for entry in verifiers().values() if kind in entry.sees]
    return bool(needs) and all(find(name, workshop) is not None for name in needs)


# ---------------------------------------------------------------- servers


async def _examine_server(config: EngineConfig, data: Path) -> tuple[Remark, ...]:
    """A server's workflow and address, and who verifies what it draws."""
    name = config.images.pipeline
    title = facts_of(name).title
    url = config.comfyui.url if name == "comfyui" else config.image_server.url
    workshop = workshop_of(config, data)
    try:
        said = _settled(config, data)
    except SelfsameError as error:
        return (Remark(False, "Pictures", f"The illustrator draws instead: {error.sentence}"),)
    trouble = await _trouble(url.rstrip("/") + SERVERS[name], config.image_server.api_key.get_secret_value())
    answer = (
        Remark(False, "Pictures", f"{title} does not answer at {url}: {trouble}")
        if trouble
        else Remark(True, "Pictures", f"{title} answers at {url}{said}")
    )
    return (answer, *_verifying(workshop))


def _settled(config: EngineConfig, data: Path) -> str:
    """What is so of the settings of a server. Raises WeightsError."""
    if config.images.pipeline == "openai_images":
        if not config.image_server.url:
            raise WeightsError("set image_server.url to its address with the version (…/v1).")
        return "."
    if not config.comfyui.workflow:
        raise WeightsError(
            "set comfyui.workflow to a workflow in API format. docs/comfyui.md says how to make one."
        )
    from engine.images.pipelines.comfyui.workflow import read_workflow  # brings an HTTP client along

    path = Path(config.comfyui.workflow).expanduser()
    workflow = read_workflow(path if path.is_absolute() else data / path)
    return f"; {path.name} takes {workflow.references} reference pictures."


async def _trouble(url: str, key: str) -> str:
    """Why a server does not answer; "" if it does. The key is shown to nobody else."""
    import aiohttp

    headers = {"Authorization": f"Bearer {key}"} if key and url.endswith(SERVERS["openai_images"]) else {}
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession(headers=headers) as http,
            http.get(url) as response,
        ):
            return "" if response.status < 400 else f"it says {response.status}. Is this its address?"
    except TimeoutError:
        return f"nothing within {PATIENCE:.0f} seconds."
    except (aiohttp.ClientError, ValueError):
        return "it cannot be reached. Start it, or set its address."
