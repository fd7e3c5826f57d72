"""Making a character: `/create` and `/edit` drive `bot/wizard/machine.py` by one action after another."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from bot.commands.character import find_character
from bot.commands.command import Request
from bot.messages import Outbound, Text
from engine.errors import InputError

# Options of the wizard that are no answers.
CONTROLS = frozenset({"draft", "action", "step", "field", "take"})

# Surfaces that look at a draft again by themselves while its takes are being made; the others are told.
LOOKING = frozenset({"web", "terminal"})


async def create(request: Request) -> AsyncGenerator[Outbound]:
    """Start the wizard, resume a draft, or carry one of the wizard's actions out."""
    wizard = request.tools.wizard
    if not request.text("draft"):
        yield await wizard.start(request.person_id)
        return
    draft = await wizard.own_draft(request.text("draft"), request.person_id)
    answers = {name: str(value) for name, value in request.options.items() if name not in CONTROLS}
    match request.text("action"):
        case "":
            yield await wizard.show(draft)
        case "answer":
            yield await wizard.answer(draft, request.text("step"), answers, go_on=True)
        case "save":
            yield await wizard.answer(draft, request.text("step"), answers, go_on=False)
        case "back":
            yield await wizard.back(draft, request.text("step"), answers)
        case "goto":
            yield await wizard.go_to(draft, request.text("step"))
        case "accept":
            yield await wizard.accept(draft, request.text("step"), request.text("field"))
        case "takes":
            origin = request.inbound.origin
            yield await wizard.offer_takes(draft, None if origin.surface in LOOKING else origin)
        case "choose":
            yield await wizard.choose(draft, request.text("take"))
        case "publish":
            yield await wizard.publish(draft)
        case "discard":
            await wizard.discard(draft)
            yield Text("The draft is deleted.")
        case other:
            raise InputError(f"The wizard has no action “{other[:40]}”.")


async def edit(request: Request) -> AsyncGenerator[Outbound]:
    """Open the wizard on a character of one's own; publishing saves a new version and keeps the former one."""
    record = await find_character(request, request.text("character"))
    if record.owner_id != request.person_id:
        raise InputError(f"{record.persona.name} is not yours to edit. /create makes one that is.")
    yield await request.tools.wizard.edit(record, request.person_id)
