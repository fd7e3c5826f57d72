"""What the storyteller reads out of a prompt: who it is, whom it talks with, what it remembers, what was said.

`voice.py` calls `read_prompt` once per reply. The labels are those that `engine/chat/sections.py` writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.models.port import Prompt, SectionKind
from engine.models.storyteller.selves import first_person, first_person_verb

REMEMBERED = re.compile(r"^- \((?P<day>\d{4}-\d\d-\d\d)\) (?P<text>.+)$", re.MULTILINE)
NOW = re.compile(
    r"^Now: (?P<weekday>\w+)(?:, (?P<date>[^,\n]+))?(?:, (?P<hour>\d\d):(?P<minute>\d\d))?", re.MULTILINE
)
PICTURE = re.compile(r"^Last picture: (?P<what>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memory:
    """One line of what is remembered."""

    day: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """A prompt, taken apart."""

    labels: Mapping[str, str]
    speech: tuple[str, ...]
    samples: tuple[str, ...]
    backstory: str
    memories: tuple[Memory, ...]
    earlier: tuple[str, ...]
    scene: str
    own: tuple[str, ...]  # what it said, oldest first
    theirs: tuple[str, ...]  # what the person said before, oldest first
    said: str  # what the person says now

    def label(self, name: str) -> str:
        """The words behind a label, "" if there are none."""
        return self.labels.get(name, "")

    @property
    def name(self) -> str:
        """The character's name."""
        return self.label("Name") or "a voice"

    @cached_property
    def you(self) -> str:
        """The first name of the person, as they gave it, or as the surface knows them."""
        told = next((memory.text for memory in self.memories if memory.text.startswith("Your name is ")), "")
        name = told.removeprefix("Your name is ").rstrip(".") or self.label("Talks with")
        first = name.split()[0] if name.split() else ""
        return (
            first
            if re.fullmatch(r"[^\W\d_][\w'’-]{1,20}", first)
            and first.lower() not in ("you", "person", "user", "guest", "someone")
            else ""
        )

    @cached_property
    def traits(self) -> tuple[str, ...]:
        """All traits, the one with tension last."""
        listed = [trait.strip() for trait in self.label("Traits").split(",")]
        return tuple(trait for trait in (*listed, self.label("Tension")) if trait)

    @cached_property
    def past(self) -> tuple[str, ...]:
        """The backstory in the first person, sentence by sentence."""
        return first_person(self.backstory, self.name, self.label("Pronouns"))

    @cached_property
    def quirk(self) -> str:
        """The quirk as one says it of oneself: "hum when I think"."""
        return first_person_verb(self.label("Quirk")) if self.label("Quirk") else ""

    @cached_property
    def hour(self) -> int | None:
        """The hour of the day, if the scene tells it."""
        match = NOW.search(self.scene)
        return int(match["hour"]) if match and match["hour"] else None

    @property
    def now(self) -> re.Match[str] | None:
        """The scene's line about the time."""
        return NOW.search(self.scene)

    @property
    def picture(self) -> str:
        """What the last picture shows, "" if there is none."""
        match = PICTURE.search(self.scene)
        return match["what"].strip() if match else ""


def read_prompt(prompt: Prompt) -> Sheet:
    """The prompt as a sheet; missing sections are empty."""
    labels = dict(_labelled(prompt.section(SectionKind.PERSONA)))
    labels |= dict(_labelled(prompt.section(SectionKind.RELATIONSHIP)))
    speech = prompt.section(SectionKind.SPEECH).splitlines()
    said = prompt.turns[-1].text if prompt.turns and prompt.turns[-1].speaker == "person" else ""
    before = prompt.turns[:-1] if said else prompt.turns
    return Sheet(
        labels=labels,
        speech=tuple(line.removeprefix("- ").strip() for line in speech if not line.startswith("Says: ")),
        samples=tuple(line.removeprefix("Says: ").strip() for line in speech if line.startswith("Says: ")),
        backstory=prompt.section(SectionKind.BACKSTORY),
        memories=tuple(
            Memory(match["day"], match["text"])
            for match in REMEMBERED.finditer(prompt.section(SectionKind.MEMORY))
        ),
        earlier=tuple(match["text"] for match in REMEMBERED.finditer(prompt.section(SectionKind.EARLIER))),
        scene=prompt.section(SectionKind.SCENE),
        own=tuple(turn.text for turn in before if turn.speaker == "character"),
        theirs=tuple(turn.text for turn in before if turn.speaker == "person"),
        said=said,
    )


def _labelled(text: str) -> Sequence[tuple[str, str]]:
    pairs = (line.partition(": ") for line in text.splitlines())
    return [(label.strip(), words.strip()) for label, mark, words in pairs if mark]
