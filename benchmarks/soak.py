"""Twelve people talk at once, stop, edit, delete and are interrupted by restarts: `python -m benchmarks.soak --minutes 10`.

The engine is the product's, on the tiny model with little room, so that conversations are evicted, parked in memory
and on disk and restored all the time. Every reply is compared with the one that the library's own class gives to the
same prompt alone; after every deletion the parked files are searched for the words of who is gone; the process may
not grow. `tests/engine/models/llama/test_soak.py` runs it for half a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import string
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.chatting.words import Reader, Writer, prompt
from benchmarks.gguf import SHAPES, write_gguf
from engine.config import LlmConfig
from engine.errors import ModelError
from engine.models.llama.chat import LlamaChat, open_llama
from engine.models.llama.library import WAITING, library
from engine.models.port import Finish, Prompt, PromptTurn, Sampling, Work

PEOPLE, CHARACTERS = 12, 4
# Room for less than half of what the twelve have said, so that somebody always has to go.
SLOTS, CELLS, CONTEXT = 6, 2400, 1024
# Tokens from which on a person begins to forget: the older half of the conversation is cut.
LONG = 480
# A life of the engine, between two restarts, as a part of the whole run: some are in the middle of everything.
LIVES = (1 / 25, 1 / 8)
# Of a hundred turns, so many are …
CANCELLED, EDITED, DELETED, DELETED_MEANWHILE = 15, 10, 3, 3
# The first part of the run fills caches and pools; from the third after it to the last third, each of them some
# lives long, the process may grow by this much.
WARM_UP, THIRD, GROWTH = 0.25, 0.35, 1.05
SECRET_LETTERS = 12
SURROUNDINGS = WAITING | {
    # glibc keeps freed blocks of up to 32 MB for later, in as many heaps as there were threads; with a threshold of
    # 64 KiB larger ones go back to the system, and the process is as large as what somebody holds.
    "MALLOC_MMAP_THRESHOLD_": "65536",
}


@dataclass(slots=True)
class Tally:
    """What happened, in numbers; `wrong` says what should not have."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    # How large the process was at the end of each life, and after it: seconds since the start, bytes.
    open: list[tuple[float, int]] = field(default_factory=list)
    closed: list[tuple[float, int]] = field(default_factory=list)


class Alone:
    """What the model says when nobody else is there: the library's own class, one sequence, nothing kept."""

    def __init__(self, path: Path) -> None:
        exact: dict[str, Any] = {"type_k": 0, "type_v": 0, "flash_attn": False}
        self._llama = library().api.Llama(
            str(path), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False, **exact
        )
        self._reader = Reader(path)
        self._lock = asyncio.Lock()

    async def says(self, written: Prompt, tokens: int) -> str:
        """The whole reply, each token the likeliest."""
        async with self._lock:
            return await asyncio.to_thread(self._says, written, tokens)

    def _says(self, written: Prompt, tokens: int) -> str:
        api, model = library().api, self._llama._model
        self._llama.reset()
        self._llama._ctx.kv_cache_clear()
        said: list[int] = []
        for token in self._llama.generate(list(self._reader.ids(written)), temp=0.0, repeat_penalty=1.0):
            if len(said) == tokens or api.llama_vocab_is_eog(model.vocab, token):
                break
            said.append(token)
            if len(said) == tokens:
                break
        raw: bytes = b"".join(self._llama.detokenize([token]) for token in said)
        # A reply does not begin with white space, whatever the model does.
        return raw.decode("utf-8", "replace").lstrip()


class Desk:
    """Where the engine is asked for: it comes and goes."""

    def __init__(self) -> None:
        self._chat: LlamaChat | None = None
        self._open = asyncio.Event()

    async def chat(self) -> LlamaChat:
        """The engine, as soon as there is one."""
        while self._chat is None:
            await self._open.wait()
        return self._chat

    @asynccontextmanager
    async def serving(self, chat: LlamaChat) -> AsyncIterator[None]:
        """People are served by this one."""
        self._chat = chat
        self._open.set()
        try:
            yield
        finally:
            self._chat = None
            self._open.clear()

    def serves(self, chat: LlamaChat) -> bool:
        """Whether it is still this one; else its errors are no wonder."""
        return self._chat is chat


@dataclass(slots=True)
class Conversation:
    """One person's conversation, until it is deleted."""

    id: str
    persona: str
    secret: str
    turns: list[PromptTurn] = field(default_factory=list)

    def prompt(self) -> Prompt:
        """All of it."""
        return prompt(self.persona, self.turns)


