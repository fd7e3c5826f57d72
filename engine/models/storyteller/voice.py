"""The storyteller: a chat model made of rules and lines, honest about what it is.

`engine/build.py` makes one; `engine/turn.py` streams from it through the `ChatModel` port like from any other.
It sees nothing but the prompt, so what it says shows what the prompt holds.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Collection
from functools import cached_property
from zlib import crc32

from engine.models.port import Prompt, Sampling, Work
from engine.models.storyteller.library import Library, load_library
from engine.models.storyteller.sheet import read_prompt
from engine.models.storyteller.talk import compose

# Enough for the longest window that the settings allow; nothing is computed from the rest.
CONTEXT_TOKENS = 16_384
NOBODYS = Work()
# A word and the space behind it: what is streamed at once.
PIECE = re.compile(r"\S+\s*")
# Words and marks are tokens; a run without spaces counts one per so many characters.
LONGEST_TOKEN = 12
TOKEN = re.compile(r"\w+|[^\w\s]")


class Storyteller:
    """The built-in voice. `pace`: seconds between two words, so that a reply can be read as it comes."""

    name = "storyteller (built in)"
    context_tokens = CONTEXT_TOKENS
    structured = False

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    @cached_property
    def library(self) -> Library:
        """All lines, read when the first reply is asked for."""
        return load_library()

    def count_tokens(self, text: str) -> int:
        """Words and marks, long ones in pieces."""
        return sum(1 + (len(token) - 1) // LONGEST_TOKEN for token in TOKEN.findall(text))

    def prompt_tokens(self, prompt: Prompt) -> int:
        """The tokens of all texts; nothing is added to them."""
        texts = (*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns))
        return sum(self.count_tokens(text) for text in texts)

    async def forget(self, conversations: Collection[str]) -> None:
        """Nothing is kept."""

    async def stream(self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS) -> AsyncIterator[str]:
        """The reply word by word, up to a stop or the most tokens."""
        reply = _until_stop(self.reply(prompt, sampling), sampling.stops)
        left = sampling.max_tokens
        for piece in PIECE.findall(reply):
            left -= self.count_tokens(piece)
            if left < 0:
                return
            # Even without a pace the loop gets its turn, so that a cancellation arrives between two words.
            await asyncio.sleep(self._pace)
            yield piece

    def reply(self, prompt: Prompt, sampling: Sampling) -> str:
        """The whole reply; the same prompt and seed give the same one."""
        told = "\x1f".join(
            [*(section.text for section in prompt.sections), *(turn.text for turn in prompt.turns)]
        )
        rng = random.Random(f"{crc32(told.encode('utf-8', 'replace'))}:{sampling.seed}")
        return compose(read_prompt(prompt), self.library, rng)


def _until_stop(text: str, stops: tuple[str, ...]) -> str:
    ends = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
