"""The pages outside the conversation and the wizard: catalog, character, gallery, memory, help, privacy, login.

app.py routes to them; each asks the door for one command and renders the view that comes back.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.messages import (
    Call,
    Catalog,
    Chat,
    Confirm,
    Document,
    Gallery,
    Help,
    Inbound,
    Memories,
    OptionValue,
    Outbound,
    Profile,
    Started,
    Text,
    Tone,
    Wizard,
)
from bot.surfaces.web.forms import local_path, read_call, read_form
from bot.surfaces.web.login import COOKIE, SESSION_SECONDS
from bot.surfaces.web.site import (
    Refusal,
    RefusedError,
    new_event_id,
    notices,
    page,
    pick,
    site_of,
    wants_json,
    words,
)

# Calls that answer into their conversation, message by message, rather than with a page.
CHAT_CALLS = frozenset({"selfie", "vary", "resume", "cancel"})
UNDER_WAY = "Your picture is under way. It appears in the conversation."
BAD_TOKEN = "That is not the access token. Check for missing characters at either end."  # noqa: S105


async def show_catalog(request: Request) -> Response:
    """All faces."""
    query = request.query_params.get("q", "").strip()
    shown = await site_of(request).ask("characters", {"query": query} if query else {})
    view = pick(shown, Catalog)
    return page(request, "catalog.html", view=view, query=query, notices=notices(shown))


async def show_profile(request: Request) -> Response:
    """A character's own page."""
    shown = await site_of(request).ask("profile", {"character": request.path_params["slug"]})
    return page(
        request, "profile.html", view=pick(shown, Profile), notices=notices(shown), scene="", problem=None
    )


async def ask_for_picture(request: Request) -> Response:
    """The scene box of a character's page: the picture appears in the conversation."""
    site, slug = site_of(request), request.path_params["slug"]
    fields = await read_form(request)
    scene = fields.get("scene", "").strip()
    if not scene:
        shown = await site.ask("profile", {"character": slug})
        problem = Text("Say where the picture should be, for example: at a jazz bar.", Tone.ERROR, "scene")
        view = pick(shown, Profile)
        return page(request, "profile.html", status=422, view=view, scene=scene, problem=problem)
    chat = pick(await site.ask("talk", {"character": slug}), Chat)
    event_id = fields.get("event_id") or new_event_id()
    submit(request, Call("selfie", {"scene": scene}), chat.conversation_id, event_id)
    return RedirectResponse(f"/c/{quote(chat.card.slug)}/chat", 303)


async def show_gallery(request: Request) -> Response:
    """The pictures of one character, or of all."""
    slug = request.path_params.get("slug", "")
    shown = await site_of(request).ask("gallery", {"character": slug} if slug else {})
    return page(request, "gallery.html", view=pick(shown, Gallery), notices=notices(shown))


async def show_memory(request: Request) -> Response:
    """What a character knows, by topic, with its sources."""
    query = request.query_params.get("q", "").strip()
    options: dict[str, OptionValue] = {"character": request.path_params["slug"]}
    shown = await site_of(request).ask("memory", {**options, "query": query} if query else options)
    return page(request, "memory.html", view=pick(shown, Memories), query=query, notices=notices(shown))


async def show_help(request: Request) -> Response:
    """All commands."""
    shown = await site_of(request).ask("help")
    return page(request, "help.html", view=pick(shown, Help), notices=notices(shown))


async def show_privacy(request: Request) -> Response:
    """What is kept, and how to take it along or end it."""
    shown = await site_of(request).ask("privacy")
    return page(request, "privacy.html", texts=[text for text in shown if isinstance(text, Text)])


async def download_export(request: Request) -> Response:
    """Everything about the person as one file."""
    return _download(pick(await site_of(request).ask("export"), Document))


async def list_completions(request: Request) -> Response:
    """What can be typed after a slash, and the names of the characters."""
    site = site_of(request)
    commands = pick(await site.ask("help"), Help).commands
    characters = pick(await site.ask("characters"), Catalog).characters
    return JSONResponse(
        {
            "commands": [
                {"name": one.name, "description": one.description, "usage": one.usage} for one in commands
            ],
            "characters": [{"slug": one.slug, "name": one.name} for one in characters],
        }
    )


