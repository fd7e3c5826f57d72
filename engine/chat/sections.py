"""The system part of a prompt, section by section, as plain lines; `engine/chat/prompt.py` calls it.

Every model reads these lines: a large one as prose, the storyteller by their labels. Stable sections come
first, so that a model can keep what it has already read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from characters.character import Persona
from engine.memory.contradict import Doubt
from engine.memory.times.ago import ago
from engine.models.port import Section, SectionKind
from engine.types import Fact, Message, Role

RULES = (
    "Stay in character: keep the voice, the traits and the quirk above.",
    "Never speak or act for the person you talk with; write only your own words.",
    "Use what you remember when it matters, and say so plainly when you do not know something. Invent no memories.",
    "You are an AI companion. If you are sincerely asked whether you are human or real, say that you are an AI.",
    "Answer in the language of the person. Keep it to a few sentences, and do not repeat yourself.",
)

# Before what is unsure; the storyteller reads it, too.
UNSURE = "- Unsure:"
# What stands among the memories when the person asks about something that none of them tells.
NOTHING = "- Nothing is remembered about this: say so, and ask."


def one_line(text: str) -> str:
    """A text without line breaks, so that nobody's words can pose as a line of the prompt."""
    return " ".join(text.split())


def persona_sections(persona: Persona, person_name: str) -> tuple[Section, ...]:
    """The sections that stay the same from turn to turn, without the empty ones; what is the same for all people first."""
    written = (
        Section(SectionKind.PERSONA, _labelled(_identity(persona))),
        Section(SectionKind.SPEECH, _speech(persona)),
        Section(SectionKind.BACKSTORY, persona.backstory.strip()),
        Section(SectionKind.RULES, "\n".join(RULES)),
        Section(SectionKind.RELATIONSHIP, _labelled(_relationship(persona, person_name))),
    )
    return tuple(section for section in written if section.text)


def fact_lines(facts: Sequence[Fact], now: datetime) -> tuple[str, ...]:
    """Recalled facts with the day on which they were said; a superseded fact is not known any more.

    `now` is in the person's zone.
    """
    return tuple(
        f"- ({_remembered(fact, now)}) {one_line(fact.text)}" for fact in facts if not fact.superseded_by
    )


def earlier_lines(
    earlier: Sequence[Message], person_name: str, character_name: str, now: datetime
) -> tuple[str, ...]:
    """Recalled turns from before the window, oldest first; a day is written once."""
    speakers = {Role.PERSON: one_line(person_name) or "The person", Role.CHARACTER: one_line(character_name)}
    lines: list[str] = []
    day = None
    for said in sorted(_allowed(earlier), key=lambda message: message.created_at):
        same, day = day, said.created_at.astimezone(now.tzinfo).date()
        dated = "the same day" if day == same else _dated(said.created_at, now)
        lines.append(f"- ({dated}) {speakers[said.role]}: {one_line(said.text)}")
    return tuple(lines)


def _remembered(fact: Fact, now: datetime) -> str:
    """When a fact was said and, where that is another day, when what it tells happens."""
    said, happens = _dated(fact.said_at, now), fact.happens_at
    if happens is None or _day(happens, now) == _day(fact.said_at, now):
        return said
    away = ago(happens, now, _zone(now))
    gone = happens < now and away != "today"
    return f"{said}; {'happened' if gone else 'happens'} {away}"


def _dated(then: datetime, now: datetime) -> str:
    """A day with its distance: "3 November 2026, three weeks ago"."""
    day = _day(then, now)
    return f"{day.day} {day:%B %Y}, {ago(then, now, _zone(now))}"


def _day(moment: datetime, now: datetime) -> date:
    return moment.astimezone(now.tzinfo).date()


def _zone(now: datetime) -> tzinfo:
    assert now.tzinfo is not None
    return now.tzinfo


def unsure_line(doubt: Doubt) -> str:
    """Two memories that cannot both hold, in place of either."""
    older, newer = (f"({fact.said_at:%Y-%m-%d}) {one_line(fact.text)}" for fact in (doubt.older, doubt.newer))
    return f"{UNSURE} {older} Or: {newer} Ask when it fits."


def _allowed(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.in_prompt and message.role is not Role.NOTICE]


def _identity(persona: Persona) -> Mapping[str, str]:
    looks, own = persona.appearance, persona.personality
    hair = ", ".join(part for part in (looks.hair.colour, looks.hair.length, looks.hair.style) if part)
    face = "; ".join(part for part in (looks.face_shape, looks.features, looks.eyes, looks.skin_tone) if part)
    return {
        "Name": persona.name,
        "Pronouns": persona.pronouns,
        "Age": str(looks.age),
        "About": persona.tagline,
        "Presentation": looks.presentation,
        "Hair": hair,
        "Face": face,
        "Build": looks.build,
        "Distinctive": looks.distinctive,
        "Wears": looks.outfit.description or looks.outfit.name,
        "Traits": ", ".join(own.traits),
        "Tension": own.tension,
        "Quirk": own.quirk,
    }


def _speech(persona: Persona) -> str:
    own = persona.personality
    speech = [f"- {one_line(pattern)}" for pattern in own.speech]
    samples = [f"Says: {one_line(line)}" for line in own.sample_lines]
    return "\n".join([*speech, *samples])


def _relationship(persona: Persona, person_name: str) -> Mapping[str, str]:
    return {"Relationship": persona.relationship, "Talks with": person_name}


def _labelled(lines: Mapping[str, str]) -> str:
    return "\n".join(f"{label}: {one_line(words)}" for label, words in lines.items() if words)
