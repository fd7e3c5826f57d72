"""A loopback Discord: a real server on 127.0.0.1 that speaks API v10 (REST and gateway) and enforces its limits, for
unmodified discord.py. A test starts it, points the bot at `url`, and acts through `control` as people would.

    async with DiscordServer() as discord:                  # or: await DiscordServer().start(); … await stop()
        ada = discord.control.user("Ada")                   # locale=, adult_dms=, installed=, blocks_bot=, bot=
        lab = discord.control.guild("Lab", ada)             # + members; bot=False: without the bot; webhooks=False
        hall = discord.control.channel(lab, "hall")         # nsfw=True
        product = …  [discord] token = discord.token, api_url = discord.url
        await discord.gateway.until_ready()                 # shards=
        await discord.control.until_commands()
        said = await discord.control.say(hall, ada, "hello", mention_bot=True)
        reply = await hall.until(lambda messages: next((m for m in messages if m.author is discord.bot), None))
        made = await discord.control.slash(hall, ada, "create", {"name": "Mara"})
        form = await (await discord.control.click(await made.reply(), "Rename", ada)).opened()
        await discord.control.submit(form, {"Name": "Zoe"})

The server lives on the test's event loop: start a subprocess that waits for it with `asyncio.to_thread`. An outage:
`await discord.stop()`, later `await discord.start(port)`; the world stays.

Places     control.user · guild · channel · thread(parent, name, owner) · dm(user) · private(ada, bob, …): a chat
           without the bot, for user-installed commands.
People     await control.say(channel, user, text, mention_bot=, reply_to=, ping=, attachments=[(name, bytes)], id=):
           under a given `id`; an id that exists repeats its event. control.edit(message, text), delete_message,
           say_by_webhook(channel, name, text) of another app, repeat(interaction).
           await control.slash(channel, user, "name" or "group sub", {option: value}, context=): users, channels, roles
           as objects, files as (name, bytes). control.autocomplete(channel, user, name, option, typed, options) returns
           the choices. control.menu(channel, user, name, message or user). control.click(message, custom_id or label,
           user). control.choose(message, custom_id or placeholder, [values or labels], user). control.submit(modal,
           {custom_id or label: value}, user). Whatever a Discord app would not let somebody do raises CannotSend.
Following  Interaction: .callback (type), .answered_after (seconds), .original, .followups, .modal, .choices, .errors;
           await .answered() · .reply() (complete message) · .followup(n) · .opened() (Modal: title, custom_id, inputs) ·
           .suggestions(); each takes `within` seconds. Channel: .messages {id: Message}, .last, .typing (times),
           await .until(look(messages), within): returns what `look` returned; fails with the channel's text.
           Message: .content, .text (with component texts), .labels, .buttons, .selects, .pictures (Attachment .content
           bytes, .width …), .embeds, .components (raw), .ephemeral, .thinking, .edited, .author, .author_name (a
           webhook's), .avatar_url, .reference, .deleted, .nonce.
Seeing     control.transcript(channel, for_user): Entry(author, content, lines, buttons, pictures, ephemeral, edited,
           thinking, reply_to). control.history(channel): Change(kind create|edit|delete, message_id, time, content,
           author). render.page(world, title, (channel, user), …): HTML. Attachments are served under /attachments/….
Changes    control.deny(channel, "MANAGE_WEBHOOKS", …) · allow · set_role(guild, …) · delete_webhooks(channel) ·
           webhooks(channel) · delete_channel(channel or thread) · archive(thread, locked=) · set_nsfw · add_bot(guild) ·
           remove_bot(guild) · join(guild, user); user.blocks_bot = True; user.installed = True.
Gateway    gateway.drop(resumable=True, politely=False, code=4000) · repeat_last() · until_gone() · .identified,
           .resumed, .invalidated (counts). world.application.flags (0: no privileged intent granted → 4014),
           .required_shards (4011), .shards (what /gateway/bot advises). A wrong token is closed with 4004 / 401.
Faults     faults.answer(status, times=, method=, route=, retry_after=, whole_bot=) · drop(…) before it is done ·
           lose(…) after it is done · delay(seconds, …) · sometimes(rate, seed, *Fault, route=) · stop();
           faults.happened. `route` is part of a template, e.g. "/channels/{channel}/messages".
Limits     limits.violations: every 429 that the client earned; limits.enabled, limits.per_second (None: no global
           limit), limits.pace (0.1: windows last a tenth). clock.advance(seconds) ages interaction tokens, nonces and windows.
Log        requests: Request(method, route, path, status, time, took, fault); unknown_requests: routes that this server
           does not have.
"""

from tests.loopback.discord.commands import CannotSend
from tests.loopback.discord.faults import Fault
from tests.loopback.discord.server import DiscordServer

__all__ = ["CannotSend", "DiscordServer", "Fault"]
