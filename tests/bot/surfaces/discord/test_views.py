"""Everything that Discord shows: within its limits whatever is in it, and with controls that do what they say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.messages import (
    Button,
    Call,
    Catalog,
    CharacterCard,
    Document,
    DraftCard,
    FactView,
    Gallery,
    HelpEntry,
    Memories,
    MessageView,
    Outbound,
    PictureView,
    ProgressView,
    Replied,
    Speaker,
    Started,
    Text,
    Tone,
)
from bot.surfaces.discord.custom_id import AUTO
from bot.surfaces.discord.forms import Click, OpenModal, open_modal, read_click, read_modal
from bot.surfaces.discord.layout import DANGER
from bot.surfaces.discord.views import Views, opening
from engine.images.provenance import mark
from engine.types import JobStatus, Role
from tests.bot.surfaces.discord.rules import check_modal, check_post
from tests.bot.surfaces.discord.shown import KeptCalls, StillPictures, button, chosen, pieces, words
from tests.bot.surfaces.web import views as examples

PERSON = "0190b8a0-0000-7000-8000-000000000001"
NOW = datetime(2026, 11, 21, 18, 40, tzinfo=UTC)
NASTY = (
    "@everyone **bold** `x` ```",
    "# heading\n- list\n> quote\n1. one",
    "[link](https://example.org) <@123> <t:1:R> ||spoiler||",
    "\u202eright to left\u202c مرحبا بالعالم",
    "👩‍👩‍👧‍👦" * 60,
    "word " * 1200,
    "\u200b",
    " ",
    "",
)
some_words = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> StillPictures:
    path = tmp_path_factory.mktemp("pictures") / "face.png"
    plain = io.BytesIO()
    Image.new("RGBA", (640, 640), "#884422").save(plain, "PNG")
    path.write_bytes(mark(plain.getvalue(), pipeline="illustrator", seed=1, character_id=None))
    return StillPictures(path)


@pytest.fixture
def calls() -> KeptCalls:
    return KeptCalls()


@pytest.fixture
def views(face: StillPictures, calls: KeptCalls) -> Views:
    return Views(face, calls)


def card(number: int, text: str = "") -> CharacterCard:
    return CharacterCard(f"c-{number}", f"slug{number}", text or f"Noor {number} Haddad", text or "Archivist", f"face-{number}", "anime")  # fmt: skip


def picture(number: int, text: str = "") -> PictureView:
    buttons = tuple(
        Button(label, Call("vary", {"media": f"m-{number}", "what": what}))
        for label, what in (("New outfit", "outfit"), ("New light", "light"), ("Same scene again", "again"))
    )
    gone = Button("Delete", Call("delete_picture", {"media": f"m-{number}"}))
    return PictureView(f"m-{number}", text or "Noor at a jazz bar", 640, 640, NOW, text or "at a jazz bar", (*buttons, gone))  # fmt: skip


def fact(number: int, text: str = "", *, pinned: bool = False) -> FactView:
    return FactView(
        f"f-{number}", text or f"You like song {number}.", text or "likes", NOW, text or "I like it", pinned
    )


def facts(count: int, text: str = "") -> Memories:
    return Memories(card(0, text), (("pets", tuple(fact(number, text) for number in range(count))),))


def picture_line(view: PictureView | None = None, progress: ProgressView | None = None) -> Replied:
    speaker = Speaker("c-0", "Noor Haddad", "face-0")
    return Replied(MessageView("line", Role.CHARACTER, "", NOW, view, progress, speaker))


def every_view(text: str, count: int) -> list[Outbound]:
    """One of each kind, with the same words everywhere and as much of it as there may be."""
    cards = tuple(card(number, text) for number in range(count))
    drafts = tuple(DraftCard(f"d-{number}", text, text or "Name", NOW) for number in range(count))
    pictures = tuple(picture(number, text) for number in range(count))
    entry = HelpEntry("selfie", text or "A picture", text or "/selfie")
    return [
        Text(text, Tone.INFO),
        Text(text, Tone.ERROR),
        Text(text, Tone.NOTICE),
        Catalog(cards, drafts),
        Catalog(cards, then_say=text),
        examples.profile(text),
        examples.chat(text),
        Gallery(text, None, pictures),
        Gallery(text, card(0, text), pictures),
        facts(count, text),
        replace(facts(count, text), query=text),
        picture_line(picture(0, text)),
        picture_line(progress=examples.progress(text)),
        picture_line(progress=examples.progress(text, JobStatus.FAILED)),
        Replied(MessageView("n", Role.NOTICE, text, NOW)),
        Replied(MessageView("n", Role.CHARACTER, text, NOW, speaker=Speaker("c", text or "N", "face"))),
        examples.progress(text),
        Document(text or "export.zip", "application/zip", b"zip"),
        examples.confirm(text),
        replace(examples.help_view(text), commands=(entry,) * count or (entry,)),
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=some_words,
    count=st.sampled_from((0, 1, 5, 13, 200, 300)),
    page=st.integers(-1, 60),
    shared=st.booleans(),
    signed=st.booleans(),
)  # fmt: skip
async def test_discord_takes_every_view(
    views: Views, text: str, count: int, page: int, shared: bool, signed: bool
) -> None:
    for outbound in every_view(text, count):
        check_post(
            await views.post(outbound, person_id=PERSON, shared=shared, signed=signed, page=page, item="m-3")
        )


async def test_pictures_that_are_gone_leave_a_message_that_discord_takes(
    face: StillPictures, calls: KeptCalls
) -> None:
    everything = [f"{kind}-{number}" for kind in ("face", "m") for number in range(20)]
    views = Views(StillPictures(face.path, everything), calls)
    for outbound in every_view("", 12):
        check_post(await views.post(outbound, person_id=PERSON))


async def test_a_reply_that_is_still_coming_is_no_view(views: Views) -> None:
    line = MessageView("m", Role.PERSON, "hello", NOW)
    with pytest.raises(TypeError):
        await views.post(Started(line, "r"), person_id=PERSON)


# ---------------------------------------------------------------- characters


async def test_the_catalog_shows_everybody_once_over_its_pages(views: Views, calls: KeptCalls) -> None:
    view = Catalog(tuple(card(number) for number in range(14)))
    post = await views.post(view, person_id=PERSON)
    met: list[str] = []
    for _ in range(3):
        for piece in pieces(post, 2):
            click = await read_click({"custom_id": piece["custom_id"]}, calls)
            assert isinstance(click, Click)
            if click.call.name == "talk":
                met.append(str(click.call.options["character"]))
        after = await read_click(button(post, "Next"), calls)
        assert isinstance(after, Click)
        assert after.call == Call("characters")
        post = await views.post(view, person_id=PERSON, page=after.page)
    assert met == [f"c-{number}" for number in range(14)]


async def test_words_that_wait_are_said_to_whoever_is_chosen(views: Views, calls: KeptCalls) -> None:
    words_ = "Hello, is anybody here? " * 20
    view = Catalog(tuple(card(number) for number in range(40)), then_say=words_)
    post = await views.post(view, person_id=PERSON)
    first = await read_click(button(post, "Say it to Noor"), calls)
    other = await read_click(chosen(post, "Or someone else", "Noor 31"), calls)
    assert first == Click(Call("talk", {"character": "c-0", "say": words_}))
    assert other == Click(Call("talk", {"say": words_, "character": "c-31"}))


async def test_a_draft_is_carried_on_from_the_catalog(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.catalog(), person_id=PERSON)
    click = await read_click(chosen(post, "Carry on", "Wren"), calls)
    assert click == Click(Call("create", {"draft": "draft-1"}))


async def test_a_picture_is_asked_for_from_a_characters_page(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.profile(), person_id=PERSON)
    opens = await read_click(button(post, "Ask for a picture"), calls)
    assert isinstance(opens, OpenModal)
    assert opens.ask is None
    modal = await open_modal(opens, None, PERSON, calls)
    check_modal(modal)
    answer = {"custom_id": "scene", "type": 4, "value": "at a jazz bar"}
    sent = {"custom_id": modal["custom_id"], "components": [{"type": 18, "component": answer}]}
    click = await read_modal(sent, calls)
    assert click.call == Call("selfie", {"character": "character-0", "scene": "at a jazz bar"})


async def test_a_conversation_that_begins_is_shown_by_its_own_lines(views: Views) -> None:
    going_on = examples.chat()
    begun = replace(going_on, messages=going_on.messages[:2])
    assert opening(begun) == begun.messages
    assert opening(going_on) == ()
    assert "Peace Piece" in words(await views.post(going_on, person_id=PERSON))
    assert "Just write" in words(await views.post(begun, person_id=PERSON))
    assert "Mention me" in words(await views.post(begun, person_id=PERSON, shared=True))


# ---------------------------------------------------------------- pictures


async def test_the_buttons_under_a_picture_carry_their_commands(views: Views, calls: KeptCalls) -> None:
    post = await views.post(picture_line(picture(7)), person_id=PERSON)
    assert await read_click(button(post, "New light"), calls) == Click(
        Call("vary", {"media": "m-7", "what": "light"})
    )
    assert await read_click(button(post, "Delete"), calls) == Click(Call("delete_picture", {"media": "m-7"}))


async def test_name_and_face_stand_in_the_message_unless_a_webhook_speaks(views: Views) -> None:
    by_bot = await views.post(picture_line(picture(0)), person_id=PERSON, shared=True)
    by_webhook = await views.post(picture_line(picture(0)), person_id=PERSON, shared=True, signed=False)
    assert "**Noor Haddad**" in words(by_bot)
    assert "Noor Haddad" not in words(by_webhook)
    assert len(by_bot.files) == 2
    assert len(by_webhook.files) == 1


async def test_a_picture_is_sent_whole_and_a_face_small_but_marked(views: Views) -> None:
    post = await views.post(picture_line(picture(0)), person_id=PERSON)
    small, whole = (Image.open(io.BytesIO(file.content)) for file in post.files)
    assert small.size == (192, 192)
    assert whole.size == (640, 640)
    assert b"algorithmicMedia" in small.info["xmp"]
    assert len(post.files[0].content) < 10_000


async def test_a_face_that_was_replaced_is_shown_anew(calls: KeptCalls, tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    views = Views(StillPictures(path), calls)
    shown = []
    for colour in ("#884422", "#224488", "#224488"):
        Image.new("RGB", (300, 200), colour).save(path)
        post = await views.post(Catalog((card(0),)), person_id=PERSON)
        shown.append(post.files[0].content)
    assert shown[0] != shown[1]
    assert shown[1] == shown[2]


async def test_progress_says_where_it_is_and_can_be_cancelled(views: Views, calls: KeptCalls) -> None:
    running = picture_line(progress=examples.progress())
    post = await views.post(running, person_id=PERSON)
    assert "40 %" in words(post)
    assert "Painting the light · about 4 s left" in words(post)
    assert await read_click(button(post, "Cancel"), calls) == Click(Call("cancel", {"job": "job-1"}))
    waiting = picture_line(progress=replace(examples.progress(), position=3, status=JobStatus.QUEUED))
    assert "2 pictures before this one" in words(await views.post(waiting, person_id=PERSON))
    failed = picture_line(progress=replace(examples.progress(), status=JobStatus.FAILED, sentence="No luck."))
    over = await views.post(failed, person_id=PERSON)
    assert "No luck." in words(over)
    assert not pieces(over, 2)


async def test_a_gallery_opens_one_picture_and_leads_back_to_its_page(views: Views, calls: KeptCalls) -> None:
    view = Gallery("Pictures of Noor", card(0), tuple(picture(number) for number in range(30)))
    third = await views.post(view, person_id=PERSON, page=2)
    assert "30 pictures" in words(third)
    click = await read_click(chosen(third, "Open one", "20 ·"), calls)
    assert click == Click(Call("gallery", {"character": "c-0"}), page=2, item="m-19")
    assert isinstance(click, Click)
    one = await views.post(view, person_id=PERSON, page=click.page, item=click.item)
    assert await read_click(button(one, "New outfit"), calls) == Click(
        Call("vary", {"media": "m-19", "what": "outfit"})
    )
    assert await read_click(button(one, "All pictures"), calls) == Click(
        Call("gallery", {"character": "c-0"}), page=2
    )


async def test_a_picture_that_cannot_be_posted_waits_behind_a_button(views: Views, calls: KeptCalls) -> None:
    one = replace(picture(0), media_id="0190b8a0-0000-7000-8000-000000000009")
    post = await views.ready(one, PERSON)
    check_post(post)
    assert await read_click(button(post, "Show picture"), calls) == Click(Call("gallery"), item=one.media_id)


# ---------------------------------------------------------------- memories, and the system's words


async def test_memories_show_their_source_and_can_be_forgotten(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.memories(), person_id=PERSON)
    assert "📌 Your dog is called Biscuit.\n-# you said “My dog is called Biscuit” · <t:" in words(post)
    assert "before: You live in Lisbon." in words(post)
    forget = await read_click(chosen(post, "Forget one", "You live in Porto"), calls)
    assert forget == Click(Call("forget", {"character": "character-0", "fact": "fact-2"}), page=0)
    pin = await read_click(chosen(post, "Always remember", "You like Bill"), calls)
    assert pin == Click(Call("pin", {"character": "character-0", "fact": "fact-3"}), page=0)
    correct = await read_click(chosen(post, "Correct one", "You live in Porto"), calls)
    about = Call("remember", {"character": "character-0", "fact": "fact-2"})
    assert correct == OpenModal(about, ("what",), page=0)
    tell = await read_click(button(post, "Remember …"), calls)
    assert isinstance(tell, OpenModal) and tell.call == Call("remember", {"character": "character-0"})


async def test_all_memories_are_on_some_page(views: Views) -> None:
    view = facts(300)
    shown = [words(await views.post(view, person_id=PERSON, page=page)) for page in range(38)]
    for number in range(300):
        assert sum(f"You like song {number}.\n" in page for page in shown) == 1


async def test_a_page_of_found_memories_stays_a_page_of_what_was_found(
    views: Views, calls: KeptCalls
) -> None:
    post = await views.post(replace(facts(30), query="song"), person_id=PERSON)
    after = await read_click(button(post, "Next"), calls)
    assert after == Click(Call("memory", {"character": "c-0", "query": "song"}), page=1)


async def test_a_confirmation_is_a_red_button_and_nothing_else(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.confirm(), person_id=PERSON)
    (only,) = pieces(post, 2)
    assert only["style"] == DANGER
    click = await read_click({"custom_id": only["custom_id"]}, calls)
    assert isinstance(click, Click)
    assert click.call.name == "forget"
    assert click.page == AUTO


async def test_notices_errors_and_answers_look_different(views: Views) -> None:
    posts = [await views.post(Text("Words.", tone), person_id=PERSON) for tone in Tone]
    colours = {post.components[0]["accent_color"] for post in posts}
    assert len(colours) == len(Tone)
    notice = await views.post(Replied(MessageView("n", Role.NOTICE, "An AI speaks.", NOW)), person_id=PERSON)
    assert "not from a character" in words(notice)


async def test_a_document_is_a_file_to_download(views: Views) -> None:
    document = Document("selfsame export 1.zip", "application/zip", b"PK")
    post = await views.post(document, person_id=PERSON)
    check_post(post)
    assert post.files[0].content == b"PK"
    assert pieces(post, 13)[0]["file"]["url"] == f"attachment://{post.files[0].filename}"


async def test_the_help_has_every_command_once(views: Views) -> None:
    view = examples.help_view()
    shown = words(await views.post(view, person_id=PERSON))
    for entry in view.commands:
        assert shown.count(f"`{entry.usage}`") == 1
