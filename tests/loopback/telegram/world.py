"""The one place that keeps what exists on the server and hands out ids.

The methods change it on the bot's behalf, the control side on behalf of people; both tell it to `note` what happened,
which wakes whoever awaits something in that chat.
"""

import io
import itertools
from typing import Any

from PIL import Image

from tests.loopback.telegram.clock import Clock
from tests.loopback.telegram.errors import ApiError, bad_request, forbidden
from tests.loopback.telegram.limits import Limits
from tests.loopback.telegram.model import (
    SMALL,
    SMALL_SIDE,
    BotAccount,
    Chat,
    Draft,
    Event,
    File,
    Message,
    Press,
    User,
)
from tests.loopback.telegram.updates import Updates

# A draft is shown this long after its last change.
DRAFT_SECONDS = 30

# A pressed button waits this long for its answer.
CALLBACK_SECONDS = 30

# Supergroups' ids begin here and go down.
SUPERGROUP_BASE = -1_000_000_000_000


class World:
    """Everything at once; the one place that hands out ids."""

    def __init__(self, bot: BotAccount, clock: Clock, limits: Limits) -> None:
        self.bot = bot
        self.clock = clock
        self.limits = limits
        self.updates = Updates(clock)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.paths: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self._account_ids = itertools.count(1)
        self._chat_ids: dict[int, itertools.count[int]] = {}
        self._user_ids = itertools.count(5_000_001)
        self._group_ids = itertools.count(4_000_001)
        self._serial = itertools.count(1)

    def user(
        self, name: str, username: str = "", language: str = "en", bot: bool = False, last_name: str = ""
    ) -> User:
        """Someone new."""
        user = User(next(self._user_ids), name, username, language, bot, last_name)
        self.users[user.id] = user
        return user

    def private(self, user: User) -> Chat:
        """The person's own chat with the bot."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", person=user)
        return self.chats[user.id]

    def group(self, title: str, kind: str, forum: bool, username: str) -> Chat:
        """A new group, without members."""
        number = next(self._group_ids)
        chat = Chat(
            -number if kind == "group" else SUPERGROUP_BASE - number, kind, title, username, forum=forum
        )
        self.chats[chat.id] = chat
        return chat

    def serial(self) -> int:
        """A number that nothing else has: files, albums, presses."""
        return next(self._serial)

    def message_id(self, chat: Chat) -> int:
        """The next id: supergroups count for themselves, all else on the bot's one account."""
        if chat.kind == "supergroup":
            return next(self._chat_ids.setdefault(chat.id, itertools.count(1)))
        return next(self._account_ids)

    def post(self, chat: Chat, sender: User, method: str = "", **content: Any) -> Message:
        """Put a message into a chat."""
        message = Message(chat, self.message_id(chat), sender, self.clock.date(), **content)
        if chat.kind == "supergroup" and not chat.forum and message.reply_to is not None:
            message.thread = message.reply_to.thread or message.reply_to.id
        chat.messages[message.id] = message
        if sender is self.bot and message.service is None:
            chat.drafts.pop(message.topic, None)
        if sender.is_bot:
            chat.last_bot = sender.id
        self.note(
            chat, "send", sender, message_id=message.id, text=message.text, method=method, topic=message.topic
        )
        return message

    def note(self, chat: Chat, kind: str, by: User, **more: Any) -> None:
        """Write into the chat's history and wake its waiters."""
        chat.history.append(Event(self.clock.now(), kind, by, **more))
        chat.touch()

    def remove(self, message: Message, by: User, method: str = "") -> None:
        """Delete a message for everyone."""
        message.deleted = True
        message.chat.messages.pop(message.id, None)
        self.note(
            message.chat,
            "delete",
            by,
            message_id=message.id,
            text=message.text,
            method=method,
            topic=message.topic,
        )

    def drafts(self, chat: Chat) -> dict[int | None, Draft]:
        """The previews that are still shown, by topic."""
        oldest = self.clock.now() - DRAFT_SECONDS
        return {topic: draft for topic, draft in chat.drafts.items() if draft.at > oldest}

    def store(self, content: bytes, name: str, kind: str) -> File:
        """Keep bytes as a file of Telegram's."""
        number = self.serial()
        suffix = name.rpartition(".")[2].lower() if "." in name else "bin"
        path = f"{kind}s/file_{number}.{suffix}"
        file = File(f"AgACAgIAAxk{number:010d}{kind}", f"AQAD{number:08d}", name, content, path)
        self.files[file.id] = self.paths[path] = file
        return file

    def file(self, file_id: str) -> File | None:
        """The file of an id; the small size of a photo is made when it is first asked for."""
        full = self.files.get(file_id.removesuffix(SMALL))
        if file_id in self.files or full is None:
            return self.files.get(file_id)
        with Image.open(io.BytesIO(full.content)) as picture:
            picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
            content = io.BytesIO()
            picture.convert("RGB").save(content, "JPEG")
        path = f"photos/small_{full.path.rpartition('/')[2]}"
        small = File(file_id, full.unique_id + SMALL, full.name, content.getvalue(), path)
        self.files[file_id] = self.paths[path] = small
        return small

    def chat(self, chat_id: str) -> Chat:
        """The chat that a call names, or the Bot API's complaint."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat_id.startswith("@"):
            named = [c for c in self.chats.values() if c.username and f"@{c.username}" == chat_id]
            if not named:
                raise bad_request("chat not found")
            return named[0]
        if not chat_id.lstrip("-").isdecimal():
            raise bad_request("chat not found")
        chat = self.chats.get(int(chat_id))
        if chat is None and int(chat_id) in self.users:
            raise forbidden("bot can't initiate conversation with a user")
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        return chat
