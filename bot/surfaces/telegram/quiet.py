"""The libraries' own logs are silenced: they write addresses, which hold the token, and people's words."""

from __future__ import annotations

import logging

TALKATIVE = ("httpx", "httpcore", "telegram")


def quiet_libraries() -> None:
    """Called before anything is asked of Telegram; what matters is logged by the surface itself."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
