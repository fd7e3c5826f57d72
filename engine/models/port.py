"""The port of every chat model: the storyteller here, llama.cpp and OpenAI-compatible servers later.

`engine/turn.py` calls `stream`; `engine/chat/prompt.py` writes the `Prompt`. A model sees nothing but the prompt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SectionKind(StrEnum):
    """The parts of a system prompt, in the order in which they are written (stable ones first)."""

    PERSONA = "persona"  # who the character is: "Name: Maya", "Traits: warm, observant", "Quirk: …"
    SPEECH = "speech"  # speech patterns and sample lines, one a line
    BACKSTORY = "backstory"
    RELATIONSHIP = "relationship"
    RULES = "rules"  # what holds in every conversation
    MEMORY = "memory"  # recalled facts, one a line: "- (2026-11-03) Your dog is called Biscuit."
    EARLIER = "earlier"  # recalled turns from before the window, one a line
    SCENE = "scene"  # "Now: Saturday evening", "Last picture: at a jazz bar"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the system prompt as plain text lines."""

    kind: SectionKind
    text: str


@dataclass(frozen=True, slots=True)
class PromptTurn:
    """One line of the history: `speaker` is "person" or "character"."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a model is given. The last turn is the person's."""

    sections: tuple[Section, ...]
    turns: tuple[PromptTurn, ...]

    def section(self, kind: SectionKind) -> str:
        """The text of a section, "" if the prompt has none."""
        return "\n".join(section.text for section in self.sections if section.kind is kind)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to sample. `max_tokens` counts model tokens; `stops` end the reply and are not part of it."""

    max_tokens: int = 400
    temperature: float = 0.8
    stops: tuple[str, ...] = ()
    seed: int | None = None


class ChatModel(Protocol):
    """A model that answers a prompt as a stream of text pieces."""

    @property
    def name(self) -> str:
        """The name shown to people, e.g. "storyteller (built in)"."""

    @property
    def context_tokens(self) -> int:
        """The most tokens that a prompt and its reply may have together."""

    def count_tokens(self, text: str) -> int:
        """How many of the model's tokens a text has."""

    def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Answer piece by piece. Closing the iterator (or cancelling the task) stops the work at once."""
