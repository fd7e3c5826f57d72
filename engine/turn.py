"""One chat turn, read aloud: input moderation, append, recall, prompt, streamed decoding, output moderation, store.

`bot/commands/chat.py` calls `take`; everything below is called from here in that order. What goes wrong with the model
is a ModelError: the message stays stored and unanswered, and `resume` answers it after a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from characters.character import Persona
from engine.chat.guard import Talk
from engine.chat.planner import Planner
from engine.chat.reply import Place, Reply
from engine.errors import NotFoundError
from engine.memory.recall import Memory
from engine.models.port import ChatModel, Sampling
from engine.safety.notices import ai_notice, notice_due
from engine.safety.text import Action, Gate, Verdict, Where
from engine.store.ids import answer_id, new_id
from engine.store.store import Store
from engine.types import CharacterRecord, Clock, Conversation, Message, Role

log = logging.getLogger(__name__)

# Lines before a message that are judged together with it.
CONTEXT_LINES = 6
# How many of a character's latest replies a new one must not repeat.
UNREPEATED_REPLIES = 20
# How many of a person's latest lines tell what language they write.
PERSONS_LINES = 6
# What stands for a reply without words.
WORDLESS = "…"


@dataclass(frozen=True, slots=True)
class Stored:
    """The person's message is in the store; the reply will have `reply_id`, "" if none comes."""

    message: Message
    reply_id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reply waits for its turn: its place in line, 1 is the next; 0 once it has begun."""

    reply_id: str
    place: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The next words of the reply, already moderated."""

    reply_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A finished line that is in the store: the character's reply, or a notice outside the persona."""

    message: Message


@dataclass(frozen=True, slots=True)
class Refused:
    """The person's words were not taken; the sentence says why."""

    sentence: str


GONE = "What you said was deleted while it was being answered, and the answer with it."


def _nothing_more(conversation: Conversation) -> None:
    """Where no small work follows a reply."""


TurnEvent = Stored | Waiting | Piece | Said | Refused


