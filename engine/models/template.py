"""A model's own chat template: lines of a chat in, the exact text for its tokenizer out, cut into pieces.

`engine/models/llama/` reads the template from the GGUF file and tokenizes the pieces; `layout.py` makes the lines.
The template never sees anybody's words, only marks that stand for them: so no words can pose as a part of the
template, and pieces that came before stay the same, to the letter, when a conversation grows.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import count
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.models.layout import ChatLine, Dialect, Role

log = logging.getLogger(__name__)

# For models whose file brings no template, as llama.cpp does it.
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# What a template is told when it asks for the day. The real one would change the first words of every prompt at
# midnight, and with them all that the model has read; it stands among the notes before the newest words instead.
TEMPLATE_DAY = datetime(2025, 1, 1, tzinfo=UTC)
# Private-use characters around a part's number: they stand for the part's words while the template is filled in.
MARK = re.compile("\ue000(\\d+)\ue001")
# How many shapes of conversations are known by heart; each is some kilobytes.
FRAMES = 64
# The tags between which models think.
REASONING = re.compile(r"<(/?)(think|thinking|reasoning)>|\[(/?)(THINK)\]")
# How a template closes the character's line: "<|im_end|>", "</s>", "<end_of_turn>".
CLOSING = re.compile(r"\s*(<[^<>\s]{1,40}>)")


# The roles of the lines, with how many parts each has.
Shape = tuple[tuple[Role, int], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the prompt's text; all pieces together are the whole."""

    text: str
    words: bool  # somebody's words, or the prompt's: to be tokenized without special tokens
    stem: bool = False  # part of the beginning that all who talk with the character share


class BrokenTemplateError(ValueError):
    """A chat template cannot be used; the message says why."""


class Template:
    """A chat template that works. Raises BrokenTemplateError if it does not."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "", adds_space: bool = False) -> None:
        """`adds_space`: the tokenizer itself puts a space before each text, as SentencePiece models do."""
        self._fill = _compile(source, bos, eos)
        # Filling in is slow, and knows nothing but the lines' roles: a prompt that is measured, then read, costs it once.
        self._frames = lru_cache(FRAMES)(self._filled)
        self._adds_space = adds_space
        if not self._keeps(["user"], ["user", "assistant", "user"]):
            raise BrokenTemplateError("it does not write out what is said")
        self.dialect = self._probe()

    def pieces(self, lines: Sequence[ChatLine]) -> tuple[Piece, ...]:
        """The text of the lines, up to where the character's next words begin. Raises BrokenTemplateError."""
        words = [part for line in lines for part in line.parts]
        frames = self._frames(tuple((line.role, len(line.parts)) for line in lines))
        shared = bool(lines and lines[0].shared)
        pieces: list[Piece] = []
        for place, around in enumerate(frames):
            lead = " " if place < len(words) and around.endswith(" ") else ""
            stem = shared and place == 0
            pieces.append(Piece(around.removesuffix(lead), words=False, stem=stem))
            if place < len(words):
                # A space belongs to the word behind it: that is how tokenizers have learned words.
                lead = "" if self._adds_space else lead
                pieces.append(Piece(lead + words[place], words=True, stem=stem))
        return tuple(piece for piece in pieces if piece.text)

    def _filled(self, shape: Shape) -> tuple[str, ...]:
        """What stands around the words of such lines: one text more than there are parts."""
        numbers = count()
        messages = [
            {"role": str(role), "content": "".join(f"\ue000{next(numbers)}\ue001" for _ in range(parts))}
            for role, parts in shape
        ]
        texts = MARK.split(self._fill(messages))
        if [int(number) for number in texts[1::2]] != list(range(next(numbers))):
            raise BrokenTemplateError("it leaves out or moves what is said")
        return tuple(texts[::2])

    @cached_property
    def opens_reasoning(self) -> str:
        """The tag inside which the character's words begin, e.g. "<think>"; "" as a rule."""
        inside = ""
        for tag in REASONING.finditer(self._frames((("user", 1),))[-1]):
            closes = tag[1] or tag[3]
            inside = "" if closes else tag[0]
        return inside

    @cached_property
    def closing(self) -> str:
        """What ends the character's line, e.g. "<|im_end|>"; "" if the template has no such mark."""
        found = CLOSING.match(self._frames((("user", 1), ("assistant", 1), ("user", 1)))[2])
        return found[1] if found else ""

    def _probe(self) -> Dialect:
        """What the template can do, found out by trying."""
        system = self._keeps(["system", "user"], ["system", "user", "assistant", "user"])
        begin: list[Role] = ["system"] if system else []
        takes_turns = not (
            self._keeps([*begin, "user", "user"], [*begin, "user", "user", "assistant", "assistant", "user"])
        )
        late = system and self._keeps(
            [*begin, "user", "assistant", "system", "user"],
            [*begin, "user", "assistant", "system", "user", "assistant", "user"],
        )
        speaks_first = self._keeps(
            [*begin, "assistant", "user"], [*begin, "assistant", "user", "assistant", "user"]
        )
        return Dialect(
            has_system=system, late_system=late, alternating=takes_turns, user_first=not speaks_first
        )

    def _keeps(self, roles: Sequence[Role], grown: Sequence[Role]) -> bool:
        """Whether the template writes both conversations, and begins the grown one just as it was."""
        try:
            short, long = self.pieces(_probe_lines(roles)), self.pieces(_probe_lines(grown))
        except BrokenTemplateError:
            return False
        last = max(place for place, piece in enumerate(short) if piece.words)
        return long[: last + 1] == short[: last + 1]


def open_template(source: str, *, bos: str = "", eos: str = "", adds_space: bool = False) -> Template:
    """The template, or ChatML if there is none or it does not work: said in the log, since answers may suffer."""
    if source.strip():
        try:
            return Template(source, bos=bos, eos=eos, adds_space=adds_space)
        except BrokenTemplateError as error:
            log.warning(
                "The model's chat template does not work (%s); ChatML is used instead. "
                "If the answers are odd, take another file of the same model.",
                error,
            )
    return Template(CHATML, bos=bos, eos=eos, adds_space=adds_space)


def _probe_lines(roles: Sequence[Role]) -> list[ChatLine]:
    return [ChatLine(role, (f"line {place}",)) for place, role in enumerate(roles)]


def _compile(source: str, bos: str, eos: str) -> Callable[[Sequence[Mapping[str, str]]], str]:
    """The template as a function of the messages. Raises BrokenTemplateError, as the function does."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = TEMPLATE_DAY.strftime
    try:
        template = environment.from_string(source)
    except (TemplateError, RecursionError) as error:
        raise BrokenTemplateError(str(error)) from error

    def fill(messages: Sequence[Mapping[str, str]]) -> str:
        try:
            return template.render(
                messages=[dict(message) for message in messages],
                bos_token=bos,
                eos_token=eos,
                add_generation_prompt=True,
                enable_thinking=False,
                tools=None,
                documents=None,
            )
        # A template is a program of somebody else's: what it may raise, only its author knows.
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise BrokenTemplateError(str(error)) from error

    return fill


def _refuse(reason: str) -> str:
    """What templates call where they do not take the roles they are given."""
    raise BrokenTemplateError(reason)


def _tojson(value: Any, indent: int | None = None, **_: Any) -> str:
    """JSON as it is, where jinja2's own would escape it for a page."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


class _Generation(Extension):
    """The tag around the words a model is trained on: nothing of it is written."""

    tags = {"generation"}  # noqa: RUF012  (jinja2's own form)

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)
