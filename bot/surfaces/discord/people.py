"""Characters on Discord: the catalog, a character's page, and the card of an opened conversation. `views.py` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Call, Catalog, CharacterCard, Chat, DraftCard, MessageView, Profile
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import Way
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, quoted, small, spoken
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.sheet import Sheet, colour_of, page_of
from engine.types import Role

# Faces on one page: each needs five components, and 40 are all there may be.
FACES = 6
# How one talks with whom the card shows: where others read along, and alone.
ADDRESSED = "Mention me in a message or in an answer to one of theirs, and they hear you."
ALONE = "Just write: every message here is for them now."
# Menus of names below the faces, where there are no pages.
MENUS = 3
# Characters of a quotation that reminds of what was said.
REMINDER = 300
# Pictures under a character's page; the gallery has them all.
PICTURES = 4
# Pixels of these.
SMALL = 384


async def catalog(sheet: Sheet, view: Catalog, page: int) -> Post:
    """Everyone one can talk with, some faces at a time, and the drafts that wait."""
    cards, page, pages = page_of(view.characters, 0 if view.then_say else page, FACES)
    pieces = [layout.text(_heading(view))]
    for card in cards:
        pieces.append(await sheet.faced(_entry(card), card.picture_media_id, card.name))
        pieces.append(layout.row(await _talk(sheet, card, view.then_say)))
    if view.then_say:
        return sheet.post([*pieces, *await _others(sheet, view)])
    pieces += await sheet.pager(Call("characters", {"query": view.query} if view.query else {}), page, pages)
    closer = "Look at someone more closely …"
    pieces += await sheet.select(Call("profile"), Way(fills="character"), _names(cards), closer)
    return sheet.post([*pieces, *await _drafts(sheet, view.drafts)])


async def profile(sheet: Sheet, view: Profile) -> Post:
    """A character's own page: the portrait large, then who it is."""
    card = view.card
    portrait = await sheet.gallery([(card.picture_media_id, f"Portrait of {card.name}")])
    pieces = [*portrait, layout.text(title_of(card)), *_sections(view)]
    if view.gallery:
        pieces.append(layout.text(small("Your pictures together")))
        shown = [(one.media_id, one.caption) for one in view.gallery[:PICTURES]]
        pieces += await sheet.gallery(shown, SMALL)
    return sheet.post([*pieces, layout.row(*await _controls(sheet, card))], colour_of(card))


async def chat(sheet: Sheet, view: Chat, *, shared: bool) -> Post:
    """Who one talks with now; where the talk goes on, with the last words that were said."""
    card = view.card
    pieces = [await sheet.faced(title_of(card), card.picture_media_id, card.name)]
    if fresh(view):
        pieces.append(layout.text(small(ADDRESSED if shared else ALONE)))
    else:
        pieces.append(layout.text(f"You are talking with **{plain(card.name)}** again.{_last_words(view)}"))
    controls = [await _selfie(sheet, card), await _memories(sheet, card), await _who(sheet, card)]
    return sheet.post([*pieces, layout.row(*controls)], colour_of(card))


def fresh(view: Chat) -> tuple[MessageView, ...]:
    """The lines with which a conversation begins, to be shown as messages; none if it has been going on."""
    begun = any(line.role is Role.PERSON for line in view.messages)
    return () if begun else view.messages


def title_of(card: CharacterCard, level: str = "##") -> str:
    """A character's name as a heading, with what it says of itself."""
    name = plain(layout.line(card.name, layout.LABEL))
    tagline = plain(layout.line(card.tagline, 200, ""))
    return f"{level} {name}\n{tagline}".rstrip()


async def born_controls(sheet: Sheet, card: CharacterCard) -> Component:
    """What one does first with a character that has just been made."""
    return layout.row(await _talk(sheet, card, ""), await _selfie(sheet, card), await _who(sheet, card))


def _heading(view: Catalog) -> str:
    if view.then_say:
        words = spoken(layout.shorten(view.then_say, REMINDER))
        return f"## Who is that for?\n{quoted(words)}\nYour words wait; choose who gets them."
    if not view.characters:
        return "## Nobody by that name\n/characters shows everyone, and /create makes someone new."
    return "## Who would you like to talk with?"


