"""Gathers what a reply is written from and has the prompt written; `engine/turn.py` calls `plan`.

The window is fetched from where the history was cut last, what is recalled, what others said nearby, the hour and the
last picture beside it; `engine/chat/prompt.py` fits them into the model's context. When a history is full it is cut
here, and what the next cut will lose is noted to be summed up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from characters.character import Persona
from engine.chat.budget import Ruler
from engine.chat.prompt import Beginning, History, Written, begin, choose_history, finish
from engine.chat.sections import NOTHING, unsure_line
from engine.config import ChatConfig, MemoryConfig
from engine.errors import NotFoundError
from engine.memory.asked import nothing_found
from engine.memory.contradict import Contradictions, Doubt
from engine.memory.recall import Memory, Recalled
from engine.memory.summary import Coming, Summaries
from engine.memory.times.anniversaries import near_days
from engine.models.port import ChatModel, SectionKind
from engine.store.store import Store
from engine.store.windows import Window
from engine.types import PRIVATE_PLACE, Clock, Conversation, Fact, Message, Role, spoken

# What others said in the same channel belongs to the talk for so long, and so many lines of it.
HEARD_FOR = timedelta(minutes=30)
HEARD_LINES = 6
# A history grows to so many times `chat.window_messages`; then it is cut back to them.
GROWS = 2
# Messages fetched beyond that: pictures and notices that came since the last turn, which the cut then leaves out.
SPARE = 32


class Planner:
    """Plans the prompt of one reply. Without `summaries`, what a cut loses is only recalled."""

    def __init__(
        self,
        store: Store,
        model: ChatModel,
        memory: Memory,
        clock: Clock,
        chat: ChatConfig,
        recall: MemoryConfig,
        summaries: Summaries | None = None,
    ) -> None:
        self._store = store
        self._model = model
        self._memory = memory
        self._clock = clock
        self._chat = chat
        self._recall = recall
        self._summaries = summaries
        self._contradictions = Contradictions(store, clock)
        self._most = GROWS * chat.window_messages
        self._measured: tuple[tuple[str, int], Ruler] | None = None
        self._seen: dict[str, int] = {}  # how much had been erased when a conversation's window was fetched
        self._planned: dict[str, int] = {}  # the same, when its prompt was written
        self._coming: dict[str, Coming] = {}

    async def window(self, conversation: Conversation) -> list[Message]:
        """The messages that the next prompt can be written from, oldest first."""
        self._seen[conversation.id] = self._store.windows.erasures(conversation.id)
        return await self._store.conversations.window_from(conversation.id, self._most + SPARE)

    async def plan(
        self, conversation: Conversation, persona: Persona, said: Message, window: Sequence[Message]
    ) -> Written:
        """The prompt for the reply to what a person said, after the window before it.

        Raises NotFoundError if that is deleted or hidden by now.
        """
        erasures = self._store.windows.erasures
        seen = self._seen.pop(conversation.id, erasures(conversation.id))
        written = await self._written(conversation, persona, said, window)
        while seen != (seen := erasures(conversation.id)):
            # Words were erased since the window was fetched: no model may be given them now.
            window = await self.window(conversation)
            said = await self._store.conversations.message(said.id)
            if not said.in_prompt:
                raise NotFoundError
            written = await self._written(conversation, persona, said, window)
        self._planned[conversation.id] = seen
        return written

    async def settle(self, conversation: Conversation) -> None:
        """What follows once a reply is written, or was broken off: nothing stays read that was erased meanwhile.

        Whoever deletes has the model forget at once; but a prompt that was on its way to it then came after that.
        """
        planned = self._planned.pop(conversation.id, None)
        if planned is not None and planned != self._store.windows.erasures(conversation.id):
            await self._store.windows.erase(conversation.id)

    def answered(self, conversation: Conversation) -> None:
        """What follows once a reply is stored: if the history is nearly full, it is noted to be summed up."""
        coming = self._coming.pop(conversation.id, None)
        if coming is not None and self._summaries is not None:
            self._summaries.note(coming)

    async def heard(self, conversation: Conversation) -> list[str]:
        """What others said to the same character in the same channel a moment ago; nobody reads along in private."""
        if conversation.place == PRIVATE_PLACE:
            return []
        lines = await self._store.conversations.heard(
            conversation.character_id,
            conversation.place,
            not_in=conversation.id,
            since=self._clock() - HEARD_FOR,
            limit=HEARD_LINES,
        )
        return [f"Also here, {name or 'someone'} said: {message.text}" for name, message in lines]

    async def _written(
        self, conversation: Conversation, persona: Persona, said: Message, window: Sequence[Message]
    ) -> Written:
        window = [*(message for message in window if message.id != said.id), said]
        beginning, history = await self._history(conversation, persona, window)
        recalled = await self._memory.recall(
            conversation,
            said.text,
            window_ids={message.id for message in window}.difference(history.dropped),
            limit=self._recall.earlier_messages,
            tokens=beginning.budget.most(SectionKind.EARLIER),
        )
        doubts = await self._contradictions.doubts(recalled.ever, said, window[:-1])
        remarks, facts = await asyncio.to_thread(_remarks, doubts, said, history, recalled)
        written = finish(
            beginning,
            history,
            self._ruler(),
            remarks=remarks,
            facts=facts[: self._recall.facts],
            earlier=recalled.earlier,
            scene=[
                *_scene(window, recalled.now),
                *near_days(recalled.known, recalled.now),
                *await self.heard(conversation),
            ],
            persona=persona,
            person_name=conversation.person_name,
            now=recalled.now,
        )
        if written.history.cut and not history.cut:  # as a whole it was longer than its parts had let expect
            await self._store.windows.cut(conversation.id, written.history.messages[0].id)
        return written

    async def _history(
        self, conversation: Conversation, persona: Persona, window: Sequence[Message]
    ) -> tuple[Beginning, History]:
        """What the prompt begins with and its lines; a cut is remembered, so that the next prompts begin there too."""
        known = await self._store.windows.get(conversation.id)
        beginning, history = self._choose(conversation, persona, known.summary, window, known.next_id)
        if history.cut and history.messages[0].id == known.next_id:
            await self._store.windows.move_on(conversation.id, known.token)
            rest = window[[message.id for message in window].index(known.next_id) :]
            dropped = history.dropped
            beginning, history = self._choose(conversation, persona, known.next_summary, rest)
            history = replace(history, cut=True, dropped=(*dropped, *history.dropped))
        elif history.cut:
            await self._store.windows.cut(conversation.id, history.messages[0].id)
        self._foresee(conversation, persona, known, history)
        return beginning, history

    def _choose(
        self,
        conversation: Conversation,
        persona: Persona,
        summary: str,
        window: Sequence[Message],
        foreseen: str = "",
    ) -> tuple[Beginning, History]:
        ruler = self._ruler()
        beginning = begin(persona, conversation.person_name, summary, ruler, self._chat.reply_tokens)
        return beginning, choose_history(
            spoken(window), window, beginning, ruler, most=self._most, foreseen=foreseen
        )

    def _foresee(self, conversation: Conversation, persona: Persona, known: Window, history: History) -> None:
        self._coming.pop(conversation.id, None)
        if history.coming and (history.cut or not known.next_id):
            self._coming[conversation.id] = Coming(conversation, persona.name, history.coming)

    def _ruler(self) -> Ruler:
        """The ruler of the model that answers now: another may stand in for it (`engine/models/standin.py`)."""
        model = self._model.name, self._model.context_tokens
        if self._measured is None or self._measured[0] != model:
            self._measured = model, Ruler(self._model)
        return self._measured[1]


def _remarks(
    doubts: Sequence[Doubt], said: Message, history: History, recalled: Recalled
) -> tuple[Sequence[str], Sequence[Fact]]:
    """What is to be said of the memories, one line at most, and those that stand beside it."""
    talk = [line for line in history.messages if line.id != said.id]
    if nothing_found(said.text, recalled.facts, recalled.earlier, talk):
        return [NOTHING], recalled.facts
    if not doubts:
        return [], recalled.facts
    unsure = {doubts[0].older.id, doubts[0].newer.id}
    return [unsure_line(doubts[0])], [fact for fact in recalled.facts if fact.id not in unsure]


def _scene(window: Sequence[Message], now: datetime) -> list[str]:
    """What is so right now: the person's time, and the last picture of the conversation."""
    scene = [f"Now: {now:%A}, {now:%d %B %Y}, {now:%H:%M}"]
    pictures = [message.text for message in window if message.job_id and message.role is Role.CHARACTER]
    if pictures:
        scene.append(f"Last picture: {pictures[-1]}")
    return scene
