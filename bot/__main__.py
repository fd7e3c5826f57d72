"""The command line: run, chat, character, bench, config. Each command reads the settings and hands over."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import config
from bot.config import Settings
from engine.errors import ConfigError, SelfsameError

app = typer.Typer(help="Selfsame: characters with one voice, one memory of you, one face.", no_args_is_help=True,
                  pretty_exceptions_enable=False)
character_app = typer.Typer(help="Look at characters.", no_args_is_help=True)
config_app = typer.Typer(help="The configuration file.", no_args_is_help=True)
app.add_typer(character_app, name="character")
app.add_typer(config_app, name="config")

# The configuration file that is used when none is named and it exists.
DEFAULT_CONFIG = Path("config.toml")

ConfigOption = Annotated[Path | None, typer.Option("--config", help="The configuration file. [default: config.toml if there is one]")]
DataOption = Annotated[Path, typer.Option("--data", help="Where everything is kept.")]


@app.command()
def run(
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
    host: Annotated[str | None, typer.Option(help="The address of the page. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="The port of the page. [default: 8420]")] = None,
) -> None:
    """Start Selfsame and print the address of the page."""
    from bot.surfaces.web.start import serve_page

    settings = _settings(config_file, host=host, port=port)
    _run(settings, data, serve_page)


@app.command()
def chat(
    name: Annotated[str, typer.Argument(help="Who to talk with, e.g. maya.")],
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
) -> None:
    """Talk with a character in this terminal."""
    from bot.surfaces.terminal.start import serve_terminal

    settings = _settings(config_file)
    _run(settings, data, serve_terminal(name))