def _entry(card: CharacterCard) -> str:
    notes = []
    if card.mine:
        notes.append("yours")
    if card.last_talked_at:
        notes.append(f"you talked <t:{int(card.last_talked_at.timestamp())}:R>")
    if not notes:
        notes = [plain(layout.line(tag, 40)) for tag in card.tags[:3]]
    return title_of(card, level="###") + (f"\n{small(' · '.join(notes))}" if notes else "")


def _sections(view: Profile) -> list[Component]:
    pieces = []
    for heading, rows in view.sections:
        lines = [f"**{plain(words)}** · {plain(value)}" for words, value in rows]
        pieces.append(f"### {plain(layout.line(heading, 60))}\n" + "\n".join(lines))
    if view.backstory:
        pieces.append(f"### Backstory\n{spoken(view.backstory)}")
    if view.greeting:
        pieces.append(quoted(spoken(view.greeting)))
    return [layout.text(words) for words in pieces[:6]]


def _last_words(view: Chat) -> str:
    said = [line for line in view.messages if line.text and line.role is Role.CHARACTER]
    if not said:
        return ""
    words = layout.shorten(" ".join(said[-1].text.split()), REMINDER)
    return f"\n{quoted(spoken(words))}\n{small(f'<t:{int(said[-1].created_at.timestamp())}:R>')}"


def _names(cards: Sequence[CharacterCard]) -> list[Component]:
    return [layout.option(card.name, card.id, description=card.tagline) for card in cards]


async def _others(sheet: Sheet, view: Catalog) -> list[Component]:
    """Everyone further down the catalog as menus: other pages would have to carry the words that wait along."""
    menus: list[Component] = []
    talk = Call("talk", {"say": view.then_say})
    for number in range(MENUS):
        start = FACES + number * layout.OPTIONS
        names = _names(view.characters[start : start + layout.OPTIONS])
        menus += await sheet.select(talk, Way(fills="character"), names, "Or someone else …")
    return menus


async def _drafts(sheet: Sheet, drafts: Sequence[DraftCard]) -> list[Component]:
    options = [
        layout.option(f"{draft.name or 'No name yet'} · {draft.step_title}", draft.draft_id)
        for draft in drafts
    ]
    return await sheet.select(Call("create"), Way(fills="draft"), options, "Carry on making someone …")


async def _controls(sheet: Sheet, card: CharacterCard) -> list[Component]:
    about: dict[str, str | int | bool] = {"character": card.id}
    controls = [
        await _talk(sheet, card, ""),
        await _selfie(sheet, card),
        await sheet.button("Pictures", Call("gallery", about), emoji="🖼️"),
        await _memories(sheet, card),
    ]
    if card.mine:
        controls.append(await sheet.button("Edit", Call("edit", about), emoji="✏️"))
    return controls


async def _talk(sheet: Sheet, card: CharacterCard, words: str) -> Component:
    options: dict[str, str | int | bool] = {"character": card.id, **({"say": words} if words else {})}
    label = f"{'Say it to' if words else 'Talk with'} {first_name(card.name)}"
    return await sheet.button(label, Call("talk", options), style=layout.PRIMARY, emoji="💬")


async def _selfie(sheet: Sheet, card: CharacterCard) -> Component:
    call = Call("selfie", {"character": card.id})
    return await sheet.button("Ask for a picture …", call, way=Way(asks="scene"), emoji="📷")


async def _memories(sheet: Sheet, card: CharacterCard) -> Component:
    return await sheet.button("Memories", Call("memory", {"character": card.id}), emoji="🧠")


async def _who(sheet: Sheet, card: CharacterCard) -> Component:
    return await sheet.button("About them", Call("profile", {"character": card.id}), emoji="👤")


def first_name(name: str) -> str:
    """What one calls a character: short enough for a button."""
    return layout.line(name.split(" ")[0] if name.strip() else name, 30)
