"""The answers that Discord was promised within three seconds (“… is thinking”): each is given once, also over restarts.

`events.py` promises them, and whoever has something to show claims one (`sending.py`, `speech.py`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.surfaces.discord.errors import RefusedError
from bot.surfaces.discord.inbound import Reply
from bot.surfaces.discord.outgoing import LOADING
from bot.surfaces.discord.rest import Rest
from bot.surfaces.sending import until_sent

# Interactions whose promised answer is known to be given or not; of others Discord is asked.
ANSWERS_KNOWN = 5000
# What gave an answer before this process began.
EARLIER = "an earlier run"


class Answers:
    """The answers that Discord was promised for interactions: each is given once."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._given: OrderedDict[str, str] = OrderedDict()  # interaction → what gave it; "" while it waits
        self._acknowledged: OrderedDict[str, asyncio.Future[bool]] = OrderedDict()

    def promise(self, interaction: str) -> None:
        """“… is thinking”: an answer is awaited, unless it was given already and the event comes twice."""
        if interaction not in self._given:
            self._put(interaction, "")

    def await_acknowledgement(self, interaction: str) -> asyncio.Future[bool]:
        """Whatever is shown for this interaction waits for this: whether Discord took the first answer."""
        coming: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._acknowledged[interaction] = coming
        while len(self._acknowledged) > ANSWERS_KNOWN:
            self._acknowledged.popitem(last=False)
        return coming

    async def acknowledged(self, interaction: str) -> bool:
        """Whether Discord waits for more; an earlier run's interactions were taken."""
        coming = self._acknowledged.get(interaction)
        return True if coming is None else await asyncio.shield(coming)

    async def claim(self, reply: Reply, key: str, *, again: bool = False) -> bool:
        """Whether `key` is to be the promised answer; asking again gives the same.

        `again`: also where an earlier run gave it. A command that a crash left half done is carried out anew, and what
        it shows first belongs where it was shown first: else it would stand there twice.
        """
        if await self.waits(reply) or (again and self._given.get(reply.id) == EARLIER):
            self._put(reply.id, key)
        return bool(key) and self._given.get(reply.id) == key

    async def waits(self, reply: Reply) -> bool:
        """Whether the answer has not been given yet."""
        if not reply.waits:
            return False
        if reply.id not in self._given:  # promised by an earlier run
            self._put(reply.id, "" if await self._still_loading(reply) else EARLIER)
        return not self._given[reply.id]

    def _put(self, interaction: str, key: str) -> None:
        self._given[interaction] = key
        self._given.move_to_end(interaction)
        while len(self._given) > ANSWERS_KNOWN:
            self._given.popitem(last=False)

    async def _still_loading(self, reply: Reply) -> bool:
        hook = reply.hook(self._rest.application_id)

        async def ask() -> bool:
            message = await self._rest.hook_message(hook, "@original")
            return bool(message.get("flags", 0) & LOADING)

        try:
            return await until_sent(ask)
        except RefusedError:
            return False
