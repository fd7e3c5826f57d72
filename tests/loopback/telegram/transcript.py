"""A chat as one person sees it now: messages in order, albums as one, the draft at the end. Called by the server."""

from dataclasses import dataclass

from tests.loopback.telegram.entities import Entity
from tests.loopback.telegram.model import Button, Chat, Draft, Media, Message, Toast, User
from tests.loopback.telegram.world import World


@dataclass(frozen=True)
class Line:
    """One thing on the screen."""

    kind: str
    """message, service, toast or draft."""

    sender: str
    from_bot: bool
    text: str = ""
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: tuple[Media, ...] = ()
    """One, or all of an album."""

    message_id: int = 0
    reply_to: int | None = None
    topic: int | None = None
    topic_name: str = ""
    edited: bool = False
    reactions: tuple[str, ...] = ()
    asks_reply: str | None = None
    """The placeholder of a forced reply."""

    date: int = 0

    @property
    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The buttons' texts, row by row."""
        return tuple(tuple(button.text for button in row) for row in self.buttons)


def transcript(world: World, chat: Chat, for_user: User | None, topic: int | None) -> list[Line]:
    """The lines; answers to buttons are shown to the one who pressed."""
    lines: list[Line] = []
    albums: dict[str, int] = {}
    toasts = [toast for toast in chat.toasts if for_user is not None and toast.user is for_user]
    for message in chat.visible(topic):
        while toasts and toasts[0].after < message.id:
            lines.append(_toast(world, toasts.pop(0)))
        if message.album in albums:
            place = albums[message.album]
            lines[place] = _joined(lines[place], message)
            continue
        if message.album:
            albums[message.album] = len(lines)
        lines.append(_line(message))
    lines.extend(_toast(world, toast) for toast in toasts)
    for of_topic, draft in world.drafts(chat).items():
        if topic is None or of_topic == topic:
            lines.append(_draft(world, chat, of_topic, draft))
    return lines


def _line(message: Message) -> Line:
    """One message."""
    markup = message.markup or {}
    return Line(
        kind="service" if message.service else "message",
        sender=message.sender.name,
        from_bot=message.from_bot,
        text=service_text(message) if message.service else message.text,
        entities=tuple(message.entities),
        buttons=message.buttons,
        media=(message.media,) if message.media else (),
        message_id=message.id,
        reply_to=message.reply_to.id if message.reply_to else None,
        topic=message.topic,
        topic_name=_topic_name(message.chat, message.topic),
        edited=message.edited is not None,
        reactions=tuple(emoji for given in message.reactions.values() for emoji in given),
        asks_reply=str(markup.get("input_field_placeholder") or "") if message.asks_reply else None,
        date=message.date,
    )


def _topic_name(chat: Chat, topic: int | None) -> str:
    """The topic's name as it is now."""
    return chat.topics[topic].name if topic in chat.topics else ""


def _joined(line: Line, message: Message) -> Line:
    """An album's next picture; the album's caption is the first one there is."""
    media = line.media + ((message.media,) if message.media else ())
    words = (line.text, line.entities) if line.text else (message.text, tuple(message.entities))
    return Line(**{**vars(line), "media": media, "text": words[0], "entities": words[1]})


def _draft(world: World, chat: Chat, topic: int | None, draft: Draft) -> Line:
    """The preview of what is being written."""
    text, name = draft.text or "Thinking…", _topic_name(chat, topic)
    return Line("draft", world.bot.name, True, text, draft.entities, topic=topic, topic_name=name)


def _toast(world: World, toast: Toast) -> Line:
    return Line("toast", world.bot.name, True, toast.text)


def service_text(message: Message) -> str:
    """A service message in words."""
    service = message.service or {}
    name = message.sender.name
    if topic := service.get("forum_topic_created"):
        return f"{name} created the topic “{topic['name']}”"
    if members := service.get("new_chat_members"):
        return f"{name} added {', '.join(m['first_name'] for m in members)}"
    if member := service.get("left_chat_member"):
        return f"{member['first_name']} left the group"
    if "migrate_to_chat_id" in service or "migrate_from_chat_id" in service:
        return "The group became a supergroup"
    return ", ".join(service)
