"""`/create` on Discord: a step as one message with the live portrait, menus, forms and the coach's advice.

`views.py` calls `wizard`. Everything that is clicked saves at once and comes back as another `Wizard`, which replaces
the message. A step with many questions has pages; Back and Next lead through them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.messages import Pictures, Take, Wizard
from bot.surfaces.discord import layout
from bot.surfaces.discord.asking import TIP, create_call, form, question
from bot.surfaces.discord.custom_id import AUTO, Way
from bot.surfaces.discord.faces import TILE
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, small
from bot.surfaces.discord.people import born_controls, title_of
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.questions import fields_of_page, page_count
from bot.surfaces.discord.sheet import BRAND, GOOD, WRONG, Sheet, colour_of
from bot.surfaces.render import bar, wait_words
from engine.errors import NotFoundError, RefusedError, RenderError

# Seconds that a step waits for its portrait; later it is brought after the step was shown.
PORTRAIT_PATIENCE = 1.2
# Instead of the step: the question whether to throw the draft away, and what is there when one stops.
DISCARD, LATER = "discard", "later"
# Problems that are listed before publishing.
PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class WizardPage:
    """Which part of a step is shown, and how long it waits for the portrait (None: as long as it takes)."""

    page: int = AUTO
    item: str = ""
    patience: float | None = PORTRAIT_PATIENCE


async def wizard(sheet: Sheet, pictures: Pictures, view: Wizard, shown: WizardPage) -> Post:
    """A step, or the character that it led to."""
    if view.character:
        return await _born(sheet, view)
    page = _page(view, shown.page)
    if shown.item == DISCARD:
        return sheet.post(await _discarding(sheet, view, page), WRONG)
    if shown.item == LATER:
        return sheet.post(await _stopped(sheet, view, page))
    pieces: list[Component] = [layout.text(_heading(view, page))]
    waiting = False
    if view.takes:
        pieces += await _takes(sheet, view)
    else:
        waiting = await _portrait(sheet, pictures, view, shown.patience, pieces)
    fields = fields_of_page(view.fields, page)
    for field in fields:
        pieces += await question(sheet, view, field, page)
    pieces += await form(sheet, view, fields, page)
    pieces += _problems(view)
    steps, onward = await _steps(sheet, view), await _onward(sheet, view, page)
    # The menu of steps is what a full page can do without: Back and Next lead everywhere, too.
    room = layout.COMPONENTS - 2  # the box around all, and a line that may be put above it
    pieces += steps if sum(1 for _ in layout.walk([*pieces, *steps, *onward])) <= room else []
    pieces += onward
    return sheet.post(pieces, GOOD if _faced(view) else BRAND, waiting=waiting)


async def _born(sheet: Sheet, view: Wizard) -> Post:
    card = view.character
    assert card is not None
    pieces = await sheet.gallery([(card.picture_media_id, f"Portrait of {card.name}")])
    pieces.append(layout.text(title_of(card)))
    pieces.append(layout.text(small("Made, and yours. This face stays the same in every picture.")))
    return sheet.post([*pieces, await born_controls(sheet, card)], colour_of(card))


def _page(view: Wizard, page: int) -> int:
    """The page to show; if none was asked for, the first that the coach objects to."""
    pages = page_count(view.fields)
    if page != AUTO:
        return min(max(page, 0), pages - 1)
    worst = sorted(view.advice, key=lambda one: not one.blocking)
    for tip in worst:
        for number in range(pages):
            if any(field.name == tip.field for field in fields_of_page(view.fields, number)):
                return number
    return 0


def _heading(view: Wizard, page: int) -> str:
    pages = page_count(view.fields)
    part = f" · part {page + 1} of {pages}" if pages > 1 else ""
    title = plain(layout.line(view.title, 80))
    return (
        f"## {view.index + 1}/{view.total} {title}{part}\n{plain(layout.shorten(view.intro, 300))}".rstrip()
    )


async def _portrait(
    sheet: Sheet, pictures: Pictures, view: Wizard, patience: float | None, pieces: list[Component]
) -> bool:
    """Add the live portrait; True if it is still being drawn. Looks that cannot be drawn yet have none."""
    if not view.portrait:
        return False
    try:
        async with asyncio.timeout(patience):
            path, mime = await pictures.portrait(view.draft_id, sheet.person_id)
    except TimeoutError:
        return True
    except (NotFoundError, RenderError, RefusedError):
        return False
    name = await sheet.path(f"portrait-{view.portrait}", path, mime)
    pieces.append(layout.gallery([(name, "Live portrait, drawn from the answers so far")]))
    return False


def _problems(view: Wizard) -> list[Component]:
    """What keeps the character from being published, and advice on nothing that is asked for here."""
    asked = {field.name for field in view.fields}
    words = [*view.problems, *(tip.sentence for tip in view.advice if tip.field not in asked)]
    if not words:
        return []
    lines = "\n".join(f"- {plain(layout.line(one, TIP))}" for one in words[:PROBLEMS])
    return [layout.text(f"**Still missing**\n{lines}" if view.problems else lines)]


async def _takes(sheet: Sheet, view: Wizard) -> list[Component]:
    """The canonical pictures to choose from: those that are there, and how far the others are."""
    done = [(take.media_id, f"Take {number}") for number, take in enumerate(view.takes, 1) if take.media_id]
    pieces = await sheet.gallery(done, TILE)
    coming = [
        _coming(number, take) for number, take in enumerate(view.takes, 1) if not take.media_id and take.progress
    ]  # fmt: skip
    if coming:
        pieces.append(layout.text("\n".join(coming)))
    buttons = [
        await sheet.button(
            f"Take {number}" + (" · chosen" if take.chosen else ""),
            create_call(view, "choose", take=take.job_id),
            style=layout.SUCCESS if take.chosen else layout.PRIMARY,
            emoji="✅" if take.chosen else "",
        )
        for number, take in enumerate(view.takes[: layout.ROW], 1)
        if take.media_id
    ]
    return [*pieces, layout.row(*buttons)] if buttons else pieces


def _coming(number: int, take: Take) -> str:
    progress = take.progress
    assert progress is not None
    if progress.status.final:
        return f"Take {number}: {plain(progress.sentence) or 'did not come out.'}"
    return f"Take {number} {bar(progress.progress)} {plain(wait_words(progress))}"


async def _steps(sheet: Sheet, view: Wizard) -> list[Component]:
    options = [
        layout.option(f"{number} {title}", step, emoji="✅" if answered else "▫️")
        for number, (step, title, answered) in enumerate(view.steps, 1)
        if step != view.step
    ]
    return await sheet.select(create_call(view, "goto"), Way(fills="step"), options, "Go to another step …")


async def _onward(sheet: Sheet, view: Wizard, page: int) -> list[Component]:
    """Back, next, and leaving."""
    controls = []
    if page > 0:
        controls.append(await sheet.button("Back", create_call(view, ""), way=Way(page=page - 1)))
    elif view.can_go_back and view.index > 0:
        controls.append(await sheet.button("Back", create_call(view, "back", step=view.step)))
    controls += await _forward(sheet, view, page)
    for words, item in (("Save for later", LATER), ("Discard", DISCARD)):
        controls.append(await sheet.button(words, create_call(view, ""), way=Way(page=page, item=item)))
    return layout.rows(controls)


async def _forward(sheet: Sheet, view: Wizard, page: int) -> list[Component]:
    if page + 1 < page_count(view.fields):
        return [
            await sheet.button("Next", create_call(view, ""), way=Way(page=page + 1), style=layout.PRIMARY)
        ]
    if view.index + 1 < view.total:
        return [await sheet.button("Next", create_call(view, "answer", step=view.step), style=layout.PRIMARY)]
    words = "Another three" if view.takes else "Make the takes"
    style = layout.SECONDARY if _faced(view) or view.takes else layout.PRIMARY
    busy = any(take.progress is not None and not take.progress.status.final for take in view.takes)
    controls = [await sheet.button(words, create_call(view, "takes"), style=style, disabled=busy, emoji="📷")]
    if _faced(view):
        controls.append(await sheet.button("Publish", create_call(view, "publish"), style=layout.SUCCESS))
    return controls


async def _discarding(sheet: Sheet, view: Wizard, page: int) -> list[Component]:
    sure = await sheet.button("Throw it away", create_call(view, "discard"), style=layout.DANGER)
    keep = await sheet.button("Keep it", create_call(view, ""), way=Way(page=page))
    words = "## Throw this draft away?\nAll its answers go with it, and cannot be brought back."
    return [layout.text(words), layout.row(sure, keep)]


async def _stopped(sheet: Sheet, view: Wizard, page: int) -> list[Component]:
    title = plain(layout.line(view.title, 80))
    words = (
        f"## Saved\nYou stopped at {view.index + 1}/{view.total}, {title}. Carry on whenever you like; "
        "/characters lists what you began, too."
    )
    carry_on = await sheet.button("Carry on", create_call(view, ""), way=Way(page=page), style=layout.PRIMARY)
    return [layout.text(words), layout.row(carry_on)]


def _faced(view: Wizard) -> bool:
    """Whether the last step is answered: a face is chosen."""
    return bool(view.steps) and view.steps[-1][2]
