"""Calibration of a character of the store, and the command that asks for it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.__main__ import app
from characters.character import Persona, References, StyleRegister
from engine.config import EngineConfig
from engine.errors import WeightsError
from engine.images.identity.calibration import Calibration
from engine.images.identity.gates import Calibrations
from engine.store.store import Store
from engine.types import CharacterRecord, PicturePurpose, Shot
from tests.engine.images.identity.conftest import Fitter
from tests.engine.images.identity.pictures import between, drawing, person

SHE = person(0)


async def put(store: Store, image: Image.Image, person_id: str, character_id: str | None = None) -> str:
    content = io.BytesIO()
    image.save(content, "PNG")
    media = await store.media.put(
        content.getvalue(),
        mime="image/png",
        width=image.width,
        height=image.height,
        person_id=person_id,
        character_id=character_id,
        purpose=PicturePurpose.CANON,
        seed=0,
        pipeline="klein",
        shot=Shot(),
        caption="",
    )
    return media.id


async def anime(store: Store, person_id: str, name: str, *looks: Image.Image) -> CharacterRecord:
    """A character of a person's with these references, the headshot first."""
    headshot, *angles = [await put(store, look, person_id) for look in looks]
    references = References(headshot=headshot, angles=tuple(angles))
    persona = replace(Persona(name), style=StyleRegister.ANIME, references=references)
    return await store.characters.create(person_id, persona)


async def test_a_character_of_the_store_is_calibrated_against_the_persons_others(
    fitter: Fitter, tmp_path: Path
) -> None:
    workshop = fitter.workshop("ccip")
    store = await Store.open(workshop.data, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    try:
        owner = (await store.people.ensure("test", "owner", "Owner")).id
        other = (await store.people.ensure("test", "other", "Other")).id
        looks = [drawing(SHE), *(drawing(between(SHE, person(at), 0.97)) for at in range(1, 5))]
        record = await anime(store, owner, "Maya", *looks)
        for at in range(6, 10):
            await anime(store, owner, f"Rival {at}", drawing(person(at)))
        await anime(store, other, "Stranger", drawing(SHE))  # somebody else's: never compared with
        said = await Calibration(store, EngineConfig(), workshop.data).calibrate(owner, record)
    finally:
        await store.close()
    assert "5 pictures of Maya and 4 of others" in said
    own = Calibrations(workshop.data).read(record.id, "ccip")
    assert own is not None and (own.genuine, own.impostors) == (5, 4)


async def test_without_a_model_it_says_what_to_fetch(tmp_path: Path) -> None:
    store = await Store.open(tmp_path, clock=lambda: datetime.now(UTC), synchronous="NORMAL")
    try:
        owner = (await store.people.ensure("test", "owner", "Owner")).id
        record = await anime(store, owner, "Maya", drawing(SHE))
        with pytest.raises(WeightsError, match="CCIP"):
            await Calibration(store, EngineConfig(), tmp_path).calibrate(owner, record)
    finally:
        await store.close()


def test_the_command_says_honestly_that_one_reference_is_too_few(fitter: Fitter) -> None:
    data = fitter.workshop("dinov2").data
    done = CliRunner().invoke(app, ["character", "calibrate", "noor", "--data", str(data)])
    assert done.exit_code == 0, done.output
    assert "Noor Lindqvist can be seen in 1 of the references" in " ".join(done.output.split())


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["character", "calibrate", "noor", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "Fetch:" in done.output and "Traceback" not in done.output
