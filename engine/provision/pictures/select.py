"""Which files of a repository a picture model needs: its parts, each once. Pure; `pull.py` fetches them.

Repositories of picture models hold the same weights several times: as one file for other programs, as .bin, for ONNX,
in full and in half precision. A part's weights are taken once: safetensors, in half precision where that is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import ModelError
from engine.images.pipelines.diffusion.folder import HALF, INDEX
from engine.models.hub import Listed

# Weights of one part: diffusers' name or transformers', a variant, a shard.
WEIGHTS = re.compile(
    r"(?P<stem>diffusion_pytorch_model|model)(?:\.(?P<variant>\w+))?(?P<shard>-\d+-of-\d+)?\.safetensors"
)
# The list of a part's shards.
SHARDS = re.compile(
    r"(?P<stem>diffusion_pytorch_model|model)\.safetensors\.index(?:\.(?P<variant>\w+))?\.json"
)
# Everything else that a part is read from: configurations, words, templates.
SMALL = (".json", ".txt", ".model", ".jinja")
# What people should have beside the weights.
LICENCE = re.compile(r"LICEN[CS]E[\w.-]*", re.IGNORECASE)


def needed(index: Mapping[str, Any], files: Iterable[Listed], repo: str) -> tuple[Listed, ...]:
    """The files of a model, by its model_index.json. Raises ModelError where a part has nothing that can be loaded."""
    there = [file for file in files if file.size]
    chosen = [file for file in there if file.path == INDEX or LICENCE.fullmatch(file.path)]
    for part in _parts(index):
        own = [file for file in there if file.path.rpartition("/")[0] == part]
        taken = _part(own)
        if not taken:
            raise ModelError(
                f"{repo} holds nothing of its part {part} that Selfsame could load. Choose another model."
            )
        chosen += taken
    return tuple(chosen)


def _parts(index: Mapping[str, Any]) -> list[str]:
    """The parts that a model_index.json names, without those that are left out."""
    return [
        name
        for name, value in index.items()
        if isinstance(value, list) and len(value) == 2 and value[0] and value[1]
    ]


def _part(own: list[Listed]) -> list[Listed]:
    """The files of one part."""
    small = [file for file in own if file.path.endswith(SMALL) and not SHARDS.fullmatch(_name(file))]
    sets = _sets(own)
    if not sets:
        return small
    return [*small, *min(sets.items(), key=lambda entry: _rank(*entry[0]))[1]]


# Of one set of weights: its variant ("" for the full ones), and whether it comes in shards.
_Kind = tuple[str, bool]


def _sets(own: list[Listed]) -> dict[_Kind, list[Listed]]:
    """The same weights, in each way in which they are there."""
    sets: dict[_Kind, list[Listed]] = {}
    for file in own:
        if found := WEIGHTS.fullmatch(_name(file)):
            sets.setdefault((found["variant"] or "", bool(found["shard"])), []).append(file)
    for file in own:
        found = SHARDS.fullmatch(_name(file))
        if found and (kind := (found["variant"] or "", True)) in sets:
            sets[kind].append(file)
    return {kind: files for kind, files in sets.items() if kind[0] in ("", HALF)}


def _rank(variant: str, sharded: bool) -> tuple[bool, bool]:
    """Half precision first; one file rather than several."""
    return variant != HALF, sharded


def _name(file: Listed) -> str:
    return file.path.rpartition("/")[2]
