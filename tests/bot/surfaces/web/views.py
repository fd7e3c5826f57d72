"""Views as the door would bring them: one of each kind, and the same with any text put into every field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.messages import (
    Advice,
    Button,
    Call,
    Catalog,
    CharacterCard,
    Chat,
    Choice,
    Confirm,
    DraftCard,
    FactView,
    FieldKind,
    Gallery,
    Help,
    HelpEntry,
    Memories,
    MessageView,
    PictureView,
    Profile,
    ProgressView,
    Take,
    Wizard,
    WizardField,
)
from engine.types import JobStatus, Role

NOW = datetime(2026, 11, 21, 18, 40, tzinfo=UTC)

PEOPLE = (
    ("maya", "Maya Okonkwo", "Night-shift radio host who collects other people's songs", True),
    ("tomas", "Tomás Reyes", "Retired cartographer, still redrawing the coast", False),
    ("ingrid", "Ingrid Solheim", "Mountain guide with a soft spot for bad puns", False),
    ("kenji", "Kenji Watanabe", "Jazz pianist who repairs watches by day", False),
    ("amara", "Amara Diallo", "Marine biologist, speaks to octopuses", False),
    ("lev", "Lev Petrov", "Stage magician between two disappearances", False),
    ("noor", "Noor Haddad", "Archivist of a library nobody can find twice", False),
    ("bea", "Bea Fontaine", "Pastry chef, fiercely competitive about croissants", False),
)


def card(index: int = 0, text: str = "") -> CharacterCard:
    slug, name, tagline, talked = PEOPLE[index]
    return CharacterCard(
        id=f"character-{index}",
        slug=slug,
        name=text or name,
        tagline=text or tagline,
        picture_media_id=f"face-{index}",
        style="painterly",
        tags=(text,) if text else ("music", "night owl", "warm"),
        mine=index == 0,
        last_talked_at=NOW - timedelta(hours=3) if talked else None,
    )


def catalog(text: str = "") -> Catalog:
    drafts = (DraftCard("draft-1", text or "Wren", text or "Hair and eyes", NOW - timedelta(minutes=9)),)
    return Catalog(tuple(card(index, text) for index in range(len(PEOPLE))), drafts)


def picture(index: int = 0, text: str = "") -> PictureView:
    requests = (
        "at a jazz bar",
        "on a rooftop at night",
        "hiking at sunrise",
        "in the library",
        "at the market",
    )
    request = text or requests[index % len(requests)]
    return PictureView(
        media_id=f"face-{index}",
        caption=text or f"Maya {request}, smiling, in a rust turtleneck",
        width=1024,
        height=1024,
        created_at=NOW - timedelta(days=index),
        request=request,
        buttons=tuple(
            Button(text or label, Call("vary", {"media": f"face-{index}", "what": text or what}))
            for label, what in (
                ("New outfit", "outfit"),
                ("New light", "light"),
                ("Same scene again", "again"),
            )
        ),
    )


def progress(text: str = "", status: JobStatus = JobStatus.RUNNING, done: float = 0.4) -> ProgressView:
    return ProgressView(
        job_id="job-1",
        status=status,
        progress=done,
        stage=text or "Painting the light",
        position=0,
        seconds_left=4.0,
        message_id="m-picture",
        sentence=text if status.final else "",
        request=text or "at a jazz bar",
    )


def line(name: str, role: Role, text: str, minutes: int = 0) -> MessageView:
    return MessageView(name, role, text, NOW + timedelta(minutes=minutes))


def chat(text: str = "", *, unanswered: str = "", pending: bool = False) -> Chat:
    lines = [
        line("m-0", Role.NOTICE, text or "Maya is an AI character. Nothing she says is a real person's."),
        line(
            "m-1",
            Role.CHARACTER,
            text or "Oh, you're up late. I was just looking for a song about rain. Any ideas?",
        ),
        line(
            "m-2",
            Role.PERSON,
            text or "Maybe something by Bill Evans? My dog is called Biscuit, he only sleeps to jazz.",
            1,
        ),
        line(
            "m-3",
            Role.CHARACTER,
            text or "Biscuit has taste, then.\n\nPeace Piece, the long one. I'll put it on for him at two.",
            2,
        ),
        line("m-4", Role.PERSON, text or "/selfie at a jazz bar", 3),
    ]
    shown = progress(text) if pending else None
    finished = None if pending else picture(0, text)
    lines.append(MessageView("m-picture", Role.CHARACTER, "", NOW + timedelta(minutes=4), finished, shown))
    return Chat("conversation-1", card(0, text), tuple(lines), text or "Storyteller (built in)", unanswered)


def profile(text: str = "") -> Profile:
    rows = (
        ("Traits", text or "curious, unhurried, dry, loyal"),
        ("Tension", text or "needs company, cannot stand small talk"),
    )
    looks = (
        ("Hair", text or "copper, shoulder-length, loose waves"),
        ("Eyes", text or "hazel, almond-shaped"),
    )
    return Profile(
        card(0, text),
        ((text or "Personality", rows), (text or "Looks", looks)),
        text
        or "Maya grew up above her aunt's record shop in Enugu.\n\nShe has hosted the two-to-five shift for nine years.",
        text or "Oh, you're up late. Stay a while?",
        tuple(picture(index, text) for index in range(4)),
        3,
    )


def gallery(text: str = "") -> Gallery:
    return Gallery(
        text or "Pictures of Maya", card(0, text), tuple(picture(index, text) for index in range(8))
    )


def fact(name: str, text: str, topic: str, said: str, *, pinned: bool = False, before: str = "") -> FactView:
    return FactView(name, text, topic, NOW - timedelta(days=3), said, pinned, before)


def memories(text: str = "", query: str = "") -> Memories:
    dog = fact(
        "fact-1",
        text or "Your dog is called Biscuit.",
        text or "pets",
        text or "My dog is called Biscuit",
        pinned=True,
    )
    city = fact(
        "fact-2",
        text or "You live in Porto.",
        "places",
        text or "I moved to Porto",
        before=text or "You live in Lisbon.",
    )
    taste = fact("fact-3", text or "You like Bill Evans.", "likes", text or "Maybe something by Bill Evans?")
    topics = ((text or "pets", (dog,)), ("places", (city,)), ("likes", (taste,)))
    return Memories(card(0, text), topics, query)


def help_view(text: str = "") -> Help:
    entries = (
        HelpEntry(
            "selfie",
            text or "Ask for a picture in a scene",
            text or "/selfie at a jazz bar",
            (("scene", text or "where"), ("character", "who")),
        ),
        HelpEntry("characters", "Show all faces", "/characters", (("query", "a name"),)),
        HelpEntry("talk", "Talk with somebody", "/talk maya", (("character", "who"),)),
        HelpEntry(
            "memory",
            "What is remembered about you",
            "/memory dog",
            (("character", "who"), ("query", "about what")),
        ),
        HelpEntry(
            "forget",
            "Forget something",
            "/forget my dog",
            (("character", "who"), ("what", "what"), ("fact", "id"), ("confirm", "sure")),
        ),
        HelpEntry("reset", "Start over", "/reset", (("character", "who"), ("confirm", "sure"))),
        HelpEntry("cancel", "Cancel a picture", "/cancel", (("job", "which"),)),
        HelpEntry("gallery", "Pictures", "/gallery", (("character", "who"),)),
        HelpEntry("privacy", "What is kept", "/privacy"),
        HelpEntry("export", "Your data as one file", "/export"),
        HelpEntry("help", "All commands", "/help"),
    )
    return Help(entries)


def confirm(text: str = "") -> Confirm:
    call = Call("forget", {"character": "maya", "fact": text or "fact-1", "confirm": True})
    return Confirm(text or "Forget that your dog is called Biscuit?", Button(text or "Forget it", call))


HAIR = (
    ("copper", "Copper", "#b4552d"),
    ("black", "Black", "#1d1a1c"),
    ("silver", "Silver", "#b9bcc2"),
    ("honey blonde", "Honey blonde", "#cf9f55"),
    ("chestnut", "Chestnut", "#6b3b25"),
    ("teal", "Teal", "#21767c"),
)
STEPS = (
    ("start", "Start"),
    ("identity", "Name"),
    ("hair", "Hair and eyes"),
    ("body", "Face and build"),
    ("personality", "Personality"),
    ("story", "Story"),
    ("takes", "Picture"),
)
ARCHETYPES = (
    ("artist", "Artist", "Sees first, speaks later"), ("mentor", "Mentor", "Has been there and wrote it down"),
    ("friend", "Best friend", "Knows your coffee order"), ("custom", "From nothing", "No defaults at all"),
)  # fmt: skip


def wizard_fields(step: str, text: str = "") -> tuple[WizardField, ...]:
    swatches = tuple(
        Choice(text or value, text or label, text, swatch=text or tone) for value, label, tone in HAIR
    )
    kinds = tuple(Choice(text or value, text or label, text or words) for value, label, words in ARCHETYPES)
    help_text, example = (
        text or "How the light would find it.",
        text or "copper, shoulder-length waves, slight side parting",
    )
    match step:
        case "start":
            return (
                WizardField(
                    "archetype",
                    text or "Who do you have in mind?",
                    FieldKind.CHOICE,
                    text or "artist",
                    text,
                    choices=kinds,
                ),
            )
        case "identity":
            return (
                WizardField("name", text or "Name", FieldKind.LINE, text or "Wren", max_length=60),
                WizardField(
                    "age", text or "Age", FieldKind.NUMBER, text or "34", text or "An adult: 18 or older."
                ),
            )
        case "hair":
            return (
                WizardField(
                    "hair_colour",
                    text or "Hair colour",
                    FieldKind.SUGGEST,
                    text or "copper",
                    help_text,
                    example,
                    swatches,
                ),
                WizardField(
                    "hair_style", text or "Hair style", FieldKind.LINE, text or "red hair", text, example
                ),
                WizardField(
                    "eyes",
                    text or "Eyes",
                    FieldKind.LINE,
                    text,
                    text or "Colour and shape.",
                    example,
                    required=False,
                ),
            )
        case "personality":
            return (
                WizardField(
                    "traits", text or "Traits", FieldKind.LINES, text or "curious\nunhurried", help_text
                ),
                WizardField("quirk", text or "Quirk", FieldKind.LINE, text or "hums when concentrating"),
            )
        case "story":
            return (
                WizardField(
                    "backstory",
                    text or "Backstory",
                    FieldKind.PARAGRAPH,
                    text or "Born above a record shop.",
                    max_length=1800,
                ),
            )
        case _:
            return ()


def advice(text: str = "", *, blocking: bool = False) -> tuple[Advice, ...]:
    return (
        Advice("hair_style", text or "“Red hair” could be anyone. Say which red, how long, and how it falls.",
               text or "copper, shoulder-length loose waves, slight side parting", blocking),
        Advice("eyes", text or "Colour and shape make eyes somebody's own.", text or "hazel, almond-shaped"),
    )  # fmt: skip


def wizard(step: str = "hair", text: str = "", **changes: object) -> Wizard:
    index = next(number for number, (name, _) in enumerate(STEPS) if name == step)
    values: dict[str, object] = {
        "draft_id": "draft-1",
        "step": step,
        "title": text or STEPS[index][1],
        "intro": text or "Words become a face: the more of their own they are, the more it is theirs.",
        "index": index,
        "total": len(STEPS),
        "steps": tuple((name, text or title, number < index) for number, (name, title) in enumerate(STEPS)),
        "fields": wizard_fields(step, text),
        "advice": advice(text) if step == "hair" else (),
        "takes": takes(text) if step == "takes" else (),
        "portrait": text or "p1",
        "problems": (text or "Choose a take as the canonical picture.",) if step == "takes" else (),
    }
    return Wizard(**{**values, **changes})  # type: ignore[arg-type]


def takes(text: str = "") -> tuple[Take, ...]:
    return (
        Take("job-a", "face-2", chosen=True),
        Take("job-b", "face-3"),
        Take("job-c", "", progress(text, done=0.7)),
    )
