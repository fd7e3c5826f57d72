"""Who is compared: how every side is asked and tells when each piece came, and the product's own engine.

The library's `Llama` class is in `locked.py`, llama-server in `server.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from benchmarks.chatting.clock import Time, own_time
from engine.config import LlmConfig
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
