"""What the engine's thread is told to do: `chat.py` says it from the event loop, `loop.py` obeys before its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.models.llama.job import Job
from engine.models.llama.model import Tokens


@dataclass(frozen=True, slots=True)
class Submit:
    """Begin a job."""

    job: Job


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody wants a job's reply any more."""

    job: Job


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase conversations; `done` is told which could not be."""

    conversations: frozenset[str]
    done: Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Orphans:
    """Erase the stems that none of these pasts, and nobody here, stands on; `done` is told which could not be."""

    parked: Sequence[Tokens]
    done: Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Close:
    """End everything."""


Command = Submit | Cancel | Forget | Orphans | Close
