"""What Discord's surface has to know of the configuration; bot/app.py maps the settings onto it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How the bot connects to Discord, and how its characters speak there."""

    token: str = field(repr=False)
    api_url: str = ""  # "" for Discord itself
    message_content: bool = False  # messages that do not mention the bot may be read
    own_faces: bool = True  # characters speak by webhooks, with their own name and face
    age_restricted_only: bool = False
    shards: int = 0  # 0: one connection; 1: as many as Discord recommends; else as many as given
