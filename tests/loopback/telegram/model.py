"""The things of Telegram: people, chats, messages, buttons, files. The world makes and keeps them; nothing here acts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.loopback.telegram.entities import Entity

T = TypeVar("T")

# Telegram keeps a small size of every photo beside the full one; its file_id ends so.
SMALL_SIDE = 90
SMALL = "_s"


@dataclass(eq=False)
class User:
    """A person, or a bot."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = "en"
    is_bot: bool = False
    last_name: str = ""

    @property
    def name(self) -> str:
        """As it stands over their messages."""
        return f"{self.first_name} {self.last_name}".strip()

    def to_api(self) -> dict[str, Any]:
        """The Bot API's User."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": "" if self.is_bot else self.language_code,
        }
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{k: v for k, v in optional.items() if v},
        }


@dataclass(eq=False)
class BotAccount(User):
    """The bot whose server this is, as BotFather set it up and as it described itself."""

    privacy: bool = True
    """Whether it hears only what is meant for it in groups."""

    topics: bool = False
    """Whether private chats with it have topics."""

    users_create_topics: bool = False
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    """By scope (as JSON) and language."""

    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def profile(self) -> dict[str, Any]:
        """What getMe answers."""
        return {
            **self.to_api(),
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": self.topics,
            "allows_users_to_create_topics": self.users_create_topics,
        }


@dataclass(frozen=True)
class File:
    """Bytes that were uploaded, under the name that fetches them again."""

    id: str
    unique_id: str
    name: str
    content: bytes = field(repr=False)
    path: str


@dataclass(frozen=True)
class Media:
    """What a message carries besides words."""

    kind: str
    """photo, document or voice."""

    file: File
    width: int = 0
    height: int = 0
    mime: str = "application/octet-stream"
    duration: int = 0
    spoiler: bool = False

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.file.content


@dataclass(frozen=True)
class Button:
    """One button of an inline keyboard."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(eq=False, repr=False)
class Message:
    """A message as it stands now. `text` is the caption where there is `media`."""

    chat: "Chat"
    id: int
    sender: User
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    album: str = ""
    markup: dict[str, Any] | None = None
    reply_to: "Message | None" = None
    topic: int | None = None
    thread: int | None = None
    """The thread that plain supergroups put on replies: no topic, and nothing can be sent to it."""

    service: dict[str, Any] | None = None
    """forum_topic_created and the like, instead of words."""

    forwarded_from: User | None = None
    silent: bool = False
    protected: bool = False
    edited: int | None = None
    reactions: dict[int, list[str]] = field(default_factory=dict)
    """Emoji by user."""

    deleted: bool = False
    pinned: bool = False

    def __repr__(self) -> str:
        return f"<message {self.id} of {self.sender.name}: {self.text[:60]!r}>"

    @property
    def from_bot(self) -> bool:
        """Whether a bot wrote it."""
        return self.sender.is_bot

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(
            tuple(Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row)
            for row in rows
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The texts of all its buttons."""
        return tuple(button.text for row in self.buttons for button in row)

    @property
    def asks_reply(self) -> bool:
        """Whether the person's app opened a reply to it by itself."""
        return bool((self.markup or {}).get("force_reply"))

    def to_api(self, nested: bool = False) -> dict[str, Any]:
        """The Bot API's Message."""
        answer: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.to_api(),
            "chat": self.chat.to_api(),
            "date": self.date,
            **(self.service or {}),
            **self._content(),
        }
        if self.topic is not None:
            answer |= {"message_thread_id": self.topic, "is_topic_message": True}
        elif self.thread is not None:
            answer["message_thread_id"] = self.thread
        if self.buttons:
            answer["reply_markup"] = self.markup
        if self.edited is not None:
            answer["edit_date"] = self.edited
        if self.protected:
            answer["has_protected_content"] = True
        if self.album:
            answer["media_group_id"] = self.album
        if self.forwarded_from is not None:
            answer["forward_origin"] = {
                "type": "user",
                "sender_user": self.forwarded_from.to_api(),
                "date": self.date,
            }
        if self.reply_to is not None and not nested:
            answer["reply_to_message"] = self.reply_to.to_api(nested=True)
        return answer

    def _content(self) -> dict[str, Any]:
        """Words and media."""
        kind = "caption" if self.media else "text"
        answer: dict[str, Any] = {kind: self.text} if self.text else {}
        if self.entities:
            answer["caption_entities" if self.media else "entities"] = self.entities
        if self.media is None:
            return answer
        file = self.media.file
        base = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}
        match self.media.kind:
            case "photo":
                answer["photo"] = _sizes(base, self.media.width, self.media.height)
                if self.media.spoiler:
                    answer["has_media_spoiler"] = True
            case "document":
                answer["document"] = {**base, "file_name": file.name, "mime_type": self.media.mime}
            case "voice":
                answer["voice"] = {**base, "duration": self.media.duration, "mime_type": self.media.mime}
        return answer


