"""Every command once, as data: name, description, options, who may use it, handler.

Surfaces build their native form from `COMMANDS`; `bot/router.py` runs the handlers.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.commands.character import characters, delete_character, profile
from bot.commands.chat import resume, say, start, talk
from bot.commands.command import Command, Option, OptionKind, Who
from bot.commands.create import create, edit
from bot.commands.help import help_
from bot.commands.imports import import_
from bot.commands.link import link, unlink
from bot.commands.memory import forget, memory, pin, remember, reset
from bot.commands.privacy import export, forget_me, privacy
from bot.commands.selfie import cancel, delete_picture, gallery, primary, selfie, vary
from bot.commands.timezone import timezone

CHARACTER = Option(
    "character", "Which character; the one you are talking with if left out.", OptionKind.CHARACTER
)
CONFIRM = Option("confirm", "Yes, do it.", OptionKind.CONFIRM)

# In the order of the help and of the completion: what is typed in a conversation comes first.
LISTED = (
    Command(
        "selfie",
        "A picture of the character in a scene.",
        selfie,
        (Option("scene", "Where and how: at a jazz bar, laughing, close-up."), CHARACTER),
        example="/selfie at a jazz bar",
        paced=True,
    ),
    Command(
        "talk",
        "Talk with a character.",
        talk,
        (
            Option("character", "Who to talk with.", OptionKind.CHARACTER, required=True),
            Option("say", "Words that waited for the choice.", OptionKind.ID),
        ),
        example="/talk noor",
    ),
    Command(
        "memory",
        "What a character knows about you, and where it knows it from.",
        memory,
        (Option("query", "Words to look for."), CHARACTER),
        example="/memory",
    ),
    Command(
        "remember",
        "Tell a character something to remember, or correct it.",
        remember,
        (
            Option("what", "What to remember, in your words.", required=True),
            CHARACTER,
            Option("fact", "The memory that it takes the place of.", OptionKind.ID),
        ),
        Who.OWNER,
        example="/remember my sister is called Ana",
    ),
    Command(
        "forget",
        "Let a character forget something.",
        forget,
        (
            Option("what", "Words of what to forget."),
            CHARACTER,
            Option("fact", "One memory.", OptionKind.ID),
            Option("line", "What one message told.", OptionKind.ID),
            CONFIRM,
        ),
        Who.OWNER,
        example="/forget my dog",
    ),
    Command("gallery", "Your pictures.", gallery, (CHARACTER,), example="/gallery", at_once=True),
    Command("create", "Make a new character, step by step.", create, free=True, example="/create"),
    Command(
        "characters",
        "Everyone you can talk with.",
        characters,
        (Option("query", "Part of a name, tagline or tag."),),
        example="/characters",
        at_once=True,
    ),
    Command(
        "reset",
        "Start a conversation anew.",
        reset,
        (CHARACTER, Option("memories", "Forget what is remembered, too.", OptionKind.FLAG), CONFIRM),
        Who.OWNER,
        example="/reset",
    ),
    Command(
        "edit",
        "Change a character of yours; the former version is kept.",
        edit,
        (CHARACTER,),
        Who.OWNER,
        example="/edit noor",
    ),
    Command(
        "delete",
        "Delete a character of yours with everything that belongs to it.",
        delete_character,
        (CHARACTER, CONFIRM),
        Who.OWNER,
        example="/delete noor",
    ),
    Command(
        "link",
        "Be the same person on Discord, Telegram and the page.",
        link,
        (Option("code", "The code that /link gave you on the other one."), CONFIRM),
        example="/link",
        paced=True,
    ),
    Command(
        "unlink",
        "Separate linked accounts again.",
        unlink,
        (Option("account", "Which of them.", OptionKind.ID), CONFIRM),
        Who.OWNER,
        example="/unlink",
    ),
    Command(
        "timezone",
        "What time it is where you are, so that “tomorrow” and birthdays are right.",
        timezone,
        (
            Option("zone", "A city or an offset: Europe/Berlin, UTC+2; without it you see yours."),
            Option("unasked", "The browser says it by itself.", OptionKind.CONFIRM),
        ),
        example="/timezone Europe/Berlin",
    ),
    Command(
        "import",
        "Let a character remember what you talked about elsewhere.",
        import_,
        (
            Option("file", "The history: an export, a chat's file, a text with names.", OptionKind.FILE),
            Option("me", "What you are called in it, if that is not clear."),
            CHARACTER,
            Option("forget", "The number of an import to take back."),
            CONFIRM,
        ),
        Who.OWNER,
        example="/import",
        paced=True,
        at_once=True,
    ),
    Command("export", "Everything that is yours, as one file.", export, example="/export", paced=True),
    Command(
        "privacy", "What is kept, and what you can do about it.", privacy, example="/privacy", at_once=True
    ),
    Command(
        "forget_me",
        "Delete everything that is yours.",
        forget_me,
        (CONFIRM,),
        Who.OWNER,
        example="/forget_me",
    ),
    Command("help", "All commands.", help_, example="/help", at_once=True),
)

# Called by pages and buttons.
HIDDEN = (
    Command("say", "Say something.", say, hidden=True, paced=True),
    Command(
        "start",
        "Say hello, or follow a link to a character.",
        start,
        (Option("character", "Who the link leads to.", OptionKind.CHARACTER),),
        hidden=True,
    ),
    Command("resume", "Answer what a crash left unanswered.", resume, hidden=True),
    Command(
        "profile",
        "A character's own page.",
        profile,
        (Option("character", "Which character.", OptionKind.CHARACTER, required=True),),
        example="/profile noor",
        hidden=True,
        at_once=True,
    ),
    Command(
        "vary",
        "The same picture with one thing changed.",
        vary,
        (
            Option("media", "The picture.", OptionKind.ID, required=True),
            Option("what", "What changes.", OptionKind.CHOICE, choices=("outfit", "light", "again")),
        ),
        Who.OWNER,
        example="the buttons under a picture",
        hidden=True,
        paced=True,
    ),
    Command(
        "primary",
        "Make a picture the character's face everywhere.",
        primary,
        (Option("media", "The picture.", OptionKind.ID, required=True),),
        Who.OWNER,
        example="the button under a picture",
        hidden=True,
    ),
    Command(
        "cancel",
        "Stop a picture.",
        cancel,
        (Option("job", "The picture under way.", OptionKind.ID, required=True),),
        Who.OWNER,
        example="the button beside its progress",
        hidden=True,
        at_once=True,
    ),
    Command(
        "pin",
        "Always remember this, or no longer.",
        pin,
        (Option("fact", "The memory.", OptionKind.ID, required=True), CHARACTER),
        Who.OWNER,
        example="the button beside a memory",
        hidden=True,
    ),
    Command(
        "delete_picture",
        "Delete a picture.",
        delete_picture,
        (Option("media", "The picture.", OptionKind.ID, required=True), CONFIRM),
        Who.OWNER,
        example="the button under a picture",
        hidden=True,
    ),
)

COMMANDS: Mapping[str, Command] = MappingProxyType({command.name: command for command in (*LISTED, *HIDDEN)})
