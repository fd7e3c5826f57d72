"""Every view as a post that Telegram takes: whatever words it holds, within all limits, with buttons that come back."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.messages import (
    Call,
    Catalog,
    Document,
    Gallery,
    Memories,
    MessageView,
    Outbound,
    Replied,
    Speaker,
    Text,
    Tone,
)
from bot.surfaces.render import utf16
from bot.surfaces.telegram.html import bold, fitted, said, shorten, words_of
from bot.surfaces.telegram.keys import dot
from bot.surfaces.telegram.post import DISMISS, Key, Post, read_data, write_data
from bot.surfaces.telegram.views import Views
from engine.errors import NotFoundError
from engine.types import JobStatus, Role
from tests.bot.surfaces.web import views as samples
from tests.loopback.telegram.parse_html import parse_html

PERSON = "01890000-0000-7000-8000-000000000001"


@dataclass
class FakePictures:
    """Every picture is there, but those named."""

    gone: frozenset[str] = frozenset()
    portraits: list[str] = field(default_factory=list)
    folder: Path | None = None  # where they really are

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        if media_id in self.gone:
            raise NotFoundError
        if self.folder is None:
            return f"/data/{media_id}.png", "image/png"
        path = self.folder / f"{media_id}.png"
        if not path.exists():
            Image.new("RGB", (90, 60), "navy").save(path)
        return str(path), "image/png"

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        self.portraits.append(draft_id)
        return f"/data/portrait-{draft_id}.png", "image/png"


@dataclass
class FakeCalls:
    """The store's tokens."""

    kept: dict[str, Call] = field(default_factory=dict)

    async def keep(self, person_id: str, call: Call) -> str:
        token = f"{len(self.kept):024}"
        self.kept[token] = call
        return token

    async def recall(self, token: str) -> Call:
        return self.kept[token]


async def show(outbound: Outbound, look: str = "", *, gone: str = "", folder: Path | None = None) -> Post:
    views = Views(FakePictures(frozenset({gone} if gone else ()), folder=folder))
    return await views.post(outbound, person_id=PERSON, look=look)


async def check(post: Post) -> None:
    """What Telegram and a phone demand of a message."""
    text, _ = parse_html(post.html)
    assert _bare(text) == _bare(post.plain)
    assert 0 < utf16(text) <= (1024 if post.picture or post.document else 4096)
    assert utf16(post.plain) <= (1024 if post.picture or post.document else 4096)
    assert len(post.album) <= 10
    assert all(utf16(caption) <= 1024 for _, caption in post.album)
    assert utf16(post.force_reply) <= 64
    assert sum(map(len, post.keyboard)) <= 100
    calls = FakeCalls()
    for row in post.keyboard:
        assert 1 <= len(row) <= (5 if all(re.fullmatch(r"\d+( ✅)?", key.label) for key in row) else 3), row
        for key in row:
            assert 0 < len(key.label) <= 48
            data = await write_data(key, PERSON, calls)
            assert len(data.encode()) <= 64
            assert (
                data == DISMISS if key.call is None else await read_data(data, calls) == (key.call, key.look)
            )


def _bare(text: str) -> str:
    """Quotations are framed by Telegram, and by quotation marks where it cannot."""
    return re.sub(r"[“”\s]", "", text)


def labels(post: Post) -> list[str]:
    return [key.label for row in post.keyboard for key in row]


def key_of(post: Post, label: str) -> Key:
    return next(key for row in post.keyboard for key in row if label in key.label)


WORDS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="<>&\"'*_`|[]()~#\\ \n😀é", max_size=120),
    st.integers(1, 3).map(lambda number: "Long words & <tags> *again* " * 80 * number),
    st.just("😀" * 1500),
)
LOOKS = st.one_of(st.just(""), st.from_regex(r"[a-z][0-9]{0,2}(p[0-9])?", fullmatch=True))


def every_view(text: str) -> list[Outbound]:
    made = samples
    speaker = Speaker("character-0", text or "Maya", "face-0")
    line = MessageView("m", Role.CHARACTER, text, made.NOW, speaker=speaker)
    return [
        Text(text or "Done."),
        Text(text or "No.", Tone.ERROR),
        Text(text or "An AI.", Tone.NOTICE),
        made.catalog(text),
        replace(made.catalog(text), then_say=text),
        made.profile(text),
        made.chat(text),
        made.gallery(text),
        made.memories(text),
        made.memories(text, query=text),
        made.help_view(text),
        made.confirm(text),
        made.progress(text),
        Document("export.zip", "application/zip", b"PK"),
        Replied(replace(line, text="", picture=made.picture(0, text))),
        *(Replied(replace(line, text="", progress=made.progress(text, status))) for status in JobStatus),
        *([Replied(line), Replied(replace(line, role=Role.NOTICE))] if text.strip() else []),
        *(made.wizard(step, text) for step, _ in made.STEPS),
    ]


