"""What the loopback Discord refuses, asked without any library that could be more careful than the server is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.loopback.discord import DiscordServer
from tests.loopback.discord.world import COMPONENTS_V2, Channel

V2 = COMPONENTS_V2


class Api:
    """Plain requests with the bot's token."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session
        ada = server.control.user("Ada")
        self.ada = ada
        self.hall = server.control.channel(server.control.guild("Lab", ada), "hall")

    async def ask(
        self, method: str, path: str, body: Any = None, files: dict[str, bytes] | None = None, token: str = ""
    ) -> tuple[int, Any, Any]:
        """Status, body and headers of the answer."""
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        data: Any = json.dumps(body)
        if files is None:
            headers["Content-Type"] = "application/json"
        else:
            data = aiohttp.FormData(quote_fields=False)
            data.add_field("payload_json", json.dumps(body))
            for place, (name, content) in enumerate(files.items()):
                data.add_field(f"files[{place}]", content, filename=name)
        url = self.server.url + path
        async with self._session.request(method, url, data=data, headers=headers) as answer:
            raw = await answer.text()
            return answer.status, json.loads(raw) if raw else None, answer.headers

    async def send(self, body: Any, files: dict[str, bytes] | None = None) -> tuple[int, Any]:
        """A message into the hall."""
        status, told, _ = await self.ask("POST", f"/channels/{self.hall.id}/messages", body, files)
        return status, told


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with DiscordServer() as server, aiohttp.ClientSession() as session:
        yield Api(server, session)


def button(**about: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Ok", "custom_id": "ok", **about}


def row(*inside: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def options(count: int) -> list[dict[str, str]]:
    return [{"label": str(number), "value": str(number)} for number in range(count)]


def select(**about: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": options(2), **about}


def v2(*parts: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(parts)}


def text(words: str = "hello") -> dict[str, Any]:
    return {"type": 10, "content": words}


def gallery(*urls: str) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}} for url in urls]}


ACCEPTED = {
    "words": {"content": "x" * 2000},
    "five rows of five buttons": {
        "components": [row(*(button(custom_id=f"{r}{c}") for c in range(5))) for r in range(5)],
    },
    "a select with 25 options": {"components": [row(select(options=options(25), max_values=25))]},
    "a link": {"components": [row({"type": 2, "style": 5, "label": "Docs", "url": "https://example.org"})]},
    "forty components": v2(*(text() for _ in range(40))),
    "texts of 4000 characters": v2(text("x" * 2000), text("y" * 2000)),
    "a container": v2({"type": 17, "components": [text(), {"type": 14}, row(button())]}),
    "a section": v2({"type": 9, "components": [text()], "accessory": button()}),
    "ten pictures": v2(gallery(*(["https://example.org/a.png"] * 10))),
}

