"""bot/models/chat.py, recall.py, configure.py: `selfsame models` and `selfsame models pull` as people run them, against a loopback hub."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Settings, load
from bot.models.chat import pull_model
from bot.models.configure import Entry, configure
from engine.config import EngineConfig
from engine.errors import ConfigError
from engine.models.catalogue import catalogue, find_entry
from engine.provision.chat import Fit, Prospect, survey
from engine.provision.recall import examine_recall
from tests.engine.models.ggufs import model, weights, write_gguf
from tests.engine.models.hub import Hub

pytest.importorskip("huggingface_hub")

ROOT = Path(__file__).parents[2]
REPO, FILE = "Qwen/Qwen3-1.7B-GGUF", "Qwen3-1.7B-Q8_0.gguf"
NAME = f"{REPO}/{FILE}"

CHAT: tuple[Entry, ...] = (("chat", "model", "llama"), ("llm", "model", "a/b/c.gguf"))


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    """A whole GGUF file, some of the library's stretches long."""
    tensors = {**weights(), "padding": ((1024, 1024, 7), 0)}
    return write_gguf(tmp_path / "made.gguf", model(general__license="apache-2.0"), tensors).read_bytes()


async def started(
    folder: Path, *arguments: str, hub: Hub | None = None, columns: int = 200
) -> asyncio.subprocess.Process:
    """`selfsame ARGUMENTS` in a folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    if hub:
        environment["HF_ENDPOINT"] = hub.url
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "NO_COLOR": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def selfsame(
    folder: Path, *arguments: str, hub: Hub | None = None, columns: int = 200
) -> tuple[int, str]:
    process = await started(folder, *arguments, hub=hub, columns=columns)
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_the_list_shows_what_is_here_and_what_could_be(tmp_path: Path) -> None:
    write_gguf(tmp_path / "data/models/Owner/Repo/whole.gguf", model(), weights())
    write_gguf(tmp_path / "data/models/cut.gguf", model(), weights(), cut=4096)
    (tmp_path / "config.toml").write_text('[chat]\nmodel = "llama"\n[llm]\nmodel = "whole.gguf"\n')
    code, said = await selfsame(tmp_path, "models")
    assert code == 0
    assert "Configured: whole.gguf" in said
    assert re.search(r"Owner/Repo/whole\.gguf .* 4,096 .* configured", said)
    assert re.search(r"cut\.gguf .*is not whole", said)
    assert re.search(r"aya-expanse-8b +5\.1 GB +CC BY-NC 4\.0 \(non-commercial\)", said)
    assert "qwen3-1.7b" in said


async def test_in_a_narrow_window_no_name_is_cut(tmp_path: Path) -> None:
    code, said = await selfsame(tmp_path, "models", columns=80)
    assert code == 0
    assert max(map(len, said.splitlines())) <= 80
    for entry in catalogue():
        assert re.search(rf"^{re.escape(entry.name)} +{entry.gigabytes:.1f} GB ", said, re.MULTILINE)


def test_who_named_no_model_is_asked(tmp_path: Path) -> None:
    asked = []
    said = Console(file=io.StringIO(), width=200)
    entry = find_entry("qwen3-1.7b")
    seen = replace(survey(EngineConfig(), tmp_path), recommended=Prospect(entry, Fit.RAM, None, None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.models.chat.survey", lambda *_: seen)
        pull_model(
            Settings(),
            tmp_path,
            said,
            name="",
            other="",
            accepted=False,
            config=None,
            agree=lambda question: bool(asked.append(question)),
        )
    assert asked == ["Fetch it?"]
    assert "Nothing was fetched." in said.file.getvalue()  # type: ignore[attr-defined]
    assert not (tmp_path / "models").exists()


async def test_a_model_is_fetched_and_the_lines_for_the_settings_are_said(
    hub: Hub, tmp_path: Path, data: bytes
) -> None:
    hub.put(REPO, FILE, data)
    code, said = await selfsame(tmp_path, "models", "pull", "chat", "qwen3-1.7b", hub=hub)
    assert code == 0, said
    assert f"Apache 2.0: https://huggingface.co/{REPO}" in said
    assert "its checksum is right" in said
    assert (tmp_path / "data/models" / NAME).read_bytes() == data
    lines = said[said.index("[chat]") :].split("llama.cpp is not")[0]
    assert tomllib.loads(lines) == {"chat": {"model": "llama"}, "llm": {"model": NAME}}
    code, said = await selfsame(tmp_path, "models", "pull", "chat", "--from", NAME, "--configure", hub=hub)
    assert code == 0, said
    assert "was here already" in said
    assert len(hub.gets) == 1
    settings = load(tmp_path / "config.toml", {})
    assert (settings.chat.model, settings.llm.model) == ("llama", NAME)


async def test_a_licence_with_terms_is_asked_for(hub: Hub, tmp_path: Path, data: bytes) -> None:
    hub.put("bartowski/aya-expanse-8b-GGUF", "aya-expanse-8b-Q4_K_M.gguf", data)
    code, said = await selfsame(tmp_path, "models", "pull", "chat", "aya-expanse-8b", hub=hub)
    assert code == 2
    assert "may not be used commercially: CC BY-NC 4.0" in said
    assert "--accept-licence" in said
    assert hub.heads == []
    code, said = await selfsame(
        tmp_path, "models", "pull", "chat", "aya-expanse-8b", "--accept-licence", hub=hub
    )
    assert code == 0, said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chat", "gpt-2"], "The catalogue has no model gpt-2"),
        (["chat", "--from", "gpt-2"], "is no file of the hub"),
        (["chat", "--from", "Owner/Repo/model.gguf"], "has no Owner/Repo"),
        (["chat", "qwen3-4b", "--from", NAME], "not both"),
        (["voice"], "There is nothing called voice to fetch. There are: klein"),
        (["recall", "gpt-2"], "There is no embedding model gpt-2. There are: english"),
        (["recall", "--from", NAME], "Only chat models are fetched --from elsewhere"),
    ],
)
async def test_mistakes_are_one_sentence(hub: Hub, tmp_path: Path, arguments: list[str], said: str) -> None:
    code, text = await selfsame(tmp_path, "models", "pull", *arguments, hub=hub)
    assert code == 2
    assert said in text
    assert "Traceback" not in text


async def test_an_embedding_model_is_fetched_tried_and_used(hub: Hub, tmp_path: Path) -> None:
    for library in ("onnx", "onnxruntime", "tokenizers"):
        pytest.importorskip(library)
    from tests.engine.memory.embed.berts import write_tiny

    tiny, repo = write_tiny(tmp_path / "tiny", "hello there"), "sentence-transformers/all-MiniLM-L6-v2"
    hub.put(repo, "onnx/model.onnx", (tiny / "model.onnx").read_bytes())
    hub.put(repo, "tokenizer.json", (tiny / "tokenizer.json").read_bytes())
    code, said = await selfsame(tmp_path, "models", "pull", "recall", hub=hub)
    assert code == 0, said
    assert "Apache-2.0" in said and "its checksums are right" in said and "From the next start on" in said
    found = await examine_recall(EngineConfig(), tmp_path / "data")
    assert found.ok and repo in found.sentence
    (tmp_path / "config.toml").write_text('[memory]\nembeddings = "off"\n')
    code, said = await selfsame(tmp_path, "models", "pull", "recall", "english", hub=hub)
    assert code == 0, said
    assert "was here already" in said and len(hub.gets) == 2
    lines = tomllib.loads(said[said.index("[memory]") :])
    assert lines == {"memory": {"embeddings": "auto", "embedding_model": repo}}


async def test_a_page_instead_of_an_embedding_model_is_said(hub: Hub, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    for file in ("onnx/model.onnx", "tokenizer.json"):
        hub.put("sentence-transformers/all-MiniLM-L6-v2", file, b"<html>" * 1000)
    code, said = await selfsame(tmp_path, "models", "pull", "recall", hub=hub)
    assert code == 2
    assert "cannot be used as an embedding model" in said and "Traceback" not in said


async def test_what_is_no_language_model_is_said_after_all(hub: Hub, tmp_path: Path) -> None:
    hub.put("Owner/Repo", "page.gguf", b"<html>" * 1000)
    code, said = await selfsame(tmp_path, "models", "pull", "chat", "--from", "Owner/Repo/page.gguf", hub=hub)
    assert code == 2
    assert "is not a GGUF file" in said


async def test_ctrl_c_keeps_what_has_arrived(hub: Hub, tmp_path: Path, data: bytes) -> None:
    hub.put(REPO, FILE, data)
    hub.hold_at = 20 << 20
    process = await started(tmp_path, "models", "pull", "chat", "qwen3-1.7b", hub=hub)
    await asyncio.wait_for(hub.held.wait(), 60)
    process.send_signal(signal.SIGINT)
    said, _ = await process.communicate()
    assert process.returncode == 130, said.decode()
    assert "Traceback" not in said.decode()
    assert "the same command goes on from there" in said.decode()
    hub.hold_at = 0
    hub.go.set()
    code, text = await selfsame(tmp_path, "models", "pull", "chat", "qwen3-1.7b", hub=hub)
    assert code == 0, text
    assert hub.gets[-1][0] > 0
    assert (tmp_path / "data/models" / NAME).read_bytes() == data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[chat]\nmodel = "llama"\n\n[llm]\nmodel = "a/b/c.gguf"\n'),
        (
            '# mine\n[web]\nport = 1 # here\n\n[chat] # talk\n# model = "storyteller"\npace_ms = 0\n',
            '# mine\n[web]\nport = 1 # here\n\n[chat] # talk\nmodel = "llama"\n# model = "storyteller"\npace_ms = 0\n'
            '\n[llm]\nmodel = "a/b/c.gguf"\n',
        ),
        (
            '[llm]\nslots = 2\nmodel = "old.gguf"\n[chat]\nmodel="server"',
            '[llm]\nslots = 2\nmodel = "a/b/c.gguf"\n[chat]\nmodel = "llama"\n',
        ),
    ],
)
def test_the_configuration_keeps_everything_else(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    configure(path, CHAT)
    assert path.read_text() == after
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    "before",
    [
        'chat = { model = "storyteller" }\n',
        'chat.model = "storyteller"\n',
        '[llm]\nmodel = """\nold.gguf"""\n',
        '[web]\nhosts = ["""\n[chat]\n"""]\n',
    ],
)
def test_what_is_written_another_way_is_left_alone(tmp_path: Path, before: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    with pytest.raises(ConfigError, match="only you can change"):
        configure(path, CHAT)
    assert path.read_text() == before


def test_a_broken_configuration_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[chat\n")
    with pytest.raises(ConfigError, match="Mend it first"):
        configure(path, CHAT)


def test_nobody_is_sent_to_the_package_index() -> None:
    """What is called selfsame there is somebody else's."""
    told = [
        ROOT / "README.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("engine/**/*.py"),
        *ROOT.glob("bot/**/*.py"),
    ]
    wrong = re.compile(r"pip install (?:[^\n]*[\"' ])?selfsame\b")
    assert not [path for path in told if wrong.search(path.read_text(encoding="utf-8"))]


async def test_what_needs_no_words_loads_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[chat]\nmodel = "llama"\n[llm]\nmodel = "gone.gguf"\n')
    code, said = await selfsame(tmp_path, "character", "list")
    assert code == 0
    assert "Noor" in said
    assert "gone.gguf" not in said


async def test_who_waits_in_a_terminal_reads_what_for(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[chat]\nmodel = "llama"\n[llm]\nmodel = "gone.gguf"\n')
    process = await started(tmp_path, "chat", "noor")
    said, _ = await process.communicate()
    assert "There is no model gone.gguf" in said.decode()
    assert "storyteller (gone.gguf could not be loaded)" in said.decode()
