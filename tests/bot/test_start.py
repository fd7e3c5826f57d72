"""Starting on what cannot be used: one sentence that says what to do, and no trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app


def refusal(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    return " ".join(done.output.split())


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert "--data" in refusal("character", "list", "--data", str(file))
    assert "--data" in refusal("character", "list", "--data", str(file / "below"))
    assert "--data" in refusal("character", "list", "--data", str(tmp_path / ("a" * 300)))


def test_something_else_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "selfsame.db").write_text("a text that somebody called so\n" * 50)
    said = refusal("character", "list", "--data", str(tmp_path))
    assert "selfsame.db" in said and "not a database" in said


def test_a_sheet_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    said = refusal("character", "sheet", "noor", "--data", str(tmp_path / "d"), "--out", str(tmp_path))
    assert "--out" in said


@pytest.mark.parametrize("port", ["-5", "99999", "x"])
def test_a_port_that_is_none_is_said(tmp_path: Path, port: str) -> None:
    assert "--port" in refusal("run", "--data", str(tmp_path), "--port", port)


@pytest.mark.parametrize("text", ["web = 3", "[web]\nhosts = 'a'", "[web]\nprot = 1", "[wbe]", "[web"])
def test_a_broken_configuration_is_said_in_plain_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    said = refusal("config", "check", str(path))
    assert "instance" not in said and "tuple" not in said
