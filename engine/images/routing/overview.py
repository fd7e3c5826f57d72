"""The families as `selfsame models` shows them on this machine, and what machines of other sizes would take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from characters.character import StyleRegister
from engine.images.device.hardware import CPU, CUDA, MIB, Card
from engine.images.device.room import GIGABYTE
from engine.images.pipelines.facts import Facts, families
from engine.images.pipelines.port import Precision, Workshop
from engine.images.routing.route import AUTO, Ground, Route, able, choose, ground, need_mib, precision_of
from engine.images.routing.table import Tier, Work, table

# Of a card's bytes, so much shows: the rest is kept by the driver.
_SHOWN = 0.98


@dataclass(frozen=True, slots=True)
class Row:
    """One family on this machine. Sizes in gigabytes."""

    family: str
    title: str
    works: tuple[Work, ...]
    styles: tuple[StyleRegister, ...]
    precision: Precision | None  # None: it cannot be held here
    whole: bool  # False: it comes to the card block by block, and takes longer
    vram: float  # at that precision; the least it takes at all where it cannot be held
    download: float
    licence: str
    terms: str
    accepted: bool
    here: bool
    recommended: bool  # this machine would take it by itself
    note: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a tier of hardware takes for a work in a style, once it is fetched. `route` None: the illustrator."""

    tier: Tier
    work: Work
    style: StyleRegister
    route: Route | None


def rows(workshop: Workshop, card: Card | None) -> tuple[Row, ...]:
    """All families in their order, on this machine. Blocks for milliseconds: it looks for their folders."""
    on = ground(workshop, card)
    taken = recommended(workshop, card)
    return tuple(_row(facts, on, taken) for facts in families().values())


def recommended(workshop: Workshop, card: Card | None) -> tuple[str, ...]:
    """The families that this machine takes by itself if all are here, the most used first."""
    on = Ground(workshop, card, _fetchable)
    works = (Work.SELFIE, Work.INTRODUCTION, Work.SCENERY, Work.COMPANY, Work.SECOND)
    firsts = [_first(work, style, on) for work in works for style in StyleRegister]
    return tuple(dict.fromkeys(route.family for route in firsts if route))


def suggestions(workshop: Workshop) -> Iterator[Suggestion]:
    """For every tier, work and style what would be taken if all were here: the table in docs/images.md."""
    for tier in table().tier:
        device = f"{CUDA}0" if tier.card else CPU
        total = int(tier.card * 2**30 * _SHOWN / MIB)
        card = Card(tier.name, total, total, device) if tier.card else None
        on = Ground(replace(workshop, device=device), card, _fetchable)
        for work in Work:
            for style in StyleRegister:
                yield Suggestion(tier, work, style, _first(work, style, on))


def _first(work: Work, style: StyleRegister, on: Ground) -> Route | None:
    painter = ""
    if work is Work.REPAIR:
        made = _first(Work.SELFIE, style, on)
        painter = made.family if made else ""
    return next(iter(choose(work, style, AUTO, on, painter=painter).routes), None)


def _fetchable(facts: Facts) -> bool:
    """Whether it can be had by fetching it: servers are somebody's own."""
    return bool(facts.repo)


def _row(facts: Facts, on: Ground, taken: tuple[str, ...]) -> Row:
    held = precision_of(facts, on)
    precision = held[0] if held and facts.vram else None
    least = min((need_mib(facts, each, on) for each in facts.vram), default=0)
    mib = need_mib(facts, precision, on) if precision else least
    return Row(
        family=facts.name,
        title=facts.title,
        works=tuple(work for work in Work if able(facts, work) == "" and _listed(facts, work)),
        styles=facts.registers,
        precision=precision,
        whole=bool(held and held[1]),
        vram=round(mib * MIB / GIGABYTE, 1),
        download=facts.gigabytes,
        licence=facts.licence,
        terms=facts.terms,
        accepted=facts.terms != "non-commercial" or facts.name in on.workshop.config.accept,
        here=on.here(facts),
        recommended=facts.name in taken,
        note=facts.note,
    )


def _listed(facts: Facts, work: Work) -> bool:
    """Whether the table of routes takes a family for a work in any style."""
    lists = table().work[work].values()
    return any(facts.name in listed for listed in lists) or work is Work.REPAIR
