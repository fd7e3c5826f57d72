"""What several methods ask first: may the bot write here, is this text right, which message is meant."""

from typing import Any

from tests.loopback.telegram import entities, markup
from tests.loopback.telegram.entities import Entity
from tests.loopback.telegram.errors import bad_request, forbidden
from tests.loopback.telegram.model import Chat, Message
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.units import units
from tests.loopback.telegram.world import World

# The longest text and caption, in UTF-16 units (the stricter way to count).
MOST_TEXT = 4096
MOST_CAPTION = 1024


def writable(world: World, call: Params) -> Chat:
    """The chat of a call, if the bot may write there."""
    chat = world.chat(call.text("chat_id"))
    if chat.private:
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat
    standing(world, chat)
    return chat


def standing(world: World, chat: Chat) -> None:
    """Refuse where the bot is no member."""
    member = chat.members.get(world.bot.id)
    if member is None or member.status in {"kicked", "left"}:
        kind = "supergroup" if chat.kind == "supergroup" else "group"
        if member is not None and member.status == "kicked":
            raise forbidden(f"bot was kicked from the {kind} chat")
        raise forbidden(f"bot is not a member of the {kind} chat")


def has_right(world: World, chat: Chat, right: str) -> bool:
    """Whether the bot is an administrator who may do this; in private chats it may."""
    member = chat.members.get(world.bot.id)
    return chat.private or (member is not None and right in member.rights)


def formatted(
    call: Params, name: str, most: int, mode: str = "parse_mode", spans: str = ""
) -> tuple[str, list[Entity]]:
    """A text or caption, parsed and short enough."""
    given = call.data(spans or ("caption_entities" if name == "caption" else "entities"))
    text, found = entities.parsed(call.text(name), call.text(mode), given)
    if units(text) > most:
        raise bad_request("message caption is too long" if most == MOST_CAPTION else "message is too long")
    return text, found


def required_text(call: Params) -> tuple[str, list[Entity]]:
    """The text of a message: there must be one."""
    text, found = formatted(call, "text", MOST_TEXT)
    if not text:
        raise bad_request("message text is empty")
    return text, found


def thread(world: World, chat: Chat, call: Params) -> int | None:
    """The topic that a call names, if it exists."""
    number = call.number("message_thread_id")
    if not number:
        return None
    topic = chat.topics.get(number)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not has_right(world, chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return number


def target(world: World, chat: Chat, call: Params) -> Message | None:
    """The message that is replied to."""
    reply = call.data("reply_parameters") or {}
    number = int(reply.get("message_id") or call.number("reply_to_message_id"))
    if not number:
        return None
    allowed = reply.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    source = world.chat(str(reply["chat_id"])) if reply.get("chat_id") else chat
    message = source.messages.get(number)
    if message is None and not allowed:
        raise bad_request("message to be replied not found")
    return message


def envelope(world: World, chat: Chat, call: Params) -> dict[str, Any]:
    """What every sent message has: where it goes, what it answers, its buttons."""
    reply = target(world, chat, call)
    topic = thread(world, chat, call)
    return {
        "reply_to": reply,
        "topic": reply.topic if topic is None and reply is not None else topic,
        "markup": markup.checked(call.data("reply_markup")),
        "silent": call.flag("disable_notification"),
        "protected": call.flag("protect_content"),
        "method": call.method,
    }


def own_message(world: World, chat: Chat, call: Params) -> Message:
    """The message that an edit means: it must be there and be the bot's."""
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot or message.service:
        raise bad_request("message can't be edited")
    return message
