"""That somebody is about to answer: “typing …” until the first words are there, and a draft that does not fade away.

`surface.py` starts one of these for each reply and ends it with the reply.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bot.surfaces.sending import GoneError, LaterError, TransientError, UndeliverableError
from bot.surfaces.telegram.errors import MigratedError, ThreadGoneError
from bot.surfaces.telegram.screens import ReplyScreen
from bot.surfaces.telegram.sending import Sender, Sleep, Spot

# Telegram shows the action for 5 seconds, and a draft for 30.
TYPING_EVERY = 4.5  # seconds
DRAFT_AGE = 20.0  # seconds
# A reply that is not there after this long will hardly come; nobody is made to wait for it by a sign.
LONGEST = 180.0  # seconds


async def show_presence(
    sender: Sender,
    spot: Spot,
    screen: ReplyScreen,
    *,
    sleep: Sleep = asyncio.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Show that a reply comes, until this is cancelled."""
    since = monotonic()
    while monotonic() - since < LONGEST:
        try:
            if not screen.visible:
                await sender.typing(spot)
            elif screen.drafted_at is not None and monotonic() - screen.drafted_at > DRAFT_AGE:
                await screen.redraw()
        except (TransientError, LaterError):
            pass  # only a sign: the next one comes soon
        except (GoneError, UndeliverableError, ThreadGoneError, MigratedError):
            return
        await sleep(TYPING_EVERY)
