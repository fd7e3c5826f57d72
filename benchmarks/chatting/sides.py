"""Who is compared: the product's own engine, and its library's `Llama` class as most programs use it.

Every side is asked the same way and tells when each piece came; llama-server is in `server.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from benchmarks.chatting.clock import Time, own_time
from engine.config import LlmConfig
from engine.models.llama.library import library
from engine.models.port import Finish, Prompt, Sampling, Work

if TYPE_CHECKING:
    from engine.models.llama.chat import LlamaChat

# The same chain on every side, in llama.cpp's own order, with nothing that only one of them has.
TEMPERATURE, TOP_K, TOP_P, MIN_P = 0.8, 40, 0.95, 0.05


@dataclass(frozen=True, slots=True)
class Ask:
    """One reply that is asked for: the same prompt as the product writes it and as the model reads it."""

    who: str
    prompt: Prompt
    ids: tuple[int, ...]
    tokens: int


@dataclass(slots=True)
class Heard:
    """What came, and when. `read` counts the prompt's tokens that were computed, where the side tells."""

    asked: Time
    pieces: list[Time] = field(default_factory=list)
    tokens: int = 0
    read: int = 0

    @property
    def first(self) -> Time:
        """From asking to the first piece."""
        return self.pieces[0] - self.asked

    @property
    def whole(self) -> Time:
        """From asking to the last piece."""
        return self.pieces[-1] - self.asked

    def gaps(self, since: float = 0.0, until: float = float("inf")) -> list[Time]:
        """The times between two pieces, of those that came between two moments of the wall's clock."""
        pairs = zip(self.pieces, self.pieces[1:], strict=False)
        return [later - earlier for earlier, later in pairs if since <= earlier.wall and later.wall <= until]


class Side(Protocol):
    """One of those that are compared."""

    name: str
    now: Callable[[], Time]

    async def reply(self, ask: Ask, heard: Heard | None = None) -> Heard:
        """The whole reply; `heard` can be watched while it comes."""


class Ours:
    """The product's `LlamaChat`."""

    name = "Selfsame"

    def __init__(self, chat: LlamaChat, never: tuple[int, ...]) -> None:
        self.chat = chat
        self.now = own_time
        self._never = tuple((token, float("-inf")) for token in never)

    async def reply(self, ask: Ask, heard: Heard | None = None) -> Heard:
        """A reply of exactly so many tokens: those that would end it are ruled out."""
        heard = heard or Heard(self.now())
        stream = self.chat.stream(ask.prompt, self._sampling(ask.tokens), Work(conversation=ask.who))
        async with aclosing(stream):
            async for item in stream:
                if isinstance(item, Finish):
                    heard.tokens, heard.read = item.written, item.read
                    assert item.read + item.kept == len(ask.ids), "the peers read something else"
                else:
                    heard.pieces.append(self.now())
        return heard

    def _sampling(self, tokens: int) -> Sampling:
        return Sampling(
            max_tokens=tokens,
            temperature=TEMPERATURE,
            top_k=TOP_K,
            top_p=TOP_P,
            min_p=MIN_P,
            repeat_penalty=1.0,
            logit_bias=self._never,
        )


@asynccontextmanager
async def open_ours(
    config: LlmConfig, never: tuple[int, ...], parked: Path | None = None, gpu_layers: int = 0
) -> AsyncIterator[Ours]:
    """The engine as the product opens it."""
    from engine.models.llama.chat import open_llama

    path = Path(config.model)
    async with open_llama(
        config, path, parked=parked, gpu_layers=gpu_layers, kv_tokens=config.kv_tokens
    ) as chat:
        yield Ours(chat, never)


class Locked:
    """The high-level `Llama` behind a lock: one conversation after another, as programs without batching do it."""

    name = "Llama + lock"

    def __init__(self, llama: Any) -> None:
        self.llama = llama
        self.now = own_time
        self._lock = asyncio.Lock()

    async def reply(self, ask: Ask, heard: Heard | None = None) -> Heard:
        """A reply of so many tokens, when the others are done."""
        heard = heard or Heard(self.now())
        async with self._lock:
            await asyncio.to_thread(self._write, ask, heard)
        return heard

    def _write(self, ask: Ask, heard: Heard) -> None:
        # `generate` is the leanest way that the class offers, and text is wanted on every side.
        with contextlib.closing(self._tokens(ask)) as tokens:
            for _ in range(ask.tokens):
                self.llama.detokenize([next(tokens)])
                heard.pieces.append(self.now())
        heard.tokens = ask.tokens

    def _tokens(self, ask: Ask) -> Generator[int]:
        chain = {"temp": TEMPERATURE, "top_k": TOP_K, "top_p": TOP_P, "min_p": MIN_P, "repeat_penalty": 1.0}
        tokens: Generator[int] = self.llama.generate(list(ask.ids), **chain)
        return tokens


@asynccontextmanager
async def open_locked(config: LlmConfig, gpu_layers: int = 0) -> AsyncIterator[Locked]:
    """The library's own class with the same model, threads and attention."""
    llama = await asyncio.to_thread(
        library().api.Llama,
        config.model,
        n_ctx=config.context_tokens,
        n_threads=config.threads,
        n_threads_batch=config.threads,
        n_gpu_layers=gpu_layers,
        flash_attn=True,
        seed=random.Random(1).randrange(2**31),
        verbose=False,
    )
    try:
        yield Locked(llama)
    finally:
        await asyncio.to_thread(llama.close)
