"""Telegram's answers in the four words that all messengers share (bot/surfaces/sending.py), and two of its own.

Called around every request. The API has no error codes beyond HTTP's, so its descriptions are compared; they may quote
the words of a message, and so never reach the log as they are.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.surfaces.sending import GoneError, LaterError, TransientError, UndeliverableError

T = TypeVar("T")

# Descriptions of the Bot API, in lower case; several spellings are used for the same thing.
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
THREAD_GONE = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")
NOBODY_THERE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
    "need administrator rights in the channel chat",
    "group chat was deactivated",
    "group chat was deleted",
    "the group has been migrated",
    "bot is not a member",
)
# Causes of a failed request that never reached Telegram: nothing can have been applied.
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class ThreadGoneError(Exception):
    """The topic is deleted or closed."""


class MarkupError(Exception):
    """Telegram cannot read the HTML: send the plain text."""


class UnchangedError(Exception):
    """The message shows exactly this already."""


class MigratedError(Exception):
    """The group became a supergroup with another id."""

    def __init__(self, chat: int) -> None:
        super().__init__()
        self.chat = chat


class AmbiguousError(TransientError):
    """The connection broke after the request went out: it may have been applied."""


async def asked(request: Callable[[], Awaitable[T]]) -> T:
    """Carry out one request of the library; its errors become ours."""
    try:
        return await request()
    except TelegramError as error:
        raise translated(error) from None


def translated(error: TelegramError) -> Exception:
    """The library's error in our words."""
    match error:
        case RetryAfter():
            return LaterError(seconds_of(error))
        case ChatMigrated():
            return MigratedError(error.new_chat_id)
        case Forbidden():
            return UndeliverableError("Telegram: forbidden")
        case BadRequest():
            return _refusal(error.message.lower())
        case InvalidToken():  # polling says so to the owner; until then what is to be sent waits
            return LaterError(10.0)
        case NetworkError():
            return TransientError(type(error).__name__) if never_sent(error) else AmbiguousError()
    return TransientError(type(error).__name__)


def _refusal(description: str) -> Exception:
    if "message is not modified" in description:
        return UnchangedError()
    if "can't parse entities" in description or "can't find end" in description:
        return MarkupError()
    if any(one in description for one in THREAD_GONE):
        return ThreadGoneError()
    if any(one in description for one in GONE):
        return GoneError()
    if any(one in description for one in NOBODY_THERE):
        return UndeliverableError("Telegram: nobody there")
    # Asking again would bring the same answer.
    return UndeliverableError(f"Telegram refused: {wordless(description)}")


def wordless(description: str) -> str:
    """A description for the log: without what it quotes, which may be somebody's words."""
    return re.sub(r"[\"'“<].*[\"'”>]", "…", description)[:120]


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, plus a little for its clock."""
    wait = error.retry_after
    return (wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) + 0.1


def never_sent(error: NetworkError) -> bool:
    """Whether the request surely did not reach Telegram."""
    return isinstance(error.__cause__, NEVER_SENT)
