"""`/create` on Telegram: a step as one message with the live portrait, and one question of it at a time. views.py calls it.

How a step is shown is in the look of the button that was pressed: "" all of it, "f2" a question ("f2p1": more of its
choices), "g2" the question after that one, "a2" asking for own words, "s" all steps, "z" saved for later, "d" throw away?
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages import Advice, Call, Choice, FieldKind, OptionValue, Pictures, Take, Wizard, WizardField
from bot.surfaces.render import bar, wait_words
from bot.surfaces.telegram.html import bold, fitted, italic, joined, quote, said, shorten
from bot.surfaces.telegram.keys import dot, label, number_of, page, rows
from bot.surfaces.telegram.pictures import digits, illustrated
from bot.surfaces.telegram.portrait import Portrait
from bot.surfaces.telegram.post import CAPTION_LENGTH, TEXT_LENGTH, Key, Keyboard, Post
from bot.surfaces.telegram.sending import Words
from bot.surfaces.telegram.sheet import Sheets, Tile

# Suggestions on a page: they are long, so mostly one a row.
CHOICES = 8
# Characters of an answer in the list, of an answer alone, of the coach's sentence, and of a proposal.
ANSWER, WHOLE, TIP, PROPOSAL = 70, 400, 170, 200
DESCRIBED = 110
TIPS = 3
# Characters of a placeholder: Telegram's limit.
PLACEHOLDER = 64


def asks(view: Wizard, look: str) -> bool:
    """Whether a look is a question in a message of its own, which needs no portrait."""
    return view.character is None and look[:1] == "a" and _field(view, number_of(look, "a")) is not None


async def wizard(sheets: Sheets, portrait: Portrait, view: Wizard, person_id: str, look: str) -> Post:
    """A step of a draft, or the character that came of it."""
    if view.character is not None:
        return await _born(sheets.pictures, view, person_id)
    match look[:1]:
        case "a" if field := _field(view, number := number_of(look, "a")):
            return _asking(view, field, number)
        case "s":
            return _pictured(portrait, [bold("All steps")], _steps(view))
        case "z":
            return _saved(portrait, view)
        case "d":
            return _discarding(portrait, view)
        case "f" | "g" if (at := _asked(view, look)) is not None:
            return _question(portrait, view, at, number_of(look, "p"))
    if view.takes or view.index + 1 == view.total:
        return await _takes(sheets, portrait, view, person_id)
    if len(view.fields) == 1 and view.fields[0].kind is FieldKind.CHOICE:
        return _question(portrait, view, 0, number_of(look, "p"))
    return _overview(portrait, view)


# ---------------------------------------------------------------- a step


def _overview(portrait: Portrait, view: Wizard) -> Post:
    """All questions of a step with their answers, what the coach says, and where to go."""
    asked = {field.name for field in view.fields}
    blocks = [
        _title(view),
        joined([_answered(field) for field in view.fields]),
        joined([_tip(tip) for tip in _urgent(view.advice)[:TIPS]]),
        joined([said(f"⚠️ {shorten(problem, TIP)}") for problem in view.problems]),
    ]
    first = next((number for number, field in enumerate(view.fields) if _open(field)), None)
    keys = [
        *((key,) for key in _proposals(view, [tip for tip in view.advice if tip.field in asked])),
        *([(_asks(view, first, "▶️"),)] if first is not None else []),
        *rows(
            _asks(view, number, "✓" if field.value.strip() else "·")
            for number, field in enumerate(view.fields)
            if number != first
        ),
        *_onward(view),
    ]
    return _pictured(portrait, blocks, tuple(keys))


def _title(view: Wizard) -> Words:
    return joined([bold(f"{view.index + 1}/{view.total} · {view.title}"), italic(shorten(view.intro, 200))])


def _answered(field: WizardField) -> Words:
    """A question in the list: with its answer, or as what is still open."""
    if not field.value.strip():
        hint = "" if field.required else " (if you like)"
        return joined([said("○ "), said(shorten(field.label, ANSWER) + hint)], "")
    return joined([said("• "), bold(field.label), said(f": {shorten(_words(field), ANSWER)}")], "")


def _words(field: WizardField) -> str:
    """The answer as people read it: a choice by its label, several lines on one."""
    if field.kind is FieldKind.LINES:
        return ", ".join(line.strip() for line in field.value.splitlines() if line.strip())
    chosen = next((one.label for one in field.choices if one.value == field.value), field.value)
    return " ".join(chosen.split())


def _urgent(advice: Sequence[Advice]) -> list[Advice]:
    return sorted(advice, key=lambda tip: not tip.blocking)


def _tip(tip: Advice) -> Words:
    sentence = said(f"{'⚠️' if tip.blocking else '💡'} {shorten(tip.sentence, TIP)}")
    return joined([sentence, quote(shorten(tip.proposal, PROPOSAL)) if tip.proposal else said("")])


def _proposals(view: Wizard, advice: Sequence[Advice]) -> list[Key]:
    """One button for each stronger wording of the coach: it says what it puts in."""
    return [
        Key(label(f"Use: {tip.proposal}", "✨"), _act(view, "accept", step=view.step, field=tip.field))
        for tip in _urgent(advice)[:TIPS]
        if tip.proposal
    ]


def _asks(view: Wizard, number: int, mark: str) -> Key:
    """The button that leads to a question: at once to the answer where there is nothing to see first."""
    field = view.fields[number]
    asks = "a" if not field.choices and not field.value.strip() else "f"
    return Key(label(field.label, mark), _show(view), look=f"{asks}{number}")


def _open(field: WizardField) -> bool:
    return field.required and not field.value.strip()


def _onward(view: Wizard) -> Keyboard:
    """Back, next, and leaving."""
    moves = []
    if view.can_go_back and view.index > 0:
        moves.append(Key("‹ Back", _act(view, "back", step=view.step)))
    if view.index + 1 < view.total:
        moves.append(Key("Next ›", _act(view, "answer", step=view.step)))
    leaving = (
        Key("Steps", _show(view), look="s"),
        Key("Save for later", _show(view), look="z"),
        Key("Discard", _show(view), look="d"),
    )
    return (tuple(moves), leaving) if moves else (leaving,)


def _pictured(portrait: Portrait, blocks: Sequence[Words], keyboard: Keyboard) -> Post:
    """Words under the live portrait."""
    pictured = portrait.photo or portrait.drawn
    words = fitted(blocks, CAPTION_LENGTH if pictured else TEXT_LENGTH)
    return Post(
        words.html,
        words.plain,
        keyboard,
        photo=portrait.photo,
        drawn=portrait.drawn,
        awaits=portrait.awaited,
    )


# ---------------------------------------------------------------- one question


def _asked(view: Wizard, look: str) -> int | None:
    """Which question a look means; after an answer the coach objects to the same one, else the next open one."""
    number = number_of(look, look[:1])
    field = _field(view, number)
    if field is None or look.startswith("f"):
        return number if field else None
    if any(tip.field == field.name for tip in view.advice if tip.blocking or tip.proposal):
        return number
    after = enumerate(view.fields[number + 1 :], number + 1)
    return next((at for at, one in after if _open(one)), None)


def _field(view: Wizard, number: int) -> WizardField | None:
    return view.fields[number] if number < len(view.fields) else None


def _question(portrait: Portrait, view: Wizard, at: int, number: int) -> Post:
    """One question with its suggestions."""
    field = view.fields[at]
    alone = len(view.fields) == 1
    shown, number, count = page(field.choices, number, CHOICES)
    tips = [tip for tip in view.advice if tip.field == field.name]
    example = f"For example: {field.example}" if field.example else ""
    blocks = [
        _title(view) if alone else bold(f"{view.index + 1}/{view.total} · {field.label}"),
        joined([said(shorten(field.help, PROPOSAL)), italic(example)]),
        joined([said("So far:"), quote(shorten(_words(field), WHOLE))]) if field.value.strip() else said(""),
        joined([_described(choice) for choice in shown]),
        joined([_tip(tip) for tip in _urgent(tips)]),
    ]
    more = [Key("‹", _show(view), look=f"f{at}p{number - 1}")] if number else []
    more += [Key("More ›", _show(view), look=f"f{at}p{number + 1}")] if number + 1 < count else []
    keys = [
        *((key,) for key in _proposals(view, tips)),
        *rows(_choice(view, field, choice, at, alone=alone) for choice in shown),
        *([tuple(more)] if more else []),
        *_own_words(view, field, at),
        *(_onward(view) if alone else ((Key("‹ All questions", _show(view)),),)),
    ]
    return _pictured(portrait, blocks, tuple(keys))


def _described(choice: Choice) -> Words:
    if not choice.description:
        return said("")
    return joined(
        [bold(choice.label), said(f": {shorten(_first_sentence(choice.description), DESCRIBED)}")], ""
    )


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def _choice(view: Wizard, field: WizardField, choice: Choice, at: int, *, alone: bool) -> Key:
    """A suggestion; choosing it goes on to what is open after it."""
    mark = "✅" if choice.value == field.value else dot(choice.swatch)
    action = "answer" if alone else "save"
    call = _act(view, action, step=view.step, **{field.name: choice.value})
    return Key(label(choice.label, mark), call, look="" if alone else f"g{at}")


def _own_words(view: Wizard, field: WizardField, at: int) -> Keyboard:
    """Answering in one's own words, and taking an answer back that need not be given."""
    keys = []
    if field.kind is not FieldKind.CHOICE:
        keys.append(Key("✏️ Write my own" if field.choices else "✏️ Write", _show(view), look=f"a{at}"))
    if not field.required and field.value.strip():
        keys.append(Key("Leave it empty", _act(view, "save", step=view.step, **{field.name: ""})))
    return (tuple(keys),) if keys else ()


