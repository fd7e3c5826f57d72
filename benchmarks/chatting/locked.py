"""The library's own `Llama` class behind a lock, as most programs use it: one conversation after another.

It runs in a process of its own, as `Served` does, so that no side's threads are in another one's way. This module is
that process: a line of JSON on its input is a reply that is asked for, each line of its output a piece that is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.chatting.clock import time_of
from benchmarks.chatting.sides import MIN_P, TEMPERATURE, TOP_K, TOP_P, Ask, Heard
from engine.config import LlmConfig
from engine.models.llama.library import library

# The longest line: a prompt of some thousand tokens, each a number.
LINE_BYTES = 1 << 20


class Locked:
    """The class in its process, and the lock."""

    name = "Llama + lock"

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin and process.stdout
        self._asks, self._pieces = process.stdin, process.stdout
        self.now = time_of(process.pid)
        self._lock = asyncio.Lock()

    async def reply(self, ask: Ask, heard: Heard | None = None) -> Heard:
        """A reply of so many tokens, when the others are done."""
        heard = heard or Heard(self.now())
        async with self._lock:
            self._asks.write(json.dumps({"ids": ask.ids, "tokens": ask.tokens}).encode() + b"\n")
            for _ in range(ask.tokens):
                if not await self._pieces.readline():
                    raise RuntimeError("The process of the high-level Llama has ended.")
                heard.pieces.append(self.now())
        heard.tokens = ask.tokens
        return heard


@asynccontextmanager
async def open_locked(config: LlmConfig, gpu_layers: int = 0) -> AsyncIterator[Locked]:
    """The class with the same model, threads and attention."""
    settings = {
        "model_path": config.model,
        "n_ctx": config.context_tokens,
        "n_threads": config.threads,
        "n_threads_batch": config.threads,
        "n_gpu_layers": gpu_layers,
        "flash_attn": config.flash_attention != "off",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.chatting.locked", json.dumps(settings)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
    )
    try:
        locked = Locked(process)
        await locked._pieces.readline()  # it is loaded
        yield locked
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def main() -> None:
    """The process: asks come in, pieces go out."""
    llama = library().api.Llama(seed=1, verbose=False, **json.loads(sys.argv[1]))
    print(flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        # `generate` is the leanest way that the class offers, and text is wanted on every side.
        with contextlib.closing(_tokens(llama, ask["ids"])) as tokens:
            for _ in range(ask["tokens"]):
                print(json.dumps(llama.detokenize([next(tokens)]).decode(errors="replace")), flush=True)


def _tokens(llama: Any, ids: list[int]) -> Generator[int]:
    chain = {"temp": TEMPERATURE, "top_k": TOP_K, "top_p": TOP_P, "min_p": MIN_P, "repeat_penalty": 1.0}
    tokens: Generator[int] = llama.generate(ids, **chain)
    return tokens


if __name__ == "__main__":
    main()
