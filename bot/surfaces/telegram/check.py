"""What `selfsame doctor` says about Telegram: whether the token works, and what BotFather has switched on or off."""

from __future__ import annotations

from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.ports import Finding
from bot.surfaces.telegram.config import TelegramConfig
from bot.surfaces.telegram.inbound import Me
from bot.surfaces.telegram.quiet import quiet_libraries
from bot.surfaces.telegram.updates import REFUSED

UNREACHABLE = "Telegram cannot be reached from here. Check the network, and [telegram] api_url if it is set."
# Telegram says the same to a wrong token as another server does to a path that it does not have.
OR_ADDRESS = " If the token is right, [telegram] api_url is wrong: it ends before /bot."


async def check(config: TelegramConfig) -> tuple[Finding, ...]:
    """Ask Telegram about the bot."""
    quiet_libraries()
    if not config.token.isprintable():  # a line break in the middle: it could not even be sent
        return (Finding(False, "Telegram: token", REFUSED),)
    try:
        async with ExtBot(config.token, config.base_url, config.base_file_url) as bot:
            return await _findings(bot, config)
    except InvalidToken:
        return (Finding(False, "Telegram: token", REFUSED + (OR_ADDRESS if config.api_url else "")),)
    except TelegramError:
        return (Finding(False, "Telegram: connection", UNREACHABLE),)


async def _findings(bot: ExtBot[Any], config: TelegramConfig) -> tuple[Finding, ...]:
    me = Me.of(await bot.get_me())
    link = f"https://t.me/{me.username}"
    webhook = await bot.get_webhook_info()
    return (
        Finding(True, "Telegram: token", f"It belongs to @{me.username}. Open {link} and press Start."),
        Finding(None, "Telegram: groups", f"Add it to a group: {link}?startgroup=true. {_privacy(me)}"),
        Finding(None, "Telegram: topics", _topics(me, config)),
        *((_webhook(),) if webhook.url else ()),
    )


def _privacy(me: Me) -> str:
    if me.reads_all:
        return "Privacy mode is off: characters answer to their name alone."
    return (
        "Privacy mode is on: in groups it reads commands, mentions and replies. "
        "@BotFather → /setprivacy changes that."
    )


def _topics(me: Me, config: TelegramConfig) -> str:
    if me.topics and config.topics:
        return "Each character gets a topic of its own in private chats."
    if me.topics:
        return "They are switched on at BotFather, and off in [telegram] topics."
    return "They are off. @BotFather: /mybots → your bot → Bot Settings → Threads Settings → Threaded Mode."


def _webhook() -> Finding:
    return Finding(
        None,
        "Telegram: webhook",
        "Another program has set a webhook for this bot. Selfsame removes it when it starts; "
        "make a second bot if that program needs it.",
    )
