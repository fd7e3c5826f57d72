"""What people did with a message's controls → calls; and the forms that some controls open.

`surface.py` hands the data of interactions of types 3 (click, choice) and 5 (form) over. A form has to be the first
answer to its click. Nothing is remembered between a form's opening and its submit: all is in the custom_id, and the
wizard's present answers are asked for anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.messages import Call, OptionValue, Wizard, WizardField
from bot.ports import Calls
from bot.surfaces.discord.custom_id import AUTO, Way, read_id, write_id
from bot.surfaces.discord.layout import Component, label, modal, text_input
from bot.surfaces.discord.questions import fields_of_page, is_long, is_typed
from engine.errors import InputError

# Values of a select that are no answers: write one's own.
OWN = "own:"
# Before a select's value that is an answer, so that no answer is taken for something else.
ANSWER = "v:"


@dataclass(frozen=True, slots=True)
class Click:
    """A call, and which part of its answer to show: `Views.post(…, page=…, item=…)`."""

    call: Call
    page: int = AUTO
    item: str = ""


@dataclass(frozen=True, slots=True)
class OpenModal:
    """A form is to be opened by `open_modal`. `ask`: the call whose `Wizard` it needs, to be asked for first; None where it needs nothing."""

    call: Call  # what the form's answers complete
    names: tuple[str, ...]  # the options that it asks for; empty: all that are typed on the wizard's page
    page: int = AUTO
    ask: Call | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A form of one question."""

    title: str
    question: str
    placeholder: str


PROMPTS: Mapping[tuple[str, str], Prompt] = {
    ("selfie", "scene"): Prompt("A picture", "Where, and how?", "at a jazz bar, laughing, close-up"),
    ("memory", "query"): Prompt("Look for a memory", "Words to look for", "dog"),
    ("remember", "what"): Prompt("What is right", "Say how it is", "My dog is called Max now."),
    ("characters", "query"): Prompt("Look for someone", "Part of a name, or what they are like", "night"),
}


async def read_click(data: Mapping[str, object], calls: Calls) -> Click | OpenModal:
    """A click on a button or a choice from a menu. Raises NotFoundError, InputError with a sentence."""
    call, way = await read_id(str(data.get("custom_id", "")), calls)
    if way.asks:
        # A choice from a menu may say of what.
        about = _filled(call, {way.fills: _chosen(data)}) if way.fills else call
        return OpenModal(about, (way.asks,), way.page)
    if way.form:
        return _wizard_form(call, (), way.page)
    if not (way.fills or way.opens):
        return Click(call, way.page, way.item)
    value = _chosen(data)
    if way.opens:
        return Click(call, way.page, value)
    if value == OWN:
        return _wizard_form(call, (way.fills,), way.page)
    return Click(_filled(call, {way.fills: value.removeprefix(ANSWER)}), way.page)


async def open_modal(opening: OpenModal, view: Wizard | None, person_id: str, calls: Calls) -> Component:
    """The data of an interaction's answer of type 9. Raises InputError if the questions are not there any more."""
    custom_id = await write_id(opening.call, Way(page=opening.page), person_id, calls)
    if opening.ask is None or view is None:
        return _prompt(custom_id, opening)
    fields = _asked(opening, view)
    if not fields:
        raise InputError("Those questions have changed. /characters shows your draft; go on from there.")
    title = fields[0].label if len(fields) == 1 else view.title
    return modal(custom_id, title, [_question(field) for field in fields])


async def read_modal(data: Mapping[str, object], calls: Calls) -> Click:
    """A form that was sent. Raises NotFoundError, InputError with a sentence."""
    call, way = await read_id(str(data.get("custom_id", "")), calls)
    return Click(_filled(call, dict(_inputs(data.get("components")))), way.page)


def _wizard_form(call: Call, names: tuple[str, ...], page: int) -> OpenModal:
    """Answers of a form are saved, and the step stays: what the coach says of them should be read."""
    draft, step = call.options.get("draft", ""), call.options.get("step", "")
    saving = Call(call.name, {"draft": draft, "action": "save", "step": step})
    return OpenModal(saving, names, page, ask=Call(call.name, {"draft": draft}))


def _asked(opening: OpenModal, view: Wizard) -> tuple[WizardField, ...]:
    """The fields that a form asks for; none if the draft has moved on to another step since."""
    if view.step != opening.call.options.get("step"):
        return ()
    if opening.names:
        return tuple(field for field in view.fields if field.name in opening.names)
    return tuple(field for field in fields_of_page(view.fields, opening.page) if is_typed(field))


def _prompt(custom_id: str, opening: OpenModal) -> Component:
    name = opening.names[0] if opening.names else ""
    prompt = PROMPTS.get((opening.call.name, name)) or Prompt(name.capitalize(), name.capitalize(), "")
    control = text_input(name, placeholder=prompt.placeholder, limit=300)
    return modal(custom_id, prompt.title, [label(prompt.question, control)])


def _question(field: WizardField) -> Component:
    control = text_input(
        field.name,
        value=field.value,
        placeholder=field.example,
        long=is_long(field),
        limit=field.max_length,
    )
    return label(field.label, control, field.help)


def _filled(call: Call, answers: Mapping[str, OptionValue]) -> Call:
    return Call(call.name, {**call.options, **answers})


def _chosen(data: Mapping[str, object]) -> str:
    values = data.get("values")
    if not isinstance(values, list) or not values:
        raise InputError("Nothing was chosen. Choose one of the menu.")
    return str(values[0])


def _inputs(components: object) -> Iterator[tuple[str, str]]:
    """What was written into the inputs, wherever they stand: labels hold one, rows hold several."""
    for piece in components if isinstance(components, list) else []:
        if not isinstance(piece, Mapping):
            continue
        if "custom_id" in piece:
            values = piece.get("values")
            value = piece.get("value", values[0] if isinstance(values, list) and values else "")
            yield str(piece["custom_id"]), str(value or "")
        yield from _inputs([piece["component"]] if "component" in piece else piece.get("components"))
