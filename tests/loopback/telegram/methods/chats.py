"""Chats and who is in them."""

from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.methods import common
from tests.loopback.telegram.model import Member
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.world import World

# Everything that an administrator can be allowed.
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def get_chat(world: World, call: Params) -> dict[str, Any]:
    """getChat"""
    chat = world.chat(call.text("chat_id"))
    if not chat.private:
        common.standing(world, chat)
    return {
        **chat.to_api(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def member_api(member: Member) -> dict[str, Any]:
    """The Bot API's ChatMember."""
    answer: dict[str, Any] = {"user": member.user.to_api(), "status": member.status}
    if member.status == "creator":
        answer["is_anonymous"] = False
    elif member.status == "administrator":
        answer |= {"can_be_edited": False, "is_anonymous": False}
        answer |= {right: right in member.rights for right in RIGHTS}
    elif member.status == "kicked":
        answer["until_date"] = 0
    return answer


def get_chat_member(world: World, call: Params) -> dict[str, Any]:
    """getChatMember"""
    chat = world.chat(call.text("chat_id"))
    number = call.number("user_id")
    if chat.private:
        if number not in {chat.id, world.bot.id}:
            raise bad_request("member not found")
        return member_api(Member(world.users[number]))
    common.standing(world, chat)
    member = chat.members.get(number)
    if member is None:
        if number not in world.users:
            raise bad_request("PARTICIPANT_ID_INVALID")
        member = Member(world.users[number], "left")
    return member_api(member)


def get_chat_administrators(world: World, call: Params) -> list[dict[str, Any]]:
    """getChatAdministrators: other bots are left out."""
    chat = world.chat(call.text("chat_id"))
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    common.standing(world, chat)
    chiefs = [m for m in chat.members.values() if m.status in {"creator", "administrator"}]
    return [member_api(m) for m in chiefs if not m.user.is_bot or m.user is world.bot]


def get_chat_member_count(world: World, call: Params) -> int:
    """getChatMemberCount"""
    chat = world.chat(call.text("chat_id"))
    return 2 if chat.private else sum(m.status not in {"left", "kicked"} for m in chat.members.values())


def leave_chat(world: World, call: Params) -> bool:
    """leaveChat"""
    chat = world.chat(call.text("chat_id"))
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    common.standing(world, chat)
    chat.members[world.bot.id] = Member(world.bot, "left")
    chat.touch()
    return True


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
