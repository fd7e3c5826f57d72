"""Telegram's published limits, kept before it has to remind of them: python-telegram-bot asks this for each request.

Its own limiter is a bucket that lets a whole minute's worth through at once and then refills, which is up to twice the
limit within the first minute; smaller buckets never exceed it. What Telegram does not count passes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.surfaces.sending import LaterError
from bot.surfaces.telegram.errors import seconds_of

# 30 requests in a second for all chats: 10 at once and 20 more within any second.
OVERALL = (10, 0.5)
# 20 messages in a minute for a group: 5 at once and 15 more within any minute.
GROUP = (5, 20.0)
# 1 message in a second for a private chat, where short bursts are tolerated.
PRIVATE = (3, 3.0)
# Requests that are no messages, and so are not counted.
UNCOUNTED = frozenset(("sendChatAction", "sendMessageDraft", "answerCallbackQuery", "getMe"))
# The library waits this long itself, which holds everybody up; a longer wait holds up its own chat only.
PATIENCE = 3.0  # seconds
RETRIES = 3
# Private chats whose buckets are kept.
KEPT = 1024


class Limiter(AIORateLimiter):
    """Lets each request through when its chat and the bot as a whole may send again."""

    def __init__(self) -> None:
        super().__init__(
            overall_max_rate=OVERALL[0],
            overall_time_period=OVERALL[1],
            group_max_rate=GROUP[0],
            group_time_period=GROUP[1],
            max_retries=RETRIES,
        )
        self._private: dict[int, AsyncLimiter] = {}

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Carry out one request of the library within the limits."""
        if endpoint in UNCOUNTED:
            return await callback(*args, **kwargs)

        async def within_patience(*args: Any, **kwargs: Any) -> Any:
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                if seconds_of(error) > PATIENCE:
                    raise LaterError(seconds_of(error)) from None
                raise

        await self._turn_of(data.get("chat_id"), _messages(endpoint, data))
        return await super().process_request(within_patience, args, kwargs, endpoint, data, rate_limit_args)

    async def _turn_of(self, chat: object, messages: int) -> None:
        """Wait for the turn of a chat. The library waits for one message of a group; an album is several."""
        if not isinstance(chat, int):
            return
        if chat < 0:
            for _ in range(min(messages, GROUP[0]) - 1):
                await self._get_group_limiter(chat).acquire()
            return
        if len(self._private) >= KEPT and chat not in self._private:
            self._forget_idle()
        await self._private.setdefault(chat, AsyncLimiter(*PRIVATE)).acquire(min(messages, PRIVATE[0]))

    def _forget_idle(self) -> None:
        for chat, bucket in tuple(self._private.items()):
            if bucket.has_capacity(bucket.max_rate):
                del self._private[chat]


def _messages(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a request is: each picture of an album is one."""
    return len(data["media"]) if endpoint == "sendMediaGroup" else 1
