"""TOML → frozen settings, parsed once by `bot/__main__.py`. An unknown key is an error that names the near miss.

`example()` writes config.example.toml from the docstrings, so that the manual cannot drift from the code.
"""

from __future__ import annotations

import difflib
import os
import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError

from engine.config import (
    ChatConfig,
    ComfyConfig,
    EngineConfig,
    ImagesConfig,
    ImageServerConfig,
    LlmConfig,
    MemoryConfig,
    SafetyConfig,
    Section,
    ServerConfig,
    StoreConfig,
)
from engine.errors import ConfigError

# Secrets that the environment gives: variable → table and key.
SECRETS = {
    "SELFSAME_ACCESS_TOKEN": ("web", "access_token"),
    "SELFSAME_DISCORD_TOKEN": ("discord", "token"),
    "SELFSAME_TELEGRAM_TOKEN": ("telegram", "token"),
    "SELFSAME_PARK_KEY": ("llm", "park_key"),
    "SELFSAME_IMAGE_SERVER_KEY": ("image_server", "api_key"),
    "SELFSAME_SERVER_KEY": ("server", "api_key"),
}

# Where the checker's own words are for programmers.
PLAIN = {
    "model_type": "this is a table; write it as [name] on a line of its own, with its keys below",
    "tuple_type": 'this is a list; write it as ["one", "another"]',
}


class WebConfig(Section):
    """The page in your browser."""

    host: str = "127.0.0.1"
    """The address that the page listens on. Anything but this machine itself needs `access_token`."""

    port: int = Field(default=8420, ge=0, le=65535)
    """The port of the page. 0 takes a free one and prints it."""

    access_token: SecretStr = SecretStr("")
    """The password of the page when it is reachable from other machines; at least 16 characters.
    Better given by the environment variable SELFSAME_ACCESS_TOKEN than written here."""

    hosts: tuple[str, ...] = ()
    """Further host names under which the page may be opened, e.g. behind a reverse proxy: ["selfsame.example"]."""


class DiscordConfig(Section):
    """Discord. docs/discord.md leads from nothing to a running bot, click by click."""

    token: SecretStr = SecretStr("")
    """The bot's token, from the page Bot of your application in Discord's developer portal. Empty: no Discord.
    Better given by the environment variable SELFSAME_DISCORD_TOKEN than written here."""

    api_url: str = ""
    """Another address of Discord's API, with /api/v10 at its end, e.g. a REST proxy: "http://127.0.0.1:3000/api/v10".
    The gateway's address is asked for there, too. Empty: Discord itself."""

    message_content: bool = False
    """Whether the bot may read messages that do not mention it, so that a character answers to its name alone.
    Needs the Message Content Intent, switched on at the page Bot of your application."""

    own_faces: bool = True
    """Whether characters speak in servers with their own name and face, by webhooks. Where the permission
    Manage Webhooks is missing they speak as the bot."""

    age_restricted_only: bool = False
    """Whether characters answer only in age-restricted channels and servers, and in private chats."""

    shards: int = Field(default=0, ge=0, le=10_000)
    """How many gateway connections share the servers. 0 is one connection, which Discord allows up to 2,500 servers;
    1 asks Discord how many it recommends; any other number is taken as it is."""


class TelegramConfig(Section):
    """Telegram. docs/telegram.md leads from nothing to a running bot, click by click."""

    token: SecretStr = SecretStr("")
    """The bot's token, as BotFather gave it. Empty: no Telegram.
    Better given by the environment variable SELFSAME_TELEGRAM_TOKEN than written here."""

    api_url: str = ""
    """Another address of the Bot API, without /bot at its end, e.g. your own Bot API server: "http://127.0.0.1:8081".
    Empty: Telegram itself."""

    topics: bool = True
    """Whether each character gets a topic of its own in private chats, where the bot has topics switched on."""


class AccessConfig(Section):
    """How fast one person may talk."""

    messages_per_minute: int = Field(default=40, ge=1, le=10_000)
    """The most messages and commands that one person may send in a minute."""


class LogConfig(Section):
    """What is written to the terminal. Nobody's words and no secrets are ever logged."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is written."""


