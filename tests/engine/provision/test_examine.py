"""engine/provision/pictures/examine.py: the doctor's lines about pictures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiohttp import web

from engine.config import ComfyConfig, EngineConfig, ImagesConfig, ImageServerConfig
from engine.images.device import hardware
from engine.images.device.hardware import Card
from engine.provision.pictures import survey as surveying
from engine.provision.pictures.examine import examine
from engine.provision.pictures.known import find_piece
from engine.provision.remark import Remark
from tests.engine.images.serving import serving
from tests.engine.provision.repos import klein, pad, write


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """A machine with everything installed and a card, whatever this one is."""
    cards = [Card("Test 12", 12282, 12000, "cuda:0")]
    monkeypatch.setattr(hardware, "cards", lambda: tuple(cards))
    monkeypatch.setattr(surveying, "absent", lambda: ())
    return cards


async def said(data: Path, config: EngineConfig | None = None, **images: object) -> list[Remark]:
    config = config or EngineConfig(images=ImagesConfig.model_validate({"pipeline": "auto", **images}))
    return list(await examine(config, data))


def line(remarks: list[Remark], title: str) -> Remark:
    return next(remark for remark in remarks if remark.title == title)


async def test_the_illustrator_is_one_line(tmp_path: Path) -> None:
    (remark,) = await said(tmp_path, EngineConfig())
    assert remark.ok and "illustrator" in remark.sentence


async def test_a_machine_that_is_ready_says_so_line_by_line(tmp_path: Path) -> None:
    pad(klein(tmp_path / "models" / find_piece("klein").repo, junk=False), 16)
    for name in ("auraface", "yunet", "ccip", "dinov2"):
        piece = find_piece(name)
        for file in piece.files or ():
            write(tmp_path / "models" / piece.repo / file)
    remarks = await said(tmp_path)
    assert [remark.title for remark in remarks] == ["Pictures", "Picture packages", "Card", "Verifier"]
    assert all(remark.ok for remark in remarks)
    assert "FLUX.2 klein 4B (Apache 2.0)" in remarks[0].sentence
    assert "Test 12" in remarks[2].sentence and "fp8" in remarks[2].sentence
    assert "photoreal" in remarks[3].sentence and "anime" in remarks[3].sentence


async def test_nothing_here_says_what_to_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveying, "absent", lambda: ("torch", "diffusers"))
    remarks = await said(tmp_path)
    assert line(remarks, "Pictures").ok is False
    assert "selfsame models pull images" in line(remarks, "Pictures").sentence
    assert "torch, diffusers" in line(remarks, "Picture packages").sentence
    assert "make pictures" in line(remarks, "Picture packages").sentence
    assert "selfsame models pull auraface" in line(remarks, "Verifier").sentence


async def test_a_named_family_is_asked_for_by_name_and_by_its_terms(tmp_path: Path) -> None:
    assert "selfsame models pull sdxl" in line(await said(tmp_path, pipeline="sdxl"), "Pictures").sentence
    kontext = klein(tmp_path / "kontext", pipeline="FluxKontextPipeline", junk=False)
    folders = {"kontext": str(kontext)}
    remark = line(await said(tmp_path, pipeline="kontext", folders=folders), "Pictures")
    assert remark.ok is False and 'images.accept = ["kontext"]' in remark.sentence
    remarks = await said(tmp_path, pipeline="kontext", folders=folders, accept=("kontext",))
    assert line(remarks, "Pictures").ok


async def test_damaged_weights_are_a_line(tmp_path: Path) -> None:
    folder = klein(tmp_path / "models" / find_piece("klein").repo, junk=False)
    (folder / "vae/diffusion_pytorch_model.safetensors").write_bytes(b"short")
    remark = line(await said(tmp_path), "Weights")
    assert remark.ok is False and "is cut short" in remark.sentence


async def test_a_machine_without_a_card_is_told_what_that_means(tmp_path: Path, machine: list[Card]) -> None:
    machine.clear()
    remark = line(await said(tmp_path), "Card")
    assert remark.ok is None and "minutes for each picture" in remark.sentence


async def test_a_card_that_is_too_small_is_said(tmp_path: Path, machine: list[Card]) -> None:
    machine[:] = [Card("Test 2", 2048, 2000, "cuda:0")]
    pad(klein(tmp_path / "models" / find_piece("klein").repo, junk=False), 16)
    remark = line(await said(tmp_path, pipeline="klein"), "Card")
    assert remark.ok is False and "too little for FLUX.2 klein 4B" in remark.sentence


async def test_who_wants_no_verifier_is_told_so(tmp_path: Path) -> None:
    assert "images.verify" in line(await said(tmp_path, verify=False), "Verifier").sentence


async def test_comfyui_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    workflow = {"1": {"class_type": "Text", "inputs": {"text": "{{prompt}} {{reference_1}}"}}}
    (tmp_path / "flow.json").write_text(json.dumps(workflow))
    images = ImagesConfig(pipeline="comfyui")

    async def stats(request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.get("/system_stats", stats)])
    with serving(app) as url:
        settings = ComfyConfig(url=url, workflow="flow.json")
        (remark, *_) = await said(tmp_path, EngineConfig(images=images, comfyui=settings))
        assert remark.ok and "takes 1 reference" in remark.sentence
        elsewhere = ComfyConfig(url=f"{url}/elsewhere", workflow="flow.json")
        (remark, *_) = await said(tmp_path, EngineConfig(images=images, comfyui=elsewhere))
        assert remark.ok is False and "404" in remark.sentence
    (remark, *_) = await said(tmp_path, EngineConfig(images=images, comfyui=settings))
    assert remark.ok is False and "cannot be reached" in remark.sentence
    (remark, *_) = await said(
        tmp_path, EngineConfig(images=images, comfyui=ComfyConfig(workflow="gone.json"))
    )
    assert remark.ok is False and "gone.json" in remark.sentence


async def test_an_image_server_is_asked_with_its_key_which_nobody_reads(tmp_path: Path) -> None:
    keys = []

    async def models(request: web.Request) -> web.Response:
        keys.append(request.headers.get("Authorization"))
        return web.json_response({"data": []}, status=200 if keys[-1] else 401)

    app = web.Application()
    app.add_routes([web.get("/v1/models", models)])
    images = ImagesConfig(pipeline="openai_images")
    with serving(app) as url:
        config = EngineConfig(
            images=images,
            image_server=ImageServerConfig.model_validate({"url": f"{url}/v1", "api_key": "sesame"}),
        )
        (remark, *_) = await said(tmp_path, config)
    assert remark.ok and keys == ["Bearer sesame"] and "sesame" not in remark.sentence
    (remark, *_) = await said(tmp_path, EngineConfig(images=images))
    assert remark.ok is False and "image_server.url" in remark.sentence
