"""The wizard's pages: every answer is saved at once, by the script while typing, or by plain form posts without it.

A form's button says what happens: "answer", "goto:hair", "accept:eyes", "takes", "choose:JOB", "publish", "discard".
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.messages import Advice, Catalog, OptionValue, Origin, Outbound, Profile, Tone, Wizard
from bot.surfaces.web.chat import event_stream
from bot.surfaces.web.forms import read_answers, read_form
from bot.surfaces.web.pages import answer_call, path_of
from bot.surfaces.web.site import Site, notices, page, pick, site_of
from bot.surfaces.web.surface import channel_of

Answers = Mapping[str, OptionValue]

# Faces beside the first page; two rows of two.
FACES = 4
# Options of the actions that name something besides the step.
ARGUMENTS = {"accept": "field", "choose": "take", "goto": "step"}


async def show_start(request: Request) -> Response:
    """Before a new character: what comes, and what was left unfinished. Opening it creates nothing."""
    shown = await site_of(request).ask("characters")
    catalog = pick(shown, Catalog)
    pictures = [card.picture_media_id for card in catalog.characters if card.picture_media_id]
    faces = [f"/media/{quote(media_id)}" for media_id in pictures[:FACES]]
    return page(request, "create.html", drafts=catalog.drafts, faces=faces, notices=notices(shown))


async def show_welcome(request: Request) -> Response:
    """A character that has just been published."""
    shown = await site_of(request).ask("profile", {"character": request.path_params["slug"]})
    return page(request, "born.html", card=pick(shown, Profile).card)


async def start(request: Request) -> Response:
    """A new draft."""
    await read_form(request)
    return RedirectResponse(path_of(pick(await site_of(request).ask("create"), Wizard, status=422)), 303)


async def edit(request: Request) -> Response:
    """A draft of an existing character."""
    await read_form(request)
    shown = await site_of(request).ask("edit", {"character": request.path_params["slug"]})
    return RedirectResponse(path_of(pick(shown, Wizard, status=422)), 303)


async def show_step(request: Request) -> Response:
    """The step at which a draft is."""
    shown = await site_of(request).ask("create", {"draft": request.path_params["draft_id"]})
    return _page(request, shown)


async def show_takes(request: Request) -> Response:
    """The takes alone, for the script that watches them being made."""
    site = site_of(request)
    view = pick(await site.ask("create", {"draft": request.path_params["draft_id"]}), Wizard)
    waiting = any(take.progress is not None and not take.progress.status.final for take in view.takes)
    html = site.surface.renderer.page("_takes_alone.html", view=view)
    return JSONResponse({"html": html, "waiting": waiting, "portrait": _portrait(view)})


async def stream_events(request: Request) -> Response:
    """What happens to a draft's takes."""
    return event_stream(request, channel_of(_origin(site_of(request), request.path_params["draft_id"])))


async def post_step(request: Request) -> Response:
    """A button of the wizard. What was typed beside it is saved first, whatever the button does."""
    site, draft_id = site_of(request), request.path_params["draft_id"]
    fields = await read_form(request)
    action, _, argument = fields.get("do", "answer").partition(":")
    step, answers = fields.get("step", ""), read_answers(fields)
    if action != "answer" and answers:
        await _save(site, draft_id, step, answers)
    options: dict[str, OptionValue] = {"draft": draft_id, "action": action, "step": step}
    if action in ARGUMENTS:
        options[ARGUMENTS[action]] = argument
    shown = await _create(site, draft_id, {**options, **(answers if action == "answer" else {})})
    return _after(request, shown, step, publishing=action == "publish")


async def save_answers(request: Request) -> Response:
    """Answers as they are typed: stored at once, and answered with the coach's words and the portrait's new address."""
    site, draft_id = site_of(request), request.path_params["draft_id"]
    fields = await read_form(request)
    step, answers = fields.get("step", ""), read_answers(fields)
    shown = await _save(site, draft_id, step, answers)
    failed = next((text for text in notices(shown) if text.tone is Tone.ERROR), None)
    if failed:
        return JSONResponse({"text": failed.text, "tone": failed.tone, "field": failed.field}, 422)
    view = pick(shown, Wizard)
    renderer = site.surface.renderer
    advice = {name: renderer.page("_advice_alone.html", tips=_tips(view, name)) for name in answers}
    return JSONResponse({"advice": advice, "portrait": _portrait(view)})


async def _save(site: Site, draft_id: str, step: str, answers: Answers) -> tuple[Outbound, ...]:
    return await _create(site, draft_id, {"draft": draft_id, "action": "save", "step": step, **answers})


async def _create(site: Site, draft_id: str, options: dict[str, OptionValue]) -> tuple[Outbound, ...]:
    return await site.ask("create", options, origin=_origin(site, draft_id))


def _after(request: Request, shown: tuple[Outbound, ...], step: str, *, publishing: bool) -> Response:
    """The next page by its address; a step that is not left yet is shown with what the coach objects to."""
    view = next((one for one in shown if isinstance(one, Wizard)), None)
    failed = any(text.tone is Tone.ERROR for text in notices(shown))
    if view is None:
        draft = f"/create/{quote(request.path_params['draft_id'])}"
        return answer_call(request, shown, back=draft if failed else "/")
    if view.character:
        return RedirectResponse(f"/c/{quote(view.character.slug)}/welcome", 303)
    held_up = failed or (publishing and view.problems) or _blocked(view)
    if held_up or (view.step == step and view.advice):
        return _page(request, shown, status=422 if held_up else 200)
    return RedirectResponse(path_of(view), 303)


def _page(request: Request, shown: tuple[Outbound, ...], *, status: int = 200) -> Response:
    view = pick(shown, Wizard)
    names = {field.name for field in view.fields}
    texts = notices(shown)
    return page(
        request,
        "wizard.html",
        status=status,
        view=view,
        portrait=_portrait(view),
        tips={name: _tips(view, name) for name in names},
        other_tips=[one for one in view.advice if one.field not in names],
        faults={text.field: text for text in texts if text.field in names},
        notices=[text for text in texts if text.field not in names],
        waiting=any(take.progress is not None and not take.progress.status.final for take in view.takes),
    )


def _tips(view: Wizard, name: str) -> tuple[Advice, ...]:
    return tuple(one for one in view.advice if one.field == name)


def _blocked(view: Wizard) -> bool:
    return any(one.blocking for one in view.advice)


def _portrait(view: Wizard) -> str:
    return f"/portrait/{quote(view.draft_id)}?v={quote(view.portrait)}" if view.portrait else ""


def _origin(site: Site, draft_id: str) -> Origin:
    return site.origin(channel=f"draft:{draft_id}")
