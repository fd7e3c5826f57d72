"""Which model makes a picture: style × work × hardware → family and precision. `studio/` asks for each picture.

wanted = named in the settings, or the table's list      best first
usable = can do it, accepted, here, fits the card        each "no" has its reason
none?    the illustrator, and the first reason in a sentence
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from characters.character import StyleRegister
from engine.images.device.hardware import CPU, MIB, Card
from engine.images.device.room import (
    CARD_RESERVE,
    GIGABYTE,
    OFFLOAD_SHARE,
    RAM_RESERVE,
    gigabytes,
    look,
    need_of,
)
from engine.images.pipelines.facts import Facts, families
from engine.images.pipelines.folders import folder_of, is_here
from engine.images.pipelines.port import Precision, Workshop
from engine.images.routing.table import SAME, Tier, Work, table

AUTO = "auto"
COMFYUI, IMAGE_SERVER = "comfyui", "openai_images"
# A card's name says more than its bytes do: an "8 GB" card has 8 GiB less what the driver keeps.
_ROUNDING = 2**30


@dataclass(frozen=True, slots=True)
class Route:
    """A family that can make the picture, and how exactly its numbers are held. `whole`: it fits as it is."""

    family: str
    precision: Precision
    facts: Facts
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """The routes of a picture, best first; without any, a sentence that says why."""

    routes: tuple[Route, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a route is chosen on: settings, device, its card, and which families are here."""

    workshop: Workshop
    card: Card | None
    here: Callable[[Facts], bool]

    @property
    def usable_mib(self) -> int | None:
        """Memory of the card that models may take; None where nobody knows."""
        limit = self.workshop.config.vram_mb
        if self.card is None:
            return limit or None
        reserve = RAM_RESERVE if self.card.device == CPU else CARD_RESERVE
        usable = max(self.card.total_mib - reserve, 0)
        return min(usable, limit) if limit else usable


def ground(workshop: Workshop, card: Card | None) -> Ground:
    """The ground of this machine. Without a card models render on the processor, in main memory."""
    room = look(CPU) if workshop.device == CPU else None
    if room is not None:
        card = Card("main memory", room.total, room.free, CPU)

    def here(facts: Facts) -> bool:
        if facts.name == COMFYUI:
            return bool(workshop.comfyui.workflow)
        if facts.name == IMAGE_SERVER:
            return bool(workshop.image_server.url)
        return is_here(facts, workshop.config, workshop.data)

    return Ground(workshop, card, here)


def choose(work: Work, style: StyleRegister, asked: str, on: Ground, *, painter: str = "") -> Choice:
    """The routes for a work in a style. `asked`: "auto" or a family; `painter`: who made the picture to repair."""
    wanted, named = _wanted(work, style, asked, on, painter)
    found, reasons = [], []
    for name in wanted:
        route, reason = _usable(families()[name], work, style, on, named=name in named)
        if route:
            found.append(route)
        else:
            reasons.append(reason)
    return Choice(tuple(found), "" if found else _sentence(reasons))


def tier_of(on: Ground) -> Tier:
    """The tier that a machine reaches."""
    tiers = table().tier
    if on.workshop.device == CPU:
        return tiers[0]
    if on.card is None:
        return tiers[-1]  # a card that nobody can measure: what is there is tried
    size = on.card.total_mib * MIB / _ROUNDING
    return [tier for tier in tiers if size >= tier.gigabytes][-1]


def precision_of(facts: Facts, on: Ground) -> tuple[Precision, bool] | None:
    """How exactly a family's numbers are held here, and whether it fits whole; None if it cannot be held at all.

    The settings decide; else the most exact that fits, or else the first that fits block by block.
    """
    if not facts.vram:
        return Precision.FP32, True  # a server's own affair
    kind = on.workshop.device.partition(":")[0]
    able_ = table().precisions.get(kind, ())
    # On a card in the family's own order: its weights come in the first.
    possible = [
        each for each in (able_ if kind == CPU else facts.vram) if each in able_ and each in facts.vram
    ]
    set_ = on.workshop.config.precision
    if set_ != AUTO and Precision(set_) in facts.vram:
        return Precision(set_), _fits(facts, Precision(set_), on, 1.0)
    whole = next((each for each in possible if _fits(facts, each, on, 1.0)), None)
    if whole:
        return whole, True
    if kind == CPU:
        return (possible[-1], False) if possible else None
    part = next((each for each in possible if _fits(facts, each, on, OFFLOAD_SHARE)), None)
    return (part, False) if part else None


