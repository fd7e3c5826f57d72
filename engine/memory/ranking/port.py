"""The port of what messages mean: `rank.py` asks it beside the search by words; `engine/memory/embed` answers.

Without it, or while it cannot answer, recall is by words alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """What a reply is looked for to: the person's words, and who talks with whom ("I" and "you" in them)."""

    text: str
    person_name: str = ""
    character_name: str = ""


class Semantics(Protocol):
    """How near messages are in meaning to what is asked."""

    async def scores(self, talks: Sequence[range], question: Question) -> Mapping[int, float]:
        """The similarity of the messages of one scope, by `messages.seq`; {} where meanings are not known (yet).

        `talks` are the ranges of `seq` of the scope's conversations: its active one, and those that a link set aside.
        Every message that has numbers may be given, or the nearest some hundred; higher is nearer, on any scale. It
        never raises, and answers with what there is.
        """
        ...
