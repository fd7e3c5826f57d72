"""Patience: what passes is tried again, what does not is said at once, and there is an end to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.surfaces.sending import GoneError, LaterError, TransientError, UndeliverableError, until_sent


class Clock:
    """Remembers how long was slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def send() -> str:
        if left:
            raise left.pop(0)
        return "sent"

    return send


async def test_broken_connections_are_tried_again_ever_later() -> None:
    clock = Clock()
    errors = [OSError(), TimeoutError(), *(TransientError() for _ in range(6))]
    assert await until_sent(failing(*errors), sleep=clock.sleep) == "sent"
    assert clock.slept == [0.5, 1, 2, 4, 8, 16, 30, 30]


async def test_the_platforms_own_wait_is_kept() -> None:
    clock = Clock()
    assert await until_sent(failing(LaterError(41.5), LaterError(-1)), sleep=clock.sleep) == "sent"
    assert clock.slept == [41.5, 0]


@pytest.mark.parametrize("error", [GoneError(), UndeliverableError(), ValueError()])
async def test_what_waiting_does_not_help_is_raised_at_once(error: Exception) -> None:
    clock = Clock()
    with pytest.raises(type(error)):
        await until_sent(failing(error), sleep=clock.sleep)
    assert clock.slept == []


async def test_patience_ends() -> None:
    clock = Clock()
    with pytest.raises(UndeliverableError):
        await until_sent(failing(*(TransientError() for _ in range(1000))), sleep=clock.sleep, patience=100)
    assert 60 < sum(clock.slept) <= 100
