"""bot/doctor.py: each thing a start needs is a line, and what is wrong says what to do."""

from __future__ import annotations

import asyncio
import io
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot import doctor
from bot.__main__ import app
from bot.app import open_house
from bot.config import SECRETS
from bot.doctor import Given, examine, print_findings
from bot.ports import Finding, SurfaceError
from tests.bot.conftest import SETTINGS
from tests.engine.models.ggufs import model, weights, write_gguf

SECRET = "11223344:not-for-the-eyes-of-a-log"


@pytest.fixture(autouse=True)
def without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        number = trial.getsockname()[1]
    yield number


async def findings(given: Given) -> dict[str, Finding]:
    return {finding.title: finding for finding in await examine(given)}


def printed(found: tuple[Finding, ...]) -> tuple[str, int]:
    console = Console(file=io.StringIO(), width=200)
    code = print_findings(found, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue(), code


def test_links_are_not_cut() -> None:
    link = "https://discord.com/oauth2/authorize?client_id=1234567890&scope=bot+applications.commands&x=[red]"
    console = Console(file=(out := io.StringIO()), width=50)
    assert print_findings([Finding(None, "Into a server", f"Open {link} and choose.")], console) == 0
    assert any(link in line for line in out.getvalue().splitlines())


async def test_a_fresh_machine_is_fine(tmp_path: Path, port: int) -> None:
    found = await examine(Given(None, tmp_path / "data", port=port))
    assert [one.title for one in found if one.ok is False] == []
    text, code = printed(found)
    assert code == 0 and "docs/discord.md" in text and "docs/telegram.md" in text
    assert not (tmp_path / "data").exists()


async def test_a_used_directory_is_current_and_left_as_it_is(tmp_path: Path, port: int) -> None:
    async with open_house(SETTINGS, tmp_path):
        pass
    before = {path.name for path in tmp_path.iterdir()}
    found = await findings(Given(None, tmp_path, port=port))
    assert found["Data"].ok and "current" in found["Data"].sentence
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("revision", "ok", "said"), [("0001", True, "next start"), ("9999", False, "newer version")]
)
async def test_other_schemas_are_named(tmp_path: Path, port: int, revision: str, ok: bool, said: str) -> None:
    with closing(sqlite3.connect(tmp_path / "selfsame.db")) as db:
        db.execute("CREATE TABLE alembic_version (version_num TEXT)")
        db.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        db.commit()
    data = (await findings(Given(None, tmp_path, port=port)))["Data"]
    assert data.ok is ok and said in data.sentence


async def test_what_is_no_data_directory_is_said(tmp_path: Path, port: int) -> None:
    (tmp_path / "selfsame.db").write_text("a text that somebody called so\n" * 50)
    data = (await findings(Given(None, tmp_path, port=port)))["Data"]
    assert data.ok is False and "not a database" in data.sentence
    file = tmp_path / "file"
    file.touch()
    data = (await findings(Given(None, file, port=port)))["Data"]
    assert data.ok is False and "--data" in data.sentence


async def test_a_taken_port_is_said_and_our_own_page_is_none(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + words)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        words = b"somebody else"
        page = (await findings(Given(None, tmp_path, port=port)))["Page"]
        assert page.ok is False and str(port) in page.sentence and "--port" in page.sentence
        words = b"ok"
        page = (await findings(Given(None, tmp_path, port=port)))["Page"]
        assert page.ok and "is running" in page.sentence


async def test_an_open_page_without_a_password_is_said(tmp_path: Path, port: int) -> None:
    page = (await findings(Given(None, tmp_path, host="0.0.0.0", port=port)))["Page"]
    assert page.ok is False and "SELFSAME_ACCESS_TOKEN" in page.sentence


async def test_a_broken_configuration_is_a_line_and_the_rest_is_examined(tmp_path: Path, port: int) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[web]\nprot = 1\n")
    found = await findings(Given(config, tmp_path, port=port))
    assert found["Configuration"].ok is False and "port" in found["Configuration"].sentence
    assert found["Data"].ok


