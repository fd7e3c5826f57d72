"""The nouns of the engine: what goes in, what comes out, what is stored. Frozen, no SDK, no SQL.

Ids are UUIDv7 strings, so they sort by time. Times are timezone-aware UTC datetimes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from characters.character import Expression, Outfit, Persona

Clock = Callable[[], datetime]

# The place of a one-to-one talk on any surface of the owner's machine. Servers and groups get their own
# ("discord:guild:1:channel:2"), and what was said in one place never reaches another.
PRIVATE_PLACE = "private"


class Role(StrEnum):
    """Who a stored message is from. NOTICE is the system, outside the persona."""

    PERSON = "person"
    CHARACTER = "character"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who talks with characters; surfaces map their accounts onto a person by `identities`."""

    id: str
    display_name: str
    created_at: datetime
    timezone: str = ""
    confirmed_adult_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CharacterRecord:
    """A stored character: its current version of the persona, and whose it is."""

    id: str
    slug: str  # unique, for addresses and commands: "maya"
    owner_id: str | None  # None: shipped with the product
    version: int
    persona: Persona
    published: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person × one character × one place. `noticed_at`: when the AI notice was last shown.

    `character_version` is the version that speaks here; it follows the character when that is edited.
    """

    id: str
    person_id: str
    character_id: str
    character_version: int
    place: str
    created_at: datetime
    noticed_at: datetime | None = None
    person_name: str = ""  # as the surface shows it


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation. A picture message has a `job_id`, and a `media_id` once it is delivered."""

    id: str
    conversation_id: str
    role: Role
    text: str
    created_at: datetime
    reply_to: str | None = None  # the person's message that this answers
    job_id: str | None = None
    media_id: str | None = None
    event_id: str | None = None  # the surface's own id of the event: stored once, however often it arrives
    in_prompt: bool = True  # False once the person asked to forget what it says


# What stands in a message for sentences that the person asked to forget, and for a message of nothing else.
CUT = "[…]"
FORGOTTEN = "[forgotten at your wish]"


def spoken(messages: Sequence[Message]) -> list[Message]:
    """What was said in a talk: without notices, pictures and the requests that pictures answered."""
    requests = {message.reply_to for message in messages if message.job_id}
    return [
        message
        for message in messages
        if message.role is not Role.NOTICE and not message.job_id and message.id not in requests
    ]


class FactKind(StrEnum):
    """What sort of memory it is."""

    FACT = "fact"  # something that holds of the person's life
    EPISODE = "episode"  # something that happened together: an outing, a picture, a promise
    BOND = "bond"  # what is between the two: what they call each other, running jokes


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a character knows about a person, with its source. A newer fact may supersede it."""

    id: str
    person_id: str
    character_id: str
    place: str
    subject: str  # "you", "your dog", "your sister"
    relation: str  # "name", "lives in", "likes", …
    value: str  # "Biscuit"
    text: str  # a sentence in the second person: "Your dog is called Biscuit."
    topic: str  # for /memory: "pets", "family", "work", "places", "likes", "dates", "you", "other"
    source_message_id: str | None
    source_text: str  # the words it was taken from
    said_at: datetime
    confidence: float = 1.0
    pinned: bool = False
    superseded_by: str | None = None
    kind: FactKind = FactKind.FACT
    happens_at: datetime | None = None  # when what it is about happened or will, where that is known
    valid_from: datetime | None = None  # since when it holds, where that was said; else it was said_at
    valid_until: datetime | None = None  # until when; a fact of the past stays readable


class JobStatus(StrEnum):
    """The life of a job. DONE, FAILED and CANCELLED are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing will happen to the job any more."""
        return self in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class JobClass(StrEnum):
    """What kind of wait a job may cause: previews are looked at while typing, builds run overnight."""

    PREVIEW = "preview"
    INTERACTIVE = "interactive"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be stored. `payload` and `origin` are JSON texts that only their owners read."""

    kind: str  # "picture"
    person_id: str
    payload: str
    job_class: JobClass = JobClass.INTERACTIVE
    origin: str = "{}"  # where to deliver, as JSON of bot.messages.Origin
    surface: str = ""  # the surface that delivers it
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A stored job. `fence` grows with every claim; a worker's write with an older fence is refused."""

    id: str
    kind: str
    person_id: str
    payload: str
    job_class: JobClass
    origin: str
    surface: str
    status: JobStatus
    priority: int
    attempts: int
    fence: int
    progress: float  # 0..1
    stage: str  # "sketching the face": words for people
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    media_id: str | None = None
    error: str = ""  # a sentence for the person
    delivered_at: datetime | None = None
    cancel_requested: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a waiting person is told: place in line (0: it is being made), and seconds left, if known."""

    job: Job
    position: int
    seconds_left: float | None


class Framing(StrEnum):
    """How much of the character is in the picture."""

    CLOSE_UP = "close-up"
    MEDIUM = "medium"
    WIDE = "wide"


class TimeOfDay(StrEnum):
    """When it is in a picture; light follows."""

    DAWN = "dawn"
    MORNING = "morning"
    DAY = "day"
    GOLDEN_HOUR = "golden hour"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """The weather of an outdoor place (seen through the window indoors)."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    STORM = "storm"


