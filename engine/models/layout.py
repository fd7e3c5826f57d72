"""A prompt as the lines of a chat: `engine/models/template.py` and the OpenAI client write these lines out.

What lasts longest comes first, so that whatever reads the lines keeps most of what it has read: what is the same for
everybody who talks with the character, what is the same for this conversation, the history, what is new, the newest
words. Not all templates take every order of roles: a `Dialect` says what one can do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.models.port import SHARED_KINDS, VOLATILE_KINDS, Prompt, Section, SectionKind

Role = Literal["system", "user", "assistant"]

# The first words of a prompt that has a persona. One without is a task, whose sections stand as they are.
OPENING = (
    "You are the character described below, in a conversation. "
    "Write what the character says next, and nothing else."
)
HEADINGS = {
    SectionKind.PERSONA: "Who you are",
    SectionKind.SPEECH: "How you speak",
    SectionKind.BACKSTORY: "Your story",
    SectionKind.LORE: "Your world",
    SectionKind.RULES: "Rules",
    SectionKind.RELATIONSHIP: "You and the person",
    SectionKind.SUMMARY: "What you have talked about so far",
    # Sentences of facts are written for the person: they can be said as they are.
    SectionKind.MEMORY: 'From memory: what the person told, and when ("you" is the person here)',
    SectionKind.EARLIER: "From memory: what was said long ago, by whom and when",
    SectionKind.SCENE: "Right now",
    SectionKind.NOTES: "For this reply",
}
# Stands where the conversation begins, if the system part has to be written as if a person had said it.
BEGINS = "[The conversation begins.]"
# Around notes that have to stand in the same line as the person's words.
NOTES_BEGIN, NOTES_END = "[Notes for you, not said by the person:", "End of the notes.]"
# Between two parts of one line.
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a chat template can do. As it is written here: what every server is known to take."""

    has_system: bool = True  # a system line at the beginning
    late_system: bool = False  # also one right before the newest words
    alternating: bool = True  # the person's and the character's lines must take turns
    user_first: bool = True  # the person must speak first


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of a chat: its parts put together are its words, without space around them."""

    role: Role
    parts: tuple[str, ...]
    shared: bool = False  # the first part is the same for everybody who talks with the character

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class _Part:
    role: Role
    text: str
    shared: bool = False
    leans: bool = False  # stands in one line with what follows, if that has the same role


def lay_out(prompt: Prompt, dialect: Dialect) -> tuple[ChatLine, ...]:
    """The lines of a prompt, in the order and the roles that the dialect takes."""
    parts = [part for part in _parts(prompt, dialect) if part.text]
    if all(part.role == "system" for part in parts):
        parts.append(_Part("user", ""))  # no template writes a conversation in which nobody speaks
    if dialect.user_first and _first_speaker(parts) == "assistant":
        first = next(place for place, part in enumerate(parts) if part.role == "assistant")
        parts.insert(first, _Part("user", BEGINS))
    return _joined(parts, always=dialect.alternating)


def _parts(prompt: Prompt, dialect: Dialect) -> Iterator[_Part]:
    """The parts from the longest lasting one to the newest words."""
    system: Role = "system" if dialect.has_system else "user"
    character = bool(prompt.section(SectionKind.PERSONA))
    shared = _written([part for part in prompt.sections if part.kind in SHARED_KINDS], headed=character)
    stays = [part for part in prompt.sections if part.kind not in SHARED_KINDS | VOLATILE_KINDS]
    yield _Part(system, f"{OPENING}{GAP}{shared}" if character else shared, shared=True, leans=True)
    yield _Part(system, _written(stays, headed=character), leans=True)
    if not dialect.has_system and prompt.sections:
        yield _Part("user", BEGINS, leans=True)
    *history, newest = [
        _Part("user" if turn.speaker == "person" else "assistant", turn.text.strip()) for turn in prompt.turns
    ] or [_Part("user", "")]
    yield from history
    yield _notes(prompt, dialect, headed=character)
    yield newest


def _notes(prompt: Prompt, dialect: Dialect, *, headed: bool) -> _Part:
    """What is new with every turn: a line of its own where the template has one, else a note before the words."""
    text = _written([part for part in prompt.sections if part.kind in VOLATILE_KINDS], headed=headed)
    # Between two lines of the person it would part what has to be one line where turns are taken.
    if dialect.has_system and dialect.late_system and not dialect.alternating:
        return _Part("system", text, leans=True)
    return _Part("user", f"{NOTES_BEGIN}\n{text}\n{NOTES_END}" if text else "", leans=True)


def _written(sections: Sequence[Section], *, headed: bool) -> str:
    texts = ((HEADINGS[section.kind], section.text.strip()) for section in sections)
    return GAP.join(f"# {heading}\n{text}" if headed else text for heading, text in texts if text)


def _first_speaker(parts: Sequence[_Part]) -> str:
    return next((part.role for part in parts if part.role != "system"), "")


def _joined(parts: Sequence[_Part], *, always: bool) -> tuple[ChatLine, ...]:
    """Parts of one role that lean on each other (or all that follow each other) as one line."""
    lines: list[list[_Part]] = []
    for part in parts:
        before = lines[-1][-1] if lines else None
        if before and before.role == part.role and (always or before.leans):
            lines[-1].append(part)
        else:
            lines.append([part])
    return tuple(_line(line) for line in lines)


def _line(parts: Sequence[_Part]) -> ChatLine:
    first, *others = parts
    return ChatLine(first.role, (first.text, *(GAP + part.text for part in others)), first.shared)
