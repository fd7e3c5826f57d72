"""Everything a chat model is given for one reply, within its context; `engine/chat/planner.py` calls this.

A prompt begins with what lasts: the character (the same for everybody), the person's own part, the history from a
message that stays where it is until the history is full. Then it is cut in one block, to less than half of its room,
and begins with another message for many turns. What is new with every turn is small and stands before the newest
words. So a model that keeps what it has read reads almost nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from characters.character import Persona
from engine.chat.budget import Budget, Ruler, fit, of_kinds, share_out, shorten
from engine.chat.sections import earlier_lines, fact_lines, one_line, persona_sections
from engine.models.port import Prompt, PromptTurn, Section, SectionKind
from engine.types import Fact, Message, Role

# A full history is cut to this share of its room: the cut costs so much reading, and the rest is room to grow.
KEPT_SHARE = 0.45
# From this share on it is known where the next cut will be, and what it loses can be summed up.
FORESEEN_SHARE = 0.75
# A cut that was foreseen is made there only if the history then has some room again.
FORESEEN_MOST = 0.85
# When there is too little room for all of a character, the first of these are kept.
FIRST_KEPT = (
    SectionKind.PERSONA,
    SectionKind.RULES,
    SectionKind.SPEECH,
    SectionKind.LORE,
    SectionKind.BACKSTORY,
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a prompt begins with, and the room for the history after it, in tokens."""

    sections: tuple[Section, ...]
    room: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class History:
    """The lines of a prompt, the newest shortened if need be."""

    messages: tuple[Message, ...]
    dropped: tuple[str, ...]  # ids of what did not fit, or stands before the cut
    cut: bool = False  # it begins with a later message than before
    full: float = 0.0  # how much of its room it takes; 1 and it is cut
    coming: str = ""  # the message with which it will begin after the next cut, "" while that is far


@dataclass(frozen=True, slots=True)
class Written:
    """A prompt, and what became of its history."""

    prompt: Prompt
    history: History

    @property
    def dropped(self) -> tuple[str, ...]:
        """The ids of the messages of the window that did not fit."""
        return self.history.dropped


def begin(persona: Persona, person_name: str, summary: str, ruler: Ruler, reply_tokens: int) -> Beginning:
    """What lasts of a prompt: first what is the same for everybody, then what is the person's own."""
    budget = share_out(ruler.whole, reply_tokens)
    written = persona_sections(persona, person_name)
    shared = _fit_first(of_kinds(written, shared=True), FIRST_KEPT, budget.shared, ruler)
    own = _fit_first(of_kinds(written), (SectionKind.RELATIONSHIP,), budget.personal, ruler)
    left = budget.personal - _size(own, ruler) - ruler.section(SectionKind.SUMMARY, " ")
    told = shorten(one_line(summary), left, ruler)
    sections = (*shared, *own, *([Section(SectionKind.SUMMARY, told)] if told else ()))
    room = budget.whole - _size(sections, ruler) - budget.notes - ruler.around_history
    return Beginning(sections, room, budget)


def choose_history(
    spoken: Sequence[Message],
    window: Sequence[Message],
    beginning: Beginning,
    ruler: Ruler,
    *,
    most: int,
    foreseen: str = "",
) -> History:
    """The lines of the prompt: all that is spoken, or a block less once there is no room for it.

    There is none either once the window, of which `spoken` is the part that a prompt may have, has `most` messages.
    `foreseen`: the message with which to begin then, if what stands before it was summed up.
    """
    allowed = [message for message in spoken if message.in_prompt and message.role is not Role.NOTICE]
    if not allowed:
        return History((), ())
    newest = replace(allowed[-1], text=shorten(allowed[-1].text, beginning.budget.newest, ruler))
    lines = (*allowed[:-1], newest)
    # What the history takes from each of its lines on.
    sizes = list(accumulate(ruler.line(line.text) for line in reversed(lines)))[::-1]
    ages = _ages(window, lines)
    room = beginning.room
    if sizes[0] <= room and len(window) < most:
        return _foreseeing(History(lines, ()), sizes, ages, room, most)
    first = _cut(lines, sizes, ages, room, most, foreseen)
    kept = History(lines[first:], tuple(line.id for line in lines[:first]), cut=first > 0)
    return _foreseeing(kept, sizes[first:], ages[first:], room, most)


def finish(
    beginning: Beginning,
    history: History,
    ruler: Ruler,
    *,
    facts: Sequence[Fact],
    earlier: Sequence[Message],
    scene: Sequence[str],
    persona: Persona,
    person_name: str,
    now: datetime,
    remarks: Sequence[str] = (),
) -> Written:
    """The whole prompt. It never takes more than the model's context.

    `remarks`: what is said of the memories themselves, before them. `now` is in the person's zone.
    """
    written = {
        SectionKind.MEMORY: (*remarks, *fact_lines(facts, now)),
        SectionKind.EARLIER: earlier_lines(earlier, person_name, persona.name, now),
        SectionKind.SCENE: tuple(one_line(line) for line in scene),
    }
    notes = _notes(written, beginning.budget, ruler)
    turns = tuple(_turn(line) for line in history.messages)
    prompt = fit(Prompt((*beginning.sections, *notes), turns), ruler, beginning.budget.whole)
    return Written(prompt, _shortened(history, len(prompt.turns)))