@dataclass(frozen=True, slots=True)
class Shot:
    """One planned picture: everything but the face, which belongs to the character."""

    request: str = ""  # the person's words
    place: str = ""  # "jazz bar"; "" is a plain studio backdrop
    time_of_day: TimeOfDay | None = None
    weather: Weather | None = None
    light: str = ""  # extra words: "neon", "candlelight"
    expression: Expression = Expression.NEUTRAL
    framing: Framing = Framing.MEDIUM
    outfit: Outfit | None = None  # None: the character's own
    action: str = ""  # "playing the saxophone", "reading"
    props: tuple[str, ...] = ()
    scenery: bool = False  # nobody is in it: a place or a thing, e.g. for the reference library


class PicturePurpose(StrEnum):
    """Why a picture is made; it decides where it shows up."""

    SELFIE = "selfie"
    TAKE = "take"
    PREVIEW = "preview"
    CANON = "canon"


@dataclass(frozen=True, slots=True)
class PictureJob:
    """The payload of a picture job: enough to render it again, byte for byte."""

    purpose: PicturePurpose
    persona: Persona
    shot: Shot
    seed: int
    width: int = 1024  # pixels
    height: int = 1024  # pixels
    pipeline: str = "illustrator"
    character_id: str | None = None
    conversation_id: str | None = None
    draft_id: str | None = None


class ReferenceRole(StrEnum):
    """What a reference picture fixes, in the order in which references are stacked."""

    HEADSHOT = "headshot"
    ANGLE = "angle"
    EXPRESSION = "expression"
    OUTFIT = "outfit"
    LOCATION = "location"
    PROP = "prop"


class Verdict(StrEnum):
    """What a verifier says of the face in a picture. UNKNOWN is honest: no face, a tiny one, nobody to ask."""

    SAME = "same"
    NEAR = "near"  # close enough to be repaired
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Making:
    """How a picture of a model came to be; kept with it, and written into its file. Nothing personal is in it."""

    family: str  # "klein"
    precision: str = ""  # "bf16", "fp8"
    sampler: str = ""
    steps: int = 0
    guidance: float = 0.0
    references: tuple[str, ...] = ()  # SHA-256 of the reference pictures, in their order
    verdict: Verdict | None = None  # None: nothing was to be verified (no character in it)
    measure: str = ""  # what was measured: "face", "anime", "likeness"
    similarity: float | None = None
    takes: int = 1  # of how many takes it is the best
    repairs: tuple[str, ...] = ()  # "face", "restored", "swapped"
    enlarged: float = 1.0
    note: str = ""  # a sentence for the person, where something is to be said: it is not quite her


@dataclass(frozen=True, slots=True)
class Media:
    """A picture in the store: a file named by its content, and how it came to be."""

    id: str
    person_id: str | None  # None: shipped with the product
    character_id: str | None
    purpose: PicturePurpose
    sha256: str
    mime: str
    width: int
    height: int
    size: int  # bytes
    seed: int
    pipeline: str
    shot: Shot
    caption: str
    created_at: datetime
    job_id: str | None = None
    draft_id: str | None = None
    making: Making | None = None  # None: by the illustrator, or older than this


@dataclass(frozen=True, slots=True)
class Draft:
    """A wizard in progress: the step and the answers so far, saved after each answer."""

    id: str
    person_id: str
    step: str
    persona: Persona
    created_at: datetime
    updated_at: datetime
    takes: tuple[str, ...] = ()  # job ids of the takes offered last
    character_id: str | None = None  # set when an existing character is edited, or once published
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event of a messenger that is stored and not handled yet. `body` is JSON that only its owner reads."""

    surface: str
    event_id: str
    person_id: str
    body: str
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One of a messenger's messages, by our key for what it shows; a long text has several parts."""

    key: str
    part: int
    channel: str
    ref: str  # the messenger's own id
    done: bool  # False while it shows something unfinished
    digest: str = ""  # of what it shows, so that the same is not sent twice
    person_id: str = ""  # whom it is for
