"""How the world looks in JSON: one function for each of Discord's objects. Called by rest.py, gateway.py and
interactions.py; `message` blanks what a bot without the message content intent is not given."""

from __future__ import annotations

import hashlib

from tests.loopback.discord.clock import timestamp
from tests.loopback.discord.errors import Json
from tests.loopback.discord.world import (
    DM,
    GROUP_DM,
    THREAD,
    Attachment,
    Channel,
    Guild,
    Member,
    Message,
    Role,
    User,
    Webhook,
    World,
)


def user(who: User) -> Json:
    """A user object."""
    return {
        "id": str(who.id),
        "username": who.name.lower().replace(" ", "_"),
        "global_name": None if who.bot else who.name,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "bot": who.bot,
        "public_flags": 0,
    }


def me(world: World) -> Json:
    """The bot as it sees itself."""
    own = {"mfa_enabled": True, "verified": True, "locale": "en-US", "flags": 0, "email": None}
    return {**user(world.bot), "username": world.bot.name, **own}


def member(world: World, whose: Member, *, with_user: bool = True, channel: Channel | None = None) -> Json:
    """A member object; in interactions with its permissions in the channel."""
    shape: Json = {
        "roles": [str(role) for role in whose.roles],
        "nick": whose.nick,
        "joined_at": whose.joined,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "avatar": None,
        "premium_since": None,
    }
    if with_user:
        shape["user"] = user(whose.user)
    if channel is not None:
        shape["permissions"] = str(world.permissions(whose.user, channel))
    return shape


def role(what: Role, position: int) -> Json:
    """A role object."""
    return {
        "id": str(what.id),
        "name": what.name,
        "permissions": str(what.permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(what: Channel) -> Json:
    """A channel object of whatever kind it is."""
    last = what.last
    shape: Json = {
        "id": str(what.id),
        "type": what.type,
        "last_message_id": str(last.id) if last else None,
        "flags": 0,
    }
    if what.type == THREAD:
        return {**shape, **_thread(what)}
    if what.type in (DM, GROUP_DM):
        others = [user(one) for one in what.recipients if not one.bot]
        named = {"name": what.name or None, "icon": None, "owner_id": None} if what.type == GROUP_DM else {}
        return {**shape, "recipients": others, **named}
    assert what.guild is not None
    overwrites = [
        {"id": str(target), "type": 0 if is_role else 1, "allow": str(allow), "deny": str(deny)}
        for target, (is_role, allow, deny) in what.overwrites.items()
    ]
    return {
        **shape,
        "guild_id": str(what.guild.id),
        "name": what.name,
        "position": 0,
        "permission_overwrites": overwrites,
        "nsfw": what.nsfw,
        "topic": None,
        "parent_id": None,
        "rate_limit_per_user": 0,
    }


def _thread(what: Channel) -> Json:
    assert what.guild is not None and what.parent is not None and what.owner is not None
    return {
        "guild_id": str(what.guild.id),
        "parent_id": str(what.parent.id),
        "owner_id": str(what.owner.id),
        "name": what.name,
        "message_count": len(what.messages),
        "total_message_sent": len(what.messages),
        "member_count": 2,
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": what.archived,
            "locked": what.locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": timestamp(),
        },
    }


def guild(world: World, what: Guild) -> Json:
    """A guild object without what only GUILD_CREATE has."""
    return {
        "id": str(what.id),
        "name": what.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": str(what.owner.id),
        "region": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": what.nsfw_level,
        "premium_tier": 0,
        "preferred_locale": what.locale,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(one, place) for place, one in enumerate(what.roles.values())],
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
    }


