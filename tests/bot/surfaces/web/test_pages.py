"""Every view renders, whatever is written in it, and each button calls its command."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.messages import Call, Gallery, Inbound, Outbound, Started, Text, Tone
from bot.surfaces.web.forms import local_path, read_command
from bot.surfaces.web.pages import path_of
from bot.surfaces.web.render import call_text, spoken
from characters.text import storable
from engine.types import JobStatus
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.conftest import Browser, browse
from tests.bot.surfaces.web.scripted import ScriptedDoor

PAGES = {
    "/": ("Maya Okonkwo", "Bea Fontaine", "Wren"),
    "/?q=maya": ("Found for “maya”",),
    "/c/maya": ("Ask for a picture", "Enugu", "copper, shoulder-length"),
    "/c/maya/chat": ("Biscuit", "Storyteller (built in)", "New outfit"),
    "/c/maya/gallery": ("Pictures of Maya", "on a rooftop at night"),
    "/c/maya/memory": ("Your dog is called Biscuit.", "You live in Lisbon.", "My dog is called Biscuit"),
    "/c/maya/welcome": ("Meet Maya Okonkwo",),
    "/gallery": ("at a jazz bar",),
    "/help": ("/selfie", "/selfie at a jazz bar"),
    "/privacy": ("Everything stays on this machine", "Delete everything of mine"),
    "/create": ("Begin", "Wren"),
    "/create/draft-1": ("Hair colour", "could be anyone", "Use this", "/portrait/draft-1?v=p1"),
}

# What people and models write, and what a page makes of it.
SPOKEN = {
    "*smiles* Hello.": "<em>smiles</em> Hello.",
    "That is **mine**, *really **mine***.": "That is <strong>mine</strong>, <em>really <strong>mine</strong></em>.",
    "2 * 3 * 4, and *so on": "2 * 3 * 4, and *so on",
    "snake*case*words * * ** ****": "snake*case*words * * ** ****",
    "*one\nline*": "*one\nline*",
    "*<b>&amp;*": "<em>&lt;b&gt;&amp;amp;</em>",
}

# Text that breaks out of an attribute, an element, a script, a style or a template if it is not escaped.
INJECTION = "<b x='\"><script>alert(1)</script><svg onload=alert(1)>{{ 7*7 }}{% raw %}</textarea></title>&amp;\u202eZ̷̛͓a🧿"


class Elements(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("path", PAGES)
async def test_every_view_has_its_page(browser: Browser, path: str) -> None:
    answer = await browser.open(path)
    assert answer.status_code == 200
    text = answer.text.replace("&#39;", "'")
    for words in PAGES[path]:
        assert words in text
    assert "<h1" in text and 'id="main"' in text and "lang=" in text


@pytest.mark.parametrize("step", [name for name, _ in views.STEPS])
async def test_every_step_of_the_wizard_renders(browser: Browser, door: ScriptedDoor, step: str) -> None:
    door.answers["create"] = views.wizard(step)
    answer = await browser.open("/create/draft-1")
    assert answer.status_code == 200
    for field in views.wizard_fields(step):
        assert f'name="answer.{field.name}"' in answer.text


@pytest.mark.parametrize("status", list(JobStatus))
async def test_a_picture_under_way_renders_in_every_state(
    browser: Browser, door: ScriptedDoor, status: JobStatus
) -> None:
    chat = views.chat()
    line = views.MessageView(
        "m-9", views.Role.CHARACTER, "", views.NOW, progress=views.progress("the light", status)
    )
    door.answers["talk"] = views.Chat(chat.conversation_id, chat.card, (line,), chat.model_name)
    text = (await browser.open("/c/maya/chat")).text
    assert ("<progress" in text) == (not status.final)
    assert ("Cancel</span>" in text) == (not status.final)


EVERYWHERE: dict[str, tuple[str, Callable[[str], Outbound]]] = {
    "/": ("characters", views.catalog),
    "/c/maya": ("profile", views.profile),
    "/c/maya/chat": ("talk", views.chat),
    "/c/pending/chat": ("talk", lambda text: views.chat(text, pending=True)),
    "/c/maya/welcome": ("profile", views.profile),
    "/c/maya/gallery": ("gallery", views.gallery),
    "/c/maya/memory": ("memory", lambda text: views.memories(text, text)),
    "/help": ("help", views.help_view),
    "/privacy": ("privacy", Text),
    "/create/hair": ("create", lambda text: views.wizard("hair", text)),
    "/create/start": ("create", lambda text: views.wizard("start", text)),
    "/create/personality": ("create", lambda text: views.wizard("personality", text)),
    "/create/story": ("create", lambda text: views.wizard("story", text)),
    "/create/takes": ("create", lambda text: views.wizard("takes", text)),
    "/c/nobody": ("profile", lambda text: Text(text, Tone.ERROR)),
}


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_no_text_breaks_out_of_its_place(browser: Browser, door: ScriptedDoor, path: str) -> None:
    name, view = EVERYWHERE[path]
    door.answers[name] = view("harmless words")
    harmless = Elements((await browser.open(path)).text)
    door.answers[name] = view(INJECTION)
    html = (await browser.open(path)).text
    injected = Elements(html)
    assert "alert(1)" in html and "{{ 7*7 }}" in html  # it is shown, as text
    assert injected.tags == harmless.tags
    assert [name for name, _ in injected.attributes] == [name for name, _ in harmless.attributes]
    assert not [name for name, _ in injected.attributes if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("words", SPOKEN)
def test_actions_and_stress_are_shown(words: str) -> None:
    assert spoken(words) == SPOKEN[words]


async def test_no_text_breaks_out_of_the_stream(tmp_path: Path) -> None:
    renderer = browse(tmp_path).surface.renderer
    for view in (views.chat(INJECTION).messages[3], views.chat(INJECTION).messages[-1]):
        plain = views.chat("harmless words").messages[3 if view.text else -1]
        injected, harmless = [Elements(renderer.message(one, conversation_id="c")) for one in (view, plain)]
        assert injected.tags == harmless.tags and len(injected.attributes) == len(harmless.attributes)
    progress = [
        Elements(renderer.progress(views.progress(text), conversation_id="c")) for text in (INJECTION, "x")
    ]
    confirm = [
        Elements(renderer.confirm(views.confirm(text), conversation_id="c")) for text in (INJECTION, "x")
    ]
    assert progress[0].tags == progress[1].tags and confirm[0].tags == confirm[1].tags


@pytest.mark.parametrize(
    "text", ["   ", "🧿🧿", "שלום עולם", "Z̷̛͓͉a̸l̵g̶o̴", "a" * 7000, "\x00\x07", "\u202eevil\u202c"]
)
async def test_odd_words_are_said_as_they_are(browser: Browser, door: ScriptedDoor, text: str) -> None:
    answer = await browser.press("/conversations/conversation-1/say", json=True, text=text, event_id="e1")
    if storable(text).strip():
        assert answer.status_code == 202 and door.submitted[0].text == text.strip()
    else:
        assert answer.status_code == 422 and "few words" in answer.json()["text"]


async def test_words_go_into_their_conversation_under_the_browsers_id(
    browser: Browser, door: ScriptedDoor
) -> None:
    await browser.press(
        "/conversations/conversation-1/say", json=True, text="Hello\r\nyou", event_id="e1", slug="maya"
    )
    said = door.submitted[0]
    assert (said.text, said.event_id, said.call) == ("Hello\nyou", "e1", None)
    assert (said.origin.conversation_id, said.origin.person_id, said.origin.surface) == (
        "conversation-1",
        "owner",
        "web",
    )


async def test_a_picture_asked_for_by_a_command_goes_into_the_conversation(
    browser: Browser, door: ScriptedDoor
) -> None:
    text = "/selfie at a jazz bar"
    answer = await browser.press("/conversations/conversation-1/say", json=True, text=text, event_id="e2")
    assert answer.status_code == 202 and door.submitted[0].text == text


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("/help", "/help"),
        ("/create", "/create"),
        ("/memory dog", "/c/maya/memory"),
        ("/talk maya", "/c/maya/chat"),
    ],
)
async def test_a_command_with_a_page_leads_there(browser: Browser, text: str, goal: str) -> None:
    answer = await browser.press("/conversations/conversation-1/say", json=True, text=text, event_id="e3")
    assert answer.json()["go"] == goal
    plain = await browser.press(
        "/conversations/conversation-1/say", text=text, event_id="e4", next="/c/maya/chat"
    )
    assert plain.status_code == 303 and plain.headers["location"] == goal


async def test_an_unknown_command_is_answered_with_a_sentence(browser: Browser) -> None:
    answer = await browser.press(
        "/conversations/conversation-1/say", json=True, text="/slefie", event_id="e5"
    )
    assert answer.status_code == 422
    assert answer.json() == {
        "text": "There is no command /slefie. Did you mean /selfie?",
        "tone": "error",
        "field": "",
        "go": "/",
    }


async def test_a_command_that_asks_back_shows_its_question(browser: Browser, door: ScriptedDoor) -> None:
    answer = await browser.press(
        "/conversations/conversation-1/say", json=True, text="/forget dog", event_id="e6"
    )
    assert "Forget that your dog is called Biscuit?" in answer.json()["confirm"]
    plain = await browser.press("/conversations/conversation-1/say", text="/forget dog", event_id="e7")
    assert plain.status_code == 200 and "Are you sure?" in plain.text
    call = Call("forget", {"character": "maya", "fact": "fact-1", "confirm": True})
    done = await browser.press("/do", call=call_text(call), next="/c/maya/memory")
    assert done.status_code == 200  # the scripted door asks again
    assert door.calls[-1] == call  # a flag stays a flag


async def test_a_memory_is_corrected_on_its_page(browser: Browser, door: ScriptedDoor) -> None:
    shown = (await browser.open("/c/maya/memory")).text
    assert 'aria-label="Correct: You live in Porto."' in shown and 'name="fills" value="what"' in shown
    call = Call("remember", {"character": "maya", "fact": "fact-1"})
    await browser.press(
        "/do", call=call_text(call), fills="what", value="I live in Porto now", next="/c/maya/memory"
    )
    assert door.calls[-1] == Call("remember", {**call.options, "what": "I live in Porto now"})


async def test_a_button_of_a_picture_is_submitted_to_its_conversation(
    browser: Browser, door: ScriptedDoor
) -> None:
    call = Call("vary", {"media": "face-0", "what": "light"})
    answer = await browser.press(
        "/do", call=call_text(call), conversation="conversation-1", next="/c/maya/chat"
    )
    assert answer.status_code == 303 and answer.headers["location"] == "/c/maya/chat"
    assert door.submitted[0].call == call and door.submitted[0].origin.conversation_id == "conversation-1"


async def test_the_same_button_in_a_gallery_is_asked(browser: Browser, door: ScriptedDoor) -> None:
    call = Call("vary", {"media": "face-0", "what": "light"})
    door.answers["vary"] = Started(views.line("m-1", views.Role.PERSON, "again"), "m-2")
    answer = await browser.press("/do", json=True, call=call_text(call), next="/c/maya/chat")
    assert (
        door.calls[-1] == call
        and answer.json()["go"] == "/c/maya/chat"
        and "under way" in answer.json()["text"]
    )


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        '{"name": 1, "options": {}}',
        '{"name": "help", "options": {"a": [1]}}',
        '{"name": "help", "options": null}',
    ],
)
async def test_a_broken_call_is_refused(browser: Browser, door: ScriptedDoor, broken: str) -> None:
    answer = await browser.press("/do", call=broken)
    assert answer.status_code == 400 and "could not be read" in answer.text
    assert not door.asked[1:] and not door.submitted


async def test_pinning_leads_back_to_the_memories(browser: Browser) -> None:
    answer = await browser.press("/do", call=call_text(Call("pin", {"fact": "fact-1", "character": "maya"})))
    assert answer.status_code == 303 and answer.headers["location"] == "/c/maya/memory"


async def test_the_scene_box_asks_in_the_conversation(browser: Browser, door: ScriptedDoor) -> None:
    empty = await browser.press("/c/maya/selfie", scene="  ")
    assert empty.status_code == 422 and "for example: at a jazz bar" in empty.text
    answer = await browser.press("/c/maya/selfie", scene="at a jazz bar")
    assert answer.headers["location"] == "/c/maya/chat"
    assert door.submitted[0].call == Call("selfie", {"scene": "at a jazz bar"})
    assert door.submitted[0].origin.conversation_id == "conversation-1"


async def test_an_export_is_a_file(browser: Browser) -> None:
    answer = await browser.open("/export")
    assert answer.content == b'{"you": "yes"}'
    assert "selfsame-export.json" in answer.headers["content-disposition"]


async def test_completions_name_commands_and_characters(browser: Browser) -> None:
    answer = (await browser.open("/completions", accept="application/json")).json()
    assert {
        "name": "selfie",
        "description": "Ask for a picture in a scene",
        "usage": "/selfie at a jazz bar",
    } in answer["commands"]
    assert {"slug": "tomas", "name": "Tomás Reyes"} in answer["characters"]


async def test_what_does_not_exist_is_said_on_a_page(browser: Browser, door: ScriptedDoor) -> None:
    door.answers["profile"] = Text("There is nobody called “zed” here. Did you mean Lev?", Tone.ERROR)
    for path, words in {
        "/c/zed": "Did you mean Lev?",
        "/no/such/page": "There is nothing here",
        "/media/other": "not yours to see",
    }.items():
        answer = await browser.open(path)
        assert answer.status_code == 404 and words in answer.text


async def test_a_wrong_method_is_said_on_a_page(browser: Browser) -> None:
    assert (await browser.press("/help")).status_code == 405


async def test_an_unexpected_failure_is_a_clear_page(tmp_path: Path) -> None:
    def fail(_: Inbound) -> tuple[Outbound, ...]:
        raise RuntimeError("a secret of the house")

    browser = browse(tmp_path, ScriptedDoor({"help": fail}))
    async with browser.client:
        answer = await browser.open("/help")
    assert answer.status_code == 500 and "Something broke here" in answer.text and "secret" not in answer.text


async def test_pictures_are_kept_for_ever_and_portraits_are_not(browser: Browser) -> None:
    picture = await browser.open("/media/face-1")
    assert picture.headers["content-type"] == "image/png" and "immutable" in picture.headers["cache-control"]
    again = await browser.open("/media/face-1", **{"if-none-match": picture.headers["etag"]})
    assert again.status_code == 304 and not again.content
    portrait = await browser.open("/portrait/draft-1")
    assert portrait.headers["cache-control"] == "private, no-cache" and portrait.content[:4] == b"\x89PNG"
    saved = await browser.open("/media/face-1?download=1")
    assert "attachment" in saved.headers["content-disposition"]


async def test_a_picture_under_way_can_be_watched(browser: Browser) -> None:
    shown = await browser.open("/preview/job-1")
    assert shown.status_code == 200 and shown.content and shown.headers["cache-control"] == "no-store"
    nothing = await browser.open("/preview/job-2")
    assert nothing.status_code == 204 and not nothing.content
    assert (await browser.open("/preview/somebodys")).status_code == 404


async def test_an_unanswered_message_is_resumed_once_per_run(browser: Browser, door: ScriptedDoor) -> None:
    assert 'data-resume=""' in (await browser.open("/c/maya/chat")).text
    door.answers["talk"] = views.chat(unanswered="m-4")
    first, second = [(await browser.open("/c/maya/chat")).text for _ in range(2)]
    found = re.search(r'data-resume="(resume-m-4-[0-9a-f]+)"', first)
    assert found and found[0] in second
    call = call_text(Call("resume"))
    answer = await browser.press(
        "/do", json=True, call=call, conversation="conversation-1", event_id=found[1]
    )
    assert answer.status_code == 202 and door.submitted[0].event_id == found[1]


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x", "", "/a\nb"]
)
def test_only_our_own_pages_are_gone_back_to(path: str) -> None:
    assert local_path(path) == "/"


def test_our_own_paths_are_kept() -> None:
    assert local_path("/c/maya/memory?q=dog") == "/c/maya/memory?q=dog"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/selfie at a bar", "selfie"),
        ("  /HELP", "help"),
        ("//x", ""),
        ("/ x", ""),
        ("a /b", ""),
        ("/forget_me", "forget_me"),
    ],
)
def test_a_command_is_known_by_its_slash(text: str, name: str) -> None:
    assert read_command(text) == name


def test_every_page_view_has_an_address() -> None:
    shown = (
        views.catalog(),
        views.profile(),
        views.chat(),
        views.gallery(),
        views.memories(),
        views.help_view(),
        views.wizard(),
    )
    assert [path_of(view) for view in shown] == [
        "/", "/c/maya", "/c/maya/chat", "/c/maya/gallery", "/c/maya/memory", "/help", "/create/draft-1",
    ]  # fmt: skip


async def test_what_is_to_be_said_of_a_picture_stands_under_it(browser: Browser, door: ScriptedDoor) -> None:
    noted = replace(views.picture(0), note="This is <not> quite *her*.")
    door.answers["gallery"] = Gallery("Pictures", None, (noted, views.picture(1)))
    page = (await browser.open("/gallery")).text
    assert page.count("picture-note") == 1
    assert "This is &lt;not&gt; quite *her*." in page
