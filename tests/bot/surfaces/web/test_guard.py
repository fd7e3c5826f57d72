"""What stands before every page: headers, hosts, origins, tokens, sizes, the login."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route
from starlette.types import Message

from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.login import ADDRESSES, SESSION_SECONDS, WRONG_TOKENS, Login
from bot.surfaces.web.render import STATIC, static_version
from bot.surfaces.web.surface import WebSurface
from engine.errors import ConfigError
from tests.bot.surfaces.web.conftest import Browser, browse
from tests.bot.surfaces.web.scripted import PaintedPictures, ScriptedDoor

TOKEN = "correct-horse-battery-staple"
OPEN = WebConfig(host="0.0.0.0", access_token=TOKEN)


@pytest.mark.parametrize("path", ["/", "/c/maya/chat", "/no/such/page", "/healthz", "/media/face-1"])
async def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    headers = (await browser.open(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    if "/media" not in path:
        for rule in (
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert rule in policy
        assert headers["cache-control"] == "no-store"


async def test_nothing_is_inline_and_nothing_comes_from_elsewhere(browser: Browser) -> None:
    for path in ("/", "/c/maya", "/c/maya/chat", "/create/draft-1", "/c/maya/memory"):
        html = (await browser.open(path)).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", html)
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)


def test_our_own_files_load_nothing_from_elsewhere() -> None:
    for path in STATIC.rglob("*"):
        if path.suffix in (".css", ".js"):
            assert not re.search(r"https?://|@import|url\(", path.read_text(encoding="utf-8")), path


async def test_static_files_are_kept_for_ever(browser: Browser) -> None:
    answer = await browser.open(f"/static/{static_version()}/css/tokens.css")
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert (await browser.open(f"/static/{static_version()}/../app.py")).status_code == 404


def _post_routes() -> list[str]:
    surface, door = WebSurface(), ScriptedDoor()
    app = create_app(
        door=door, pictures=PaintedPictures(Path()), surface=surface, config=WebConfig(), person=lambda: "o"
    )
    routes = [route for route in app.routes if isinstance(route, Route) and "POST" in (route.methods or ())]
    return [re.sub(r"{.*?}", "x", route.path) for route in routes]


@pytest.mark.parametrize("path", _post_routes())
@pytest.mark.parametrize("token", ["", "wrong", "é"])
async def test_no_post_without_its_token(browser: Browser, door: ScriptedDoor, path: str, token: str) -> None:
    await browser.open("/help")
    asked = len(door.asked)
    answer = await browser.client.post(path, data={"csrf": token, "text": "hi", "call": "{}"})
    assert answer.status_code == 403 and "Reload the page" in answer.text
    assert len(door.asked) == asked and not door.submitted


def test_there_are_posts_to_protect() -> None:
    assert len(_post_routes()) >= 8


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
async def test_no_post_from_elsewhere(browser: Browser, door: ScriptedDoor, headers: dict[str, str]) -> None:
    await browser.open("/help")
    fields = {"csrf": browser.token, "text": "hi"}
    answer = await browser.client.post("/conversations/conversation-1/say", data=fields, headers=headers)
    assert answer.status_code == 403 and not door.submitted


async def test_a_post_from_here_passes_by_form_or_header(browser: Browser, door: ScriptedDoor) -> None:
    await browser.open("/help")
    own = {"origin": "http://127.0.0.1:8420", "sec-fetch-site": "same-origin"}
    path = "/conversations/conversation-1/say"
    assert (
        await browser.client.post(path, data={"csrf": browser.token, "text": "a"}, headers=own)
    ).status_code == 303
    by_header = {**own, "x-csrf-token": browser.token}
    assert (await browser.client.post(path, data={"text": "b"}, headers=by_header)).status_code == 303
    assert [inbound.text for inbound in door.submitted] == ["a", "b"]


async def test_the_token_outlives_a_restart(tmp_path: Path) -> None:
    before = browse(tmp_path)
    await before.open("/help")
    after = browse(tmp_path)
    after.client.cookies = before.client.cookies
    answer = await after.client.post(
        "/conversations/c/say", data={"csrf": before.token, "text": "still here"}
    )
    assert answer.status_code == 303 and after.door.submitted[0].text == "still here"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "169.254.1.1"]
)
async def test_a_rebound_name_is_turned_away(tmp_path: Path, host: str) -> None:
    browser = browse(tmp_path)
    answer = await browser.client.get("/", headers={"host": host})
    assert answer.status_code == 421 and not browser.door.asked


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8420", "localhost:1", "LOCALHOST", "[::1]:8420", "selfsame.example"]
)
async def test_known_names_are_answered(tmp_path: Path, host: str) -> None:
    browser = browse(tmp_path, config=WebConfig(hosts=("selfsame.example",)))
    assert (await browser.client.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("kilobytes", [100, 1000])
async def test_a_novel_is_answered_with_a_sentence(
    browser: Browser, door: ScriptedDoor, kilobytes: int
) -> None:
    text = "a" * kilobytes * 1000
    answer = await browser.press("/conversations/conversation-1/say", json=True, text=text)
    assert answer.status_code == 413 and "64 kB" in answer.json()["text"]
    page = await browser.press("/create/draft-1", **{"answer.backstory": text})
    assert page.status_code == 413 and "please shorten it" in page.text
    assert not door.submitted


async def test_a_long_message_is_answered_with_its_length(browser: Browser, door: ScriptedDoor) -> None:
    answer = await browser.press("/conversations/conversation-1/say", json=True, text="a" * 8001)
    assert answer.status_code == 413 and "8001" in answer.json()["text"] and not door.submitted


async def test_a_body_without_a_length_is_measured(browser: Browser, door: ScriptedDoor) -> None:
    await browser.open("/help")

    async def body() -> object:
        for _ in range(100):
            yield b"text=" + b"a" * 1000

    headers = {"content-type": "application/x-www-form-urlencoded", "x-csrf-token": browser.token}
    answer = await browser.client.post("/conversations/c/say", content=body(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413 and not door.submitted


@pytest.mark.parametrize("body", [b"%ff%fe=%00", b"a=b&" * 200, b"--x\r\nnonsense", b""])
async def test_a_broken_form_is_no_crash(browser: Browser, body: bytes) -> None:
    await browser.open("/help")
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "multipart/form-data",
    ):
        answer = await browser.client.post("/do", content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 403)


def test_another_address_needs_a_token() -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "selfsame.example"):
        with pytest.raises(ConfigError, match="access token"):
            WebConfig(host=host).check()
        with pytest.raises(ConfigError, match="16 characters"):
            WebConfig(host=host, access_token="short").check()
        WebConfig(host=host, access_token=TOKEN).check()
    for host in ("127.0.0.1", "::1", "localhost", "127.9.9.9"):
        WebConfig(host=host).check()


async def test_without_a_login_there_is_only_the_login(tmp_path: Path) -> None:
    browser = browse(tmp_path, config=OPEN)
    for path in ("/", "/c/maya/chat", "/create/draft-1"):
        answer = await browser.open(path)
        assert answer.status_code == 303 and answer.headers["location"] == "/login"
    for path in ("/media/face-1", "/conversations/c/events", "/export", "/completions"):
        assert (await browser.client.get(path)).status_code == 401
    assert (await browser.client.get("/healthz")).text == "ok"
    await browser.open("/login")
    assert (await browser.press("/conversations/c/say", text="hi")).status_code == 401
    assert not browser.door.asked and not browser.door.submitted


async def _log_in(browser: Browser, token: str = TOKEN) -> httpx.Response:
    await browser.open("/login")
    return await browser.press("/login", token=token)


async def test_the_token_opens_the_page(tmp_path: Path) -> None:
    browser = browse(tmp_path, config=OPEN)
    answer = await _log_in(browser)
    assert answer.status_code == 303
    cookie = next(value for value in answer.headers.get_list("set-cookie") if "selfsame_session" in value)
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and TOKEN not in cookie
    assert (await browser.open("/")).status_code == 200
    assert (await browser.press("/logout")).headers["location"] == "/login"
    assert (await browser.open("/")).status_code == 303


async def test_wrong_tokens_are_counted(tmp_path: Path) -> None:
    browser = browse(tmp_path, config=OPEN)
    for _ in range(WRONG_TOKENS):
        answer = await _log_in(browser, "wrong")
        assert (
            answer.status_code == 403
            and "not the access token" in answer.text
            and "wrong" not in str(answer.url)
        )
    for token in ("wrong", TOKEN):
        answer = await _log_in(browser, token)
        assert answer.status_code == 429 and "wait 10 minutes" in answer.text


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_ends_and_cannot_be_made_up() -> None:
    wall = Clock()
    login = Login(TOKEN, wall=wall, tick=wall)
    cookie = login.enter(TOKEN, "a")
    assert login.admits(cookie) and Login(TOKEN, wall=wall).admits(cookie)  # a restart keeps it
    assert not Login("another-access-token", wall=wall).admits(cookie)
    body, _, signature = cookie.rpartition(".")
    for forged in (
        "",
        ".",
        "..",
        f"9{body}.{signature}",
        f"{body}.{signature[:-1]}0{signature[-1]}",
        "é.é",
        f"{body}.",
    ):
        assert not login.admits(forged)
    wall.now += SESSION_SECONDS + 1
    assert not login.admits(cookie)


def test_waiting_ends_and_memory_is_bounded() -> None:
    tick = Clock()
    login = Login(TOKEN, tick=tick)
    for _ in range(WRONG_TOKENS):
        login.enter("wrong", "a")
    assert login.seconds_to_wait("a") > 590 and login.seconds_to_wait("b") == 0
    tick.now += 601
    assert login.seconds_to_wait("a") == 0
    for number in range(ADDRESSES + 10):
        login.enter("wrong", str(number))
    assert len(login._wrong) == ADDRESSES


async def test_a_post_without_the_cookie_is_foreign(browser: Browser, door: ScriptedDoor) -> None:
    browser.client.cookies.clear()  # what SameSite=Strict leaves of a post from another site
    answer = await browser.client.post("/do", data={"call": '{"name": "export", "options": {}}'})
    assert answer.status_code == 403 and not door.asked


async def test_a_call_that_is_none_is_said_to_be_unreadable(browser: Browser, door: ScriptedDoor) -> None:
    for text in ("[" * 20_000, '{"name": 1}', "null", '"x"', '{"name": "help", "options": []}', "{", ""):
        answer = await browser.press("/do", json=True, call=text)
        assert answer.status_code == 400 and "Nothing was changed" in answer.json()["text"]
    assert len(door.asked) == 1  # the page that gave the token


async def test_halves_of_letters_and_controls_never_reach_a_page(browser: Browser) -> None:
    call = '{"name": "a\\ud800b\\u001b[2J", "options": {"x\\ud800": "y\\udfff"}}'
    assert (await browser.press("/do", json=True, call=call)).status_code < 500
    assert (await browser.press("/do", call=call)).status_code < 500


async def test_whoever_hangs_up_in_mid_form_changes_nothing_and_breaks_nothing(
    browser: Browser, door: ScriptedDoor
) -> None:
    half: Message = {"type": "http.request", "body": b"call=%7B", "more_body": True}
    messages: Iterator[Message] = iter([half, {"type": "http.disconnect"}])
    sent: list[object] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    app = browser.client._transport.app  # type: ignore[attr-defined]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/do",
        "raw_path": b"/do",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", b"500")],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }
    await app(scope, receive, send)
    assert sent == [] and not door.asked
