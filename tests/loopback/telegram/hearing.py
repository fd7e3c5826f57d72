"""What the bot hears: everything in private chats; in groups, privacy mode decides. Called by the control side."""

from tests.loopback.telegram import entities
from tests.loopback.telegram.model import Chat, Message
from tests.loopback.telegram.world import World


def heard(world: World, message: Message) -> bool:
    """Whether Telegram gives this message to the bot."""
    chat = message.chat
    if message.sender.is_bot:
        return False
    if chat.private:
        return not chat.blocked
    everything = not world.bot.privacy or is_administrator(world, chat) or bool(message.service)
    return is_there(world, chat) and (everything or _meant(world, message))


def is_there(world: World, chat: Chat) -> bool:
    """Whether the bot is in a group."""
    member = chat.members.get(world.bot.id)
    return member is not None and member.status not in {"left", "kicked"}


def is_administrator(world: World, chat: Chat) -> bool:
    """Whether the bot is an administrator of a group: those hear everything."""
    member = chat.members.get(world.bot.id)
    return member is not None and member.status == "administrator"


def _meant(world: World, message: Message) -> bool:
    """A command for this bot, a reply to it, or a mention of it."""
    bot = world.bot
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    name = f"@{bot.username}".lower()
    for entity in message.entities:
        words = entities.covered(message.text, entity).lower()
        if entity["type"] == "mention" and words == name:
            return True
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            # A bare command goes to the bot that spoke last, if any bot did.
            bare = "@" not in words and message.chat.last_bot in {None, bot.id}
            if bare or words.endswith(name):
                return True
    return False
