"""engine/models/choose.py: whatever is wrong with a model is a sentence, and the storyteller answers."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from pathlib import Path

import pytest

from engine.config import ChatConfig, EngineConfig, LlmConfig, ServerConfig
from engine.errors import ModelError
from engine.models.catalogue import find_entry
from engine.models.choose import MODELS, find_model, open_model
from engine.models.openai import open_servers
from engine.models.port import Prompt, PromptTurn, Sampling, Section, SectionKind
from tests.engine.models.ggufs import model, weights, write_gguf
from tests.engine.models.openai.conftest import QUICK
from tests.engine.models.openai.loopback import Loopback

PROMPT = Prompt((Section(SectionKind.PERSONA, "Name: Noor"),), (PromptTurn("person", "Hello!"),))


def llama(name: str) -> EngineConfig:
    return EngineConfig(chat=ChatConfig(model="llama", pace_ms=0), llm=LlmConfig(model=name))


async def what_is_said(config: EngineConfig, data: Path, caplog: pytest.LogCaptureFixture) -> str:
    """The one warning at the start; the storyteller must answer under a name that tells so."""
    async with open_model(config, data) as opened:
        assert opened.name.startswith("storyteller (")
        assert opened.name.endswith("could not be loaded)")
        assert [piece async for piece in opened.stream(PROMPT, Sampling())]
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.startswith("The storyteller answers instead: ")
    return line


async def test_the_storyteller_is_there_at_once_and_makes_nothing(tmp_path: Path) -> None:
    async with open_model(EngineConfig(), tmp_path / "data") as opened:
        assert opened.name == "storyteller (built in)"
    assert not (tmp_path / "data").exists()


async def test_no_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "selfsame models pull chat" in await what_is_said(llama(""), tmp_path, caplog)


async def test_a_missing_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "There is no model gone.gguf" in await what_is_said(llama("gone.gguf"), tmp_path, caplog)


async def test_a_name_of_the_hub_that_was_not_fetched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf"
    assert f"selfsame models pull chat --from {name}" in await what_is_said(llama(name), tmp_path, caplog)


async def test_a_name_of_the_catalogue_that_was_not_fetched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = await what_is_said(llama("qwen3-4b"), tmp_path, caplog)
    assert line.endswith("qwen3-4b is not here yet. Fetch it: selfsame models pull chat qwen3-4b")


async def test_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert f"{tmp_path} is a folder." in await what_is_said(llama(str(tmp_path)), tmp_path, caplog)


async def test_a_wrong_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "letter.gguf"
    path.write_text("Dear diary, …")
    line = await what_is_said(llama(str(path)), tmp_path, caplog)
    assert "is not a GGUF file" in line
    assert "diary" not in line


async def test_a_truncated_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_gguf(tmp_path / "m.gguf", model(), weights(), cut=4096)
    assert "is not whole" in await what_is_said(llama(str(path)), tmp_path, caplog)


async def test_an_adapter_that_is_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = str(write_gguf(tmp_path / "m.gguf", model(), weights()))
    wanted = EngineConfig(chat=ChatConfig(model="llama", pace_ms=0), llm=LlmConfig(model=path, adapter=path))
    assert "m.gguf is no LoRA adapter" in await what_is_said(wanted, tmp_path, caplog)


async def test_more_than_this_machine_has(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    wide = 2**17  # 96 layers of 39 GB: a file full of holes
    path = write_gguf(tmp_path / "m.gguf", model(layers=96, width=wide), weights(layers=96, width=wide))
    line = await what_is_said(llama(str(path)), tmp_path, caplog)
    assert "GB of main memory" in line
    assert "Choose a smaller model" in line


async def test_without_the_extra(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    monkeypatch.setitem(sys.modules, "engine.models.llama.chat", None)
    path = write_gguf(tmp_path / "m.gguf", model(), weights())
    assert "In Selfsame's folder: make llm" in await what_is_said(llama(str(path)), tmp_path, caplog)


def test_where_a_name_is_looked_for(tmp_path: Path) -> None:
    folder = tmp_path / MODELS
    one = write_gguf(folder / "Owner" / "Repo-GGUF" / "one.gguf", model(), weights())
    assert find_model(str(one), folder) == one
    assert find_model("Owner/Repo-GGUF/one.gguf", folder) == one
    assert find_model("one.gguf", folder) == one
    known = write_gguf(folder / find_entry("qwen3-4b").hub_name, model(), weights())
    assert find_model("qwen3-4b", folder) == known
    write_gguf(folder / "Other" / "Repo-GGUF" / "one.gguf", model(), weights())
    with pytest.raises(ModelError, match="more than once"):
        find_model("one.gguf", folder)
    flat = write_gguf(folder / "one.gguf", model(), weights())
    assert find_model("one.gguf", folder) == flat


async def test_while_no_server_answers_the_storyteller_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    monkeypatch.setattr("engine.models.openai.open_servers", partial(open_servers, pace=QUICK))
    server = Loopback()
    await server.start()
    config = EngineConfig(chat=ChatConfig(model="server", pace_ms=0), server=ServerConfig(urls=(server.url,)))

    async def said() -> str:
        return "".join([piece async for piece in chat.stream(PROMPT, Sampling()) if isinstance(piece, str)])

    async with open_model(config, tmp_path) as chat:
        name = chat.name
        assert await said() == "Hello there."
        await server.stop()
        assert await said() not in ("", "Hello there.")
        assert chat.name == f"storyteller ({name} is down)"
        await server.start()
        async with asyncio.timeout(60):
            while chat.name != name:
                assert await said()
        assert await said() == "Hello there."
        await server.stop()


async def test_servers_that_are_not_named_are_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = EngineConfig(chat=ChatConfig(model="server", pace_ms=0))
    assert "server.urls" in await what_is_said(config, tmp_path, caplog)
