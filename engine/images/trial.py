"""Loads a picture model as the worker does, in a process of its own, and says whether it could.

`selfsame models verify --load` calls `attempt`. The process is spawned: nothing of torch gets into the caller, and one that
the system ends, because memory ran out, takes nothing with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import SelfsameError, VramError
from engine.images.device.hardware import Card, card_of, environment, inside
from engine.images.extra import INSTALL_IMAGES, absent
from engine.images.pipelines.port import Relief, Workshop

if TYPE_CHECKING:
    from engine.images.pipelines.facts import Facts
    from engine.images.pipelines.port import Family, Precision


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be loaded: a family by its name, or some files of a small model. `folder`: where they lie."""

    folder: Path
    family: str = ""
    files: tuple[str, ...] = ()


def attempt(trial: Trial, workshop: Workshop) -> str:
    """Load it. Returns why that is not possible, in a sentence; "" if it is. Blocks for as long as loading takes."""
    if absent():
        return f"It cannot be loaded before {', '.join(absent())} is installed. {INSTALL_IMAGES}"
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, trial, workshop), daemon=True)
    process.start()
    theirs.close()
    try:
        said = str(ours.recv())
    except EOFError:  # it ended without a word
        process.join()
        return _gone(process.exitcode)
    finally:
        ours.close()
    process.join()
    return said


def _gone(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "The system ended the process that loaded it: this machine has too little memory for it."
    return f"The process that loaded it ended with {code}. Its last words are above."


def _child(line: Connection, trial: Trial, workshop: Workshop) -> None:
    os.environ.update(environment(workshop.device, os.environ))
    os.environ["HF_HUB_OFFLINE"] = "1"
    card = card_of(workshop.device)
    try:
        _load(trial, replace(workshop, device=inside(workshop.device)), card)
    except SelfsameError as error:
        line.send(error.sentence)
    except Exception as error:  # noqa: BLE001 – whatever a library raises is the answer to the question
        line.send(f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
    else:
        line.send("")


def _load(trial: Trial, workshop: Workshop, card: Card | None) -> None:
    if trial.family:
        _load_family(trial, workshop, card)
        return
    for file in trial.files:
        _read(trial.folder / file, workshop.device)


def _load_family(trial: Trial, workshop: Workshop, card: Card | None) -> None:
    from engine.images.device.warm import FAMILIES
    from engine.images.pipelines.facts import facts_of

    precision, relief = _held(facts_of(trial.family), workshop, card)
    module, _, attribute = FAMILIES[trial.family].partition(":")
    family: Family = getattr(import_module(module), attribute)()
    family.load(trial.folder, replace(workshop, relief=relief), precision).close()


def _held(facts: Facts, workshop: Workshop, card: Card | None) -> tuple[Precision, Relief]:
    """As the worker would hold it: whole, or block by block. Raises VramError."""
    from engine.images.routing.route import ground, precision_of

    held = precision_of(facts, ground(workshop, card))
    if held is None:
        raise VramError(f"{facts.title} needs more memory than this machine has, in every precision.")
    precision, whole = held
    return precision, Relief.NONE if whole else Relief.OFFLOAD


def _read(path: Path, device: str) -> None:
    """A file of a small model, as those read it that use it."""
    if path.suffix == ".onnx":
        from engine.images.identity.eye import session

        session(path, device)
    elif path.suffix == ".safetensors":
        from safetensors import safe_open

        with safe_open(path, framework="pt") as weights:
            for name in weights.keys():  # noqa: SIM118 – it is no dictionary
                weights.get_tensor(name)
    elif path.suffix == ".bin":
        import torch

        torch.load(path, map_location="cpu", weights_only=True)
