"""engine/provision/pictures/pull.py against a loopback hub, through huggingface_hub as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytest.importorskip("huggingface_hub")

from engine.config import ImagesConfig
from engine.errors import InputError, ModelError, WeightsError
from engine.provision.pictures.known import along, find_piece, pieces
from engine.provision.pictures.pull import Pulled, must_be_accepted, must_have_room_for, pull
from engine.provision.pictures.survey import is_whole
from tests.engine.models.hub import COMMIT, Hub
from tests.engine.provision.repos import JUNK, klein

KLEIN = find_piece("klein")


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as running:
        yield running


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.download.time.sleep", lambda _: None)
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


async def pulled(
    hub: Hub, data: Path, name: str = "klein", told: list[tuple[int, int]] | None = None
) -> Pulled:
    def progress(have: int, total: int, _: str) -> None:
        if told is not None:
            told.append((have, total))

    return await asyncio.to_thread(pull, find_piece(name), ImagesConfig(), data, progress, endpoint=hub.url)


async def test_a_family_comes_whole_and_nothing_else_does(hub: Hub, tmp_path: Path) -> None:
    repo = klein(tmp_path / "repo")
    hub.put_folder(KLEIN.repo, repo)
    told: list[tuple[int, int]] = []
    found = await pulled(hub, tmp_path / "data", told=told)
    assert (
        found.folder == tmp_path / "data/models" / KLEIN.repo and not found.already and found.instead is None
    )
    here = {path.relative_to(found.folder).as_posix() for path in found.folder.rglob("*") if path.is_file()}
    notes = {name for name in here if name.endswith(".json") and name.removesuffix(".json") in here}
    there = {path.relative_to(repo).as_posix() for path in repo.rglob("*") if path.is_file()}
    assert here - notes == there - set(JUNK)
    for name in here - notes:
        assert (found.folder / name).read_bytes() == (repo / name).read_bytes()
    assert set(hub.heads) == {COMMIT}  # all files of one commit
    assert told[-1] == (found.size, found.size)


async def test_what_is_here_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo"))
    await pulled(hub, tmp_path)
    gets = len(hub.gets)
    assert (await pulled(hub, tmp_path)).already
    assert len(hub.gets) == gets + 1  # what the model consists of is read anew


async def test_what_was_interrupted_goes_on_at_the_file_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    repo = klein(tmp_path / "repo")
    large = repo / "transformer/diffusion_pytorch_model.safetensors"
    hub.put_folder(KLEIN.repo, repo)
    file = hub.files[f"{KLEIN.repo}/transformer/{large.name}"]
    right, file.data = file.data, file.data[:-1] + b"?"
    with pytest.raises(ModelError, match="arrived damaged"):
        await pulled(hub, tmp_path)
    assert not is_whole(KLEIN, ImagesConfig(), tmp_path)  # nothing tries to load half of it
    gets, file.data = len(hub.gets), right
    assert not (await pulled(hub, tmp_path)).already
    all_files = sum(1 for path in repo.rglob("*") if path.is_file()) - len(JUNK)
    assert len(hub.gets) - gets < all_files


async def test_a_repository_of_another_kind_is_said(hub: Hub, tmp_path: Path) -> None:
    hub.put(KLEIN.repo, "README.md", b"here was a model")
    with pytest.raises(ModelError, match=r"has no model_index\.json"):
        await pulled(hub, tmp_path)
    hub.put(KLEIN.repo, "model_index.json", b"<html>")
    with pytest.raises(ModelError, match="cannot be read"):
        await pulled(hub, tmp_path)
    assert [path for path in (tmp_path / "models").rglob("*") if path.is_file()] == []


async def test_a_model_of_another_family_is_said_when_it_has_come(hub: Hub, tmp_path: Path) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo", pipeline="ZImagePipeline"))
    with pytest.raises(WeightsError, match="a model of the family z_image"):
        await pulled(hub, tmp_path)


async def test_no_such_repository_is_said(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"has no {KLEIN.repo}, or shows it only to some"):
        await pulled(hub, tmp_path)


async def test_terms_on_the_hub_itself_are_said(hub: Hub, tmp_path: Path) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo"))
    file = hub.files[f"{KLEIN.repo}/model_index.json"]
    file.status, file.code = 403, "GatedRepo"
    with pytest.raises(ModelError, match="HF_TOKEN"):
        await pulled(hub, tmp_path)


async def test_too_little_disk_is_said_before_weights_are_fetched(hub: Hub, tmp_path: Path) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo"))
    hub.files[f"{KLEIN.repo}/vae/diffusion_pytorch_model.safetensors"].size = 1 << 60
    with pytest.raises(ModelError, match="and 1 GB to spare"):
        await pulled(hub, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").rglob("*.safetensors")] == []
    with (
        pytest.raises(ModelError, match=r"klein 4B, AuraFace take .* and 1 GB to spare"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("engine.provision.pictures.pull.disk_free", lambda _: 16_500_000_000)
        must_have_room_for([KLEIN, find_piece("auraface")], ImagesConfig(), tmp_path / "data")


async def test_a_small_model_brings_its_files_alone(hub: Hub, tmp_path: Path) -> None:
    adapter = find_piece("ip_adapter")
    for file in (*(adapter.files or ()), "sdxl_models/ip-adapter_sdxl.bin"):
        hub.put(adapter.repo, file, file.encode())
    found = await pulled(hub, tmp_path, "ip_adapter")
    assert hub.listings == []
    for file in adapter.files or ():
        assert (found.folder / file).read_bytes() == file.encode()
    assert not (found.folder / "sdxl_models/ip-adapter_sdxl.bin").exists()


async def test_a_file_that_the_hub_does_not_have_is_said(hub: Hub, tmp_path: Path) -> None:
    hub.put(find_piece("upscaler").repo, "README.md", b"moved")
    with pytest.raises(ModelError, match=r"has no file .*\.onnx"):
        await pulled(hub, tmp_path, "upscaler")


async def test_a_folder_of_the_settings_is_named_when_another_one_was_filled(
    hub: Hub, tmp_path: Path
) -> None:
    hub.put_folder(KLEIN.repo, klein(tmp_path / "repo"))
    images = ImagesConfig(folders={"klein": str(tmp_path / "mine")})
    found = await asyncio.to_thread(pull, KLEIN, images, tmp_path, lambda *_: None, endpoint=hub.url)
    assert found.instead == tmp_path / "mine"


def test_every_piece_has_what_a_licence_needs() -> None:
    for piece in pieces().values():
        assert piece.repo.count("/") == 1 and piece.licence and piece.note and piece.gigabytes > 0, piece.name
        if piece.open:
            must_be_accepted(piece, accepted=False)
            continue
        with pytest.raises(InputError, match="--accept-licence"):
            must_be_accepted(piece, accepted=False)
        must_be_accepted(piece, accepted=True)


def test_what_does_not_work_alone_brings_the_rest() -> None:
    assert [piece.name for piece in along(find_piece("sdxl"))] == ["sdxl", "ip_adapter"]
    assert {piece.name for piece in along(find_piece("faceid"))} == {
        "faceid",
        "ip_adapter",
        "arcface",
        "yunet",
    }
    assert find_piece("arcface").accept == "faceid"


@pytest.mark.parametrize(
    ("name", "said"),
    [("klien", "Did you mean klein"), ("comfyui", "a server of yours"), ("zzz", "There are: klein")],
)
def test_a_name_that_nobody_knows_is_said(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        find_piece(name)


def test_names_are_known_as_people_write_them() -> None:
    assert find_piece("Qwen-Edit").name == "qwen_edit"
