"""Killed in the very moment in which Telegram took a message, before its id could be noted: it stands there once."""

import asyncio
from dataclasses import replace

import pytest

from bot.messages import (
    Delta,
    FieldKind,
    MessageView,
    Origin,
    Outbound,
    Replied,
    Started,
    Text,
    Wizard,
    WizardField,
)
from bot.surfaces.telegram import limiter, questions
from bot.surfaces.telegram.intents import UNSURE
from bot.surfaces.telegram.surface import TelegramSurface
from engine.errors import NotFoundError
from engine.types import Role
from tests.bot.surfaces.telegram.conftest import (
    NOON,
    NOOR,
    PATIENCE,
    Ledger,
    Rig,
    finished,
    private_origin,
    said,
    under_way,
)
from tests.loopback.telegram import Chat, Message, TelegramServer, User

OWN = MessageView("own", Role.PERSON, "hello", NOON)
LATER = 600.0  # seconds: the answer never comes


def ours(chat: Chat) -> list[str]:
    return [one.text for one in chat.visible() if one.from_bot]


async def killed(
    rig: Rig, origin: Origin, outbound: Outbound, *, method: str = "sendMessage", taken: bool = True
) -> None:
    """Deliver something in a process that is killed once Telegram has taken it (or while it has not)."""
    server = rig.server
    chat, met = server.world.chat(origin.channel), len(server.faults.happened)
    shown = len(ours(chat))
    server.faults.next(method, "delay" if taken else "hang", seconds=LATER)
    async with rig.running() as surface:
        delivering = asyncio.create_task(surface.deliver(origin, outbound))
        if taken:
            await chat.until(lambda _: len(ours(chat)) > shown, PATIENCE)
        while len(server.faults.happened) == met:
            await asyncio.sleep(0)
        delivering.cancel()
        await asyncio.wait((delivering,))
    assert any(UNSURE in row.digest for row in rig.ledger.rows.values())


@pytest.fixture(autouse=True)
def hurry(server: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram's limits are not what is tested here."""
    monkeypatch.setattr(limiter, "PRIVATE", (0.0, 3))
    server.limits.enabled = False


@pytest.fixture
def group(server: TelegramServer, ada: User) -> Chat:
    return server.control.group("Book club", ada)


def origin_in(chat: Chat, message: Message) -> Origin:
    assert message.sender is not None
    reply = f"m:{message.id}:{message.sender.id}"
    return Origin("telegram", "p", f"telegram:chat:{chat.id}", channel=str(chat.id), reply=reply)


async def test_a_reply_stands_there_once(rig: Rig, server: TelegramServer, ada: User, chat: Chat) -> None:
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    await killed(rig, origin, said("Here I am."))
    assert ours(chat) == ["Here I am."]
    async with rig.running() as surface:
        await surface.deliver(origin, said("Here I am."))
        assert ours(chat) == ["Here I am."]
        await surface.deliver(origin, said("Here I am."))
    assert ours(chat) == ["Here I am."]
    (shown,) = [one for one in chat.visible() if one.from_bot]
    assert [(row.ref, row.done, UNSURE in row.digest) for row in rig.ledger.rows.values()] == [
        (str(shown.id), True, False)
    ]


async def test_a_reply_that_telegram_never_took_comes_and_nothing_else_is_touched(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), Text("Saved."))
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    await killed(rig, origin, said("Here I am."), taken=False)
    async with rig.running() as surface:
        await surface.deliver(origin, Text("Saved again."))
        await surface.deliver(origin, said("Here I am."))
    assert ours(chat) == ["Saved.", "Saved again.", "Here I am."]
    assert not server.called("deleteMessage")


async def test_killed_again_and_again(rig: Rig, server: TelegramServer, ada: User, chat: Chat) -> None:
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    for _ in range(3):
        await killed(rig, origin, said("Here I am."))
    assert len(ours(chat)) == 3
    async with rig.running() as surface:
        await surface.deliver(origin, said("Here I am."))
    assert ours(chat) == ["Here I am."]


async def test_nothing_but_the_double_is_touched(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat, group: Chat
) -> None:
    """Other people's words, another chat's, and what other processes showed meanwhile, with and without buttons."""
    ben = server.control.user("Ben")
    server.control.start(ben)
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    await killed(rig, origin, said("Here I am."))
    server.control.say(ben, ben, "one")
    async with rig.running() as surface:
        await surface.deliver(origin, Text("A view."))
        await surface.deliver(origin, finished())
        await surface.deliver(origin, said("Another.", "m2"))
        await surface.deliver(private_origin(ben), said("For Ben.", "m3"))
    server.control.say(ada, ada, "and?")
    buttons = [one.labels for one in chat.visible() if one.labels]
    async with rig.running() as surface:
        await surface.deliver(origin, said("Here I am."))
    assert [one.text.split("\n")[0] for one in chat.visible()][-5:] == [
        "A view.",
        "Noor at a jazz bar",
        "Another.",
        "and?",
        "Here I am.",
    ]
    assert ours(chat).count("Here I am.") == 1
    assert [one.labels for one in chat.visible() if one.labels] == buttons
    assert [one.text for one in server.control.private(ben).visible()][-2:] == ["one", "For Ben."]
    assert len(server.called("deleteMessage")) == 1


