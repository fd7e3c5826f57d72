"""How long things may take with a server; tests pass shorter ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    connect: float = 5.0  # to reach a server; one that is there takes milliseconds
    look: float = 10.0  # for each small question
    well: float = 30.0  # between two looks at a server that is well
    ill: float = 5.0  # … at one that is not
    knock: float = 1.0  # a reply that finds no server waits for a new look
    first_rest: float = 0.5  # after a first failure; each further one doubles it
    longest_rest: float = 30.0
    counts: float = 2.0  # for the counts that follow the last word
    silence: float | None = None  # without a byte; None: server.timeout_seconds
