"""Where the prompt of each conversation begins, and what was said before that in short: `store.windows`.

`engine/chat/planner.py` cuts a history that has become too long, `engine/memory/summary.py` writes what it loses. A
row goes by itself when words are deleted, hidden or changed that its summaries were made from (migration 0005), and a
summary that was being written meanwhile is not taken: its token is not there any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.conversations import message_of, message_rows
from engine.store.db import Database, uninterrupted
from engine.store.ids import new_id
from engine.store.tables import conversations, erased, messages, windows
from engine.types import Message

_next = (
    select(messages.c.id)
    .where(
        messages.c.conversation_id == windows.c.conversation_id,
        messages.c.seq >= windows.c.next_seq,
        windows.c.next_summary != "",
    )
    .order_by(messages.c.seq)
    .limit(1)
    .correlate(windows)
    .scalar_subquery()
)
_GET = (
    select(windows.c.token, windows.c.summary, windows.c.next_summary, _next.label("next_id"))
    .where(windows.c.conversation_id == bindparam("conversation_id"))
    .limit(1)
)
_seq = select(messages.c.seq).where(
    messages.c.id == bindparam("message_id"), messages.c.conversation_id == bindparam("in_conversation")
)


@dataclass(frozen=True, slots=True)
class Window:
    """What a conversation's prompt begins with."""

    token: str = ""
    summary: str = ""  # of what was said before the first message; "" if nothing was, or nobody wrote it
    next_summary: str = ""  # of what was said before the message `next_id`, once the history is cut there
    next_id: str = ""  # "" as long as there is no such summary


@dataclass(frozen=True, slots=True)
class Unsummed:
    """What goes into the next summary: the one before, and what was said since, oldest first."""

    token: str
    summary: str
    messages: Sequence[Message]


@uninterrupted("get")
class Windows:
    """The windows of the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, conversation_id: str) -> Window:
        """The window of a conversation; an empty one where nothing was cut yet."""
        rows = await self._db.glance(_GET, conversation_id=conversation_id)
        return Window(*(value or "" for value in rows[0])) if rows else Window()

    async def cut(self, conversation_id: str, first_id: str) -> None:
        """Let the prompt begin with a message from now on. Nothing happens if that message is gone."""
        found = _seq.subquery()
        row = insert(windows).from_select(
            ["conversation_id", "token", "start_seq"],
            select(bindparam("conversation_id"), bindparam("token"), found.c.seq).where(
                found.c.seq.is_not(None)
            ),
        )
        row = row.on_conflict_do_update(
            index_elements=["conversation_id"],
            set_={"start_seq": row.excluded.start_seq, "next_seq": None, "next_summary": ""},
        )
        values = {"conversation_id": conversation_id, "token": new_id()}
        async with self._db.step() as db:
            await db.execute(row, values | {"message_id": first_id, "in_conversation": conversation_id})

    async def move_on(self, conversation_id: str, token: str) -> None:
        """Cut where the next summary says, which is the summary from now on. Nothing happens if it is gone."""
        taken = update(windows).where(
            windows.c.conversation_id == conversation_id,
            windows.c.token == token,
            windows.c.next_summary != "",
        )
        async with self._db.step() as db:
            await db.execute(
                taken.values(
                    start_seq=windows.c.next_seq,
                    summed_seq=windows.c.next_seq,
                    summary=windows.c.next_summary,
                    next_seq=None,
                    next_summary="",
                )
            )

    async def begin_summary(self, conversation_id: str, until_id: str, most: int) -> Unsummed | None:
        """Begin a summary of what was said before a message; None if there is nothing to be summed up."""
        values = {"message_id": until_id, "in_conversation": conversation_id}
        async with self._db.write() as db:
            until = await db.scalar(_seq, values)
            if until is None:
                return None
            token = new_id()
            row = insert(windows).values(conversation_id=conversation_id, token=token, next_seq=until)
            begun = row.on_conflict_do_update(
                index_elements=["conversation_id"],
                set_={"token": token, "next_seq": until, "next_summary": ""},
            ).returning(windows.c.summary, windows.c.summed_seq)
            known = (await db.execute(begun)).one()
            wanted = (
                message_rows(conversation_id)
                .where(messages.c.seq >= known.summed_seq, messages.c.seq < until, messages.c.in_prompt)
                .order_by(messages.c.seq.desc())
                .limit(most)
            )
            said = [message_of(found) for found in (await db.execute(wanted)).fetchall()]
        return Unsummed(token, known.summary, said[::-1]) if said else None

    async def finish_summary(self, conversation_id: str, token: str, summary: str) -> bool:
        """Keep a summary for the next cut. False if what it was made from has changed meanwhile."""
        row = update(windows).where(windows.c.conversation_id == conversation_id, windows.c.token == token)
        async with self._db.step() as db:
            return (await db.execute(row.values(next_summary=summary))).rowcount > 0

    async def erase(self, conversation_id: str) -> None:
        """Have what was read of a conversation forgotten once more; at the next start if not now."""
        mark = insert(erased).values(conversation_id=conversation_id)
        async with self._db.step() as db:
            await db.execute(
                mark.on_conflict_do_update(
                    index_elements=["conversation_id"], set_={"times": erased.c.times + 1}
                )
            )
        await self._db.erase()

    def erasures(self, conversation_id: str) -> int:
        """A number that has grown once words of the conversation were erased: what was read before is not to be used."""
        return self._db.erasures[conversation_id]


async def of_person(db: AsyncConnection, person_id: str) -> dict[str, str]:
    """The summaries of a person's conversations, by the conversations' ids."""
    wanted = (
        select(windows.c.conversation_id, windows.c.summary, windows.c.next_summary)
        .join(conversations, conversations.c.id == windows.c.conversation_id)
        .where(
            conversations.c.person_id == person_id, (windows.c.summary != "") | (windows.c.next_summary != "")
        )
    )
    rows = (await db.execute(wanted)).fetchall()
    return {row.conversation_id: "\n".join(text for text in row[1:] if text) for row in rows}