def with_notes(prompt: Prompt, notes: Sequence[str]) -> Prompt:
    """The prompt with the author's notes for this reply, for which room was kept; all before them stays as it was."""
    text = "\n".join(f"- {one_line(note)}" for note in notes)
    others = tuple(section for section in prompt.sections if section.kind is not SectionKind.NOTES)
    return replace(prompt, sections=(*others, Section(SectionKind.NOTES, text)) if text else others)


def _turn(message: Message) -> PromptTurn:
    return PromptTurn("person" if message.role is Role.PERSON else "character", message.text)


# ---------------------------------------------------------------- the history


def _ages(window: Sequence[Message], lines: Sequence[Message]) -> list[int]:
    """How many messages of the window there are from each line on, with those that are no lines of the prompt."""
    age = {message.id: len(window) - number for number, message in enumerate(window)}
    return [age[line.id] for line in lines]


def _cut(
    lines: Sequence[Message],
    sizes: Sequence[int],
    ages: Sequence[int],
    room: int,
    most: int,
    foreseen: str,
) -> int:
    """The line with which a history begins that has become too long."""
    for first, line in enumerate(lines):
        if (
            line.id == foreseen
            and sizes[first] <= FORESEEN_MOST * room
            and ages[first] <= FORESEEN_MOST * most
        ):
            return first
    return _first(lines, sizes, ages, int(KEPT_SHARE * room), most // 2)


def _first(
    lines: Sequence[Message], sizes: Sequence[int], ages: Sequence[int], tokens: int, messages: int
) -> int:
    """The first line from which there are so many tokens and messages at most: one of the person's, or the newest."""
    for first, line in enumerate(lines):
        if line.role is Role.PERSON and sizes[first] <= tokens and ages[first] <= messages:
            return first
    return len(lines) - 1


def _foreseeing(history: History, sizes: Sequence[int], ages: Sequence[int], room: int, most: int) -> History:
    """The history with how full it is, and where it will be cut if that is soon."""
    by_size = sizes[0] / room if room > 0 else 1.0
    by_count = ages[0] / most
    full = max(by_size, by_count)
    if full < FORESEEN_SHARE:
        return replace(history, full=full)
    # What will be kept then is the newest part of what is here now, and what is said until then.
    tokens, messages = sizes[0] - (1 - KEPT_SHARE) * room, ages[0] - most // 2
    coming = next(
        (
            line.id
            for line, size, age in zip(history.messages, sizes, ages, strict=True)
            if line.role is Role.PERSON and (size <= tokens if by_size >= by_count else age <= messages)
        ),
        history.messages[-1].id,
    )
    return replace(history, full=full, coming=coming)


def _shortened(history: History, kept: int) -> History:
    """The history once its oldest lines had to go after all."""
    gone = len(history.messages) - kept
    if not gone:
        return history
    dropped = tuple(message.id for message in history.messages[:gone])
    return replace(
        history, messages=history.messages[gone:], dropped=(*history.dropped, *dropped), cut=True, coming=""
    )


# ---------------------------------------------------------------- the sections


def _size(sections: Sequence[Section], ruler: Ruler) -> int:
    return sum(ruler.section(section.kind, section.text) for section in sections)


def _fit_first(
    sections: Sequence[Section], first_kept: Sequence[SectionKind], room: int, ruler: Ruler
) -> list[Section]:
    """The sections that fit, by whole lines, in their own order."""
    fitting: dict[SectionKind, Section] = {}
    for section in sorted(sections, key=lambda section: first_kept.index(section.kind)):
        text = _fit_lines(section.kind, section.text.splitlines(), room, ruler)
        room -= ruler.section(section.kind, text)
        if text:
            fitting[section.kind] = Section(section.kind, text)
    return [fitting[section.kind] for section in sections if section.kind in fitting]


def _notes(written: Mapping[SectionKind, Sequence[str]], budget: Budget, ruler: Ruler) -> list[Section]:
    texts = {kind: _fit_lines(kind, lines, budget.most(kind), ruler) for kind, lines in written.items()}
    return [Section(kind, text) for kind, text in texts.items() if text]


def _fit_lines(kind: SectionKind, lines: Sequence[str], room: int, ruler: Ruler) -> str:
    """As many lines as fit, from the first; "" if not even one does."""
    whole = "\n".join(lines)
    if ruler.section(kind, whole) <= room:
        return whole
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        fits = ruler.section(kind, "\n".join(lines[:middle])) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return "\n".join(lines[:low])
