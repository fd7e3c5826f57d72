"""Chat models that we know, and which of them this machine can run. `engine/provision/chat.py` asks; data: catalogue.toml.

Whether a model fits is planned from its published shape, as `gpu.py` plans from a file's header once it is here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.errors import InputError, ModelError
from engine.models.gguf import ModelFacts
from engine.models.gpu import RAM_RESERVE, Offload, Wish, plan_offload
from engine.models.machine import Machine

# Of a quantised file, the words' weights take about so many bytes each.
WORD_BYTES = 0.6
# A model is recommended for a GPU that holds a full conversation beside it, and a short one: in contexts.
ROOMY = 1.25
# Gigabytes that a processor may read for each token and still write as fast as people read: memory of ordinary
# machines gives 40 to 80 GB a second, so this is 8 to 15 tokens a second.
FLUENT = 5.5


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(_Strict):
    """What of a model's configuration decides about memory."""

    layers: int
    kept: int  # numbers that each layer keeps for a token
    width: int
    inner: int
    vocabulary: int
    tied: bool = False  # whether the words' weights are there only once


class Entry(_Strict):
    """A model of the catalogue; catalogue.toml explains the keys."""

    name: str
    title: str
    repo: str
    file: str
    quant: str
    gigabytes: float
    reads: float
    licence: str
    terms: Literal["open", "non-commercial", "its own terms"]
    context: int
    shape: Shape
    note: str

    @property
    def hub_name(self) -> str:
        """What is written as `llm.model` once it is here."""
        return f"{self.repo}/{self.file}"

    @property
    def size(self) -> int:
        """Bytes, about."""
        return int(self.gigabytes * 1e9)

    @property
    def facts(self) -> ModelFacts:
        """What the file's header will say, near enough for a plan."""
        shape = self.shape
        words = int(shape.vocabulary * shape.width * WORD_BYTES)
        output = 0 if shape.tied else words
        return ModelFacts(
            name=self.title,
            architecture="",
            quant=self.quant,
            file_bytes=self.size,
            context=self.context,
            layer_bytes=((self.size - words - output) // shape.layers,) * shape.layers,
            input_bytes=words,
            output_bytes=output,
            tied=shape.tied,
            kv_width=(shape.kept,) * shape.layers,
            state_width=(0,) * shape.layers,
            vocabulary=shape.vocabulary,
            width=shape.width,
            inner=shape.inner,
            template=True,
            licence=self.licence,
        )


class Fit(StrEnum):
    """How a model runs on a machine, as people read it."""

    GPU = "on the GPU"
    PARTLY = "partly on the GPU"
    RAM = "without a GPU"
    SLOWLY = "slowly, without a GPU"
    NOT = "does not fit"


@dataclass(frozen=True, slots=True)
class Prospect:
    """A model of the catalogue, planned for a machine."""

    entry: Entry
    fit: Fit
    least: Offload | None  # with room for one full conversation; None if it does not fit
    most: Offload | None  # with as much room as there is
    room: float = 0.0  # for how many full conversations


@cache
def catalogue() -> tuple[Entry, ...]:
    """All models, the better the later."""
    text = files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tuple(Entry.model_validate(table) for table in tomllib.loads(text)["model"])


def find_entry(name: str) -> Entry:
    """The model of that name. Raises InputError."""
    for entry in catalogue():
        if name.casefold() in (entry.name, entry.title.casefold()):
            return entry
    known = ", ".join(entry.name for entry in catalogue())
    raise InputError(
        f"The catalogue has no model {name}. It has: {known}. Any other: selfsame models pull chat --from OWNER/REPO/FILE.gguf"
    )


def hub_name(name: str) -> str:
    """What is written as llm.model for a name of the catalogue; other names stay as they are."""
    found = (entry.hub_name for entry in catalogue() if name.casefold() == entry.name)
    return next(found, name)


def prospects(machine: Machine, wish: Wish) -> tuple[Prospect, ...]:
    """All models with how each would run here, with some memory to spare."""
    roomy = replace(machine, ram_free=max(machine.ram_free - RAM_RESERVE, 0))
    return tuple(_prospect(entry, roomy, wish) for entry in catalogue())


def recommend(found: Sequence[Prospect], disk_free: int) -> Prospect | None:
    """The best one under open terms that runs well here and fits on the disk; None if none does."""
    open_ = [one for one in found if one.entry.terms == "open" and one.entry.size < disk_free]
    on_gpu = [one for one in open_ if one.fit is Fit.GPU and one.room >= ROOMY]
    return next(reversed(on_gpu or [one for one in open_ if one.fit is Fit.RAM]), None)


def _prospect(entry: Entry, machine: Machine, wish: Wish) -> Prospect:
    try:
        least, most = (plan_offload(entry.facts, one, machine) for one in (replace(wish, slots=1), wish))
    except ModelError:
        return Prospect(entry, Fit.NOT, None, None)
    room = most.kv_tokens / min(wish.context_tokens, entry.context)
    return Prospect(entry, _fit(entry, most), least, most, room)


def _fit(entry: Entry, offload: Offload) -> Fit:
    if offload.gpu_layers > entry.shape.layers:
        return Fit.GPU
    if offload.gpu_layers:
        return Fit.PARTLY
    return Fit.RAM if entry.reads <= FLUENT else Fit.SLOWLY
