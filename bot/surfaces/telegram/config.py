"""What Telegram's surface has to know of the configuration; bot/app.py maps the settings onto it."""

from __future__ import annotations

from dataclasses import dataclass, field

API = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """The bot's account, and where its API is."""

    token: str = field(repr=False)
    api_url: str = ""  # "" is Telegram itself
    topics: bool = True  # a topic for each character in private chats, where the bot has them switched on

    @property
    def base_url(self) -> str:
        """Where methods are called; the library appends the token."""
        return f"{(self.api_url or API).rstrip('/')}/bot"

    @property
    def base_file_url(self) -> str:
        """Where files are."""
        return f"{(self.api_url or API).rstrip('/')}/file/bot"
