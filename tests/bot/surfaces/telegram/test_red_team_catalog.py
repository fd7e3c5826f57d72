"""In a group the catalog shows nobody's own characters and drafts."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages import Catalog, CharacterCard, DraftCard, Origin
from bot.surfaces.telegram.surface import TelegramSurface
from tests.bot.surfaces.telegram.conftest import private_origin
from tests.loopback.telegram import Chat, TelegramServer, User

CATALOG = Catalog(
    (
        CharacterCard("noor", "noor", "Noor", "Night dispatcher", "", "painterly"),
        CharacterCard("wen", "wen", "Wendeline", "Mine alone", "", "painterly", mine=True),
    ),
    (DraftCard("draft", "Someone unfinished", "Looks", datetime(2026, 11, 21, tzinfo=UTC)),),
)


async def test_ones_own_are_for_the_private_chat(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    group = server.control.group("Book club", ada)
    place = f"telegram:chat:{group.id}"
    await surface.deliver(
        Origin("telegram", f"person-{ada.id}", place, channel=str(group.id), reply=f"m:1:{ada.id}"), CATALOG
    )
    shown = repr([(one.text, one.labels) for one in group.visible()])
    assert "Noor" in shown and "Wendeline" not in shown and "unfinished" not in shown
    await surface.deliver(private_origin(ada), CATALOG)
    shown = repr([(one.text, one.labels) for one in chat.visible()])
    assert "Wendeline" in shown and "unfinished" in shown
