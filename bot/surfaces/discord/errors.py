"""The library's errors → what the sending rooms know: again later, again now, gone, nobody there, or refused.

`rest.py` translates every failure here, so that no other file has to know the library's exceptions. The numbers are
Discord's JSON error codes (discord.com/developers/docs/topics/opcodes-and-status-codes).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.surfaces.sending import LaterError, TransientError

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062  # not answered within 3 seconds, or a token that never was
TOO_MANY_WEBHOOKS = 30007
ALREADY_ACKNOWLEDGED = 40060  # our own first answer had arrived, and only its confirmation was lost
MISSING_ACCESS = 50001
CANNOT_MESSAGE_USER = 50007
MISSING_PERMISSION = 50013
TOKEN_EXPIRED = 50027  # an interaction's or a webhook's
THREAD_ARCHIVED = 50083

# The message, or where it stood, is there no longer.
GONE = frozenset({UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, TOKEN_EXPIRED})
# Nobody can be reached there, however often it is tried.
CLOSED = frozenset(
    {UNKNOWN_CHANNEL, MISSING_ACCESS, CANNOT_MESSAGE_USER, MISSING_PERMISSION, THREAD_ARCHIVED}
)

# Waited where Discord does not say how long; its buckets mostly reset within that.
UNTOLD_WAIT_S = 5.0


class RefusedError(Exception):
    """Discord will not do that, however often it is asked; `code` says why."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(f"Discord refused it: code {code}, status {status}")
        self.code = code
        self.status = status


@contextmanager
def translated() -> Iterator[None]:
    """Raise the library's failures as LaterError, TransientError or RefusedError."""
    try:
        yield
    except discord.RateLimited as error:
        raise LaterError(error.retry_after) from error
    except discord.HTTPException as error:
        raise of_status(error) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise TransientError from error


def of_status(error: discord.HTTPException) -> LaterError | TransientError | RefusedError:
    """What an answer that is no success means for whoever sent."""
    if error.status == 429:
        return LaterError(_wait(error))
    if error.status >= 500:
        return TransientError()
    return RefusedError(error.code, error.status)


def _wait(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return UNTOLD_WAIT_S