class Person:
    """Somebody who talks, changes their mind and goes."""

    def __init__(self, number: int, soak: Soak) -> None:
        self._number, self._soak = number, soak
        self._dice = random.Random(1000 * soak.seed + number)
        self._writer = Writer(soak.reader.count, seed=1000 * soak.seed + number)
        self._lives = 0
        self.talk = self._begin()

    async def live(self, until: float) -> None:
        """Turn after turn."""
        while time.monotonic() < until:
            await self._turn()
            # Not everybody speaks in the same moment.
            await asyncio.sleep(self._dice.random() * 0.02)

    def _begin(self) -> Conversation:
        self._lives += 1
        persona = self._soak.personas[self._dice.randrange(CHARACTERS)]
        secret = "".join(self._dice.choices(string.ascii_lowercase, k=SECRET_LETTERS))
        return Conversation(f"person-{self._number}-life-{self._lives}", persona, secret)

    async def _turn(self) -> None:
        self._forget_the_old()
        words = self._writer.text(self._dice.randint(5, 60))
        self.talk.turns.append(PromptTurn("person", f"{words} {self.talk.secret}"))
        fate = self._dice.randrange(100)
        if fate < DELETED_MEANWHILE:
            await self._delete_meanwhile()
            return
        cancel_after = self._dice.randint(0, 20) if fate < DELETED_MEANWHILE + CANCELLED else None
        reply = await self._reply(cancel_after)
        self.talk.turns.append(PromptTurn("character", reply or "…"))
        if self._dice.randrange(100) < EDITED:
            del self.talk.turns[-2:]  # the person takes it back and says something else
            self._soak.tally.counts["edited"] += 1
        if self._dice.randrange(100) < DELETED:
            await self._delete()

    def _forget_the_old(self) -> None:
        spoken = sum(self._soak.reader.count(turn.text) for turn in self.talk.turns)
        if spoken > LONG:
            half = len(self.talk.turns) // 4 * 2 + 2
            del self.talk.turns[:half]
            self._soak.tally.counts["cut"] += 1

    async def _reply(self, cancel_after: int | None) -> str:
        """What came, compared with what comes alone. A restart in between only costs another asking."""
        tokens = self._dice.randint(4, 40)
        alone = asyncio.create_task(self._soak.alone.says(self.talk.prompt(), tokens))
        while True:
            chat = await self._soak.desk.chat()
            try:
                text, done = await _listen(chat, self.talk, tokens, cancel_after)
                break
            except ModelError as error:
                if self._soak.desk.serves(chat):
                    self._soak.wrong(f"{self.talk.id}: {error}")
                self._soak.tally.counts["interrupted"] += 1
        expected = await alone
        if text != expected if done else not expected.startswith(text):
            self._soak.wrong(f"{self.talk.id} after {len(self.talk.turns)} turns: {text!r}, not {expected!r}")
        self._soak.tally.counts["replies" if done else "cancelled"] += 1
        return text

    async def _delete_meanwhile(self) -> None:
        """Deleted while the reply is being written: it ends with an error, or just before."""
        chat = await self._soak.desk.chat()
        writing = asyncio.create_task(_listen(chat, self.talk, 40, None))
        await asyncio.sleep(self._dice.random() * 0.05)
        await self._delete()
        with suppress(ModelError):
            await writing
        self._soak.tally.counts["deleted meanwhile"] += 1

    async def _delete(self) -> None:
        """Nothing of it may be found afterwards."""
        gone, self.talk = self.talk, self._begin()
        while True:
            chat = await self._soak.desk.chat()
            try:
                await chat.forget([gone.id])
                break
            except ModelError:
                if self._soak.desk.serves(chat):
                    raise
        self._soak.tally.counts["deleted"] += 1
        if await self._soak.parked(gone.secret):
            self._soak.wrong(f"{gone.id}: words of it are on the disk after it was deleted")


async def _listen(
    chat: LlamaChat, talk: Conversation, tokens: int, cancel_after: int | None
) -> tuple[str, bool]:
    """The words, and whether they are all: somebody may stop listening after so many pieces."""
    sampling = Sampling(max_tokens=tokens, temperature=0.0, repeat_penalty=1.0)
    text, pieces = "", 0
    async with aclosing(chat.stream(talk.prompt(), sampling, Work(conversation=talk.id))) as stream:
        if cancel_after == 0:
            return "", False
        async for item in stream:
            if isinstance(item, Finish):
                return text, True
            text += item
            pieces += 1
            if pieces == cancel_after:
                return text, False
    raise AssertionError("a stream ended without its Finish")


