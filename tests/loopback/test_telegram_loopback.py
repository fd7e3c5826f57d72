"""The loopback Bot API server, seen by an unmodified python-telegram-bot: it answers and it refuses as Telegram does."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from PIL import Image
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, CommandHandler, ExtBot

from tests.loopback.telegram import Chat, Rate, TelegramServer, User
from tests.loopback.telegram.render import formatted, page


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(topics=True) as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[ExtBot[Any]]:
    bot: ExtBot[Any] = ExtBot(
        server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        rate_limiter=AIORateLimiter(max_retries=3),
    )
    async with bot:
        yield bot


@pytest.fixture
def ada(server: TelegramServer) -> User:
    user = server.control.user("Ada", "ada")
    server.control.start(user)
    return user


@pytest.fixture
def chat(server: TelegramServer, ada: User) -> Chat:
    return server.control.private(ada)


def picture(colour: str = "red", width: int = 60, height: int = 40) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"do:{label}")] for label in labels]
    )


# Words.


async def test_a_message_is_sent_edited_and_deleted(
    bot: ExtBot[Any], chat: Chat, server: TelegramServer
) -> None:
    sent = await bot.send_message(
        chat.id, "<b>Hi</b> &amp; <i>welcome</i> 🎈", "HTML", reply_markup=keyboard("Go")
    )
    assert sent.text == "Hi & welcome 🎈"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 2), ("italic", 5, 7)]
    edited = await bot.edit_message_text("Bye", chat.id, sent.message_id)
    assert (edited.text, edited.reply_markup) == ("Bye", None)
    assert edited.edit_date is not None
    await bot.delete_message(chat.id, sent.message_id)
    assert [message.text for message in chat.visible()] == ["/start"]
    kinds = [event.kind for event in server.history(chat)]
    assert kinds == ["send", "send", "edit", "delete"]


async def test_an_edit_that_changes_nothing_is_refused(bot: ExtBot[Any], chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "same", reply_markup=keyboard("Go"))
    with pytest.raises(
        BadRequest, match="not modified: specified new message content and reply markup are exactly"
    ):
        await bot.edit_message_text("same ", chat.id, sent.message_id, reply_markup=keyboard("Go"))
    await bot.edit_message_text("same", chat.id, sent.message_id, reply_markup=keyboard("Go on"))
    assert chat.last().labels == ("Go on",)


async def test_only_what_is_there_and_its_own_can_be_edited(bot: ExtBot[Any], chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", chat.id, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", chat.id, chat.last().id)
    sent = await bot.send_photo(chat.id, picture())
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("x", chat.id, sent.message_id)


@pytest.mark.parametrize("text", ["x" * 4097, "🎈" * 2049, "<b></b>"])
async def test_texts_that_are_too_long_or_empty_are_refused(bot: ExtBot[Any], chat: Chat, text: str) -> None:
    with pytest.raises(BadRequest, match=r"message is too long|message text is empty|Message"):
        await bot.send_message(chat.id, text, "HTML")
    await bot.send_message(chat.id, "<b>" + "x" * 4096 + "</b>", "HTML")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a <marquee>x</marquee>", 'Unsupported start tag "marquee" at byte offset 2'),
        ("ö </b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("I <3 you", "Unclosed start tag|Unsupported start tag"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
async def test_html_is_really_parsed(bot: ExtBot[Any], chat: Chat, source: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i)can't parse entities: ({complaint})"):
        await bot.send_message(chat.id, source, "HTML")


async def test_every_tag_of_telegram_is_known(bot: ExtBot[Any], chat: Chat) -> None:
    sent = await bot.send_message(
        chat.id,
        "<strong>a</strong><em>b</em><ins>c</ins><del>d</del><tg-spoiler>e</tg-spoiler>"
        '<span class="tg-spoiler">f</span><a href="https://x.org/?a=1&amp;b=2">g</a><code>h</code>'
        '<pre><code class="language-python">i</code></pre><blockquote expandable>j</blockquote>'
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
        "HTML",
    )
    assert sent.text == "abcdefghij👍"
    assert [e.type for e in sent.entities] == (
        "bold italic underline strikethrough spoiler spoiler text_link code pre expandable_blockquote custom_emoji"
    ).split()
    assert sent.entities[6].url == "https://x.org/?a=1&b=2"
    assert sent.entities[8].language == "python"


async def test_what_is_no_address_is_no_link(bot: ExtBot[Any], chat: Chat) -> None:
    sent = await bot.send_message(
        chat.id, '<a href="do:it">a</a> 🎈<a>b.org</a> <a href="x.org/y">c</a>', "HTML"
    )
    links = [(e.offset, e.url) for e in sent.entities if e.type == "text_link"]
    assert links == [(4, "b.org"), (10, "x.org/y")]


async def test_markdown_v2_refuses_what_is_not_escaped(bot: ExtBot[Any], chat: Chat) -> None:
    with pytest.raises(BadRequest, match=r"(?i)character '!' is reserved and must be escaped"):
        await bot.send_message(chat.id, "Hi!", "MarkdownV2")
    with pytest.raises(BadRequest, match=r"(?i)can't find end of Bold entity"):
        await bot.send_message(chat.id, "*Hi", "MarkdownV2")
    sent = await bot.send_message(chat.id, r"*Hi _you_*\! `a.b` [x](https://x.org)", "MarkdownV2")
    assert sent.text == "Hi you! a.b x"
    assert [e.type for e in sent.entities] == ["bold", "italic", "code", "text_link"]


async def test_commands_and_mentions_are_found_in_utf16(server: TelegramServer, ada: User) -> None:
    said = server.control.say(ada, ada, "🎈 /selfie@selfsame_bot at a bar with @ben, see https://x.org.")
    found = [(e["type"], e["offset"], e["length"]) for e in said.entities]
    assert found == [("bot_command", 3, 20), ("mention", 38, 4), ("url", 48, 13)]


async def test_replies_and_markup_are_checked(bot: ExtBot[Any], chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(999))
    await bot.send_message(
        chat.id, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(chat.id, "x", reply_markup=keyboard("ö" * 31))
    rows = [[InlineKeyboardButton("x", callback_data="x")] * 9]
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    rows = [[InlineKeyboardButton("x", callback_data="x")] * 5] * 21
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    with pytest.raises(BadRequest, match=r"(?i)text buttons are unallowed"):
        await bot.send_message(chat.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x")]]))


async def test_a_forced_reply_is_answered(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    await bot.send_message(chat.id, "Name?", reply_markup=ForceReply(input_field_placeholder="Mira"))
    asked = chat.last()
    assert asked.asks_reply
    server.control.answer(asked, ada, "Nora")
    updates = await bot.get_updates()
    assert updates[-1].message.reply_to_message.text == "Name?"


async def test_copies_forwards_reactions_and_pins(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat
) -> None:
    server.limits.enabled = False
    sent = await bot.send_photo(chat.id, picture(), caption="me")
    copy = await bot.copy_message(chat.id, chat.id, sent.message_id, caption="you")
    assert (chat.messages[copy.message_id].text, chat.messages[copy.message_id].media) == (
        "you",
        chat.messages[sent.message_id].media,
    )
    forwarded = await bot.forward_message(chat.id, chat.id, sent.message_id)
    assert forwarded.forward_origin is not None
    await bot.set_message_reaction(chat.id, sent.message_id, ReactionTypeEmoji("❤"))
    assert chat.messages[sent.message_id].reactions == {server.bot.id: ["❤"]}
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(chat.id, sent.message_id, ReactionTypeEmoji("🧦"))
    await bot.pin_chat_message(chat.id, sent.message_id)
    assert chat.messages[sent.message_id].pinned


# Pictures and files.


async def test_a_picture_is_sent_seen_fetched_and_sent_again(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat
) -> None:
    server.limits.enabled = False
    sent = await bot.send_photo(chat.id, picture(), caption="<b>me</b>", parse_mode="HTML", has_spoiler=True)
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.has_media_spoiler) == (60, 40, True)
    fetched = await (await bot.get_file(sent.photo[-1].file_id)).download_as_bytearray()
    assert bytes(fetched) == picture()
    await bot.send_photo(chat.id, sent.photo[-1].file_id)
    media = chat.last().media
    assert media is not None
    assert media.content == picture()
    await bot.edit_message_media(InputMediaPhoto(picture("blue"), caption="new"), chat.id, sent.message_id)
    changed = chat.messages[sent.message_id]
    assert changed.media is not None
    assert (changed.text, changed.media.content) == ("new", picture("blue"))
    await bot.edit_message_caption(chat.id, sent.message_id, caption="newer")
    assert changed.text == "newer"


async def test_photos_have_a_small_size_first(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    server.control.photo(ada, ada, picture(width=900, height=600))
    small, full = (await bot.get_updates())[-1].message.photo
    assert ((small.width, small.height), (full.width, full.height)) == ((90, 60), (900, 600))
    fetched = await (await bot.get_file(small.file_id)).download_as_bytearray()
    with Image.open(io.BytesIO(fetched)) as shrunk:
        assert shrunk.size == (90, 60)


async def test_pictures_that_are_none_or_too_big_are_refused(bot: ExtBot[Any], chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(chat.id, b"not a picture")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(chat.id, picture(width=2100, height=100))
    with pytest.raises(BadRequest, match="is too big for a photo"):
        await bot.send_photo(chat.id, picture() + bytes(10 * 1024 * 1024))
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(chat.id, "no-such-id")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, picture(), caption="x" * 1025)
    assert len(chat.visible()) == 1


async def test_an_album_is_one_thing_on_the_screen(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat
) -> None:
    takes = [InputMediaPhoto(picture(colour), caption=colour) for colour in ("red", "green", "blue")]
    sent = await bot.send_media_group(chat.id, takes)
    assert len({message.media_group_id for message in sent}) == 1
    line = server.transcript(chat)[-1]
    assert (line.text, [m.content for m in line.media]) == (
        "red",
        [picture(c) for c in ("red", "green", "blue")],
    )
    assert server.limits.peak(chat.id, 1) == 3
    with pytest.raises(BadRequest, match="from 2 to 10 items"):
        await bot.send_media_group(chat.id, takes[:1])
    with pytest.raises(BadRequest, match="mixed"):
        await bot.send_media_group(chat.id, [takes[0], InputMediaDocument(b"{}", filename="a.json")])


async def test_documents_and_voice_arrive(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat, ada: User
) -> None:
    sent = await bot.send_document(chat.id, b'{"a": 1}', filename="ada.json")
    assert (sent.document.file_name, sent.document.mime_type) == ("ada.json", "application/json")
    await bot.send_voice(chat.id, b"OggS", duration=3)
    media = chat.last().media
    assert media is not None
    assert (media.kind, media.duration) == ("voice", 3)
    server.control.document(ada, ada, "card.json", b"{}")
    update = (await bot.get_updates())[-1]
    assert await (await update.message.document.get_file()).download_as_bytearray() == b"{}"


# Buttons, drafts, topics.


@pytest.fixture
async def app(server: TelegramServer) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """A small bot with polling, as the product has it."""
    builder = Application.builder().token(server.token).base_url(server.base_url)
    app = builder.base_file_url(server.base_file_url).rate_limiter(AIORateLimiter(max_retries=5)).build()

    async def start(update: Update, context: Any) -> None:
        await update.message.reply_text("Welcome", reply_markup=keyboard("Go"))

    async def go(update: Update, context: Any) -> None:
        await update.callback_query.answer("Going")
        await update.callback_query.edit_message_text("Gone")

    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(go))
    async with app:
        await app.start()
        await app.updater.start_polling(timeout=10)
        yield app
        if app.updater.running:
            await app.updater.stop()
        await app.stop()


async def test_a_button_is_pressed_and_answered(
    app: Application[Any, Any, Any, Any, Any, Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    welcome = await chat.reply(after=chat.last())
    assert welcome.labels == ("Go",)
    press = await server.control.press(welcome, "Go", ada).answered()
    assert press.text == "Going"
    await chat.until(lambda messages: messages[-1].text == "Gone")
    with pytest.raises(LookupError, match="no button 'Go'"):
        server.control.press(welcome, "Go", ada)
    ben = server.control.user("Ben")
    assert [line.kind for line in server.transcript(chat, ada)] == ["message", "message", "toast"]
    assert [line.kind for line in server.transcript(chat, ben)] == ["message", "message"]
    await server.world.updates.settled()


async def test_a_button_is_answered_once_and_in_time(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=keyboard("Go"))
    server.control.press(chat.last(), "do:Go", ada)
    query = (await bot.get_updates())[-1].callback_query
    assert (query.data, query.message.text) == ("do:Go", "x")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await query.answer("x" * 201)
    await query.answer()
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()
    late = server.control.press(chat.last(), "Go", ada)
    server.clock.advance(31)
    with pytest.raises(
        BadRequest, match=r"(?i)Query is too old and response timeout expired or query ID is invalid"
    ):
        await bot.answer_callback_query(late.id)


async def test_a_button_of_a_deleted_message_still_reports(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=keyboard("Go"))
    message = chat.last()
    server.control.delete(message, ada)
    server.control.press_data(message, "do:Go", ada)
    query = (await bot.get_updates())[-1].callback_query
    assert not query.message.is_accessible


async def test_a_draft_is_shown_until_the_message_or_for_30_seconds(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat
) -> None:
    server.limits.draft = Rate(4, 1000, burst=4)
    for text in ("Once", "Once upon", "Once upon a <i>time</i>"):
        assert await bot.send_message_draft(chat.id, 5, text, parse_mode="HTML")
    assert [line.text for line in server.transcript(chat) if line.kind == "draft"] == ["Once upon a time"]
    await bot.send_message(chat.id, "Once upon a time.")
    assert [line.kind for line in server.transcript(chat)] == ["message", "message"]
    await bot.send_message_draft(chat.id, 6, "")
    assert server.transcript(chat)[-1].text == "Thinking…"
    async with ExtBot(server.token, base_url=server.base_url) as hasty:
        with pytest.raises(RetryAfter):
            await hasty.send_message_draft(chat.id, 6, "More")
    server.clock.advance(31)
    assert server.transcript(chat)[-1].kind == "message"
    assert server.limits.peak(chat.id, 60) == 1
    assert server.limits.peak(chat.id, 60, drafts=True) == 4


async def test_drafts_are_for_private_chats(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    group = server.control.group("Club", ada)
    with pytest.raises(BadRequest, match="Textdraft_peer_invalid"):
        await bot.send_message_draft(group.id, 5, "x")
    with pytest.raises(BadRequest):
        await bot.send_message_draft(ada.id, 0, "x")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message_draft(ada.id, 5, "x" * 4097)


async def test_topics_of_a_private_chat(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    assert (await bot.get_me()).has_topics_enabled
    topic = await bot.create_forum_topic(chat.id, "Mira")
    thread = topic.message_thread_id
    sent = await bot.send_message(chat.id, "Hi", message_thread_id=thread)
    assert (sent.is_topic_message, sent.message_thread_id) == (True, thread)
    server.control.say(ada, ada, "hello", topic=thread)
    update = (await bot.get_updates())[-1]
    assert update.message.message_thread_id == thread
    await bot.edit_forum_topic(chat.id, thread, "Nora")
    assert chat.topics[thread].name == "Nora"
    server.control.delete_topic(chat, thread)
    assert [message.text for message in chat.visible()] == ["/start"]
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(chat.id, "Hi", message_thread_id=thread)


async def test_topics_need_a_forum_and_a_right(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    plain = server.control.group("Plain", ada)
    with pytest.raises(BadRequest, match="not a forum"):
        await bot.create_forum_topic(plain.id, "Mira")
    forum = server.control.group("Forum", ada, forum=True)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.create_forum_topic(forum.id, "Mira")
    server.control.add_bot(forum, by=ada, admin=True)
    topic = await bot.create_forum_topic(forum.id, "Mira")
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    server.control.add_bot(forum, by=ada, admin=False)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=topic.message_thread_id)
    chief = await bot.get_chat_member(forum.id, ada.id)
    assert chief.status == "creator"


async def test_a_thread_of_replies_is_no_topic(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    group = server.control.group("Plain", ada)
    sent = await bot.send_message(group.id, "Hi")
    server.control.say(group, ada, "hello", reply_to=group.messages[sent.message_id])
    heard = (await bot.get_updates())[-1].message
    assert (heard.message_thread_id, heard.is_topic_message) == (sent.message_id, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.id, "x", message_thread_id=heard.message_thread_id)


async def test_chats_tell_about_themselves(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    ben = server.control.user("Ben")
    forum = server.control.group("Forum", ada, ben, forum=True, username="forum", admin=True)
    about = await bot.get_chat("@forum")
    assert (about.id, about.title, about.is_forum) == (forum.id, "Forum", True)
    assert {m.user.id for m in await bot.get_chat_administrators(forum.id)} == {ada.id, server.bot.id}
    assert (await bot.get_chat_member(forum.id, ben.id)).status == "member"
    assert (await bot.get_chat_member(forum.id, server.control.user("Eve").id)).status == "left"
    assert (await bot.get_chat(ada.id)).first_name == "Ada"
    await bot.send_chat_action(forum.id, "typing", message_thread_id=1)
    await bot.leave_chat(forum.id)
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(forum.id, "x")


async def test_several_messages_are_deleted_and_old_ones_stay(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    first, second = [await bot.send_message(chat.id, words) for words in ("one", "two")]
    await bot.delete_messages(chat.id, [first.message_id, 999])
    assert [m.text for m in chat.visible()] == ["/start", "two"]
    server.clock.advance(49 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_message(chat.id, second.message_id)
    assert await bot.get_updates() == (), "updates are kept for a day"


# Limits.


async def test_a_429_is_waited_out_by_the_rate_limiter(
    bot: ExtBot[Any], server: TelegramServer, chat: Chat
) -> None:
    for number in range(4):
        await bot.send_message(chat.id, str(number))
    assert [m.text for m in chat.visible() if m.from_bot] == ["0", "1", "2", "3"]
    assert [call.status for call in server.called("sendMessage")] == [200, 200, 200, 429, 200]
    assert [which for _, _, which in server.limits.violations] == ["private"]


async def test_without_retries_a_429_loses_the_message(server: TelegramServer, chat: Chat) -> None:
    server.limits.private.seconds = 30
    async with ExtBot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
        for number in range(3):
            await bot.send_message(chat.id, str(number))
        with pytest.raises(RetryAfter):
            await bot.edit_message_text("edited", chat.id, chat.last().id)
        server.clock.advance(31)
        await bot.edit_message_text("edited", chat.id, chat.last().id)


async def test_a_group_gets_twenty_a_minute(server: TelegramServer, ada: User) -> None:
    group = server.control.group("Club", ada)
    async with ExtBot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
        sent = await bot.send_message(group.id, "0")
        for number in range(1, 20):
            server.clock.advance(1)
            await bot.edit_message_text(str(number), group.id, sent.message_id)
        with pytest.raises(RetryAfter) as first:
            await bot.edit_message_text("20", group.id, sent.message_id)
        with pytest.raises(RetryAfter) as second:
            await bot.edit_message_text("20", group.id, sent.message_id)
        assert 39 <= first.value._retry_after.total_seconds() <= 42
        assert second.value._retry_after > first.value._retry_after
        server.clock.advance(second.value._retry_after.total_seconds())
        await bot.edit_message_text("20", group.id, sent.message_id)
    assert server.limits.peak(group.id, 60) == 20
    assert len(server.limits.violations) == 2


async def test_thirty_a_second_over_all_chats(server: TelegramServer) -> None:
    overall = server.limits.overall
    assert (overall.count, overall.seconds, overall.burst) == (30, 1, 30)
    # So slow that nothing is regained while the calls come in.
    overall.seconds = 1000
    people = [server.control.user(f"Person {n}") for n in range(40)]
    for person in people:
        server.control.start(person)
    async with ExtBot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
        answers = await asyncio.gather(
            *(bot.send_message(person.id, "x") for person in people), return_exceptions=True
        )
    refused = [answer for answer in answers if isinstance(answer, RetryAfter)]
    assert len(refused) == 10
    assert {which for _, _, which in server.limits.violations} == {"overall"}


# Updates.


async def test_unconfirmed_updates_come_again(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    server.control.say(ada, ada, "one")
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [u.update_id for u in first] == [u.update_id for u in again]
    rest = await bot.get_updates(offset=first[-1].update_id)
    assert [u.message.text for u in rest] == ["one"]
    assert await bot.get_updates(offset=first[-1].update_id + 1) == ()
    assert server.world.updates.delivered == [u.update_id for u in (*first, *again, *rest)]


async def test_a_long_poll_ends_with_the_first_update(
    bot: ExtBot[Any], server: TelegramServer, ada: User
) -> None:
    done = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=done[-1].update_id + 1, timeout=30))
    await server.world.updates.next_poll()
    server.control.say(ada, ada, "now")
    assert [u.message.text for u in await poll] == ["now"]


async def test_an_update_can_come_twice(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    server.world.updates.drop()
    server.world.updates.repeats_to_come = 1
    server.control.say(ada, ada, "twice")
    server.control.say(ada, ada, "once")
    seen: list[str] = []
    offset = 0
    while updates := await bot.get_updates(offset=offset):
        seen.extend(update.message.text for update in updates)
        offset = max(offset, updates[-1].update_id + 1)
    assert seen == ["twice", "once", "twice"]


async def test_a_second_poller_ends_the_first(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    offset = (await bot.get_updates())[-1].update_id + 1
    first = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await server.world.updates.next_poll()
    async with ExtBot(server.token, base_url=server.base_url) as other:
        second = asyncio.create_task(other.get_updates(offset=offset, timeout=30))
        with pytest.raises(Conflict, match=r"make sure that only one bot instance is running"):
            await first
        server.control.say(ada, ada, "hello")
        assert len(await second) == 1
    assert server.world.updates.conflicts == 1


async def test_a_killed_pollers_updates_come_again(
    bot: ExtBot[Any], server: TelegramServer, ada: User
) -> None:
    offset = (await bot.get_updates())[-1].update_id + 1
    killed = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await server.world.updates.next_poll()
    killed.cancel()
    with suppress(asyncio.CancelledError):
        await killed
    server.control.say(ada, ada, "still there?")
    assert [u.message.text for u in await bot.get_updates(offset=offset)] == ["still there?"]
    assert server.world.updates.conflicts == 0


async def test_only_wanted_updates_are_kept(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    sent = await bot.send_message(ada.id, "x")
    message = server.control.private(ada).messages[sent.message_id]
    server.control.react(message, ada, "👍")
    assert [u.message_reaction for u in await bot.get_updates()] == [None]
    await bot.get_updates(allowed_updates=["message_reaction"])
    server.control.react(message, ada, "❤")
    server.control.say(ada, ada, "not wanted")
    last = (await bot.get_updates())[-1]
    assert last.message_reaction is not None
    assert last.message_reaction.new_reaction[0].emoji == "❤"


# Groups and people.


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("hello all", False),
        ("/selfie", True),
        ("/selfie@selfsame_bot at a bar", True),
        ("/selfie@other_bot", False),
        ("what do you say, @Selfsame_Bot?", True),
        ("what do you say, @selfsame_bottle?", False),
        ("write to me@selfsame_bot.example", False),
        ("you could /selfie", False),
    ],
)
async def test_privacy_mode(
    bot: ExtBot[Any], server: TelegramServer, ada: User, words: str, heard: bool
) -> None:
    group = server.control.group("Club", ada)
    server.world.updates.drop()
    server.control.say(group, ada, words)
    assert bool(await bot.get_updates()) == heard
    server.world.updates.drop()
    server.bot.privacy = False
    server.control.say(group, ada, words)
    assert len(await bot.get_updates()) == 1


async def test_replies_to_the_bot_and_administrators_hear_more(
    bot: ExtBot[Any], server: TelegramServer, ada: User
) -> None:
    other = server.control.user("Other", "other_bot", bot=True)
    group = server.control.group("Club", ada, other)
    sent = await bot.send_message(group.id, "Hi")
    server.world.updates.drop()
    server.control.say(group, ada, "yes", reply_to=group.messages[sent.message_id])
    server.control.say(group, other, "I am a bot @selfsame_bot")
    server.control.say(group, ada, "/help")
    assert [u.message.text for u in await bot.get_updates()] == ["yes"], (
        "a bare command went to the other bot"
    )
    server.control.add_bot(group, by=ada, admin=True)
    server.control.say(group, ada, "anything")
    assert (await bot.get_updates())[-1].message.text == "anything"


async def test_who_blocks_the_bot_is_out_of_reach(
    bot: ExtBot[Any], server: TelegramServer, ada: User
) -> None:
    server.control.block(ada)
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(ada.id, "hello?")
    changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked"]
    server.control.start(ada, "mira-7")
    await bot.send_message(ada.id, "welcome back")
    assert (await bot.get_updates())[-1].message.text == "/start mira-7"
    assert server.control.open_link("https://t.me/selfsame_bot?start=nora", ada).text == "/start nora"
    with pytest.raises(ValueError, match="does not lead to the bot"):
        server.control.open_link("https://t.me/other_bot?start=nora", ada)
    with pytest.raises(ValueError, match="no deep link"):
        server.control.start(ada, "a b")


async def test_strangers_and_lost_groups(bot: ExtBot[Any], server: TelegramServer, ada: User) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(424242, "x")
    with pytest.raises(Forbidden, match=r"(?i)can't initiate conversation"):
        await bot.send_message(server.control.user("Ben").id, "x")
    group = server.control.group("Club", ada, kind="group")
    new = server.control.upgrade(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id
    server.control.kick_bot(new, by=ada)
    with pytest.raises(Forbidden, match="kicked from the supergroup chat"):
        await bot.send_message(new.id, "x")


async def test_message_ids_are_the_accounts_or_the_supergroups(
    bot: ExtBot[Any], server: TelegramServer, ada: User
) -> None:
    ben = server.control.user("Ben")
    server.control.start(ben)
    basic, large = (server.control.group("Club", ada, kind=kind) for kind in ("group", "supergroup"))
    to_ada = await bot.send_message(ada.id, "x")
    to_basic = await bot.send_message(basic.id, "x")
    to_ben = await bot.send_message(ben.id, "x")
    assert (to_basic.message_id, to_ben.message_id) == (to_ada.message_id + 1, to_ada.message_id + 2)
    assert (await bot.send_message(large.id, "x")).message_id == 2, "after the line that the bot was added"


async def test_the_bots_commands_are_checked_and_kept(bot: ExtBot[Any], server: TelegramServer) -> None:
    await bot.set_my_commands([BotCommand("selfie", "Ein Bild")], BotCommandScopeAllGroupChats(), "de")
    kept = await bot.get_my_commands(BotCommandScopeAllGroupChats(), "de")
    assert [(c.command, c.description) for c in kept] == [("selfie", "Ein Bild")]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Selfie!", "x")])
    with pytest.raises(BadRequest, match="Bot_command_description_invalid"):
        await bot.set_my_commands([("selfie", "x" * 257)])
    await bot.set_my_description("A companion")
    assert server.bot.descriptions == {"": "A companion"}


# Trouble.


async def test_scripted_trouble(bot: ExtBot[Any], server: TelegramServer, chat: Chat) -> None:
    for kind, applied in ((502, False), (500, False), ("drop", False), ("lost", True)):
        before = len(chat.visible())
        server.faults.next("sendMessage", kind)
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, "x")
        assert len(chat.visible()) == before + applied
    server.faults.next("sendMessage", 403, description="Forbidden: user is deactivated")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(chat.id, "x")
    server.faults.next("*", 429, retry_after=1, where=lambda call: call.text("text") == "mine")
    server.limits.enabled = False
    await bot.send_message(chat.id, "other")
    await bot.send_message(chat.id, "mine")
    statuses = [call.status for call in server.called("sendMessage")]
    assert statuses == [502, 500, 0, 0, 403, 200, 429, 200]
    assert [kind for _, kind in server.faults.happened] == [502, 500, "drop", "lost", 403, 429]


async def test_a_late_answer_is_of_a_call_that_was_done(server: TelegramServer, chat: Chat) -> None:
    server.faults.next("sendMessage", "delay", seconds=30)
    server.faults.next("sendMessage", "hang")
    async with ExtBot(server.token, base_url=server.base_url) as bot:
        for _ in range(2):
            with pytest.raises(TimedOut):
                await bot.send_message(chat.id, "x", read_timeout=0.05)
    assert [m.text for m in chat.visible() if m.from_bot] == ["x"]


async def test_after_an_outage_the_poller_comes_back(
    app: Application[Any, Any, Any, Any, Any, Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    await chat.reply(after=chat.last())
    port = server.port
    await server.stop()
    server.control.start(ada)
    await server.start()
    assert server.port == port
    await chat.until(lambda messages: [m.text for m in messages] == ["/start", "Welcome"] * 2)


async def test_random_trouble_is_the_same_for_the_same_seed(server: TelegramServer, chat: Chat) -> None:
    async def outcomes() -> list[str]:
        server.faults.randomly(0.3, seed=7, kinds=(500, "drop"), methods=("sendChatAction",))
        async with ExtBot(server.token, base_url=server.base_url) as bot:
            results = []
            for _ in range(20):
                try:
                    await bot.send_chat_action(chat.id, "typing")
                except NetworkError as error:
                    results.append(type(error).__name__ + str(error)[:12])
                else:
                    results.append("ok")
        return results

    first, second = await outcomes(), await outcomes()
    assert first == second
    assert 0 < first.count("ok") < 20


async def test_wrong_tokens_and_unknown_methods(server: TelegramServer) -> None:
    with pytest.raises(InvalidToken):
        await ExtBot("1234567890:wrong", base_url=server.base_url).initialize()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/bot1:wrong/getMe") as answer:
            assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
        async with session.post(f"{server.base_url}{server.token}/sendDice") as answer:
            assert answer.status == 404
    assert server.unknown_requests == ["sendDice"]


async def test_json_and_query_parameters_are_understood(server: TelegramServer, chat: Chat) -> None:
    address = f"{server.base_url}{server.token}"
    async with aiohttp.ClientSession() as session:
        body = {"chat_id": chat.id, "text": "x", "reply_markup": {"force_reply": True}}
        async with session.post(f"{address}/sendMessage", json=body) as answer:
            assert (await answer.json())["ok"]
        async with session.get(f"{address}/SENDMESSAGE?chat_id={chat.id}&text=y") as answer:
            assert (await answer.json())["result"]["text"] == "y"
        async with session.get(f"{address}/sendMessage?chat_id={chat.id}&text=y&reply_markup=%7B") as answer:
            assert (await answer.json())["description"] == "Bad Request: can't parse reply markup JSON object"
    assert chat.visible()[1].asks_reply


async def test_waiting_in_vain_says_what_was_there(chat: Chat, server: TelegramServer) -> None:
    with pytest.raises(TimeoutError, match="Ada: '/start'"):
        await chat.until(lambda messages: len(messages) > 5, timeout=0.01)
    with pytest.raises(TimeoutError, match="the last calls were"):
        await server.until(lambda: server.called("sendPhoto"), timeout=0.01)


# The page.


async def test_a_transcript_becomes_a_page(
    bot: ExtBot[Any], server: TelegramServer, ada: User, chat: Chat
) -> None:
    server.limits.enabled = False
    await bot.send_message(
        chat.id, "<b>Hi <i>you</i></b> & <x>"[:-4], "HTML", reply_markup=keyboard("A <b>", "C")
    )
    await bot.send_media_group(chat.id, [InputMediaPhoto(picture(c)) for c in ("red", "blue")])
    await bot.send_message(chat.id, "Name?", reply_markup=ForceReply(input_field_placeholder="Mira"))
    await bot.send_message_draft(chat.id, 1, "Once upon")
    shown = page(server.transcript(chat, ada), you="Ada", title="Selfsame")
    assert "<b>Hi <i>you</i></b> &amp;" in shown
    assert "A &lt;b&gt;" in shown
    assert shown.count("data:image/png;base64,") == 2
    assert "↩ Reply to Selfsame" in shown
    assert 'class="row  draft"' in shown
    assert 'class="row mine' in shown
    assert "http://" not in shown
    assert "https://" not in shown


def test_entities_become_tags_over_emoji() -> None:
    entities = json.loads('[{"type":"bold","offset":2,"length":6},{"type":"spoiler","offset":3,"length":2}]')
    quote = [{"type": "blockquote", "offset": 0, "length": 1}]
    assert formatted("a\nb", quote) == "<blockquote>a</blockquote>b"
    assert formatted("🎈a🎈bcd<", entities) == '🎈<b>a<span class="spoiler">🎈</span>bcd</b>&lt;'
