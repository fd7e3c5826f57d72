"""`/create` in a terminal: one question after another, with the coach's proposals accepted by a key."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from bot.messages import Call, Door, FieldKind, Inbound, OptionValue, Origin, Text, Wizard, WizardField
from bot.surfaces.terminal.surface import TerminalSurface

# Seconds between two looks at takes that are being made.
LOOK_AGAIN = 0.5
TAKES = "takes"
LEAVE = "."


async def fill_in(
    wizard: Wizard,
    door: Door,
    surface: TerminalSurface,
    origin: Origin,
    ask: Callable[[str], Awaitable[str]],
) -> None:
    """Lead through the steps until the character is made or the person leaves; the draft waits in /characters."""
    form = _Form(door, surface, origin, ask)
    surface.say("Enter keeps what stands in brackets; a single dot leaves and keeps the draft.")
    view: Wizard | None = wizard
    while view is not None and view.character is None:
        view = await (form.choose(view) if view.step == TAKES else form.fill(view))
    if view is not None and view.character is not None:
        surface.say(f"{view.character.name} is here. Talk with: /talk {view.character.slug}")


class _Form:
    """Asks the questions of one step at a time."""

    def __init__(
        self, door: Door, surface: TerminalSurface, origin: Origin, ask: Callable[[str], Awaitable[str]]
    ) -> None:
        self._door = door
        self._surface = surface
        self._origin = origin
        self._ask = ask

    async def fill(self, view: Wizard) -> Wizard | None:
        """Ask all fields of a step; None if the person leaves."""
        self._surface.say(f"\n{view.index + 1}/{view.total}  {view.title}\n{view.intro}")
        self._show_advice(view)
        answers: dict[str, OptionValue] = {}
        for field in view.fields:
            answer = await self._answer(field)
            if answer == LEAVE:
                return None
            answers[field.name] = answer
        after = await self._act(view, "answer", step=view.step, **answers)
        return await self._coach(after) if after and after.step == view.step else after

    async def choose(self, view: Wizard) -> Wizard | None:
        """Make takes, wait for them, choose one and publish."""
        made = view if view.takes else await self._act(view, "takes")
        while made and any(take.progress and not take.progress.status.final for take in made.takes):
            await asyncio.sleep(LOOK_AGAIN)
            made = await self._act(made, "")
        if made is None:
            return None
        ready = [take for take in made.takes if take.media_id]
        for number, take in enumerate(ready, 1):
            await self._surface.show_take(number, take.media_id)
        answer = await self._ask(f"Which one? 1-{len(ready)}, or m for more: ")
        if answer.strip() == LEAVE:
            return None
        if not answer.strip().isdigit() or not 0 < int(answer) <= len(ready):
            return await self._act(made, "takes")
        chosen = await self._act(made, "choose", take=ready[int(answer) - 1].job_id)
        return await self._publish(chosen) if chosen else None

    async def _publish(self, view: Wizard) -> Wizard | None:
        published = await self._act(view, "publish")
        if published is None or not published.problems:
            return published
        for problem in published.problems:
            self._surface.say(problem)
        unanswered = next(
            (step for step, _, answered in published.steps if not answered), published.steps[0][0]
        )
        return await self._act(published, "goto", step=unanswered)

    async def _coach(self, view: Wizard) -> Wizard | None:
        """Offer each proposal of the coach; what is left is asked again."""
        self._show_advice(view)
        current: Wizard | None = view
        for tip in view.advice:
            if current and tip.proposal:
                answer = await self._ask(f"Take “{tip.proposal}”? [Y/n] ")
                if answer.strip().lower() in ("", "y", "yes"):
                    current = await self._act(current, "accept", step=view.step, field=tip.field)
        if current and not any(tip.blocking for tip in current.advice):
            kept: dict[str, OptionValue] = {field.name: field.value for field in current.fields}
            current = await self._act(current, "answer", step=view.step, **kept)
        return current

    async def _answer(self, field: WizardField) -> str:
        if field.help:
            self._surface.say(f"  {field.help}", dim=True)
        if field.choices:
            self._surface.say(
                "  " + " · ".join(f"{n}. {one.label}" for n, one in enumerate(field.choices, 1)), dim=True
            )
        answer = (await self._ask(f"{field.label} {_bracket(field)}: ")).strip()
        if answer.isdigit() and field.kind is not FieldKind.NUMBER and 0 < int(answer) <= len(field.choices):
            return field.choices[int(answer) - 1].value
        if field.kind is FieldKind.LINES:
            answer = "\n".join(part.strip() for part in answer.split(";"))
        return answer or field.value

    def _show_advice(self, view: Wizard) -> None:
        for tip in view.advice:
            self._surface.say(("! " if tip.blocking else "· ") + tip.sentence)

    async def _act(self, view: Wizard, action: str, **options: OptionValue) -> Wizard | None:
        """Carry an action out and return the step it leads to; a failure is said, and the step stays."""
        call = Call("create", {"draft": view.draft_id, "action": action, **options})
        for outbound in await self._door.ask(Inbound(self._origin, uuid.uuid4().hex, call=call)):
            if isinstance(outbound, Wizard):
                return outbound
            if isinstance(outbound, Text):
                self._surface.say(outbound.text)
        return view


def _bracket(field: WizardField) -> str:
    """What Enter keeps; where there is nothing yet, an example of what is meant."""
    if field.value:
        return "[" + "; ".join(field.value.split("\n")) + "]"
    return f"(e.g. {field.example})" if field.example else "[nothing yet]"
