"""What every page has at hand: the door, the pictures, who is asking, and how an answer is written.

pages.py, chat.py, wizard.py and media.py are built on it; guard.py refuses with it.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.messages import Call, Door, Inbound, OptionValue, Origin, Outbound, Pictures, Text, Tone
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.login import Login
from bot.surfaces.web.surface import WebSurface

View = TypeVar("View")

# Keeps a file that comes in pieces for `/import`, and returns its name. Raises InputError for one that is too large.
Keep = Callable[[AsyncIterable[bytes]], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that says what went wrong and what to do."""

    status: int
    title: str
    sentence: str


class RefusedError(Exception):
    """Raised inside a page to answer with a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.sentence)


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of the page, wired by app.py."""

    door: Door
    pictures: Pictures
    surface: WebSurface
    config: WebConfig
    person: Callable[[], str]  # the owner's id
    login: Login
    keep: Keep | None = None  # None where nothing can be imported

    def origin(self, conversation_id: str = "", *, channel: str = "", reply: str = "") -> Origin:
        """Where something on the page comes from."""
        person_id = self.person()
        return Origin(
            self.surface.name, person_id, conversation_id=conversation_id, channel=channel, reply=reply
        )

    async def ask(
        self,
        name: str,
        options: dict[str, OptionValue] | None = None,
        *,
        origin: Origin | None = None,
        event_id: str = "",
    ) -> tuple[Outbound, ...]:
        """Call a command and wait for what it shows."""
        call = Call(name, options or {})
        return await self.door.ask(Inbound(origin or self.origin(), event_id or new_event_id(), call=call))


def new_event_id() -> str:
    """An id for an event that the browser gave none."""
    return uuid.uuid4().hex


def site_of(request: Request) -> Site:
    """The site that a request belongs to."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def wants_json(request: Request) -> bool:
    """Whether our own script asks, rather than a browser that shows the answer."""
    return "application/json" in request.headers.get("accept", "")


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page as the answer."""
    site = site_of(request)
    shared: dict[str, object] = {
        "csrf": request.scope["state"]["csrf"],
        "path": request.url.path,
        "may_log_out": site.login.needed,
        "notices": (),
    }
    return HTMLResponse(site.surface.renderer.page(template, **{**shared, **values}), status)


def refuse(site: Site, request: Request, refusal: Refusal, *, bare: bool = False) -> Response:
    """The answer for something that cannot be done. `bare` leaves the links of the page out."""
    if wants_json(request):
        return JSONResponse({"text": refusal.sentence, "tone": Tone.ERROR, "field": ""}, refusal.status)
    html = site.surface.renderer.page(
        "error.html",
        refusal=refusal,
        bare=bare,
        csrf=request.scope["state"]["csrf"],
        path=request.url.path,
        may_log_out=False,
        notices=(),
    )
    return HTMLResponse(html, refusal.status)


def pick(outbounds: Sequence[Outbound], kind: type[View], *, status: int = 404) -> View:
    """The view that a page is about. Where it is missing, the system's words say why."""
    for outbound in outbounds:
        if isinstance(outbound, kind):
            return outbound
    raise RefusedError(
        Refusal(status, "That did not work", words(outbounds) or "Nothing came back. Please try again.")
    )


def notices(outbounds: Sequence[Outbound]) -> tuple[Text, ...]:
    """The system's own words among what came back."""
    return tuple(outbound for outbound in outbounds if isinstance(outbound, Text))


def words(outbounds: Sequence[Outbound]) -> str:
    """The system's own words as one text."""
    return " ".join(text.text for text in notices(outbounds))
