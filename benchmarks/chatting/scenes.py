"""What is played, round by round, every side after the other: who has to read, to write and to wait how long.

Each scene opens its sides once, plays its rounds and yields what each round measured: names of spans, such as
"ours 8" and "server unified 8". `figures.py` makes ratios of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chatting.clock import Neighbours, Time, mean, median
from benchmarks.chatting.locked import open_locked
from benchmarks.chatting.server import KV_MODES, is_address, open_server, slots_of
from benchmarks.chatting.sides import Ask, Heard, Ours, Side, open_ours
from benchmarks.chatting.words import Writer, prompt
from engine.config import LlmConfig
from engine.models.port import Prompt, PromptTurn

Round = dict[str, Time]

# Seconds between two looks at the event loop: as often as a page that streams would.
LOOK_AGAIN = 0.005


@dataclass(frozen=True, slots=True)
class Size:
    """How much is said in the scenes, in tokens, and how often they are played."""

    rounds: int
    counts: tuple[int, ...]  # of conversations at once
    said: int  # what a person says, with what the template writes around it
    reply: int
    persona: int
    newcomers: int  # in the burst
    regulars: int  # who come back
    visits: int  # how often each of them
    told: int  # what each of them says, with what the template writes around it
    history: int  # of the deep conversation
    long: int  # what the long newcomer brings
    talkers: int  # who write while it is read in
    settle: int  # pieces of each talker until the newcomer comes


FULL = Size(3, (1, 8), 50, 128, 1000, 8, 12, 3, 80, 3000, 4000, 4, 40)
QUICK = Size(2, (1, 8), 80, 24, 300, 8, 12, 3, 80, 900, 1000, 4, 20)
GPU = Size(3, (1, 8, 32), 50, 128, 1000, 8, 12, 3, 80, 3000, 4000, 8, 80)

# Conversations that come back are answered at so few places at once.
FEW_SLOTS = 4
# Tokens of a reply where not writing but reading is measured; people who come back get as few, and are answered with
# as many that are written down, as where the aim comes from (reference/llm.md: 4,700 tokens at the least).
SHORT, BRIEF = 32, 16
# One alone is soon answered, so often in each round: the machine's own pace changes by more than the sides differ.
PLAYS_ALONE = 5
# What is written around a persona and what is said, in tokens, when room is made for it.
TRIMMINGS = 120


@dataclass(frozen=True, slots=True)
class Stage:
    """What all scenes need: the model, its way of reading, and the peers."""

    config: LlmConfig
    size: Size
    writer: Writer
    ids: Callable[[Prompt], tuple[int, ...]]
    never: tuple[int, ...]  # tokens that would end a reply
    around: int  # tokens that the template writes around what a person says
    server: str = ""  # llama-server's binary or address
    gpu_layers: int = 0
    locked: bool = True

    def ask(self, who: str, persona: str, turns: Sequence[PromptTurn], tokens: int) -> Ask:
        """A reply to be asked of any side."""
        written = prompt(persona, turns)
        return Ask(who, written, self.ids(written), tokens)

    def said(self) -> PromptTurn:
        """What a person says."""
        return self.writer.said(max(self.size.said - self.around, 1))

    def room(self, slots: int, kv_tokens: int, context_tokens: int, **more: int) -> LlmConfig:
        """The settings of a scene."""
        update = {"slots": slots, "kv_tokens": kv_tokens, "context_tokens": context_tokens, **more}
        return self.config.model_copy(update=update)


# ---------------------------------------------------------------- the sides of a scene


@asynccontextmanager
async def open_sides(
    stage: Stage, config: LlmConfig, *, locked: bool = False
) -> AsyncIterator[dict[str, Side]]:
    """Ours and the peers that there are, by the names that spans bear."""
    async with AsyncExitStack() as stack:
        sides: dict[str, Side] = {}
        sides["ours"] = await stack.enter_async_context(
            open_ours(config, stage.never, gpu_layers=stage.gpu_layers)
        )
        if locked and stage.locked:
            sides["lock"] = await stack.enter_async_context(open_locked(config, stage.gpu_layers))
        for mode in await _modes(stage, config.slots):
            sides[f"server {mode}"] = await stack.enter_async_context(
                open_server(stage.server, config, config.slots, mode, stage.gpu_layers)
            )
        yield sides


async def _modes(stage: Stage, slots: int) -> tuple[str, ...]:
    """The KV modes to compare with; a server that runs elsewhere has its own, and has to have as many slots."""
    if not stage.server:
        return ()
    if not is_address(stage.server):
        return tuple(KV_MODES)
    return ("there",) if await slots_of(stage.server) == slots else ()


def _fastest(sides: dict[str, Side], played: Round, measure: str) -> dict[str, Side]:
    """The sides without the slower of llama-server's KV modes, so that later rounds need not play it."""
    servers = [name for name in sides if name.startswith("server")]
    best = min(servers, key=lambda name: played[f"{name} {measure}"].wall, default="")
    return {name: side for name, side in sides.items() if name not in servers or name == best}


