"""Repairs of a take: the face painted anew, or put in, and judged again. What does not make it better is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image

from engine.images.pipelines.port import Workshop
from engine.images.routing.route import Route
from engine.images.studio import words
from engine.images.studio.easel import Easel
from engine.images.studio.plan import Order, near
from engine.images.studio.ports import Ports, Repaired
from engine.images.studio.takes import Take, rejudged, tried, verdict_of
from engine.images.studio.told import Onlooker, Told
from engine.types import ReferenceRole, Verdict

# Of a repair's progress: where the verdict begins.
_PAINTED = 0.9


def mended(
    asked: Order,
    take: Take,
    by: Route,
    number: int,
    easel: Easel,
    ports: Ports,
    workshop: Workshop,
    told: Told,
) -> Take:
    """The take with its face painted anew by a route's model, if that is better. Raises CancelledError."""
    found = take.judgement
    if found is None or found.face is None:
        return take
    sheet = near(asked, by, workshop, take=number)
    told(0.0, words.MENDING)
    watch = Onlooker(told.part(0.0, _PAINTED), words.MENDING, previews=False)
    call = partial(
        ports.repairer.repair,
        take.image,
        found.face,
        sheet,
        easel.mend(by, sheet, watch),
        by.facts,
        told.part(0.0, _PAINTED),
    )
    return _judged_again(asked, take, "a repair", call, ports, told)


def swapped(asked: Order, take: Take, ports: Ports, told: Told) -> Take:
    """The take with the canonical face put in, if it is not her and that makes it so. Raises CancelledError."""
    found = take.judgement
    canon = next((each for each in asked.materials.own if each.role is ReferenceRole.HEADSHOT), None)
    if (
        canon is None
        or found is None
        or found.face is None
        or found.verdict not in (Verdict.NEAR, Verdict.OTHER)
    ):
        return take
    told(0.0, words.SWAPPING)
    face = found.face

    def call() -> Repaired:
        with Image.open(canon.path) as picture:
            return ports.repairer.swap(take.image, face, picture.convert("RGB"), told)

    return _judged_again(asked, take, "a swap", call, ports, told)


def _judged_again(
    asked: Order, take: Take, what: str, call: Callable[[], Repaired], ports: Ports, told: Told
) -> Take:
    repaired = tried(what, call)
    if repaired is None or not repaired.by:
        return take
    told(_PAINTED, words.verifying(asked.job.persona))
    image = repaired.image.convert("RGB")
    judgement = verdict_of(ports.judge(asked.job.persona.style), asked, image)
    return rejudged(take, image, repaired.by, judgement)
