"""A workflow in ComfyUI's API format with placeholders, and what is put in their place. Pure.

{{prompt}}, {{negative}}, {{seed}}, {{width}}, {{height}}, {{steps}}, {{guidance}} and {{reference_1}} … {{reference_8}}
stand where a value is to be; a value that is nothing but a placeholder becomes a number where it means one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from engine.errors import RenderError, WeightsError
from engine.images.pipelines.port import Canvas

NAMES = ("prompt", "negative", "seed", "width", "height", "steps", "guidance")
REFERENCE = re.compile(r"reference_([1-8])")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
# What ComfyUI itself would be given if the workflow has no placeholder for it is left as the workflow has it.
NEEDED = "prompt"
MANUAL = "docs/comfyui.md says how to make one."

Nodes = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow that can be filled. `references`: how many pictures it takes."""

    nodes: Nodes
    names: frozenset[str]

    @property
    def references(self) -> int:
        """How many reference pictures it has places for."""
        return max((int(found[1]) for name in self.names if (found := REFERENCE.fullmatch(name))), default=0)

    def fill(self, canvas: Canvas, uploaded: tuple[str, ...]) -> Nodes:
        """The nodes for one picture. `uploaded`: the references' names on the server.

        A place for which there is no reference gets the first one. Raises RenderError if there is none at all.
        """
        values: dict[str, str | int | float] = {
            "prompt": canvas.prompt,
            "negative": canvas.negative,
            "seed": canvas.seed,
            "width": canvas.width,
            "height": canvas.height,
            "steps": canvas.steps,
            "guidance": canvas.guidance,
        }
        if self.references and not uploaded:
            raise RenderError(
                "This workflow needs a reference picture, and the character has none yet. Choose a take first."
            )
        for place in range(self.references):
            values[f"reference_{place + 1}"] = uploaded[place if place < len(uploaded) else 0]
        filled: Nodes = _filled(self.nodes, values)
        return filled


def read_workflow(path: Path) -> Workflow:
    """The workflow of a file. Raises WeightsError with what to do."""
    try:
        nodes = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"There is no workflow {path}: set comfyui.workflow. {MANUAL}") from None
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read as a workflow: {error}. {MANUAL}") from error
    if isinstance(nodes, dict) and "nodes" in nodes and "links" in nodes:
        raise WeightsError(
            f"{path.name} is a workflow as ComfyUI shows it. Export it in API format (Workflow → Export (API)). {MANUAL}"
        )
    if not isinstance(nodes, dict) or not nodes or not all(_is_node(node) for node in nodes.values()):
        raise WeightsError(f"{path.name} is not a workflow in ComfyUI's API format. {MANUAL}")
    names = frozenset(name for text in _texts(nodes) for name in PLACEHOLDER.findall(text))
    _check(path.name, names)
    return Workflow(nodes, names)


def _check(file: str, names: frozenset[str]) -> None:
    for name in sorted(names):
        if name not in NAMES and not REFERENCE.fullmatch(name):
            near = get_close_matches(name, (*NAMES, "reference_1"), n=1)
            hint = f" Did you mean {{{{{near[0]}}}}}?" if near else ""
            raise WeightsError(
                f"{file} has a placeholder {{{{{name}}}}} that means nothing here.{hint} {MANUAL}"
            )
    if NEEDED not in names:
        raise WeightsError(f"{file} has no {{{{prompt}}}}, so every picture would be the same. {MANUAL}")
    places = {int(found[1]) for name in names if (found := REFERENCE.fullmatch(name))}
    if places and places != set(range(1, max(places) + 1)):
        raise WeightsError(
            f"{file}: number the references from {{{{reference_1}}}} on, without gaps. {MANUAL}"
        )


def _is_node(node: object) -> bool:
    return isinstance(node, dict) and isinstance(node.get("class_type"), str)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _filled(value: Any, values: Mapping[str, str | int | float]) -> Any:
    if isinstance(value, str):
        whole = PLACEHOLDER.fullmatch(value.strip())
        if whole:
            return values[whole[1]]
        return PLACEHOLDER.sub(lambda found: str(values[found[1]]), value)
    if isinstance(value, dict):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    return value
