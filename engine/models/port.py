"""The port of every chat model: the storyteller, llama.cpp in this process, OpenAI-compatible servers.

`engine/turn.py` calls `stream`; `engine/chat/prompt.py` writes the `Prompt`. A model sees nothing but the prompt.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol, runtime_checkable


class SectionKind(StrEnum):
    """The parts of a system prompt, in the order in which they are written: the longer they last, the earlier."""

    # The same for everybody who talks with the character: nothing of the person is in them.
    PERSONA = "persona"  # who the character is: "Name: Maya", "Traits: warm, observant", "Quirk: …"
    SPEECH = "speech"  # speech patterns and sample lines, one a line
    BACKSTORY = "backstory"
    LORE = "lore"  # what always holds in the character's world, one a line
    RULES = "rules"  # what holds in every conversation
    # The same from turn to turn of one conversation.
    RELATIONSHIP = "relationship"
    SUMMARY = "summary"  # what was said before the history that is given
    # New with every turn.
    MEMORY = "memory"  # recalled facts, one a line: "- (2026-11-03) Your dog is called Biscuit."
    EARLIER = "earlier"  # recalled turns from before the window, one a line
    SCENE = "scene"  # "Now: Saturday evening", "Last picture: at a jazz bar"
    NOTES = "notes"  # the author's notes for this reply, one a line


SHARED_KINDS = frozenset(
    {SectionKind.PERSONA, SectionKind.SPEECH, SectionKind.BACKSTORY, SectionKind.LORE, SectionKind.RULES}
)
VOLATILE_KINDS = frozenset({SectionKind.MEMORY, SectionKind.EARLIER, SectionKind.SCENE, SectionKind.NOTES})


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
    """All that a model is given, the sections in the order of `SectionKind`. The last turn is the person's."""

    sections: tuple[Section, ...]
    turns: tuple[PromptTurn, ...]

    def section(self, kind: SectionKind) -> str:
        """The text of a section, "" if the prompt has none."""
        return "\n".join(section.text for section in self.sections if section.kind is kind)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to sample. A model that lacks one of these leaves it out."""

    max_tokens: int = 400  # the most of the model's tokens
    temperature: float = 0.8  # 0: always the likeliest token
    top_k: int = 64  # only the likeliest so many; 0: all
    top_p: float = 1.0  # only the likeliest up to this share together
    min_p: float = 0.05  # only those at least this share as likely as the likeliest
    repeat_penalty: float = 1.05  # 1: none
    repeat_last: int = 256  # tokens that the penalty looks back at
    dry: float = 0.0  # DRY's multiplier against repeated phrases; 0: none
    xtc: float = 0.0  # XTC's probability of leaving out the likeliest; 0: none
    logit_bias: tuple[
        tuple[int, float], ...
    ] = ()  # the model's own token ids with what is added to their logits
    stops: tuple[str, ...] = ()  # they end the reply and are not part of it
    seed: int | None = None
    schema: str = ""  # a JSON schema that the answer follows, as JSON text
    grammar: str = ""  # a GBNF grammar that the answer follows, whose root is "root"


class Priority(IntEnum):
    """Whose turn it is: a person who waits comes before everything else."""

    REPLY = 0
    BACKGROUND = 1


@dataclass(frozen=True, slots=True)
class Work:
    """Whose work a reply is, and how long it may take."""

    # What the model has read for this conversation is kept for its next turn; "": nothing is kept.
    conversation: str = ""
    priority: Priority = Priority.REPLY
    # Seconds from asking to the last token; None: the model's own limit.
    deadline_s: float | None = None
    # Called on the event loop while the work waits for its turn: its place in line, 1 is the next; 0 once it has begun.
    on_place: Callable[[int], None] | None = None


class Ending(StrEnum):
    """Why a reply ended."""

    STOP = "stop"  # the model was done, or one of the stops came
    LENGTH = "length"  # `max_tokens`, or the context, was reached


@dataclass(frozen=True, slots=True)
class Finish:
    """The last item of a stream, where the model knows these things."""

    ending: Ending
    read: int = 0  # tokens of the prompt that had to be computed
    kept: int = 0  # tokens of the prompt that were known from before
    written: int = 0  # tokens of the reply
    first_s: float = 0.0  # seconds from asking to the first token
    whole_s: float = 0.0  # seconds from asking to the last one

    @property
    def numbers(self) -> str:
        """The same for a log, e.g. "31 tokens, 120 read and 80 kept; first after 0.30 s, last after 2.10 s; stop"."""
        return (
            f"{self.written} tokens, {self.read} read and {self.kept} kept; "
            f"first after {self.first_s:.2f} s, last after {self.whole_s:.2f} s; {self.ending}"
        )


class ChatModel(Protocol):
    """A model that answers a prompt as a stream of text pieces.

    What goes wrong is an `engine.errors.ModelError` (or BusyError, DeadlineError) with a sentence for people.
    """

    @property
    def name(self) -> str:
        """The name shown to people, e.g. "storyteller (built in)"."""

    @property
    def context_tokens(self) -> int:
        """The most tokens that a prompt and its reply may have together."""

    @property
    def structured(self) -> bool:
        """Whether it can answer in the form of `Sampling.schema`."""

    def count_tokens(self, text: str) -> int:
        """How many of the model's tokens a text has. Cheap when it is asked again."""

    def prompt_tokens(self, prompt: Prompt) -> int:
        """How many tokens the whole prompt has as the model reads it, with everything its template adds."""

    def stream(self, prompt: Prompt, sampling: Sampling, work: Work = ...) -> AsyncIterator[str | Finish]:
        """Answer piece by piece. Closing the iterator (or cancelling the task) stops the work at once."""

    async def forget(self, conversations: Collection[str]) -> None:
        """Erase all that was kept for these conversations, in memory and on disk; it is gone when this returns."""


@runtime_checkable
class Keeper(Protocol):
    """A model that keeps what it has read across restarts."""

    async def erase_strangers(self, known: Collection[str]) -> None:
        """Erase what is kept of all conversations but these: for the start, after a crash or a restored backup."""