@settings(max_examples=60, deadline=None)
@given(WORDS, LOOKS)
def test_any_words_in_any_view_are_taken_by_telegram(text: str, look: str) -> None:
    # A text that has nothing to be seen in it is no text; commands refuse it.
    text = text if re.search(r"\w", text) else ""

    async def all_views() -> None:
        for outbound in every_view(text):
            await check(await show(outbound, look))

    asyncio.run(all_views())


@given(WORDS)
def test_any_words_become_html_that_says_the_same(text: str) -> None:
    words = words_of(text)
    shown, _ = parse_html(words.html)
    assert shown == words.plain
    assert (
        re.sub(r"[*`|]", "", words.plain) == re.sub(r"[*`|\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
        or "```" in text
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*smiles* Hello **you**.", "<i>smiles</i> Hello <b>you</b>."),
        ("*she says **no** softly*", "<i>she says <b>no</b> softly</i>"),
        ("2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a*b*c"),
        ("**open", "**open"),
        ("*open and <b>bold</b>", "*open and &lt;b&gt;bold&lt;/b&gt;"),
        ("||the butler|| did `x < 1`", "<tg-spoiler>the butler</tg-spoiler> did <code>x &lt; 1</code>"),
        ("```py\nx = *1*\n```", "<pre>x = *1*\n</pre>"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
    ],
)
def test_a_characters_markdown(text: str, html: str) -> None:
    assert words_of(text).html == html


def test_words_are_cut_between_blocks_and_never_in_a_tag() -> None:
    words = fitted([bold("a" * 50), said("b" * 50), said("c" * 50)], 110)
    assert words.html == f"<b>{'a' * 50}</b>\n\n{'b' * 50}\n\n…"


@given(st.text(max_size=200), st.integers(2, 60))
def test_shortening_keeps_the_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert utf16(short) <= limit
    assert text.strip().startswith(short.removesuffix("…"))


def test_colours_as_dots() -> None:
    assert [dot(one) for one in ("#b4552d", "#1d1a1c", "#21767c", "nothing", "")] == [
        "🟠",
        "⚫",
        "🟢",
        "",
        "",
    ]


# ---------------------------------------------------------------- one by one


async def test_the_catalog_is_one_picture_with_a_button_for_each_face(tmp_path: Path) -> None:
    post = await show(samples.catalog(), folder=tmp_path)
    await check(post)
    assert Image.open(io.BytesIO(post.drawn)).size[0] == 1280
    assert not post.album
    second = await show(samples.catalog(), key_of(post, "More").look, folder=tmp_path)
    assert key_of(second, "7 · Noor").call == Call("talk", {"character": "character-6"})
    assert second.drawn not in (b"", post.drawn)
    assert key_of(post, "Go on with Wren").call == Call("create", {"draft": "draft-1"})


async def test_a_catalog_without_pictures_is_words(tmp_path: Path) -> None:
    post = await show(samples.catalog())
    assert (post.picture, "1 · Maya Okonkwo" in post.plain) == (b"", True)


async def test_words_that_wait_are_behind_every_face(tmp_path: Path) -> None:
    post = await show(replace(samples.catalog(), then_say="Is it raining?"), folder=tmp_path)
    await check(post)
    assert key_of(post, "Noor").call == Call("talk", {"character": "character-6", "say": "Is it raining?"})
    assert "Is it raining?" in post.plain
    assert post.drawn
    assert "More ›" not in labels(post)


async def test_all_of_a_page_fits_under_its_picture(tmp_path: Path) -> None:
    """Names and taglines as long as they may be do not push each other out."""
    wordy = [
        replace(samples.card(), id=f"c{at}", name=f"{at} {'Long name ' * 9}", tagline="A long tagline, " * 12)
        for at in range(6)
    ]
    post = await show(Catalog(tuple(wordy)), folder=tmp_path)
    assert all(f"{at + 1} · {at} Long name" in post.plain for at in range(6))
    await check(post)


async def test_a_long_catalog_has_pages() -> None:
    many = Catalog(
        tuple(replace(samples.card(), id=f"c{number}", name=f"Nr {number}") for number in range(23))
    )
    first = await show(many)
    more = key_of(first, "More")
    second = await show(many, more.look)
    assert (more.call, "Nr 5" in first.plain, "Nr 6" in first.plain) == (Call("characters"), True, False)
    assert "(1 of 4)" in first.plain
    assert "7 · Nr 6" in second.plain
    assert "More ›" not in labels(await show(many, "p3"))


async def test_a_memory_shows_its_source_and_asks_before_it_goes() -> None:
    view = samples.memories()
    post = await show(view)
    assert (
        "1. 📌 Your dog is called Biscuit.\nyou said “My dog is called Biscuit”, 18 November 2026"
        in post.plain
    )
    assert "before: You live in Lisbon." in post.plain
    assert key_of(post, "Unpin 1").call == Call("pin", {"fact": "fact-1"})
    forget = key_of(post, "Forget 2")
    sure = await show(view, forget.look)
    assert forget.call == Call("memory", {"character": "character-0"})
    assert "You live in Porto." in sure.plain
    assert key_of(sure, "Yes").call == Call("forget", {"character": "character-0", "fact": "fact-2"})


async def test_a_memory_is_corrected_by_an_answer() -> None:
    view = samples.memories()
    asked = await show(view, key_of(await show(view), "Correct 2").look)
    assert "You live in Porto." in asked.plain and asked.force_reply
    assert asked.expects == Call("remember", {"character": "character-0", "fact": "fact-2"})
    assert asked.option == "what"


async def test_memories_are_numbered_on_over_pages() -> None:
    facts = tuple(samples.fact(f"fact-{number}", f"Fact {number}.", "you", "Words") for number in range(14))
    view = Memories(samples.card(), (("you", facts),))
    second = await show(view, key_of(await show(view), "More").look)
    assert "7. Fact 6." in second.plain
    assert key_of(second, "Pin 7").look == "p1"


async def test_what_is_known_from_a_group_has_no_buttons_that_would_act_elsewhere() -> None:
    facts = tuple(samples.fact(f"fact-{number}", f"Fact {number}.", "you", "Words") for number in range(14))
    views = Views(FakePictures())
    view = Memories(samples.card(), (("you", facts),))
    post = await views.post(view, person_id=PERSON, from_group=True)
    await check(post)
    assert (post.keyboard, "10. Fact 9." in post.plain, "11." in post.plain) == ((), True, False)
    assert "And 4 more. This is from the group" in post.plain
    nothing = await views.post(Memories(samples.card(), ()), person_id=PERSON, from_group=True)
    assert "Nothing yet" in nothing.plain
    assert "/forget" not in nothing.plain


async def test_nothing_remembered_yet_is_said() -> None:
    post = await show(Memories(samples.card(), ()))
    assert "Nothing yet. Tell Maya" in post.plain


async def test_a_gallery_leads_to_each_picture_and_back(tmp_path: Path) -> None:
    view = samples.gallery()
    post = await show(view, folder=tmp_path)
    assert post.drawn
    one = await show(view, key_of(post, "3").look, folder=tmp_path)
    assert one.photo == str(tmp_path / "face-2.png")
    assert labels(one) == ["👗 New outfit", "💡 New light", "🔁 Same scene again", "‹ All pictures"]
    assert await show(view, key_of(one, "All pictures").look, folder=tmp_path) == post


async def test_pictures_of_a_page_in_full_are_an_album(tmp_path: Path) -> None:
    view = samples.gallery()
    whole = await show(view, key_of(await show(view), "in full").look)
    assert [path for path, _ in whole.album] == [f"/data/{one.media_id}.png" for one in view.pictures]
    assert whole.album[0][1].startswith("1 · ")


async def test_a_gallery_of_nothing_says_how_to_ask() -> None:
    assert "/selfie" in (await show(Gallery("Pictures of Maya", samples.card(), ()))).plain


async def test_a_picture_has_its_buttons_and_one_that_is_gone_is_said() -> None:
    line = MessageView("m", Role.CHARACTER, "", samples.NOW, picture=samples.picture())
    assert (await show(Replied(line))).photo == "/data/face-0.png"
    gone = await show(Replied(line), gone="face-0")
    assert (gone.photo, gone.plain) == ("", "This picture was deleted.")


async def test_progress_stands_under_her_face_until_the_picture_comes() -> None:
    speaker = Speaker("character-0", "Maya", "face-0")
    line = MessageView("m", Role.CHARACTER, "", samples.NOW, progress=samples.progress(), speaker=speaker)
    post = await show(Replied(line))
    assert post.photo == "/data/face-0.png"
    assert post.plain == "“at a jazz bar”\n▰▰▰▰▱▱▱▱▱▱ 40 %\nPainting the light · about 4 s left"
    assert key_of(post, "Cancel").call == Call("cancel", {"job": "job-1"})
    failed = await show(Replied(replace(line, progress=samples.progress("It failed.", JobStatus.FAILED))))
    assert labels(failed) == ["Try again"]


async def test_a_talk_that_goes_on_shows_the_last_line() -> None:
    post = await show(samples.chat())
    assert post.plain.startswith("You are talking with Maya Okonkwo again.")
    assert "Biscuit has taste" in post.plain
    assert "Radio" not in post.plain


async def test_a_notice_is_nobodys_words() -> None:
    speaker = Speaker("character-0", "Maya", "face-0")
    line = MessageView("m", Role.NOTICE, "Maya is an AI.", samples.NOW, speaker=speaker)
    post = await show(Replied(line))
    assert (post.html, post.photo) == ("<blockquote>ℹ️ Maya is an AI.</blockquote>", "")


async def test_a_question_names_what_it_does() -> None:
    post = await show(samples.confirm())
    assert labels(post) == ["Forget it", "Keep it"]
    assert await write_data(key_of(post, "Keep it"), PERSON, FakeCalls()) == DISMISS
