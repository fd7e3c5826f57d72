"""Opens the chat model that the settings name. `engine/build.py` calls `open_model`.

Whatever is wrong with a model – its file, the memory, a library that is not installed, a server that is away – costs
a sentence in the log and in the model's name, and never the product: the storyteller answers instead.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from engine.config import EngineConfig, LlmConfig
from engine.errors import ModelError
from engine.models.catalogue import hub_name
from engine.models.gguf import ModelFacts, must_be_adapter, read_facts
from engine.models.gpu import GPU_RESERVE, MIB, Offload, Wish, plan_offload
from engine.models.lease import VramLedger
from engine.models.llama.library import MISSING
from engine.models.machine import Device, Machine, look_around
from engine.models.port import ChatModel
from engine.models.standin import StandIn
from engine.models.storyteller import Storyteller


class OpenLlama(Protocol):
    """`engine/models/llama/chat.py: open_llama`, which is only there with its extra."""

    def __call__(
        self, config: LlmConfig, path: Path, *, parked: Path | None, gpu_layers: int, kv_tokens: int
    ) -> AbstractAsyncContextManager[ChatModel]: ...


log = logging.getLogger(__name__)

# In the data directory: models that were fetched, what conversations that rest have read, who uses the GPU.
MODELS, PARKED, LEDGER = "models", "parked", "gpu"
# Seconds that another process of ours may take to let go of the GPU, e.g. the Selfsame that is being restarted.
LEASE_PATIENCE = 20.0
MB = 10**6


@asynccontextmanager
async def open_model(config: EngineConfig, data: Path) -> AsyncGenerator[ChatModel]:
    """The chat model of the settings, ready to answer; the storyteller if it cannot be had."""
    storyteller = Storyteller(config.chat.pace_ms / 1000)
    if config.chat.model == "storyteller":
        yield storyteller
        return
    async with AsyncExitStack() as stack:
        yield await _opened(stack, config, data, storyteller)


async def _opened(
    stack: AsyncExitStack, config: EngineConfig, data: Path, storyteller: Storyteller
) -> ChatModel:
    try:
        if config.chat.model == "llama":
            model = await stack.enter_async_context(_llama(config.llm, data))
        else:
            model = await stack.enter_async_context(_servers(config))
    except ModelError as error:
        log.warning("The storyteller answers instead: %s", error.sentence)
        storyteller.name = f"storyteller ({_wanted(config)} could not be loaded)"
        return storyteller
    return StandIn(model, storyteller)


def _wanted(config: EngineConfig) -> str:
    """What the settings name, as short as people know it."""
    if config.chat.model == "server":
        return config.server.model or "the server's model"
    return Path(config.llm.model).name or "a model without a name"


@asynccontextmanager
async def _servers(config: EngineConfig) -> AsyncIterator[ChatModel]:
    from engine.models.openai import open_servers  # the client is an extra

    async with open_servers(config.server) as servers:
        log.info("%s is ready.", servers.name)
        yield servers


@asynccontextmanager
async def _llama(config: LlmConfig, data: Path) -> AsyncIterator[ChatModel]:
    """A GGUF file in this process, with its lease of the GPU. Raises ModelError."""
    ledger = VramLedger(data / LEDGER)
    laid = await asyncio.to_thread(lay_out_model, config, data, ledger)
    open_llama = await asyncio.to_thread(_engine)
    began = time.monotonic()
    log.info("Loading %s …", laid.said)
    async with AsyncExitStack() as stack:
        await _lease(stack, ledger, laid)
        model = await stack.enter_async_context(
            open_llama(
                _at_home(config),
                laid.path,
                parked=data / PARKED if config.park_disk_mb else None,
                gpu_layers=laid.offload.gpu_layers,
                kv_tokens=laid.offload.kv_tokens,
            )
        )
        log.info("%s is ready after %.1f s.", model.name, time.monotonic() - began)
        yield model


def _at_home(config: LlmConfig) -> LlmConfig:
    """The settings with the adapter's whole path, where it begins with ~."""
    if not config.adapter:
        return config
    return config.model_copy(update={"adapter": str(Path(config.adapter).expanduser())})


def _engine() -> OpenLlama:
    """What opens a GGUF file. Raises ModelError where the extra is not installed."""
    try:
        from engine.models.llama.chat import open_llama
    except ImportError as error:
        raise ModelError(MISSING) from error
    return open_llama


