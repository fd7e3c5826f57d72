"""How much memory a loaded model needs, how much there is, and who may have it: `warm.py` asks. All in MiB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.images.device.hardware import CPU, MIB, card_of
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Precision, Workshop
from engine.models.lease import Lease, VramLedger
from engine.models.ram import memory

# In the data directory: who uses the cards' memory. The language model (`engine/models/choose.py`) looks there, too.
LEDGER = "gpu"

GIGABYTE = 10**9
# MiB of a card that stay free: the driver's context and what libraries take for themselves. As the language model has it.
CARD_RESERVE = 768
# MiB of main memory that stay free for the bot and the system.
RAM_RESERVE = 1024
# Of what a model needs, so much where its weights come to the card block by block.
OFFLOAD_SHARE = 0.5
# A folder of less than this share of its family's size is another, smaller model, and needs as much less.
OTHER_MODEL = 0.25


@dataclass(frozen=True, slots=True)
class Room:
    """The memory of a device as it is now; what we hold is not free."""

    total: int
    free: int
    reserve: int

    @property
    def usable(self) -> int:
        """What may be used altogether, by us and others."""
        return max(self.total - self.reserve, 0)

    @property
    def left(self) -> int:
        """What may be taken now."""
        return max(self.free - self.reserve, 0)


def look(device: str) -> Room | None:
    """The room of a device; None where nobody can say."""
    if device == CPU:
        total, free = memory()
        return Room(total // MIB, free // MIB, RAM_RESERVE)
    card = card_of(device)
    return Room(card.total_mib, card.free_mib, CARD_RESERVE) if card else None


def need_of(facts: Facts, precision: Precision, folder: Path) -> int:
    """What a family takes while it renders one picture; 0 for servers, and for what is not here."""
    if precision not in facts.vram or not folder.is_dir():
        return 0
    whole = facts.vram[precision] * GIGABYTE / MIB
    share = size_of(folder) / (facts.gigabytes * GIGABYTE) if facts.gigabytes else 1.0
    return max(round(whole * (share if share < OTHER_MODEL else 1.0)), 1)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def gigabytes(mib: int) -> str:
    """For people: "13.0 GB"."""
    return f"{mib * MIB / GIGABYTE:.1f} GB"


@dataclass(slots=True)
class Grant:
    """Memory that a model may take until it is given back."""

    mib: int
    lease: Lease | None = None

    def give_back(self) -> None:
        """Once is enough."""
        if self.lease is not None:
            self.lease.release()


class Budget:
    """What the models of a process may take of their device: the settings' limit, what is free, what is leased."""

    def __init__(self, workshop: Workshop, room: Callable[[], Room | None] | None = None) -> None:
        self._workshop = workshop
        self._room = room or partial(look, workshop.device)
        self._limit = workshop.config.vram_mb
        self._ledger = VramLedger(workshop.data / LEDGER)

    def grant(self, facts: Facts, mib: int, held: int) -> Grant | None:
        """Memory for a model beside what our others hold; None while there is not as much."""
        room, card = self._room(), self._workshop.card
        if (self._limit and held + mib > self._limit) or (room is not None and mib > room.left):
            return None
        if not card or room is None:
            return Grant(mib)
        lease = self._ledger.take(f"picture model {facts.title}", {card: mib}, {card: room.usable})
        return Grant(mib, lease) if lease else None

    def hopeless(self, mib: int) -> bool:
        """Whether there will not be as much, whoever goes."""
        room = self._room()
        return bool(self._limit and mib > self._limit) or (room is not None and mib > room.usable)

    def sentence(self, facts: Facts, precision: Precision, mib: int) -> str:
        """Why a model cannot be loaded, and what to do."""
        room, what = self._room(), "main memory" if self._workshop.device == CPU else "the card's memory"
        if self._limit and mib > self._limit:
            there = f"images.vram_mb allows {gigabytes(self._limit)}"
        else:
            there = (
                f"{gigabytes(room.left)} of {gigabytes(room.total)} can be used" if room else "there is less"
            )
        others = sorted({row.purpose for row in self._ledger.rows()} if self._workshop.card else ())
        held = f" (in use by: {', '.join(others)})" if others else ""
        return (
            f"{facts.title} in {precision} needs {gigabytes(mib)} of {what}, and {there}{held}. "
            "Choose a smaller model or precision: selfsame models"
        )