async def do_call(request: Request) -> Response:
    """A button: the call in its hidden field, then the page it leads to."""
    fields = await read_form(request)
    call = read_call(fields.get("call", ""))
    if option := fields.get("fills", ""):
        # What was typed beside the button completes its call.
        call = Call(call.name, {**call.options, option: fields.get("value", "")})
    conversation_id, back = fields.get("conversation", ""), local_path(fields.get("next", "/"))
    if call.name in CHAT_CALLS and conversation_id:
        submit(request, call, conversation_id, fields.get("event_id") or new_event_id())
        return JSONResponse({"accepted": True}, 202) if wants_json(request) else RedirectResponse(back, 303)
    site = site_of(request)
    shown = await site.ask(call.name, dict(call.options), origin=site.origin(conversation_id))
    return answer_call(request, shown, conversation_id=conversation_id, back=back)


def submit(request: Request, call: Call, conversation_id: str, event_id: str) -> None:
    """Hand a command to its conversation's lane; what it shows arrives through the event stream."""
    site = site_of(request)
    site.door.submit(Inbound(site.origin(conversation_id, reply=event_id), event_id, call=call))


def answer_call(
    request: Request, shown: tuple[Outbound, ...], *, conversation_id: str = "", back: str = "/"
) -> Response:
    """The answer to a click: a question, a file, a sentence, or the page that shows the result."""
    for view in shown:
        if isinstance(view, Document):
            return _download(view)
        if isinstance(view, Confirm):
            return _question(request, view, conversation_id, back)
    said = notices(shown)
    failed = next((text for text in said if text.tone is Tone.ERROR), None)
    goal = next((path for view in shown if (path := path_of(view))), "")
    said_words = words(shown) or (UNDER_WAY if any(isinstance(view, Started) for view in shown) else "")
    if wants_json(request):
        tone, field = (failed.tone, failed.field) if failed else (Tone.INFO, "")
        data = {"text": said_words, "tone": tone, "field": field, "go": goal or back}
        return JSONResponse(data, 422 if failed else 200)
    if failed:
        raise RefusedError(Refusal(422, "That did not work", words(shown)))
    if said and not goal:
        return page(request, "said.html", texts=said, back=back)
    return RedirectResponse(goal or back, 303)


def path_of(view: Outbound) -> str:
    """The address of the page that shows a view, "" for what has none of its own."""
    match view:
        case Catalog():
            return "/"
        case Profile():
            return f"/c/{quote(view.card.slug)}"
        case Chat():
            return f"/c/{quote(view.card.slug)}/chat"
        case Gallery():
            return f"/c/{quote(view.card.slug)}/gallery" if view.card else "/gallery"
        case Memories():
            search = "?" + urlencode({"q": view.query}) if view.query else ""
            return f"/c/{quote(view.card.slug)}/memory{search}"
        case Wizard():
            return f"/create/{quote(view.draft_id)}"
        case Help():
            return "/help"
        case _:
            return ""


def _question(request: Request, view: Confirm, conversation_id: str, back: str) -> Response:
    site = site_of(request)
    if wants_json(request):
        return JSONResponse({"confirm": site.surface.renderer.confirm(view, conversation_id=conversation_id)})
    return page(request, "confirm.html", confirm=view, conversation_id=conversation_id, back=back)


def _download(document: Document) -> Response:
    name = quote(document.filename)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(document.content, media_type=document.mime, headers=headers)


async def show_login(request: Request) -> Response:
    """The form for the access token."""
    if not site_of(request).login.needed:
        return RedirectResponse("/", 303)
    return page(request, "login.html", problem="", bare=True)


async def log_in(request: Request) -> Response:
    """Check the access token and remember the browser."""
    site, fields = site_of(request), await read_form(request)
    address = request.client.host if request.client else ""
    if wait := site.login.seconds_to_wait(address):
        sentence = f"Too many wrong tokens. Please wait {-(-wait // 60)} minutes and try again."
        return page(request, "login.html", status=429, problem=sentence, bare=True)
    cookie = site.login.enter(fields.get("token", ""), address)
    if not cookie:
        return page(request, "login.html", status=403, problem=BAD_TOKEN, bare=True)
    answer = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, SESSION_SECONDS, httponly=True, samesite="strict", secure=secure)
    return answer


async def log_out(request: Request) -> Response:
    """Forget the browser."""
    await read_form(request)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


async def say_healthy(request: Request) -> Response:
    """For monitors and start scripts."""
    return PlainTextResponse("ok")