def _asking(view: Wizard, field: WizardField, number: int) -> Post:
    """The question as a message to reply to; the reply is the answer, and it goes on as after a pressed one."""
    how = {
        FieldKind.LINES: "Reply to this message, one a line.",
        FieldKind.NUMBER: "Reply to this message with a number.",
    }.get(field.kind, "Reply to this message.")
    blocks = [
        joined(
            [
                bold(field.label),
                said(shorten(field.help, PROPOSAL)),
                italic(f"For example: {field.example}" if field.example else ""),
            ]
        ),
        joined([said("So far:"), quote(shorten(field.value, WHOLE))]) if field.value.strip() else said(""),
        said(how),
    ]
    words = fitted(blocks, TEXT_LENGTH)
    return Post(
        words.html,
        words.plain,
        force_reply=shorten(field.example or field.label, PLACEHOLDER),
        expects=_act(view, "save", step=view.step),
        option=field.name,
        look=f"g{number}",
    )


# ---------------------------------------------------------------- the last step


async def _takes(sheets: Sheets, portrait: Portrait, view: Wizard, person_id: str) -> Post:
    """The canonical pictures: how far they are, then all of them to choose from, then publishing."""
    busy = any(take.progress is not None and not take.progress.status.final for take in view.takes)
    faced = bool(view.steps) and view.steps[-1][2]
    problems = joined([said("Still missing:"), *(said(f"• {shorten(one, TIP)}") for one in view.problems)])
    blocks = [_title(view), joined([_coming(number, take) for number, take in enumerate(view.takes, 1)])]
    blocks += [problems] if view.problems else []
    if busy:
        return _pictured(portrait, blocks, _onward(view))
    done = [(number, take) for number, take in enumerate(view.takes, 1) if take.media_id]
    blocks.append(said("Which one is it? Choose a number." if done and not faced else ""))
    choose = [
        Key(f"{number}{' ✅' if take.chosen else ''}", _act(view, "choose", take=take.job_id))
        for number, take in done
    ]
    more = Key("📷 Another three" if view.takes else "📷 Make the takes", _act(view, "takes"))
    publish = ((Key("🎉 Publish", _act(view, "publish")),),) if faced else ()
    keys = (*digits(choose), *publish, (more,), *_missing(view), *_onward(view))
    tiles = [Tile(number, take.media_id, take.chosen) for number, take in done]
    drawn = await sheets.of(tiles, person_id)
    return _pictured(Portrait(drawn=drawn) if drawn else portrait, blocks, keys)


