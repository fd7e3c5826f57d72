"""From a job and its route to a canvas: words, references, size, sampler, theme, seeds. `studio.py` calls `canvas`."""

from __future__ import annotations

import hashlib
import logging
import math
from dataclasses import dataclass, replace
from pathlib import Path

from characters.character import Expression
from engine.config import StyleSettings
from engine.errors import InputError
from engine.images.manners import manner_of
from engine.images.pipelines.diffusion.samplers import choose
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Adapter, Canvas, Materials, Reference, Workshop
from engine.images.prompt import close_up, write
from engine.images.references import chosen
from engine.images.routing.route import Route
from engine.images.routing.table import Work, work_of
from engine.types import Framing, PictureJob, ReferenceRole

log = logging.getLogger(__name__)

# Seeds fit into 32 bits, which every pipeline's generator takes.
SEED_BYTES = 4
# In the data directory: themes.
LORAS = "loras"
# Roles that show the character; the others show places and things.
SHOWING = (ReferenceRole.HEADSHOT, ReferenceRole.EXPRESSION, ReferenceRole.ANGLE)


@dataclass(frozen=True, slots=True)
class Order:
    """A job with what it is made from, and what kind of picture that makes it."""

    job: PictureJob
    materials: Materials
    work: Work

    @property
    def same_pose(self) -> bool:
        """Whether pose and expression are those of the canonical headshot."""
        shot = self.job.shot
        plain = shot.framing is Framing.CLOSE_UP and shot.expression is Expression.NEUTRAL
        return plain and not shot.action

    @property
    def recognisable(self) -> bool:
        """Whether there is somebody in it, and a canonical picture to know her by."""
        return self.work not in (Work.SCENERY, Work.INTRODUCTION)


def order(job: PictureJob, materials: Materials) -> Order:
    """A job as an order."""
    canon = any(each.role is ReferenceRole.HEADSHOT for each in materials.own)
    return Order(job, materials, work_of(job, canon=canon))


def canvas(asked: Order, route: Route, workshop: Workshop, *, take: int = 0) -> Canvas:
    """What the model of a route is asked for; each take has a seed of its own. Raises RefusedError for a minor."""
    job, facts = asked.job, route.facts
    references = _references(asked, facts)
    own = settings(asked, facts, workshop)
    words = write(job, facts.name, references, negative=own.negative)
    width, height = render_size(job, facts)
    return Canvas(
        prompt=words.prompt,
        seed=seed(job.seed, "take", take),
        width=width,
        height=height,
        steps=own.steps or facts.steps,
        guidance=own.guidance if own.guidance >= 0 else facts.guidance,
        sampler=_sampler(own.sampler, facts),
        negative=words.negative if facts.negative else "",
        references=references,
        adapters=_themes(own, workshop.data),
    )


def _sampler(name: str, facts: Facts) -> str:
    """The settings' sampler where it fits the family, which may not be the one that they were written for."""
    if not facts.samplers:
        return ""
    try:
        return choose(name, facts).name
    except InputError as error:
        log.warning("images.styles: %s", error.sentence)
        return facts.samplers[0]


def near(asked: Order, route: Route, workshop: Workshop, *, take: int = 0) -> Canvas:
    """What a close-up of the face in that picture is asked for with: places and things are not in it."""
    facts = route.facts
    whole = canvas(asked, route, workshop, take=take)
    mine = tuple(each for each in _references(asked, facts) if each.role in SHOWING)
    edits = facts.patch and manner_of(facts.name).naming != ""
    if edits:  # the crop takes the place of a reference
        mine = mine[: max(facts.references - 1, 1)]
    side = max(whole.width, whole.height)
    return replace(
        whole,
        prompt=close_up(asked.job, facts.name, mine, edits=edits),
        seed=seed(asked.job.seed, "face", take + 1),
        width=side,
        height=side,
        references=mine,
    )


def render_size(job: PictureJob, facts: Facts) -> tuple[int, int]:
    """Width and height that a model renders a job in: at most what it was made for, in whole multiples."""
    scale = min(1.0, math.sqrt(facts.size**2 / (job.width * job.height)))
    multiple = max(facts.multiple, 1)
    width, height = (
        max(math.ceil(side * scale / multiple), 1) * multiple for side in (job.width, job.height)
    )
    return width, height


def seed(base: int, what: str, number: int) -> int:
    """The job's own seed for its first take; others follow from it, always the same."""
    if number == 0:
        return base
    digest = hashlib.sha256(f"{base}:{what}:{number}".encode()).digest()
    return int.from_bytes(digest[:SEED_BYTES], "big")


def settings(asked: Order, facts: Facts, workshop: Workshop) -> StyleSettings:
    """What the settings say of the style, if it is said of this family."""
    own = workshop.config.styles.get(asked.job.persona.style.value)
    return own if own and own.family in ("", facts.name) else StyleSettings()


def _references(asked: Order, facts: Facts) -> tuple[Reference, ...]:
    """() for whoever has no picture yet: then the words describe the face."""
    if asked.work is Work.INTRODUCTION:
        return ()
    return chosen(asked.job.shot, asked.materials.own, facts.references, manner_of(facts.name).roles)


def _themes(own: StyleSettings, data: Path) -> tuple[Adapter, ...]:
    if not own.lora:
        return ()
    path = data / LORAS / own.lora
    if not path.is_file():
        log.warning("The theme %s is not in %s; pictures are made without it.", own.lora, data / LORAS)
        return ()
    return (Adapter(path, own.lora_scale),)
