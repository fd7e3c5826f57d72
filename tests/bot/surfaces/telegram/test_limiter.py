"""The published limits of Telegram, on a virtual clock: never more than they allow in any span, and no slower."""

import asyncio
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.surfaces.sending import LaterError
from bot.surfaces.telegram.limiter import Limiter


class Telegram:
    """Notes when each request comes through."""

    def __init__(self) -> None:
        self.limiter = Limiter()
        self.times: list[float] = []
        self.trouble: list[Exception] = []
        self.seconds = 0  # that a request takes

    async def request(self, endpoint: str, **data: Any) -> None:
        async def callback() -> bool:
            self.times.append(asyncio.get_running_loop().time())
            if self.trouble:
                raise self.trouble.pop(0)
            await asyncio.sleep(self.seconds)
            return True

        await self.limiter.process_request(callback, (), {}, endpoint, data, None)

    def peak(self, seconds: float) -> int:
        """The most requests in any span of that length."""
        return max(sum(start <= time < start + seconds for time in self.times) for start in self.times)


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.mark.looptime
async def test_a_group_gets_twenty_messages_a_minute(telegram: Telegram) -> None:
    await asyncio.gather(*(telegram.request("sendMessage", chat_id=-5) for _ in range(45)))
    assert telegram.peak(60) in (19, 20)
    assert max(telegram.times) - min(telegram.times) < 170


@pytest.mark.looptime
async def test_a_private_chat_gets_one_a_second_after_a_short_burst(telegram: Telegram) -> None:
    await asyncio.gather(*(telegram.request("editMessageText", chat_id=5) for _ in range(30)))
    assert telegram.peak(1) <= 4
    assert telegram.peak(10) <= 13
    assert max(telegram.times) - min(telegram.times) < 29


async def test_all_chats_together_get_thirty_a_second(telegram: Telegram) -> None:
    await asyncio.gather(*(telegram.request("sendMessage", chat_id=chat) for chat in range(1, 50)))
    assert telegram.peak(1) <= 30  # by the real clock: the virtual one stands still between two roundings


@pytest.mark.looptime
async def test_signs_and_drafts_wait_for_nothing(telegram: Telegram) -> None:
    await asyncio.gather(*(telegram.request("sendChatAction", chat_id=-5) for _ in range(100)))
    assert set(telegram.times) == {telegram.times[0]}


@pytest.mark.looptime
async def test_taking_messages_away_holds_up_no_words(telegram: Telegram) -> None:
    for _ in range(4):
        await telegram.request("deleteMessage", chat_id=5)
    await asyncio.gather(*(telegram.request("sendMessage", chat_id=5) for _ in range(3)))
    assert max(telegram.times) - min(telegram.times) < 1


@pytest.mark.looptime
async def test_the_pictures_of_an_album_count(telegram: Telegram) -> None:
    await telegram.request("sendMessage", chat_id=5)
    await telegram.request("sendMediaGroup", chat_id=5, media=[1] * 10)
    await telegram.request("sendMessage", chat_id=5)
    first, album, after = telegram.times
    assert (first, album) == (0, 1)  # as much at once as there is at most
    assert after == 9


@pytest.mark.looptime
async def test_a_short_wait_is_waited_out_and_a_long_one_handed_on(telegram: Telegram) -> None:
    telegram.trouble = [RetryAfter(2)]
    await telegram.request("sendMessage", chat_id=5)
    assert telegram.times[1] - telegram.times[0] >= 2
    telegram.trouble = [RetryAfter(60)]
    with pytest.raises(LaterError):
        await telegram.request("sendMessage", chat_id=5)


@pytest.mark.looptime
async def test_an_upload_counts_from_when_it_arrived(telegram: Telegram) -> None:
    """What is sent after it keeps its distance to the arrival, which is what Telegram sees."""
    telegram.seconds = 4
    await telegram.request("sendMediaGroup", chat_id=5, media=[1] * 10)
    telegram.seconds = 0
    await telegram.request("sendMessage", chat_id=5)
    assert telegram.times == [0, 12]
