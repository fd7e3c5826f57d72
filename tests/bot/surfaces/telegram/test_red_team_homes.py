"""A group that moved keeps its memory also when whoever moved it is forgotten."""

from __future__ import annotations

from tests.bot.surfaces.telegram.conftest import Rig
from tests.loopback.telegram import Chat, TelegramServer, User


async def said_in(rig: Rig, chat: Chat, user: User) -> str:
    """The place in which somebody's command arrives."""
    count = len(rig.door.accepted) + 1
    rig.server.control.say(chat, user, "/memory")
    return (await rig.door.until(count))[-1].origin.place


def forget(rig: Rig, person_id: str) -> None:
    """What /forget_me does to the ledger."""
    rig.ledger.rows = {at: row for at, row in rig.ledger.rows.items() if row.person_id != person_id}


async def test_everybody_keeps_where_the_group_was(rig: Rig, server: TelegramServer) -> None:
    ada, bob = server.control.user("Ada"), server.control.user("Bob")
    group = server.control.group("Club", ada, bob, kind="group")
    async with rig.running():
        before = await said_in(rig, group, bob)
        moved = server.control.upgrade(group)
        assert await said_in(rig, moved, bob) == before
        forget(rig, f"person-{ada.id}")  # in her name Telegram said that the group moved
        assert await said_in(rig, moved, bob) == before
    async with rig.running():
        assert await said_in(rig, moved, bob) == before
        assert await said_in(rig, moved, ada) == before
        forget(rig, f"person-{bob.id}")
    async with rig.running():
        assert await said_in(rig, moved, bob) == before


async def test_a_group_that_never_moved_keeps_nothing(rig: Rig, server: TelegramServer) -> None:
    ada = server.control.user("Ada")
    group = server.control.group("Club", ada)
    async with rig.running():
        assert await said_in(rig, group, ada) == f"telegram:chat:{group.id}"
        assert await said_in(rig, group, ada) == f"telegram:chat:{group.id}"
    assert not [key for key, _ in rig.ledger.rows if key.startswith("home:")]
