"""“… is typing”, from the moment a reply is under way until its first words are there. `speech.py` starts and ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.rest import Rest
from bot.surfaces.sending import LaterError, TransientError

RENEWED_S = 8.0  # Discord shows it for ten seconds
LONGEST_S = 120.0  # a model that takes longer than that will hardly answer


async def keep_typing(
    rest: Rest, channel: str, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Show it until the caller cancels this. Whether it is seen matters too little to try again."""
    for _ in range(int(LONGEST_S / RENEWED_S)):
        try:
            await rest.typing(channel)
        except RefusedError:
            return
        except (LaterError, TransientError):
            pass
        await sleep(RENEWED_S)
