"""Telegram's updates as our events: who speaks where, whether it is for us, and what is meant.

`surface.py` calls `read` for every update; nothing here sends anything. Everything that a handler has to know for the
answer is in the `Inbound`, which is stored before Telegram is told that the update arrived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, MessageEntity, User

from bot.commands.command import Command, OptionKind
from bot.messages import Call, Inbound, OptionValue, Origin
from bot.ports import Accounts, Addressed, Calls, Ledger
from bot.surfaces.telegram.place import SURFACE, Occasion, place_of
from bot.surfaces.telegram.post import read_data
from bot.surfaces.telegram.questions import Questions

# Keys of the ledger that are no message's id have a colon: "draft:…", "ask:…", "view:…".
ASK = "ask:"
HOME = "home:"
# Groups and their people whose first id is kept in memory.
HOMES = 4096
# A typed command, perhaps meant for one bot of several: "/selfie@SelfsameBot at a jazz bar".
COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?=\s|$)")
# The account in whose name Telegram forwards a channel's posts into its group.
TELEGRAM_ITSELF = 777000


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    username: str
    reads_all: bool = False  # privacy mode is off: every message of a group arrives
    topics: bool = False  # private chats have topics

    @classmethod
    def of(cls, user: User) -> Me:
        """The account as Telegram describes it."""
        return cls(
            user.id,
            user.username or "",
            bool(user.can_read_all_group_messages),
            bool(user.has_topics_enabled),
        )


class Reader:
    """Translates messages; it knows the bot's own account and who is behind others'."""

    def __init__(
        self,
        me: Me,
        accounts: Accounts,
        ledger: Ledger,
        calls: Calls,
        addressed: Addressed,
        commands: Mapping[str, Command],
        questions: Questions,
    ) -> None:
        self._questions = questions
        self._me, self._accounts, self._ledger, self._calls = me, accounts, ledger, calls
        self._addressed, self._commands = addressed, commands
        self._albums: dict[int, str] = {}
        self._homes: dict[int, int] = {}
        self._keepers: set[tuple[int, str]] = set()  # who of a group that moved has kept its first id

    async def read(self, update_id: int, message: Message) -> Inbound | None:
        """A message as an event, None if it is not for us."""
        user = message.from_user
        if user is None or user.is_bot or user.id == TELEGRAM_ITSELF or not self._says_something(message):
            return None
        words = _Words(message, self._me)
        shown_key = await self._answered(message)
        private = message.chat.type == "private"
        if not private and not await self._for_us(message, words, shown_key is not None):
            return None
        origin = await self._origin(message, user, str(Occasion("m", message.message_id, user.id)))
        answers = shown_key if shown_key and ":" not in shown_key else ""
        event = f"u{update_id}"
        if shown_key and shown_key.startswith(ASK) and words.text and words.command is None:
            call, look = await self._completed(shown_key, words.text)
            reply = str(Occasion("m", message.message_id, user.id, look))
            return Inbound(replace(origin, reply=reply), event, call=call)
        if words.command == "start":
            payload = words.text.partition(" ")[2].strip()
            return Inbound(origin, event, call=Call("start", {"character": payload} if payload else {}))
        return Inbound(origin, event, text=self._with_file(message, words), answers=answers)

    def _with_file(self, message: Message, words: _Words) -> str:
        """The words; a command that takes a file is given the one it is the caption of, or the answer to."""
        replied = message.reply_to_message
        file = message.document or (replied.document if replied else None)
        command = self._commands.get(words.command or "")
        option = (
            next((one for one in command.options if one.kind is OptionKind.FILE), None) if command else None
        )
        return f"{words.text} {option.name}:{file.file_id}" if file and option else words.text

    async def person(self, user: User) -> str:
        """Who is behind an account."""
        return await self._accounts(str(user.id), user.first_name)

    async def _origin(self, message: MaybeInaccessibleMessage, user: User, reply: str) -> Origin:
        """Where something came from, and so where its answer goes."""
        person_id = await self.person(user)
        thread = thread_of(message) if isinstance(message, Message) else None
        private = message.chat.type == "private"
        home = message.chat.id if private else await self._home(message.chat.id, person_id)
        return Origin(
            SURFACE,
            person_id,
            place_of(home, thread, private=private),
            channel=str(message.chat.id),
            thread=str(thread) if thread else "",
            reply=reply,
        )

    async def clicked(self, update_id: int, query: CallbackQuery, call: Call, look: str) -> Inbound:
        """A press of a button as an event."""
        assert query.message is not None
        reply = str(Occasion("q", query.message.message_id, query.from_user.id, look))
        return Inbound(await self._origin(query.message, query.from_user, reply), f"u{update_id}", call=call)

    async def moved(self, message: Message) -> bool:
        """Whether a message says that a group became a supergroup: what was said there stays its memory."""
        chat = message.chat.id
        old, new = message.migrate_from_chat_id or chat, message.migrate_to_chat_id or chat
        if old == new:
            return False
        user = message.from_user
        if user is not None and not user.is_bot:
            await self._keep_home(new, old, 0, await self.person(user))
        self._homes[new] = old
        return True

    async def _home(self, chat: int, person_id: str) -> int:
        """The id that a group had when it was first talked in.

        Everybody who talks there keeps it: what one of them kept goes when that person is forgotten.
        """
        seen = self._homes.get(chat)
        if seen != chat and (chat, person_id) not in self._keepers:
            if len(self._homes) + len(self._keepers) >= HOMES:
                self._homes.clear()
                self._keepers.clear()
            known = await self._ledger.parts(SURFACE, f"{HOME}{chat}")
            self._homes[chat] = int(known[0].digest) if known else seen or chat
            if self._homes[chat] != chat:
                mine = [one.part for one in known if one.person_id == person_id]
                part = mine[0] if mine else max((one.part for one in known), default=-1) + 1
                await self._keep_home(chat, self._homes[chat], part, person_id)
            return self._homes[chat]
        return seen or chat

    async def _keep_home(self, chat: int, home: int, part: int, person_id: str) -> None:
        self._keepers.add((chat, person_id))
        await self._ledger.put(
            SURFACE,
            f"{HOME}{chat}",
            part,
            person_id=person_id,
            channel=str(chat),
            ref="",
            done=True,
            digest=str(home),
        )

    async def _completed(self, key: str, text: str) -> tuple[Call, str]:
        """The command that a question is part of, with the answer; and how what comes of it is shown."""
        _, _, option, packed = key.split(":", 3)
        call, look = await read_data(packed, self._calls)
        options: dict[str, OptionValue] = {**call.options, option: text}
        return Call(call.name, options), look

    def _says_something(self, message: Message) -> bool:
        """Whether it is a message and no service note; of an album only one picture counts."""
        if message.sender_chat is not None and message.sender_chat.id != message.chat.id:
            return False
        if message.text or message.caption:
            return True
        if message.effective_attachment is None:
            return False
        album, before = message.media_group_id, self._albums.get(message.chat.id)
        if album:
            self._albums = {message.chat.id: album} if len(self._albums) > 512 else self._albums
            self._albums[message.chat.id] = album
        return album is None or album != before

    async def _answered(self, message: Message) -> str | None:
        """The key of our message that this one replies to; "" for one of ours that shows nothing in particular."""
        replied = message.reply_to_message
        if replied is None or replied.from_user is None or replied.from_user.id != self._me.id:
            return None
        if replied.forum_topic_created or replied.message_id == thread_of(message):
            return None  # every message of a topic “replies” to its beginning
        where = (SURFACE, str(message.chat.id), str(replied.message_id))
        shown = await self._ledger.find(*where)
        if shown is None and await self._questions.settle(
            message.chat.id
        ):  # they were quicker than the ledger
            shown = await self._ledger.find(*where)
        return shown.key if shown else ""

    async def _for_us(self, message: Message, words: _Words, answers_us: bool) -> bool:
        """In a group: commands, mentions, replies; with privacy mode off also what names a character."""
        if words.for_other_bot:
            return False
        if words.command is not None:
            return words.for_this_bot or words.command == "start" or words.command in self._commands
        if answers_us or words.mentions_us:
            return True
        if not self._me.reads_all or not words.text:
            return False
        thread = thread_of(message)
        return await self._addressed(SURFACE, str(message.chat.id), str(thread) if thread else "", words.text)


class _Words:
    """What a message says, without the bot's own name, and to whom it says so."""

    def __init__(self, message: Message, me: Me) -> None:
        text = message.text or message.caption or ""
        self.command: str | None = None
        self.for_this_bot = self.for_other_bot = False
        if match := COMMAND.match(text):
            self.command = match[1].lower()
            self.for_this_bot = (match[2] or "").lower() == me.username.lower() != ""
            self.for_other_bot = bool(match[2]) and not self.for_this_bot
            text = f"/{match[1]}{text[match.end() :]}"
            self.mentions_us = self.for_this_bot
        else:
            ours = [entity for entity in _entities(message) if _is_us(entity, text, me)]
            self.mentions_us = bool(ours)
            text = _without(text, ours)
        self.text = text.strip()


def thread_of(message: Message) -> int | None:
    """The topic of a message; threads of replies in ordinary groups are none."""
    return message.message_thread_id if message.is_topic_message else None


def ask_key(message_id: int, option: str, packed: str) -> str:
    """What the ledger keeps of a question: the command that its answer completes, and which option that is."""
    return f"{ASK}{message_id}:{option}:{packed}"


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities or ())


def _is_us(entity: MessageEntity, text: str, me: Me) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    if entity.type != MessageEntity.MENTION:
        return False
    return _cut(text, entity).lower() == f"@{me.username.lower()}"


def _cut(text: str, entity: MessageEntity) -> str:
    units = text.encode("utf-16-le")  # Telegram counts in units of UTF-16
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def _without(text: str, entities: list[MessageEntity]) -> str:
    """The text without some of its parts, and without the commas and spaces that this leaves."""
    units = text.encode("utf-16-le")
    for entity in sorted(entities, key=lambda one: one.offset, reverse=True):
        units = units[: entity.offset * 2] + units[(entity.offset + entity.length) * 2 :]
    left = units.decode("utf-16-le")
    if not entities:
        return left
    return re.sub(r"[ \t]{2,}", " ", left).strip().lstrip(",;:").strip()
