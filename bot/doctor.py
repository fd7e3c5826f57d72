"""`selfsame doctor`: looks at everything that a start needs, and says of each what is so and what to do about it.

`bot/__main__.py` calls `examine` and `print_findings`. What concerns a messenger is known to that messenger's
`check`; it is asked only where its token is set. No secret is part of any sentence.
"""

from __future__ import annotations

import asyncio
import logging
import platform
import re
import socket
import sys
import textwrap
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.config import Settings, WebConfig, load
from bot.messengers import discord_settings, telegram_settings
from bot.ports import Finding
from bot.surfaces.web.config import WebConfig as PageConfig
from engine.errors import ConfigError, SelfsameError
from engine.health import look_at
from engine.provision import chat, recall
from engine.provision.pictures import examine as pictures

log = logging.getLogger(__name__)

OLDEST_PYTHON = (3, 11)
PACKAGE = "selfsame"
# Packages whose version a report of a problem should name.
NAMED = ("discord.py", "python-telegram-bot", "starlette", "sqlalchemy", "pillow")
# Seconds that a messenger's servers may take for all their answers together.
PATIENCE = 30.0
# Seconds that a page which may be ours takes to say so.
PAGE_PATIENCE = 3.0
# Of a messenger. A token that was set in another window is the usual reason for wondering about this line.
OFF = "Switched off: no SELFSAME_{}_TOKEN is set in this window. docs/{}.md leads there, click by click."
MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}
GAP = "  "


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line said."""

    config: Path | None
    data: Path
    host: str | None = None
    port: int | None = None


async def examine(given: Given) -> tuple[Finding, ...]:
    """Everything there is to say, in the order in which it would fail."""
    configuration, settings = _configuration(given)
    return (
        _python(),
        _packages(),
        configuration,
        await asyncio.to_thread(_data, given.data),
        await _page(_web(settings.web, given)),
        *await _model(settings, given.data),
        *await _pictures(settings, given.data),
        *await _messenger("Discord", settings.discord.token.get_secret_value(), lambda: _discord(settings)),
        *await _messenger(
            "Telegram", settings.telegram.token.get_secret_value(), lambda: _telegram(settings)
        ),
    )


def print_findings(findings: Sequence[Finding], console: Console) -> int:
    """The findings as a table. Returns the exit code: 1 if something that is wanted does not work."""
    width = max(len(finding.title) for finding in findings)
    for finding in findings:
        mark, colour = MARKS[finding.ok]
        first, *more = _wrapped(finding.sentence, console.width - width - len(mark) - 2 * len(GAP))
        # Soft wrapping leaves lines as they are: a link that is too long for the window can still be copied whole.
        line = Text.assemble((mark, colour), GAP, (finding.title.ljust(width), "bold"), GAP, first)
        console.print(line, soft_wrap=True)
        for rest in more:
            console.print(Text(" " * (width + len(mark) + 2 * len(GAP)) + rest), soft_wrap=True)
    wrong = sum(finding.ok is False for finding in findings)
    if wrong:
        many = "One thing is" if wrong == 1 else f"{wrong} things are"
        console.print(f"\n{many} to be mended; what to do is said at each ✗.")
        return 1
    console.print("\nEverything that is switched on works.")
    return 0


def _wrapped(sentence: str, width: int) -> list[str]:
    """A sentence in lines; links are not cut."""
    lines = textwrap.wrap(sentence, max(width, 30), break_long_words=False, break_on_hyphens=False)
    return lines or [""]


# ---------------------------------------------------------------- this machine


def _python() -> Finding:
    found = f"{platform.python_version()} on {platform.system()}."
    if sys.version_info >= OLDEST_PYTHON:
        return Finding(True, "Python", found)
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Finding(False, "Python", f"{found} Selfsame needs {wanted} or newer: install it, then make run.")


def _packages() -> Finding:
    missing = [name for name in _required() if not _version(name)]
    if missing:
        return Finding(
            False, "Packages", f"Not installed: {', '.join(missing)}. `make run` installs what is missing."
        )
    named = ", ".join(f"{name} {_version(name)}" for name in NAMED)
    return Finding(True, "Packages", f"Selfsame {_version(PACKAGE) or '(not installed)'}: {named}.")


def _required() -> list[str]:
    """The names of what this version needs, without what only its tests need."""
    try:
        needed = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return list(NAMED)
    return [re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in needed if "extra ==" not in one]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _configuration(given: Given) -> tuple[Finding, Settings]:
    try:
        settings = load(given.config)
    except SelfsameError as error:
        return Finding(False, "Configuration", error.sentence), Settings()
    where = f"{given.config} is fine." if given.config else "No configuration file: the defaults are used."
    return Finding(True, "Configuration", where), settings


def _data(data: Path) -> Finding:
    try:
        return Finding(True, "Data", look_at(data))
    except SelfsameError as error:
        return Finding(False, "Data", error.sentence)


async def _model(settings: Settings, data: Path) -> tuple[Finding, ...]:
    """What is so of the chat model, on this machine or on servers, and of recall."""
    try:
        async with asyncio.timeout(PATIENCE):
            remarks = await chat.examine(settings.engine, data)
    except TimeoutError:
        return (Finding(False, "Chat model", f"No answer within {PATIENCE:.0f} seconds. Try again later."),)
    meanings = await recall.examine_recall(settings.engine, data)
    return tuple(Finding(one.ok, one.title, one.sentence) for one in (*remarks, meanings))


async def _pictures(settings: Settings, data: Path) -> tuple[Finding, ...]:
    """What draws pictures, and whether it can."""
    remarks = await pictures.examine(settings.engine, data)
    return tuple(Finding(one.ok, one.title, one.sentence) for one in remarks)


# ---------------------------------------------------------------- the page


def _web(web: WebConfig, given: Given) -> WebConfig:
    said = {"host": given.host, "port": given.port}
    return web.model_copy(update={key: value for key, value in said.items() if value is not None})


async def _page(web: WebConfig) -> Finding:
    config = PageConfig(web.host, web.port, web.access_token.get_secret_value(), web.hosts)
    try:
        config.check()
    except ConfigError as error:
        return Finding(False, "Page", error.sentence)
    address = f"http://{web.host}:{web.port}"
    if why := await asyncio.to_thread(_taken, web.host, web.port):
        if await _is_ours(web.host, web.port):
            return Finding(True, "Page", f"Selfsame is running: {address}")
        return Finding(
            False, "Page", f"{address} cannot be used: {why}. Choose another port with --port, or in [web]."
        )
    return Finding(True, "Page", f"{address} is free.")


def _taken(host: str, port: int) -> str:
    """Why an address cannot be listened on, "" if it can."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            trial.bind(where)
    except OSError as error:
        return error.strerror or str(error)
    return ""


