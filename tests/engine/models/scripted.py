"""A model at the port that fills in forms as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, field

from engine.models.port import Ending, Finish, Prompt, Sampling, Work

NOBODYS = Work()


@dataclass
class Answering:
    """Gives the next of its answers; an exception is raised after the first piece; `hangs`: never answers."""

    answers: list[str | Exception] = field(default_factory=list)
    structured: bool = True
    context_tokens: int = 4096
    name: str = "answering"
    hangs: bool = False
    prompts: list[Prompt] = field(default_factory=list)
    samplings: list[Sampling] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    begun: int = 0
    ended: int = 0
    begins: asyncio.Event = field(default_factory=asyncio.Event)

    def count_tokens(self, text: str) -> int:
        """A word is a token."""
        return len(text.split())

    def prompt_tokens(self, prompt: Prompt) -> int:
        """The words of everything."""
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        """Remembers who was forgotten."""
        self.forgotten.extend(conversations)

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncGenerator[str | Finish]:
        """The next answer, in pieces of seven characters."""
        self.prompts.append(prompt)
        self.samplings.append(sampling)
        self.works.append(work)
        self.begun += 1
        self.begins.set()
        try:
            if self.hangs:
                await asyncio.Event().wait()
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                yield "{"
                raise answer
            for start in range(0, len(answer), 7):
                yield answer[start : start + 7]
                await asyncio.sleep(0)
            yield Finish(Ending.STOP)
        finally:
            self.ended += 1

    @property
    def given(self) -> str:
        """The person's words of the latest question."""
        return self.prompts[-1].turns[0].text
