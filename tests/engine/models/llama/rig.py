"""The engine without its thread: tests take its steps themselves, so that everything happens in a known order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from engine.errors import ModelError
from engine.models.llama.cache import Cache
from engine.models.llama.commands import Cancel, Submit
from engine.models.llama.context import Context, Outcome, Shape
from engine.models.llama.job import Item, Job, Order, Place
from engine.models.llama.loop import Loop
from engine.models.llama.metrics import Metrics
from engine.models.llama.model import Model, Tokens
from engine.models.llama.shelf import Shelf
from engine.models.port import Finish, Priority, Sampling
from engine.models.text import RawWords

GREEDY = Sampling(temperature=0, repeat_penalty=1)
ROOM = 1 << 30


@dataclass(eq=False)
class Asked:
    """One reply, and what came of it."""

    job: Job
    items: list[Item] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(item for item in self.items if isinstance(item, str))

    @property
    def reply(self) -> list[int]:
        return self.job.reply

    @property
    def finish(self) -> Finish:
        last = self.items[-1]
        assert isinstance(last, Finish), last
        return last

    @property
    def error(self) -> ModelError:
        last = self.items[-1]
        assert isinstance(last, ModelError), last
        return last

    @property
    def places(self) -> list[int]:
        return [item.number for item in self.items if isinstance(item, Place)]

    @property
    def held(self) -> list[int]:
        """What of it is in the context at its end: all but a last token that nobody needed any more."""
        tokens = [*self.job.order.tokens.tolist(), *self.reply]
        return tokens if self.job.next is None else tokens[:-1]


class Rig:
    """A model, its context, its cache and the loop over them."""

    def __init__(
        self,
        path: Path,
        *,
        cells: int = 2048,
        slots: int = 8,
        parked: Path | None = None,
        ram: int = ROOM,
        idle_cells: int = ROOM,
        counted_cells: int = 0,
        batch: int = 0,
    ) -> None:
        self.model = Model(path)
        shape = Shape(cells=cells, slots=slots, threads=1, kv_type="f32", flash="off")
        self.context = Context(self.model, shape)
        if batch:
            self.context.batch.size = batch
        self.shelf = Shelf(parked, scope="test", ram_bytes=ram, disk_bytes=ROOM)
        self.metrics = Metrics()
        self.cache = Cache(self.context, self.shelf, self.metrics, idle_cells=idle_cells, cells=counted_cells)
        self.now = 0.0
        self._jobs: list[Job] = []
        self.loop = Loop(
            self.model,
            self.context,
            self.cache,
            self.metrics,
            self._hand_out,
            slots=slots,
            clock=lambda: self.now,
        )

    @staticmethod
    def _hand_out(items: Sequence[tuple[Job, Item]]) -> None:
        for job, item in items:
            job.deliver(item)

    def ask(
        self,
        tokens: Sequence[int],
        *,
        shared: int = 0,
        steady: int = 0,
        conversation: str = "",
        most: int = 6,
        sampling: Sampling = GREEDY,
        priority: Priority = Priority.REPLY,
        deadline: float = 1e9,
        stops: tuple[str, ...] = (),
    ) -> Asked:
        order = Order(
            tokens=np.array(tokens, np.int32),
            shared=shared,
            steady=steady,
            most=most,
            sampling=replace(sampling, stops=stops),
            conversation=conversation,
            priority=priority,
            asked=self.now,
            deadline=deadline,
        )
        items: list[Item] = []
        asked = Asked(Job(order, items.append, RawWords(stops)), items)
        self._jobs = [*(job for job in self._jobs if not job.ended), asked.job]
        assert self.loop.tell(Submit(asked.job))
        return asked

    def cancel(self, asked: Asked) -> None:
        self.loop.tell(Cancel(asked.job))

    def step(self, count: int = 1) -> None:
        for _ in range(count):
            # The loop would wait for a command if there were nothing to do.
            if any(not job.ended for job in self._jobs):
                self.loop.step()

    def run(self, *asked: Asked) -> None:
        """Take steps until these replies have ended."""
        for _ in range(10_000):
            if all(one.job.ended for one in asked):
                return
            self.loop.step()
        raise AssertionError("it never ends")

    def say(self, tokens: Sequence[int], **how: object) -> Asked:
        asked = self.ask(tokens, **how)  # type: ignore[arg-type]
        self.run(asked)
        return asked

    def close(self) -> None:
        """Park everything, as at the end of the process."""
        self.cache.park_all()
        self.shelf.close()
        self.context.close()
        self.model.close()


class Alone:
    """The reference: one sequence in a context of its own, the likeliest token each time."""

    def __init__(self, path: Path) -> None:
        self.model = Model(path)
        self.context = Context(self.model, Shape(cells=4096, slots=1, threads=1, kv_type="f32", flash="off"))
        self._known: dict[tuple[int, ...], list[int]] = {}

    def reply(self, tokens: Sequence[int], most: int) -> list[int]:
        key = (*tokens, most)
        if key not in self._known:
            self._known[key] = self._reply(np.array(tokens, np.int32), most)
        return self._known[key]

    def _reply(self, tokens: Tokens, most: int) -> list[int]:
        self.context.clear()
        written: list[int] = []
        place = 0
        while len(written) < most:
            for start in range(0, len(tokens), self.context.batch.size):
                part = tokens[start : start + self.context.batch.size]
                self.context.batch.clear()
                row = self.context.batch.add(part, 0, place, wanted=True)
                assert self.context.decode() is Outcome.DONE
                place += len(part)
            token = int(np.argmax(self.context.logits(row)))
            if self.model.is_end(token):
                break
            written.append(token)
            tokens = np.array([token], np.int32)
        return written

    def close(self) -> None:
        self.context.close()
        self.model.close()
