"""The cards of this machine, which of them render, and what a worker process sees of them.

Asked of the driver through NVML (nvidia-ml-py, in the extra [images]), never through torch: the bot process asks, too.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.config import ImagesConfig
from engine.models.ram import memory

log = logging.getLogger(__name__)

MIB = 2**20
CPU, MPS, CUDA = "cpu", "mps", "cuda:"
VISIBLE, ORDER = "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card, or what of a machine's own memory its GPU may use. Memory in MiB."""

    name: str  # as its maker calls it
    total_mib: int
    free_mib: int
    device: str = ""  # as torch calls it: "cuda:0", "mps"


def cards() -> tuple[Card, ...]:
    """The cards that a process of ours may use, in the order in which torch numbers them. Blocks for milliseconds."""
    if sys.platform == "darwin":
        total, free = memory()
        return (Card("Apple GPU", total // MIB, free // MIB, MPS),) if _apple_silicon() else ()
    return _nvidia(os.environ)


def devices(config: ImagesConfig) -> tuple[str, ...]:
    """The devices that render, one worker process each; "cpu" where there is no card that could."""
    if config.devices:
        return config.devices
    if config.pipeline == "illustrator":
        return (CPU,)
    return tuple(card.device for card in cards()[:1]) or (CPU,)


def card_of(device: str) -> Card | None:
    """The card of a device as it is now; None for the processor, and where nobody knows."""
    return next((card for card in cards() if card.device == device), None)


def ledger_name(device: str) -> str:
    """How the ledger of the cards' memory calls a device: as llama.cpp does. "" for the processor."""
    if device == MPS:
        return "MTL0"
    return f"CUDA{_number(device)}" if device.startswith("cuda") else ""


def environment(device: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What a worker's environment says beside ours, so that it sees its card alone: other cards keep their memory."""
    if not device.startswith("cuda"):
        return {}
    seen, number = _listed(environ), _number(device)
    name = seen[number] if seen and number < len(seen) else str(number)
    return {VISIBLE: name, ORDER: "PCI_BUS_ID"}  # as NVML numbers them, not the fastest first


def inside(device: str) -> str:
    """How a worker calls its device: of the cards it sees the only one."""
    return f"{CUDA}0" if device.startswith("cuda") else device


def _number(device: str) -> int:
    number = device.partition(":")[2]
    return int(number) if number.isdecimal() else 0


def _listed(environ: Mapping[str, str]) -> list[str] | None:
    """The cards that the environment allows, by number or UUID; None: all."""
    if VISIBLE not in environ:
        return None
    return [entry.strip() for entry in environ[VISIBLE].split(",") if entry.strip()]


def _nvidia(environ: Mapping[str, str]) -> tuple[Card, ...]:
    try:
        import pynvml
    except ImportError:
        return ()
    try:
        with _nvml(pynvml):
            return tuple(_cards(pynvml, _listed(environ)))
    except pynvml.NVMLError:  # no driver, or one that says nothing
        return ()


@contextlib.contextmanager
def _nvml(pynvml: Any) -> Iterator[None]:
    pynvml.nvmlInit()
    try:
        yield
    finally:
        pynvml.nvmlShutdown()


def _cards(pynvml: Any, seen: Sequence[str] | None) -> Iterator[Card]:
    names = [str(at) for at in range(pynvml.nvmlDeviceGetCount())] if seen is None else seen
    for number, name in enumerate(names):
        handle = (
            pynvml.nvmlDeviceGetHandleByIndex(int(name))
            if name.isdecimal()
            else pynvml.nvmlDeviceGetHandleByUUID(name)
        )
        held = pynvml.nvmlDeviceGetMemoryInfo(handle)
        title = pynvml.nvmlDeviceGetName(handle)
        title = title.decode() if isinstance(title, bytes) else title
        yield Card(title, held.total // MIB, held.free // MIB, f"{CUDA}{number}")


def _apple_silicon() -> bool:
    import platform

    return platform.machine() == "arm64"
