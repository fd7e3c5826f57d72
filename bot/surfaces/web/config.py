"""What the page has to know of the configuration; bot/app.py maps the settings onto it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from engine.errors import ConfigError

# Guessing 16 random characters over a network takes longer than anybody has; shorter ones are guessed.
TOKEN_LENGTH = 16
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the page listens, and who may open it."""

    host: str = "127.0.0.1"
    port: int = 8420  # 0: any free one
    access_token: str = ""  # "" only on this machine itself
    hosts: tuple[str, ...] = ()  # further names under which the page may be opened

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine itself can reach the page."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def known_hosts(self) -> frozenset[str]:
        """Host names the page answers to; empty: any (a rebound name has no login cookie to abuse)."""
        if not self.on_loopback and not self.hosts:
            return frozenset()
        own = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return frozenset(name.lower() for name in (*LOOPBACK_NAMES, own, *self.hosts))

    def check(self) -> None:
        """Refuse to open the page to the network without a password. Raises ConfigError."""
        if self.on_loopback or len(self.access_token) >= TOKEN_LENGTH:
            return
        raise ConfigError(
            f"The page may listen on {self.host} only with an access token of at least {TOKEN_LENGTH} characters: "
            "set SELFSAME_ACCESS_TOKEN, or leave --host out to keep the page on this machine."
        )
