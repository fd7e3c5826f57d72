"""One reply's place in a chat: drafts that fail cost nothing, and fade not while the reply is being written."""

import asyncio
from itertools import pairwise

from bot.messages import Delta, MessageView, Started
from bot.surfaces.sending import LaterError, TransientError
from bot.surfaces.telegram.html import words_of
from bot.surfaces.telegram.screens import ReplyScreen
from bot.surfaces.telegram.sending import Spot, Words
from bot.surfaces.telegram.surface import TelegramSurface
from bot.surfaces.telegram.typing_ import TYPING_EVERY, show_presence
from engine.types import Role
from tests.bot.surfaces.telegram.conftest import NOON, NOOR, private_origin, said
from tests.loopback.telegram import Chat, TelegramServer, User

OWN = MessageView("own", Role.PERSON, "hello", NOON)


class Sender:
    """Notes what is sent, at which second."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent: list[tuple[float, str, str]] = []
        self.trouble: list[Exception] = []

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def typing(self, spot: Spot) -> None:
        self.sent.append((self.now, "typing", ""))
        if self.trouble:
            raise self.trouble.pop(0)

    async def draft(self, spot: Spot, draft_id: int, words: Words) -> None:
        assert 0 < draft_id < 2**31
        self.sent.append((self.now, "draft", words.plain))
        if self.trouble:
            raise self.trouble.pop(0)

    async def text(self, spot: Spot, words: Words, *, noted: object) -> int:
        self.sent.append((self.now, "text", words.plain))
        return 7


def made() -> tuple[Sender, ReplyScreen]:
    sender = Sender()
    screen = ReplyScreen(
        sender,  # type: ignore[arg-type]
        Spot(5),
        "m1",
        render=words_of,
        drafts=True,
        monotonic=lambda: sender.now,
    )
    return sender, screen


async def test_telegrams_wish_for_no_more_drafts_is_honoured() -> None:
    sender, screen = made()
    sender.trouble = [LaterError(10)]
    assert await screen.post(0, "one", done=False) == ""
    sender.now = 5
    assert await screen.post(0, "one two", done=False) == ""
    sender.now = 11
    assert await screen.post(0, "one two three", done=False) == ""
    assert [(when, text) for when, _, text in sender.sent] == [(0.0, "one"), (11, "one two three")]
    assert await screen.post(0, "one two three four", done=True) == "7"


async def test_typing_ends_with_the_first_words_and_a_draft_is_kept_alive() -> None:
    sender, screen = made()
    sender.trouble = [TransientError()]
    presence = asyncio.create_task(
        show_presence(sender, Spot(5), screen, sleep=sender.sleep, monotonic=lambda: sender.now)  # type: ignore[arg-type]
    )
    while sender.now < 2 * TYPING_EVERY:
        await asyncio.sleep(0)
    begun = sender.now
    await screen.post(0, "Well …", done=False)
    while sender.now < begun + 70:
        await asyncio.sleep(0)
    presence.cancel()
    after = [(when, kind) for when, kind, _ in sender.sent if when > begun]
    assert {kind for _, kind in after} == {"draft"}
    times = [begun, *(when for when, _ in after)]
    assert max(later - earlier for earlier, later in pairwise(times)) < 30


async def test_the_first_words_are_there_at_once(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    loop = asyncio.get_running_loop()
    await surface.deliver(private_origin(ada), Started(OWN, "m1", NOOR))
    since = loop.time()
    await surface.deliver(private_origin(ada), Delta("m1", "Well, "))
    await server.until(lambda: server.world.drafts(chat))
    assert loop.time() - since < 0.3
    await surface.deliver(private_origin(ada), said("Well, well."))
