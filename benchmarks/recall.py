"""`selfsame bench recall --data FILE`: whether what was said months ago comes to mind when it is asked for.

The file has long talks with questions and the turns that answer them, in LoCoMo's format. Each talk is stored by the
product's own store, one speaker as the person, the other as the character, with the dates of its sessions; what a
picture shows stands behind the words, as in the product. Each question of the categories 1 to 4 is asked through the
very call that a chat turn makes (`Memory.earlier`).

Counted are distinct single turns in the order of their rank: recall@k is the share of a question's evidence turns among
the first k, recall@512tok among those that `pack` puts into 512 tokens as lines of a prompt; both are the mean over all
questions that have evidence. Every talk is asked twice, alone in a database and beside all others: `identical` says
whether the ranks are the same.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.crowd import crowd_ms
from characters.character import Persona
from engine.config import MemoryConfig
from engine.errors import InputError, ModelError
from engine.memory.embed.choose import find_files, open_meanings
from engine.memory.ranking.pack import pack
from engine.memory.recall import EARLIER_TOKENS, Memory
from engine.models.background import Background
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Message, Role

if TYPE_CHECKING:
    from engine.memory.embed.meanings import Meanings

DEPTHS = (5, 10, 20)
CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop"}
# Messages whose meanings are read at a time.
PIECE = 256
# By what is found without an embedding model.
WORDS = "words alone"
# Where a fetched embedding model is, as the command line has it.
MODELS_IN = Path("data")
# Time between two turns of a session: the files only tell when a session began.
BETWEEN_TURNS = timedelta(seconds=30)
# When the questions are asked, after the last turn.
ASKED_AFTER = timedelta(days=1)
# What is aimed at: with the embedding model, and with words alone.
AIMS = {"recall@10": (0.86, 0.74), "recall@512tok": (0.86, 0.74), "multi-hop": (0.62, None)}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a talk in a file."""

    id: str
    speaker: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a talk, with the ids of the turns that answer it."""

    text: str
    category: int
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One talk of a file."""

    person: str
    character: str
    turns: Sequence[Turn]
    questions: Sequence[Asked]


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids of the turns that came to mind, the likeliest first, and of those that fit into a prompt."""

    ranked: Sequence[str]
    packed: Sequence[str]
    ms: float


@dataclass
class Loaded:
    """A talk in the store."""

    told: Told
    conversation: Conversation
    ids: Mapping[str, str]  # from a message's id to its turn's


@dataclass
class SetClock:
    """A clock that is set by hand."""

    now: datetime = field(default_factory=lambda: datetime(2020, 1, 1, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


async def run(
    *,
    quick: bool = False,
    data: str = "",
    no_vectors: bool = False,
    embedding_model: str = "",
    scale: int = 0,
) -> dict[str, Any]:
    """Measure. `scale`: also the time of a question over 10,000 messages beside so many of other people."""
    if not data:
        raise InputError("Which file? Write: selfsame bench recall --data FILE (talks in LoCoMo's format)")
    told = await asyncio.to_thread(read, Path(data))
    model = MemoryConfig(embeddings="off" if no_vectors else "auto", embedding_model=embedding_model)
    together = await _ask_all(told, model)
    retrieval = _retrieval(model)
    result = {"retrieval": retrieval, "vectors": not retrieval.startswith(WORDS), **figures(told, together)}
    if not quick:
        alone = [(await _ask_all([one], model))[0] for one in told]
        result["identical"] = [_ranks(one) for one in together] == [_ranks(one) for one in alone]
    if scale:
        result |= await crowd_ms(told, scale)
    return result


def _retrieval(model: MemoryConfig) -> str:
    """By what is found."""
    if model.embeddings == "off":
        return WORDS
    try:
        return f"words, and meanings by {find_files(model, MODELS_IN).name}"
    except ModelError as error:
        if model.embedding_model:
            raise
        return f"{WORDS}: {error.sentence}"


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    rows = [f"{result['questions']} questions, {result['retrieval']}"]
    side = int(not result["vectors"])
    for key in ("recall@5", "recall@10", "recall@20", "recall@512tok", "mrr", *CATEGORIES.values()):
        aim = AIMS.get(key, (None, None))[side]
        rows.append(f"  {key:<16} {result[key]:.3f}" + (f"   (aim: {aim})" if aim else ""))
    rows.append(f"  median {result['median_ms']:.1f} ms, p99 {result['p99_ms']:.1f} ms a question")
    if "identical" in result:
        rows.append(f"  the same beside others as alone: {'yes' if result['identical'] else 'NO'}")
    if "crowd_median_ms" in result:
        rows.append(
            f"  10,000 messages beside {result['others']:,} of others: median {result['crowd_median_ms']:.1f} ms (aim: 10), "
            f"p99 {result['crowd_p99_ms']:.1f} ms (aim: 40); adding one {result['add_median_ms']:.1f} ms (aim: 5)"
        )
    return "\n".join(rows)


# ---------------------------------------------------------------- the file


def read(path: Path) -> list[Told]:
    """The talks of a file. Raises InputError."""
    try:
        return [_told(one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read as talks in LoCoMo's format: {error}") from error


def _told(one: Mapping[str, Any]) -> Told:
    talk = one["conversation"]
    turns = list(_turns(talk))
    known = {turn.id for turn in turns}
    questions = [
        Asked(asked["question"], asked["category"], frozenset(evidence))
        for asked in one["qa"]
        # Some evidence names turns that are not there, or several in one string.
        if asked["category"] in CATEGORIES
        and (evidence := known & {id_ for said in asked["evidence"] for id_ in re.findall(r"D\d+:\d+", said)})
    ]
    return Told(talk["speaker_a"], talk["speaker_b"], turns, questions)


def _turns(talk: Mapping[str, Any]) -> Iterator[Turn]:
    numbers = sorted(int(key.split("_")[1]) for key in talk if re.fullmatch(r"session_\d+", key))
    for number in numbers:
        began = datetime.strptime(talk[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y").replace(
            tzinfo=UTC
        )
        for place, turn in enumerate(talk[f"session_{number}"]):
            shown = f" [{turn['blip_caption']}]" if turn.get("blip_caption") else ""
            yield Turn(turn["dia_id"], turn["speaker"], turn["text"] + shown, began + place * BETWEEN_TURNS)


# ---------------------------------------------------------------- asking


async def _ask_all(told: Sequence[Told], model: MemoryConfig) -> list[list[Answer]]:
    clock = SetClock()
    async with _open(clock, model) as (store, memory, meanings):
        loaded = [await load(store, clock, one) for one in told]
        if meanings is not None:
            for one in loaded:
                await _read_all(meanings, one)
        return [[await _ask(memory, clock, one, asked) for asked in one.told.questions] for one in loaded]


@asynccontextmanager
async def _open(
    clock: SetClock, model: MemoryConfig
) -> AsyncGenerator[tuple[Store, Memory, Meanings | None]]:
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        store = await Store.open(Path(folder), clock=clock, synchronous="NORMAL")
        meanings = open_meanings(model, MODELS_IN, store, Background())
        try:
            yield store, Memory(store, clock, semantics=meanings), meanings
        finally:
            if meanings is not None:
                meanings.close()
            await store.close()


async def _read_all(meanings: Meanings, loaded: Loaded) -> None:
    """What the background would do: a piece at a time, the last of which finds nothing."""
    for _ in range(len(loaded.told.turns) // PIECE + 2):
        await meanings.read(loaded.conversation.id)


async def load(store: Store, clock: SetClock, told: Told) -> Loaded:
    """Store a talk as if it had been held here."""
    clock.now = told.turns[0].at - BETWEEN_TURNS
    person = await store.people.ensure("bench", f"{told.person} and {told.character}", told.person)
    character = await store.characters.ensure_shipped(told.character.lower(), Persona(name=told.character))
    conversation = await store.conversations.open(person.id, character.id, PRIVATE_PLACE)
    ids = {}
    for turn in told.turns:
        clock.now = turn.at
        role = Role.PERSON if turn.speaker == told.person else Role.CHARACTER
        message = await store.conversations.append(conversation.id, role, turn.text)
        ids[message.id] = turn.id
    return Loaded(told, conversation, ids)


async def _ask(memory: Memory, clock: SetClock, loaded: Loaded, asked: Asked) -> Answer:
    clock.now = loaded.told.turns[-1].at + ASKED_AFTER
    started = time.perf_counter()
    found: Sequence[Message] = await memory.earlier(loaded.conversation, asked.text)
    ms = 1000 * (time.perf_counter() - started)
    packed = pack(found, EARLIER_TOKENS)
    ids = loaded.ids
    return Answer([ids[one.id] for one in found], [ids[one.id] for one in packed], ms)


def _ranks(answers: Sequence[Answer]) -> list[Sequence[str]]:
    return [answer.ranked for answer in answers]


# ---------------------------------------------------------------- counting


def figures(told: Sequence[Told], answers: Sequence[Sequence[Answer]]) -> dict[str, Any]:
    """The figures of all questions together, and recall@10 of each category."""
    pairs = [
        pair
        for one, given in zip(told, answers, strict=True)
        for pair in zip(one.questions, given, strict=True)
    ]
    by_category: dict[int, list[float]] = defaultdict(list)
    for asked, answer in pairs:
        by_category[asked.category].append(_share(asked, answer.ranked[:10]))
    times = sorted(answer.ms for _, answer in pairs)
    return {
        "questions": len(pairs),
        **{
            f"recall@{depth}": _mean(_share(asked, got.ranked[:depth]) for asked, got in pairs)
            for depth in DEPTHS
        },
        f"recall@{EARLIER_TOKENS}tok": _mean(_share(asked, got.packed) for asked, got in pairs),
        "mrr": _mean(_reciprocal(asked, got.ranked) for asked, got in pairs),
        **{name: _mean(by_category[number]) for number, name in CATEGORIES.items()},
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[math.ceil(len(times) * 0.99) - 1], 2),
    }


def _share(asked: Asked, ranked: Sequence[str]) -> float:
    return len(asked.evidence.intersection(ranked)) / len(asked.evidence)


def _reciprocal(asked: Asked, ranked: Sequence[str]) -> float:
    return next((1 / place for place, id_ in enumerate(ranked, start=1) if id_ in asked.evidence), 0.0)


def _mean(values: Iterator[float] | Sequence[float]) -> float:
    listed = list(values)
    return round(statistics.fmean(listed), 4) if listed else 0.0
