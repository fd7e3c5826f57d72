"""Chat by OpenAI-compatible servers, one or many: `opening.py` opens it, `engine/turn.py` and others ask it.

A reply waits in line for a server, is asked for there, and goes to the next one if that fails before the first word.
After the first word nothing is tried again: nobody shall read the same beginning twice.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace

from engine.errors import ModelError
from engine.models.layout import Dialect, lay_out
from engine.models.openai.asked import Asked
from engine.models.openai.estimate import Estimate
from engine.models.openai.faults import Blame, ServerError
from engine.models.openai.line import Line
from engine.models.openai.pace import Pace
from engine.models.openai.reading import Reading
from engine.models.openai.server import MOST_TRIES, Server
from engine.models.openai.watch import Watch
from engine.models.port import Finish, Prompt, Sampling, Work

NOBODYS = Work()
# What templates put around each line of a chat, and around all of it, in tokens: more than any that is known.
LINE_TOKENS = 8
FRAME_TOKENS = 32
# The fewest tokens that are left to a reply where the prompt seems to fill the context: it is only a guess.
LEAST_REPLY = 32


@asynccontextmanager
async def run_chat(servers: Sequence[Server], pace: Pace) -> AsyncGenerator[ServerChat]:
    """A chat on these servers, which are looked at meanwhile. Replies that are under way at the end are given up."""
    line = Line(servers)
    watch = Watch(servers, pace, line.move_up)
    chat = ServerChat(servers, line, watch)
    watching = asyncio.create_task(watch.run(), name="looking at the chat servers")
    try:
        yield chat
    finally:
        chat.give_up()
        watching.cancel()
        await asyncio.wait([watching])
        await watch.close()
        line.close()


class ServerChat:
    """A `ChatModel` that other processes run, here or elsewhere."""

    def __init__(self, servers: Sequence[Server], line: Line, watch: Watch) -> None:
        self._servers, self._line, self._watch = tuple(servers), line, watch
        self._estimate = Estimate()
        self._numbers = itertools.count(1)
        self._under_way: set[Asked] = set()

    @property
    def name(self) -> str:
        """The model's name and what runs it."""
        known = self._first.known
        if not known.title:
            return f"a model at {self._first.shown}"
        many = f"{len(self._servers)} servers" if len(self._servers) > 1 else str(known.software)
        return f"{known.title} ({many})"

    @property
    def context_tokens(self) -> int:
        """What every server takes that works: a prompt is written before it is known who reads it."""
        return min(server.context_tokens for server in self._well or self._servers)

    @property
    def structured(self) -> bool:
        """Whether all that work take a JSON schema."""
        return bool(self._well) and all(server.structured for server in self._well)

    @property
    def trouble(self) -> str:
        """Why no server can be asked right now, as a sentence; "" if one can."""
        first = self._servers[0].out
        return first.sentence if first is not None and not self._well else ""

    def count_tokens(self, text: str) -> int:
        """A guess that is rather too high than too low: `estimate.py`."""
        return self._estimate.corrected(self._estimate.guess(text))

    def prompt_tokens(self, prompt: Prompt) -> int:
        """The same for a prompt with all that a template may add."""
        return self._estimate.corrected(self._guessed(prompt))

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncGenerator[str | Finish]:
        """The pieces of a reply, then its numbers. Raises ModelError, also as Busy-, Down- or DeadlineError."""
        with self._asking(work) as asked:
            while True:
                if not self._well:
                    await asked.wait(self._watch.look)
                async with self._line.turn(asked) as server:
                    reading = Reading(server.shown, self._fitting(prompt, sampling, server))
                    began = asyncio.get_running_loop().time()
                    try:
                        async with aclosing(server.reply(prompt, asked, reading)) as pieces:
                            async for piece in pieces:
                                asked.begin()
                                yield piece
                    except ServerError as fault:
                        self._failed(server, fault, asked, began)
                        self._estimate.learn(self._guessed(prompt), fault.counted)
                        if not asked.may_try_again(fault):
                            raise
                    else:
                        server.went_well()
                        self._estimate.learn(self._guessed(prompt), reading.prompt_tokens)
                        yield replace(reading.finish(), first_s=asked.first_s, whole_s=asked.age_s)
                        return

    async def forget(self, conversations: Collection[str]) -> None:
        """Replies under way end, and servers that can be told to drop what they have read are told."""
        for asked in tuple(self._under_way):
            if asked.work.conversation in conversations:
                asked.end(ModelError("This conversation was erased."))
        self._line.forget(conversations)
        self._estimate.forget()
        await asyncio.gather(*(server.forget(conversations) for server in self._servers))

    def give_up(self) -> None:
        """End all replies: Selfsame stops, or goes on without the servers."""
        for asked in tuple(self._under_way):
            asked.end(ModelError())

    @property
    def _well(self) -> list[Server]:
        return [server for server in self._servers if server.out is None]

    @property
    def _first(self) -> Server:
        return next(iter(self._well), self._servers[0])

    @contextmanager
    def _asking(self, work: Work) -> Iterator[Asked]:
        """A reply from asking to its end, so that it can be found when its conversation is erased."""
        asked = Asked(work, next(self._numbers))
        self._under_way.add(asked)
        try:
            yield asked
        finally:
            self._under_way.discard(asked)

    def _fitting(self, prompt: Prompt, sampling: Sampling, server: Server) -> Sampling:
        """No more tokens than fit behind the prompt: some servers refuse what might not fit."""
        room = max(server.context_tokens - self.prompt_tokens(prompt), LEAST_REPLY)
        return replace(sampling, max_tokens=min(sampling.max_tokens, room))

    def _guessed(self, prompt: Prompt) -> float:
        """A prompt's tokens if nothing had been learned."""
        lines = lay_out(prompt, Dialect())
        words = sum(self._estimate.guess(part) for line in lines for part in line.parts)
        return FRAME_TOKENS + words + LINE_TOKENS * len(lines)

    def _failed(self, server: Server, fault: ServerError, asked: Asked, began: float) -> None:
        """Note a failure with the server and with the reply, and let others in line go elsewhere."""
        server.failed(fault, began)
        tries = asked.failed(server, fault)
        if fault.blame in {Blame.SILENCE, Blame.SETTINGS} or tries >= MOST_TRIES:
            asked.without.add(server)
        self._line.move_up()
