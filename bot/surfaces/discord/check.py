"""What `selfsame doctor` finds out about Discord: the token, the intents, and the links that invite the bot.

`bot/doctor.py` calls `check`. It only reads; no gateway connection is made.
"""

from __future__ import annotations

import aiohttp
import discord

from bot.ports import Finding, SurfaceError
from bot.surfaces.discord.client import NO_ADDRESS, WRONG_INTENT, logged_in, make_client
from bot.surfaces.discord.config import DiscordSettings

INVITE = "https://discord.com/oauth2/authorize"

CODE_GRANT = (
    "Nobody can add this bot to a server. Switch it off: discord.com/developers → your application → Bot → "
    "Requires OAuth2 Code Grant."
)
NO_USER_INSTALL = (
    "It cannot be added to an account. If you want that: discord.com/developers → your application → "
    "Installation → User Install."
)

# What characters need in a server, by Discord's own names; docs/discord.md says what each is for.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
    manage_webhooks=True,
)


def invite_link(application_id: str) -> str:
    """The address that adds the bot to a server, with exactly the scopes and permissions that it uses."""
    return (
        f"{INVITE}?client_id={application_id}&scope=bot+applications.commands"
        f"&permissions={PERMISSIONS.value}&integration_type=0"
    )


def install_link(application_id: str) -> str:
    """The address that adds the bot to one's own account: its commands then work in every chat."""
    return f"{INVITE}?client_id={application_id}&scope=applications.commands&integration_type=1"


async def check(settings: DiscordSettings) -> tuple[Finding, ...]:
    """Log in and look. What cannot be reached is a finding, too."""
    client = make_client(settings, Nobody())
    try:
        async with logged_in(client, settings):
            return await _look(client, settings)
    except SurfaceError as error:
        where = "address" if error.sentence == NO_ADDRESS else "token"
        return (Finding(False, f"Discord: {where}", error.sentence),)
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        sentence = f"Discord cannot be reached ({type(error).__name__}). Check the network and api_url."
        return (Finding(False, "Discord", sentence),)


async def _look(client: discord.Client, settings: DiscordSettings) -> tuple[Finding, ...]:
    application = str(client.application_id)
    return (
        Finding(True, "Discord: token", f"The bot is {client.user}, application {application}."),
        *_intents(client, settings),
        *_endpoint(client),
        *_links(client.application, application),
    )


def _links(about: discord.AppInfo | None, application: str) -> tuple[Finding, ...]:
    """What invites the bot, or why it cannot be invited."""
    yourself = install_link(application)
    if about and about.guild_integration_config and not about.user_integration_config:
        yourself = NO_USER_INSTALL
    return (
        *(
            (Finding(False, "Discord: invitation", CODE_GRANT),)
            if about and about.bot_require_code_grant
            else ()
        ),
        Finding(None, "Discord: add to a server", invite_link(application)),
        Finding(None, "Discord: add to your account", yourself),
    )


def _intents(client: discord.Client, settings: DiscordSettings) -> tuple[Finding, ...]:
    if not settings.message_content:
        return ()
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return (Finding(True, "Discord: intents", "The bot may read messages that do not mention it."),)
    return (Finding(False, "Discord: intents", WRONG_INTENT),)


def _endpoint(client: discord.Client) -> tuple[Finding, ...]:
    """An application that sends its clicks elsewhere is deaf to them here."""
    if client.application is None or client.application.interactions_endpoint_url is None:
        return ()
    sentence = (
        "Commands and clicks of this application are sent to a web address instead of here. Empty it: "
        "discord.com/developers → your application → General Information → Interactions Endpoint URL."
    )
    return (Finding(False, "Discord: commands", sentence),)


class Nobody:
    """Hears of nothing: nothing connects to the gateway here."""

    async def message(self, message: discord.Message) -> None:
        """Nobody listens."""

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Nobody listens."""