async def test_in_a_group_half_a_reply_becomes_the_whole(
    rig: Rig, server: TelegramServer, ada: User, group: Chat
) -> None:
    asked = server.control.say(group, ada, "@selfsame_bot hello")
    origin = origin_in(group, asked)
    server.faults.next("sendMessage", "delay", seconds=LATER)
    async with rig.running() as surface:
        await surface.deliver(origin, Started(OWN, "m1", NOOR))
        await surface.deliver(origin, Delta("m1", "Half of "))
        await group.until(lambda _: ours(group), PATIENCE)
    server.control.say(group, ada, "Hm.")
    async with rig.running() as surface:
        await surface.deliver(origin, said("Half of a sentence, and the rest."))
    assert ours(group) == ["Noor\nHalf of a sentence, and the rest."]


async def test_a_later_part_of_which_the_final_text_has_none(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    long = " ".join(f"This is sentence number {number}." for number in range(200))
    server.faults.next(
        "sendMessage", "delay", seconds=LATER, where=lambda call: "number 199." in call.text("text")
    )
    async with rig.running() as surface:
        delivering = asyncio.create_task(surface.deliver(origin, said(long)))
        await chat.until(lambda _: len(ours(chat)) == 2, PATIENCE)
        delivering.cancel()
        await asyncio.wait((delivering,))
    async with rig.running() as surface:
        await surface.deliver(origin, said("In short: yes."))
    assert ours(chat) == ["In short: yes."]
    assert [row.part for row in rig.ledger.rows.values()] == [0]


async def test_progress_with_its_button_becomes_one_picture(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    asked = server.control.say(ada, ada, "/selfie")
    origin = private_origin(ada, message=asked.id)
    await killed(rig, origin, under_way(0.2), method="sendPhoto")
    (progress,) = [one for one in chat.visible() if one.from_bot]
    assert progress.labels
    async with rig.running() as surface:
        await surface.deliver(origin, finished())
    (picture,) = [one for one in chat.visible() if one.from_bot]
    assert picture.media is not None


async def test_a_picture_that_takes_another_messages_place(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    """The progress is gone, so the picture comes anew, and the process dies meanwhile; a notice has a key, too."""
    asked = server.control.say(ada, ada, "/selfie")
    origin = private_origin(ada, message=asked.id)
    async with rig.running() as surface:
        await surface.deliver(origin, under_way(0.2))
    server.control.delete(chat.visible()[-1], ada)
    await killed(rig, origin, finished(), method="sendPhoto")
    notice = Replied(MessageView("n1", Role.NOTICE, "I am an AI.", NOON))
    await killed(rig, origin, notice)
    async with rig.running() as surface:
        await surface.deliver(origin, finished())
        await surface.deliver(origin, notice)
    assert [one.media is not None for one in chat.visible() if one.from_bot] == [True, False]


async def test_an_answer_lost_after_a_restart_costs_no_reply_of_before(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    """The new process has heard of nothing that the old one said after those words."""
    asked = server.control.say(ada, ada, "hello")
    origin = private_origin(ada, message=asked.id)
    async with rig.running() as surface:
        await surface.deliver(origin, said("First.", "m1"))
        await surface.deliver(origin, Text("A view."))
    server.faults.next("sendMessage", "lost")
    async with rig.running() as surface:
        await surface.deliver(origin, said("Second.", "m2"))
    assert ours(chat) == ["First.", "A view.", "Second."]


async def test_a_view_for_somebody_who_is_forgotten_by_now(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def put(*_: object, **__: object) -> None:
        raise NotFoundError

    monkeypatch.setattr(Ledger, "put", put)
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), Text("You are forgotten."))
        await surface.deliver(private_origin(ada), said("Who are you?"))
    assert ours(chat) == ["You are forgotten.", "Who are you?"]


# ---------------------------------------------------------------- answers that are quicker than the ledger

STEP = Wizard(
    "0193a1b2-0000-7000-8000-000000000001",
    "person",
    "Who is it?",
    "",
    0,
    3,
    (("person", "Who is it?", False),),
    (WizardField("name", "Name", FieldKind.LINE, ""),),
)


async def question(
    rig: Rig, surface: TelegramSurface, ada: User, chat: Chat, seconds: float
) -> tuple[Message, asyncio.Task[str]]:
    """A question that stands there already, while the bot waits for its id."""
    rig.server.faults.next("sendMessage", "delay", seconds=seconds)
    asking = replace(private_origin(ada), reply=f"q:1:{ada.id}:a0")
    delivering = asyncio.create_task(surface.deliver(asking, STEP))
    shown = await chat.until(lambda shown: next((one for one in shown if one.asks_reply), None), PATIENCE)
    return shown, delivering


async def test_an_answer_may_come_before_its_questions_id(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    asked, delivering = await question(rig, surface, ada, chat, 0.3)
    server.control.answer(asked, ada, "Mira")
    inbound = await rig.door.next()
    assert inbound.call is not None
    assert inbound.call.options["name"] == "Mira"
    await delivering


async def test_an_answer_does_not_wait_for_ever(
    rig: Rig,
    surface: TelegramSurface,
    server: TelegramServer,
    ada: User,
    chat: Chat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "PATIENCE", 0.05)
    asked, delivering = await question(rig, surface, ada, chat, LATER)
    server.control.answer(asked, ada, "Mira")
    inbound = await rig.door.next()
    assert (inbound.text, inbound.call) == ("Mira", None)
    delivering.cancel()
