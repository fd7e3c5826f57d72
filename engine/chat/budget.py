"""How a model's context is shared out among the parts of a prompt; `engine/chat/prompt.py` fits them in.

Every share is a fixed one: how long the newest words are, or how much was recalled, moves nothing that stands before
them, or a model would have to read all of it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.models.port import (
    SHARED_KINDS,
    VOLATILE_KINDS,
    ChatModel,
    Prompt,
    PromptTurn,
    Section,
    SectionKind,
)

# Shares of what the context holds besides the reply. Together at most 1, so that everything fits whatever is in it;
# what the sections leave over is the history's.
SHARED_SHARE = 0.35
PERSONAL_SHARE = 0.10
NEWEST_SHARE = 0.30
# What is new with every turn: a share, and the tokens that suffice however large a context is.
VOLATILE = {
    SectionKind.MEMORY: (0.10, 800),
    # Recalled turns are other ones every time, so each of their tokens is read for one reply only.
    SectionKind.EARLIER: (0.025, 800),
    SectionKind.SCENE: (0.03, 400),
    SectionKind.NOTES: (0.03, 200),
}
# A text of one token in every vocabulary, to measure what stands around texts.
_X = "x"


class Ruler:
    """Measures texts as parts of one model's prompts."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.whole = model.context_tokens
        self._x = model.count_tokens(_X)
        bare = self._size((), "person")
        persona = Section(SectionKind.PERSONA, _X)
        alone = self._size((persona,), "person")
        self._around = {SectionKind.PERSONA: alone - bare}
        for kind in SectionKind:
            if kind is not SectionKind.PERSONA:
                self._around[kind] = self._size((persona, Section(kind, _X)), "person") - alone - self._x + 1
        both = self._size((persona,), "person", "character", "person")
        self.around_line = (both - alone - 2 * self._x + 1) // 2 + 1
        # What a template may need before a history that the character begins.
        greeted = self._size((persona,), "character", "person") - alone
        self.around_history = max(0, greeted - self._x - self.around_line)

    def _size(self, sections: Sequence[Section], *speakers: str) -> int:
        return self._model.prompt_tokens(
            Prompt(tuple(sections), tuple(PromptTurn(speaker, _X) for speaker in speakers))
        )

    def text(self, text: str) -> int:
        """The tokens of a text."""
        return self._model.count_tokens(text)

    def line(self, text: str) -> int:
        """The tokens of a line of the history."""
        return self._model.count_tokens(text) + self.around_line

    def section(self, kind: SectionKind, text: str) -> int:
        """The tokens of a section; 0 for an empty one."""
        return self._model.count_tokens(text) + self._around[kind] if text else 0

    def prompt(self, prompt: Prompt) -> int:
        """The tokens of a whole prompt, exactly."""
        return self._model.prompt_tokens(prompt)


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens of each part of a prompt."""

    whole: int
    shared: int
    personal: int
    newest: int
    volatile: tuple[tuple[SectionKind, int], ...]

    @property
    def notes(self) -> int:
        """All that is kept free for what is new with every turn."""
        return sum(most for _, most in self.volatile)

    def most(self, kind: SectionKind) -> int:
        """The most tokens of a section that is new with every turn."""
        return dict(self.volatile)[kind]


def share_out(context_tokens: int, reply_tokens: int) -> Budget:
    """The budget of a model's context."""
    whole = max(0, context_tokens - reply_tokens)
    return Budget(
        whole=whole,
        shared=int(whole * SHARED_SHARE),
        personal=int(whole * PERSONAL_SHARE),
        newest=int(whole * NEWEST_SHARE),
        volatile=tuple((kind, min(int(whole * share), tokens)) for kind, (share, tokens) in VOLATILE.items()),
    )


def fit(prompt: Prompt, ruler: Ruler, most: int) -> Prompt:
    """A prompt of at most so many tokens, measured as a whole. As a rule it is one already.

    What goes first is what is missed least: the oldest lines, recalled turns, memories, notes, the scene, then the
    sections from the last to the first, then the newest words from their middle.
    """
    while (excess := ruler.prompt(prompt) - most) > 0:
        smaller = _smaller(prompt, excess, ruler)
        if smaller == prompt:
            break
        prompt = smaller
    return prompt


_LEAST_MISSED = (
    SectionKind.EARLIER,
    SectionKind.MEMORY,
    SectionKind.NOTES,
    SectionKind.SCENE,
    SectionKind.SUMMARY,
    SectionKind.BACKSTORY,
    SectionKind.LORE,
    SectionKind.SPEECH,
    SectionKind.RELATIONSHIP,
    SectionKind.RULES,
    SectionKind.PERSONA,
)


def _smaller(prompt: Prompt, excess: int, ruler: Ruler) -> Prompt:
    if len(prompt.turns) > 1:
        first, freed = 0, 0
        while first < len(prompt.turns) - 1 and freed < excess:
            freed += ruler.line(prompt.turns[first].text)
            first += 1
        return replace(prompt, turns=prompt.turns[first:])
    for kind in _LEAST_MISSED:
        if any(section.kind is kind for section in prompt.sections):
            return replace(
                prompt, sections=tuple(section for section in prompt.sections if section.kind is not kind)
            )
    # Halved, with what stands for the missing middle.
    shorter = (
        PromptTurn(turn.speaker, clip(turn.text, max(0, len(turn.text) // 2 - 3))) for turn in prompt.turns
    )
    return replace(prompt, turns=tuple(shorter))


def shorten(text: str, most: int, ruler: Ruler) -> str:
    """A text of at most so many tokens: its beginning and its end, since people put the question last."""
    if ruler.text(text) <= most:
        return text
    # Halving finds the length in a few counts; a model's tokenizer is not free.
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if ruler.text(clip(text, middle)) <= most else (low, middle - 1)
    return clip(text, low) if low else ""


def clip(text: str, length: int) -> str:
    """So many characters of a text, from its beginning and its end; "" for none."""
    tail = length // 3
    return f"{text[: length - tail]} … {text[len(text) - tail :]}" if length else ""


def of_kinds(sections: Sequence[Section], *, shared: bool = False, volatile: bool = False) -> list[Section]:
    """The sections that are shared by everybody, that are new with every turn, or (neither) the person's own."""
    return [
        section
        for section in sections
        if (section.kind in SHARED_KINDS) == shared and (section.kind in VOLATILE_KINDS) == volatile
    ]