def _turned(sides: dict[str, Side], number: int) -> list[tuple[str, Side]]:
    """Everybody is first at some time."""
    order = list(sides.items())
    return order[number % len(order) :] + order[: number % len(order)]


def neighbours(sides: dict[str, Side]) -> Neighbours:
    """Watches what others take of the machine while these play."""
    clocks = {id(side.now): side.now for side in sides.values()}
    return Neighbours(clocks.values())


# ---------------------------------------------------------------- scene 1: everybody talks


async def talk(stage: Stage) -> AsyncIterator[Round]:
    """So many conversations at once, each asks one thing.

    "NAME COUNT" is the time until all have their reply, "… first" the mean until its first words, "… token" that for
    one token while all of them are written to, "… lag" the event loop's.
    """
    size = stage.size
    most = max(size.counts)
    each = 2 * size.said + size.reply + TRIMMINGS
    async with open_sides(stage, stage.room(most, most * each, max(512, each)), locked=True) as sides:
        for number in range(size.rounds):
            plays: dict[str, list[Time]] = {}
            watch = neighbours(sides)
            for count in size.counts:
                for again in range(PLAYS_ALONE if count == 1 else 1):
                    asks = [_newcomer(stage, f"talk-{number}-{count}-{again}-{one}") for one in range(count)]
                    for name, side in _turned(sides, number + again):
                        answered = await _all_at_once(side, asks)
                        spans = {"": answered.whole, " first": answered.first, " lag": answered.lag}
                        if answered.token:
                            spans[" token"] = answered.token
                        for what, span in spans.items():
                            plays.setdefault(f"{name} {count}{what}", []).append(span)
            played = {name: median(spans) for name, spans in plays.items()}
            played["others"] = Time(watch.share(), watch.share())
            sides = _fastest(sides, played, str(most))
            yield played


def _newcomer(stage: Stage, who: str) -> Ask:
    return stage.ask(who, "", (stage.said(),), stage.size.reply)


@dataclass(frozen=True, slots=True)
class Answered:
    """How long it took to answer some people who asked at the same time."""

    whole: Time  # until all had their reply
    first: Time  # until they had their first words, on average
    token: Time | None  # for each token while all were written to; None where they never were
    lag: Time  # of the event loop meanwhile, p99


async def _all_at_once(side: Side, asks: list[Ask]) -> Answered:
    lags: list[float] = []
    watching = asyncio.create_task(_watch(lags))
    began = side.now()
    try:
        heard = await asyncio.gather(*(side.reply(ask) for ask in asks))
        whole = side.now() - began
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert all(one.tokens == ask.tokens for one, ask in zip(heard, asks, strict=True)), side.name
    # A tiny model may have answered before the first look.
    lag = sorted(lags)[int(len(lags) * 0.99)] if lags else 0.0
    return Answered(whole, mean([one.first for one in heard]), _per_token(heard), Time(lag, lag))


def _per_token(heard: list[Heard]) -> Time | None:
    """From when the last one begins to when the first one ends: nobody reads, all are written to."""
    began = max((one.pieces[0] for one in heard), key=lambda moment: moment.wall)
    ended = min((one.pieces[-1] for one in heard), key=lambda moment: moment.wall)
    pieces = sum(began.wall < piece.wall <= ended.wall for one in heard for piece in one.pieces)
    if ended.wall <= began.wall or not pieces:
        return None
    span = ended - began
    return Time(span.wall / pieces, span.cpu / pieces)


