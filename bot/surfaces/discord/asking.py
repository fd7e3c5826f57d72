"""The questions of a wizard's step on Discord: menus, the button of the form, and the coach's advice. `wizard.py` calls it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Advice, Call, Choice, FieldKind, OptionValue, Wizard, WizardField
from bot.surfaces.discord import layout
from bot.surfaces.discord.custom_id import AUTO, Way
from bot.surfaces.discord.forms import ANSWER, OWN
from bot.surfaces.discord.layout import Component
from bot.surfaces.discord.markdown import plain, small
from bot.surfaces.discord.questions import is_typed
from bot.surfaces.discord.sheet import Sheet
from bot.surfaces.discord.swatch import square

# Characters of an answer (a long and a short one), of its help and of the coach's sentence, as they stand in a step.
STORY, ANSWERED, HELP, TIP = 700, 280, 160, 240


async def question(sheet: Sheet, view: Wizard, field: WizardField, page: int) -> list[Component]:
    """A question with its answer, its menu, and what the coach has to say."""
    tips = [tip for tip in view.advice if tip.field == field.name]
    pieces = [layout.text(_asked(field, tips))]
    if not is_typed(field):
        action = "answer" if len(view.fields) == 1 and field.kind is FieldKind.CHOICE else "save"
        way = Way(page=page if action == "save" else AUTO, fills=field.name)
        call = create_call(view, action, step=view.step)
        pieces += await sheet.select(call, way, _options(field), _hint(field))
    if proposal := next((tip.proposal for tip in tips if tip.proposal), ""):
        accept = create_call(view, "accept", step=view.step, field=field.name)
        use = await sheet.button(
            f"Use: {proposal}", accept, way=Way(page=page), style=layout.SUCCESS, emoji="✨"
        )
        pieces.append(layout.row(use))
    return pieces


def _asked(field: WizardField, tips: Sequence[Advice]) -> str:
    limit = STORY if field.kind is FieldKind.PARAGRAPH else ANSWERED
    answer = "" if _in_menu(field) else plain(layout.shorten(_written(field), limit))
    label = f"**{plain(layout.line(field.label, 80))}**{'' if field.required else ' · if you like'}"
    lines = [f"{label}\n{answer}" if answer else label]
    hint = field.help or (f"For example: {field.example}" if field.example else "")
    if not field.value.strip() and hint:
        lines.append(small(plain(layout.line(hint, HELP))))
    lines += [f"{'⚠️' if tip.blocking else '💡'} {plain(layout.line(tip.sentence, TIP))}" for tip in tips[:2]]
    return "\n".join(lines)


def _hint(field: WizardField) -> str:
    """What a menu says as long as it does not show the answer."""
    another = "another" if field.value.strip() else "one"
    return (
        f"Choose {another}, or write your own …" if field.kind is FieldKind.SUGGEST else f"Choose {another} …"
    )


def _in_menu(field: WizardField) -> bool:
    """Whether the menu itself shows the answer."""
    return not is_typed(field) and any(
        one.value == field.value for one in field.choices[: layout.OPTIONS - 1]
    )


def _written(field: WizardField) -> str:
    """The answer as people read it: several lines as a list."""
    if field.kind is FieldKind.LINES:
        return " · ".join(one for one in field.value.splitlines() if one.strip())
    return field.value.strip()


def _options(field: WizardField) -> list[Component]:
    room = layout.OPTIONS - 1
    options = [_option(choice, field.value) for choice in field.choices[:room]]
    if field.kind is FieldKind.SUGGEST or len(field.choices) > room:
        options.append(layout.option("Write my own …", OWN, emoji="✏️"))
    return options


def _option(choice: Choice, value: str) -> Component:
    return layout.option(
        choice.label,
        ANSWER + choice.value,
        description=choice.description,
        emoji=square(choice.swatch),
        default=bool(value) and choice.value == value,
    )


async def form(sheet: Sheet, view: Wizard, fields: Sequence[WizardField], page: int) -> list[Component]:
    """The button that opens the form with everything that is written on this page."""
    typed = [field for field in fields if is_typed(field)]
    if not typed:
        return []
    missing = any(field.required and not field.value.strip() for field in typed)
    names = ", ".join(f"{field.label[:1].lower()}{field.label[1:]}" for field in typed)
    verb = "Write" if missing else "Change"
    call = Call("create", {"draft": view.draft_id, "step": view.step})
    style = layout.PRIMARY if missing else layout.SECONDARY
    way = Way(page=page, form=True)
    words = f"{verb}: {layout.line(names, 60)} …"
    return [layout.row(await sheet.button(words, call, way=way, style=style, emoji="✏️"))]


def create_call(view: Wizard, action: str, **options: OptionValue) -> Call:
    """One of the wizard's actions; without a name it only shows the step."""
    return Call("create", {"draft": view.draft_id, **({"action": action} if action else {}), **options})
