"""bot/router.py: one door. Commands are the test's own; the errors and the lanes are the product's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.access import Access
from bot.commands.command import Command, Option, Request, Tools
from bot.messages import Call, Inbound, Origin, Outbound, Text, Tone
from bot.router import Inbox, Router
from engine.errors import ModelError, NotFoundError

ORIGIN = Origin("recorder", "ana", conversation_id="talk")


async def echo(request: Request) -> AsyncGenerator[Outbound]:
    yield Text(request.text("words"))


async def fail(request: Request) -> AsyncGenerator[Outbound]:
    yield Text("before")
    raise NotFoundError


async def break_(request: Request) -> AsyncGenerator[Outbound]:
    raise ZeroDivisionError("secret words")
    yield Text("never")


def build(*commands: Command, per_minute: int = 100) -> Router:
    known = {command.name: command for command in commands}
    tools = cast("Tools", SimpleNamespace(commands=known))
    return Router(tools, Access(per_minute, lambda: 0.0), cast("Inbox", None))  # `accept` has test_inbox.py


def inbound(name: str, /, **options: Any) -> Inbound:
    return Inbound(ORIGIN, "event", call=Call(name, options))


async def test_an_answer_is_what_the_handler_yields() -> None:
    router = build(Command("echo", "Say it again.", echo, (Option("words", "Words."),)))
    assert await router.ask(inbound("echo", words="hm")) == (Text("hm"),)
    assert await router.ask(Inbound(ORIGIN, "event", text="/echo a b")) == (Text("a b"),)


async def test_an_error_becomes_its_sentence_after_what_was_shown() -> None:
    shown = await build(Command("fail", "Fail.", fail)).ask(inbound("fail"))
    assert shown == (Text("before"), Text(NotFoundError().sentence, Tone.ERROR))


class ServerError(ModelError):
    """The server could not answer."""

    @property
    def discreet(self) -> str:
        return self.usual()


async def unreachable(request: Request) -> AsyncGenerator[Outbound]:
    raise ServerError("No server can be reached at http://10.0.0.11:8000/v1.")
    yield Text("never")


async def test_where_the_owners_server_is_only_the_owner_reads(caplog: pytest.LogCaptureFixture) -> None:
    router = build(Command("say", "Say.", unreachable))
    told = []
    for surface in ("web", "terminal", "discord", "telegram"):
        origin = Origin(surface, "ana", conversation_id="talk")
        (shown,) = await router.ask(Inbound(origin, "event", call=Call("say", {})))
        assert isinstance(shown, Text)
        told.append("10.0.0.11" in shown.text)
    assert told == [True, True, False, False]
    assert caplog.text.count("10.0.0.11") == 2


async def test_a_bug_becomes_a_sentence_that_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    (shown,) = await build(Command("break", "Break.", break_)).ask(inbound("break"))
    assert isinstance(shown, Text) and shown.tone is Tone.ERROR and "secret" not in shown.text
    assert "could not be handled" in caplog.text


async def test_unknown_commands_are_explained() -> None:
    (shown,) = await build(Command("echo", "Say it again.", echo)).ask(inbound("ecko"))
    assert isinstance(shown, Text) and "There is no command /ecko" in shown.text


async def test_too_much_in_a_minute_is_explained() -> None:
    router = build(
        Command("echo", "Say it again.", echo, paced=True), Command("look", "Look.", echo), per_minute=1
    )
    await router.ask(inbound("echo"))
    for _ in range(5):
        assert await router.ask(inbound("look")) == (Text(""),)
    (shown,) = await router.ask(inbound("echo"))
    assert isinstance(shown, Text) and "Take a breath" in shown.text


async def test_a_conversation_is_one_lane_and_others_go_beside_it() -> None:
    order: list[str] = []
    gates = {"a": asyncio.Event(), "b": asyncio.Event(), "c": asyncio.Event()}

    async def wait(request: Request) -> AsyncGenerator[Outbound]:
        name = request.text("name")
        order.append(f"{name} starts")
        await gates[name].wait()
        order.append(f"{name} ends")
        yield Text(name)

    router = build(Command("wait", "Wait.", wait, (Option("name", "Which."),)))
    elsewhere = Origin("recorder", "bo", conversation_id="other")
    a = asyncio.create_task(router.ask(inbound("wait", name="a")))
    b = asyncio.create_task(router.ask(inbound("wait", name="b")))
    c = asyncio.create_task(router.ask(Inbound(elsewhere, "event", call=Call("wait", {"name": "c"}))))
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == ["a starts", "c starts"]
    for gate in gates.values():
        gate.set()
    await asyncio.gather(a, b, c)
    assert order.index("a ends") < order.index("b starts")


async def test_submitting_after_the_end_is_explained() -> None:
    router = build(Command("echo", "Say it again.", echo))
    with pytest.raises(Exception, match="shutting down"):
        router.submit(inbound("echo"))
