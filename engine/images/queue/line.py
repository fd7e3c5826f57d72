"""The line between the bot and its worker process: one word a line, both ways.

`supervisor.py` holds one end, `engine/images/worker.py` the other (its stdin and stdout). If the line is cut,
the other side is gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig, StyleSettings
from engine.store.db import Synchronous


class Word(StrEnum):
    """What is said on the line."""

    RING = "ring"  # to the worker: there may be something to claim or to cancel
    READY = "ready"  # from the worker: warm, and claiming from now on
    ALIVE = "alive"  # from the worker: a sign of life
    CHANGED = "changed"  # from the worker: a job changed; a sign of life too


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """All that a worker is told at its start. `name` marks its leases."""

    name: str
    data: Path
    settings: dict[str, Any] = field(default_factory=dict)  # of ImagesConfig, checked by the bot
    comfyui: ComfyConfig = field(default_factory=ComfyConfig)
    image_server: ImageServerConfig = field(default_factory=ImageServerConfig)
    device: str = "cpu"  # as the settings call it; of a card the process sees nothing else
    synchronous: Synchronous = "FULL"
    blocked_phrases: tuple[str, ...] = ()  # the operator's, for the gate of the finished picture
    pipelines: dict[str, str] = field(default_factory=dict)  # more of them by name: "module:Class"
    families: dict[str, str] = field(
        default_factory=dict
    )  # instead of the models of these names: "module:Class"

    @property
    def images(self) -> ImagesConfig:
        """The settings, taken as they are: they were checked when the bot read them."""
        styles = {style: StyleSettings(**keys) for style, keys in self.settings.get("styles", {}).items()}
        # JSON has no tuples.
        lists = {name: tuple(keys) for name, keys in self.settings.items() if isinstance(keys, list)}
        return ImagesConfig.model_construct(**{**self.settings, **lists, "styles": styles})


_CONFIG: TypeAdapter[WorkerConfig] = TypeAdapter(WorkerConfig)


def write_config(config: WorkerConfig) -> bytes:
    """The first line to a worker. It goes through a pipe, so it may hold secrets, which nothing else ever shows."""
    told = _CONFIG.dump_python(config, mode="json")
    told["image_server"]["api_key"] = config.image_server.api_key.get_secret_value()
    return json.dumps(told).encode() + b"\n"


def read_config(line: bytes) -> WorkerConfig:
    """The config of a first line."""
    return _CONFIG.validate_json(line)


def write_word(word: Word) -> bytes:
    """A word as a line."""
    return f"{word}\n".encode()