@pytest.mark.parametrize("name", ["discord", "telegram"])
async def test_a_messenger_is_asked_when_it_is_switched_on(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked: list[str] = []

    async def check(settings: object) -> tuple[Finding, ...]:
        asked.append(getattr(settings, name).token.get_secret_value())
        return (
            Finding(True, name, "here as Selfsame#1234"),
            Finding(None, "Add to a server", "https://example/?scope=bot[x]"),
            Finding(False, "Intent", "Switch it on."),
        )

    monkeypatch.setattr(doctor, f"_{name}", check)
    monkeypatch.setenv(f"SELFSAME_{name.upper()}_TOKEN", SECRET)
    text, code = printed(await examine(Given(None, tmp_path, port=port)))
    assert asked == [SECRET] and code == 1
    assert "Selfsame#1234" in text and "scope=bot[x]" in text and "✗  Intent" in text
    assert SECRET not in text


@pytest.mark.parametrize("error", [SurfaceError("Click here."), RuntimeError(SECRET), TimeoutError()])
async def test_a_check_that_fails_is_a_finding(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def check(settings: object) -> tuple[Finding, ...]:
        raise error

    monkeypatch.setattr(doctor, "_discord", check)
    monkeypatch.setenv("SELFSAME_DISCORD_TOKEN", SECRET)
    found = (await findings(Given(None, tmp_path, port=port)))["Discord"]
    assert found.ok is False and SECRET not in found.sentence
    if isinstance(error, SurfaceError):
        assert found.sentence == "Click here."


def test_the_command_prints_a_table_and_its_code_tells(tmp_path: Path, port: int) -> None:
    arguments = ["doctor", "--data", str(tmp_path), "--port", str(port)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "✓" in done.output and "Python" in done.output
    done = CliRunner().invoke(app, [*arguments, "--host", "0.0.0.0"])
    assert done.exit_code == 1 and "✗" in done.output


async def test_the_model_that_nobody_chose_is_the_storyteller(tmp_path: Path, port: int) -> None:
    found = await findings(Given(None, tmp_path, port=port))
    assert found["Chat model"].ok
    assert "selfsame models" in found["Chat model"].sentence


@pytest.mark.parametrize(
    ("settings", "ok", "said"),
    [
        ("", None, "selfsame models pull recall"),
        ('[memory]\nembeddings = "off"\n', None, "as memory.embeddings says"),
        ('[memory]\nembedding_model = "gone"\n', False, "names gone"),
        ('[memory]\nembedding_model = "broken"\n', False, "By words alone"),
    ],
)
async def test_whether_meanings_are_known_is_said(
    tmp_path: Path, port: int, settings: str, ok: bool | None, said: str
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        path = tmp_path / "data/models/broken" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<html>")
    config = tmp_path / "config.toml"
    config.write_text(settings)
    found = (await findings(Given(config, tmp_path / "data", port=port)))["Recall"]
    assert found.ok is ok and said in found.sentence


@pytest.mark.parametrize(
    ("settings", "title", "said"),
    [
        ('[chat]\nmodel = "llama"\n', "Chat model", "selfsame models pull chat"),
        (
            '[chat]\nmodel = "llama"\n[llm]\nmodel = "gone.gguf"\n',
            "Chat model",
            "There is no model gone.gguf",
        ),
        ('[chat]\nmodel = "llama"\n[llm]\nmodel = "cut.gguf"\n', "Chat model", "is not whole"),
        ('[chat]\nmodel = "server"\n', "Chat model", "server.urls"),
        (
            '[chat]\nmodel = "server"\n[server]\nurls = ["http://127.0.0.1:9/v1"]\n',
            "Chat server",
            "127.0.0.1:9",
        ),
    ],
)
async def test_what_is_wrong_with_the_model_is_said(
    tmp_path: Path, port: int, settings: str, title: str, said: str
) -> None:
    write_gguf(tmp_path / "data/models/cut.gguf", model(), weights(), cut=4096)
    config = tmp_path / "config.toml"
    config.write_text(settings)
    found = await findings(Given(config, tmp_path / "data", port=port))
    assert found[title].ok is False
    assert said in found[title].sentence
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"models"}
