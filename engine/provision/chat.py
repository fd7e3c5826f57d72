"""Language models as people set them up: what is here, what this machine can run, fetching one, whether it works.

`bot/models/chat.py` and `bot/doctor.py` call it. Nothing here loads a model; all but `examine` block.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.config import EngineConfig, LlmConfig
from engine.errors import InputError, ModelError
from engine.models.catalogue import Fit as Fit
from engine.models.catalogue import Prospect as Prospect
from engine.models.catalogue import find_entry, prospects, recommend
from engine.models.choose import MODELS, find_model, lay_out_model, wish
from engine.models.download import Progress as Progress
from engine.models.download import fetch, source
from engine.models.gguf import NEWER, PART, ModelFacts, read_facts
from engine.models.gpu import Offload as Offload
from engine.models.gpu import plan_offload
from engine.models.machine import INSTALL_LLM as INSTALL_LLM
from engine.models.machine import Machine, llama_is_here, look_around
from engine.provision.remark import HUB, Remark, disk_free


@dataclass(frozen=True, slots=True)
class Here:
    """A file in the folder of models. `facts` and `least` are None where it cannot be read, or does not fit."""

    name: str  # what is written as llm.model
    size: int
    facts: ModelFacts | None
    least: Offload | None  # with room for one full conversation
    trouble: str = ""
    configured: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to choose from."""

    configured: str
    machine: Machine
    disk_free: int
    extra: bool  # whether llama.cpp is installed
    here: tuple[Here, ...]
    prospects: tuple[Prospect, ...]
    recommended: Prospect | None