def _coming(number: int, take: Take) -> Words:
    if take.media_id:
        return said(f"Take {number}: this is it ✅" if take.chosen else "")
    if take.progress is None:
        return said("")
    if take.progress.status.final:
        return said(f"Take {number}: {shorten(take.progress.sentence or 'did not come out.', TIP)}")
    wait = shorten(wait_words(take.progress), TIP)
    drawn = "" if take.progress.position else f" {bar(take.progress.progress)}"
    return said(f"Take {number}{drawn}: {wait}")


def _missing(view: Wizard) -> Keyboard:
    """The steps that still lack something, once publishing asked for them."""
    if not view.problems:
        return ()
    return rows(
        Key(label(title, "▶️"), _act(view, "goto", step=step))
        for step, title, answered in view.steps
        if not answered and step != view.step
    )


def _steps(view: Wizard) -> Keyboard:
    keys = rows(
        Key(
            label(title, "👉" if step == view.step else "✓" if answered else "·"),
            _act(view, "goto", step=step),
        )
        for step, title, answered in view.steps
    )
    return (*keys, (Key("‹ Here again", _show(view)),))


def _saved(portrait: Portrait, view: Wizard) -> Post:
    words = said("It is saved, with every answer. You find it again under /characters.")
    return _pictured(portrait, [words], ((Key("✏️ Go on", _show(view)),),))


def _discarding(portrait: Portrait, view: Wizard) -> Post:
    words = joined([bold("Throw this draft away?"), said("It cannot be brought back.")])
    keys = (Key("Throw it away", _act(view, "discard")), Key("Keep it", _show(view)))
    return _pictured(portrait, [words], (keys,))


async def _born(pictures: Pictures, view: Wizard, person_id: str) -> Post:
    """The character that came of it."""
    card = view.character
    assert card is not None
    blocks = [
        joined([bold(f"Meet {card.name}"), italic(card.tagline)]),
        said("Saved, with the face you chose."),
    ]
    post = await illustrated(pictures, card.picture_media_id, person_id, blocks)
    keys = (
        (Key(label(f"Talk with {card.name}", "💬"), Call("talk", {"character": card.id})),),
        (Key("See the profile", Call("profile", {"character": card.id})),),
    )
    return Post(post.html, post.plain, keys, photo=post.photo, album=post.album)


def _show(view: Wizard) -> Call:
    return Call("create", {"draft": view.draft_id})


def _act(view: Wizard, action: str, **options: OptionValue) -> Call:
    return Call("create", {"draft": view.draft_id, "action": action, **options})
