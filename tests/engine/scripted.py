"""A chat model at the port that does what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

from engine.errors import ModelError
from engine.models.port import Finish, Prompt, Sampling, Work

NOBODYS = Work()
# What a scripted model does: it says a piece, tells a place in line, ends, or fails.
Step = str | int | Finish | ModelError


@dataclass
class ScriptedModel:
    """Does what it is told to, step by step, and remembers what it was given."""

    replies: list[Sequence[Step]] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    samplings: list[Sampling] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    name: str = "scripted"
    context_tokens: int = 4096
    structured: bool = False
    said: int = 0  # pieces
    closed: int = 0
    forgotten: set[str] = field(default_factory=set)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def prompt_tokens(self, prompt: Prompt) -> int:
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        self.forgotten.update(conversations)

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncIterator[str | Finish]:
        self.prompts.append(prompt)
        self.samplings.append(sampling)
        self.works.append(work)
        try:
            for step in self.replies.pop(0):
                await asyncio.sleep(0)  # as a model that computes: it can be stopped
                if isinstance(step, ModelError):
                    raise step
                if isinstance(step, int):
                    assert work.on_place is not None
                    work.on_place(step)
                    continue
                self.said += 1
                yield step
        finally:
            self.closed += 1
