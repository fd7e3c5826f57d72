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

REMEMBERED = re.compile(r"^- \((?P<day>[^()\n]+)\) (?P<text>.+)$", re.MULTILINE)
UNSURE = re.compile(
    r"^- Unsure: \([^()\n]+\) (?P<one>.+?)\.? Or: \([^()\n]+\) (?P<other>.+?)\.? Ask when it fits\.$",
    re.MULTILINE,
)
CALLED = re.compile(r"^I call you “([^\W\d_][\w '’-]{0,23})”")
NOTHING = re.compile(r"^- Nothing is remembered about this\b", re.MULTILINE)
# How memories of the two begin, and how the character itself says it.
OF_THE_TWO = (
    ("{name} promised you", "I promised you"),
    ("{name} sent you", "I sent you"),
    ("{name} calls you", "I call you"),
    ("You and {name} ", "You and I "),
    ("You promised {name}", "You promised me"),
    ("You call {name} ", "You call me "),
    ("A running joke of yours and {name}'s", "A running joke of yours and mine"),
)
NOW = re.compile(
    r"^Now: (?P<weekday>\w+)(?:, (?P<date>[^,\n]+))?(?:, (?P<hour>\d\d):(?P<minute>\d\d))?", re.MULTILINE
)
PICTURE = re.compile(r"^Last picture: (?P<what>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memory:
    """One line of what is remembered."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Two sentences of which only one can hold."""

    one: str
    other: str


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
    unsure: Unsure | None = None
    nothing: bool = False  # what is asked about is not remembered

    def label(self, name: str) -> str:
        """The words behind a label, "" if there are none."""
        return self.labels.get(name, "")

    @property
    def name(self) -> str:
        """The character's name."""
        return self.label("Name") or "a voice"

    @cached_property
    def you(self) -> str:
        """What the person is called: as the two agreed, as they gave their name, or as the surface knows them."""
        if given := next((match[1] for memory in self.memories if (match := CALLED.match(memory.text))), ""):
            return given[:1].upper() + given[1:]
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
    remembered, name = prompt.section(SectionKind.MEMORY), labels.get("Name", "")
    said = prompt.turns[-1].text if prompt.turns and prompt.turns[-1].speaker == "person" else ""
    before = prompt.turns[:-1] if said else prompt.turns
    return Sheet(
        labels=labels,
        speech=tuple(line.removeprefix("- ").strip() for line in speech if not line.startswith("Says: ")),
        samples=tuple(line.removeprefix("Says: ").strip() for line in speech if line.startswith("Says: ")),
        backstory=prompt.section(SectionKind.BACKSTORY),
        memories=tuple(
            Memory(match["day"], from_oneself(match["text"], name))
            for match in REMEMBERED.finditer(remembered)
        ),
        earlier=tuple(match["text"] for match in REMEMBERED.finditer(prompt.section(SectionKind.EARLIER))),
        scene=prompt.section(SectionKind.SCENE),
        own=tuple(turn.text for turn in before if turn.speaker == "character"),
        theirs=tuple(turn.text for turn in before if turn.speaker == "person"),
        said=said,
        unsure=_unsure(remembered),
        nothing=bool(NOTHING.search(remembered)),
    )


def from_oneself(text: str, name: str) -> str:
    """What is remembered of the two, as the speaker says it: "Maya promised you" is "I promised you".

    Only the forms in which `engine/memory/episodes.py` writes; a sister may have the same name.
    """
    for form, own in OF_THE_TWO:
        start = form.format(name=name)
        if name and text.startswith(start):
            return own + text.removeprefix(start)
    return text


def _unsure(remembered: str) -> Unsure | None:
    match = UNSURE.search(remembered)
    return Unsure(match["one"], match["other"]) if match else None


def _labelled(text: str) -> Sequence[tuple[str, str]]:
    pairs = (line.partition(": ") for line in text.splitlines())
    return [(label.strip(), words.strip()) for label, mark, words in pairs if mark]
