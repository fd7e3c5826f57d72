"""A user's own ComfyUI: the real client against a server on loopback that speaks its protocol."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import CancelledError, RenderError, WeightsError
from engine.images.pipelines.comfyui import ComfyUI
from engine.images.pipelines.comfyui.workflow import read_workflow
from engine.images.pipelines.port import Canvas, Precision, Reference, Workshop
from engine.types import ReferenceRole
from tests.engine.images.comfyui.world import World
from tests.engine.images.serving import Watching, png, serving

CANVAS = Canvas("a red room", 7, 64, 64, 3, 1.0, negative="blurry")
NODES: dict[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {"seed": "{{seed}}", "steps": "{{steps}}", "cfg": "{{guidance}}"},
    },
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{prompt}}, film grain", "clip": ["4", 1]}},
    "10": {"class_type": "LoadImage", "inputs": {"image": "{{reference_1}}"}},
    "11": {"class_type": "LoadImage", "inputs": {"image": "{{ reference_2 }}"}},
    "9": {"class_type": "PreviewImage", "inputs": {"images": ["8", 0]}},
}


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    path = tmp_path / "head.png"
    path.write_bytes(png("green"))
    return Reference(ReferenceRole.HEADSHOT, "", hashlib.sha256(path.read_bytes()).hexdigest(), path)


def workshop(tmp_path: Path, url: str, nodes: object = None, timeout: int = 20) -> Workshop:
    (tmp_path / "flow.json").write_text(json.dumps(NODES if nodes is None else nodes))
    comfy = ComfyConfig(url=url, workflow="flow.json", timeout_seconds=timeout)
    return Workshop(tmp_path, ImagesConfig(), comfy, ImageServerConfig())


def load(shop: Workshop) -> Any:
    return ComfyUI().load(Path(), shop, Precision.BF16)


def test_a_picture_is_made_by_the_workflow_with_its_references(tmp_path: Path, reference: Reference) -> None:
    world, watch = World(), Watching()
    with serving(world.app) as url:
        renderer = load(workshop(tmp_path, url))
        (made,) = renderer.render([replace(CANVAS, references=(reference,))], watch)
    assert made.getpixel((5, 5)) == (255, 0, 0)
    assert watch.steps[-1] == (3, 3)
    assert (7, 9) not in watch.steps, "that was somebody else's"
    assert watch.previews == [(8, 8)] * 3
    nodes = world.queued[0]["prompt"]
    assert nodes["3"]["inputs"] == {"seed": 7, "steps": 3, "cfg": 1.0}
    assert nodes["6"]["inputs"]["text"] == "a red room, film grain"
    name = nodes["10"]["inputs"]["image"]
    assert nodes["11"]["inputs"]["image"] == name, "a place without a reference gets the first"
    assert world.uploads[name] == reference.path.read_bytes()
    assert renderer.facts.references == 2


def test_nobodys_words_stay_in_the_servers_history(tmp_path: Path, reference: Reference) -> None:
    world = World()
    with serving(world.app) as url:
        load(workshop(tmp_path, url)).render([replace(CANVAS, references=(reference,))], Watching())
    assert ("/history", {"delete": ["prompt-0"]}) in world.calls


def test_a_socket_that_breaks_does_not_lose_the_picture(tmp_path: Path, reference: Reference) -> None:
    with serving(World("deaf").app) as url:
        (made,) = load(workshop(tmp_path, url)).render([replace(CANVAS, references=(reference,))], Watching())
    assert made.size == (64, 64)


def test_a_cancelled_picture_is_interrupted_there_within_half_a_second(
    tmp_path: Path, reference: Reference
) -> None:
    world, stop = World("slow"), threading.Event()
    with serving(world.app) as url:
        renderer = load(workshop(tmp_path, url))
        threading.Timer(0.5, stop.set).start()
        with pytest.raises(CancelledError):
            renderer.render([replace(CANVAS, references=(reference,))], Watching(stop))
        assert world.stopped.is_set()
    assert ("/queue", {"delete": ["prompt-0"]}) in world.calls
    assert ("/interrupt", {"prompt_id": "prompt-0"}) in world.calls


def test_a_picture_that_takes_too_long_is_given_up(tmp_path: Path, reference: Reference) -> None:
    world, started = World("slow"), time.monotonic()
    with serving(world.app) as url:
        shop = workshop(tmp_path, url)
        shop = replace(shop, comfyui=shop.comfyui.model_copy(update={"timeout_seconds": 1}))
        with pytest.raises(RenderError, match="longer than 1 seconds"):
            load(shop).render([replace(CANVAS, references=(reference,))], Watching())
        assert world.stopped.is_set()
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("error", "node KSampler failed: out of memory"),
        ("invalid", "CheckpointLoaderSimple: Value not in list ckpt_name"),
        ("empty", "does it have a SaveImage or PreviewImage node"),
        ("garbage", "something that is not a picture"),
    ],
)
def test_each_failure_has_its_sentence(
    tmp_path: Path, reference: Reference, trouble: str, sentence: str
) -> None:
    with serving(World(trouble).app) as url, pytest.raises(RenderError, match=sentence):
        load(workshop(tmp_path, url)).render([replace(CANVAS, references=(reference,))], Watching())


def test_a_server_that_is_not_there_says_so(tmp_path: Path, reference: Reference) -> None:
    with pytest.raises(WeightsError, match=r"cannot be reached at .* Start it"):
        load(workshop(tmp_path, "http://127.0.0.1:9")).render(
            [replace(CANVAS, references=(reference,))], Watching()
        )


def test_a_character_without_a_reference_is_told_to_get_one(tmp_path: Path) -> None:
    with serving(World().app) as url, pytest.raises(RenderError, match="Choose a take first"):
        load(workshop(tmp_path, url)).render([CANVAS], Watching())


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ({"nodes": [], "links": []}, "Export it in API format"),
        ({"3": {"inputs": {}}}, "is not a workflow in ComfyUI's API format"),
        ({"3": {"class_type": "X", "inputs": {"a": "{{promt}}"}}}, r"Did you mean \{\{prompt\}\}"),
        ({"3": {"class_type": "X", "inputs": {"a": 1}}}, r"has no \{\{prompt\}\}"),
        (
            {"3": {"class_type": "X", "inputs": {"a": "{{prompt}}", "b": "{{reference_2}}"}}},
            "without gaps",
        ),
    ],
)
def test_a_workflow_that_cannot_work_gets_a_sentence(tmp_path: Path, nodes: object, sentence: str) -> None:
    with pytest.raises(WeightsError, match=sentence):
        load(workshop(tmp_path, "http://127.0.0.1:9", nodes))


def test_a_missing_workflow_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="There is no workflow"):
        read_workflow(tmp_path / "gone.json")


def test_words_that_look_like_a_placeholder_are_only_words(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_text(json.dumps({"6": {"class_type": "T", "inputs": {"text": "{{prompt}}"}}}))
    fill: Callable[..., Any] = read_workflow(path).fill
    assert fill(replace(CANVAS, prompt='{{seed}} "quoted"'), ())["6"]["inputs"]["text"] == '{{seed}} "quoted"'


def test_a_picture_that_still_waits_there_is_taken_out_and_nobody_elses_is_interrupted(
    tmp_path: Path, reference: Reference
) -> None:
    world, stop = World("waits"), threading.Event()
    with serving(world.app) as url:
        threading.Timer(0.5, stop.set).start()
        with pytest.raises(CancelledError):
            load(workshop(tmp_path, url)).render([replace(CANVAS, references=(reference,))], Watching(stop))
    assert ("/queue", {"delete": ["prompt-0"]}) in world.calls
    assert not [call for call in world.calls if call[0] == "/interrupt"]
