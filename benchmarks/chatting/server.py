"""llama-server of the same commit as a side: started here from its binary, or asked at its address."""

from __future__ import annotations

import asyncio
import json
import math
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from benchmarks.chatting.clock import Time, time_of
from benchmarks.chatting.sides import MIN_P, TEMPERATURE, TOP_K, TOP_P, Ask, Heard
from engine.config import LlmConfig
from engine.errors import InputError
from engine.models.llama.library import WAITING

# Both ways in which it can hold its conversations; the comparison takes the faster one.
KV_MODES = {"unified": "--kv-unified", "streams": "--no-kv-unified"}
# Seconds in which it loads half a gigabyte on a busy machine.
START_SECONDS = 120.0


class Served:
    """A running llama-server, asked for raw completions of token ids, so that it reads the very same prompt."""

    def __init__(self, url: str, session: aiohttp.ClientSession, name: str, pid: int | None) -> None:
        self.name = name
        self.now = time_of(pid) if pid else _wall_only
        self._url, self._session = url, session

    async def reply(self, ask: Ask, heard: Heard | None = None) -> Heard:
        """A reply of exactly so many tokens."""
        heard = heard or Heard(self.now())
        async with self._session.post(f"{self._url}/completion", json=_body(ask)) as answer:
            answer.raise_for_status()
            async for line in answer.content:
                if line.startswith(b"data: "):
                    self._take(json.loads(line[6:]), heard)
        return heard

    def _take(self, chunk: dict[str, object], heard: Heard) -> None:
        if chunk.get("content"):
            heard.pieces.append(self.now())
        if timings := chunk.get("timings"):
            assert isinstance(timings, dict)
            heard.tokens, heard.read = timings["predicted_n"], timings["prompt_n"]


@asynccontextmanager
async def open_server(
    where: str, config: LlmConfig, slots: int, mode: str, gpu_layers: int = 0
) -> AsyncIterator[Served]:
    """The server at an address, or one that is started from its binary with as many slots and cells as ours has."""
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(
        timeout=timeout, connector=aiohttp.TCPConnector(limit=0, force_close=True)
    ) as session:
        if is_address(where):
            yield Served(where.rstrip("/"), session, "llama-server", None)
            return
        port = _free_port()
        process = subprocess.Popen(  # noqa: ASYNC220
            _command(where, config, slots, mode, gpu_layers, port),
            env=WAITING | os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await _until_up(process, session, url)
            yield Served(url, session, f"llama-server, {mode}", process.pid)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)


def is_address(where: str) -> bool:
    """Whether the server runs elsewhere already."""
    return where.startswith(("http://", "https://"))


async def slots_of(url: str) -> int:
    """How many conversations a running server answers at the same time."""
    async with aiohttp.ClientSession() as session, session.get(f"{url.rstrip('/')}/props") as answer:
        answer.raise_for_status()
        return int((await answer.json())["total_slots"])


def _command(binary: str, config: LlmConfig, slots: int, mode: str, gpu_layers: int, port: int) -> list[str]:
    """Its defaults in everything that is not compared, its prompt cache in memory included."""
    settings = {
        "-m": config.model,
        "-np": slots,
        "-c": config.kv_tokens,
        "-t": config.threads,
        "-tb": config.threads,
        "-ngl": gpu_layers,
        "--host": "127.0.0.1",
        "--port": port,
    }
    flags = [str(part) for pair in settings.items() for part in pair]
    return [str(Path(binary).absolute()), *flags, KV_MODES[mode], "--no-ui"]


def _body(ask: Ask) -> dict[str, object]:
    return {
        "prompt": list(ask.ids),
        "n_predict": ask.tokens,
        "stream": True,
        "cache_prompt": True,
        "ignore_eos": True,
        "samplers": ["top_k", "top_p", "min_p", "temperature"],
        "temperature": TEMPERATURE,
        "top_k": TOP_K,
        "top_p": TOP_P,
        "min_p": MIN_P,
        "repeat_penalty": 1.0,
    }


async def _until_up(process: subprocess.Popen[bytes], session: aiohttp.ClientSession, url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise InputError(
                f"llama-server ended at once, with {process.returncode}. Start it by hand to see why."
            )
        try:
            async with session.get(f"{url}/health") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise InputError(f"llama-server did not answer within {START_SECONDS:.0f} s.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wall_only() -> Time:
    return Time(time.perf_counter(), math.nan)
