"""Settings of the engine. `bot/config.py` reads them from TOML; each docstring is the manual of its key."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table of the configuration file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True
    )


class StoreConfig(Section):
    """Where everything is kept: one SQLite file and the pictures beside it, in the data directory."""

    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    """How hard a commit is pressed to the disk. FULL survives a power cut; NORMAL is faster and survives a
    crash of Selfsame, but a power cut may cost the last second."""


class ChatConfig(Section):
    """How characters answer."""

    model: Literal["storyteller"] = "storyteller"
    """The chat model. "storyteller" is the built-in voice that needs no download and no GPU."""

    pace_ms: int = Field(default=25, ge=0, le=1000)
    """Milliseconds between two words of the built-in voice, so that a reply can be read as it comes. 0: at once."""

    window_messages: int = Field(default=48, ge=4, le=400)
    """How many of the latest messages are offered to the prompt; the model's context may hold fewer."""

    reply_tokens: int = Field(default=300, ge=32, le=4096)
    """The most tokens of one reply."""


class MemoryConfig(Section):
    """What is recalled for a reply."""

    facts: int = Field(default=12, ge=0, le=100)
    """The most facts about the person that a reply is given."""

    earlier_messages: int = Field(default=6, ge=0, le=50)
    """The most messages from before the window that a reply is given."""


class ImagesConfig(Section):
    """How pictures are made and how many."""

    pipeline: Literal["illustrator"] = "illustrator"
    """The picture model. "illustrator" draws vector pictures and needs no download and no GPU."""

    size: int = Field(default=1024, ge=256, le=2048, multiple_of=8)
    """Width and height of a picture, in pixels."""

    max_outstanding: int = Field(default=8, ge=1, le=100)
    """The most pictures that one person may have waiting and being made at the same time."""

    per_hour: int = Field(default=120, ge=1, le=100_000)
    """The most pictures that one person may ask for in an hour."""

    attempts: int = Field(default=3, ge=1, le=10)
    """How often a picture is tried before its person is told that it did not come out."""

    lease_seconds: int = Field(default=30, ge=5, le=600)
    """How long a silent worker keeps a picture before another one takes it over."""

    watchdog_seconds: int = Field(default=60, ge=10, le=3600)
    """How long a worker may hang without a sign of life before it is replaced."""

    keep_jobs_days: int = Field(default=14, ge=1, le=3650)
    """How long records of finished pictures are kept; the pictures themselves stay until you delete them."""


class SafetyConfig(Section):
    """What the operator adds to the built-in safety rules, which cannot be switched off."""

    blocked_phrases: tuple[str, ...] = ()
    """Words or phrases that nobody may use here, in messages, pictures or characters. Case does not matter."""


class EngineConfig(Section):
    """All settings of the engine."""

    store: StoreConfig = StoreConfig()
    """Where everything is kept."""

    chat: ChatConfig = ChatConfig()
    """How characters answer."""

    memory: MemoryConfig = MemoryConfig()
    """What is recalled for a reply."""

    images: ImagesConfig = ImagesConfig()
    """How pictures are made and how many."""

    safety: SafetyConfig = SafetyConfig()
    """What the operator adds to the built-in safety rules."""
