"""Records of the engine → views of `bot/messages.py`: one wording for all surfaces. Called by commands and delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import (
    Button,
    Call,
    CharacterCard,
    FactView,
    MessageView,
    PictureView,
    Profile,
    ProgressView,
    Speaker,
)
from characters.character import Persona, StyleRegister, personality_traits
from engine.types import CharacterRecord, Fact, JobStatus, Media, Message, Role, Ticket

# How a style register is called on a character's page.
STYLES = {
    StyleRegister.PHOTOREAL: "photoreal, like a good photograph",
    StyleRegister.ANIME: "anime, clean lines and large eyes",
    StyleRegister.PAINTERLY: "painterly, with visible brush strokes",
    StyleRegister.THREE_D: "3D, like an animated film",
    StyleRegister.HYBRID: "hybrid, between drawing and photograph",
}
# Topics of /memory in the order in which they are shown.
TOPICS = ("you", "us", "together", "family", "pets", "work", "places", "likes", "health", "dates", "other")

# The heading over what holds no longer.
PAST = "no longer"


def card(record: CharacterRecord, person_id: str, last_talked_at: datetime | None = None) -> CharacterCard:
    """A character as a face in the catalog."""
    persona = record.persona
    return CharacterCard(
        id=record.id,
        slug=record.slug,
        name=persona.name,
        tagline=persona.tagline,
        picture_media_id=persona.references.headshot,
        style=persona.style.value,
        tags=persona.tags,
        mine=record.owner_id == person_id,
        last_talked_at=last_talked_at,
    )


def speaker(record: CharacterRecord) -> Speaker:
    """A character as the one who says something."""
    return Speaker(record.id, record.persona.name, record.persona.references.headshot)


def picture(media: Media, request: str = "", *, mine: bool = False) -> PictureView:
    """A finished picture with what one click can do about it; `mine`: its character is the person's own."""
    calls = [
        ("New outfit", Call("vary", {"media": media.id, "what": "outfit"})),
        ("New light", Call("vary", {"media": media.id, "what": "light"})),
        ("Same scene again", Call("vary", {"media": media.id, "what": "again"})),
        *([("Make it my primary", Call("primary", {"media": media.id}))] if mine else []),
        ("Delete", Call("delete_picture", {"media": media.id})),
    ]
    return PictureView(
        media_id=media.id,
        caption=media.caption,
        width=media.width,
        height=media.height,
        created_at=media.created_at,
        request=request or media.shot.request or media.shot.place,
        buttons=tuple(Button(label, call) for label, call in calls),
        note=media.making.note if media.making else "",
    )


def progress(ticket: Ticket, message: Message | None = None) -> ProgressView:
    """A picture under way, or why there is none."""
    job = ticket.job
    sentence = job.error
    if job.status is JobStatus.CANCELLED:
        sentence = "Cancelled. Ask again whenever you like."
    if job.status is JobStatus.DONE:
        sentence = "This picture was deleted."  # a finished job is shown only where its picture is not
    return ProgressView(
        job_id=job.id,
        status=job.status,
        progress=1.0 if job.status is JobStatus.DONE else job.progress,
        stage=job.stage,
        position=ticket.position,
        seconds_left=ticket.seconds_left,
        message_id=message.id if message else "",
        sentence=sentence,
        request=message.text if message else "",
    )


def message(
    line: Message,
    *,
    media: Media | None = None,
    ticket: Ticket | None = None,
    speaker: Speaker | None = None,
    mine: bool = False,
) -> MessageView:
    """A line of a conversation; a picture message shows its picture or its progress."""
    who = speaker if line.role is Role.CHARACTER else None
    if media is not None:
        shown = picture(media, line.text, mine=mine)
        return MessageView(line.id, line.role, "", line.created_at, picture=shown, speaker=who)
    if ticket is not None:
        waiting = progress(ticket, line)
        return MessageView(line.id, line.role, "", line.created_at, progress=waiting, speaker=who)
    return MessageView(line.id, line.role, line.text, line.created_at, speaker=who)


def lost_picture(line: Message) -> MessageView:
    """A picture message whose job's record is gone: it did not come out, long ago."""
    return MessageView(line.id, line.role, f"(no picture came of “{line.text}”)", line.created_at)


def topics(
    facts: Iterable[Fact], superseded: Sequence[Fact] = (), ended: Sequence[Fact] = ()
) -> tuple[tuple[str, tuple[FactView, ...]], ...]:
    """What a character knows, by topic, each fact with what it replaced; last what holds no longer."""
    replaced = {old.superseded_by: old.text for old in superseded if old.superseded_by}
    by_topic: dict[str, list[FactView]] = {}
    for fact in facts:
        former = replaced.get(fact.id, "")
        # Two accounts that became one may have known the same: then nothing was replaced.
        by_topic.setdefault(fact.topic, []).append(_fact(fact, "" if former == fact.text else former))
    order = {topic: number for number, topic in enumerate(TOPICS)}
    known = sorted(by_topic.items(), key=lambda item: order.get(item[0], len(TOPICS)))
    past = tuple(_ended(fact) for fact in ended)
    return (*((topic, tuple(views)) for topic, views in known), *([(PAST, past)] if past else []))


def _ended(fact: Fact) -> FactView:
    until = f" (until {fact.valid_until.day} {fact.valid_until:%B %Y})" if fact.valid_until else ""
    return replace(_fact(fact, ""), text=fact.text + until)


def _fact(fact: Fact, superseded_text: str) -> FactView:
    return FactView(
        fact.id, fact.text, fact.topic, fact.said_at, fact.source_text, fact.pinned, superseded_text
    )


def profile(
    record: CharacterRecord, person_id: str, gallery: Sequence[Media], last_talked_at: datetime | None = None
) -> Profile:
    """A character's own page."""
    persona = record.persona
    return Profile(
        card=card(record, person_id, last_talked_at),
        sections=(("Looks", _looks(persona)), ("Personality", _personality(persona))),
        backstory=persona.backstory,
        greeting=persona.greeting,
        gallery=tuple(picture(media, mine=record.owner_id == person_id) for media in gallery),
        version=record.version,
    )


def _looks(persona: Persona) -> tuple[tuple[str, str], ...]:
    looks = persona.appearance
    hair = ", ".join(part for part in (looks.hair.colour, looks.hair.length, looks.hair.style) if part)
    rows = (
        ("Age", str(looks.age)),
        ("Appears as", looks.presentation),
        ("Face", looks.face_shape),
        ("Features", looks.features),
        ("Hair", hair),
        ("Eyes", looks.eyes),
        ("Skin", looks.skin_tone),
        ("Build", looks.build),
        ("Distinctive", looks.distinctive),
        ("Usually wears", looks.outfit.description),
        ("Style", STYLES[persona.style]),
    )
    return tuple(row for row in rows if row[1])


def _personality(persona: Persona) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Traits", ", ".join(personality_traits(persona))),
        ("Quirk", persona.personality.quirk),
        ("Speaks", "; ".join(persona.personality.speech)),
        ("Voice", persona.voice.description),
        ("To you", persona.relationship),
    )
    return tuple(row for row in rows if row[1])
