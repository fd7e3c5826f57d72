"""One server: its client, what is known of it, and how it fares; `line.py` chooses among them, `chat.py` asks them.

A failing server rests for a while, each time for longer. One that does not work at all – it is away, does not take the
key, is something else – is out until a look at it goes well again.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from openai import AsyncOpenAI, AsyncStream, Timeout

from engine.config import ServerConfig
from engine.errors import ModelError
from engine.models.layout import Dialect, lay_out
from engine.models.openai.asked import Asked
from engine.models.openai.connections import connections
from engine.models.openai.faults import Blame, ServerError, not_openai, silent, told
from engine.models.openai.known import USUAL_CONTEXT, Known, Questions, Software, look
from engine.models.openai.pace import Pace
from engine.models.openai.reading import Reading
from engine.models.openai.request import OPTIONAL, Fields, body
from engine.models.openai.slots import Slots
from engine.models.port import Priority, Prompt, Sampling

log = logging.getLogger(__name__)

# How often a server may fail before it is out, and before a reply stops asking it.
MOST_TRIES = 5
# How often a server may refuse a field of a request before the request itself is at fault.
MOST_LESSONS = 8
# What a stream of events is never sent as.
OTHER_CONTENT = ("text/html", "application/json", "image/", "application/xml", "text/xml")
# Seconds after which the reading of a burst lets others go on.
BREATH_S = 0.003
# How templates without a system role say so.
NO_SYSTEM = ("system role", "system message", "role 'system'")
# How servers say that they do not know a field at all.
UNKNOWN_FIELD = (
    "support",
    "unknown",
    "unrecognized",
    "unexpected",
    "not permitted",
    "forbidden",
    "extra input",
)
# Other names under which servers complain of a field.
ALIASES = {
    "chat_template_kwargs": "chat_template(_kwargs)?",
    "stream_options": "(stream_options|include_usage)",
}
# Seconds that a server may ask us to leave it alone: whatever it says, it is tried again after that.
LONGEST_WAIT_S = 900.0
# Sent where no key is set: the SDK wants one, the servers that need none do not look at it.
NO_KEY = "none"


class Server:
    """One server. `running`, `rests_until` and `out` are read by the line."""

    def __init__(self, url: str, config: ServerConfig, pace: Pace) -> None:
        self.shown = _shown(url)
        self.known = Known()
        self.running = 0  # replies that it is writing for us
        self.served = 0  # replies that it was ever given
        self.rests_until = 0.0  # on the event loop's clock
        self.out: ServerError | None = None  # why it is not asked at all
        self._config, self._pace = config, pace
        self._silence_s = pace.silence or float(config.timeout_seconds)
        self._client = _client(
            url, config, Timeout(self._silence_s, connect=min(pace.connect, self._silence_s))
        )
        self._questions = Questions(
            self._client, self.shown, Timeout(pace.look, connect=min(pace.connect, pace.look))
        )
        self._failures = 0  # one after another
        self._failed_at = 0.0
        self._looked_at = -1e9
        self._refused: frozenset[str] = frozenset()
        self._has_system = True
        self._slots = Slots()

    @property
    def context_tokens(self) -> int:
        """How many tokens it reads and writes at once."""
        return self._config.context_tokens or self.known.context_tokens or USUAL_CONTEXT

    @property
    def structured(self) -> bool:
        """Whether it takes a JSON schema."""
        return "response_format" not in self._refused

    def has_room(self, priority: Priority) -> bool:
        """Whether it can take a reply right now. Background work leaves a place for people."""
        places = self._places()
        kept = 1 if priority is Priority.BACKGROUND and places > 1 else 0
        return self.running < places - kept and self.rests_until <= _now()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    # How it fares

    def is_due(self) -> bool:
        """Whether it is time to look at it again."""
        ill = self.out is not None or self._failures > 0
        return _now() - self._looked_at >= (self._pace.ill if ill else self._pace.well)

    async def look(self) -> None:
        """See whether it works and what it is. Never raises; what is wrong is in `out`, or it rests."""
        began = _now()
        first = self._looked_at < 0
        try:
            async with asyncio.timeout(self._pace.look * 2):
                # What was out may have come back as something else.
                software = None if first or self.out is not None else self.known.software
                known = await look(self._questions, self._config.model, software)
        except ServerError as fault:
            self._looked_badly(fault, began, first=first)
        except TimeoutError:
            self._looked_badly(silent(self.shown, self._pace.look * 2), began, first=first)
        else:
            self._looked_well(known)
        self._looked_at = _now()

    def failed(self, fault: ServerError, began: float) -> None:
        """A reply that it began at `began` failed. Many that fail at the same moment count as one."""
        if fault.blame is Blame.REQUEST:
            self._learn_context(fault)
            return
        if began >= self._failed_at:
            self._failures += 1
            self._failed_at = _now()
        self.rests_until = max(self.rests_until, _now() + self._rest(fault))
        if fault.blame is Blame.SETTINGS or (fault.blame is not Blame.LOAD and self._failures >= MOST_TRIES):
            self._set_out(fault)

    def went_well(self) -> None:
        """A reply came whole."""
        self._failures = 0

    def _looked_badly(self, fault: ServerError, began: float, *, first: bool) -> None:
        if first or self.out is not None:
            self._set_out(fault)
        else:
            self.failed(fault, began)

    def _looked_well(self, known: Known) -> None:
        if self.out is not None:
            log.info("the chat server at %s can be asked", self.shown)
            self.rests_until = 0.0
        if (known.software, known.model) != (self.known.software, self.known.model):
            self._meet(known)
        self._has_system = self._has_system and known.has_system
        self.known, self.out = known, None

    def _meet(self, known: Known) -> None:
        """Another software or model: what was learned of the one before says nothing of it."""
        log.info("chat server at %s: %s on %s", self.shown, known.title, known.software)
        self._refused, self._has_system, self._slots = frozenset(), True, Slots()

    def _set_out(self, fault: ServerError) -> None:
        if self.out is None or self.out.sentence != fault.sentence:
            log.warning("%s", fault.sentence)
        self.out = fault

    def _rest(self, fault: ServerError) -> float:
        """Seconds until it is asked again: as long as it says, else longer each time, and never in step with others."""
        if fault.wait_s is not None:
            return min(fault.wait_s, LONGEST_WAIT_S)
        doubled = self._pace.first_rest * 2.0 ** min(max(self._failures - 1, 0), 30)
        return min(doubled, self._pace.longest_rest) * random.uniform(0.75, 1.25)

    def _learn_context(self, fault: ServerError) -> None:
        if fault.context:
            self.known = replace(self.known, context_tokens=fault.context)

    def _places(self) -> int:
        return min(self._config.slots, self.known.slots or self._config.slots)

    # One reply

    async def reply(self, prompt: Prompt, asked: Asked, reading: Reading) -> AsyncGenerator[str]:
        """The pieces of a reply; `reading` has its counts afterwards. Raises ServerError, DeadlineError."""
        has_slots = self.known.software is Software.LLAMA_SERVER
        slot = self._slots.take(asked.work.conversation, self.known.slots) if has_slots else None
        try:
            stream = await self._open(prompt, reading.sampling, asked, slot)
            try:
                async with aclosing(self._pieces(stream, asked, reading)) as pieces:
                    async for piece in pieces:
                        yield piece
            finally:
                # Closes the connection, too, if the reply is not read to its end: so the server stops writing it.
                await stream.close()
        finally:
            self._slots.leave(slot)

    async def forget(self, conversations: Collection[str]) -> None:
        """Have the server drop what it keeps of these conversations, as far as it can be told to."""
        slots = self._slots.forget(conversations)
        if self.out is None:
            await asyncio.gather(*(self._questions.erase(slot) for slot in slots))

    async def _open(
        self, prompt: Prompt, sampling: Sampling, asked: Asked, slot: int | None
    ) -> AsyncStream[object]:
        """Send the request. A refusal that names a field, or the system role, is heeded and the rest sent again."""
        for _ in range(MOST_LESSONS):
            fields = self._body(prompt, sampling, slot)
            try:
                return await self._send(fields, asked)
            except ServerError as fault:
                if not self._learn(fault, fields):
                    raise
        raise not_openai(self.shown)

    async def _send(self, fields: Fields, asked: Asked) -> AsyncStream[object]:
        """Ask for the stream. Its events are taken as JSON: the SDK's own classes take longer than all the rest."""
        with told(self.shown, silence_s=self._silence_s):
            stream = await asked.wait(
                lambda: self._client.post(
                    "/chat/completions",
                    cast_to=object,
                    body=fields,
                    stream=True,
                    stream_cls=AsyncStream[object],
                )
            )
        if stream.response.headers.get("content-type", "").lower().startswith(OTHER_CONTENT):
            await stream.close()
            raise not_openai(self.shown)
        return stream

    async def _pieces(
        self, stream: AsyncStream[object], asked: Asked, reading: Reading
    ) -> AsyncGenerator[str]:
        events, breath = aiter(stream), _now()
        # Read to its very end, because only then the connection serves for the next reply.
        while not reading.stopped and (event := await self._next(events, asked, reading)) is not None:
            if text := reading.feed(event):
                yield text
            # What has already come is read without a pause, however much it is: others want the event loop, too.
            if _now() - breath > BREATH_S:
                await asyncio.sleep(0)
                breath = _now()
        if rest := reading.close():
            yield rest

    async def _next(self, events: AsyncIterator[object], asked: Asked, reading: Reading) -> object | None:
        """The next event, None at the end. What goes wrong after the last word is nobody's loss."""
        try:
            with told(self.shown, silence_s=self._silence_s, begun=True):
                if not reading.ended:
                    return await asked.wait(lambda: anext(events, None))
                async with asyncio.timeout(self._pace.counts):
                    return await asked.wait(lambda: anext(events, None))
        except (ModelError, TimeoutError):
            if reading.ended:
                return None
            raise

    def _body(self, prompt: Prompt, sampling: Sampling, slot: int | None) -> Fields:
        return body(
            self.known.model or self._config.model,
            lay_out(prompt, Dialect(has_system=self._has_system)),
            sampling,
            self.known.software,
            refused=self._refused,
            slot=slot,
        )

    def _learn(self, fault: ServerError, fields: Fields) -> bool:
        """Whether a refusal says what to leave out; it is never sent there again."""
        if self._has_system and any(sign in fault.details for sign in NO_SYSTEM):
            self._has_system = False
            return True
        if fault.blame is not Blame.REQUEST:
            return False
        named = {name for name in OPTIONAL & fields.keys() if _names(fault.details, name)}
        if not any(sign in fault.details for sign in UNKNOWN_FIELD):
            named.discard("response_format")  # it is known, but not with this schema
        self._refused |= named
        return bool(named)


def _names(details: str, field: str) -> bool:
    return re.search(rf"\b{ALIASES.get(field, field)}\b", details) is not None


def _client(url: str, config: ServerConfig, timeout: Timeout) -> AsyncOpenAI:
    """The SDK's client, without retries of its own and without what it takes from the environment for OpenAI."""
    key = config.api_key.get_secret_value()
    client = AsyncOpenAI(
        api_key=key or NO_KEY, base_url=url, timeout=timeout, max_retries=0, http_client=connections()
    )
    client.organization = client.project = None
    return client


def _shown(url: str) -> str:
    """An address as it may be shown: without a password in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _now() -> float:
    return asyncio.get_running_loop().time()
