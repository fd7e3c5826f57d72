"""What a chat model makes of a request for a picture; `planner.py` fills with it what its own rules left open.

`engine/selfie.py` calls `imagine` before `plan_shot`. The model fills in a form; what it writes is flattened, looked up
and cut like the words of a person, it never describes the face, and the finished shot goes through the gate as always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from characters.character import Expression, Outfit, Persona
from engine.images.shot.reading import bodiless, flatten, settled
from engine.images.shot.vocabulary import vocabulary
from engine.models.ask import Asker
from engine.types import Framing, Message, Role, Shot, TimeOfDay, Weather

# Seconds that whoever asks for a picture waits for the model at most; then the rules alone plan it.
DEADLINE_S = 6.0
# Tokens of a filled form: its names and values come to about 150.
FORM_TOKENS = 250
# Lines of the talk that the model is given, and characters of each: where they are was said a moment ago.
LINES, LINE_LENGTH = 8, 300
# Characters of what a model may write.
PLACE, ACTION, CLOTHES = 80, 60, 120

INSTRUCTION = (
    "You plan one photo of a character. You are given what a person asked for, what was said before it, and what the "
    "character usually wears. Fill in the form in English, from the request first, then from what was said: where the "
    "character is right now, what they do, how they feel. Leave a text empty, or a choice null, where nothing says it: "
    "never invent another place than the one that was meant. Name clothes only where the usual ones would be wrong at "
    "that place, and then ones that this character would choose. Never describe the face, hair, body or age, and name "
    "no other people."
)


class Scene(BaseModel):
    """The form."""

    place: str = Field(max_length=PLACE, description="where the photo is taken, a few words")
    time: TimeOfDay | None = Field(description="only if it was said")
    weather: Weather | None = Field(description="only if it was said")
    light: (
        Literal[
            "candlelight",
            "neon",
            "firelight",
            "moonlight",
            "backlight",
            "spotlight",
            "softlight",
            "lamplight",
        ]
        | None
    ) = Field(description="only if the place has such a light")
    framing: Framing | None = Field(description="how much of the character the request wants to see")
    expression: Expression | None = Field(description="the character's mood in this talk")
    action: str = Field(max_length=ACTION, description='what the character does, such as "reading a book"')
    outfit: str = Field(max_length=CLOTHES, description="clothes for that place, or empty for the usual ones")


@dataclass(frozen=True, slots=True)
class Imagined:
    """A scene in the planner's own terms; None and "" where the model says nothing."""

    place: str = ""
    time: TimeOfDay | None = None
    weather: Weather | None = None
    light: str = ""
    framing: Framing | None = None
    expression: Expression | None = None
    action: str = ""
    props: tuple[str, ...] = ()
    outfit: Outfit | None = None


NOTHING = Imagined()


async def imagine(
    asker: Asker,
    request: str,
    *,
    persona: Persona,
    recent: Sequence[Message],
    now: datetime,
    last: Shot | None,
) -> Imagined | None:
    """What the model makes of a request in its talk; None if it does not answer in time."""
    text = _told(request, persona, recent, now, last)
    scene = await asker.ask(Scene, INSTRUCTION, text, max_tokens=FORM_TOKENS, deadline_s=DEADLINE_S)
    return _understood(scene) if scene else None


def _told(request: str, persona: Persona, recent: Sequence[Message], now: datetime, last: Shot | None) -> str:
    """The request and what belongs to it, as the model reads it."""
    talk = [message for message in recent if message.in_prompt and message.role is not Role.NOTICE][-LINES:]
    lines = [
        f"Request: {_line(request) or 'a photo, nothing more is said'}",
        f"The character: {persona.name}, usually wears {persona.appearance.outfit.description or 'plain clothes'}",
        f"Local time: {now:%A, %H:%M}",
        *([f"The photo before this one: {last.place}"] if last and last.place else []),
        "What was said before, the newest last:",
        *(f"{_speaker(message, persona)}: {_line(message.text)}" for message in talk),
    ]
    return "\n".join(lines)


def _speaker(message: Message, persona: Persona) -> str:
    return "Person" if message.role is Role.PERSON else persona.name


def _line(text: str) -> str:
    return " ".join(text.split())[:LINE_LENGTH]


def _understood(scene: Scene) -> Imagined:
    action = flatten(scene.action)
    known = next((each for each in vocabulary().actions if each.pattern.search(action)), None)
    clothes = bodiless(scene.outfit)[:CLOTHES]
    return Imagined(
        place=settled(bodiless(scene.place)),
        time=scene.time,
        weather=scene.weather,
        light=scene.light or "",
        framing=scene.framing,
        expression=scene.expression,
        action=known.name if known else bodiless(scene.action)[:ACTION],
        props=known.props if known else (),
        outfit=Outfit(name=clothes, description=clothes) if clothes else None,
    )
