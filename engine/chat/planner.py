"""Gathers what a reply is written from and has the prompt written; `engine/turn.py` calls `plan`.

What is recalled, what others said nearby, the hour and the last picture are fetched here; `engine/chat/prompt.py`
fits them into the model's context.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from characters.character import Persona
from engine.chat.prompt import Written, write_prompt
from engine.config import ChatConfig, MemoryConfig
from engine.memory.recall import Memory
from engine.models.port import ChatModel
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Clock, Conversation, Message, Role, spoken

# What others said in the same channel belongs to the talk for so long, and so many lines of it.
HEARD_FOR = timedelta(minutes=30)
HEARD_LINES = 6


class Planner:
    """Plans the prompt of one reply."""

    def __init__(
        self,
        store: Store,
        model: ChatModel,
        memory: Memory,
        clock: Clock,
        chat: ChatConfig,
        recall: MemoryConfig,
    ) -> None:
        self._store = store
        self._model = model
        self._memory = memory
        self._clock = clock
        self._chat = chat
        self._recall = recall

    async def window(self, conversation: Conversation) -> list[Message]:
        """The messages that the next prompt can be written from, oldest first."""
        return await self._store.conversations.window(conversation.id, self._chat.window_messages)

    async def plan(
        self, conversation: Conversation, persona: Persona, said: Message, window: Sequence[Message]
    ) -> Written:
        """The prompt for the reply to what a person said, after the window before it."""
        recalled = await self._memory.recall(
            conversation,
            said.text,
            window_ids=[message.id for message in window],
            limit=self._recall.earlier_messages,
        )
        return write_prompt(
            persona,
            [*(message for message in spoken(window) if message.id != said.id), said],
            facts=recalled.facts[: self._recall.facts],
            earlier=recalled.earlier,
            scene=[*_scene(window, self._clock()), *await self.heard(conversation)],
            person_name=conversation.person_name,
            model=self._model,
            reply_tokens=self._chat.reply_tokens,
        )

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


def _scene(window: Sequence[Message], now: datetime) -> list[str]:
    """What is so right now: the local time, and the last picture of the conversation."""
    local = now.astimezone()
    scene = [f"Now: {local:%A}, {local:%d %B %Y}, {local:%H:%M}"]
    pictures = [message.text for message in window if message.job_id and message.role is Role.CHARACTER]
    if pictures:
        scene.append(f"Last picture: {pictures[-1]}")
    return scene
