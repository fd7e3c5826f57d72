"""One person across services: `/link` makes accounts one by a code, `/unlink` separates them. Calls `engine/store/links.py`.

The code is the consent of both sides: it is shown to one account and typed by the other, and both are in private.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from bot.commands.command import Request
from bot.commands.privacy import LOCAL
from bot.messages import Button, Call, Confirm, Outbound, Text
from engine.build import Account
from engine.errors import InputError

# How people call where an account is; the page and the terminal are one account, that of this machine.
NAMES = {LOCAL: "the page", "discord": "Discord", "telegram": "Telegram"}

TOGETHER = """\
Your characters, pictures, private conversations and what characters remember of them {become} one. Where you \
talked with the same character in both, the conversation you used last goes on, and the other one stays remembered. \
Servers keep their own memories. /unlink separates everything again."""
APART = """\
What came with it {goes} back: its characters, pictures and memories, and its conversations with all that was said in \
them since. What you began after linking stays with {rest}. Nothing is deleted, and neither knows of the other any more."""
SEEN = (
    "Others can read that here, so the code is good for nothing now. "
    "Send /link to me in a private chat, and type the new code in a private chat, too."
)
WHO = (
    "Become one person with {others}? Go on only if that is you: whoever has that account then reads your private "
    "conversations, memories and pictures, and can delete them. Somebody gave you this code? Then it is theirs, not yours."
)
# Characters of a button's label.
LABEL = 60
ALONE = "Nothing is linked to this account. /link makes a code that joins it with your account on another service."


async def link(request: Request) -> AsyncGenerator[Outbound]:
    """A code to type elsewhere, or with a code: become one with whoever made it."""
    links, here, code = request.tools.engine.links, _account_surface(request), request.text("code")
    if code and not request.inbound.origin.private:
        await links.void(code)
        raise InputError(SEEN)
    _only_in_private(request, "link")
    if code and not request.flag("confirm"):
        others = _listed(_titles(await links.offering(code, request.person_id, here)))
        yield Confirm(WHO.format(others=others), Button(f"Link with {others}"[:LABEL], _joining(code)))
        return
    if code:
        accounts = await links.join(code, request.person_id, here)
        yield Text(f"Done: {_listed(_titles(accounts))} are linked. {TOGETHER.format(become='are')}")
        return
    offer = await links.offer(request.person_id, here)
    yield Text(
        f"Your code is {offer.code}. Send “/link {offer.code}” to me where else you talk with me: on Discord, on "
        "Telegram or on the page. It works once, for ten minutes. Keep it to yourself: whoever sends it becomes "
        f"you here.\n\n{TOGETHER.format(become='become')}"
    )


async def unlink(request: Request) -> AsyncGenerator[Outbound]:
    """Separate accounts again; asks first, and asks which where there are several."""
    _only_in_private(request, "unlink")
    links = request.tools.engine.links
    accounts = await links.accounts(request.person_id)
    if request.flag("confirm"):
        home = request.text("account")
        title = _listed(_titles([one for one in accounts if one.home_id == home]))
        rest = _listed(_titles([one for one in accounts if one.home_id != home]))
        await links.separate(request.person_id, home)
        apart = APART.format(goes="went", rest=rest)
        yield Text(f"Done: {title} and {rest} are separate again. {apart}")
        return
    leaving = _leaving(accounts, request.text("account"), _account_surface(request))
    if not leaving:
        yield Text(ALONE)
    for home in leaving:
        yield _question(accounts, home)


def _joining(code: str) -> Call:
    return Call("link", {"code": code, "confirm": True})


def _only_in_private(request: Request, name: str) -> None:
    if not request.inbound.origin.private:
        raise InputError(f"Use /{name} in a private chat with me.")


def _account_surface(request: Request) -> str:
    surface = request.inbound.origin.surface
    return surface if surface in NAMES else LOCAL


def _leaving(accounts: Sequence[Account], wanted: str, here: str) -> list[str]:
    """Who may leave: the one that is asked for, or the only one, or the one of this service, or any of them."""
    joined = [one for one in accounts if one.joined and wanted in ("", one.home_id)]
    homes = list(dict.fromkeys(one.home_id for one in joined))
    mine = list(dict.fromkeys(one.home_id for one in joined if one.surface == here))
    return mine if len(mine) == 1 else homes


def _question(accounts: Sequence[Account], home: str) -> Confirm:
    title = _listed(_titles([one for one in accounts if one.home_id == home]))
    rest = _listed(_titles([one for one in accounts if one.home_id != home]))
    return Confirm(
        f"Unlink {title} from {rest}? {APART.format(goes='goes', rest=rest)}",
        Button(f"Unlink {title}", Call("unlink", {"account": home, "confirm": True})),
    )


def _titles(accounts: Sequence[Account]) -> list[str]:
    titles = []
    for one in accounts:
        name = NAMES.get(one.surface, one.surface.title())
        titles.append(f"{name} ({one.name})" if one.name else name)
    return list(dict.fromkeys(titles))


def _listed(titles: Sequence[str]) -> str:
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