REFUSED = {
    "2001 characters": {"content": "x" * 2001},
    "six rows": {"components": [row(button(custom_id=str(n))) for n in range(6)]},
    "six buttons in a row": {"components": [row(*(button(custom_id=str(n)) for n in range(6)))]},
    "an empty row": {"components": [row()]},
    "a select beside a button": {"components": [row(select(), button())]},
    "the same custom_id twice": {"components": [row(button(), button())]},
    "a custom_id of 101": {"components": [row(button(custom_id="x" * 101))]},
    "a button without custom_id": {"components": [row({"type": 2, "style": 1, "label": "Ok"})]},
    "a link with a custom_id": {"components": [row(button(url="https://example.org"))]},
    "a label of 81": {"components": [row(button(label="x" * 81))]},
    "no label": {"components": [row(button(label=""))]},
    "26 options": {"components": [row(select(options=options(26)))]},
    "no options": {"components": [row(select(options=[]))]},
    "an option's label of 101": {"components": [row(select(options=[{"label": "x" * 101, "value": "a"}]))]},
    "an option's description of 101": {
        "components": [row(select(options=[{"label": "x", "value": "a", "description": "x" * 101}]))],
    },
    "the same value twice": {"components": [row(select(options=options(1) * 2))]},
    "more values than options": {"components": [row(select(max_values=3))]},
    "a container without the flag": {"components": [{"type": 17, "components": [text()]}]},
    "words beside components V2": {**v2(text()), "content": "hello"},
    "embeds beside components V2": {**v2(text()), "embeds": [{"title": "hello"}]},
    "41 components": v2(*(text() for _ in range(41))),
    "41 components, nested": v2({"type": 17, "components": [text() for _ in range(40)]}),
    "texts of 4001 characters": v2(text("x" * 2000), text("y" * 2001)),
    "an empty text": v2(text("")),
    "a section without accessory": v2({"type": 9, "components": [text()]}),
    "a section of four texts": v2({"type": 9, "components": [text()] * 4, "accessory": button()}),
    "an empty gallery": v2(gallery()),
    "eleven pictures": v2(gallery(*(["https://example.org/a.png"] * 11))),
    "a picture that is not attached": v2(gallery("attachment://nothing.png")),
    "a container in a container": v2({"type": 17, "components": [{"type": 17, "components": [text()]}]}),
    "an embed's picture that is not attached": {"embeds": [{"image": {"url": "attachment://nothing.png"}}]},
    "eleven embeds": {"embeds": [{"title": "x"}] * 11},
    "mentions allowed twice over": {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    "a reply to nothing": {"content": "x", "message_reference": {"message_id": "1"}},
}


@pytest.mark.parametrize("name", ACCEPTED)
async def test_what_is_within_the_limits_is_sent(api: Api, name: str) -> None:
    body = ACCEPTED[name]
    status, told = await api.send(body)
    assert (status, told.get("errors")) == (200, None)


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_over_a_limit_is_refused(api: Api, name: str) -> None:
    status, told = await api.send(REFUSED[name])
    assert (status, told["code"], told["message"]) == (400, 50035, "Invalid Form Body")
    assert told["errors"]
    assert api.hall.messages == {}


async def test_the_error_names_the_field(api: Api) -> None:
    _, told = await api.send({"components": [row(button(label="x" * 81))]})
    blamed = told["errors"]["components"]["0"]["components"]["0"]["label"]["_errors"][0]
    assert blamed == {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 80 or fewer in length."}


async def test_words_are_trimmed(api: Api) -> None:
    assert (await api.send({"content": " hello \n"}))[1]["content"] == "hello"


async def test_an_empty_message_is_refused(api: Api) -> None:
    assert (await api.send({"content": "  "}))[1]["code"] == 50006


async def test_files_are_counted_and_weighed(api: Api) -> None:
    assert (await api.send({}, {f"{n}.txt": b"x" for n in range(10)}))[0] == 200
    assert (await api.send({}, {f"{n}.txt": b"x" for n in range(11)}))[1]["code"] == 50035
    assert (await api.send({}, {"big.bin": b"x" * (10 * 1024 * 1024 + 1)}))[1]["code"] == 40005
    status, told = await api.send(v2(gallery("attachment://a.png")), {"a.png": b"not really"})
    assert status == 200
    item = told["components"][0]["items"][0]["media"]
    assert (
        item["url"].startswith("http://127.0.0.1") and item["attachment_id"] == told["attachments"][0]["id"]
    )


async def test_an_edit_keeps_or_drops_attachments_as_asked(api: Api) -> None:
    _, sent = await api.send({"content": "two"}, {"a.txt": b"a", "b.txt": b"b"})
    path = f"/channels/{api.hall.id}/messages/{sent['id']}"
    _, kept, _ = await api.ask("PATCH", path, {"content": "still two"})
    assert [file["filename"] for file in kept["attachments"]] == ["a.txt", "b.txt"]
    named = [{"id": sent["attachments"][1]["id"]}]
    _, one, _ = await api.ask("PATCH", path, {"attachments": named})
    assert [file["filename"] for file in one["attachments"]] == ["b.txt"]


async def test_components_v2_stays_once_it_is_set(api: Api) -> None:
    _, sent = await api.send(v2(text()))
    path = f"/channels/{api.hall.id}/messages/{sent['id']}"
    status, told, _ = await api.ask("PATCH", path, {"content": "plain again", "components": [], "flags": 0})
    assert (status, list(told["errors"])) == (400, ["content"])


async def test_a_voice_message_is_one_described_sound_and_stays_as_it_is(api: Api) -> None:
    about = [{"id": 0, "filename": "voice.ogg", "duration_secs": 1.5, "waveform": "AAAA"}]
    voice = {"flags": 1 << 13, "attachments": about}
    assert (await api.send(voice, {"voice.png": b"x"}))[0] == 200
    assert (await api.send({**voice, "content": "words"}, {"voice.ogg": b"x"}))[1]["code"] == 50159
    assert (await api.send({"flags": 1 << 13}, {"voice.ogg": b"x"}))[1]["code"] == 50161
    number = next(iter(api.hall.messages))
    _, told, _ = await api.ask("PATCH", f"/channels/{api.hall.id}/messages/{number}", {"content": "x"})
    assert told["code"] == 50162


async def test_only_the_author_edits(api: Api) -> None:
    said = await api.server.control.say(api.hall, api.ada, "mine")
    path = f"/channels/{api.hall.id}/messages/{said.id}"
    status, told, _ = await api.ask("PATCH", path, {"content": "yours"})
    assert (status, told["code"]) == (403, 50005)


async def test_a_wrong_token_is_refused_everywhere(api: Api) -> None:
    for path in ("/users/@me", "/gateway/bot", f"/channels/{api.hall.id}"):
        status, told, _ = await api.ask("GET", path, token="wrong")
        assert (status, told["message"]) == (401, "401: Unauthorized")


async def test_an_unknown_route_is_remembered(api: Api) -> None:
    assert (await api.ask("GET", "/voice/regions"))[0] == 404
    assert api.server.unknown_requests == ["GET /api/v10/voice/regions"]


async def test_the_sixth_message_in_five_seconds_is_a_violation(api: Api) -> None:
    path = f"/channels/{api.hall.id}/messages"
    for number in range(5):
        status, _, headers = await api.ask("POST", path, {"content": str(number)})
        assert (status, headers["X-RateLimit-Remaining"]) == (200, str(4 - number))
    status, told, headers = await api.ask("POST", path, {"content": "6"})
    assert (status, headers["Via"], told["global"]) == (429, "1.1 google", False)
    assert 0 < told["retry_after"] <= 5
    assert [one.major for one in api.server.limits.violations] == [str(api.hall.id)]
    api.server.clock.advance(5)
    assert (await api.ask("POST", path, {"content": "6"}))[0] == 200


async def test_another_channel_has_a_bucket_of_its_own(api: Api) -> None:
    assert api.hall.guild is not None
    other: Channel = api.server.control.channel(api.hall.guild, "other")
    for channel in (api.hall, other):
        for number in range(5):
            status, _, _ = await api.ask("POST", f"/channels/{channel.id}/messages", {"content": str(number)})
            assert status == 200


async def test_the_whole_bot_has_fifty_requests_a_second(api: Api) -> None:
    answers = [await api.ask("GET", "/users/@me") for _ in range(25)]
    answers += [await api.ask("GET", f"/channels/{api.hall.id}") for _ in range(26)]
    status, told, headers = answers[-1]
    assert [one[0] for one in answers[:-1]] == [200] * 50
    assert (status, told["global"], headers["X-RateLimit-Global"]) == (429, True, "true")
    assert api.server.limits.violations[0].whole_bot


def command(**about: Any) -> dict[str, Any]:
    return {"name": "greet", "description": "Say hello", **about}


def option(name: str = "who", **about: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "Whom", **about}


WRONG_COMMANDS = {
    "a capital letter": [command(name="Greet")],
    "a space": [command(name="greet me")],
    "a name of 33": [command(name="x" * 33)],
    "no description": [command(description="")],
    "a description of 101": [command(description="x" * 101)],
    "the same name twice": [command(), command()],
    "26 options": [command(options=[option(f"o{n}") for n in range(26)])],
    "required after optional": [command(options=[option("a"), option("b", required=True)])],
    "26 choices": [
        command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]),
    ],
    "choices and autocompletion": [
        command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
    ],
    "a locale that Discord does not have": [command(description_localizations={"xx": "Hallo"})],
    "a localised name with a capital": [command(name_localizations={"de": "Grüßen"})],
    "a localised description of 101": [command(description_localizations={"de": "x" * 101})],
    "a context that does not exist": [command(contexts=[3])],
}