class Turn:
    """Takes a person's words and answers them in the character's voice."""

    def __init__(
        self,
        store: Store,
        model: ChatModel,
        memory: Memory,
        planner: Planner,
        gate: Gate,
        clock: Clock,
        sampling: Sampling,
        after: Callable[[Conversation], None] = _nothing_more,
    ) -> None:
        """`after` is told of each conversation in which a reply was stored; it returns at once."""
        self._after = after
        self._store = store
        self._model = model
        self._memory = memory
        self._planner = planner
        self._gate = gate
        self._clock = clock
        self._sampling = sampling

    @property
    def model_name(self) -> str:
        """The model's name, as people are shown it."""
        return self._model.name

    async def greet(
        self, person_id: str, character: CharacterRecord, place: str
    ) -> tuple[Conversation, tuple[Message, ...]]:
        """The conversation with a character, and what it begins with on first contact: the AI notice and the greeting."""
        conversation = await self._store.conversations.open(person_id, character.id, place)
        if conversation.noticed_at is not None:
            return conversation, ()
        lines = await self._meet(conversation, character.persona)
        return replace(conversation, noticed_at=self._clock()), lines

    async def take(self, conversation: Conversation, text: str, event_id: str) -> AsyncGenerator[TurnEvent]:
        """Answer what a person said. The same event is stored and answered once, however often it arrives."""
        text = _writable(text)
        window = await self._window(conversation)
        verdict = self._gate.check(text, Where.SAID, context=_recent(window))
        if verdict.action is Action.REFUSE:
            yield Refused(verdict.sentence)
            return
        message_id = new_id()
        said = await self._store.conversations.append(
            conversation.id, Role.PERSON, text, event_id=event_id, message_id=message_id
        )
        if said.id != message_id and await self._answered(said):
            yield Stored(said, "")
            # Whoever asks again may not have seen the answer: a crash came between storing and showing it.
            for message in await self._store.conversations.replies_to(said.id):
                yield Said(message)
            return
        async with aclosing(self._answer_while_kept(conversation, said, window, verdict)) as events:
            async for event in events:
                yield event

    async def resume(self, conversation: Conversation) -> AsyncGenerator[TurnEvent]:
        """Answer the message that a crash left without a reply, if there is one."""
        # First, so that nothing is missed that is deleted from here on.
        window = await self._window(conversation)
        said = await self._store.conversations.unanswered(conversation.id)
        if said is None:
            return
        before = [message for message in window if message.id != said.id]
        verdict = self._gate.check(said.text, Where.SAID, context=_recent(before))
        async with aclosing(self._answer_while_kept(conversation, said, before, verdict)) as events:
            async for event in events:
                yield event

    async def _answer_while_kept(
        self, conversation: Conversation, said: Message, window: Sequence[Message], verdict: Verdict
    ) -> AsyncGenerator[TurnEvent]:
        """The answer, unless what it answers is deleted meanwhile. Raises NotFoundError, which says so."""
        try:
            async with aclosing(self._answer(conversation, said, window, verdict)) as events:
                async for event in events:
                    yield event
        except NotFoundError:
            raise NotFoundError(GONE) from None

    async def _answer(
        self, conversation: Conversation, said: Message, window: Sequence[Message], verdict: Verdict
    ) -> AsyncGenerator[TurnEvent]:
        if verdict.action is not Action.ALLOW:
            yield Stored(said, "")
            yield Said(await self._interrupt(conversation, said, verdict))
            return
        persona = await self._store.characters.version(
            conversation.character_id, conversation.character_version
        )
        reply_id = answer_id(said.id)
        yield Stored(said, reply_id)
        if notice_due(conversation.noticed_at, self._clock()):
            yield Said(await self._notice(conversation, persona.name))
        learning = asyncio.create_task(self._memory.learn(conversation, said))
        try:
            talk = await self._talk(conversation, persona, said, window)
            prompt = (await self._planner.plan(conversation, persona, said, window)).prompt
            reply = Reply(self._model, self._gate, talk, [*_recent(window), said.text])
            async with aclosing(reply.written(prompt, self._sampling, conversation.id)) as events:
                async for event in events:
                    yield _shown(reply_id, event)
            # What is answered has been learned: after a crash in between, the message counts as unanswered.
            await learning
        finally:
            learning.cancel()
            await self._planner.settle(conversation)
        text = self._memory.left_of(conversation, reply.text, said.created_at)
        stored = await self._store.conversations.append(
            conversation.id,
            Role.CHARACTER,
            text or WORDLESS,
            reply_to=said.id,
            message_id=reply_id,
        )
        self._after(conversation)
        yield Said(stored)
        if reply.cut is not None:
            yield Said(
                await self._store.conversations.append(conversation.id, Role.NOTICE, reply.cut.sentence)
            )

    async def _talk(
        self, conversation: Conversation, persona: Persona, said: Message, window: Sequence[Message]
    ) -> Talk:
        """What the guard has to know of the talk."""
        lines = {role: [message.text for message in window if message.role is role] for role in Role}
        return Talk(
            persona=persona,
            person_name=conversation.person_name,
            others=await self._store.conversations.company(conversation),
            earlier=lines[Role.CHARACTER][-UNREPEATED_REPLIES:],
            said=[*lines[Role.PERSON], said.text][-PERSONS_LINES:],
        )

    async def _window(self, conversation: Conversation) -> list[Message]:
        return await self._planner.window(conversation)

    async def _answered(self, said: Message) -> bool:
        open_one = await self._store.conversations.unanswered(said.conversation_id)
        return open_one is None or open_one.id != said.id

    async def _interrupt(self, conversation: Conversation, said: Message, verdict: Verdict) -> Message:
        """The rule's sentence outside the persona; the words stay in the history, and out of the role-play."""
        # Only that it happened is logged, never the words.
        log.info("role-play interrupted by rule %s", verdict.rule)
        await self._store.conversations.hide_from_prompt([said.id])
        return await self._store.conversations.append(
            conversation.id, Role.NOTICE, verdict.sentence, reply_to=said.id
        )

    async def _meet(self, conversation: Conversation, persona: Persona) -> tuple[Message, ...]:
        """The notice, then the greeting; `noticed_at` comes last, so that a crash in between repeats nothing."""
        append = self._store.conversations.append
        notice = await append(conversation.id, Role.NOTICE, ai_notice(persona.name), event_id="first-notice")
        words = persona.greeting or f"Hello. I'm {persona.name}."
        greeting = await append(conversation.id, Role.CHARACTER, words, event_id="greeting")
        await self._store.conversations.set_noticed(conversation.id)
        return notice, greeting

    async def _notice(self, conversation: Conversation, name: str) -> Message:
        notice = await self._store.conversations.append(conversation.id, Role.NOTICE, ai_notice(name))
        await self._store.conversations.set_noticed(conversation.id)
        return notice


def _shown(reply_id: str, event: str | Place) -> TurnEvent:
    return Waiting(reply_id, event.number) if isinstance(event, Place) else Piece(reply_id, event)


def _writable(text: str) -> str:
    """A text without halves of characters, which a messenger's JSON can have and no database takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _recent(window: Sequence[Message]) -> list[str]:
    """The lines that the gate looks back at: rules reach across them."""
    return [message.text for message in window[-CONTEXT_LINES:]]
