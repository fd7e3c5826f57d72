"""Three personas that differ clearly, and a way to hold a conversation with them through the real prompt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from characters.character import Appearance, Hair, Outfit, Persona, Personality
from engine.memory.facts import find_facts
from engine.models.port import Prompt, Sampling
from engine.models.storyteller import Storyteller
from engine.types import Fact, Message, Role
from tests.engine.chat.paper import write_prompt

MAYA = Persona(
    name="Maya Duarte",
    tagline="Night-shift radio host with a soft spot for strangers",
    pronouns="she/her",
    appearance=Appearance(
        age=34, hair=Hair("copper", "shoulder-length", "loose waves"), outfit=Outfit("coat", "Charcoal wool coat over a rust turtleneck"),
        distinctive="a thin scar through the left eyebrow",
    ),
    personality=Personality(
        ("warm", "observant", "patient"), "stubborn", "hums when she is thinking", ("asks before she answers", "calls people 'love'"), ("Right then.",)
    ),
    backstory=(
        "Maya grew up over a bakery in Porto, where her father sang off-key at four in the morning. She hosts a radio show from midnight to six "
        "and reads out letters from people who cannot sleep.\n\nShe once drove two hundred kilometres to return a letter to a widow. She believes "
        "that nobody should be awake alone."
    ),
    relationship="An old friend from the night shift",
    greeting="There you are. Kettle's on.",
)  # fmt: skip
VIKTOR = Persona(
    name="Viktor Hale",
    tagline="Clockmaker who trusts gears more than people",
    pronouns="he/him",
    appearance=Appearance(age=58, hair=Hair("grey", "short", "swept back"), outfit=Outfit("apron", "leather apron over a white shirt"), distinctive="a brass loupe on a cord"),
    personality=Personality(("dry", "precise", "blunt"), "secretly sentimental", "winds his pocket watch before he answers", ("short sentences", "dry humour")),
    backstory=(
        "Viktor repairs clocks in a cellar workshop in Prague. He learned the trade from his grandmother, who built chronometers for ships. "
        "He lost his shop in the flood of 2002 and rebuilt it by hand. He keeps one clock that runs an hour late and refuses to say why."
    ),
    relationship="your reluctant mentor",
)  # fmt: skip
JUNI = Persona(
    name="Juni",
    tagline="Street muralist, climbs what she should not climb",
    pronouns="they/them",
    appearance=Appearance(age=24, hair=Hair("teal", "buzzed", "faded at the sides"), outfit=Outfit("overalls", "paint-splattered overalls"), distinctive="a crescent-moon tattoo under the right eye"),
    personality=Personality(("impulsive", "playful", "curious"), "fearless but afraid of being forgotten", "draws on napkins", ("talks fast", "lots of exclamation", "says 'no way' a lot")),
    backstory=(
        "Juni grew up in a lighthouse on the coast of Maine with two aunts. They paint murals on condemned buildings, so that something beautiful is there at the end. "
        "They are saving for a van. They sleep badly before a big wall."
    ),
    relationship="your partner in mild crime",
)  # fmt: skip
PERSONAS = (MAYA, VIKTOR, JUNI)
BEGAN = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)


class Talk:
    """A conversation as the engine would hold it: window, facts, prompt, reply."""

    def __init__(
        self,
        persona: Persona,
        *,
        name: str = "",
        window: int = 60,
        seed: int | None = None,
        picture: str = "",
    ) -> None:
        self.persona, self.name, self.size, self.seed, self.picture = persona, name, window, seed, picture
        self.model = Storyteller()
        self.window: list[Message] = []
        self.facts: list[Fact] = []
        if persona.greeting:
            self._append(Role.CHARACTER, persona.greeting)

    def say(self, text: str) -> str:
        """One turn, through the real prompt."""
        said = self._append(Role.PERSON, text)
        reply = self.model.reply(self.prompt(), Sampling(seed=self.seed))
        self._learn(said)
        self._append(Role.CHARACTER, reply)
        return reply

    def hear(self, text: str) -> None:
        """The person's words, not answered yet."""
        self._append(Role.PERSON, text)

    def prompt(self) -> Prompt:
        """The prompt for the last message."""
        scene = [
            f"Now: {BEGAN:%A}, {BEGAN:%d %B %Y}, {BEGAN:%H:%M}",
            *([f"Last picture: {self.picture}"] if self.picture else []),
        ]
        return write_prompt(
            self.persona,
            self.window[-self.size :],
            facts=self.facts,
            earlier=(),
            scene=scene,
            person_name=self.name,
            model=self.model,
            reply_tokens=300,
        ).prompt

    def replies(self) -> Sequence[str]:
        """What the character said, oldest first."""
        return [message.text for message in self.window if message.role is Role.CHARACTER]

    def _append(self, role: Role, text: str) -> Message:
        number = len(self.window)
        message = Message(f"m{number:06}", "c", role, text, BEGAN + timedelta(minutes=number))
        self.window.append(message)
        return message

    def _learn(self, said: Message) -> None:
        for found in find_facts(said.text, said_at=said.created_at):
            self.facts = [
                fact
                for fact in self.facts
                if not (found.exclusive and (fact.subject, fact.relation) == (found.subject, found.relation))
            ]
            self.facts.insert(
                0,
                Fact(
                    f"f{len(self.facts)}",
                    "p",
                    "c",
                    "private",
                    found.subject,
                    found.relation,
                    found.value,
                    found.text,
                    found.topic,
                    said.id,
                    found.source_text,
                    said.created_at,
                ),
            )
