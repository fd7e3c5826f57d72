"""A Telegram Bot API server on 127.0.0.1, to which unmodified python-telegram-bot connects.

It answers like Telegram, enforces what Telegram enforces, and lets a test be the people. Start and connect:

    async with TelegramServer(topics=True) as server:          # username=, name=, privacy=True, token=
        app = Application.builder().token(server.token).base_url(server.base_url)
                  .base_file_url(server.base_file_url).rate_limiter(AIORateLimiter(max_retries=5)).build()
        # or the product as a process: [telegram] token = server.token, api_url = server.url
        await server.world.updates.first_poll()                # the bot is there and asks for updates

What people do (`server.control`; all of it happens at once, nothing to await):

    ada = control.user("Ada", "ada", language="de")            # bot=True: another bot
    hello = control.start(ada, payload="mira")                 # opens the private chat: “/start mira”
    control.say(ada, ada, "hello")                             # a User as chat means the private chat with the bot
    control.say(group, ada, "yes", reply_to=message, topic=topic)   # topic: a Topic, its id, or a message in it
    control.open_link("https://t.me/selfsame_bot?start=mira", ada)
    control.answer(message, ada, "Mira")                       # replies, as the app does after a forced reply
    control.photo(ada, ada, content=b"…", caption="me")        # document(chat, user, name, content, mime)
    control.edit(message, "new"); control.delete(message, ada); control.react(message, ada, "👍")
    press = control.press(message, "Again", ada)               # by the button's text or data; LookupError if absent
    press = control.press_data(message, "old:data", ada)       # an app that still shows an old keyboard
    group = control.group("Book club", ada, ben, kind="supergroup", forum=True, admin=True)   # bot=False: without it
    control.add_bot(group, by=ada, admin=False)                # also changes its rights: admin=True, rights={…}
    control.kick_bot(group); control.join(group, cleo); control.leave(group, cleo); control.upgrade(basic_group)
    control.block(ada); control.unblock(ada)                   # 403 and my_chat_member
    topic = control.create_topic(chat, ada, "Mira"); control.delete_topic(chat, topic)

In groups with privacy on, the bot hears commands (not those @ another bot), replies to it, mentions of it and service
messages; as an administrator, or with `server.bot.privacy = False`, everything. Another bot's words never.

What a test awaits; each says what was there instead when time is up:

    await chat.until(lambda messages: any("Hi" in m.text for m in messages), timeout=10)   # answers what the lambda said
    await chat.reply(after=hello)                              # the bot's first message after this one
    await press.answered()                                     # press.text, press.alert
    await server.until(lambda: server.called("setMyCommands")) # asked after every call of the bot
    await server.world.updates.settled()                       # every update is confirmed
    await server.world.updates.next_poll()                     # a poll that begins after now (a restarted bot)

What a test reads:

    chat.visible(topic=None)            messages as they stand: .id .text .entities .buttons .labels .media .album .topic
                                        .reply_to .asks_reply .reactions .edited .deleted .pinned .from_bot .sender
    server.transcript(chat, for_user)   what this person sees, in order: messages, albums as one, answers to their presses
                                        (kind "toast"), the draft (kind "draft")
    server.history(chat)                every send, edit, delete, draft, action … with the server's time (`Event`)
    server.calls, server.called(name)   every call: at, seconds, method, status (0: dropped), values, description
    server.unknown_requests             what this server does not know
    server.bot.commands                 {(scope as JSON, language): commands}; .descriptions, .short_descriptions
    server.world.drafts(chat)           {topic or None: Draft} that are shown now
    server.world.updates.pending, .delivered, .conflicts

Time: `server.clock.advance(31)` lets drafts vanish, buttons go stale, limits recover.

Limits (`server.limits`; Telegram's published ones, edits count, an album counts each picture):

    .private = Rate(1, 1, burst=3)  .group_count, .group_seconds = 20, 60  .overall = Rate(30, 1, burst=30)
    .draft = Rate(10, 1, burst=20)  .enabled = True  .penalty_factor = 2   # for those who go on during a penalty
    .violations                     [(time, chat id, which)] of every 429 that a limit gave
    .peak(chat.id, seconds)         the most sends and edits in any such span; None: over all chats; drafts=True: drafts

Trouble (`server.faults`; "*" means every method but getUpdates):

    .next("sendMessage", 429, times=2, retry_after=1)          # any status; nothing is done
    .next("sendMessage", "drop")                               # the connection breaks, nothing is done
    .next("sendMessage", "lost")                               # done, but the connection breaks before the answer
    .next("sendPhoto", "delay", seconds=2)                     # done at once, answered later
    .next("sendPhoto", "hang")                                 # never done, never answered
    .next("sendMessage", 403, description="Forbidden: bot was blocked by the user")
    .next("sendMessage", 502, where=lambda call: "Mira" in call.text("text"))
    .randomly(0.02, seed=1, kinds=(429, 500, 502, "drop"), methods=())
    .happened, .clear()
    server.world.updates.repeats_to_come = 1                   # the next update comes again after it was confirmed
    server.world.updates.conflicts_to_come = 1                 # the next getUpdates gets 409

    await server.stop(); await server.start()                  # an outage: same port, same world

Pages: `render.page(server.transcript(chat, ada), you="Ada", title="Selfsame")` is one HTML page that looks like the app.

Message ids: private chats and basic groups share the bot's one counter, each supergroup has its own.
"""

from tests.loopback.telegram.control import Control
from tests.loopback.telegram.limits import Limits, Rate
from tests.loopback.telegram.model import Button, Chat, Event, Message, Press, Topic, User
from tests.loopback.telegram.server import Call, TelegramServer
from tests.loopback.telegram.transcript import Line

__all__ = [
    "Button",
    "Call",
    "Chat",
    "Control",
    "Event",
    "Limits",
    "Line",
    "Message",
    "Press",
    "Rate",
    "TelegramServer",
    "Topic",
    "User",
]
