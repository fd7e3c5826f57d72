"""Everything a chat model is given for one reply, within its context; `engine/turn.py` calls `write_prompt`.

Stable parts come first and the history is cut at boundaries that stay where they are from turn to turn, so a
model keeps most of what it has read. What changes with every turn (memory, scene) is small and comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

from characters.character import Persona
from engine.chat.sections import earlier_lines, fact_lines, persona_sections
from engine.models.port import ChatModel, Prompt, PromptTurn, Section, SectionKind
from engine.types import Fact, Message, Role

# Tokens that a chat template puts around one turn (role, separators); the common ones take 3 to 7.
TURN_OVERHEAD = 8
# Tokens around one section: its heading and a blank line.
SECTION_OVERHEAD = 6
# One message in this many is a boundary at which a cut history may begin.
BLOCK = 8
# A window at least this long starts at a boundary: its oldest message would otherwise change with every turn.
LONG_WINDOW = 40
# Messages given up for a stable start, at most; the newest 20 exchanges stay even so.
GIVEN_UP = 16
# Shares of the budget: what is recalled may never push the conversation itself out.
MEMORY_SHARE, EARLIER_SHARE, SCENE_SHARE = 0.15, 0.15, 0.05
# The share that the person's newest message may take before it is shortened in the middle.
NEWEST_SHARE = 0.5

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Written:
    """A prompt, and the ids of the messages of the window that did not fit."""

    prompt: Prompt
    dropped: tuple[str, ...]


def write_prompt(
    persona: Persona,
    window: Sequence[Message],
    *,
    facts: Sequence[Fact],
    earlier: Sequence[Message],
    scene: Sequence[str],
    person_name: str,
    model: ChatModel,
    reply_tokens: int,
) -> Written:
    """The prompt for the reply to the window's last message. It never takes more than the model's context."""
    count = model.count_tokens
    spoken = [message for message in window if message.in_prompt and message.role is not Role.NOTICE]
    left = whole = max(0, model.context_tokens - reply_tokens)
    newest = _shorten(spoken[-1].text, int(whole * NEWEST_SHARE) - TURN_OVERHEAD, count) if spoken else ""
    left -= count(newest) + TURN_OVERHEAD if spoken else 0
    stable, left = _fit_sections(persona_sections(persona, person_name), left, count)
    volatile: list[Section] = []
    for kind, lines, share in (
        (SectionKind.MEMORY, fact_lines(facts), MEMORY_SHARE),
        (SectionKind.EARLIER, earlier_lines(earlier, person_name, persona.name), EARLIER_SHARE),
        (SectionKind.SCENE, tuple(scene), SCENE_SHARE),
    ):
        section, taken = _fit_lines(kind, lines, min(left, int(whole * share)), count)
        volatile += section
        left -= taken
    kept = _fit_history(spoken[:-1], left, count)
    turns = [
        *(_turn(message, message.text) for message in kept),
        *(_turn(said, newest) for said in spoken[-1:]),
    ]
    missing = spoken[: len(spoken[:-1]) - len(kept)]
    return Written(Prompt((*stable, *volatile), tuple(turns)), tuple(message.id for message in missing))


def _turn(message: Message, text: str) -> PromptTurn:
    return PromptTurn("person" if message.role is Role.PERSON else "character", text)


def _fit_sections(sections: Sequence[Section], left: int, count: Count) -> tuple[list[Section], int]:
    """The sections in order, each whole as long as there is room, then by whole lines."""
    fitting: list[Section] = []
    for section in sections:
        kept, taken = _fit_lines(section.kind, section.text.splitlines(), left, count)
        fitting += kept
        left -= taken
    return fitting, left


def _fit_lines(kind: SectionKind, lines: Sequence[str], room: int, count: Count) -> tuple[list[Section], int]:
    """As many lines as fit, from the first; no section at all if not even one does."""
    room -= SECTION_OVERHEAD
    kept: list[str] = []
    for line in lines:
        # Counted joined, since a tokenizer may merge across lines but never splits a text into fewer tokens.
        if count("\n".join([*kept, line])) > room:
            break
        kept.append(line)
    text = "\n".join(kept)
    return ([Section(kind, text)], count(text) + SECTION_OVERHEAD) if kept else ([], 0)


def _fit_history(messages: Sequence[Message], room: int, count: Count) -> Sequence[Message]:
    """The newest messages that fit, starting at a boundary if any had to go."""
    first = len(messages)
    while first and (room := room - count(messages[first - 1].text) - TURN_OVERHEAD) >= 0:
        first -= 1
    if first == 0 and len(messages) < LONG_WINDOW:
        return messages
    return messages[_boundary(messages, first) :]


def _boundary(messages: Sequence[Message], first: int) -> int:
    """The next message at which a cut history begins, told by its id alone: the same one on the next turn."""
    for index in range(first, min(first + GIVEN_UP, len(messages))):
        if crc32(messages[index].id.encode()) % BLOCK == 0:
            return index
    return first


def _shorten(text: str, room: int, count: Count) -> str:
    """A text that fits: its beginning and its end, since people put the question last."""
    if count(text) <= room:
        return text
    # Halving finds the length in a few counts; a model's tokenizer is not free.
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(_clip(text, middle)) <= room else (low, middle - 1)
    return _clip(text, low) if low else ""


def _clip(text: str, length: int) -> str:
    tail = length // 3
    return f"{text[: length - tail]} … {text[len(text) - tail :]}"
