"""Telegram's published limits, kept before it has to remind of them: python-telegram-bot asks this for each request.

The library's own limiter lets a whole minute's worth through at once and then refills, which is up to twice the limit
within the first minute, and does not know private chats; so each chat has its own turns here. What Telegram does not count
passes at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.surfaces.sending import LaterError
from bot.surfaces.telegram.errors import seconds_of

T = TypeVar("T")

# 30 requests in a second for all chats: 5 at once and 25 more within any second.
OVERALL = (5, 0.2)
# 20 messages in a minute for a group: 5 at once and 15 more within any minute. As (seconds between two, at once).
GROUP = (4.0, 5)
# 1 message in a second for a private chat, where short bursts are tolerated.
PRIVATE = (1.0, 3)
# Requests that are no messages, and so are not counted.
UNCOUNTED = frozenset(("sendChatAction", "sendMessageDraft", "answerCallbackQuery", "getMe"))
# Requests that take nothing of a chat's messages: whoever waits for words does not wait for something to be taken away.
TURNLESS = frozenset(("deleteMessage", "deleteMessages"))
# The library waits this long itself, which holds everybody up; a longer wait holds up its own chat only.
PATIENCE = 3.0  # seconds
RETRIES = 3
# Chats whose turns are kept.
KEPT = 1024


class Limiter(AIORateLimiter):
    """Lets each request through when its chat and the bot as a whole may send again."""

    def __init__(self) -> None:
        super().__init__(
            overall_max_rate=OVERALL[0],
            overall_time_period=OVERALL[1],
            group_max_rate=0,
            group_time_period=0,
            max_retries=RETRIES,
        )
        self._chats: dict[int, _Turns] = {}

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

        async def request() -> Any:
            return await super(Limiter, self).process_request(
                within_patience, args, kwargs, endpoint, data, rate_limit_args
            )

        if isinstance(chat := data.get("chat_id"), int) and endpoint not in TURNLESS:
            return await self._turns_of(chat).during(request, _messages(endpoint, data))
        return await request()

    def _turns_of(self, chat: int) -> _Turns:
        if len(self._chats) >= KEPT and chat not in self._chats:
            self._chats = {one: turns for one, turns in self._chats.items() if not turns.idle}
        return self._chats.setdefault(chat, _Turns(*(PRIVATE if chat > 0 else GROUP)))


class _Turns:
    """A chat's turns: who asks first is first, and an album takes several, which the next one waits for."""

    def __init__(self, every: float, at_once: int) -> None:
        self._every, self._at_once = every, at_once
        self._booked_until = float("-inf")  # when all that was sent is paid for
        self._line = asyncio.Lock()

    @property
    def idle(self) -> bool:
        """Whether nobody waits or has to."""
        return not self._line.locked() and self._booked_until <= asyncio.get_running_loop().time()

    async def during(self, request: Callable[[], Awaitable[T]], messages: int) -> T:
        """Carry out a request at the next turn. Telegram counts when it arrives, which an upload may put off."""
        counts_from = await self._take(messages)
        try:
            return await request()
        finally:
            self._booked_until += max(0.0, asyncio.get_running_loop().time() - counts_from)

    async def _take(self, messages: int) -> float:
        """Wait for the next turn. Returns from when on its messages are paid for."""
        clock = asyncio.get_running_loop().time
        async with self._line:
            credit = (self._at_once - min(messages, self._at_once)) * self._every
            await asyncio.sleep(max(0.0, self._booked_until - credit - clock()))
            counts_from = max(clock(), self._booked_until)
            self._booked_until = counts_from + messages * self._every
            return counts_from


def _messages(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a request is: each picture of an album is one."""
    return len(data["media"]) if endpoint == "sendMediaGroup" else 1