async def _is_ours(host: str, port: int) -> bool:
    """Whether a Selfsame answers there."""
    try:
        async with asyncio.timeout(PAGE_PATIENCE):
            reader, writer = await asyncio.open_connection(host.strip("[]"), port)
            writer.write(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            answer = await reader.read(4096)
            writer.close()
            return answer.endswith(b"\r\n\r\nok")
    except (OSError, TimeoutError):
        return False


# ---------------------------------------------------------------- the messengers


async def _messenger(
    title: str, token: str, check: Callable[[], Awaitable[tuple[Finding, ...]]]
) -> tuple[Finding, ...]:
    """What a messenger says about itself; its own mistakes are a finding, too."""
    if not token:
        return (Finding(None, title, OFF.format(title.upper(), title.lower())),)
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except SelfsameError as error:
        return (Finding(False, title, error.sentence),)
    except TimeoutError:
        return (
            Finding(False, title, f"{title} did not answer within {PATIENCE:.0f} seconds. Try again later."),
        )
    except Exception:
        log.exception("%s could not be examined", title)
        return (Finding(False, title, f"{title} could not be examined. The log above says where it failed."),)


async def _discord(settings: Settings) -> tuple[Finding, ...]:
    from bot.surfaces.discord.check import check

    return await check(discord_settings(settings.discord))


async def _telegram(settings: Settings) -> tuple[Finding, ...]:
    from bot.surfaces.telegram.check import check

    return await check(telegram_settings(settings.telegram))
