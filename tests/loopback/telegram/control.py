"""What people do: they write, press buttons, join groups, block the bot. Each action tells the bot by an update, if
Telegram would; each answers an object that a test can look at or wait for. Called by tests and benchmarks."""

import io
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

from tests.loopback.telegram import entities
from tests.loopback.telegram.hearing import heard, is_administrator, is_there
from tests.loopback.telegram.methods.chats import RIGHTS, member_api
from tests.loopback.telegram.methods.topics import has_topics, open_topic, remove_topic
from tests.loopback.telegram.model import Button, Chat, Media, Member, Message, Press, Topic, User
from tests.loopback.telegram.world import World

# What a deep link may carry.
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Control:
    """The people's side of the server."""

    def __init__(self, world: World) -> None:
        self._world = world

    # Who is there.

    def user(
        self, name: str, username: str = "", language: str = "en", *, bot: bool = False, last_name: str = ""
    ) -> User:
        """A new person (or another bot)."""
        return self._world.user(name, username, language, bot, last_name)

    def private(self, user: User) -> Chat:
        """The person's chat with the bot; opened, but nothing said yet."""
        return self._world.private(user)

    def group(
        self,
        title: str,
        *members: User,
        kind: str = "supergroup",
        forum: bool = False,
        username: str = "",
        bot: bool = True,
        admin: bool = False,
    ) -> Chat:
        """A group (kind "group" or "supergroup") of these people, the first its owner; with the bot unless told not."""
        chat = self._world.group(title, kind, forum, username)
        for number, member in enumerate(members):
            chat.members[member.id] = Member(member, "member" if number else "creator")
        if bot:
            self.add_bot(chat, by=members[0] if members else None, admin=admin)
        return chat

    def join(self, chat: Chat, user: User) -> Message:
        """Someone comes into a group."""
        chat.members[user.id] = Member(user)
        return self._service(chat, user, {"new_chat_members": [user.to_api()]})

    def leave(self, chat: Chat, user: User) -> Message:
        """Someone goes."""
        chat.members[user.id] = Member(user, "left")
        return self._service(chat, user, {"left_chat_member": user.to_api()})

    def add_bot(
        self, chat: Chat, by: User | None = None, admin: bool = False, rights: frozenset[str] | None = None
    ) -> Member:
        """The bot comes into a group, or gets other rights there (all, or those named)."""
        bot = self._world.bot
        granted = frozenset(RIGHTS if rights is None else rights) if admin else frozenset()
        was = chat.members.get(bot.id)
        self._bot_member(chat, by, Member(bot, "administrator" if admin else "member", granted))
        if was is None or was.status in {"left", "kicked"}:
            self._service(chat, by or bot, {"new_chat_members": [bot.to_api()]})
        return chat.members[bot.id]

    def kick_bot(self, chat: Chat, by: User | None = None) -> Member:
        """The bot is thrown out of a group."""
        return self._bot_member(chat, by, Member(self._world.bot, "kicked"))

    def block(self, user: User) -> Chat:
        """The person blocks the bot: from now on it gets 403."""
        return self._blocked(user, True)

    def unblock(self, user: User) -> Chat:
        """The person lets the bot in again."""
        return self._blocked(user, False)

    def upgrade(self, chat: Chat) -> Chat:
        """A basic group becomes a supergroup with another id; the old id answers migrate_to_chat_id."""
        new = self._world.group(chat.title, "supergroup", False, "")
        new.members = dict(chat.members)
        owner = next(iter(chat.members.values())).user
        self._service(chat, owner, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self._service(new, owner, {"migrate_from_chat_id": chat.id})
        return new

    # What they say.

    def start(self, user: User, payload: str = "") -> Message:
        """Open the bot (by a deep link, if there is a payload) and press Start."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no deep link can carry {payload!r}")
        chat = self.private(user)
        if chat.blocked:
            self.unblock(user)
        return self.say(chat, user, f"/start {payload}".strip())

    def open_link(self, url: str, user: User) -> Message:
        """Follow a link to the bot, as in t.me/selfsame_bot?start=mira, and press Start."""
        address = urlsplit(url)
        if address.netloc != "t.me" or address.path != f"/{self._world.bot.username}":
            raise ValueError(f"{url} does not lead to the bot")
        return self.start(user, dict(parse_qsl(address.query)).get("start", ""))

    def say(
        self,
        chat: Chat | User,
        user: User,
        text: str,
        *,
        reply_to: Message | None = None,
        topic: Topic | Message | int | None = None,
    ) -> Message:
        """Write a message; `chat` may be the person for the private chat, `topic` a message in that topic."""
        clean, found = entities.trimmed(text, [])
        content = {"text": clean, "entities": entities.find(clean, found)}
        return self._send(self._place(chat), user, content, reply_to, topic)

    def answer(self, message: Message, user: User, text: str) -> Message:
        """Reply to a message, as the app does by itself after a forced reply."""
        return self.say(message.chat, user, text, reply_to=message, topic=message.topic)

    def photo(
        self,
        chat: Chat | User,
        user: User,
        content: bytes = b"",
        caption: str = "",
        *,
        reply_to: Message | None = None,
        topic: Topic | Message | int | None = None,
    ) -> Message:
        """Send a picture (a plain grey one if none is given)."""
        content = content or grey_picture()
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
        file = self._world.store(content, "photo.jpg", "photo")
        media = Media("photo", file, width, height, "image/jpeg")
        words = {"text": caption, "entities": entities.find(caption, []), "media": media}
        return self._send(self._place(chat), user, words, reply_to, topic)

    def document(
        self,
        chat: Chat | User,
        user: User,
        name: str,
        content: bytes,
        mime: str = "application/json",
        caption: str = "",
    ) -> Message:
        """Send a file."""
        media = Media("document", self._world.store(content, name, "document"), mime=mime)
        words = {"text": caption, "entities": entities.find(caption, []), "media": media}
        return self._send(self._place(chat), user, words, None, None)

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        message.text, message.entities = text, entities.find(text, [])
        message.edited = self._world.clock.date()
        self._world.note(message.chat, "edit", message.sender, message_id=message.id, text=text)
        if heard(self._world, message):
            self._world.updates.push("edited_message", message.to_api())
        return message

    def delete(self, message: Message, user: User) -> Message:
        """Delete a message for everyone; bots are not told."""
        self._world.remove(message, user)
        return message

    def react(self, message: Message, user: User, emoji: str) -> Message:
        """Put an emoji under a message; the bot hears of it if it asked, in groups only as an administrator."""
        old = message.reactions.get(user.id, [])
        message.reactions[user.id] = [emoji] if emoji else []
        payload = {
            "chat": message.chat.to_api(),
            "message_id": message.id,
            "user": user.to_api(),
            "date": self._world.clock.date(),
            "old_reaction": [{"type": "emoji", "emoji": e} for e in old],
            "new_reaction": [{"type": "emoji", "emoji": e} for e in message.reactions[user.id]],
        }
        if message.chat.private or is_administrator(self._world, message.chat):
            self._world.updates.push("message_reaction", payload)
        self._world.note(message.chat, "react", user, message_id=message.id, text=emoji)
        return message

    # Buttons.

    def press(self, message: Message, which: str, user: User) -> Press:
        """Press the button with this text or data. `await press.answered()` waits for the bot's answer."""
        buttons = [button for row in message.buttons for button in row]
        found = [b for b in buttons if b.text == which] or [b for b in buttons if which and b.data == which]
        if not found:
            raise LookupError(f"no button {which!r} under message {message.id}; there are {message.labels}")
        if found[0].url:
            return self._opened(message, found[0], user)
        return self.press_data(message, found[0].data, user)

    def press_data(self, message: Message, data: str, user: User) -> Press:
        """Press a button that an app still shows, whether or not it is still there."""
        world = self._world
        press = Press(str(4_400_000_000_000 + world.serial()), message, user, data, world.clock.now())
        world.presses[press.id] = press
        shown: dict[str, Any] = message.to_api()
        if message.deleted:
            shown = {"chat": message.chat.to_api(), "message_id": message.id, "date": 0}
        world.updates.push(
            "callback_query",
            {
                "id": press.id,
                "from": user.to_api(),
                "message": shown,
                "chat_instance": str(message.chat.id * 7919),
                "data": data,
            },
        )
        return press

    def _opened(self, message: Message, button: Button, user: User) -> Press:
        """A link was opened: the bot hears nothing of it."""
        press = Press("", message, user, "", self._world.clock.now(), url=button.url)
        press.done.set()
        return press

    # Topics.

    def create_topic(self, chat: Chat, user: User, name: str) -> Topic:
        """Open a topic in a forum, or in a private chat where the bot has topics."""
        if not has_topics(self._world, chat):
            raise ValueError(f"{chat} has no topics")
        topic = open_topic(self._world, chat, name, user)
        self._world.updates.push("message", chat.messages[topic.id].to_api())
        return topic

    def delete_topic(self, chat: Chat, topic: Topic | int) -> Topic:
        """Delete a topic with all that is in it; bots are not told."""
        number = topic if isinstance(topic, int) else topic.id
        by = chat.person or next(iter(chat.members.values())).user
        gone = chat.topics[number]
        remove_topic(self._world, chat, gone, by)
        return gone

    def _place(self, chat: Chat | User) -> Chat:
        return self.private(chat) if isinstance(chat, User) else chat

    def _send(
        self,
        chat: Chat,
        user: User,
        content: dict[str, Any],
        reply_to: Message | None,
        topic: Topic | Message | int | None,
    ) -> Message:
        """Post what a person sends, and tell the bot if it may hear it."""
        if not chat.private and user.id not in chat.members:
            raise ValueError(f"{user.name} is not in {chat}")
        number = (
            topic.topic if isinstance(topic, Message) else topic.id if isinstance(topic, Topic) else topic
        )
        if number is None and reply_to is not None:
            number = reply_to.topic
        if number is not None and number not in chat.topics:
            raise ValueError(f"{chat} has no topic {number}")
        message = self._world.post(chat, user, reply_to=reply_to, topic=number, **content)
        if heard(self._world, message):
            self._world.updates.push("message", message.to_api())
        return message

    def _service(self, chat: Chat, by: User, service: dict[str, Any]) -> Message:
        """A line like “Ada joined the group”."""
        message = self._world.post(chat, by, service=service)
        if is_there(self._world, chat):
            self._world.updates.push("message", message.to_api())
        return message

    def _bot_member(self, chat: Chat, by: User | None, new: Member) -> Member:
        """The bot's standing changes, and it is told."""
        bot = self._world.bot
        old = chat.members.get(bot.id) or Member(bot, "left")
        chat.members[bot.id] = new
        self._world.updates.push(
            "my_chat_member",
            {
                "chat": chat.to_api(),
                "from": (by or bot).to_api(),
                "date": self._world.clock.date(),
                "old_chat_member": member_api(old),
                "new_chat_member": member_api(new),
            },
        )
        chat.touch()
        return new

    def _blocked(self, user: User, blocked: bool) -> Chat:
        """The private chat is closed or opened."""
        chat, bot = self.private(user), self._world.bot
        chat.blocked = blocked
        out, there = Member(bot, "kicked"), Member(bot, "member")
        self._world.updates.push(
            "my_chat_member",
            {
                "chat": chat.to_api(),
                "from": user.to_api(),
                "date": self._world.clock.date(),
                "old_chat_member": member_api(there if blocked else out),
                "new_chat_member": member_api(out if blocked else there),
            },
        )
        chat.touch()
        return chat


def grey_picture(side: int = 64) -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), "grey").save(file, "JPEG")
    return file.getvalue()