def guild_create(world: World, what: Guild, *, all_members: bool) -> Json:
    """The whole guild, as the gateway announces it; members other than the bot only with their intent."""
    shown = [one for one in what.members.values() if all_members or one.user is world.bot]
    places = [one for one in what.channels.values() if not one.deleted]
    return {
        **guild(world, what),
        "joined_at": what.joined,
        "large": False,
        "unavailable": False,
        "member_count": len(what.members),
        "members": [member(world, one) for one in shown],
        "channels": [channel(one) for one in places if one.type != THREAD],
        "threads": [channel(one) for one in places if one.type == THREAD],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def attachment(what: Attachment) -> Json:
    """An attachment object."""
    shape: Json = {
        "id": str(what.id),
        "filename": what.filename,
        "size": len(what.content),
        "url": what.url,
        "proxy_url": what.url,
        "content_type": what.content_type,
        **what.extra,
    }
    if what.width:
        shape |= {"width": what.width, "height": what.height}
    return {**shape, "description": what.description} if what.description else shape


def author(what: Message) -> Json:
    """Who a message is from: a user, or a webhook under the name of this message."""
    if not what.author_name:
        return user(what.author)
    return {
        "id": str(what.webhook_id),
        "username": what.author_name,
        "global_name": None,
        "discriminator": "0000",
        "avatar": picture_hash(what.avatar_url),
        "bot": True,
    }


def message(world: World, what: Message, *, content: bool = True, nested: bool = False) -> Json:
    """A message object; `content=False` blanks what belongs to the message content intent."""
    shape: Json = {
        "id": str(what.id),
        "channel_id": str(what.channel.id),
        "author": author(what),
        "content": what.content if content else "",
        "timestamp": what.timestamp,
        "edited_timestamp": what.edited,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user(one) for one in what.mentions],
        "mention_roles": [],
        "attachments": [attachment(one) for one in what.attachments] if content else [],
        "embeds": what.embeds if content else [],
        "components": what.components if content else [],
        "pinned": False,
        "type": _type(what),
        "flags": what.flags,
    }
    if what.nonce is not None:
        shape["nonce"] = what.nonce
    if what.webhook_id is not None:
        shape["webhook_id"] = str(what.webhook_id)
    if what.application_id is not None:
        shape["application_id"] = str(what.application_id)
    if what.interaction is not None:
        shape |= _interaction_of(what)
    if what.reference is not None and not nested:
        shape |= _reference(world, what.reference, content)
    return shape


def _type(what: Message) -> int:
    """19 a reply, 20 the answer to a slash command, else 0."""
    origin = what.interaction
    if origin is not None and origin.type == 2 and what not in origin.followups:
        return 20
    return 19 if what.reference else 0


def _interaction_of(what: Message) -> Json:
    origin = what.interaction
    about: Json = {
        "id": str(origin.id),
        "type": origin.type,
        "user": user(origin.user),
        "authorizing_integration_owners": origin.owners,
    }
    if origin.type == 3:
        about["interacted_message_id"] = str(origin.message.id)
    shape: Json = {"interaction_metadata": about}
    if origin.type == 2:
        shape["interaction"] = {
            "id": str(origin.id),
            "type": 2,
            "name": origin.data["name"],
            "user": user(origin.user),
        }
    return shape


def _reference(world: World, what: Message, content: bool) -> Json:
    where: Json = {"message_id": str(what.id), "channel_id": str(what.channel.id), "type": 0}
    if what.channel.guild is not None:
        where["guild_id"] = str(what.channel.guild.id)
    if what.deleted:
        return {"message_reference": where, "referenced_message": None}
    visible = content or what.author is world.bot or world.bot in what.mentions
    told = message(world, what, content=visible, nested=True)
    return {"message_reference": where, "referenced_message": told}


def message_event(world: World, what: Message, *, content: bool = True) -> Json:
    """A message as the gateway dispatches it: with the guild and the author's membership."""
    shape = message(world, what, content=content)
    place = what.channel
    shape["channel_type"] = place.type
    if place.guild is None:
        return shape
    shape["guild_id"] = str(place.guild.id)
    belongs = place.guild.members.get(what.author.id)
    if belongs is not None and not what.author_name:
        shape["member"] = member(world, belongs, with_user=False)
    for told, one in zip(shape["mentions"], what.mentions, strict=True):
        if one.id in place.guild.members:
            told["member"] = member(world, place.guild.members[one.id], with_user=False)
    return shape


def picture_hash(picture: str | None) -> str | None:
    """How Discord names a picture that was uploaded or fetched: by what is in it."""
    return hashlib.md5(picture.encode()).hexdigest() if picture else None


def webhook(what: Webhook, owner: User | None) -> Json:
    """A webhook object; its token is told to the application that made it (`owner`) only."""
    shape: Json = {
        "id": str(what.id),
        "type": 1,
        "name": what.name,
        "avatar": picture_hash(what.avatar),
        "channel_id": str(what.channel.id),
        "guild_id": str(what.channel.guild.id) if what.channel.guild else None,
        "application_id": str(what.application_id) if what.application_id else None,
    }
    return {**shape, "user": user(owner), "token": what.token} if owner else shape


def application(world: World) -> Json:
    """The application, as it asks about itself."""
    what = world.application
    return {
        "id": str(what.id),
        "name": what.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": what.flags,
        "owner": user(what.owner),
        "team": None,
        "bot": user(what.bot),
        "approximate_guild_count": sum(one.has(what.bot) for one in world.guilds.values()),
        "approximate_user_install_count": sum(one.installed for one in world.users.values()),
        "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "0"},
        "integration_types_config": {"0": {}, "1": {}},
    }
