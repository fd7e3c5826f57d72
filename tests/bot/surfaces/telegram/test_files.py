"""A file as the caption of which /import is written, or that it answers: named in the event, fetched when it is needed."""

from __future__ import annotations

import pytest

from bot.surfaces.telegram.surface import TelegramSurface
from engine.errors import NotFoundError
from tests.bot.surfaces.telegram.conftest import Rig
from tests.loopback.telegram import TelegramServer, User

CHAT = b"Ada: hello\nMaya: hi\n" * 1000


async def fetched(surface: TelegramSurface, ref: str) -> bytes:
    return b"".join([piece async for piece in surface.fetch(ref)])


async def test_a_file_with_the_command_as_its_caption(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    server.control.document(ada, ada, "chat.txt", CHAT, caption="/import me:Ada")
    words, _, ref = (await rig.door.next()).text.rpartition(" file:")
    assert words == "/import me:Ada"
    assert await fetched(surface, ref) == CHAT


async def test_the_command_in_answer_to_a_file(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    sent = server.control.document(ada, ada, "chat.txt", CHAT)
    server.control.say(ada, ada, "/import", reply_to=sent)
    words, _, ref = (await rig.door.until(2))[-1].text.rpartition(" file:")
    assert words == "/import"
    assert await fetched(surface, ref) == CHAT


async def test_a_file_beside_other_words_is_not_named(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    server.control.document(ada, ada, "chat.txt", CHAT, caption="look at this")
    assert (await rig.door.next()).text == "look at this"


@pytest.mark.parametrize("ref", ["nonsense", "../../etc/passwd", "https://example.org/x"])
async def test_what_is_no_file_of_telegrams_is_refused(surface: TelegramSurface, ref: str) -> None:
    with pytest.raises(NotFoundError, match="send it again"):
        await fetched(surface, ref)
