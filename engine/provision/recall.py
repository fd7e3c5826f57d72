"""Embedding models as people set them up: fetching one, and whether what was said is found by its meaning.

`bot/models/recall.py` and `bot/doctor.py` call it. All but `examine_recall` block.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from engine.config import EngineConfig, MemoryConfig
from engine.errors import InputError, ModelError
from engine.memory.embed.choose import KNOWN, Known, find_files, load, must_be_installed
from engine.models.choose import MODELS
from engine.models.download import Progress, Source, fetch
from engine.provision.remark import Remark


def choose_recall(name: str) -> Known:
    """The embedding model of that name, the first one if none is named. Raises InputError."""
    for one in KNOWN:
        if name.casefold() in ("", one.name, one.repo.casefold()):
            return one
    names = ", ".join(f"{one.name} (reads {one.reads})" for one in KNOWN)
    raise InputError(
        f"There is no embedding model {name}. There are: {names}. Any other, as ONNX: memory.embedding_model in config.toml"
    )


@dataclass(frozen=True, slots=True)
class PulledRecall:
    """An embedding model that is here now, and reads. `used`: whether the settings mean it."""

    folder: Path
    already: bool
    used: bool


def pull_recall(wanted: Known, config: EngineConfig, data: Path, progress: Progress) -> PulledRecall:
    """Fetch an embedding model and try it; what was interrupted goes on. Raises ModelError."""
    must_be_installed()
    files = [
        one for file in wanted.files for one in fetch(Source(wanted.repo, file), data / MODELS, progress)
    ]
    folder = data / MODELS / wanted.repo
    here = find_files(MemoryConfig(embedding_model=wanted.repo), data)
    load(here)
    used = config.memory.embeddings != "off" and find_files(config.memory, data) == here
    return PulledRecall(folder, all(one.already for one in files), used)


async def examine_recall(config: EngineConfig, data: Path) -> Remark:
    """Whether what was said is found by its meaning, or by its words alone."""
    memory = config.memory
    if memory.embeddings == "off":
        return Remark(None, "Recall", "By words alone, as memory.embeddings says.")
    try:
        here = find_files(memory, data)
    except ModelError as error:
        return Remark(
            False if memory.embedding_model else None, "Recall", f"By words alone: {error.sentence}"
        )
    try:
        must_be_installed()
        await asyncio.to_thread(load, here)
    except ModelError as error:
        return Remark(False, "Recall", f"By words alone: {error.sentence}")
    return Remark(True, "Recall", f"By words and by meaning, with {here.name}.")
