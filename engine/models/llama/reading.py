"""A prompt as the model's own tokens: through its template, piece by piece. `chat.py` calls it, from any thread.

Pieces are tokenized each for itself: so a conversation that grows keeps its tokens to the last one, nobody's words
can become a part of the template, and what was tokenized once is known the next time.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from engine.errors import ModelError
from engine.models.layout import lay_out
from engine.models.llama.cache import common_length
from engine.models.llama.model import Model, Tokens
from engine.models.port import VOLATILE_KINDS, Prompt, PromptTurn
from engine.models.template import BrokenTemplateError, Template, open_template

# Texts whose tokens are remembered: some dozens of conversations with their lines, in 2 MB.
REMEMBERED = 4096

# Stands for the newest words where it is asked what comes before them.
NEWS = "\ue002"


@dataclass(frozen=True, slots=True)
class Read:
    """A prompt's tokens."""

    tokens: Tokens
    shared: int  # so many at the front are shared by all who talk with the character
    # So many will most likely stand at the front of the conversation's next prompt, too. Only where it matters.
    steady: int


class Reading:
    """Turns prompts into tokens."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.template: Template = open_template(model.template, bos=model.begin_text, eos=model.end_text)
        self._of = functools.lru_cache(maxsize=REMEMBERED)(self._tokens)

    def prompt(self, prompt: Prompt) -> Read:
        """The tokens of a prompt, up to where the reply begins. Raises ModelError if the template refuses it."""
        tokens, shared = self._read(prompt)
        if self._model.abilities.cuttable:
            # Whatever changes is cut off then, so nobody needs to know beforehand.
            return Read(tokens, shared, 0)
        bare, _ = self._read(_without_news(prompt))
        return Read(tokens, shared, common_length(tokens, bare))

    def length(self, prompt: Prompt) -> int:
        """How many tokens a prompt has. Raises ModelError if the template refuses it."""
        return len(self._read(prompt)[0])

    def _read(self, prompt: Prompt) -> tuple[Tokens, int]:
        try:
            pieces = self.template.pieces(lay_out(prompt, self.template.dialect))
        except BrokenTemplateError as error:
            raise ModelError(
                "The model's chat template does not take this conversation. Choose another model."
            ) from error
        parts = [
            self._of(piece.text, special=not piece.words, first=place == 0)
            for place, piece in enumerate(pieces)
        ]
        shared = sum(len(part) for part, piece in zip(parts, pieces, strict=True) if piece.stem)
        begin = self._begin(parts)
        return np.concatenate([begin, *parts]), shared + len(begin) if shared else 0

    def count(self, text: str) -> int:
        """How many tokens a text has as somebody's words."""
        return len(self._of(text, special=False, first=False)) if text else 0

    def forget(self) -> None:
        """Let go of all texts that are remembered."""
        self._of.cache_clear()

    def _begin(self, parts: list[Tokens]) -> Tokens:
        """The token that a text begins with, if the template has not written it."""
        begin = self._model.begin
        has_it = any(len(part) for part in parts[:1]) and int(parts[0][0]) == begin
        return np.array([] if begin is None or has_it else [begin], np.int32)

    def _tokens(self, text: str, *, special: bool, first: bool) -> Tokens:
        if not self._model.adds_space or first:
            return self._model.tokens(text, special=special)
        # The tokenizer puts a space before each text that it is given, but here the text goes on.
        if text.startswith(" "):
            return self._model.tokens(text[1:], special=special)
        ahead = len(self._model.tokens("\n", special=special))
        return self._model.tokens("\n" + text, special=special)[ahead:]


def _without_news(prompt: Prompt) -> Prompt:
    """The prompt without what is new with every turn."""
    sections = tuple(section for section in prompt.sections if section.kind not in VOLATILE_KINDS)
    return Prompt(sections, (*prompt.turns[:-1], PromptTurn("person", NEWS)))
