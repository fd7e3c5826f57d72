"""The conversation: its page, what is said into it, and the stream of what comes back.

Words and pictures go to the door's lane (`submit`) and return through surface.py; commands that show a page are asked.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from bot.messages import Chat, Inbound, Text
from bot.surfaces.web.forms import local_path, read_command, read_form
from bot.surfaces.web.pages import CHAT_CALLS, answer_call
from bot.surfaces.web.site import (
    Refusal,
    RefusedError,
    Site,
    new_event_id,
    notices,
    page,
    pick,
    site_of,
    wants_json,
)
from bot.surfaces.web.surface import channel_of

# Characters of one message: a chat line, not a document. The door may allow fewer.
MESSAGE_LENGTH = 8000
# Characters of the id that a browser makes for its message.
EVENT_ID_LENGTH = 64
NOTHING_SAID = Refusal(422, "There is nothing to send", "Write a few words first.")
# Commands whose page has its own address, and which must not start anything by being typed halfway.
PAGES = {"create": "/create", "privacy": "/privacy", "help": "/help", "export": "/privacy#export"}


async def show_chat(request: Request) -> Response:
    """The page of a conversation."""
    view, cursor, shown = await _open(request)
    return page(
        request,
        "chat.html",
        view=view,
        conversation_id=view.conversation_id,
        notices=shown,
        cursor=cursor,
        resume=_resume_id(request, view),
        event_id=new_event_id(),
    )


async def show_messages(request: Request) -> Response:
    """The conversation once more, for a page that missed something."""
    view, cursor, _ = await _open(request)
    renderer = site_of(request).surface.renderer
    html = renderer.page("_messages.html", view=view, conversation_id=view.conversation_id)
    return JSONResponse({"html": html, "cursor": cursor, "resume": _resume_id(request, view)})


async def say(request: Request) -> Response:
    """Words or a typed command. Words are confirmed by `Started` on the stream, once they are stored."""
    site, conversation_id = site_of(request), request.path_params["conversation_id"]
    fields = await read_form(request)
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    event_id = fields.get("event_id", "")[:EVENT_ID_LENGTH] or new_event_id()
    if not text:
        raise RefusedError(NOTHING_SAID)
    if len(text) > MESSAGE_LENGTH:
        sentence = f"A message may have {MESSAGE_LENGTH} characters; this one has {len(text)}. Please send it in parts."
        raise RefusedError(Refusal(413, "That is too long", sentence))
    back = local_path(fields.get("next", "/"))
    inbound = Inbound(site.origin(conversation_id, reply=event_id), event_id, text=text)
    command = read_command(text)
    if goal := PAGES.get(command):
        return JSONResponse({"go": goal}) if wants_json(request) else RedirectResponse(goal, 303)
    if command and command not in CHAT_CALLS:
        return answer_call(request, await site.door.ask(inbound), conversation_id=conversation_id, back=back)
    site.door.submit(inbound)
    return JSONResponse({"accepted": True}, 202) if wants_json(request) else RedirectResponse(back, 303)


async def stream_events(request: Request) -> Response:
    """Everything that happens in a conversation, as it happens."""
    site = site_of(request)
    return event_stream(request, _channel(site, request.path_params["conversation_id"]))


def event_stream(request: Request, channel: str) -> Response:
    """A hub's channel as a response that starts after the browser's last event."""
    after = request.headers.get("last-event-id") or request.query_params.get("after", "")
    stream = site_of(request).surface.hub.stream(channel, after)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


async def _open(request: Request) -> tuple[Chat, str, tuple[Text, ...]]:
    site = site_of(request)
    mark = site.surface.hub.mark  # before asking: what happens meanwhile is replayed rather than lost
    shown = await site.ask("talk", {"character": request.path_params["slug"]})
    view = pick(shown, Chat)
    return view, site.surface.hub.cursor(_channel(site, view.conversation_id), mark), notices(shown)


def _resume_id(request: Request, view: Chat) -> str:
    """The event id of answering what a crash left unanswered: one per run of the server, however many pages ask."""
    hub = site_of(request).surface.hub
    if not view.unanswered or hub.streaming(_channel(site_of(request), view.conversation_id)):
        return ""
    return f"resume-{view.unanswered}-{hub.epoch}"


def _channel(site: Site, conversation_id: str) -> str:
    return channel_of(site.origin(conversation_id))