@pytest.mark.parametrize("name", WRONG_COMMANDS)
async def test_a_wrong_command_is_not_registered(api: Api, name: str) -> None:
    path = f"/applications/{api.server.bot.id}/commands"
    status, told, _ = await api.ask("PUT", path, WRONG_COMMANDS[name])
    assert (status, told["code"]) == (400, 50035)
    assert api.server.world.application.commands == {}


async def test_commands_keep_their_ids_when_they_are_registered_again(api: Api) -> None:
    path = f"/applications/{api.server.bot.id}/commands"
    german = command(name_localizations={"de": "grüßen"}, options=[option(required=True), option("and")])
    _, first, _ = await api.ask("PUT", path, [german])
    _, again, _ = await api.ask("PUT", path, [command(description="Changed")])
    assert again[0]["id"] == first[0]["id"]
    assert (await api.ask("GET", path))[1][0]["description"] == "Changed"


def modal(**about: Any) -> dict[str, Any]:
    return {"title": "A form", "custom_id": "f", "components": [label()], **about}


def label(**about: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "n", "style": 1}, **about}


def entry(**about: Any) -> dict[str, Any]:
    return label(component={"type": 4, "custom_id": "n", "style": 1, **about})


WRONG_MODALS = {
    "a title of 46": modal(title="x" * 46),
    "no custom_id": modal(custom_id=""),
    "nothing in it": modal(components=[]),
    "six labels": modal(
        components=[label(component={"type": 4, "custom_id": str(n), "style": 1}) for n in range(6)],
    ),
    "a label of 46": modal(components=[label(label="x" * 46)]),
    "a description of 101": modal(components=[label(description="x" * 101)]),
    "a placeholder of 101": modal(components=[entry(placeholder="x" * 101)]),
    "a value longer than its input": modal(components=[entry(value="xxxx", max_length=3)]),
    "an input of 4001": modal(components=[entry(max_length=4001)]),
    "an input without a label": modal(components=[{"type": 4, "custom_id": "n", "style": 1, "label": "x"}]),
    "a button": modal(components=[label(component=button())]),
    "the same custom_id twice": modal(components=[label(), label()]),
}