async def _watch(lags: list[float]) -> None:
    """How much later than asked the event loop comes back, in seconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(LOOK_AGAIN)
        lags.append(time.perf_counter() - began - LOOK_AGAIN)


# ---------------------------------------------------------------- scene 2: a burst of new people


async def burst(stage: Stage) -> AsyncIterator[Round]:
    """New people come at once to a character with whom somebody has talked before."""
    size = stage.size
    each = size.persona + size.said + SHORT + TRIMMINGS
    config = stage.room(size.newcomers, (size.newcomers + 1) * each, max(512, each))
    async with open_sides(stage, config) as sides:
        for number in range(size.rounds):
            persona = stage.writer.text(size.persona)
            host = stage.ask(f"host-{number}", persona, (stage.said(),), 1)
            asks = [
                stage.ask(f"burst-{number}-{one}", persona, (stage.said(),), SHORT)
                for one in range(size.newcomers)
            ]
            played: Round = {}
            watch = neighbours(sides)
            for name, side in _turned(sides, number):
                await side.reply(host)
                answered = await _all_at_once(side, asks)
                played |= {f"{name} first": answered.first, f"{name} whole": answered.whole}
            played["others"] = Time(watch.share(), watch.share())
            sides = _fastest(sides, played, "whole")
            yield played


# ---------------------------------------------------------------- scene 3: people who come back


@dataclass(frozen=True, slots=True)
class Visit:
    """One turn of one of the people."""

    person: int
    turn: int


async def coming_back(stage: Stage) -> AsyncIterator[Round]:
    """More people than places, and each comes several times: "NAME reply" is the time per reply."""
    size = stage.size
    each = size.persona + size.visits * (size.told + SHORT + TRIMMINGS)
    config = stage.room(FEW_SLOTS, FEW_SLOTS * each, max(512, each))
    async with open_sides(stage, config) as sides:
        for number in range(size.rounds):
            visits = _visits(size, number)
            asks = _lines(stage, number)
            played: Round = {}
            watch = neighbours(sides)
            for name, side in _turned(sides, number):
                began = side.now()
                await _queue_up(side, visits, asks)
                spent = side.now() - began
                played[f"{name} reply"] = Time(spent.wall / len(visits), spent.cpu / len(visits))
            played["others"] = Time(watch.share(), watch.share())
            sides = _fastest(sides, played, "reply")
            yield played


def _visits(size: Size, seed: int) -> list[Visit]:
    """Who comes when: all of them in any order, and then all again, since each lives on meanwhile.

    So llama-server reads about as much as where the aim comes from (reference/llm.md: 14,300 tokens).
    """
    order = random.Random(seed)
    return [
        Visit(person, turn)
        for turn in range(size.visits)
        for person in order.sample(range(size.regulars), size.regulars)
    ]


def _lines(stage: Stage, number: int) -> dict[Visit, Ask]:
    """What everybody says. The character's earlier lines are written down: they are the same ones on every side."""
    size, writer = stage.size, stage.writer
    persona = writer.text(size.persona)
    asks: dict[Visit, Ask] = {}
    for person in range(size.regulars):
        turns: list[PromptTurn] = []
        for turn in range(size.visits):
            turns.append(writer.said(max(size.told - stage.around, 1)))
            asks[Visit(person, turn)] = stage.ask(f"back-{number}-{person}", persona, turns, BRIEF)
            turns.append(PromptTurn("character", writer.text(SHORT)))
    return asks


async def _queue_up(side: Side, visits: list[Visit], asks: dict[Visit, Ask]) -> None:
    """As many at a time as there are places; who is being answered does not speak meanwhile."""
    left, talking = list(visits), set[int]()

    async def place() -> None:
        while left:
            free = next((visit for visit in left if visit.person not in talking), None)
            if free is None:
                return
            left.remove(free)
            talking.add(free.person)
            await side.reply(asks[free])
            talking.remove(free.person)

    await asyncio.gather(*(place() for _ in range(FEW_SLOTS)))
    while left:
        await place()


# ---------------------------------------------------------------- scene 4: a long conversation, cold, kept, restored