class Soak:
    """The run: its people, its engine, its tally."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.tally = Tally()
        self.desk = Desk()
        self._dice = random.Random(seed)
        self._folder = folder / "parked"
        self._model = write_gguf(folder / "tiny.gguf", SHAPES["tiny"], "F32")
        self.reader, self.alone = Reader(self._model), Alone(self._model)
        writer = Writer(self.reader.count, seed)
        self.personas = [writer.text(80 + 20 * number) for number in range(CHARACTERS)]
        self._config = LlmConfig(
            model=str(self._model),
            context_tokens=CONTEXT,
            slots=SLOTS,
            kv_tokens=CELLS,
            threads=2,
            gpu_layers=0,
            kv_type="f32",
            flash_attention="off",
            park_ram_mb=1,
            park_disk_mb=64,
        )

    async def run(self, seconds: float) -> dict[str, Any]:
        """All of it. `wrong` is empty if nothing went wrong; `growth` is that of the process after warming up."""
        began = time.monotonic()
        people = [Person(number, self) for number in range(PEOPLE)]
        async with asyncio.TaskGroup() as group:
            engine = group.create_task(self._restart_again_and_again(began, seconds))
            await asyncio.gather(*(person.live(began + seconds) for person in people))
            engine.cancel()
        await self._everybody_leaves(people)
        return self._result(seconds)

    def wrong(self, what: str) -> None:
        """Something that should not have happened; the first few say enough."""
        self.tally.counts["wrong"] += 1
        if len(self.tally.wrong) < 10:
            self.tally.wrong.append(what[:400])

    async def parked(self, secret: str) -> bool:
        """Whether a secret's tokens stand in any file."""
        # With its space, as it stood in what was said.
        needle = b"".join(token.to_bytes(4, "little") for token in self.reader.words(f" {secret}"))
        return await asyncio.to_thread(_found, self._folder, needle)

    async def _restart_again_and_again(self, began: float, seconds: float) -> None:
        import psutil  # type: ignore[import-untyped]

        process = psutil.Process()
        shortest, longest = LIVES
        while True:
            async with self._open() as chat, self.desk.serving(chat):
                await asyncio.sleep(self._dice.uniform(shortest * seconds, longest * seconds))
                self.tally.open.append((time.monotonic() - began, process.memory_info().rss))
            self.tally.closed.append((time.monotonic() - began, process.memory_info().rss))
            self.tally.counts["restarts"] += 1

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[LlamaChat]:
        async with AsyncExitStack() as stack:
            chat = await stack.enter_async_context(
                open_llama(self._config, self._model, parked=self._folder, kv_tokens=CELLS)
            )
            yield chat
            numbers = chat.metrics()
            self.tally.counts.update(
                evictions=numbers.evictions, parks=numbers.parks, restored=numbers.restored
            )

    async def _everybody_leaves(self, people: list[Person]) -> None:
        """What lies on the disk is found, and is gone when they are."""
        async with self._open() as chat:
            lying = [person for person in people if await self.parked(person.talk.secret)]
            self.tally.counts["found before leaving"] += len(lying)
            await chat.forget([person.talk.id for person in people])
            for person in people:
                if await self.parked(person.talk.secret):
                    self.wrong(f"{person.talk.id}: words of it are on the disk after everybody has left")

    def _result(self, seconds: float) -> dict[str, Any]:
        return {
            "seconds": seconds,
            "seed": self.seed,
            **dict(sorted(self.tally.counts.items())),
            "open_mib": [round(size / 2**20) for _, size in self.tally.open],
            "closed_mib": [round(size / 2**20) for _, size in self.tally.closed],
            "growth_open": _growth(self.tally.open, seconds),
            "growth": _growth(self.tally.closed, seconds),
            "wrong": self.tally.wrong,
        }


def _growth(samples: list[tuple[float, int]], seconds: float) -> float:
    """From the third after the warm-up to the last third."""
    before = _median(samples, WARM_UP * seconds, (WARM_UP + THIRD) * seconds)
    return round(_median(samples, (1 - THIRD) * seconds, seconds) / before, 4)


def _found(folder: Path, needle: bytes) -> bool:
    for path in folder.rglob("*"):
        with suppress(OSError):  # files come and go meanwhile
            if path.is_file() and needle in path.read_bytes():
                return True
    return False


def _median(samples: list[tuple[float, int]], since: float, until: float) -> float:
    return statistics.median(size for moment, size in samples if since <= moment <= until)


def main() -> None:
    """`python -m benchmarks.soak --minutes 10 [--seed 1] [--json]`; ends with 1 if anything went wrong."""
    if missing := SURROUNDINGS.keys() - os.environ.keys():
        # Both are read before the first line of a program runs.
        wanted = os.environ | {name: SURROUNDINGS[name] for name in missing}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.soak", *sys.argv[1:]], wanted)
    parser = argparse.ArgumentParser(description="Twelve people talk at once, under restarts and deletions.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="selfsame-soak-") as folder:
        result = asyncio.run(Soak(Path(folder), options.seed).run(options.minutes * 60))
    print(
        json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items())
    )
    raise SystemExit(bool(result["wrong"]) or result["growth"] > GROWTH)


if __name__ == "__main__":
    main()
