"""Packs what comes to mind into a budget of tokens; `engine/memory/recall.py` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.types import Message

# Characters of a token, as most vocabularies have it in plain text.
CHARACTERS_A_TOKEN = 4
# What stands around the words of a recalled turn in the prompt: the dash, the day and who says it.
AROUND = "- (2026-11-21) "


def pack(ranked: Sequence[Message], tokens: int, most: int | None = None) -> list[Message]:
    """The first messages that fit, by rank; one that is too long leaves its room to the next."""
    packed: list[Message] = []
    for message in ranked:
        size = tokens_of(message)
        if size <= tokens and (most is None or len(packed) < most):
            packed.append(message)
            tokens -= size
    return packed


def tokens_of(message: Message, speaker: str = "The person") -> int:
    """About how many tokens a recalled turn takes as a line of the prompt."""
    return len(f"{AROUND}{speaker}: {message.text}\n") // CHARACTERS_A_TOKEN + 1
