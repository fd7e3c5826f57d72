"""A short title for a conversation, for the places that show one: the transcripts of an export.

`engine/build.py` has `Titles.make` called in the background after a reply; `bot/commands/privacy.py` asks `of`. Without
a model that writes titles, or before it has, the title is made of the character's name and the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field

from engine.models.ask import Asker
from engine.safety.text import Action, Gate, Where
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, Conversation, Message, Role, spoken

# Characters of a title: what a heading, a file's name and a list have room for.
TITLE_LENGTH = 60
# A talk has a subject after so many of the person's lines; the title is made of so many lines, each so long.
LEAST_LINES, LINES, LINE_LENGTH = 3, 16, 300
# Seconds for a title, waiting included, and the tokens of its form.
DEADLINE_S, FORM_TOKENS = 60.0, 60

INSTRUCTION = (
    "You give a conversation a title, as for a chapter: two to six words in the language of the conversation that say "
    "what it is about. No quotation marks, no full stop, no names of the speakers."
)
# What a place is called for people; the first part of a place's name says whose it is.
_PLACES = {"discord": "Discord", "telegram": "Telegram"}


class Heading(BaseModel):
    """The form."""

    title: str = Field(max_length=TITLE_LENGTH)


class Titles:
    """Makes titles and tells them."""

    def __init__(self, store: Store, asker: Asker, gate: Gate) -> None:
        self._store = store
        self._asker = asker
        self._gate = gate

    async def make(self, conversation: Conversation) -> None:
        """Have the model write a title, once there is enough to say. Harmless to repeat or to lose."""
        if not self._asker.able or (await self._store.studies.of(conversation.id)).title:
            return
        lines = await self._lines(conversation)
        if sum(line.role is Role.PERSON for line in lines) < LEAST_LINES:
            return
        # What is erased from now on voids the title; the lines are read once more after that.
        token = await self._store.studies.begin_title(conversation.id)
        lines = await self._lines(conversation)
        text = "\n".join(f"{_speaker(line)}: {' '.join(line.text.split())[:LINE_LENGTH]}" for line in lines)
        heading = await self._asker.ask(
            Heading, INSTRUCTION, text, max_tokens=FORM_TOKENS, deadline_s=DEADLINE_S
        )
        title = _tidy(heading.title) if heading else ""
        if title and self._gate.check(title, Where.REPLY).action is Action.ALLOW:
            await self._store.studies.set_title(conversation.id, token, title)

    async def of(self, person_id: str, conversations: Sequence[Conversation]) -> Mapping[str, str]:
        """A title for each of a person's conversations, by its id."""
        made = await self._store.studies.titles(person_id)
        titles = {}
        for talk in conversations:
            persona = await self._store.characters.version(talk.character_id, talk.character_version)
            plain = plain_title(persona.name, talk.place)
            titles[talk.id] = f"{plain}: {made[talk.id]}" if talk.id in made else plain
        return titles

    async def _lines(self, conversation: Conversation) -> list[Message]:
        """What was said last, without what is hidden."""
        window = await self._store.conversations.window(conversation.id, LINES)
        return [message for message in spoken(window) if message.in_prompt]


def plain_title(character: str, place: str) -> str:
    """ "Maya", or "Maya on Discord": who speaks, and where if not in private."""
    if place == PRIVATE_PLACE:
        return character
    whose = place.split(":")[0]
    return f"{character} on {_PLACES.get(whose, whose.capitalize())}"


def _speaker(line: Message) -> str:
    return "Person" if line.role is Role.PERSON else "Character"


def _tidy(title: str) -> str:
    """One line without the signs that models put around a title."""
    return " ".join(title.split()).strip(" .\"'“”„«»*#_`").strip()
