"""Conversations and their messages: `store.conversations`.

This is the path of every chat turn, so each of its calls is one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import NotFoundError
from engine.store.db import Database, soil, uninterrupted
from engine.store.ids import new_id
from engine.store.search import best_messages, forget_words, in_messages
from engine.store.survivors import survivor
from engine.store.tables import (
    SCOPE_BITS,
    Instant,
    characters,
    conversations,
    messages,
    people,
    versions,
    windows,
)
from engine.types import PRIVATE_PLACE, Clock, Conversation, Message, Role

# The latest messages of one conversation among which those are that somebody else may have heard.
HEARD_SPAN = 64
# Conversations of a place whose people and characters are told apart from those of another one there.
COMPANY = 64

_FIELDS = [
    messages.c[name]
    for name in (
        "id",
        "conversation_id",
        "role",
        "text",
        "created_at",
        "reply_to",
        "job_id",
        "media_id",
        "event_id",
        "in_prompt",
    )
]
_MESSAGE = select(*_FIELDS)
# On the page nobody has to say a name; whoever linked an account has one there.
_linked = people.alias()
_NAME = func.coalesce(
    func.nullif(people.c.display_name, ""),
    select(_linked.c.display_name)
    .where(_linked.c.joined_id == people.c.id, _linked.c.display_name != "")
    .order_by(_linked.c.created_at)
    .limit(1)
    .correlate(people)
    .scalar_subquery(),
    "",
)
_CONVERSATION = select(conversations, _NAME.label("person_name")).join(people)
# Written out, because SQLite uses a partial index only where a query says its very condition.
_ACTIVE: ColumnElement[bool] = literal_column("conversations.set_aside = 0")
_OPEN = _CONVERSATION.where(
    conversations.c.person_id == bindparam("person_id"),
    conversations.c.character_id == bindparam("character_id"),
    conversations.c.place == bindparam("place"),
    _ACTIVE,
)
_IDS = select(conversations.c.id)
_GET = _CONVERSATION.where(conversations.c.id == bindparam("id"))
_START = (
    insert(conversations)
    .from_select(
        ["id", "person_id", "character_id", "character_version", "place", "created_at"],
        select(
            bindparam("id"),
            bindparam("person_id"),
            characters.c.id,
            characters.c.version,
            bindparam("place"),
            bindparam("created_at", type_=Instant),
        ).where(characters.c.id == bindparam("character_id")),
    )
    .on_conflict_do_nothing()
)

_first = conversations.c.number.op("<<")(SCOPE_BITS)
_earlier = messages.alias()
_last = (
    select(func.max(_earlier.c.seq))
    .where(_earlier.c.seq >= _first, _earlier.c.seq < _first + (1 << SCOPE_BITS))
    .correlate(conversations)
    .scalar_subquery()
)
_asked = messages.alias()
_APPEND = (
    insert(messages)
    .from_select(
        ["seq", *(field.name for field in _FIELDS)],
        select(
            func.coalesce(_last, _first) + 1,
            *(bindparam(f"new_{field.name}", type_=field.type) for field in _FIELDS),
        ).where(
            conversations.c.id == bindparam("new_conversation_id"),
            # What was deleted while it was being answered needs no answer any more.
            bindparam("new_reply_to", type_=messages.c.reply_to.type).is_(None)
            | exists().where(_asked.c.id == bindparam("new_reply_to")),
        ),
    )
    .on_conflict_do_nothing()
    .returning(messages.c.seq)
)
_STORED = _MESSAGE.where(
    messages.c.conversation_id == bindparam("conversation_id"),
    (messages.c.event_id == bindparam("event_id")) | (messages.c.id == bindparam("id")),
)
_WINDOW = (
    _MESSAGE.where(messages.c.conversation_id == bindparam("conversation_id"))
    .order_by(messages.c.seq.desc())
    .limit(bindparam("most"))
)
# From where the last cut was made (`windows.py`): a cut history begins with the same words until it is cut again.
_WINDOW_FROM = _WINDOW.where(
    messages.c.seq
    >= func.coalesce(
        select(windows.c.start_seq)
        .where(windows.c.conversation_id == bindparam("conversation_id"))
        .scalar_subquery(),
        0,
    )
)
_BEFORE = _WINDOW.where(
    messages.c.seq < select(messages.c.seq).where(messages.c.id == bindparam("id")).scalar_subquery()
)
_previous = messages.alias()
_answer = messages.alias()
_LAST_SAID = (
    select(
        *_FIELDS,
        exists()
        .where(
            and_(
                _answer.c.conversation_id == messages.c.conversation_id,
                _answer.c.seq > messages.c.seq,
                _answer.c.reply_to == messages.c.id,
            )
        )
        .correlate(messages)
        .label("answered"),
    )
    .where(messages.c.conversation_id == bindparam("conversation_id"), messages.c.role == Role.PERSON)
    .order_by(messages.c.seq.desc())
    .limit(1)
)


# The answers to a message come after it in its conversation, which is one range.
_question = messages.alias()
_REPLIES = (
    _MESSAGE.join(
        _question,
        (_question.c.conversation_id == messages.c.conversation_id) & (_question.c.seq < messages.c.seq),
    )
    .where(_question.c.id == bindparam("id"), messages.c.reply_to == bindparam("id"))
    .order_by(messages.c.seq)
)
_newest = messages.alias()
_LATEST = (
    _CONVERSATION.where(
        conversations.c.person_id == bindparam("person_id"),
        conversations.c.place == bindparam("place"),
        _ACTIVE,
    )
    .order_by(
        func.coalesce(
            select(_newest.c.created_at).where(_newest.c.seq == _last).scalar_subquery(),
            conversations.c.created_at,
        ).desc(),
        conversations.c.number.desc(),
    )
    .limit(1)
)
_HEARD = (
    select(_NAME.label("person_name"), *_FIELDS)
    .select_from(conversations)
    .join(people)
    .join(messages, (messages.c.seq > _last - HEARD_SPAN) & (messages.c.seq <= _last))
    .where(
        conversations.c.character_id == bindparam("character_id"),
        conversations.c.place == bindparam("place"),
        conversations.c.place != literal_column(f"'{PRIVATE_PLACE}'"),
        conversations.c.id != bindparam("not_in"),
        messages.c.role == Role.PERSON,
        messages.c.in_prompt,
        messages.c.created_at >= bindparam("since", type_=Instant),
    )
    .order_by(messages.c.created_at.desc(), messages.c.seq.desc())
    .limit(bindparam("most"))
)

_HERE_TOO = (
    select(_NAME.label("person_name"), func.json_extract(versions.c.persona, "$.name").label("name"))
    .select_from(conversations)
    .join(people)
    .join(
        versions,
        and_(
            versions.c.character_id == conversations.c.character_id,
            versions.c.version == conversations.c.character_version,
        ),
    )
    .where(
        conversations.c.place == bindparam("place"),
        conversations.c.place != literal_column(f"'{PRIVATE_PLACE}'"),
        conversations.c.id != bindparam("not_in"),
    )
    .limit(COMPANY)
)


@uninterrupted(
    "get",
    "latest",
    "met",
    "company",
    "message",
    "window",
    "window_from",
    "before",
    "replies_to",
    "heard",
    "unanswered",
    "search",
    "search_in_context",
    "by_job",
)
class Conversations:
    """The conversations of the store."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def open(self, person_id: str, character_id: str, place: str) -> Conversation:
        """The conversation of a person with a character at a place, begun if need be (or NotFoundError)."""
        asked = {"person_id": person_id, "character_id": character_id, "place": place}
        rows = await self._rows(_OPEN, asked)
        if not rows:
            try:
                async with self._db.write() as db:
                    asked["person_id"] = await survivor(db, person_id)
                    await db.execute(_START, asked | {"id": new_id(), "created_at": self._clock()})
            except IntegrityError as error:
                raise NotFoundError from error
            rows = await self._rows(_OPEN, asked)
        return _conversation(_one(rows))

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation. Raises NotFoundError."""
        return _conversation(_one(await self._rows(_GET, {"id": conversation_id})))

    async def ids(self) -> list[str]:
        """The ids of all conversations there are."""
        return [row.id for row in await self._rows(_IDS, {})]

    async def latest(self, person_id: str, place: str) -> Conversation | None:
        """The person's conversation at a place in which something was said last, or that was begun last."""
        rows = await self._rows(_LATEST, {"person_id": person_id, "place": place})
        return _conversation(rows[0]) if rows else None

    async def met(self, person_id: str, character_id: str) -> bool:
        """Whether a person has talked with a character anywhere."""
        talks = select(conversations.c.id).where(
            conversations.c.person_id == bindparam("person_id"),
            conversations.c.character_id == bindparam("character_id"),
        )
        return bool(await self._rows(talks.limit(1), {"person_id": person_id, "character_id": character_id}))

    async def append(
        self,
        conversation_id: str,
        role: Role,
        text: str,
        *,
        reply_to: str | None = None,
        job_id: str | None = None,
        media_id: str | None = None,
        event_id: str | None = None,
        message_id: str | None = None,
    ) -> Message:
        """Add a message; the same event (or message id) gives the stored one.

        Raises NotFoundError if the conversation, or the message it answers, is gone.
        """
        message = Message(
            id=message_id or new_id(),
            conversation_id=conversation_id,
            role=role,
            text=text,
            created_at=self._clock(),
            reply_to=reply_to,
            job_id=job_id,
            media_id=media_id,
            event_id=event_id,
        )
        values = {f"new_{field.name}": getattr(message, field.name) for field in _FIELDS}
        async with self._db.step() as db:
            if (await db.execute(_APPEND, values)).fetchall():
                return message
        known = {"conversation_id": conversation_id, "event_id": event_id, "id": message.id}
        return _message(_one(await self._rows(_STORED, known)))

    async def message(self, message_id: str) -> Message:
        """One message. Raises NotFoundError."""
        return _message(
            _one(await self._rows(_MESSAGE.where(messages.c.id == bindparam("id")), {"id": message_id}))
        )

    async def window(self, conversation_id: str, limit: int) -> list[Message]:
        """The newest messages, oldest first."""
        rows = await self._rows(_WINDOW, {"conversation_id": conversation_id, "most": limit})
        return [_message(row) for row in reversed(rows)]

    async def window_from(self, conversation_id: str, limit: int) -> list[Message]:
        """The messages from the last cut on (see `windows`), the newest if there are more; oldest first."""
        rows = await self._rows(_WINDOW_FROM, {"conversation_id": conversation_id, "most": limit})
        return [_message(row) for row in reversed(rows)]

    async def before(self, conversation_id: str, message_id: str, limit: int) -> list[Message]:
        """The messages right before a message, oldest first."""
        asked = {"conversation_id": conversation_id, "id": message_id, "most": limit}
        return [_message(row) for row in reversed(await self._rows(_BEFORE, asked))]

    async def replies_to(self, message_id: str) -> list[Message]:
        """All messages that answer a message, in order."""
        return [_message(row) for row in await self._rows(_REPLIES, {"id": message_id})]

    async def heard(
        self, character_id: str, place: str, *, not_in: str, since: datetime, limit: int
    ) -> list[tuple[str, Message]]:
        """What others said to a character at a place that they share, with their names; oldest first.

        Nobody hears anything in private: there every person is alone with the character.
        """
        if place == PRIVATE_PLACE:
            return []
        asked = {"character_id": character_id, "place": place, "not_in": not_in}
        rows = await self._rows(_HEARD, asked | {"since": since, "most": limit})
        return [(row.person_name, _message(row[1:])) for row in reversed(rows)]

    async def company(self, conversation: Conversation) -> list[str]:
        """The names of all others who talk at a conversation's place, people and characters; nobody in private."""
        if conversation.place == PRIVATE_PLACE:
            return []
        rows = await self._rows(_HERE_TOO, {"place": conversation.place, "not_in": conversation.id})
        return sorted({name for row in rows for name in row if name})

    async def unanswered(self, conversation_id: str) -> Message | None:
        """The person's last message, if it came from a surface and no reply to it is stored."""
        rows = await self._rows(_LAST_SAID, {"conversation_id": conversation_id})
        if not rows or rows[0].answered or rows[0].event_id is None:
            return None
        return _message(rows[0])

    async def set_noticed(self, conversation_id: str) -> None:
        """Remember that the AI notice was shown now."""
        changed = update(conversations).where(conversations.c.id == conversation_id)
        await self._change(changed.values(noticed_at=self._clock()))

    async def set_media(self, message_id: str, media_id: str) -> bool:
        """Put a picture into its message. True for the first caller only, False if it is gone."""
        changed = update(messages).where(
            messages.c.id == message_id, messages.c.media_id.is_distinct_from(media_id)
        )
        return await self._change(changed.values(media_id=media_id)) > 0

    async def set_text(self, message_id: str, text: str) -> None:
        """Replace the words of a message. Raises NotFoundError."""
        if not await self._change(update(messages).where(messages.c.id == message_id).values(text=text)):
            raise NotFoundError
        await self._db.erase()

    async def clear(self, conversation_id: str) -> None:
        """Remove all messages of a conversation, also from the search index. Raises NotFoundError.

        Conversations of the same talk that a link set aside go with it.
        """
        async with self._db.write() as db:
            talk = _conversation(_one((await db.execute(_GET, {"id": conversation_id})).fetchall()))
            same = (
                conversations.c.person_id == talk.person_id,
                conversations.c.character_id == talk.character_id,
                conversations.c.place == talk.place,
            )
            ids = select(conversations.c.id).where(*same)
            await db.execute(delete(messages).where(messages.c.conversation_id.in_(ids)))
            await db.execute(update(conversations).where(*same).values(noticed_at=None))
            await forget_words(db)
            await soil(db)
        await self._db.erase()
        await self._db.tidy()

    async def hide_from_prompt(self, message_ids: Sequence[str]) -> None:
        """Leave messages out of prompts and searches from now on."""
        if message_ids:
            await self._change(update(messages).where(messages.c.id.in_(message_ids)).values(in_prompt=False))
            await self._db.erase()

    async def search(
        self, person_id: str, character_id: str, place: str, words: Sequence[str], limit: int
    ) -> list[Message]:
        """The messages of one conversation that have the most and the rarest of the words, best first."""
        return [hit for hit, _ in await self.search_in_context(person_id, character_id, place, words, limit)]

    async def search_in_context(
        self, person_id: str, character_id: str, place: str, words: Sequence[str], limit: int
    ) -> list[tuple[Message, Message | None]]:
        """As `search`, each with the message right before it: answers make sense only with what they answer."""
        asked = in_messages(words)
        if not asked:
            return []
        best = best_messages(len(asked))
        found = (
            select(*_FIELDS, *(_previous.c[field.name] for field in _FIELDS))
            .join(best, best.c.seq == messages.c.seq)
            .join(
                _previous,
                (_previous.c.seq == messages.c.seq - 1)
                & (_previous.c.conversation_id == messages.c.conversation_id),
                isouter=True,
            )
            .order_by(best.c.score.desc(), best.c.seq.desc())
        )
        scope = {"person_id": person_id, "character_id": character_id, "place": place, "most": limit}
        width = len(_FIELDS)
        return [
            (_message(row), _message(row[width:]) if row[width] is not None else None)
            for row in await self._rows(found, asked | scope)
        ]

    async def by_job(self, job_id: str) -> Message | None:
        """The message that waits for a job, or has its picture."""
        rows = await self._rows(_MESSAGE.where(messages.c.job_id == bindparam("job_id")), {"job_id": job_id})
        return _message(rows[0]) if rows else None

    async def _rows(self, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
        async with self._db.read() as db:
            return (await db.execute(statement, values)).fetchall()

    async def _change(self, statement: Any) -> int:
        async with self._db.step() as db:
            return int((await db.execute(statement)).rowcount)


async def of_person(db: AsyncConnection, person_id: str) -> Sequence[Conversation]:
    """All conversations of a person, oldest first."""
    wanted = _CONVERSATION.where(conversations.c.person_id == person_id)
    return [
        _conversation(row) for row in (await db.execute(wanted.order_by(conversations.c.number))).fetchall()
    ]


async def all_of(db: AsyncConnection, conversation_id: str) -> Sequence[Message]:
    """All messages of a conversation, oldest first."""
    wanted = _MESSAGE.where(messages.c.conversation_id == conversation_id).order_by(messages.c.seq)
    return [_message(row) for row in (await db.execute(wanted)).fetchall()]


def messages_where(*those: ColumnElement[bool]) -> Select[Any]:
    """Messages of any conversations; `message_of` reads the rows."""
    return _MESSAGE.where(*those)


def message_rows(conversation_id: str) -> Select[Any]:
    """The messages of a conversation, to be narrowed down; `message_of` reads the rows."""
    return _MESSAGE.where(messages.c.conversation_id == conversation_id)


def message_of(row: Sequence[Any]) -> Message:
    """The message in a row."""
    return _message(row)


def _one(rows: Sequence[Row[Any]]) -> Row[Any]:
    if not rows:
        raise NotFoundError
    return rows[0]


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        person_id=row.person_id,
        character_id=row.character_id,
        character_version=row.character_version,
        place=row.place,
        created_at=row.created_at,
        noticed_at=row.noticed_at,
        person_name=row.person_name,
    )


def _message(row: Sequence[Any]) -> Message:
    values = tuple(row)
    return Message(values[0], values[1], Role(values[2]), *values[3:10])
