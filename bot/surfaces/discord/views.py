"""Everything people see on Discord, as messages ready to be sent. `surface.py` calls `Views.post` for each outbound.

Each view has its own file (`people.py`, `pictures.py`, `memories.py`, `wizard.py`); what is only a few lines is here.
A page or a thing on it (`page`, `item`) comes from the click that asked for it (`forms.py`).
"""

from __future__ import annotations

from bot.messages import (
    Catalog,
    Chat,
    Confirm,
    Document,
    Gallery,
    Help,
    HelpEntry,
    Memories,
    MessageView,
    Outbound,
    Pictures,
    PictureView,
    Profile,
    ProgressView,
    Replied,
    Text,
    Tone,
    Wizard,
)
from bot.ports import Calls
from bot.surfaces.discord import layout, memories, people, pictures
from bot.surfaces.discord.custom_id import AUTO
from bot.surfaces.discord.faces import Faces
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, small, spoken
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.sheet import BRAND, NOTICE, WRONG, Sheet
from bot.surfaces.discord.wizard import PORTRAIT_PATIENCE, WizardPage, wizard
from engine.types import Role

COLOURS = {Tone.INFO: BRAND, Tone.ERROR: WRONG, Tone.NOTICE: NOTICE}
# Stands under what the system says in the middle of a talk.
ASIDE = "From Selfsame, not from a character."
# The help by what people want to do; commands that are in none of these come last.
GROUPS = (
    ("Talk", ("talk", "characters", "reset")),
    ("Pictures", ("selfie", "gallery")),
    ("Make someone", ("create", "edit", "delete")),
    ("Memories", ("memory", "forget")),
    ("Yours", ("privacy", "export", "forget_me", "link", "unlink", "timezone")),
)
OTHERS = "Also"


class Views:
    """Turns views into messages for one person."""

    def __init__(self, pictures: Pictures, calls: Calls) -> None:
        self._pictures = pictures
        self._calls = calls
        self._faces = Faces(pictures)

    async def post(
        self,
        outbound: Outbound,
        *,
        person_id: str,
        shared: bool = False,
        page: int = AUTO,
        item: str = "",
        signed: bool = True,
    ) -> Post:
        """The message that shows something.

        `shared`: others read along. `signed`: a picture says itself which character shows it; a webhook with the
        character's own name and face needs no signature. A `Wizard`'s post may be `waiting`: see `wizard`.
        """
        if isinstance(outbound, Wizard):
            return await self.wizard(outbound, person_id, page=page, item=item)
        sheet = self._sheet(person_id)
        match outbound:
            case Catalog():
                return await people.catalog(sheet, outbound, page)
            case Gallery():
                return await pictures.gallery(sheet, outbound, page, item)
            case Memories():
                return await memories.memories(sheet, outbound, page)
            case Replied(message):
                return await _message(sheet, message, signed=signed)
            case Chat():
                return await people.chat(sheet, outbound, shared=shared)
            case _:
                return await _whole(sheet, outbound)

    async def wizard(
        self,
        view: Wizard,
        person_id: str,
        *,
        page: int = AUTO,
        item: str = "",
        patience: float | None = PORTRAIT_PATIENCE,
    ) -> Post:
        """A step of the wizard.

        Where the portrait takes longer than `patience` seconds the post is `waiting`: show it, then ask again with
        None, which waits for the portrait, and edit.
        """
        return await wizard(
            self._sheet(person_id), self._pictures, view, WizardPage(page, item, patience=patience)
        )

    async def ready(self, view: PictureView, person_id: str) -> Post:
        """What is left in a channel where a finished picture cannot be posted: a button that shows it."""
        return await pictures.ready(self._sheet(person_id), view)

    def _sheet(self, person_id: str) -> Sheet:
        return Sheet(self._faces, self._calls, person_id)


def opening(view: Chat) -> tuple[MessageView, ...]:
    """The lines of an opened conversation that are to be shown as messages after its card."""
    return people.fresh(view)


async def _whole(sheet: Sheet, outbound: Outbound) -> Post:
    """Views that are always shown as a whole."""
    match outbound:
        case Text():
            return _boxed(sheet, outbound.text, outbound.tone)
        case Profile():
            return await people.profile(sheet, outbound)
        case ProgressView():
            return await pictures.progress(sheet, outbound, None)
        case Document():
            return _document(sheet, outbound)
        case Confirm():
            return await _confirm(sheet, outbound)
        case Help():
            return _help(sheet, outbound)
        case _:
            raise TypeError("A reply that is still coming is no view; it is streamed.")


async def _message(sheet: Sheet, message: MessageView, *, signed: bool) -> Post:
    speaker = message.speaker if signed else None
    if message.picture:
        return await pictures.picture(sheet, message.picture, speaker)
    if message.progress:
        return await pictures.progress(sheet, message.progress, speaker)
    if message.role is Role.NOTICE:
        return _boxed(sheet, message.text, Tone.NOTICE)
    name = f"**{plain(layout.line(speaker.name, layout.LABEL))}**\n" if speaker and signed else ""
    return Post(content=name + (spoken(message.text).strip() or "…"))


def _boxed(sheet: Sheet, words: str, tone: Tone) -> Post:
    pieces = [layout.text(plain(words))]
    if tone is Tone.NOTICE:
        pieces.append(layout.text(small(ASIDE)))
    return sheet.post(pieces, COLOURS[tone])


def _document(sheet: Sheet, view: Document) -> Post:
    name = sheet.file(view.filename, view.content)
    return sheet.post([layout.text("Here it is. Keep it somewhere safe."), layout.file(name)])


async def _confirm(sheet: Sheet, view: Confirm) -> Post:
    sure = await sheet.button(view.confirm.label, view.confirm.call, style=layout.DANGER)
    calm = small("Nothing happens unless you click.")
    return sheet.post([layout.text(plain(view.question)), layout.row(sure), layout.text(calm)], WRONG)


def _help(sheet: Sheet, view: Help) -> Post:
    by_name = {entry.name: entry for entry in view.commands}
    grouped = [(title, [by_name.pop(name) for name in names if name in by_name]) for title, names in GROUPS]
    pieces = [layout.text("## What you can do\nMention me, answer one of my messages, or just write to me directly.")]  # fmt: skip
    for title, entries in (*grouped, (OTHERS, list(by_name.values()))):
        pieces += _group(title, entries)
    return sheet.post(pieces)


def _group(title: str, entries: list[HelpEntry]) -> list[Component]:
    lines = [f"`{_code(one.usage)}`\n{small(plain(one.description))}" for one in entries]
    return [layout.text(f"### {title}\n" + "\n".join(lines))] if lines else []


def _code(words: str) -> str:
    return layout.line(words.replace("`", "’"), 100)