def _fits(facts: Facts, precision: Precision, on: Ground, share: float) -> bool:
    usable = on.usable_mib
    return usable is None or need_mib(facts, precision, on) * share <= usable


def need_mib(facts: Facts, precision: Precision, on: Ground) -> int:
    """What a family takes while it renders, in MiB: as it lies here, or as it is known; 0 for a server."""
    folder = folder_of(facts, on.workshop.config, on.workshop.data)
    return need_of(facts, precision, folder) or round(facts.vram.get(precision, 0.0) * GIGABYTE / MIB)


def _wanted(
    work: Work, style: StyleRegister, asked: str, on: Ground, painter: str
) -> tuple[Sequence[str], Sequence[str]]:
    """Families in their order, and those of them that the settings name."""
    own = on.workshop.config.styles.get(style.value)
    named = (own.family if own else "") or ("" if asked == AUTO else asked)
    listed = [painter if name == SAME else name for name in table().work[work][style]]
    listed = [name for name in listed if name in families()]
    if named not in families():
        return list(dict.fromkeys(listed)), ()
    if work is Work.SECOND:
        return (), ()  # the person wants this one, and no other
    if able(families()[named], work) == "":
        return (named,), (named,)
    return [name for name in dict.fromkeys(listed) if name != named], (named,)


def _usable(
    facts: Facts, work: Work, style: StyleRegister, on: Ground, *, named: bool
) -> tuple[Route | None, str]:
    for reason in _objections(facts, work, style, on, named=named):
        if reason:
            return None, reason
    found = precision_of(facts, on)
    if found is None and named:
        least = min(facts.vram, key=lambda each: facts.vram[each])
        found = least, False  # as wished: whoever loads it says what is missing
    if found is None:
        least_mib = min(need_mib(facts, each, on) for each in facts.vram)
        room = gigabytes(on.usable_mib or 0)
        return None, f"{facts.title} needs {gigabytes(least_mib)}, and {room} can be used here"
    return Route(facts.name, found[0], facts, found[1]), ""


def _objections(facts: Facts, work: Work, style: StyleRegister, on: Ground, *, named: bool) -> Iterator[str]:
    """Reasons why a family is not to make a picture, "" for each that does not hold."""
    yield able(facts, work)
    tier = tier_of(on)
    if not named and facts.name not in tier.families:
        yield (
            "there is no graphics card here"
            if on.workshop.device == CPU
            else f"{facts.title} is too large for this card"
        )
    if not named and style not in facts.registers:
        yield f"{facts.title} does not draw in this style"
    if facts.terms == "non-commercial" and facts.name not in on.workshop.config.accept:
        yield f"the licence of {facts.title} ({facts.licence}) is not accepted in images.accept"
    if not on.here(facts):
        yield _absent(facts, on)


def able(facts: Facts, work: Work) -> str:
    """Why a family cannot do a work at all; "" if it can."""
    if work is not Work.SCENERY and not facts.references:
        return f"{facts.title} takes no references, so it never draws a character"
    if work is Work.REPAIR and not facts.patch:
        return f"{facts.title} cannot paint a part of a picture anew"
    if work in (Work.INTRODUCTION, Work.SCENERY) and facts.name in table().needs.references:
        return f"{facts.title} needs a picture to begin with"
    return ""


def _absent(facts: Facts, on: Ground) -> str:
    if facts.name == COMFYUI:
        return "no ComfyUI workflow is named (comfyui.workflow)"
    if facts.name == IMAGE_SERVER:
        return "no picture server is named (image_server.url)"
    if facts.name in on.workshop.config.folders:
        return f"{facts.title} is not in {folder_of(facts, on.workshop.config, on.workshop.data)}"
    return f"{facts.title} is not on this machine yet (selfsame models pull {facts.name})"


def _sentence(reasons: Sequence[str]) -> str:
    """Why no model could be taken, by what would help first."""
    reason = reasons[0] if reasons else "no picture model can make such a picture"
    return f"Drawn by the illustrator: {reason}."