@pytest.mark.parametrize("name", WRONG_MODALS)
async def test_a_wrong_form_does_not_open(api: Api, name: str) -> None:
    world = api.server.world
    path = f"/applications/{world.bot.id}/commands"
    await api.ask("PUT", path, [command()])
    asked = await api.server.control.slash(api.hall, api.ada, "greet")
    answer = f"/interactions/{asked.id}/{asked.token}/callback"
    status, told, _ = await api.ask("POST", answer, {"type": 9, "data": WRONG_MODALS[name]})
    assert (status, told["code"], asked.modal) == (400, 50035, None)
    status, _, _ = await api.ask("POST", answer, {"type": 9, "data": modal()})
    assert (status, (await asked.opened()).title) == (204, "A form")


async def test_a_follow_up_needs_an_answer_first(api: Api) -> None:
    path = f"/applications/{api.server.bot.id}/commands"
    await api.ask("PUT", path, [command()])
    asked = await api.server.control.slash(api.hall, api.ada, "greet")
    status, told, _ = await api.ask("POST", f"/webhooks/{api.server.bot.id}/{asked.token}", {"content": "Hi"})
    assert (status, told["code"]) == (404, 10015)
    status, told, _ = await api.ask("POST", f"/interactions/{asked.id}/{asked.token}/callback", {"type": 7})
    assert (status, told["code"]) == (400, 50035)


async def test_a_webhook_has_a_face_and_keeps_its_secret(api: Api) -> None:
    path = f"/channels/{api.hall.id}/webhooks"
    assert (await api.ask("POST", path, {"name": "Mara", "avatar": "mara.png"}))[1]["code"] == 50035
    _, hook, _ = await api.ask("POST", path, {"name": "Mara", "avatar": "data:image/png;base64,AAAA"})
    _, bare, _ = await api.ask("PATCH", f"/webhooks/{hook['id']}", {"avatar": None})
    assert (len(hook["avatar"]), bare["avatar"]) == (32, None)
    await api.server.control.say_by_webhook(api.hall, "Bridge", "boop")
    _, known, _ = await api.ask("GET", path)
    assert [(one["name"], "token" in one) for one in known] == [("Mara", True), ("Bridge", False)]


async def test_a_channel_has_at_most_fifteen_webhooks(api: Api) -> None:
    path = f"/channels/{api.hall.id}/webhooks"
    for number in range(15):
        assert (await api.ask("POST", path, {"name": f"hook {number}"}))[0] == 200
    status, told, _ = await api.ask("POST", path, {"name": "one more"})
    assert (status, told["code"]) == (400, 30007)
    assert (await api.ask("POST", path, {"name": "My Discord"}))[1]["code"] == 50035
