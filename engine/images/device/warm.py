"""All loaded picture models of a process, kept warm: `Warm` is the `Renderers` that the studio renders with.

    held = self._ready(...)       loaded, or kept since the last picture; the least recently used make room
    held.renderer.render(...)     on the rung of the ladder that the family has come to
    rung = self._below(...)       memory ran out: the next rung, another process, or a sentence

One thread uses it. What is on a card is leased from the ledger that the language model uses, too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from engine.errors import VramError
from engine.images.device.hardware import CPU
from engine.images.device.ladder import (
    RECONSIDER,
    LadderBook,
    RestartNeeded,
    Rung,
    Trouble,
    attempt,
    shrunk,
    sweep,
)
from engine.images.device.room import OFFLOAD_SHARE, Budget, Grant, Room, need_of
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.folders import folder_of
from engine.images.pipelines.port import (
    Canvas,
    Family,
    Hearing,
    Precision,
    Renderer,
    Watch,
    Workshop,
)

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

# Canvases at once, for families that take several.
MOST_TOGETHER = 8

FAMILIES: Mapping[str, str] = {
    "klein": "engine.images.pipelines.klein:Klein",
    "qwen_edit": "engine.images.pipelines.qwen_edit:QwenEdit",
    "sdxl": "engine.images.pipelines.sdxl:Sdxl",
    "z_image": "engine.images.pipelines.z_image:ZImage",
    "kontext": "engine.images.pipelines.kontext:Kontext",
    "comfyui": "engine.images.pipelines.comfyui:ComfyUI",
    "openai_images": "engine.images.pipelines.openai_images:OpenAIImages",
}


@dataclass(slots=True)
class _Held:
    """A loaded model, the memory it may take, and how far down the ladder it is since when."""

    renderer: Renderer
    grant: Grant
    rung: Rung
    since: float
    together: int  # canvases at once
    compiled: set[tuple[int, int, int]] = field(default_factory=set)  # canvases at once, width, height


_Key = tuple[str, Precision]


class Warm:
    """The `Renderers` of one process on one device. `room` tells what memory there is; tests pass their own."""

    def __init__(
        self,
        workshop: Workshop,
        families: Mapping[str, str] = FAMILIES,
        *,
        room: Callable[[], Room | None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._workshop, self._families, self._clock = workshop, families, clock
        self._budget = Budget(workshop, room)
        self._book = LadderBook(workshop.data, workshop.card or workshop.device, clock)
        self._held: dict[_Key, _Held] = {}  # the least recently used first
        self._begun_anew: set[_Key] = set()  # began on an earlier process's rung, and has not rendered since
        self.slow = False  # whether it is at something that tells nothing for minutes; others may look

    @property
    def warm(self) -> tuple[tuple[str, Precision], ...]:
        """What is loaded, the least recently used first."""
        return tuple(self._held)

    def render(
        self, family: str, precision: Precision, canvases: Sequence[Canvas], watch: Watch
    ) -> list[Image]:
        """Load if needed, render, and come down the ladder when memory runs out.

        The pictures may be smaller than their canvases ask for. Raises WeightsError, VramError, what the watch raises,
        and RestartNeeded.
        """
        key = family, precision
        rung = self._start(key)
        while True:
            outcome = attempt(partial(self._try, key, rung, canvases, watch))
            if not isinstance(outcome, Trouble):
                self._begun_anew.discard(key)
                return outcome
            if outcome is Trouble.FAULT:
                raise RestartNeeded(outcome, family, precision)
            log.warning("Memory ran out in rendering with %s (rung %d).", family, rung)
            if not self._unload_others(key) and not self._fewer_at_once(key, len(canvases)):
                rung = self._below(key, rung, canvases)

    def close(self) -> None:
        """Unload all."""
        for key in tuple(self._held):
            self._unload(key)
        sweep()

    # ------------------------------------------------------------ the ladder

    def _start(self, key: _Key) -> Rung:
        """The rung that a family is on; after hours it is tried from the top again."""
        held = self._held.get(key)
        if held is not None and held.rung and self._clock() - held.since > RECONSIDER:
            self._unload(key)
            self._book.forget_rung(*key)
            return Rung.FULL
        if held is not None:
            return held.rung
        rung = self._book.rung(*key)
        if rung:
            self._begun_anew.add(key)
        return rung

    def _fewer_at_once(self, key: _Key, canvases: int) -> bool:
        """Have a batch rendered in halves; whether it was more than one canvas."""
        held = self._held.get(key)
        now = min(held.together, canvases) if held else 1
        if held is None or now == 1:
            return False
        held.together = now // 2
        return True

    def _below(self, key: _Key, rung: Rung, canvases: Sequence[Canvas]) -> Rung:
        """The next rung that may help. Raises RestartNeeded at the end, or VramError where that was tried already."""
        held, facts = self._held.get(key), facts_of(key[0])
        rung = max(rung, held.rung) if held else rung
        for lower in Rung:
            if lower <= rung or (held is None and lower < Rung.OFFLOAD):
                continue
            if shrunk(canvases, lower.share, facts.multiple) is None:
                continue
            if held is None or lower > Rung.OFFLOAD or held.renderer.relieve(lower.relief):
                return lower
        if key in self._begun_anew:
            raise VramError
        raise RestartNeeded(Trouble.MEMORY, *key, rung)

    def _try(self, key: _Key, rung: Rung, canvases: Sequence[Canvas], watch: Watch) -> list[Image]:
        held = self._ready(key, rung, watch)
        if rung > held.rung:
            held.rung, held.since = rung, self._clock()
        asked = shrunk(canvases, held.rung.share, held.renderer.facts.multiple) or list(canvases)
        images: list[Image] = []
        for at in range(0, len(asked), held.together):
            images += self._rendered(held, asked[at : at + held.together], watch)
        return images

    def _rendered(self, held: _Held, canvases: Sequence[Canvas], watch: Watch) -> list[Image]:
        """One batch. A step of a processor, and the first one of a shape that is compiled, take their time."""
        shape = len(canvases), canvases[0].width, canvases[0].height
        with self._slowly(
            self._workshop.device == CPU or (self._workshop.config.compile and shape not in held.compiled)
        ):
            images = held.renderer.render(canvases, watch)
        held.compiled.add(shape)
        return images

    @contextmanager
    def _slowly(self, slow: bool) -> Generator[None]:
        self.slow = slow
        try:
            yield
        finally:
            self.slow = False

    # ------------------------------------------------------------ what is loaded

    def _ready(self, key: _Key, rung: Rung, watch: Watch) -> _Held:
        """The family, loaded. Raises WeightsError, VramError, and what loading meets."""
        if (held := self._held.pop(key, None)) is None:
            held = self._load(key, rung, watch)
        self._held[key] = held
        return held

    def _load(self, key: _Key, rung: Rung, watch: Watch) -> _Held:
        name, precision = key
        facts = facts_of(name)
        workshop = self._workshop
        folder = folder_of(facts, workshop.config, workshop.data)
        need, grant = need_of(facts, precision, folder), Grant(0)
        if need:
            grant, rung = self._make_room(facts, precision, need, rung)
            if isinstance(watch, Hearing):
                watch.say(f"loading {facts.title}")
        began = time.monotonic()
        try:
            with self._slowly(True):
                renderer = self._family(name).load(folder, replace(workshop, relief=rung.relief), precision)
                if rung:
                    renderer.relieve(rung.relief)
        except BaseException:
            grant.give_back()
            raise
        log.info("%s (%s) is loaded after %.1f s.", facts.title, precision, time.monotonic() - began)
        return _Held(renderer, grant, rung, self._clock(), MOST_TOGETHER if facts.batch else 1)

    def _family(self, name: str) -> Family:
        module, _, attribute = self._families[name].partition(":")
        return cast("Family", getattr(import_module(module), attribute)())

    def _unload(self, key: _Key) -> None:
        held = self._held.pop(key)
        log.info("%s (%s) is unloaded.", *key)
        held.renderer.close()
        held.grant.give_back()

    def _unload_others(self, key: _Key) -> bool:
        """Make room for a family by all others that are loaded; whether there were any."""
        others = [other for other in self._held if other != key]
        for other in others:
            self._unload(other)
        if others:
            sweep()
        return bool(others)

    def _make_room(self, facts: Facts, precision: Precision, need: int, rung: Rung) -> tuple[Grant, Rung]:
        """Unload until a model fits; where it cannot fit whole, it is to be loaded offloaded. Raises VramError."""
        ways = []
        if rung < Rung.OFFLOAD or self._workshop.device == CPU:
            ways.append((need, rung))
        if self._workshop.device != CPU:  # where else should its weights be
            ways.append((max(round(need * OFFLOAD_SHARE), 1), max(rung, Rung.OFFLOAD)))
        for mib, lowest in ways:
            while not self._budget.hopeless(mib):
                grant = self._budget.grant(facts, mib, sum(held.grant.mib for held in self._held.values()))
                if grant is not None:
                    return grant, lowest
                if not self._held:
                    break
                self._unload(next(iter(self._held)))
                sweep()
        raise VramError(self._budget.sentence(facts, precision, ways[-1][0]))