def _sizes(base: dict[str, Any], width: int, height: int) -> list[dict[str, Any]]:
    """A photo's sizes, the smallest first, as Telegram keeps them."""
    full = {**base, "width": width, "height": height}
    if max(width, height) <= SMALL_SIDE:
        return [full]
    share = SMALL_SIDE / max(width, height)
    small = {
        "file_id": base["file_id"] + SMALL,
        "file_unique_id": base["file_unique_id"] + SMALL,
        "width": max(1, round(width * share)),
        "height": max(1, round(height * share)),
    }
    return [small, full]


@dataclass(frozen=True)
class Draft:
    """A preview of a message that is still being written."""

    id: int
    text: str
    entities: tuple[Entity, ...]
    at: float


@dataclass(eq=False)
class Topic:
    """A topic of a forum or of a private chat."""

    id: int
    name: str
    closed: bool = False


@dataclass(frozen=True)
class Toast:
    """A callback's answer on the screen of the one who pressed."""

    user: User
    text: str
    alert: bool
    after: int
    """The last message id of the chat at that time."""


@dataclass(frozen=True)
class Event:
    """Something that happened in a chat, for checks of order and of rates."""

    at: float
    kind: str
    """send, edit, delete, draft, action, react, pin or topic."""

    by: User
    message_id: int = 0
    text: str = ""
    method: str = ""
    topic: int | None = None


@dataclass(eq=False)
class Member:
    """Someone's standing in a group."""

    user: User
    status: str = "member"
    rights: frozenset[str] = frozenset()


@dataclass(eq=False, repr=False)
class Chat:
    """A private chat, a basic group or a supergroup."""

    id: int
    kind: str
    """private, group or supergroup."""

    title: str = ""
    username: str = ""
    forum: bool = False
    person: User | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    drafts: dict[int | None, Draft] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)
    blocked: bool = False
    migrated_to: int | None = None
    last_bot: int | None = None
    """The bot that spoke last: bare commands go to it."""

    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.kind} chat {self.id} {self.title or (self.person and self.person.name)}>"

    @property
    def private(self) -> bool:
        """Whether it is one person's chat with the bot."""
        return self.kind == "private"

    def visible(self, topic: int | None = None) -> list[Message]:
        """The messages that are there now, in order; of one topic if one is named."""
        return [m for m in self.messages.values() if topic is None or m.topic == topic]

    def last(self) -> Message:
        """The newest message."""
        return next(reversed(self.messages.values()))

    def touch(self) -> None:
        """Something changed: wake those who wait."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, wanted: Callable[[list[Message]], T | None], timeout: float = 10) -> T:  # noqa: ASYNC109
        """Wait until `wanted` says something true about the visible messages, and answer what it said."""
        try:
            async with asyncio.timeout(timeout):
                while not (answer := wanted(self.visible())):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.append(future)
                    await future
        except TimeoutError:
            raise TimeoutError(f"not seen within {timeout} s in {self}:\n{self._digest()}") from None
        return answer

    async def reply(self, after: Message, timeout: float = 10) -> Message:  # noqa: ASYNC109
        """The bot's first message that came after this one."""
        return await self.until(
            lambda messages: next((m for m in messages if m.from_bot and m.id > after.id), None),
            timeout,
        )

    def _digest(self) -> str:
        """The last messages, for the complaint of `until`."""
        shown = list(self.messages.values())[-12:]
        lines = [f"  {m.id} {m.sender.name}: {m.text[:200]!r} {list(m.labels) or ''}" for m in shown]
        return "\n".join(lines) or "  (no messages)"

    def to_api(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        answer: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.person is not None:
            answer |= {
                k: v for k, v in self.person.to_api().items() if k in {"first_name", "last_name", "username"}
            }
        else:
            answer["title"] = self.title
            if self.username:
                answer["username"] = self.username
        if self.forum:
            answer["is_forum"] = True
        return answer


@dataclass(eq=False)
class Press:
    """A press of a button, and what the bot answered to it."""

    id: str
    message: Message
    user: User
    data: str
    at: float
    text: str = ""
    alert: bool = False
    url: str = ""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def answered(self, timeout: float = 10) -> "Press":  # noqa: ASYNC109
        """Wait until the button's spinner stopped."""
        async with asyncio.timeout(timeout):
            await self.done.wait()
        return self
