"""What a character remembers, on Discord: by topic, each with its source under it. `views.py` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Call, FactView, Memories, OptionValue
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import Way
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, small
from bot.surfaces.discord.people import first_name
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.sheet import Sheet, colour_of, page_of

# Memories on one page: as many as can be read at a glance.
FACTS = 8
# Characters of the words that a memory was taken from, of what it replaced, and of the memory itself.
SOURCE, BEFORE, FACT = 140, 80, 180


async def memories(sheet: Sheet, view: Memories, page: int) -> Post:
    """One page of memories, with what can be done about each."""
    every = [(topic, fact) for topic, facts in view.topics for fact in facts]
    shown, page, pages = page_of(every, page, FACTS)
    heading = await sheet.faced(_heading(view, len(every)), view.card.picture_media_id, view.card.name)
    pieces = [heading, *(layout.text(words) for words in _by_topic(shown))]
    pieces += await sheet.pager(_again(view), page, pages)
    facts = [fact for _, fact in shown]
    fills, corrects = Way(page=page, fills="fact"), Way(page=page, fills="fact", asks="what")
    menus = (
        ("forget", fills, "Forget one of these …"),
        ("remember", corrects, "Correct one of these …"),
        ("pin", fills, "Always remember one, or no longer …"),
    )
    for name, way, placeholder in menus:
        pieces += await _menu(sheet, Call(name, _about(view)), way, facts, placeholder)
    pieces.append(layout.row(*await _searching(sheet, view)))
    return sheet.post(pieces, colour_of(view.card))


def _heading(view: Memories, count: int) -> str:
    name = plain(first_name(view.card.name))
    if view.query:
        asked = plain(layout.line(view.query, 80))
        return f"## What {name} knows about “{asked}”" + ("" if count else "\nNothing, so far.")
    if not count:
        return f"## {name} knows nothing about you yet\nTell {name} something about yourself: it is remembered, and you see here from which words."
    return f"## What {name} remembers about you\n{small(f'{count} memories' if count > 1 else 'One memory')}"


def _by_topic(shown: Sequence[tuple[str, FactView]]) -> list[str]:
    """One text for each topic on the page."""
    lines: dict[str, list[str]] = {}
    for topic, fact in shown:
        lines.setdefault(topic, []).append(_entry(fact))
    return [f"### {plain(layout.line(topic, 40).capitalize())}\n" + "\n".join(those) for topic, those in lines.items()]  # fmt: skip


def _entry(fact: FactView) -> str:
    pin = "📌 " if fact.pinned else ""
    source = plain(layout.line(fact.source_text, SOURCE, ""))
    notes = [f"you said “{source}”" if source else "", f"<t:{int(fact.said_at.timestamp())}:D>"]
    if fact.superseded_text:
        notes.append(f"before: {plain(layout.line(fact.superseded_text, BEFORE))}")
    words = plain(layout.line(fact.text, FACT))
    return f"{pin}{words}\n{small(' · '.join(note for note in notes if note))}"


async def _menu(
    sheet: Sheet, call: Call, way: Way, facts: Sequence[FactView], placeholder: str
) -> list[Component]:
    options = [
        layout.option(fact.text, fact.id, description=fact.source_text, emoji="📌" if fact.pinned else "")
        for fact in facts
    ]
    return await sheet.select(call, way, options, placeholder)


async def _searching(sheet: Sheet, view: Memories) -> list[Component]:
    search = await sheet.button("Search …", Call("memory", _about(view)), way=Way(asks="query"), emoji="🔎")
    every = await sheet.button("Show all", Call("memory", _about(view)))
    tell = await sheet.button("Remember …", Call("remember", _about(view)), way=Way(asks="what"), emoji="✏️")
    return [search, tell, every] if view.query else [search, tell]


def _again(view: Memories) -> Call:
    return Call("memory", {**_about(view), **({"query": view.query} if view.query else {})})


def _about(view: Memories) -> dict[str, OptionValue]:
    return {"character": view.card.id}
