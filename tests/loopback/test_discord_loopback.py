"""The loopback Discord against the unmodified library: what discord.py does with it is what it would do with Discord."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from discord import app_commands
from PIL import Image

from tests.loopback.discord import CannotSend, DiscordServer
from tests.loopback.discord.client import Ears, point_library_at, running, with_commands
from tests.loopback.discord.render import page
from tests.loopback.discord.world import Channel, Guild, Message, User


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        point_library_at(started, monkeypatch)
        yield started
        assert started.unknown_requests == []


@pytest.fixture
def ada(server: DiscordServer) -> User:
    return server.control.user("Ada")


@pytest.fixture
def lab(server: DiscordServer, ada: User) -> Guild:
    return server.control.guild("Lab", ada)


@pytest.fixture
def hall(server: DiscordServer, lab: Guild) -> Channel:
    return server.control.channel(lab, "hall")


@pytest.fixture
async def bot(server: DiscordServer, hall: Channel) -> AsyncIterator[Ears]:
    async with running(server) as ears:
        yield ears


def picture(colour: str = "navy") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(held, "PNG")
    return held.getvalue()


@app_commands.command(name="greet", description="Say hello")
@app_commands.describe(name="Whom")
async def greet(interaction: discord.Interaction, name: str = "you") -> None:
    """Heard by Ears; the test answers."""


# Login and the gateway


async def test_a_sharded_client_logs_in_and_knows_its_guilds(server: DiscordServer, hall: Channel) -> None:
    async with running(server, shard_count=2) as ears:
        await ears.client.wait_until_ready()
        assert [guild.name for guild in ears.client.guilds] == ["Lab"]
        assert ears.client.get_channel(hall.id) is not None
        assert server.gateway.identified == 2


async def test_a_plain_client_logs_in_too(server: DiscordServer, hall: Channel) -> None:
    client = discord.Client(intents=discord.Intents.default(), guild_ready_timeout=0.05)
    async with running(server, client) as ears:
        await ears.client.wait_until_ready()
        assert ears.client.user is not None and ears.client.user.id == server.bot.id


async def test_a_wrong_token_does_not_log_in(server: DiscordServer) -> None:
    client = discord.Client(intents=discord.Intents.default())
    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")
    await client.close()


async def test_an_intent_that_the_portal_does_not_grant_closes_with_4014(server: DiscordServer) -> None:
    server.world.application.flags = 0
    client = discord.Client(intents=discord.Intents.all())
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(server.token)
    await client.close()


async def test_too_few_shards_close_with_4011(server: DiscordServer) -> None:
    server.world.application.required_shards = 2
    client = discord.Client(intents=discord.Intents.default())
    with pytest.raises(discord.ConnectionClosed) as closed:
        await client.start(server.token)
    assert closed.value.code == 4011
    await client.close()


async def test_a_drop_is_resumed_and_nothing_is_lost(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "one")
    await bot.message()
    server.gateway.drop()
    await server.control.say(dm, ada, "two")
    await server.control.say(dm, ada, "three")
    await bot.message(2)
    assert [message.content for message in bot.messages] == ["one", "two", "three"]
    assert (server.gateway.resumed, server.gateway.identified) == (1, 1)


async def test_a_polite_reconnect_is_resumed(server: DiscordServer, bot: Ears, ada: User) -> None:
    server.gateway.drop(politely=True)
    await server.control.say(server.control.dm(ada), ada, "still there?")
    assert (await bot.message()).content == "still there?"
    assert server.gateway.resumed == 1


async def test_a_lost_session_is_identified_anew(server: DiscordServer, bot: Ears, ada: User) -> None:
    server.gateway.drop(resumable=False)
    await server.gateway.until_ready()
    await server.control.say(server.control.dm(ada), ada, "hello again")
    assert (await bot.message()).content == "hello again"
    assert (server.gateway.invalidated, server.gateway.identified) == (1, 2)


async def test_events_can_come_twice(server: DiscordServer, bot: Ears, ada: User) -> None:
    dm = server.control.dm(ada)
    said = await server.control.say(dm, ada, "once")
    server.gateway.repeat_last()
    await server.control.say(dm, ada, id=said.id)
    await bot.message(2)
    assert {message.id for message in bot.messages} == {said.id}


# Messages


async def test_message_reply_edit_and_history(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    said = await server.control.say(hall, ada, "hello", mention_bot=True)
    heard = await bot.message()
    assert bot.client.user in heard.mentions
    reply = await heard.reply("Hi")
    await reply.edit(content="Hi, Ada")
    kinds = [change.kind for change in server.control.history(hall)]
    assert kinds == ["create", "create", "edit"]
    shown = server.control.transcript(hall)[-1]
    assert (shown.author, shown.content, shown.edited) == ("Selfsame", "Hi, Ada", True)
    assert shown.message.reference is said
    fetched = [message.content async for message in heard.channel.history(limit=5)]
    assert fetched == ["Hi, Ada", f"{server.bot.mention} hello"]


async def test_without_the_intent_words_are_given_only_where_the_bot_is_meant(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await server.control.say(hall, ada, "secret", attachments=[("a.png", picture())])
    await server.control.say(hall, ada, "for you", mention_bot=True)
    await server.control.say(server.control.dm(ada), ada, "direct")
    await bot.message(2)
    words = [message.content for message in bot.messages]
    assert words == ["", f"{server.bot.mention} for you", "direct"]
    assert bot.messages[0].attachments == []


async def test_with_the_intent_all_words_are_given(server: DiscordServer, hall: Channel, ada: User) -> None:
    intents = discord.Intents.default()
    intents.message_content = True
    async with running(server, intents=intents) as ears:
        await server.control.say(hall, ada, "open secret")
        assert (await ears.message()).content == "open secret"


async def test_a_reply_with_a_ping_means_the_bot(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await server.control.say(hall, ada, "hello", mention_bot=True)
    answer = await (await bot.message()).channel.send("Hi")
    ours = hall.messages[answer.id]
    await server.control.say(hall, ada, "heard", reply_to=ours)
    await server.control.say(hall, ada, "unheard", reply_to=ours, ping=False)
    await bot.message(2)
    assert [message.content for message in bot.messages[1:]] == ["heard", ""]
    assert bot.messages[1].reference is not None and bot.messages[1].reference.message_id == answer.id


async def test_components_with_pictures_arrive_and_can_be_read_back(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "show me")
    view = discord.ui.LayoutView()
    gallery = discord.ui.MediaGallery[discord.ui.LayoutView]()
    gallery.add_item(media="attachment://mara.png", description="Mara at the window")
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("## Mara"), gallery, accent_colour=0xE0A030))
    heard = await bot.message()
    sent = await heard.channel.send(view=view, files=[discord.File(io.BytesIO(picture()), "mara.png")])
    shown = server.control.transcript(dm)[-1]
    assert shown.lines == ("│ ## Mara", "│ (picture mara.png: Mara at the window)")
    assert (shown.pictures[0].width, shown.pictures[0].content) == (64, picture())
    assert await sent.attachments[0].read() == picture()


async def test_the_page_shows_what_people_see_and_stands_alone(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    words = "## Title\n> said\n- one\n<b>bold</b> & **true**"
    await server.control.say(hall, ada, words, attachments=[("a.png", picture())])
    shown = page(server.world, "Hall", (hall, ada))
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; <b>true</b>" in shown
    assert '<h3>Title</h3><blockquote>said</blockquote><div class="item">one</div>' in shown
    assert "data:image/png;base64," in shown and 'src="http' not in shown


async def test_a_nonce_is_one_message_for_some_minutes(server: DiscordServer, bot: Ears, ada: User) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "hello")
    channel = (await bot.message()).channel
    first = await channel.send("Hi", nonce=7)
    again = await channel.send("Hi", nonce=7)
    assert again.id == first.id
    server.clock.advance(600)
    assert (await channel.send("Hi", nonce=7)).id != first.id


async def test_threads_come_and_go(server: DiscordServer, bot: Ears, hall: Channel, ada: User) -> None:
    thread = server.control.thread(hall, "a side room", ada)
    await server.control.say(thread, ada, "in here", mention_bot=True)
    heard = await bot.message()
    assert isinstance(heard.channel, discord.Thread) and heard.channel.parent_id == hall.id
    server.control.delete_channel(thread)
    with pytest.raises(discord.NotFound) as refused:
        await heard.channel.send("too late")
    assert refused.value.code == 10003


async def test_who_blocks_the_bot_gets_nothing(server: DiscordServer, bot: Ears, ada: User) -> None:
    await server.control.say(server.control.dm(ada), ada, "goodbye")
    heard = await bot.message()
    ada.blocks_bot = True
    with pytest.raises(discord.Forbidden) as refused:
        await heard.author.send("wait")
    assert refused.value.code == 50007


async def test_guilds_are_joined_and_left(server: DiscordServer, bot: Ears, ada: User) -> None:
    await bot.client.wait_until_ready()
    attic = server.control.guild("Attic", ada, bot=False)
    room = server.control.channel(attic, "room")
    joined = asyncio.ensure_future(bot.client.wait_for("guild_join", timeout=5))
    await asyncio.sleep(0)
    server.control.add_bot(attic)
    assert (await joined).get_channel(room.id) is not None
    left = asyncio.ensure_future(bot.client.wait_for("guild_remove", timeout=5))
    await asyncio.sleep(0)
    server.control.remove_bot(attic)
    assert (await left).id == attic.id


async def test_a_bot_writes_first_and_types(server: DiscordServer, bot: Ears, ada: User) -> None:
    person = await bot.client.fetch_user(ada.id)
    async with person.typing():
        await person.send("May I?")
    dm = server.control.dm(ada)
    assert [entry.text for entry in server.control.transcript(dm, ada)] == ["May I?"]
    assert len(dm.typing) == 1


async def test_messages_come_only_with_their_intents(server: DiscordServer, hall: Channel, ada: User) -> None:
    intents = discord.Intents(guilds=True, dm_messages=True)
    async with running(server, intents=intents) as ears:
        await server.control.say(hall, ada, "hello", mention_bot=True)
        await server.control.say(server.control.dm(ada), ada, "psst")
        assert (await ears.message()).content == "psst"
        assert len(ears.messages) == 1


async def test_a_message_wakes_a_sleeping_thread_but_not_a_locked_one(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    thread = server.control.thread(hall, "a side room", ada)
    await server.control.say(thread, ada, "in here", mention_bot=True)
    channel = (await bot.message()).channel
    server.control.archive(thread)
    await channel.send("good morning")
    assert not thread.archived
    server.control.archive(thread, locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("let me in")
    assert refused.value.code == 50083
    server.control.delete_channel(hall)
    with pytest.raises(discord.NotFound):
        await channel.send("anyone?")


async def test_other_bots_and_webhooks_can_be_told_apart(
    server: DiscordServer, bot: Ears, hall: Channel, lab: Guild
) -> None:
    other = server.control.user("Feed", bot=True)
    server.control.join(lab, other)
    await server.control.say(hall, other, "beep", mention_bot=True)
    await server.control.say_by_webhook(hall, "Bridge", f"{server.bot.mention} boop")
    await bot.message(1)
    assert [(m.author.bot, m.webhook_id is not None) for m in bot.messages] == [(True, False), (True, True)]
    assert [m.author.name for m in bot.messages] == ["feed", "Bridge"]


async def test_after_an_outage_the_library_starts_anew_and_only_history_tells_what_was_said(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    port = int(server.world.origin.rsplit(":", 1)[1])
    dm = server.control.dm(ada)
    before = await server.control.say(dm, ada, "hello")
    channel = (await bot.message()).channel
    await server.stop()
    await server.control.say(dm, ada, "anyone there?")
    await server.start(port)
    # discord.py gives its session up when one attempt to reconnect fails (shard.py, `reconnect`).
    await server.gateway.until_ready()
    assert server.gateway.identified == 2
    missed = [message.content async for message in channel.history(after=discord.Object(before.id))]
    assert missed == ["anyone there?"]
    assert len(bot.messages) == 1


# Webhooks


async def test_a_webhook_speaks_under_other_names(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await server.control.say(hall, ada, "hello", mention_bot=True)
    channel = (await bot.message()).channel
    assert isinstance(channel, discord.TextChannel)
    hook = await channel.create_webhook(name="Selfsame")
    sent = await hook.send("I am Mara", username="Mara", wait=True)
    await sent.edit(content="I am Mara.")
    assert [entry.author for entry in server.control.transcript(hall)] == ["Ada", "Mara"]
    assert server.control.transcript(hall)[-1].text == "I am Mara."
    with pytest.raises(discord.HTTPException, match="clyde"):
        await hook.send("I am", username="Clyde")
    server.control.delete_webhooks(hall)
    with pytest.raises(discord.NotFound) as gone:
        await hook.send("anyone?", username="Mara")
    assert gone.value.code == 10015


async def test_without_the_permission_there_is_no_webhook(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await server.control.say(hall, ada, "hello", mention_bot=True)
    channel = (await bot.message()).channel
    assert isinstance(channel, discord.TextChannel)
    server.control.deny(hall, "MANAGE_WEBHOOKS")
    with pytest.raises(discord.Forbidden) as refused:
        await channel.create_webhook(name="Selfsame")
    assert refused.value.code == 50013
    server.control.allow(hall, "MANAGE_WEBHOOKS")
    assert await channel.create_webhook(name="Selfsame")


# Interactions


async def test_a_slash_command_is_deferred_answered_and_followed_up(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await with_commands(bot, greet)
    asked = await server.control.slash(hall, ada, "greet", {"name": "Bob"})
    heard = await bot.interaction()
    assert heard.namespace.name == "Bob" and heard.context.guild
    await heard.response.defer(thinking=True)
    assert server.control.transcript(hall)[-1].thinking
    await heard.followup.send("Hello Bob")
    await heard.followup.send("Anything else?", ephemeral=True)
    assert (await asked.reply()).text == "Hello Bob"
    assert (await asked.followup()).ephemeral
    assert len(hall.messages) == 2
    assert asked.answered_after is not None and asked.answered_after < 3


async def test_a_button_opens_a_form_and_its_submit_is_heard(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "menu")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Rename", custom_id="rename"))
    view.add_item(discord.ui.Button(label="Never", custom_id="never", disabled=True))
    sent = await (await bot.message()).channel.send("Choose", view=view)
    message = dm.messages[sent.id]
    clicked = await server.control.click(message, "Rename", ada)
    form = discord.ui.Modal(title="A new name", custom_id="form")
    form.add_item(
        discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name", max_length=5))
    )
    await (await bot.interaction()).response.send_modal(form)
    opened = await clicked.opened()
    with pytest.raises(CannotSend):
        await server.control.submit(opened, {"Name": "too long"})
    submitted = await server.control.submit(opened, {"Name": "Zoe"})
    heard = await bot.interaction(1)
    assert heard.type is discord.InteractionType.modal_submit and heard.message is not None
    await heard.response.edit_message(content="Zoe it is", view=None)
    assert (await submitted.reply()) is message
    assert (message.text, message.labels) == ("Zoe it is", [])


async def test_a_choice_carries_its_values(server: DiscordServer, bot: Ears, ada: User) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "menu")
    options = [discord.SelectOption(label="Red", value="r"), discord.SelectOption(label="Blue", value="b")]
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Select(custom_id="colour", placeholder="Colour", options=options))
    sent = await (await bot.message()).channel.send("Which?", view=view)
    chosen = await server.control.choose(dm.messages[sent.id], "Colour", ["Blue"], ada)
    heard = await bot.interaction()
    assert heard.data is not None and heard.data["values"] == ["b"]  # type: ignore[typeddict-item]
    await heard.response.defer()
    assert await chosen.answered() == 6
    with pytest.raises(CannotSend):
        await server.control.choose(dm.messages[sent.id], "Colour", ["Green"], ada)


async def test_autocompletion_shows_choices(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    tree = app_commands.CommandTree(bot.client)

    @tree.command(name="talk", description="Talk to someone")
    async def talk(interaction: discord.Interaction, to: str) -> None:
        raise NotImplementedError

    @talk.autocomplete("to")
    async def names(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=n, value=n) for n in ("Mara", "Max", "Zoe") if n.startswith(typed)]

    await tree.sync()
    shown = await server.control.autocomplete(hall, ada, "talk", "to", "Ma")
    assert [choice["name"] for choice in shown] == ["Mara", "Max"]
    with pytest.raises(CannotSend, match="needs"):
        await server.control.slash(hall, ada, "talk")


async def test_people_places_and_files_can_be_given_to_a_command(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    @app_commands.command(name="show", description="Show things")
    async def show(
        interaction: discord.Interaction,
        who: discord.Member,
        where: discord.TextChannel,
        what: discord.Attachment,
        loud: bool,
        times: app_commands.Range[int, 1, 3],
    ) -> None:
        """Heard by Ears."""

    await with_commands(bot, show)
    given = {"who": ada, "where": hall, "what": ("a.png", picture()), "loud": True, "times": 2}
    await server.control.slash(hall, ada, "show", given)
    told = (await bot.interaction()).namespace
    assert isinstance(told.who, discord.Member) and told.who.id == ada.id
    assert (told.where.id, told.loud, told.times) == (hall.id, True, 2)
    assert (told.what.width, await told.what.read()) == (64, picture())
    for wrong in ({"times": 4}, {"loud": "yes"}, {"times": "2"}):
        with pytest.raises(CannotSend):
            await server.control.slash(hall, ada, "show", {**given, **wrong})


async def test_groups_of_commands_are_reached_by_their_path(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    group = app_commands.Group(name="memory", description="What it knows")
    group.add_command(app_commands.Command(name="add", description="Add", callback=greet.callback))
    tree = app_commands.CommandTree(bot.client)
    tree.add_command(group)
    await tree.sync()
    dm = server.control.dm(ada)
    await server.control.slash(dm, ada, "memory add", {"name": "tea"})
    heard = await bot.interaction()
    assert heard.command is not None and heard.command.qualified_name == "memory add"
    assert heard.namespace.name == "tea" and heard.context.dm_channel
    with pytest.raises(CannotSend, match="subcommand"):
        await server.control.slash(dm, ada, "memory")


async def test_a_context_menu_gets_its_message(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    async def keep(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"Kept: {message.content}", ephemeral=True)

    tree = app_commands.CommandTree(bot.client)
    tree.add_command(app_commands.ContextMenu(name="Keep this", callback=keep))
    await tree.sync()
    said = await server.control.say(hall, ada, "the moon was green")
    used = await server.control.menu(hall, ada, "Keep this", said)
    assert (await used.reply()).text == "Kept: the moon was green"


async def test_a_form_takes_choices_and_files(server: DiscordServer, bot: Ears, ada: User) -> None:
    await with_commands(bot, greet)
    dm = server.control.dm(ada)
    asked = await server.control.slash(dm, ada, "greet")
    options = [discord.SelectOption(label="Red", value="r"), discord.SelectOption(label="Blue", value="b")]
    form = discord.ui.Modal(title="Look", custom_id="look")
    upload: discord.ui.FileUpload[discord.ui.Modal] = discord.ui.FileUpload(custom_id="face")
    person: discord.ui.UserSelect[discord.ui.Modal] = discord.ui.UserSelect(custom_id="who", required=False)
    for label, part in (
        ("Colour", discord.ui.Select(custom_id="colour", options=options)),
        ("Face", upload),
        ("Who", person),
    ):
        form.add_item(discord.ui.Label(text=label, component=part))
    await (await bot.interaction()).response.send_modal(form)
    submitted = asyncio.ensure_future(form.wait())
    values = {"Colour": ["Blue"], "Face": [("a.png", picture())], "Who": [ada]}
    await server.control.submit(await asked.opened(), values)
    await submitted
    assert await upload.values[0].read() == picture()
    assert [one.id for one in person.values] == [ada.id]
    with pytest.raises(CannotSend, match="choose 1"):
        await server.control.submit(await asked.opened(), {"Colour": ["Red"]})


async def test_roles_of_the_bot_change_what_it_may(
    server: DiscordServer, bot: Ears, hall: Channel, lab: Guild, ada: User
) -> None:
    await bot.client.wait_until_ready()
    guild = bot.client.get_guild(lab.id)
    channel = bot.client.get_channel(hall.id)
    assert guild is not None and isinstance(channel, discord.TextChannel)
    assert channel.permissions_for(guild.me).manage_webhooks
    told = asyncio.ensure_future(bot.client.wait_for("guild_role_update", timeout=5))
    await asyncio.sleep(0)
    server.control.set_role(lab)
    await told
    assert not channel.permissions_for(guild.me).manage_webhooks
    with pytest.raises(discord.Forbidden):
        await channel.webhooks()


async def test_what_is_not_offered_cannot_be_sent(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    adult = app_commands.Command(name="night", description="Late", callback=greet.callback, nsfw=True)
    await with_commands(bot, greet, adult)
    with pytest.raises(CannotSend, match="no command"):
        await server.control.slash(hall, ada, "dance")
    with pytest.raises(CannotSend, match="no option"):
        await server.control.slash(hall, ada, "greet", {"colour": "red"})
    with pytest.raises(CannotSend, match="age-restricted"):
        await server.control.slash(hall, ada, "night")
    server.control.set_nsfw(hall, True)
    await server.control.slash(server.control.thread(hall, "side", ada), ada, "night")
    with pytest.raises(CannotSend, match="not installed"):
        await server.control.slash(server.control.private(ada, server.control.user("Bob")), ada, "greet")


async def test_only_its_reader_sees_an_ephemeral_message(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User, lab: Guild
) -> None:
    bob = server.control.user("Bob")
    server.control.join(lab, bob)
    await with_commands(bot, greet)
    asked = await server.control.slash(hall, ada, "greet")
    heard = await bot.interaction()
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Ok", custom_id="ok"))
    await heard.response.send_message("Psst", ephemeral=True, view=view)
    secret = await asked.reply()
    assert [e.text for e in server.control.transcript(hall, ada)] == ["Psst"]
    assert server.control.transcript(hall, bob) == [] == server.control.transcript(hall)
    with pytest.raises(CannotSend):
        await server.control.click(secret, "Ok", bob)
    channel = bot.client.get_channel(hall.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(secret.id)
    with pytest.raises(discord.NotFound):
        await channel.get_partial_message(secret.id).edit(content="Louder")
    await heard.edit_original_response(content="Psst!")
    assert secret.text == "Psst!"


async def test_an_answer_after_three_seconds_is_too_late(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await with_commands(bot, greet)
    asked = await server.control.slash(hall, ada, "greet")
    heard = await bot.interaction()
    server.clock.advance(3.1)
    with pytest.raises(discord.NotFound) as refused:
        await heard.response.send_message("Hello")
    assert refused.value.code == 10062
    assert asked.errors == ["too late"]


async def test_a_second_answer_is_refused(server: DiscordServer, bot: Ears, hall: Channel, ada: User) -> None:
    await with_commands(bot, greet)
    asked = await server.control.slash(hall, ada, "greet")
    heard = await bot.interaction()
    server.control.repeat(asked)
    twin = await bot.interaction(1)
    await heard.response.send_message("Hello")
    with pytest.raises(discord.HTTPException) as refused:
        await twin.response.send_message("Hello")
    assert refused.value.code == 40060


async def test_a_token_dies_after_fifteen_minutes(
    server: DiscordServer, bot: Ears, hall: Channel, ada: User
) -> None:
    await with_commands(bot, greet)
    asked = await server.control.slash(hall, ada, "greet")
    heard = await bot.interaction()
    await heard.response.defer()
    server.clock.advance(15 * 60 - 5)
    await heard.edit_original_response(content="nearly")
    server.clock.advance(6)
    with pytest.raises(discord.HTTPException) as refused:
        await heard.edit_original_response(content="too late")
    assert (refused.value.status, refused.value.code) == (401, 50027)
    assert (await asked.reply()).text == "nearly"


async def test_in_a_private_chat_the_bot_has_only_the_interaction(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    server.limits.pace = 0.1
    ada.installed = True
    command = app_commands.Command(
        name="greet",
        description="Hello",
        callback=greet.callback,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    )
    await with_commands(bot, command)
    chat = server.control.private(ada, server.control.user("Bob"))
    asked = await server.control.slash(chat, ada, "greet", context="private")
    heard = await bot.interaction()
    assert heard.context.private_channel and heard.is_user_integration()
    await heard.response.send_message("Hello both")
    assert (await asked.reply()).text == "Hello both"
    assert isinstance(heard.channel, discord.DMChannel)
    with pytest.raises(discord.Forbidden) as refused:
        await heard.channel.send("and more")
    assert refused.value.code == 50001
    for _ in range(5):
        await heard.followup.send("more")
    with pytest.raises(discord.HTTPException) as enough:
        await heard.followup.send("too much")
    assert enough.value.code == 40094


# Limits and faults


async def test_the_library_keeps_to_the_limits_that_it_is_told(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    server.limits.pace = 0.1
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "hello")
    channel = (await bot.message()).channel
    await asyncio.gather(*(channel.send(str(number)) for number in range(7)))
    assert len(dm.messages) == 8
    assert server.limits.violations == []
    times = [change.time for change in server.control.history(dm)[1:]]
    # The window of 0.5 s opens when the first request comes, a moment before its message stands there.
    assert times[5] - times[0] > 0.4


async def test_a_429_is_waited_out(server: DiscordServer, bot: Ears, ada: User) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "hello")
    heard = await bot.message()
    server.faults.answer(429, retry_after=0.3, route="/channels/{channel}/messages")
    await heard.channel.send("patient")
    statuses = [line.status for line in server.requests if line.method == "POST"][-2:]
    assert statuses == [429, 200]
    assert server.limits.violations == []
    waited = server.requests[-1].time - server.requests[-2].time
    assert waited >= 0.3


async def test_a_lost_answer_was_applied_and_a_drop_was_not(
    server: DiscordServer, bot: Ears, ada: User
) -> None:
    dm = server.control.dm(ada)
    await server.control.say(dm, ada, "hello")
    channel = (await bot.message()).channel
    server.faults.lose(method="POST", route="/messages")
    with pytest.raises(aiohttp.ClientError):
        await channel.send("applied")
    server.faults.drop(method="POST", route="/messages")
    with pytest.raises(aiohttp.ClientError):
        await channel.send("never seen")
    assert [message.text for message in dm.messages.values()] == ["hello", "applied"]
    assert [fault.kind for _, _, fault in server.faults.happened] == ["lose", "drop"]


async def test_random_faults_follow_their_seed(server: DiscordServer) -> None:
    server.faults.sometimes(0.5, seed=3)
    first = [server.faults.draw("GET", "/x") for _ in range(50)]
    server.faults.sometimes(0.5, seed=3)
    assert [server.faults.draw("GET", "/x") for _ in range(50)] == first
    assert 10 < sum(fault is not None for fault in first) < 40
    server.faults.stop()
    assert server.faults.draw("GET", "/x") is None


async def test_until_says_what_it_saw(server: DiscordServer, hall: Channel, ada: User) -> None:
    await server.control.say(hall, ada, "only this")

    def never(messages: list[Message]) -> bool:
        return len(messages) > 1

    with pytest.raises(AssertionError, match="only this"):
        await hall.until(never, 0.05)
