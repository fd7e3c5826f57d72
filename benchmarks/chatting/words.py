"""Prompts of so many tokens: plain words in an order that a seed decides, so that every side reads the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path

from engine.models.gguf import read_facts
from engine.models.layout import lay_out
from engine.models.llama.library import library
from engine.models.port import Prompt, PromptTurn, Section, SectionKind
from engine.models.template import open_template

VOCABULARY = (
    "the a of and in to with from under over after before between along without until again still never always "
    "I you she he we they it my your her his our their this that these those here there now then today tomorrow "
    "walk talk write read paint sing cook carry open close follow remember forget laugh wait ask answer find lose "
    "harbour kitchen garden window lantern river bakery station bridge letter picture coat violin candle garden "
    "morning evening winter summer rain snow light shadow quiet blue green old new small long warm cold bright slow"
).split()


class Writer:
    """Writes texts by the model's own tokenizer. Every text is another one; the same seed writes the same texts."""

    def __init__(self, count: Callable[[str], int], seed: int) -> None:
        self._cost = cache(lambda word: count(f" {word}"))
        self._dice = random.Random(seed)

    def text(self, tokens: int) -> str:
        """About so many tokens of words."""
        words: list[str] = []
        left = tokens
        while left > 0:
            words.append(self._dice.choice(VOCABULARY))
            left -= self._cost(words[-1])
        return " ".join(words)

    def turns(self, tokens: int, around: int = 0, line: int = 60) -> tuple[PromptTurn, ...]:
        """A history of about so many tokens, of lines of `line` each; the character spoke last.

        `around`: tokens that the template writes around two of them.
        """
        pairs = max(1, round(tokens / line / 2))
        each = max(1, (tokens // pairs - around) // 2)
        return tuple(PromptTurn(speaker, self.text(each)) for speaker in ("person", "character") * pairs)

    def said(self, tokens: int) -> PromptTurn:
        """What the person says now."""
        return PromptTurn("person", self.text(tokens))


def prompt(persona: str, turns: Iterable[PromptTurn]) -> Prompt:
    """What people say to a character, as the planner would write it; without a persona only what they say."""
    sections = (Section(SectionKind.PERSONA, persona),) if persona else ()
    return Prompt(sections, tuple(turns))


class Reader:
    """Reads prompts as the model in a GGUF file does, by the library's own class: the peers are given its tokens.

    For byte-pair vocabularies; a SentencePiece one would want its spaces counted.
    """

    def __init__(self, path: Path) -> None:
        """Raises ModelError if the file is no model."""
        read_facts(path)
        self._vocabulary = library().api.Llama(str(path), vocab_only=True, verbose=False)
        known = self._vocabulary.metadata
        source = known.get("tokenizer.chat_template", "")
        # Nearly all pieces of a prompt are those of the one before it.
        self._read = lru_cache(maxsize=4096)(self._tokens)
        self._template = open_template(source, bos=self._special("bos"), eos=self._special("eos"))

    def ids(self, written: Prompt) -> tuple[int, ...]:
        """The prompt's tokens."""
        pieces = self._template.pieces(lay_out(written, self._template.dialect))
        ids = tuple(token for piece in pieces for token in self._read(piece.text, not piece.words))
        begin = self._begin()
        return ids if ids[: len(begin)] == begin else begin + ids

    def words(self, text: str) -> tuple[int, ...]:
        """The tokens of somebody's words."""
        return self._read(text, False)

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.words(text))

    def enders(self) -> tuple[int, ...]:
        """The tokens that end a reply."""
        found = (self._read(self._special(name), True) for name in ("bos", "eos"))
        return tuple(dict.fromkeys(tokens[0] for tokens in found if len(tokens) == 1))

    def _begin(self) -> tuple[int, ...]:
        """What every text begins with, whether the template writes it or not."""
        model = self._vocabulary._model
        return (model.token_bos(),) if model.add_bos_token() else ()

    def _special(self, name: str) -> str:
        number = int(self._vocabulary.metadata.get(f"tokenizer.ggml.{name}_token_id", -1))
        return "" if number < 0 else str(self._vocabulary._model.token_get_text(number))

    def _tokens(self, text: str, special: bool) -> tuple[int, ...]:
        return tuple(self._vocabulary.tokenize(text.encode(), add_bos=False, special=special))