async def deep(stage: Stage, folder: Path) -> AsyncIterator[Round]:
    """The first words in a long conversation: never read before, just left, and after a restart from the disk."""
    size, writer = stage.size, stage.writer
    cells = size.history + 8 * (size.said + TRIMMINGS)
    config = stage.room(2, cells, cells)
    for number in range(size.rounds):
        persona = writer.text(size.persona)
        turns = [*writer.turns(size.history - size.persona - size.said, stage.around), stage.said()]
        who, played = f"deep-{number}", Round()
        async with open_ours(config, stage.never, folder, stage.gpu_layers) as ours:
            watch = neighbours({"ours": ours})
            await _wake(stage, ours)
            played["cold first"] = await _first(stage, ours, who, persona, turns)
            _go_on(stage, turns)
            played["kept first"] = await _first(stage, ours, who, persona, turns)
        await asyncio.to_thread(_out_of_memory, folder)
        async with open_ours(config, stage.never, folder, stage.gpu_layers) as ours:
            await _wake(stage, ours)
            _go_on(stage, turns)
            played["restored first"] = await _first(stage, ours, who, persona, turns)
        played["others"] = Time(watch.share(), watch.share())
        yield played


def _go_on(stage: Stage, turns: list[PromptTurn]) -> None:
    """A short answer and what the person says next: together as many tokens as are said at once elsewhere."""
    answer = stage.size.said // 10
    turns.append(PromptTurn("character", stage.writer.text(answer)))
    turns.append(stage.writer.said(max(stage.size.said - answer - stage.around, 1)))


async def _wake(stage: Stage, ours: Ours) -> None:
    """The first batch after loading pays for pages of the file that are not mapped yet."""
    await ours.reply(stage.ask("", "", (stage.said(),), 1))


async def _first(stage: Stage, ours: Ours, who: str, persona: str, turns: list[PromptTurn]) -> Time:
    heard = await ours.reply(stage.ask(who, persona, turns, 1))
    return heard.first


def _out_of_memory(folder: Path) -> None:
    """Asks the system to forget the parked files' pages, so that they are read from the disk."""
    for path in folder.rglob("*"):
        if path.is_file() and hasattr(os, "posix_fadvise"):
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# ---------------------------------------------------------------- scene 5: a long newcomer among talkers


async def newcomer(stage: Stage) -> AsyncIterator[Round]:
    """The longest wait between two pieces of the others while a long newcomer is read in, and the usual one."""
    size = stage.size
    each = size.persona + size.said + TRIMMINGS + size.long
    config = stage.room(size.talkers + 1, 2 * size.long + size.talkers * each, size.long + each)
    async with open_ours(config, stage.never, gpu_layers=stage.gpu_layers) as ours:
        await _wake(stage, ours)
        for number in range(size.rounds):
            watch = neighbours({"ours": ours})
            played = await _read_in(stage, ours, number)
            played["others"] = Time(watch.share(), watch.share())
            yield played


async def _read_in(stage: Stage, ours: Ours, number: int) -> Round:
    size = stage.size
    persona = stage.writer.text(size.persona)
    asks = [
        stage.ask(f"talker-{number}-{one}", persona, (stage.said(),), size.long)
        for one in range(size.talkers)
    ]
    turns = (*stage.writer.turns(size.long - 2 * size.said, stage.around), stage.said())
    long = stage.ask(f"long-{number}", stage.writer.text(size.said), turns, 1)
    heard = [Heard(ours.now()) for _ in asks]
    talking = [asyncio.create_task(ours.reply(ask, one)) for ask, one in zip(asks, heard, strict=True)]
    try:
        while min(len(one.pieces) for one in heard) < size.settle:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_AGAIN)
        settled, began = max(one.pieces[0].wall for one in heard), time.perf_counter()
        comes = await ours.reply(long)
        ended = time.perf_counter()
    finally:
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
    usual = [gap for one in heard for gap in one.gaps(settled, began)]
    meanwhile = [gap for one in heard for gap in one.gaps(began, ended)]
    return {
        "usual": Time(*(statistics.median(gap.by(clock) for gap in usual) for clock in ("wall", "cpu"))),
        "worst": Time(*(max(gap.by(clock) for gap in meanwhile) for clock in ("wall", "cpu"))),
        "read in": comes.first,
    }
