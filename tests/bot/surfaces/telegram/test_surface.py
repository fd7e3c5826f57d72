"""The surface as a person sees it: words in, replies streamed, pictures in place, groups, questions and buttons."""

import asyncio
from dataclasses import replace

from bot.messages import (
    Button,
    Call,
    Catalog,
    CharacterCard,
    Confirm,
    Delta,
    Document,
    FieldKind,
    Gallery,
    MessageView,
    Origin,
    PictureView,
    Started,
    Text,
    Tone,
    Wizard,
    WizardField,
)
from bot.surfaces.telegram.surface import TelegramSurface
from engine.types import Role
from tests.bot.surfaces.telegram.conftest import (
    NOON,
    NOOR,
    Rig,
    finished,
    private_origin,
    said,
    under_way,
)
from tests.bot.surfaces.web import views as samples
from tests.loopback.telegram import Chat, TelegramServer, User

OWN = MessageView("own", Role.PERSON, "hello", NOON)


async def test_words_in_a_private_chat_reach_the_door(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    hello = server.control.say(ada, ada, "hello there")
    inbound = await rig.door.next()
    assert inbound.text == "hello there"
    assert inbound.call is None
    assert inbound.origin.private
    assert (inbound.origin.channel, inbound.origin.thread) == (str(ada.id), "")
    assert inbound.origin.person_id == f"person-{ada.id}"
    assert inbound.origin.reply == f"m:{hello.id}:{ada.id}"
    assert inbound.event_id.startswith("u")
    assert rig.lines == ["Telegram: here as @selfsame_bot, https://t.me/selfsame_bot"]


async def test_a_reply_is_typed_then_drafted_then_sent(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    origin = private_origin(ada)
    await surface.deliver(origin, Started(OWN, "m1", NOOR))
    await server.until(lambda: server.called("sendChatAction"))
    await surface.deliver(origin, Delta("m1", "It is a long walk "))
    await server.until(lambda: server.world.drafts(chat))
    assert not chat.visible()[1:]
    await surface.deliver(origin, Delta("m1", "along the river."))
    await surface.deliver(origin, said("It is a long walk along the river."))
    assert [one.text for one in chat.visible() if one.from_bot] == ["It is a long walk along the river."]
    assert not server.world.drafts(chat)
    assert not server.called("editMessageText")


async def test_a_reply_that_was_finished_is_not_shown_again_by_a_new_process(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    for _ in range(2):
        async with rig.running() as surface:
            await surface.deliver(private_origin(ada), said("Once."))
    assert [one.text for one in chat.visible() if one.from_bot] == ["Once."]


async def test_a_picture_takes_the_place_of_its_progress(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    origin = private_origin(ada)
    await surface.deliver(origin, under_way(0.0, position=2))
    (waiting,) = [one for one in chat.visible() if one.from_bot]
    await surface.edit(origin, "p1", under_way(0.5))
    await surface.edit(origin, "p1", finished())
    (shown,) = [one for one in chat.visible() if one.from_bot]
    assert shown.id == waiting.id
    assert "Noor at a jazz bar" in shown.text
    assert "💡 New light" in shown.labels
    await surface.edit(origin, "p1", finished())
    await surface.edit(origin, "p1", under_way(0.9))  # came late
    (still,) = [one for one in chat.visible() if one.from_bot]
    assert (still.id, still.text) == (shown.id, shown.text)


async def test_with_privacy_mode_off_a_characters_name_is_enough(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Book club", ada)
    server.bot.privacy = False
    async with rig.running():
        server.control.say(group, ada, "nobody in particular")
        await server.world.updates.settled()
        rig.names_a_character = True
        server.control.say(group, ada, "Noor, are you there?")
        assert (await rig.door.next()).text == "Noor, are you there?"
    assert len(rig.door.accepted) == 1


def group_origin(group: Chat, user: User, message: int, *, click: bool = False) -> Origin:
    kind = "q" if click else "m"
    return Origin(
        "telegram",
        f"person-{user.id}",
        f"telegram:chat:{group.id}",
        channel=str(group.id),
        reply=f"{kind}:{message}:{user.id}",
    )


async def test_in_a_group_a_reply_is_edited_at_its_pace_and_says_who_speaks_to_whom(
    surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Book club", ada)
    asked = server.control.say(group, ada, "@selfsame_bot hello")
    origin = group_origin(group, ada, asked.id)
    await surface.deliver(origin, Started(OWN, "m1", NOOR))
    for number in range(20):
        await surface.deliver(origin, Delta("m1", f"word{number} "))
        await asyncio.sleep(0)
    await server.until(lambda: [one for one in group.visible() if one.from_bot])
    await surface.deliver(origin, said("All of the words."))
    (shown,) = [one for one in group.visible() if one.from_bot]
    assert shown.text == "Noor\nAll of the words."
    assert shown.reply_to == asked.id or getattr(shown.reply_to, "id", None) == asked.id
    assert len(server.called("editMessageText")) <= 2
    assert not server.called("sendMessageDraft")


async def test_what_is_for_one_person_goes_to_their_private_chat(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    group = server.control.group("Book club", ada)
    asked = server.control.say(group, ada, "/export")
    document = Document("yours.json", "application/json", b"{}")
    await surface.deliver(group_origin(group, ada, asked.id), document)
    assert chat.visible()[-1].media is not None
    assert "private chat" in group.visible()[-1].text


async def test_who_has_not_pressed_start_is_told_where(
    surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    group = server.control.group("Book club", ada, ben)
    asked = server.control.say(group, ben, "/export")
    await surface.deliver(
        group_origin(group, ben, asked.id), Document("yours.json", "application/json", b"{}")
    )
    assert "https://t.me/selfsame_bot" in group.visible()[-1].text
    assert len([one for one in group.visible() if one.from_bot]) == 1


async def test_a_button_is_for_whoever_asked_for_it(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    group = server.control.group("Book club", ada, ben)
    asked = server.control.say(group, ada, "/reset@selfsame_bot")
    await rig.door.next()
    question = Confirm("Begin anew?", Button("Yes", Call("reset", {"confirm": True})))
    await surface.deliver(group_origin(group, ada, asked.id), question)
    shown = group.visible()[-1]
    refused = server.control.press(shown, "Yes", ben)
    await refused.answered()
    assert refused.alert
    assert "somebody else" in refused.text
    taken = server.control.press(shown, "Yes", ada)
    await taken.answered()
    assert not taken.alert
    inbound = (await rig.door.until(2))[-1]
    assert inbound.call == Call("reset", {"confirm": True})
    assert inbound.origin.reply == f"q:{shown.id}:{ada.id}"
    await server.until(lambda: not group.visible()[-1].labels)
    assert len(rig.door.accepted) == 2


async def test_a_button_works_after_a_restart_and_an_unknown_one_says_so(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), finished())
    async with rig.running():
        server.control.press(chat.visible()[-1], "💡 New light", ada)
        inbound = await rig.door.next()
        press = server.control.press_data(chat.visible()[-1], "from another age", ada)
        await press.answered()
    assert inbound.call == Call("vary", {"media": "m", "what": "light"})
    assert press.alert


async def test_a_refused_reply_ends_the_sign_that_it_comes(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    origin = private_origin(ada)
    await surface.deliver(origin, Started(OWN, "m1", NOOR))
    await server.until(lambda: server.called("sendChatAction"))
    await surface.deliver(origin, Text("That is nothing I can say.", Tone.ERROR))
    await surface.deliver(origin, Delta("m1", "too late"))
    assert "nothing I can say" in chat.visible()[-1].text
    assert not server.world.drafts(chat)


async def test_a_step_follows_the_talk_and_its_buttons_change_it_in_place(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    step = Wizard("d1", "person", "Who is it?", "Tell me.", 0, 3, (("person", "Who is it?", False),))
    await surface.deliver(private_origin(ada), step)
    first = chat.visible()[-1]
    pressed = replace(private_origin(ada), reply=f"q:{first.id}:{ada.id}")
    await surface.deliver(pressed, replace(step, title="How does she look?"))
    assert [one.id for one in chat.visible() if one.from_bot] == [first.id]
    assert "How does she look?" in chat.visible()[-1].text
    server.control.say(ada, ada, "Mira")
    await surface.deliver(private_origin(ada), replace(step, title="And her voice?"))
    (last,) = [one for one in chat.visible() if one.from_bot]
    assert last.id > first.id
    await surface.edit(pressed, "draft:d1", replace(step, title="Three pictures are ready."))
    (still,) = [one for one in chat.visible() if one.from_bot]
    assert still.id == last.id
    assert "Three pictures" in still.text


async def test_progress_is_not_shown_faster_than_telegram_likes_and_the_picture_at_once(
    surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    origin = private_origin(ada)
    for number in range(10):
        await surface.edit(origin, "p1", under_way(number / 10))
    await surface.edit(origin, "p1", finished())
    assert len(server.called("sendPhoto")) == 1
    assert len(server.called("editMessageCaption")) == 0
    assert len(server.called("editMessageMedia")) == 1


async def test_a_group_that_becomes_a_supergroup_keeps_its_memory(
    rig: Rig, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Book club", ada, kind="group")
    async with rig.running():
        server.control.say(group, ada, "@selfsame_bot hello")
        before = await rig.door.next()
        bigger = server.control.upgrade(group)
        server.control.say(bigger, ada, "@selfsame_bot still here?")
        await rig.door.until(2)
    async with rig.running():
        server.control.say(bigger, ada, "@selfsame_bot and now?")
        await rig.door.until(3)
    meanwhile, after = rig.door.accepted[1:]
    assert before.origin.place == meanwhile.origin.place == after.origin.place
    assert after.origin.channel == str(bigger.id)


async def test_the_wizard_of_a_group_is_in_the_private_chat_and_the_group_is_told(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    ben = server.control.user("Ben")
    group = server.control.group("Book club", ada, ben)
    step = Wizard("d1", "person", "Who is it?", "Tell me.", 0, 3, (("person", "Who is it?", False),))
    await surface.deliver(group_origin(group, ada, 1), step)
    assert "Who is it?" in chat.visible()[-1].text
    assert "private chat" in group.visible()[-1].text
    await surface.deliver(group_origin(group, ben, 1), replace(step, draft_id="d2"))
    assert "press Start" in group.visible()[-1].text
    said_so_far = len(group.visible())
    await surface.edit(group_origin(group, ada, 1), "draft:d1", replace(step, title="Three are ready."))
    assert "Three are ready." in chat.visible()[-1].text
    assert len(group.visible()) == said_so_far


async def test_a_question_that_was_open_when_the_process_died_takes_its_answer(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    name = WizardField("name", "Name", FieldKind.LINE, "")
    steps = (("person", "Who is it?", False),)
    step = Wizard("0193a1b2-0000-7000-8000-000000000001", "person", "Who is it?", "", 0, 3, steps, (name,))
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), step)
        shown = chat.visible()[-1]
        (which,) = [one for one in shown.labels if "Name" in one]
        server.control.press(shown, which, ada)
        asked = await rig.door.next()
        await surface.deliver(asked.origin, step)
        question = chat.visible()[-1]
        assert question.asks_reply
        await server.world.updates.settled()
    async with rig.running():
        server.control.answer(question, ada, "Mira")
        answered = (await rig.door.until(2))[-1]
    assert answered.call is not None
    assert answered.call.name == "create"
    assert answered.call.options["name"] == "Mira"
    assert answered.call.options["draft"] == step.draft_id
    assert answered.origin.reply.endswith(":g0")  # it goes on as after a pressed answer


async def test_words_beside_an_open_question_are_talk(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    name = WizardField("name", "Name", FieldKind.LINE, "")
    step = Wizard("d1", "person", "Who is it?", "", 0, 3, (("person", "Who is it?", False),), (name,))
    await surface.deliver(replace(private_origin(ada), reply=f"q:1:{ada.id}:a0"), step)
    assert chat.visible()[-1].asks_reply
    server.control.say(ada, ada, "What a long day!")
    inbound = await rig.door.next()
    assert (inbound.text, inbound.call) == ("What a long day!", None)


async def test_a_question_that_is_taken_back_goes_away_and_reaches_nobody(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    group = server.control.group("Book club", ada, ben)
    question = Confirm("Begin anew?", Button("Yes", Call("reset", {"confirm": True})))
    await surface.deliver(group_origin(group, ada, 1), question)
    shown = group.visible()[-1]
    refused = server.control.press(shown, "Keep it", ben)
    await refused.answered()
    assert "somebody else" in refused.text
    kept = server.control.press(shown, "Keep it", ada)
    await kept.answered()
    await server.until(lambda: shown not in group.visible())
    assert rig.door.accepted == []


async def test_a_page_is_turned_in_place_and_its_picture_with_it(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    cards = tuple(CharacterCard(f"c{at}", f"c{at}", f"Nr {at}", "", f"face-{at}", "") for at in range(8))
    await surface.deliver(private_origin(ada), Catalog(cards))
    first = chat.visible()[-1]
    assert first.media is not None and "1 · Nr 0" in first.text
    before = first.media.content
    server.control.press(first, "More ›", ada)
    await surface.deliver((await rig.door.next()).origin, Catalog(cards))
    (turned,) = [one for one in chat.visible() if one.from_bot]
    assert (turned.id, "7 · Nr 6" in turned.text) == (first.id, True)
    assert turned.media is not None and turned.media.content != before
    assert len(server.called("sendPhoto")) == 1


async def test_an_album_follows_what_can_be_pressed_and_holds_nobody_up(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    pictures = tuple(PictureView(f"m{at}", "<b>Noor</b>", 64, 64, NOON) for at in range(4))
    origin = replace(private_origin(ada), reply=f"q:1:{ada.id}:b0")
    server.faults.next("sendMediaGroup", "delay", seconds=2)
    async with asyncio.timeout(1):
        await surface.deliver(origin, Gallery("Pictures of Noor", None, pictures))
    await server.until(lambda: len([one for one in chat.visible() if one.album]) == 4)
    shown = [one for one in chat.visible() if one.from_bot]
    assert (shown[0].text, shown[1].text) == ("Pictures of Noor\n1 to 4, in full:", "1 · <b>Noor</b>")


async def test_a_portrait_that_takes_longer_comes_into_its_step(
    rig: Rig, server: TelegramServer, ada: User, chat: Chat
) -> None:
    rig.portrait = asyncio.Event()
    step = Wizard("d1", "hair", "Hair", "", 0, 3, (("hair", "Hair", False),), portrait="looks")
    async with rig.running() as surface:
        await surface.deliver(private_origin(ada), step)
        (shown,) = [one for one in chat.visible() if one.from_bot]
        assert shown.media is not None
        nobody = shown.media.content
        pressed = replace(private_origin(ada), reply=f"q:{shown.id}:{ada.id}")
        await surface.deliver(pressed, replace(step, title="Hair and eyes"))
        assert shown.media.content == nobody
        rig.portrait.set()
        await server.until(lambda: shown.media is not None and shown.media.content != nobody)
        await surface.deliver(pressed, replace(step, title="Hair, once more"))
    (still,) = [one for one in chat.visible() if one.from_bot]
    assert (still.id, "once more" in still.text, still.media is not None) == (shown.id, True, True)
    assert len(server.called("editMessageMedia")) == 1


async def test_a_draft_that_is_thrown_away_has_no_buttons_left(
    rig: Rig, surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    step = Wizard("d1", "person", "Who is it?", "Tell me.", 0, 3, (("person", "Who is it?", False),))
    await surface.deliver(replace(private_origin(ada), reply=f"q:1:{ada.id}:d"), step)
    server.control.press(chat.visible()[-1], "Throw it away", ada)
    inbound = await rig.door.next()
    assert inbound.call == Call("create", {"draft": "d1", "action": "discard"})
    await server.until(lambda: not chat.visible()[-1].labels)


async def test_memories_of_a_group_are_shown_in_private_and_say_where_they_are_from(
    surface: TelegramSurface, server: TelegramServer, ada: User, chat: Chat
) -> None:
    group = server.control.group("Book club", ada)
    await surface.deliver(group_origin(group, ada, 1), samples.memories())
    shown = chat.visible()[-1]
    assert "This is from the group" in shown.text
    assert not shown.labels
    await surface.deliver(private_origin(ada), samples.memories())
    assert "This is from the group" not in chat.visible()[-1].text
    assert chat.visible()[-1].labels


async def test_in_a_group_only_the_card_answers_who_asked_for_it(
    surface: TelegramSurface, server: TelegramServer, ada: User
) -> None:
    group = server.control.group("Book club", ada)
    asked = server.control.say(group, ada, "/talk noor")
    lines = (
        MessageView("n1", Role.NOTICE, "Noor is an AI.", NOON),
        MessageView("g1", Role.CHARACTER, "Night desk.", NOON),
    )
    await surface.deliver(group_origin(group, ada, asked.id), replace(samples.chat(), messages=lines))
    card, notice, greeting = [one for one in group.visible() if one.from_bot]
    assert [bool(one.reply_to) for one in (card, notice, greeting)] == [True, False, False]
    assert "Night desk." in greeting.text
