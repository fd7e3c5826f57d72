"""Topics of forums and, where the bot has them switched on, of private chats."""

from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.methods import common
from tests.loopback.telegram.model import Chat, Topic, User
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.world import World

# The characters of a topic's name.
MOST_NAME = 128

COLOURS = {7322096, 16766590, 13338331, 9367192, 16749490, 16478047}


def open_topic(world: World, chat: Chat, name: str, by: User, method: str = "") -> Topic:
    """A new topic; its first message says so and gives it its id."""
    service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    message = world.post(chat, by, method, service=service)
    message.topic = message.id
    chat.topics[message.id] = Topic(message.id, name)
    world.note(chat, "topic", by, message_id=message.id, text=name, method=method, topic=message.id)
    return chat.topics[message.id]


def remove_topic(world: World, chat: Chat, topic: Topic, by: User, method: str = "") -> None:
    """A topic goes with all its messages."""
    del chat.topics[topic.id]
    chat.drafts.pop(topic.id, None)
    for message in chat.visible(topic.id):
        message.deleted = True
        del chat.messages[message.id]
    world.note(chat, "topic", by, text=f"deleted: {topic.name}", method=method, topic=topic.id)


def has_topics(world: World, chat: Chat) -> bool:
    """Whether topics are possible here."""
    return world.bot.topics if chat.private else chat.forum


def create_forum_topic(world: World, call: Params) -> dict[str, Any]:
    """createForumTopic"""
    chat = _forum(world, call)
    name = _name(call)
    if "icon_color" in call and call.number("icon_color") not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    world.limits.charge(chat.id)
    topic = open_topic(world, chat, name, world.bot, call.method)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": 7322096}


def edit_forum_topic(world: World, call: Params) -> bool:
    """editForumTopic"""
    chat, topic = _topic(world, call)
    name = _name(call) if call.text("name") else topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    world.note(chat, "topic", world.bot, text=f"renamed: {name}", method=call.method, topic=topic.id)
    return True


def close_forum_topic(world: World, call: Params) -> bool:
    """closeForumTopic"""
    return _closed(world, call, True)


def reopen_forum_topic(world: World, call: Params) -> bool:
    """reopenForumTopic"""
    return _closed(world, call, False)


def _closed(world: World, call: Params, closed: bool) -> bool:
    chat, topic = _topic(world, call)
    if chat.private:
        raise bad_request("the chat is not a supergroup forum")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    word = "closed" if closed else "reopened"
    world.note(chat, "topic", world.bot, text=word, method=call.method, topic=topic.id)
    return True


def delete_forum_topic(world: World, call: Params) -> bool:
    """deleteForumTopic"""
    chat, topic = _topic(world, call)
    remove_topic(world, chat, topic, world.bot, call.method)
    return True


def _forum(world: World, call: Params) -> Chat:
    """The chat, if it has topics and the bot may manage them."""
    chat = common.writable(world, call)
    if not has_topics(world, chat):
        raise bad_request("the chat is not a forum")
    if not common.has_right(world, chat, "can_manage_topics"):
        raise bad_request("not enough rights to manage topics")
    return chat


def _topic(world: World, call: Params) -> tuple[Chat, Topic]:
    """The chat and the topic that a call names."""
    chat = _forum(world, call)
    topic = chat.topics.get(call.number("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    return chat, topic


def _name(call: Params) -> str:
    name = call.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(name) > MOST_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


METHODS = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
