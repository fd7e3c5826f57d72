"""Pictures that take longer than an interaction lasts, where the bot can speak by nothing else.

`surface.py` starts `leave_button` with the progress of a picture that somebody asked for in a chat without the bot. The
button's click is a new interaction, whose token shows the picture.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.messages import Call, MessageView, OptionValue
from bot.ports import Calls
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import Way, write_id
from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.inbound import Reply
from bot.surfaces.discord.outgoing import Outgoing, of_post
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.rest import Rest
from bot.surfaces.discord.sheet import BRAND
from bot.surfaces.sending import UndeliverableError, until_sent

LATE = (
    "This picture takes longer than Discord lets me wait here. "
    "It goes on being made; in a while a click shows it."
)
# Seconds that are left of a token for this one message once everything else has stopped using it.
LAST_WORDS_S = 45.0

Sleep = Callable[[float], Awaitable[None]]


async def leave_button(
    rest: Rest,
    calls: Calls,
    reply: Reply,
    message: MessageView,
    person_id: str,
    ref: str,
    *,
    now: Callable[[], float] = time.time,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Wait for the token's end, then put a button there that shows the picture."""
    await sleep(max(0.0, reply.until - now()))
    shown = await _button(calls, message, person_id)
    hook = reply.hook(rest.application_id)

    async def change() -> None:
        await rest.hook_patch(hook, ref, shown.payload)

    try:
        await until_sent(change, patience=LAST_WORDS_S)
    except (RefusedError, UndeliverableError):
        return  # the picture still comes by direct message


async def _button(calls: Calls, message: MessageView, person_id: str) -> Outgoing:
    about: dict[str, OptionValue] = {"character": message.speaker.character_id} if message.speaker else {}
    custom_id = await write_id(Call("gallery", about), Way(), person_id, calls)
    button = layout.button("Show picture", custom_id, style=layout.PRIMARY)
    return of_post(Post([layout.container([layout.text(LATE), layout.row(button)], BRAND)]))
