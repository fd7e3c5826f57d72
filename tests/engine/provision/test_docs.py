"""docs/images.md and docs/comfyui.md say what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.config import EngineConfig, ImagesConfig, StyleSettings
from engine.images.pipelines.comfyui.workflow import NAMES, read_workflow
from engine.images.pipelines.facts import families
from engine.images.pipelines.port import Canvas, Reference
from engine.provision.pictures.known import pieces
from engine.types import ReferenceRole
from tests.engine.provision import routes_table

DOCS = Path(__file__).parents[3] / "docs"
IMAGES = (DOCS / "images.md").read_text(encoding="utf-8")
COMFYUI = (DOCS / "comfyui.md").read_text(encoding="utf-8")


def test_the_table_of_routes_is_current() -> None:
    """python -m tests.engine.provision.routes_table prints it."""
    assert "\n".join(routes_table.lines()) in IMAGES


def test_every_piece_is_named() -> None:
    for name in pieces():
        if name not in ("ip_adapter", "arcface"):  # they come along with others
            assert f"`{name}`" in IMAGES or f"pull {name}" in IMAGES, name


@pytest.mark.parametrize("text", [IMAGES, COMFYUI])
def test_settings_that_are_named_are_there(text: str) -> None:
    tables = {
        "images": ImagesConfig,
        "comfyui": EngineConfig().comfyui.__class__,
        "llm": EngineConfig().llm.__class__,
    }
    for table, key in re.findall(r"`(images|comfyui|llm)\.([a-z_0-9]+)", text):
        assert key in tables[table].model_fields or (table, key) == ("images", "styles"), f"{table}.{key}"
    for block in re.findall(r"\[images\.styles\.\w+\]\n(.*?)```", text, re.DOTALL):
        for key in re.findall(r"^(\w+) =", block, re.MULTILINE):
            assert key in StyleSettings.model_fields, key


def test_commands_that_are_named_have_their_pieces() -> None:
    for text in (IMAGES, COMFYUI):
        for name in re.findall(r"models pull ([a-z_0-9]+)", text):
            assert name in pieces() or name == "images", name


def test_samplers_that_are_named_are_the_familys() -> None:
    listed = IMAGES[IMAGES.index("Samplers for SDXL") : IMAGES.index("the others have")]
    assert set(re.findall(r"`([^`]+)`", listed)) == set(families()["sdxl"].samplers)


def test_every_placeholder_has_its_row() -> None:
    for name in (*NAMES, "reference_1"):
        assert f"`{{{{{name}}}}}`" in COMFYUI


def test_the_example_is_a_workflow_that_can_be_filled() -> None:
    workflow = read_workflow(DOCS / "comfyui-example.json")
    assert workflow.references == 2
    headshot = Reference(ReferenceRole.HEADSHOT, "profile", "0" * 64, Path("a.png"))
    canvas = Canvas("a jazz bar", 7, 1024, 768, 0, 0.0, negative="blurry", references=(headshot,))
    nodes = workflow.fill(canvas, ("selfsame_a.png",))
    inputs = {node["class_type"]: node["inputs"] for node in nodes.values()}
    assert inputs["RandomNoise"]["noise_seed"] == 7
    assert inputs["EmptyFlux2LatentImage"] == {"width": 1024, "height": 768, "batch_size": 1}
    assert inputs["Flux2Scheduler"]["steps"] > 0  # also where the settings say nothing of steps
    shown = [node["inputs"]["image"] for node in nodes.values() if node["class_type"] == "LoadImage"]
    assert shown == ["selfsame_a.png", "selfsame_a.png"]
    for node in nodes.values():
        for value in node["inputs"].values():
            assert not (isinstance(value, list) and value[0] not in nodes)  # every wire has a node at its end
