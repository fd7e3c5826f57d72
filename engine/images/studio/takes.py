"""Takes of one picture: how each was judged, which is the best, and when no further one is needed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from engine.errors import RenderError
from engine.images.device.ladder import RestartNeeded, Trouble, attempt
from engine.images.identity.port import Judge, Judgement
from engine.images.pipelines.port import Canvas
from engine.images.routing.route import Route
from engine.images.studio.plan import Order
from engine.types import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

T = TypeVar("T")

# From the best on.
_RANK = {Verdict.SAME: 3, Verdict.NEAR: 2, Verdict.UNKNOWN: 1, Verdict.OTHER: 0}
# Takes until a picture in which no face can be found is taken as it is: somebody may well look away in it.
FACELESS = 2
NO_MEMORY = "Memory ran out while it was looked at."


@dataclass(frozen=True, slots=True)
class Take:
    """One try: the picture, what it was asked for with, and what the judge said. None: nobody was to judge."""

    image: Image
    canvas: Canvas
    route: Route
    judgement: Judgement | None = None
    repairs: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What the judge said."""
        return self.judgement.verdict if self.judgement else None

    @property
    def judged(self) -> bool:
        """Whether there was anybody who can judge."""
        return self.judgement is not None and self.judgement.measure != ""

    @property
    def rank(self) -> tuple[int, bool, float]:
        """The higher, the better: it is her, it is no copy, it is like her."""
        if self.judgement is None:
            return (3, True, 0.0)
        return (_RANK[self.judgement.verdict], not self.judgement.copied, self.judgement.score)

    @property
    def settled(self) -> bool:
        """Whether no further take would be better."""
        if not self.judged or self.judgement is None:
            return True
        return self.judgement.verdict is Verdict.SAME and not self.judgement.copied

    @property
    def mendable(self) -> bool:
        """Whether a repair of the face may help: it is nearly her, or too small to be known."""
        found = self.judgement
        return (
            found is not None and found.face is not None and found.verdict in (Verdict.NEAR, Verdict.UNKNOWN)
        )


def enough(takes: list[Take], most: int) -> bool:
    """Whether the best of these is to be taken."""
    last = takes[-1]
    if last.settled or len(takes) >= most:
        return True
    faceless = [take for take in takes if take.verdict is Verdict.UNKNOWN and not take.mendable]
    return len(faceless) >= FACELESS


def best(takes: list[Take]) -> Take:
    """The best; of equals the first."""
    return max(takes, key=lambda take: take.rank)


def verdict_of(judge: Judge, asked: Order, image: Image) -> Judgement:
    """What the judge says. UNKNOWN when memory runs out twice: the picture is worth more than its verdict."""
    call = partial(judge.judge, image, asked.materials, same_pose=asked.same_pose)
    found = survived(call) or survived(call)
    return found or Judgement(Verdict.UNKNOWN, measure=judge.measure, reason=NO_MEMORY)


def survived(call: Callable[[], T]) -> T | None:
    """What a call gives; None where memory ran out. Raises RestartNeeded when the card failed, and what it raises."""
    outcome = attempt(call)
    if isinstance(outcome, Trouble):
        if outcome is Trouble.FAULT:
            raise RestartNeeded(outcome)
        return None
    return outcome


def tried(what: str, call: Callable[[], T]) -> T | None:
    """What a call gives; None where it could not be done: the picture is worth more than what it was to be spared."""
    try:
        return survived(call)
    except RenderError as error:
        log.warning("A picture is sent without %s: %s", what, error.sentence)
        return None


def rejudged(take: Take, image: Image, by: tuple[str, ...], judgement: Judgement) -> Take:
    """The take with its face painted anew, if that is better; otherwise as it was."""
    mended = replace(take, image=image, judgement=judgement, repairs=(*take.repairs, *by))
    return mended if by and mended.rank >= take.rank else take
