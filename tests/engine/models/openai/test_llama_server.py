"""The real llama-server, where SELFSAME_LLAMA_SERVER names its binary (docs/servers.md says how to build one)."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from engine.config import ServerConfig
from engine.errors import ModelError
from engine.models.openai import check_servers
from engine.models.openai.chat import ServerChat
from engine.models.port import Ending, Prompt, PromptTurn, Sampling, Section, SectionKind, Work
from tests.engine.models.openai.conftest import QUICK, opened, read

BINARY = os.environ.get("SELFSAME_LLAMA_SERVER", "")
pytestmark = [
    pytest.mark.llama,
    pytest.mark.skipif(not BINARY, reason="SELFSAME_LLAMA_SERVER names no llama-server"),
]
KEY = "sesame"
SECTIONS = (Section(SectionKind.PERSONA, "Name: Maya. " + "Warm and observant. " * 10),)
FIRST = Prompt(SECTIONS, (PromptTurn("person", "Hi"),))
SECOND = Prompt(
    SECTIONS, (*FIRST.turns, PromptTurn("character", "Hello you"), PromptTurn("person", "And now?"))
)
LIKELIEST = Sampling(max_tokens=20, temperature=0, repeat_penalty=1.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    gguf: Any = pytest.importorskip("benchmarks.gguf")
    folder = tmp_path_factory.mktemp("llama-server")
    model = gguf.write_gguf(folder / "tiny.gguf", gguf.SHAPES["tiny"], "F32")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    # Its RAM cache is off, so that what is erased is gone.
    options = (
        f"--port {port} -c 4096 -np 2 -t 1 --cache-ram 0 --no-ui --api-key {KEY} --slot-save-path {folder}"
    )
    with (Path(folder) / "log").open("wb") as log:
        running = subprocess.Popen([BINARY, "-m", str(model), *options.split()], stdout=log, stderr=log)
        yield f"http://127.0.0.1:{port}/v1"
        running.terminate()
        running.wait(10)


@pytest.fixture
async def ready(url: str) -> str:
    """Its address once it has loaded the model."""
    async with asyncio.timeout(60):
        while (await check_servers(ServerConfig.model_validate({"urls": [url], "api_key": KEY})))[0].trouble:
            await asyncio.sleep(0.1)
    return url


def talking(url: str, key: str = KEY) -> AbstractAsyncContextManager[ServerChat]:
    return opened(url, api_key=key, pace=QUICK)


async def test_it_is_known(ready: str) -> None:
    async with talking(ready) as chat:
        assert (chat.name, chat.context_tokens, chat.structured) == ("tiny (llama-server)", 2048, True)


async def test_what_was_read_is_kept_for_the_next_turn_and_erased_with_the_conversation(ready: str) -> None:
    async with talking(ready) as chat:
        await read(chat, LIKELIEST, Work("a"), FIRST)
        text, again = await read(chat, LIKELIEST, Work("a"), SECOND)
        assert again.kept > again.read > 0
        assert (again.ending, again.written) == (Ending.LENGTH, 20)
        await chat.forget(["a"])
        assert (await read(chat, LIKELIEST, Work("a"), SECOND))[1].kept == 0
        assert text


async def test_neighbours_with_the_same_character_do_not_take_each_others_slots(ready: str) -> None:
    async with talking(ready) as chat:
        for conversation in ("b", "c"):
            await read(chat, LIKELIEST, Work(conversation), FIRST)
        for conversation in ("b", "c"):
            _, finish = await read(chat, LIKELIEST, Work(conversation), SECOND)
            assert finish.kept > finish.read


async def test_a_form_is_filled_in(ready: str) -> None:
    schema = {"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]}
    async with talking(ready) as chat:
        text, _ = await read(chat, Sampling(max_tokens=100, seed=1, schema=json.dumps(schema)), prompt=FIRST)
    assert isinstance(json.loads(text)["sure"], bool)


async def test_a_grammar_is_followed(ready: str) -> None:
    async with talking(ready) as chat:
        assert (await read(chat, Sampling(grammar='root ::= "yes" | "no"'), prompt=FIRST))[0] in {"yes", "no"}


async def test_a_reply_that_is_left_frees_its_place(ready: str) -> None:
    async with talking(ready) as chat:
        for _ in range(6):
            stream = chat.stream(FIRST, Sampling(max_tokens=1500, temperature=2.0), Work("d"))
            await anext(stream)
            await stream.aclose()
        await read(chat, LIKELIEST, Work("d"), FIRST)


async def test_what_is_too_long_is_said_and_learned_from(ready: str) -> None:
    async with talking(ready) as chat:
        before = chat.prompt_tokens(FIRST)
        with pytest.raises(ModelError, match=r"more than the model at .* can read at once"):
            await read(chat, prompt=Prompt(SECTIONS, (PromptTurn("person", "word " * 3000),)))
        assert chat.prompt_tokens(FIRST) > before


async def test_a_wrong_key_is_said(ready: str) -> None:
    async with talking(ready, "wrong") as chat:
        assert "does not take the key" in chat.trouble
