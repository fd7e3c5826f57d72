"""What messages mean: made of them in the background, and compared with what is asked. `choose.py` opens it.

`engine/memory/recall.py` asks `scores` beside the search by words (the port is `engine/memory/ranking/port.py`). New
messages are read when nobody waits (`engine/models/background.py`): those that have no numbers are found in the store,
so that nothing is lost by a crash, and what was there before the model came is read as well. Only the words of the
question itself are read while somebody waits.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from engine.errors import ModelError, NotFoundError
from engine.memory.embed.encoder import Encoder
from engine.memory.embed.input import Speakers, Text, asked, contextual, weigh
from engine.memory.embed.nearness import nearest
from engine.memory.embed.numbers import Shelf, pack
from engine.memory.embed.shelves import Shelves
from engine.memory.ranking.port import Question
from engine.models.background import Background
from engine.store.store import Store
from engine.store.vectors import Meant

log = logging.getLogger(__name__)

# Messages that are read between two looks at the store: a fraction of a second.
BATCH = 32
# Messages after which other small work has its turn.
PIECE = 256
# Conversations that are looked through before other small work has its turn; mostly nothing is missing.
LOOKED_THROUGH = 64
# Seconds that a reply waits for meanings at most; then it is written with what was found by words.
PATIENCE_S = 0.5
# Threads that read in the background: one reads some 75 messages a second.
READERS = min(2, os.cpu_count() or 1)
# How much such a thread that reads in the background stands back, as `nice` counts.
STANDS_BACK = 10


class Meanings:
    """The meanings of all messages, by one model."""

    def __init__(self, store: Store, background: Background, load: Callable[[], Encoder]) -> None:
        """`load` blocks, and raises ModelError."""
        self._store, self._background, self._load = store, background, load
        self._encoder: Encoder | None = None
        self._shelves: Shelves | None = None
        self._broken = False
        self._readers = ThreadPoolExecutor(READERS, "meanings", initializer=_stand_back)
        self._asked = ThreadPoolExecutor(2, "meaning")
        self._read_to: dict[str, int] = {}  # up to where all messages of a conversation have numbers
        self._unseen: list[str] | None = None  # conversations that were not looked through since the start

    async def scores(self, talks: Sequence[range], question: Question) -> Mapping[int, float]:
        """The nearness of the messages of some talks to what is asked; {} until the model is there."""
        encoder, shelves = self._encoder, self._shelves
        if encoder is None or shelves is None or not question.text.strip():
            return {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._compared(encoder, shelves, talks, question)
        except (ModelError, TimeoutError) as error:
            log.info("recall by words alone this time: %s", type(error).__name__)
            return {}

    def note(self, conversation_id: str) -> None:
        """Have new messages of a conversation read when nobody waits. Returns at once."""
        if not self._broken:
            self._background.note(f"meanings {conversation_id}", partial(self.read, conversation_id))

    def note_all(self) -> None:
        """Have everything looked through that has no numbers yet, at the start. Returns at once."""
        self._background.note("meanings", self.look_through)

    async def read(self, conversation_id: str) -> None:
        """Read some new messages of a conversation; what is left is noted again."""
        if await self._opened() and await self._read_some(conversation_id):
            self.note(conversation_id)

    async def look_through(self) -> None:
        """Read some of the messages of all conversations that have no numbers; what is left is noted again."""
        if not await self._opened():
            return
        if self._unseen is None:
            self._unseen = (await self._store.vectors.talk_ids())[::-1]
        for _ in range(LOOKED_THROUGH):
            if not self._unseen:
                return
            if await self._read_some(self._unseen[-1]):
                break
            self._unseen.pop()
        self.note_all()

    async def catch_up(self) -> None:
        """Read all messages that have no numbers now: whoever calls this waits for it, so no thread stands back."""
        if await self._opened():
            for talk_id in await self._store.vectors.talk_ids():
                while await self._read_some(talk_id, self._asked):
                    pass

    async def forget(self, conversation_ids: Collection[str]) -> None:
        """Drop what is in memory of conversations in which words were erased; what is left of them is looked through."""
        for talk_id in conversation_ids:
            self._read_to.pop(talk_id, None)
        if self._shelves is not None:
            self._shelves.forget(conversation_ids)

    def close(self) -> None:
        """Let the threads end."""
        for threads in (self._readers, self._asked):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _compared(
        self, encoder: Encoder, shelves: Shelves, talks: Sequence[range], question: Question
    ) -> Mapping[int, float]:
        run = asyncio.get_running_loop().run_in_executor
        text = asked(question)
        reading = run(self._asked, encoder.read, [text])
        there: list[Shelf] = []
        for talk in talks:
            there += await shelves.of(talk)
        (read,) = await reading
        return await run(self._asked, nearest, there, read, weigh(text, question, read.places))

    async def _opened(self) -> bool:
        """Whether the model is there; it is loaded when it is first needed."""
        if self._encoder is None and not self._broken:
            loop = asyncio.get_running_loop()
            try:
                encoder = await loop.run_in_executor(self._readers, self._load)
            except ModelError as error:
                self._fail(error)
                return False
            self._shelves = Shelves(self._store, encoder.name, encoder.width)
            self._encoder = encoder
        return not self._broken

    async def _read_some(self, conversation_id: str, threads: ThreadPoolExecutor | None = None) -> bool:
        """Read up to a piece of a conversation's messages, the latest first. Returns whether there are more."""
        assert self._encoder is not None
        try:
            seqs = await self._store.vectors.seqs(conversation_id)
            after = self._read_to.get(conversation_id, 0)
            found = await self._store.vectors.lacking(seqs, self._encoder.name, after=after, most=PIECE)
            kept = 0
            for at in range(0, len(found), BATCH):
                kept += await self._read_batch(
                    conversation_id, found[at : at + BATCH], threads or self._readers
                )
        except NotFoundError:
            return False  # deleted meanwhile
        except ModelError as error:
            self._fail(error)
            return False
        if found and kept == len(found) < PIECE:
            self._read_to[conversation_id] = max(found)
        # Where nothing was kept, words change faster than they are read: the next reply has it tried again.
        return len(found) == PIECE and kept > 0

    async def _read_batch(
        self, conversation_id: str, seqs: Sequence[int], threads: ThreadPoolExecutor
    ) -> int:
        """Read these messages. Returns for how many of them the numbers were kept."""
        assert self._encoder is not None and self._shelves is not None
        lines = await self._store.vectors.lines(seqs)
        speakers = await self._speakers(conversation_id)
        texts = [(seq, *contextual(lines[seq], lines, speakers)) for seq in seqs if seq in lines]
        run = asyncio.get_running_loop().run_in_executor
        parts = [texts[at::READERS] for at in range(READERS)]
        read = [run(threads, _packed, self._encoder, [text for _, text, _ in part]) for part in parts]
        made = [
            Meant(seq, data, used)
            for part, rows in zip(parts, await asyncio.gather(*read), strict=True)
            for (seq, _, used), data in zip(part, rows, strict=True)
        ]
        kept = await self._store.vectors.add(self._encoder.name, made)
        self._shelves.added(seqs)
        return kept

    async def _speakers(self, conversation_id: str) -> Speakers:
        talk = await self._store.conversations.get(conversation_id)
        persona = await self._store.characters.version(talk.character_id, talk.character_version)
        return Speakers(talk.person_name, persona.name)

    def _fail(self, error: ModelError) -> None:
        """Said once; from here on recall is by words alone."""
        self._broken = True
        self._encoder = None
        log.warning("Recall is by words alone: %s", error.sentence)


def _packed(encoder: Encoder, texts: Sequence[Text]) -> list[bytes]:
    return [pack(reading) for reading in encoder.read(texts)]


def _stand_back() -> None:
    """Give the calling thread a lower priority than all others, where the system has that for threads."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STANDS_BACK)
