"""Words: sending, editing, deleting, copying, drafts, reactions, answers to buttons."""

from typing import Any

from tests.loopback.telegram import markup
from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.methods import common
from tests.loopback.telegram.model import Draft, Message, Toast
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.world import CALLBACK_SECONDS, World

# The characters of a callback's answer; the hours for which a message can be deleted.
MOST_ANSWER = 200
DELETABLE_SECONDS = 48 * 3600

# The most messages that one deleteMessages names.
MOST_DELETED = 100

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

STALE = "query is too old and response timeout expired or query ID is invalid"

# What a bot may put under a message.
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


def send_message(world: World, call: Params) -> dict[str, Any]:
    """sendMessage"""
    chat = common.writable(world, call)
    text, entities = common.required_text(call)
    parts = common.envelope(world, chat, call)
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, text=text, entities=entities, **parts).to_api()


def send_message_draft(world: World, call: Params) -> bool:
    """sendMessageDraft: a preview in a private chat; an empty text shows “Thinking…”."""
    chat = common.writable(world, call)
    if not chat.private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not call.number("draft_id"):
        raise bad_request("RANDOM_ID_INVALID")
    text, entities = common.formatted(call, "text", common.MOST_TEXT)
    topic = common.thread(world, chat, call)
    world.limits.charge_draft(chat.id)
    chat.drafts[topic] = Draft(call.number("draft_id"), text, tuple(entities), world.clock.now())
    world.note(chat, "draft", world.bot, text=text, method=call.method, topic=topic)
    return True


def edit_message_text(world: World, call: Params) -> dict[str, Any]:
    """editMessageText"""
    chat = common.writable(world, call)
    message = common.own_message(world, chat, call)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = common.required_text(call)
    return change(world, message, call, text=text, entities=entities)


def edit_message_caption(world: World, call: Params) -> dict[str, Any]:
    """editMessageCaption"""
    chat = common.writable(world, call)
    message = common.own_message(world, chat, call)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = common.formatted(call, "caption", common.MOST_CAPTION)
    return change(world, message, call, text=text, entities=entities)


def edit_message_reply_markup(world: World, call: Params) -> dict[str, Any]:
    """editMessageReplyMarkup"""
    chat = common.writable(world, call)
    return change(world, common.own_message(world, chat, call), call)


def change(world: World, message: Message, call: Params, **content: Any) -> dict[str, Any]:
    """Give a message new content and buttons; refused if nothing would change."""
    new = {**content, "markup": markup.inline_only(call.data("reply_markup"))}
    world.limits.charge(message.chat.id)
    if all(getattr(message, name) == value for name, value in new.items()):
        raise bad_request(NOT_MODIFIED)
    for name, value in new.items():
        setattr(message, name, value)
    message.edited = world.clock.date()
    note(world, message, "edit", call)
    return message.to_api()


def note(world: World, message: Message, kind: str, call: Params) -> None:
    """Into the chat's history."""
    world.note(
        message.chat,
        kind,
        world.bot,
        message_id=message.id,
        text=message.text,
        method=call.method,
        topic=message.topic,
    )


def delete_message(world: World, call: Params) -> bool:
    """deleteMessage"""
    chat = common.writable(world, call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(world, message):
        raise bad_request("message can't be deleted for everyone")
    world.remove(message, world.bot, call.method)
    return True


def delete_messages(world: World, call: Params) -> bool:
    """deleteMessages: those that are gone are skipped."""
    chat = common.writable(world, call)
    numbers = call.data("message_ids") or []
    if not 1 <= len(numbers) <= MOST_DELETED:
        raise bad_request("there must be from 1 to 100 message identifiers")
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    if not all(_deletable(world, message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        world.remove(message, world.bot, call.method)
    return True


def _deletable(world: World, message: Message) -> bool:
    """Young enough, and the bot's own, or of a private chat, or of a group where it may."""
    mine = message.sender is world.bot or common.has_right(world, message.chat, "can_delete_messages")
    return mine and world.clock.date() - message.date < DELETABLE_SECONDS


def copy_message(world: World, call: Params) -> dict[str, Any]:
    """copyMessage"""
    return {"message_id": _again(world, call, "message to copy not found").id}


def forward_message(world: World, call: Params) -> dict[str, Any]:
    """forwardMessage"""
    return _again(world, call, "message to forward not found").to_api()


def _again(world: World, call: Params, missing: str) -> Message:
    """A message of one chat in another."""
    chat = common.writable(world, call)
    source = world.chat(call.text("from_chat_id")).messages.get(call.number("message_id"))
    if source is None:
        raise bad_request(missing)
    parts = common.envelope(world, chat, call)
    content: dict[str, Any] = {"text": source.text, "entities": source.entities, "media": source.media}
    if call.method.lower() == "forwardmessage":
        content["forwarded_from"] = source.forwarded_from or source.sender
    elif "caption" in call and source.media is not None:
        content["text"], content["entities"] = common.formatted(call, "caption", common.MOST_CAPTION)
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, **content, **parts)


def answer_callback_query(world: World, call: Params) -> bool:
    """answerCallbackQuery: once, in time."""
    press = world.presses.get(call.text("callback_query_id"))
    late = press is None or press.done.is_set() or world.clock.now() - press.at > CALLBACK_SECONDS
    if press is None or late:
        raise bad_request(STALE)
    text = call.text("text")
    if len(text) > MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.text, press.alert, press.url = text, call.flag("show_alert"), call.text("url")
    press.done.set()
    chat = press.message.chat
    if text:
        last = max(chat.messages, default=0)
        chat.toasts.append(Toast(press.user, text, press.alert, last))
    chat.touch()
    return True


def set_message_reaction(world: World, call: Params) -> bool:
    """setMessageReaction: one emoji of the usual ones, or none."""
    chat = common.writable(world, call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    emoji = [str(r.get("emoji", "")) for r in call.data("reaction") or [] if r.get("type") == "emoji"]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(e.rstrip("\ufe0f") not in REACTIONS for e in emoji):
        raise bad_request("REACTION_INVALID")
    message.reactions.pop(world.bot.id, None)
    if emoji:
        message.reactions[world.bot.id] = emoji
    note(world, message, "react", call)
    return True


def pin_chat_message(world: World, call: Params) -> bool:
    """pinChatMessage"""
    return _pin(world, call, True)


def unpin_chat_message(world: World, call: Params) -> bool:
    """unpinChatMessage"""
    return _pin(world, call, False)


def _pin(world: World, call: Params, pinned: bool) -> bool:
    chat = common.writable(world, call)
    if not common.has_right(world, chat, "can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad_request("message to pin not found" if pinned else "message to unpin not found")
    message.pinned = pinned
    note(world, message, "pin", call)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
}
