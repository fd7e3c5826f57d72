"""What was said before the prompt begins, in short: noted by `engine/chat/planner.py`, written in the background.

A long history is cut in blocks. Before it is full, what the next cut will lose is summed up together with the summary
before it, and waits in the store (`engine/store/windows.py`) until the cut, when the prompt changes anyway. Nobody
waits for it: where it is not ready, or the model cannot, the cut is made without it, and what it lost goes into the
next one.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from engine.models.ask import Asker
from engine.models.background import Background
from engine.safety.text import Action, Gate, Where
from engine.store.store import Store
from engine.types import Conversation, Message, Role, spoken

log = logging.getLogger(__name__)

# The same for all conversations, so that a model reads it once.
INSTRUCTION = (
    "You keep the memory of a conversation. The text holds what was known before, if anything was, and then what was "
    "said since, line by line. Write what will matter later: what happened, what was told about the people, promises, "
    "open questions, the mood. Keep who said or did what. At most eight short sentences, in the language that the "
    "people speak, in the third person. Invent nothing, and give only the summary itself."
)
# Eight short sentences; the share of the context that a summary may have is larger in all but the smallest.
SUMMARY_TOKENS = 260
# Messages that go into one summary; a cut loses fewer, except after many that no summary was written for.
MESSAGES = 240
# A summary that fails for the same conversation so often will fail again.
TRIES = 3
# Seconds that a summary may take, waiting included: there is time until the next cut.
DEADLINE_S = 240.0
SENTENCE_END = re.compile(r"[.!?…。！？؟]['\"”’»)]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Coming:
    """A cut that is coming: whose conversation, and the message with which the prompt will begin."""

    conversation: Conversation
    character_name: str
    until_id: str


class Summaries:
    """Writes the summaries of conversations."""

    def __init__(self, store: Store, asker: Asker, gate: Gate, background: Background) -> None:
        self._store = store
        self._asker = asker
        self._gate = gate
        self._background = background
        self._failed: Counter[str] = Counter()

    def note(self, coming: Coming) -> None:
        """Have a summary written when nobody waits for a reply. Returns at once."""
        if self._asker.able and self._failed[coming.conversation.id] < TRIES:
            self._background.note(f"summary {coming.conversation.id}", partial(self.sum_up, coming))

    async def sum_up(self, coming: Coming) -> bool:
        """Write the summary. False if there is none; what was erased meanwhile is never in one."""
        talk = coming.conversation.id
        begun = await self._store.windows.begin_summary(talk, coming.until_id, MESSAGES)
        if begun is None:
            return False
        text = _material(begun.summary, begun.messages, coming)
        written = await self._asker.write(INSTRUCTION, text, max_tokens=SUMMARY_TOKENS, deadline_s=DEADLINE_S)
        summary = _whole_sentences(written or "")
        if not summary or self._gate.check(summary, Where.REPLY).action is not Action.ALLOW:
            self._failed[talk] += 1
            log.info("no summary of %d messages", len(begun.messages))
            return False
        self._failed.pop(talk, None)
        return await self._store.windows.finish_summary(talk, begun.token, summary)


def _material(before: str, messages: Sequence[Message], coming: Coming) -> str:
    names = {
        Role.PERSON: coming.conversation.person_name or "The person",
        Role.CHARACTER: coming.character_name,
    }
    lines = [f"{names[message.role]}: {' '.join(message.text.split())}" for message in spoken(messages)]
    known = [f"Known before: {before}", ""] if before else []
    return "\n".join([*known, *lines])


def _whole_sentences(text: str) -> str:
    """One paragraph without the sentence that the model did not come to the end of."""
    plain = " ".join(text.split())
    ends = [end.end() for end in SENTENCE_END.finditer(plain)]
    return plain[: ends[-1]] if ends else ""