def survey(config: EngineConfig, data: Path) -> Survey:
    """Look at the settings, the folder of models and this machine."""
    machine = look_around()
    found = prospects(machine, wish(config.llm))
    free = disk_free(data)
    return Survey(
        configured=_configured(config),
        machine=machine,
        disk_free=free,
        extra=llama_is_here(),
        here=tuple(_here(config, data / MODELS, machine)),
        prospects=found,
        recommended=recommend(found, free),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that is to be fetched."""

    name: str  # on the hub; what is written as llm.model
    title: str
    licence: str
    page: str


def choose(seen: Survey, name: str, *, accepted: bool) -> Choice:
    """The named model of the catalogue, or the recommended one. Raises InputError."""
    if not name and seen.recommended is None:
        raise InputError(
            "No model of the catalogue runs well here beside everything else. See: selfsame models – and docs/models.md "
            "for servers on other machines."
        )
    entry = find_entry(name) if name else seen.recommended.entry  # type: ignore[union-attr]
    page = f"{HUB}/{entry.repo}"
    if entry.terms != "open" and not accepted:
        what = (
            "may not be used commercially"
            if entry.terms == "non-commercial"
            else "comes with terms of its own"
        )
        raise InputError(
            f"{entry.title} {what}: {entry.licence}. Read it at {page}, and add --accept-licence if you accept it."
        )
    return Choice(
        entry.hub_name, f"{entry.title} {entry.quant} ({entry.gigabytes:.1f} GB)", entry.licence, page
    )


def choose_from(name: str) -> Choice:
    """Any other file of the hub. Raises InputError."""
    wanted = source(name)
    return Choice(wanted.name, wanted.file, "the licence on its page", f"{HUB}/{wanted.repo}")


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that is here now."""

    path: Path
    facts: ModelFacts
    already: bool


def pull(choice: Choice, data: Path, progress: Progress) -> Pulled:
    """Fetch it; what was interrupted goes on. Raises ModelError."""
    files = fetch(source(choice.name), data / MODELS, progress)
    return Pulled(files[0].path, read_facts(files[0].path), all(file.already for file in files))


async def examine(config: EngineConfig, data: Path) -> tuple[Remark, ...]:
    """Whether the chat model of the settings will work, without loading it."""
    if config.chat.model == "storyteller":
        return (Remark(True, "Chat model", "The built-in storyteller. Language models: selfsame models"),)
    try:
        if config.chat.model == "llama":
            return await asyncio.to_thread(_examine_llama, config.llm, data)
        return await _examine_servers(config)
    except ModelError as error:
        return (Remark(False, "Chat model", f"The storyteller answers instead: {error.sentence}"),)


def _examine_llama(config: LlmConfig, data: Path) -> tuple[Remark, ...]:
    """The file, whether it fits, whether llama.cpp knows it. Raises ModelError."""
    laid = lay_out_model(config, data)
    if not llama_is_here():
        raise ModelError(f"{laid.facts.title} is here, but llama.cpp is not. {INSTALL_LLM}")
    _must_be_known(laid.path, laid.facts)
    remarks = [Remark(True, "Chat model", f"{laid.said}, {laid.facts.licence or 'licence not named'}.")]
    if not laid.facts.template:
        remarks.append(
            Remark(
                None, "Chat template", f"{laid.path.name} brings none, so ChatML is used. Is it a chat model?"
            )
        )
    return (*remarks, _gpu(laid.machine, laid.offload, laid.facts))


def _gpu(machine: Machine, offload: Offload, facts: ModelFacts) -> Remark:
    if not machine.devices:
        return Remark(
            None, "GPU", "llama.cpp sees none. If there is one: docs/models.md says how to build for it."
        )
    seen = ", ".join(
        f"{one.title} ({one.free / 1e9:.1f} of {one.total / 1e9:.1f} GB free)" for one in machine.devices
    )
    return Remark(True, "GPU", f"{seen}; {offload.gpu_layers} of {facts.layers + 1} layers go there.")


def _must_be_known(path: Path, facts: ModelFacts) -> None:
    """Let llama.cpp read the header and the vocabulary, not the weights. Raises ModelError."""
    from engine.models.llama.library import library  # llama.cpp is an extra

    lib = library()
    params = lib.api.llama_model_default_params()
    params.vocab_only = True
    lib.complaints()
    model = lib.api.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        raise ModelError(f"{path.name} cannot be read: {_complaint(lib.complaints(), facts)}. {NEWER}")
    lib.api.llama_model_free(model)


def _complaint(said: str, facts: ModelFacts) -> str:
    """Why llama.cpp refused a file, without its own prefixes."""
    if "unknown model architecture" in said:
        return f"this llama.cpp does not know models of the kind “{facts.architecture}”"
    first = next(iter(said.splitlines()), "")
    return first.removeprefix("llama_model_load: ").removesuffix(".") or "llama.cpp does not say why"


async def _examine_servers(config: EngineConfig) -> tuple[Remark, ...]:
    """What each server says of itself. Raises ModelError."""
    from engine.models.openai import check_servers  # the client is an extra

    return tuple(
        Remark(False, "Chat server", report.trouble)
        if report.trouble
        else Remark(
            True,
            "Chat server",
            f"{report.url}: {report.model} on {report.software}, {report.context_tokens:,} tokens of context.",
        )
        for report in await check_servers(config.server)
    )


def _configured(config: EngineConfig) -> str:
    if config.chat.model == "llama":
        return config.llm.model or "llama, without llm.model"
    if config.chat.model == "server":
        return f"{config.server.model or 'the first model'} on {', '.join(config.server.urls) or 'no server'}"
    return "storyteller (built in)"


def _here(config: EngineConfig, folder: Path, machine: Machine) -> Iterator[Here]:
    """The models in the folder, each by its first part."""
    chosen = _chosen(config, folder)
    for path in sorted(folder.rglob("*.gguf")):
        part = PART.search(path.name)
        if path.name.startswith(".") or (part and int(part[1]) > 1):
            continue
        name = path.relative_to(folder).as_posix()
        configured = chosen is not None and chosen.samefile(path)
        try:
            facts = read_facts(path)
        except ModelError as error:
            yield Here(name, path.stat().st_size, None, None, error.sentence, configured)
            continue
        try:
            least = plan_offload(facts, replace(wish(config.llm), slots=1), machine)
        except ModelError as error:
            yield Here(name, facts.file_bytes, facts, None, error.sentence, configured)
            continue
        yield Here(name, facts.file_bytes, facts, least, "", configured)


def _chosen(config: EngineConfig, folder: Path) -> Path | None:
    """The file that the settings name, if it is there."""
    if config.chat.model != "llama":
        return None
    try:
        return find_model(config.llm.model, folder)
    except ModelError:
        return None
