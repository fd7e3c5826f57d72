"""What crosses between surfaces and commands: Inbound in, Outbound out, both frozen and free of any SDK.

A surface translates its own events to `Inbound`, and each `Outbound` to its own form; it decides nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.types import PRIVATE_PLACE, JobStatus, Role

OptionValue = str | int | bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from, and so where its answers go. Stored with jobs as JSON."""

    surface: str  # "web", "terminal", "discord", "telegram"
    person_id: str
    place: str = PRIVATE_PLACE
    conversation_id: str = ""  # "" where a person says whom they mean by the channel they write in
    channel: str = ""  # the surface's own address, where it needs one
    thread: str = ""
    reply: str = (
        ""  # the surface's own means to answer this one event: an interaction's token, the message it answers
    )

    @property
    def private(self) -> bool:
        """Whether nobody else reads along."""
        return self.place == PRIVATE_PLACE

    def to_json(self) -> str:
        """The origin as a JSON text, for the store."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Origin:
        """The origin a JSON text describes."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its options as the surface read them; the registry checks and converts them."""

    name: str
    options: Mapping[str, OptionValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event from a surface: words said in a conversation, or a command. `event_id` is the surface's own id."""

    origin: Origin
    event_id: str
    text: str = ""
    call: Call | None = None
    answers: str = ""  # our id of the message that it replies to, where the surface knows

    def to_json(self) -> str:
        """The event as a JSON text, for the inbox."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Inbound:
        """The event a JSON text describes."""
        data = json.loads(text)
        call = Call(**data["call"]) if data["call"] else None
        return cls(Origin(**data["origin"]), data["event_id"], data["text"], call, data["answers"])


# ---------------------------------------------------------------- views: what people are shown


class Tone(StrEnum):
    """How a system text is meant."""

    INFO = "info"
    ERROR = "error"
    NOTICE = "notice"  # AI notice, crisis help: outside the persona


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the system (never of a character). `field` names the input at fault, if one is."""

    text: str
    tone: Tone = Tone.INFO
    field: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One click that calls a command."""

    label: str
    call: Call


@dataclass(frozen=True, slots=True)
class CharacterCard:
    """A face in the catalog. `picture_media_id` is "" only for drafts."""

    id: str
    slug: str
    name: str
    tagline: str
    picture_media_id: str
    style: str
    tags: tuple[str, ...] = ()
    mine: bool = False
    last_talked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftCard:
    """An unfinished character that waits to be resumed."""

    draft_id: str
    name: str
    step_title: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Catalog:
    """Faces that a person may talk with. `query`: what was looked for; `then_say`: words that wait for who is chosen."""

    characters: tuple[CharacterCard, ...]
    drafts: tuple[DraftCard, ...] = ()
    then_say: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class PictureView:
    """A finished picture with what can be done with it."""

    media_id: str
    caption: str  # also the alternative text
    width: int
    height: int
    created_at: datetime
    request: str = ""
    buttons: tuple[Button, ...] = ()  # "New outfit", "New light", "Same scene again"
    note: str = ""  # what is honestly to be said of it: it is not quite her, the illustrator drew it


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A picture under way. `position` is 0 once it is being made."""

    job_id: str
    status: JobStatus
    progress: float
    stage: str
    position: int
    seconds_left: float | None
    message_id: str = ""  # the conversation's message that becomes the picture
    sentence: str = ""  # why it failed, or that it was cancelled
    request: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The character that says or shows something: where a surface can, with its own name and face."""

    character_id: str
    name: str
    picture_media_id: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A line of a conversation as shown. Exactly one of text, picture and progress may stand alone."""

    id: str
    role: Role
    text: str
    created_at: datetime
    picture: PictureView | None = None
    progress: ProgressView | None = None
    speaker: Speaker | None = None  # None for a person's own line, and where nobody needs to be told


@dataclass(frozen=True, slots=True)
class Profile:
    """A character's own page: (label, words) rows by heading."""

    card: CharacterCard
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    backstory: str
    greeting: str
    gallery: tuple[PictureView, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Chat:
    """An opened conversation. `unanswered` is the message a crash left without a reply; the router answers it."""

    conversation_id: str
    card: CharacterCard
    messages: tuple[MessageView, ...]
    model_name: str
    unanswered: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures of one character, or of all."""

    title: str
    card: CharacterCard | None
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """Something a character knows, with its source."""

    id: str
    text: str
    topic: str
    said_at: datetime
    source_text: str
    pinned: bool
    superseded_text: str = ""  # what it replaced


@dataclass(frozen=True, slots=True)
class Memories:
    """What a character knows about a person, by topic."""

    card: CharacterCard
    topics: tuple[tuple[str, tuple[FactView, ...]], ...]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A person's message was stored; from here on it survives a crash."""

    message: MessageView
    reply_id: str  # the id that the character's reply will have ("" if none will come)
    speaker: Speaker | None = None  # who is about to answer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply waits for its turn: its place in line, 1 is the next; 0 once it has begun. Over with its first `Delta`."""

    reply_id: str
    place: int

    @property
    def words(self) -> str:
        """For people: "3rd in line …"; "" once it has begun."""
        return f"{ordinal(self.place)} in line …" if self.place else ""


def ordinal(number: int) -> str:
    """The number as a place: "1st", "2nd", "11th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of a streamed reply."""

    reply_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A finished and stored line (reply, notice or picture message); it replaces whatever was streamed under its id."""

    message: MessageView
    model_name: str = ""  # who writes the character's words now, where that may have changed


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the person, e.g. an export."""

    filename: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question before something that cannot be undone."""

    question: str
    confirm: Button


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A command as shown in the help and in the completion."""

    name: str
    description: str
    usage: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """All commands."""

    commands: tuple[HelpEntry, ...]


# ---------------------------------------------------------------- the wizard as shown


class FieldKind(StrEnum):
    """How a question is asked; each surface has its own control for it."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    CHOICE = "choice"  # one of `choices`
    SUGGEST = "suggest"  # free words, with `choices` as suggestions
    LINES = "lines"  # several short answers, one a line


@dataclass(frozen=True, slots=True)
class Choice:
    """A suggestion: what it stores, what it says, and a picture or colour where that helps."""

    value: str
    label: str
    description: str = ""
    swatch: str = ""  # "#rrggbb"


@dataclass(frozen=True, slots=True)
class Advice:
    """The coach on one field. With `blocking` the step cannot be left; `proposal` is accepted by one click."""

    field: str
    sentence: str
    proposal: str = ""
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class WizardField:
    """One question of a step with its present answer."""

    name: str  # "hair_colour"
    label: str
    kind: FieldKind
    value: str
    help: str = ""
    example: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    max_length: int = 300


@dataclass(frozen=True, slots=True)
class Take:
    """One of the canonical pictures to choose from."""

    job_id: str
    media_id: str  # "" while it is being made
    progress: ProgressView | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Wizard:
    """A step of `/create`. `portrait` identifies the live portrait: it changes whenever the looks change."""

    draft_id: str
    step: str
    title: str
    intro: str
    index: int  # from 0
    total: int
    steps: tuple[tuple[str, str, bool], ...]  # (step, title, answered)
    fields: tuple[WizardField, ...] = ()
    advice: tuple[Advice, ...] = ()
    takes: tuple[Take, ...] = ()
    portrait: str = ""
    problems: tuple[str, ...] = ()  # what keeps it from being published
    can_go_back: bool = True
    character: CharacterCard | None = None  # once published


Outbound = (
    Text
    | Catalog
    | Profile
    | Chat
    | Gallery
    | Memories
    | Started
    | Waiting
    | Delta
    | Replied
    | ProgressView
    | Document
    | Confirm
    | Help
    | Wizard
)


class Surface(Protocol):
    """A way to reach people. Delivery calls it when something happens that nobody waits for."""

    @property
    def name(self) -> str:
        """The name in `Origin.surface`."""

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Show something. Returns the id under which `edit` finds it again, "" where there is none.

        A `Replied` is shown once, however often it is delivered; when this returns, the platform has taken it, or
        there is nobody any more who could see it.
        """

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Show something in place of what `deliver` returned `ref` for; repeating it changes nothing.

        `ref` is a message's id for a `Replied`, and `draft:ID` for a `Wizard` whose takes have come.
        """


class Door(Protocol):
    """The one way in, as surfaces see it; bot/router.py is behind it."""

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        """Handle one event and return all that it shows (a page, a form, an answer to a click)."""

    def submit(self, inbound: Inbound) -> asyncio.Task[None]:
        """Handle one event in its conversation's lane; what it shows reaches `Surface.deliver`.

        The router owns the task; a surface may wait for it or cancel it (a reply is then left unanswered).
        """

    async def accept(self, inbound: Inbound) -> bool:
        """Store one event, then handle it as `submit` does; False if this event came before.

        When it returns the event survives a crash: it is handled again at the next start, until it has been once.
        Events of a lane are handled in the order in which this was called.
        """


class Pictures(Protocol):
    """Files of pictures for surfaces: who asks decides what is there."""

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a picture. Raises NotFoundError, also for somebody else's private picture."""

    async def preview(self, job_id: str, person_id: str) -> str:
        """Path of what a picture under way looks like so far, a JPEG; "" while there is nothing. Raises NotFoundError."""

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        """Path and MIME type of a draft's live portrait, rendered now if its looks changed. Raises NotFoundError, RenderError."""