@dataclass(frozen=True, slots=True)
class Laid:
    """A model's file and where it goes."""

    path: Path
    facts: ModelFacts
    offload: Offload
    machine: Machine

    @property
    def said(self) -> str:
        """In words, e.g. "Qwen3 8B Q4_K_M (36 of 37 layers on the GPU, room for 32,768 tokens)"."""
        where = (
            f"{self.offload.gpu_layers} of {self.facts.layers + 1} layers on the GPU, "
            if self.offload.gpu_layers
            else ""
        )
        return f"{self.facts.title} ({where}room for {self.offload.kv_tokens:,} tokens)"

    @property
    def lease(self) -> dict[str, int]:
        """MiB that it takes on each GPU; llama.cpp spreads layers by what is free."""
        free = self.machine.vram_free or 1
        return {
            device.name: self.offload.gpu_bytes * device.free // free // MIB
            for device in self.machine.devices
            if self.offload.gpu_layers
        }


def lay_out_model(config: LlmConfig, data: Path, ledger: VramLedger | None = None) -> Laid:
    """Find the model of the settings and plan where it goes; nothing is loaded. Blocks. Raises ModelError."""
    path = find_model(config.model, data / MODELS)
    facts = read_facts(path)
    if config.adapter:
        must_be_adapter(Path(config.adapter).expanduser(), facts)
    machine = look_around()
    if ledger and machine.devices:
        machine = _left_by_others(machine, ledger)
    return Laid(path, facts, plan_offload(facts, wish(config), machine), machine)


def wish(config: LlmConfig) -> Wish:
    """What the settings ask of a plan."""
    return Wish(
        context_tokens=config.context_tokens,
        slots=config.slots,
        gpu_layers=config.gpu_layers,
        kv_tokens=config.kv_tokens,
        kv_type=config.kv_type,
        park_ram=config.park_ram_mb * MB,
    )


def _left_by_others(machine: Machine, ledger: VramLedger) -> Machine:
    """What others of our processes were promised counts as taken, also where they have not taken it yet."""
    promised = ledger.promised()

    def left(device: Device) -> Device:
        return replace(
            device, free=max(min(device.free, device.total - promised.get(device.name, 0) * MIB), 0)
        )

    return replace(machine, devices=tuple(left(device) for device in machine.devices))


async def _lease(stack: AsyncExitStack, ledger: VramLedger, laid: Laid) -> None:
    """Hold the GPU's memory for as long as the model is open. Raises ModelError."""
    if not laid.offload.gpu_layers:
        return
    capacity = {device.name: (device.total - GPU_RESERVE) // MIB for device in laid.machine.devices}
    lease = await ledger.acquire("language model", laid.lease, capacity, wait_s=LEASE_PATIENCE)
    if lease is None:
        others = ", ".join(sorted({row.purpose for row in ledger.rows()}))
        raise ModelError(
            f"The GPU's memory is promised to others ({others}). Close them, or give llm.gpu_layers a lower number."
        )
    stack.callback(lease.release)


def find_model(name: str, folder: Path) -> Path:
    """The file that `llm.model` names: a path, a name in the folder of models or of the catalogue. Raises ModelError."""
    if not name:
        raise ModelError(
            "llm.model is empty. Name a GGUF file there, or fetch one: selfsame models pull chat"
        )
    given, name = name, hub_name(name)
    for path in (Path(name).expanduser(), folder / name):
        if path.is_file():
            return path
        if path.is_dir():
            raise ModelError(f"{path} is a folder. Write the .gguf file in it as llm.model.")
    found = sorted(folder.rglob(Path(name).name)) if "/" not in name else []
    if len(found) == 1:
        return found[0]
    if found:
        several = " and ".join(str(path.relative_to(folder)) for path in found)
        raise ModelError(f"{name} is there more than once: {several}. Write the one you mean as llm.model.")
    if name.count("/") >= 2 and name.endswith(".gguf") and not Path(name).is_absolute():
        how = given if given != name else f"--from {name}"
        raise ModelError(f"{given} is not here yet. Fetch it: selfsame models pull chat {how}")
    raise ModelError(f"There is no model {name}, and none of that name in {folder}. See: selfsame models")