class Settings(Section):
    """The whole configuration file."""

    web: WebConfig = WebConfig()
    """The page in your browser."""

    discord: DiscordConfig = DiscordConfig()
    """Discord. docs/discord.md leads from nothing to a running bot, click by click."""

    telegram: TelegramConfig = TelegramConfig()
    """Telegram. docs/telegram.md leads from nothing to a running bot, click by click."""

    access: AccessConfig = AccessConfig()
    """How fast one person may talk."""

    store: StoreConfig = StoreConfig()
    """Where everything is kept: one SQLite file and the pictures beside it, in the data directory (--data)."""

    chat: ChatConfig = ChatConfig()
    """How characters answer."""

    llm: LlmConfig = LlmConfig()
    """A language model in this process, by llama.cpp: for chat.model = "llama". Needs the extra [llm]: docs/models.md."""

    server: ServerConfig = ServerConfig()
    """OpenAI-compatible servers (llama-server, vLLM, SGLang, Ollama, LM Studio …): for chat.model = "server"."""

    memory: MemoryConfig = MemoryConfig()
    """What is recalled for a reply."""

    images: ImagesConfig = ImagesConfig()
    """How pictures are made and how many."""

    comfyui: ComfyConfig = ComfyConfig()
    """Your own ComfyUI: for images.pipeline = "comfyui". docs/comfyui.md."""

    image_server: ImageServerConfig = ImageServerConfig()
    """A server with the OpenAI image API (SGLang-Diffusion, vLLM-Omni …): for images.pipeline = "openai_images"."""

    safety: SafetyConfig = SafetyConfig()
    """What you add to the built-in safety rules, which cannot be switched off."""

    log: LogConfig = LogConfig()
    """What is written to the terminal. Nobody's words and no secrets are ever logged."""

    @property
    def engine(self) -> EngineConfig:
        """The part that the engine is given."""
        return EngineConfig(
            store=self.store,
            chat=self.chat,
            llm=self.llm,
            server=self.server,
            memory=self.memory,
            images=self.images,
            comfyui=self.comfyui,
            image_server=self.image_server,
            safety=self.safety,
        )


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a file, or the embedded default. Raises ConfigError with a sentence that says what to change."""
    tables = _read(path) if path else {}
    for variable, (table, key) in SECRETS.items():
        keys = tables.setdefault(table, {}) if environ.get(variable) else tables.get(table)
        if isinstance(keys, dict) and isinstance(keys.get(key, ""), str):
            # Whoever pastes a secret pastes a blank with it.
            keys[key] = (environ.get(variable) or keys.get(key, "")).strip()
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(
            f"There is no configuration file at {path}. Leave --config out to use the defaults."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not a UTF-8 text file. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None


def _explain(error: ValidationError, path: Path | None) -> str:
    lines = [_explain_one(one) for one in error.errors(include_url=False, include_input=False)]
    return f"{path or 'The configuration'} cannot be used: " + " ".join(lines)


def _explain_one(one: Any) -> str:
    where = [str(part) for part in one["loc"]]
    name = ".".join(where)
    if plain := PLAIN.get(one["type"]):
        return f"{name}: {plain}."
    if one["type"] != "extra_forbidden":
        return f"{name}: {one['msg']}."
    if owners := _tables_with(where[-1]) if len(where) == 1 else []:
        return f"There is no key {name!r} outside of a table. It belongs below {' or '.join(owners)}."
    known = _keys_beside(where[:-1])
    near = difflib.get_close_matches(where[-1], known, n=1, cutoff=0.5)
    hint = (
        f"Did you mean {'.'.join([*where[:-1], near[0]])!r}?" if near else f"Known keys: {', '.join(known)}."
    )
    return f"There is no key {name!r}. {hint}"


def _tables_with(key: str) -> list[str]:
    """The tables that have such a key: it was written before the first of them."""
    tables = {name: _keys_beside([name]) for name in Settings.model_fields}
    return [f"[{name}]" for name, keys in tables.items() if key in keys]


def _keys_beside(tables: list[str]) -> list[str]:
    model: type[BaseModel] = Settings
    for table in tables:
        annotation = model.model_fields[table].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        model = annotation
    return list(model.model_fields)


def example() -> str:
    """The text of config.example.toml: every key with its manual and its default, commented out."""
    parts = [
        "# Selfsame's configuration. Every key is shown with its default; copy the file to config.toml,\n"
        "# change what you like, and start with: selfsame run --config config.toml\n"
        "# This file is generated (selfsame config example); a test keeps it current."
    ]
    for name, table in Settings.model_fields.items():
        assert isinstance(table.annotation, type) and issubclass(table.annotation, BaseModel)
        parts.append(_comment(table.description) + f"\n[{name}]\n" + _example_keys(table.annotation))
    return "\n\n".join(parts) + "\n"


def _example_keys(model: type[BaseModel]) -> str:
    keys = []
    for name, key in model.model_fields.items():
        keys.append(f"{_comment(key.description)}\n# {name} = {_toml(key.get_default())}")
    return "\n\n".join(keys)


def _comment(text: str | None) -> str:
    words = " ".join((text or "").split())
    return textwrap.fill(words, 100, initial_indent="# ", subsequent_indent="# ")


def _toml(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
            if value
            else "{}"
        )
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
