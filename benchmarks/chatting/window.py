"""300 turns of one conversation through the product's router, planner and store: what has to be read again.

The model at the port reads every prompt with a real tokenizer and answers with words that are written down, so that
no time is spent on computing what only has to be counted. A token counts as read if it was not at the same place in
the prompt before, or in the reply to it: that is what the engine keeps of a conversation. Beside it the same lines
are laid out as a sliding window, which drops the oldest ones with every turn.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chatting.words import Reader, Writer
from bot.app import open_house
from bot.config import Settings
from bot.messages import Call, Chat, Inbound, Origin, Replied
from engine.models.port import Ending, Finish, Prompt, PromptTurn, Sampling, Work

SETTINGS = Settings.model_validate({"access": {"messages_per_minute": 10_000}})
CONTEXT_TOKENS = 8192
NOBODYS = Work()


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens of one turn."""

    prompt: int
    read: int
    sliding: int  # what a sliding window of the same room would have had to read


class Counting:
    """A chat model that reads and counts."""

    name = "counting"
    context_tokens = CONTEXT_TOKENS
    structured = False

    def __init__(self, reader: Reader, writer: Writer, reply: int) -> None:
        self._reader, self._writer, self._reply = reader, writer, reply
        self._before: tuple[int, ...] = ()
        self._before_sliding: tuple[int, ...] = ()
        self._said: list[PromptTurn] = []
        self._fullest = 0
        self.readings: list[Reading] = []

    def count_tokens(self, text: str) -> int:
        """By the model's tokenizer."""
        return self._reader.count(text)

    def prompt_tokens(self, prompt: Prompt) -> int:
        """With the model's template."""
        return len(self._reader.ids(prompt))

    async def forget(self, conversations: Collection[str]) -> None:
        """Nothing is kept."""

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncIterator[str | Finish]:
        """Reads the prompt and answers with some words."""
        ids = self._reader.ids(prompt)
        read = len(ids) - _common(self._before, ids)
        self._said.append(prompt.turns[-1])
        sliding = self._slide(prompt, len(ids))
        self.readings.append(Reading(len(ids), read, sliding))
        answer = self._writer.text(self._reply)
        self._said.append(PromptTurn("character", answer))
        self._before = ids + self._reader.words(answer)
        yield answer
        yield Finish(Ending.STOP, read=read, kept=len(ids) - read, written=self._reply)

    def _slide(self, prompt: Prompt, tokens: int) -> int:
        """The same prompt with as many of the newest lines as the fullest window so far had room for."""
        self._fullest = max(self._fullest, tokens)
        lines = max(len(prompt.turns), 1)
        while lines < len(self._said):
            if self.prompt_tokens(Prompt(prompt.sections, tuple(self._said[-lines - 1 :]))) > self._fullest:
                break
            lines += 1
        ids = self._reader.ids(Prompt(prompt.sections, tuple(self._said[-lines:])))
        sliding = len(ids) - _common(self._before_sliding, ids)
        self._before_sliding = ids
        return sliding


async def reread(path: Path, turns: int, said: int, reply: int) -> dict[str, float]:
    """The medians and means over the turns after the window was full, in tokens; `ratio` of the means."""
    reader = Reader(path)
    model = Counting(reader, Writer(reader.count, seed=2), reply)
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        async with open_house(SETTINGS, Path(folder), model=model) as (house, _, _):
            here = Origin("bench", house.owner.id)
            (chat,) = await house.router.ask(Inbound(here, "talk", call=Call("talk", {"character": "noor"})))
            assert isinstance(chat, Chat), chat
            origin = Origin(here.surface, here.person_id, conversation_id=chat.conversation_id)
            lines = Writer(reader.count, seed=3)
            for number in range(turns):
                shown = await house.router.ask(Inbound(origin, f"turn-{number}", text=lines.text(said)))
                assert any(isinstance(one, Replied) for one in shown), shown
    return _result(model.readings)


def _result(readings: list[Reading]) -> dict[str, float]:
    cuts = [
        place for place, (one, two) in enumerate(itertools.pairwise(readings), 1) if two.prompt < one.prompt
    ]
    assert len(cuts) > 1, "the window was hardly ever full: more turns are needed"
    # From the second cut on: by then the sliding window has grown as large as it may, too.
    after = readings[cuts[1] :]
    read, sliding = (
        statistics.fmean(values) for values in zip(*((r.read, r.sliding) for r in after), strict=True)
    )
    return {
        "turns": len(after),
        "prompt_tokens": statistics.median(reading.prompt for reading in after),
        "read_per_turn": round(read, 1),
        "sliding_per_turn": round(sliding, 1),
        "ratio": round(read / sliding, 4),
    }


def _common(before: tuple[int, ...], now: tuple[int, ...]) -> int:
    """How many tokens two prompts share from the front; the last one is always read, for what follows it."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, now, strict=False))
    return min(sum(1 for _ in same), len(now) - 1)
