"""A server with the OpenAI image API: the real client against one on loopback."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import CancelledError, RenderError, WeightsError
from engine.images.pipelines.openai_images import OpenAIImages
from engine.images.pipelines.openai_images.client import Client
from engine.images.pipelines.openai_images.family import ServerRenderer
from engine.images.pipelines.port import Canvas, Precision, Reference, Workshop
from engine.types import ReferenceRole
from tests.engine.images.serving import Watching, png, serving

CANVAS = Canvas("a red room", 7, 64, 64, 4, 1.0)


class World:
    """A picture server. `trouble`: "", "plain" (refuses unknown fields), "busy" (twice), "url", "elsewhere", or a status."""

    def __init__(self, trouble: str | int = "") -> None:
        self.trouble, self.seen, self.keys = trouble, [], []  # type: ignore[var-annotated]
        self.silent = asyncio.Event()
        self.app = web.Application(client_max_size=2**24)
        self.app.add_routes(
            [
                web.get("/v1/models", self._models),
                web.post("/v1/images/generations", self._generate),
                web.post("/v1/images/edits", self._edit),
                web.get("/files/one.png", self._file),
            ]
        )

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "klein"}]})

    async def _generate(self, request: web.Request) -> web.Response:
        return await self._answer(request, await request.json())

    async def _edit(self, request: web.Request) -> web.Response:
        form = await request.post()
        files = [one.file.read() for one in (*form.getall("image", []), *form.getall("image[]", []))]  # type: ignore[union-attr]
        told: dict[str, Any] = {key: value for key, value in form.items() if isinstance(value, str)}
        return await self._answer(request, told | {"files": files})

    async def _answer(self, request: web.Request, told: dict[str, Any]) -> web.Response:
        self.seen.append(told)
        self.keys.append(request.headers.get("Authorization", ""))
        if isinstance(self.trouble, int):
            return web.json_response({"error": {"message": "the model is\n gone"}}, status=self.trouble)
        if self.trouble == "plain" and "seed" in told:
            return web.json_response({"error": {"message": "Unknown parameter: 'seed'."}}, status=400)
        if self.trouble == "busy" and len(self.seen) < 3:
            return web.json_response({"detail": "busy"}, status=503)
        if self.trouble == "silent":
            await self.silent.wait()
        if self.trouble in ("url", "elsewhere"):
            host = "http://203.0.113.1" if self.trouble == "elsewhere" else ""
            return web.json_response({"data": [{"url": f"{host}/files/one.png"}]})
        return web.json_response({"data": [{"b64_json": base64.b64encode(png("red")).decode()}]})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=png("red"))


def renderer(url: str, tmp_path: Path, **keys: Any) -> ServerRenderer:
    server = ImageServerConfig(url=f"{url}/v1/", api_key="s3cret", **keys)
    shop = Workshop(tmp_path, ImagesConfig(), ComfyConfig(), server)
    made = OpenAIImages().load(Path(), shop, Precision.BF16)
    made._client.pauses = (0.01, 0.01)
    return made


def test_a_picture_without_references_is_generated(tmp_path: Path) -> None:
    world = World()
    with serving(world.app) as url:
        (made,) = renderer(url, tmp_path).render([CANVAS], Watching())
    assert made.getpixel((1, 1)) == (255, 0, 0)
    assert world.seen == [
        {
            "model": "klein",
            "prompt": "a red room",
            "n": 1,
            "size": "64x64",
            "response_format": "b64_json",
            "seed": 7,
            "num_inference_steps": 4,
            "guidance_scale": 1.0,
        }
    ]
    assert world.keys == ["Bearer s3cret"]


@pytest.mark.parametrize("count", [1, 3])
def test_references_are_sent_as_pictures_to_edit(tmp_path: Path, count: int) -> None:
    path = tmp_path / "head.png"
    path.write_bytes(png("green"))
    one = Reference(ReferenceRole.HEADSHOT, "", hashlib.sha256(path.read_bytes()).hexdigest(), path)
    world = World()
    with serving(world.app) as url:
        renderer(url, tmp_path, model="named").render(
            [replace(CANVAS, references=(one,) * count)], Watching()
        )
    assert world.seen[0]["files"] == [path.read_bytes()] * count
    assert world.seen[0]["model"] == "named"


def test_a_server_that_knows_only_the_apis_own_fields_gets_only_those(tmp_path: Path) -> None:
    world = World("plain")
    with serving(world.app) as url:
        made = renderer(url, tmp_path)
        made.render([CANVAS, CANVAS], Watching())
    assert ["seed" in told for told in world.seen] == [True, False, False]


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    world = World("busy")
    with serving(world.app) as url:
        renderer(url, tmp_path).render([CANVAS], Watching())
    assert len(world.seen) == 3


def test_an_address_on_the_same_server_is_followed(tmp_path: Path) -> None:
    with serving(World("url").app) as url:
        (made,) = renderer(url, tmp_path).render([CANVAS], Watching())
    assert made.size == (64, 64)


def test_an_address_elsewhere_is_not_given_the_key(tmp_path: Path) -> None:
    with serving(World("elsewhere").app) as url, pytest.raises(RenderError, match="address elsewhere"):
        renderer(url, tmp_path).render([CANVAS], Watching())


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (401, WeightsError, "does not accept the key"),
        (404, WeightsError, "ends in /v1 as a rule"),
        (400, RenderError, r"\(400: the model is gone\)"),
        (500, RenderError, r"\(500: the model is gone\)"),
    ],
)
def test_each_refusal_has_its_sentence(
    tmp_path: Path, status: int, kind: type[RenderError], sentence: str
) -> None:
    with serving(World(status).app) as url, pytest.raises(kind, match=sentence) as raised:
        renderer(url, tmp_path).render([CANVAS], Watching())
    assert "s3cret" not in raised.value.sentence


def test_a_cancelled_picture_is_left(tmp_path: Path) -> None:
    stop = threading.Event()
    with serving(World("silent").app) as url:
        threading.Timer(0.3, stop.set).start()
        with pytest.raises(CancelledError):
            renderer(url, tmp_path).render([CANVAS], Watching(stop))


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be reached"):
        renderer("http://127.0.0.1:9", tmp_path).render([CANVAS], Watching())


def test_without_an_address_the_settings_are_named(tmp_path: Path) -> None:
    shop = Workshop(tmp_path, ImagesConfig(), ComfyConfig(), ImageServerConfig())
    with pytest.raises(WeightsError, match=r"set image_server\.url"):
        OpenAIImages().load(Path(), shop, Precision.BF16)


def test_what_is_no_api_at_all_says_so(tmp_path: Path) -> None:
    app = web.Application()
    app.router.add_post("/v1/images/generations", _page)
    with serving(app) as url, pytest.raises(RenderError, match="no OpenAI image API"):
        renderer(url, tmp_path, model="any").render([CANVAS], Watching())


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="<html>")


def test_the_key_is_in_nobodys_words() -> None:
    assert "s3cret" not in repr(Client("http://x/v1", "", "s3cret", 1))
