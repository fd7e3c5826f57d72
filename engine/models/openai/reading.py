"""The stream of a reply as pieces of text; `server.py` reads with it.

Reasoning that comes in fields of its own is left out, reasoning in the text too. A stream counts as complete when it
says why it ended: one that just stops was broken off, whatever it sent before.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.models.openai.faults import broken_off, held_back, no_answer, only_thought
from engine.models.openai.json import Json, as_object, whole, writable
from engine.models.port import Ending, Finish, Sampling
from engine.models.text import Words

# Fields in which servers send what a model thinks.
THOUGHTS = ("reasoning_content", "reasoning", "thinking")
# The longest tokens of real vocabularies have about so many characters: a server that sends more than its tokens can
# have does not count them.
TOKEN_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Delta:
    """What one event of the stream says."""

    text: str
    thought: bool
    reason: str  # why the reply ended, "" if it has not


class Reading:
    """One reply as it comes. What was read of it is in `finish` at the end."""

    def __init__(self, server: str, sampling: Sampling) -> None:
        self.sampling = sampling
        self._server = server
        self._words = Words(sampling.stops, thinks=not (sampling.schema or sampling.grammar))
        self._reason = ""
        self._thought = self._spoke = False
        self._left = sampling.max_tokens * TOKEN_LENGTH  # characters that may still come
        self._events = 0  # with text: a token each, as a rule
        self.prompt_tokens = 0  # as the server counted them, 0 if it did not
        self._cached = self._written = 0

    @property
    def ended(self) -> bool:
        """Whether no more text will come."""
        return bool(self._reason) or self._words.stopped

    @property
    def stopped(self) -> bool:
        """Whether a stop has come, or far too much: the rest is not read."""
        return self._words.stopped or self._left < 0

    def feed(self, event: object) -> str:
        """The words that an event brings. Raises ServerError if it says that the reply is held back."""
        said = as_object(event)
        self._count(as_object(said.get("usage")))
        delta = _delta(said)
        self._thought |= delta.thought
        self._events += bool(delta.text)
        self._left -= len(delta.text)
        self._reason = self._reason or delta.reason or ("length" if self._left < 0 else "")
        if self._reason == "content_filter":
            raise held_back(self._server)
        return self._said(self._words.feed(delta.text))

    def close(self) -> str:
        """The last words. Raises ServerError if the reply was broken off, or nothing but thoughts."""
        # Counts come last: where they came, the reply was complete even if nothing says why it ended.
        if not self.ended and not self.prompt_tokens:
            raise broken_off(self._server)
        rest = self._said(self._words.close())
        if not self._spoke and self._reason == "length" and (self._thought or self._events):
            raise only_thought(self._server, self.sampling.max_tokens)
        if not self._spoke and self._thought:
            raise no_answer(self._server)
        return rest

    def finish(self) -> Finish:
        """Why it ended, and the server's counts."""
        full = self._reason == "length" and not self._words.stopped
        return Finish(
            Ending.LENGTH if full else Ending.STOP,
            read=self.prompt_tokens - self._cached,
            kept=self._cached,
            written=self._written or self._events,
        )

    def _said(self, text: str) -> str:
        self._spoke |= bool(text)
        return text

    def _count(self, usage: Json) -> None:
        """Take over the server's counts; some send them with every event."""
        if not usage:
            return
        self.prompt_tokens = whole(usage.get("prompt_tokens"))
        self._written = whole(usage.get("completion_tokens"))
        cached = whole(as_object(usage.get("prompt_tokens_details")).get("cached_tokens"))
        self._cached = min(cached, self.prompt_tokens)


def _delta(event: Json) -> Delta:
    """An event's first choice. Nothing of what a server sends is taken for granted."""
    choices = event.get("choices")
    choice = as_object(choices[0]) if isinstance(choices, list) and choices else {}
    said = as_object(choice.get("delta"))
    text, reason = said.get("content"), choice.get("finish_reason")
    return Delta(
        writable(text) if isinstance(text, str) else "",
        any(said.get(field) for field in THOUGHTS),
        reason if isinstance(reason, str) else "",
    )
