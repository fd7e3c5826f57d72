"""The closed loop: the `Pipeline` of every model, which `engine/images/worker.py` opens for each family and for "auto".

    asked = order(job, materials)        what kind of picture it is
    routes = self._choice(asked)         which model makes it; none: the illustrator, and why
    take = self._take(...)               rendered from the canon, judged, its face repaired and judged again
    best(takes)                          of at most images.takes; the last one by a stronger model, if there is one
    self._finished(best)                 enlarged, with what is honestly to be said of it

A picture of somebody else is never sent: when every take shows one, the person is told and may ask again.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.errors import CancelledError, RefusedError, RenderError, SelfsameError, VramError, WeightsError
from engine.images.device.hardware import CPU
from engine.images.pipelines.facts import families
from engine.images.pipelines.port import NOTHING, Materials, Progress, Rendered, Workshop
from engine.images.routing.route import AUTO, Choice, Route, choose
from engine.images.routing.table import Work
from engine.images.studio import words
from engine.images.studio.easel import Easel, together
from engine.images.studio.finish import finished
from engine.images.studio.mend import mended, swapped
from engine.images.studio.plan import Order, canvas, order
from engine.images.studio.ports import Ports
from engine.images.studio.takes import Take, best, enough, verdict_of
from engine.images.studio.told import Onlooker, Onlookers, Told
from engine.types import Making, PictureJob, PicturePurpose, Verdict

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

ILLUSTRATOR = "illustrator"
# Of the progress: where takes end and the enlarging begins.
_MADE = 0.9
# Of what is left of the progress, the share of each take: most pictures need one.
_PER_TAKE = 0.6
# Of a take: where its rendering ends, and where its first verdict is there.
_RENDERED, _JUDGED = 0.7, 0.75
# Steps up to which a family is quick enough for a portrait that follows typing.
QUICK_STEPS = 10


class UnlikeError(SelfsameError):
    """The picture did not come out: it showed somebody else, so it was not sent. Ask again for another try."""


class Studio:
    """Makes pictures with models, and says honestly what came of it. One thread uses it."""

    def __init__(self, name: str, workshop: Workshop, ports: Ports) -> None:
        self._name, self._workshop, self._ports = name, workshop, ports
        self._config = workshop.config

    @property
    def name(self) -> str:
        """The family, or "auto"."""
        return self._name

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        """The picture of a job; the same job gives the same bytes. Raises UnlikeError, RefusedError, RenderError."""
        asked, told = order(job, materials), Told(progress)
        choice = self._choice(asked)
        if self._is_sketch(job, choice):
            return self._drawn(asked, told, "")
        sentence = choice.sentence
        for route in choice.routes:
            try:
                return self._made(asked, route, told)
            except (WeightsError, VramError) as error:
                sentence = sentence or error.sentence
        return self._drawn(asked, told, sentence)

    def key(self, job: PictureJob, materials: Materials = NOTHING) -> Hashable | None:
        """What jobs have in common that can be rendered as one batch; None for those that cannot."""
        asked = order(job, materials)
        choice = self._choice(asked)
        route = next(iter(choice.routes), None)
        if route is None or not route.facts.batch or self._is_sketch(job, choice):
            return None
        first = canvas(asked, route, self._workshop)
        like = replace(first, prompt="", negative="", seed=0, references=())
        return route.family, route.precision, like, len(first.references)

    def render_many(
        self, orders: Sequence[tuple[PictureJob, Progress, Materials]]
    ) -> list[Rendered | Exception]:
        """Pictures of jobs with the same key, or why one did not come out: the first takes in one batch.

        Each is then judged, repaired and finished by itself. Raises nothing of a single picture.
        """
        asked = [order(job, materials) for job, _, materials in orders]
        told = [Told(progress) for _, progress, _ in orders]
        batch = self._batch(asked, told)
        ends: list[Rendered | Exception] = []
        for number, (job, progress, materials) in enumerate(orders):
            try:
                if batch is None:
                    ends.append(self.render(job, progress, materials))
                else:
                    ends.append(self._made(asked[number], batch.route, told[number], batch.first(number)))
            except Exception as error:  # noqa: BLE001 - one's failure is not the others'; the worker knows them all
                ends.append(error)
        return ends

    # ------------------------------------------------------------ routes

    def _choice(self, asked: Order, work: Work | None = None, painter: str = "") -> Choice:
        job = asked.job
        name = job.pipeline if job.pipeline in (AUTO, *families()) else self._name
        return choose(work or asked.work, job.persona.style, name, self._ports.ground(), painter=painter)

    def _is_sketch(self, job: PictureJob, choice: Choice) -> bool:
        """Whether a portrait that follows typing is drawn: only quick models on a card can follow."""
        if job.purpose is not PicturePurpose.PREVIEW or not job.draft_id:
            return False
        quick = choice.routes and choice.routes[0].facts.steps <= QUICK_STEPS
        return not quick or self._workshop.device == CPU

    def _drawn(self, asked: Order, told: Told, reason: str) -> Rendered:
        """The illustrator's picture, and why it is not a model's. Raises RefusedError for a scene without anybody."""
        if asked.work is Work.SCENERY:
            raise RefusedError(f"Places without anybody are made by picture models only. {reason}".strip())
        drawn = self._ports.illustrator.render(asked.job, told, asked.materials)
        making = Making(family=ILLUSTRATOR, note=words.drawn(reason)) if reason else None
        return replace(drawn, pipeline=ILLUSTRATOR, making=making)

    # ------------------------------------------------------------ the loop

    def _made(self, asked: Order, route: Route, told: Told, first: Image | None = None) -> Rendered:
        """Takes until one is right, or the best of them. `first`: what a batch has rendered for the first."""
        most = self._config.takes if self._config.verify and asked.recognisable else 1
        takes: list[Take] = []
        while not takes or not enough(takes, most):
            number = len(takes)
            left = (1.0 - _PER_TAKE) ** number
            stretch = told.part(_MADE * (1.0 - left), _MADE * (1.0 - left * (1.0 - _PER_TAKE)))
            try:
                takes.append(self._next(asked, route, stretch, number, most, first if number == 0 else None))
            except RenderError as error:
                if not takes or best(takes).verdict is Verdict.OTHER:
                    raise
                log.warning("The best of %d takes is sent, another one failed: %s", number, error.sentence)
                break
        take = best(takes)
        if self._config.swap:
            take = swapped(asked, take, self._ports, told.part(_MADE, _MADE))
        if take.verdict is Verdict.OTHER:
            raise UnlikeError(words.unlike(asked.job.persona, len(takes)))
        return finished(asked, take, len(takes), self._ports, self._config, told.part(_MADE, 1.0))

    def _next(
        self, asked: Order, route: Route, told: Told, number: int, most: int, first: Image | None
    ) -> Take:
        """The next take; the last one of several by a stronger model, where there is one."""
        stronger = self._choice(asked, Work.SECOND).routes if 0 < number == most - 1 else ()
        for other in stronger[:1]:
            try:
                return self._take(asked, other, told, number, most)
            except (WeightsError, VramError) as error:
                log.warning("The last take is made by the same model: %s", error.sentence)
        return self._take(asked, route, told, number, most, first)

    def _take(
        self, asked: Order, route: Route, told: Told, number: int, most: int, first: Image | None = None
    ) -> Take:
        """Rendered from the canon, judged, and where that may help its face repaired and judged again."""
        sheet = canvas(asked, route, self._workshop, take=number)
        easel = Easel(self._ports.renderers, asked.materials)
        say = words.painting(number, most)
        told(0.0 if first is None else _RENDERED, say)
        watch = Onlooker(told.part(0.0, _RENDERED), say, previews=self._config.previews)
        image = first or easel.paint(route, sheet, watch)
        take = Take(image.convert("RGB"), sheet, route)
        if not self._config.verify or not asked.recognisable:
            return take
        told(_RENDERED, words.verifying(asked.job.persona))
        judge = self._ports.judge(asked.job.persona.style)
        take = replace(take, judgement=verdict_of(judge, asked, take.image))
        if not take.mendable:
            return take
        menders = self._choice(asked, Work.REPAIR, painter=route.family).routes
        by = menders[0] if menders else route
        return mended(asked, take, by, number, easel, self._ports, self._workshop, told.part(_JUDGED, 1.0))

    # ------------------------------------------------------------ batches

    def _batch(self, asked: Sequence[Order], told: Sequence[Told]) -> _Batch | None:
        """The first takes of several jobs, rendered at once; None where each is better made by itself."""
        keys = {self.key(one.job, one.materials) for one in asked}
        if len(asked) < 2 or len(keys) > 1 or None in keys:
            return None
        route = self._choice(asked[0]).routes[0]
        sheets = [
            (Easel(self._ports.renderers, one.materials), canvas(one, route, self._workshop)) for one in asked
        ]
        part = _MADE * _PER_TAKE * _RENDERED
        watch = Onlookers(
            [Onlooker(one.part(0.0, part), words.painting(0, 1), previews=False) for one in told]
        )
        try:
            images = together(self._ports.renderers, route, sheets, watch)
            return _Batch(route, images, frozenset(watch.gone))
        except (RenderError, CancelledError) as error:
            log.info("A batch of %d is rendered one by one: %s", len(asked), error.sentence)
            return None


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pictures that were rendered at once, and which of them are not wanted any more."""

    route: Route
    images: list[Image]
    gone: frozenset[int]

    def first(self, number: int) -> Image:
        """The first take of a job. Raises CancelledError if it is not wanted."""
        if number in self.gone:
            raise CancelledError
        return self.images[number]


def open_studio(name: str, workshop: Workshop) -> Studio:
    """The studio with its real parts; models are loaded once they are needed."""
    from engine.images.studio.parts import real_ports

    return Studio(name, workshop, real_ports(workshop))
